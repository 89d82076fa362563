/* SPDX-License-Identifier: BSD-2-Clause */
#include "text/convert.h"

#include <errno.h>

#include "text/charset.h"
#include "text/utf8.h"

#define NO_CONVERTER ((GIConv)-1)

/* One converter for each charset, opened at its first use; a converter holds state, so each thread
 * has its own. */
static void
converters_free(gpointer data)
{
	GIConv *converters = data;
	for (guint i = 0; i < retour_n_charsets; i++)
		if (converters[i] && converters[i] != NO_CONVERTER)
			g_iconv_close(converters[i]);
	g_free(converters);
}

static GPrivate private_converters = G_PRIVATE_INIT(converters_free);

static GIConv
converter_get(const RetourCharset *charset)
{
	GIConv *converters = g_private_get(&private_converters);
	if (!converters) {
		converters = g_new0(GIConv, retour_n_charsets);
		g_private_set(&private_converters, converters);
	}
	GIConv *slot = &converters[charset - retour_charsets];
	if (!*slot) {
		*slot = g_iconv_open("UTF-8",
		                     charset->converter ? charset->converter : charset->name);
		if (*slot == NO_CONVERTER && charset->converter)
			*slot = g_iconv_open("UTF-8", charset->name);
	} else if (*slot != NO_CONVERTER) {
		g_iconv(*slot, NULL, NULL, NULL, NULL);
	}
	return *slot;
}

/* windows-1252, 0x80 to 0x9F; 0 where it has no character. Own code: it is the last resort and must
 * not depend on what the system's iconv can load. */
static const guint16 western[32] = {
	0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
	0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
	0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

gunichar
retour_windows_1252(guchar byte)
{
	return byte >= 0x80 && byte < 0xA0 ? western[byte - 0x80] : byte;
}

static gsize
convert_western(const char *bytes, gsize length, GString *out)
{
	gsize bad = 0;
	for (gsize at = 0; at < length; at++) {
		gsize plain = retour_ascii_length(bytes + at, length - at);
		g_string_append_len(out, bytes + at, (gssize)plain);
		at += plain;
		if (at == length)
			break;
		gunichar c = retour_windows_1252((guchar)bytes[at]);
		bad += c == 0 && bytes[at] != '\0';
		g_string_append_unichar(out, c ? c : bytes[at] ? 0xFFFD : ' ');
	}
	return bad;
}

/* NULs that the converter let through, from @start on. */
static void
blank_nuls(GString *out, gsize start)
{
	char *nul = out->str + start;
	while ((nul = memchr(nul, '\0', out->len - (gsize)(nul - out->str))))
		*nul++ = ' ';
}

/* One step of iconv; what it gives is appended to @out. FALSE when it stands before a byte it does
 * not take. */
static gboolean
convert_step(GIConv converter, char **in, gsize *left, GString *out)
{
	char buffer[4096];
	for (;;) {
		char *to = buffer;
		gsize room = sizeof(buffer);
		gsize status = g_iconv(converter, in, left, &to, &room);
		int error = errno;
		g_string_append_len(out, buffer, to - buffer);
		if (status != (gsize)-1)
			return TRUE;
		if (error != E2BIG)
			return FALSE;
	}
}

static gsize
convert_tolerant(GIConv converter, const char *bytes, gsize length, gboolean whole, GString *out)
{
	char *in = (char *)bytes; /* iconv takes it without const, but only reads */
	gsize left = length, bad = 0;
	const char *resume = NULL; /* where the last refused run ends */
	while (!convert_step(converter, &in, &left, out)) {
		bad++;
		if (whole || left == 0)
			break;
		if (in != resume)
			g_string_append(out, RETOUR_REPLACEMENT);
		in++;
		left--;
		resume = in;
	}
	/* Some hold back a letter that an accent might follow. */
	char *none = NULL;
	gsize nothing = 0;
	convert_step(converter, &none, &nothing, out);
	return bad;
}

static gsize
convert(const RetourCharset *charset, const char *bytes, gsize length, gboolean whole, GString *out)
{
	/* By name: iso-8859-1 is another name of this row, no row of its own. */
	if (strcmp(charset->name, "windows-1252") == 0)
		return convert_western(bytes, length, out);
	GIConv converter = converter_get(charset);
	if (converter == NO_CONVERTER) {
		retour_text_repair(bytes, length, out);
		return length;
	}
	gsize start = out->len;
	gsize bad = convert_tolerant(converter, bytes, length, whole, out);
	blank_nuls(out, start);
	return bad;
}

gsize
retour_convert(const RetourCharset *charset, const char *bytes, gsize length, GString *out)
{
	return convert(charset, bytes, length, FALSE, out);
}

gboolean
retour_convert_whole(const RetourCharset *charset, const char *bytes, gsize length, GString *out)
{
	gsize start = out->len;
	if (convert(charset, bytes, length, TRUE, out) == 0)
		return TRUE;
	g_string_truncate(out, start);
	return FALSE;
}
