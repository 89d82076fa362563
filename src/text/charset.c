/* SPDX-License-Identifier: BSD-2-Clause */
#include "text/charset.h"

#include "text/convert.h"
#include "text/guess.h"
#include "text/iso-2022.h"
#include "text/utf-7.h"
#include "text/utf8.h"

/* How the bytes above 127 read as UTF-8. */
typedef struct {
	gsize bytes;      /* all of them */
	gsize characters; /* whole ones */
	gsize bad;        /* bytes that are none */
	gboolean valid;   /* no bad bytes but those of a character that the end cuts off */
} Utf8;

/* TRUE if @bytes are the beginning of a character whose rest is missing. */
static gboolean
is_cut_character(const char *bytes, gsize length)
{
	guchar lead = (guchar)bytes[0];
	gsize need = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
	if (lead < 0xC2 || lead > 0xF4 || length >= need)
		return FALSE;
	for (gsize i = 1; i < length; i++)
		if (((guchar)bytes[i] & 0xC0) != 0x80)
			return FALSE;
	return TRUE;
}

static Utf8
read_utf8(const char *bytes, gsize length)
{
	Utf8 utf8 = { .valid = TRUE };
	for (gsize at = 0; at < length;) {
		if ((guchar)bytes[at] < 0x80) {
			at += MAX(retour_ascii_length(bytes + at, length - at), 1);
			continue;
		}
		gsize size = retour_utf8_length(bytes + at, length - at);
		if (size > 0) {
			utf8.characters++;
		} else if (is_cut_character(bytes + at, length - at)) {
			size = length - at;
		} else {
			utf8.bad++;
			utf8.valid = FALSE;
			size = 1;
		}
		at += size;
		utf8.bytes += size;
	}
	utf8.valid = utf8.valid && utf8.characters > 0;
	return utf8;
}

/* A label that fails at half of the bytes it ought to explain is a lie: FALSE and @out as it was.
 */
static gboolean
convert_believably(const RetourCharset *charset, const char *bytes, gsize length, gsize high,
                   GString *out)
{
	gsize start = out->len;
	if (retour_convert(charset, bytes, length, out) * 2 <= high)
		return TRUE;
	g_string_truncate(out, start);
	return FALSE;
}

/* UTF-16 and UTF-32 would make Chinese of any text: they need a mark or the NULs that blanks and
 * line ends bring. */
static gboolean
looks_wide(const char *bytes, gsize length)
{
	return memchr(bytes, '\0', length) || (length >= 2 && (memcmp(bytes, "\xFE\xFF", 2) == 0 ||
	                                                       memcmp(bytes, "\xFF\xFE", 2) == 0));
}

/* Bytes above 127, none of them explained by an escape sequence. */
static const char *
decode_8_bit(const char *bytes, gsize length, const RetourCharset *charset, GString *out)
{
	RetourCharsetKind kind = charset ? charset->kind : RETOUR_CHARSET_ASCII;
	if (kind == RETOUR_CHARSET_MULTI && retour_convert_whole(charset, bytes, length, out))
		return charset->name;
	/* Before a single-byte label: by chance no text in one of these is UTF-8 from end to end,
	 * but much UTF-8 is labelled ISO-8859-1. */
	Utf8 utf8 = read_utf8(bytes, length);
	if (utf8.valid) {
		retour_text_repair(bytes, length, out);
		return "utf-8";
	}
	if (kind == RETOUR_CHARSET_SINGLE &&
	    convert_believably(charset, bytes, length, utf8.bytes, out))
		return charset->name;
	/* One bad byte in a long text does not unmake it. */
	if (utf8.characters > utf8.bad) {
		retour_text_repair(bytes, length, out);
		return "utf-8";
	}
	gboolean japanese =
	        kind == RETOUR_CHARSET_ISO_2022 && g_str_has_suffix(charset->name, "jp");
	const RetourCharset *guess =
	        retour_charset_lookup(retour_charset_guess(bytes, length, japanese));
	if (guess && convert_believably(guess, bytes, length, utf8.bytes, out))
		return guess->name;
	if (kind == RETOUR_CHARSET_MULTI &&
	    convert_believably(charset, bytes, length, utf8.bytes, out))
		return charset->name;
	const RetourCharset *last = retour_charset_lookup("windows-1252");
	retour_convert(last, bytes, length, out);
	return last->name;
}

const char *
retour_text_decode(const char *bytes, gsize length, const char *label, GString *out)
{
	if (length == 0)
		return "us-ascii";
	const RetourCharset *charset = retour_charset_lookup(label);
	if (charset && charset->kind == RETOUR_CHARSET_WIDE && looks_wide(bytes, length)) {
		retour_convert(charset, bytes, length, out);
		return charset->name;
	}
	const char *family = retour_iso_2022_detect(bytes, length);
	if (family) {
		retour_iso_2022_decode(bytes, length, out);
		return family;
	}
	gboolean seven_bit = TRUE;
	for (gsize at = 0; at < length && seven_bit; at++) {
		at += retour_ascii_length(bytes + at, length - at);
		seven_bit = at >= length || bytes[at] == '\0';
	}
	if (!seven_bit)
		return decode_8_bit(bytes, length, charset, out);
	if (charset && charset->kind == RETOUR_CHARSET_UTF_7) {
		retour_utf_7_decode(bytes, length, out);
		return charset->name;
	}
	retour_text_repair(bytes, length, out);
	return "us-ascii";
}
