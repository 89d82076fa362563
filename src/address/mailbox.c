/* SPDX-License-Identifier: BSD-2-Clause */
#include "address/mailbox.h"

#include "address/address.h"
#include "base/limits.h"

gsize
retour_character(RetourSpan text, gunichar *character)
{
	if (text.length == 0)
		return 0;
	gsize room = MIN(text.length, 4);
	gunichar c = g_utf8_get_char_validated(text.data, (gssize)room);
	if (c >= (gunichar)-2)
		return 0;
	*character = c;
	return (gsize)g_unichar_to_utf8(c, NULL);
}

gboolean
retour_is_cjk(gunichar c)
{
	return (c >= 0x2E80 && c < 0xA000) || (c >= 0xAC00 && c < 0xD7B0) ||
	       (c >= 0xF900 && c < 0xFB00) || (c >= 0xFF00 && c < 0xFFF0) ||
	       (c >= 0x20000 && c < 0x40000);
}

/* A character above ASCII that can be part of a mailbox: letters, digits, marks, the joiners of
 * Indic scripts (RFC 5892 A.1), pictographs, and U+FFFD where a byte of it was broken. Punctuation
 * and blanks of any script stand around it. */
static gboolean
is_wide_letter(gunichar c)
{
	return g_unichar_isalnum(c) || g_unichar_ismark(c) || c == 0x200C || c == 0x200D ||
	       c == 0xFFFD || c >= 0x1F000;
}

static gsize
wide_length(RetourSpan text, gunichar *character)
{
	gsize size = retour_character(text, character);
	return size > 1 && is_wide_letter(*character) ? size : 0;
}

gsize
retour_local_character(RetourSpan text)
{
	gunichar wide;
	if (text.length == 0)
		return 0;
	char c = text.data[0];
	if (g_ascii_isalnum(c) || (c != '\0' && strchr(".!#$%&'*+-/=?^_`{|}~", c)))
		return 1;
	return (guchar)c < 0x80 ? 0 : wide_length(text, &wide);
}

/* RFC 5321 4.1.2 Quoted-string; any characters but line ends are taken. */
static gsize
quoted_match(RetourSpan text)
{
	if (text.length < 2 || text.data[0] != '"')
		return 0;
	for (gsize at = 1; at < text.length && at < RETOUR_LIMIT_ADDRESS; at++) {
		char c = text.data[at];
		if (c == '"')
			return at + 1;
		if (c == '\n' || c == '\r')
			return 0;
		at += c == '\\';
	}
	return 0;
}

gsize
retour_local_match(RetourSpan text)
{
	gsize at = quoted_match(text), step;
	if (at > 0)
		return at;
	while (at < RETOUR_LIMIT_ADDRESS &&
	       (step = retour_local_character(retour_span_from(text, at))))
		at += step;
	return at;
}

/* "[192.0.2.1]", "[IPv6:2001:db8::1]", "[tag:content]" (RFC 5321 4.1.3). */
static gsize
literal_match(RetourSpan text)
{
	gsize at = 1;
	while (at < text.length && at < 256 &&
	       (g_ascii_isalnum(text.data[at]) || strchr(".:-", text.data[at])) &&
	       text.data[at] != '\0')
		at++;
	return at > 1 && at < text.length && text.data[at] == ']' ? at + 1 : 0;
}

/* One label at @from. @cut is where a CJK letter follows an ASCII one in it. */
static gsize
label_end(RetourSpan text, gsize from, gsize *cut)
{
	gsize at = from, step;
	gboolean ascii = FALSE;
	while (at < text.length && at < RETOUR_LIMIT_ADDRESS) {
		gunichar wide = 0;
		char c = text.data[at];
		if (g_ascii_isalnum(c) || c == '-' || c == '_')
			step = 1;
		else if ((guchar)c < 0x80 ||
		         (step = wide_length(retour_span_from(text, at), &wide)) == 0)
			break;
		if (ascii && *cut == 0 && retour_is_cjk(wide))
			*cut = at;
		ascii = ascii || wide == 0;
		at += step;
	}
	return at;
}

static gsize
without_hyphens(RetourSpan text, gsize length, gsize least)
{
	while (length > least && strchr("-_", text.data[length - 1]))
		length--;
	return length;
}

gsize
retour_domain_match(RetourSpan text)
{
	if (text.length > 0 && text.data[0] == '[')
		return literal_match(text);
	gsize end = 0, cut = 0;
	for (gsize from = 0;;) {
		gsize at = without_hyphens(text, label_end(text, from, &cut), from);
		if (at == from || text.data[from] == '-')
			break;
		end = at;
		if (at >= text.length || text.data[at] != '.')
			break;
		from = at + 1;
	}
	/* "user@example.comhas no mailbox" in Chinese and Japanese, which go on without a blank.
	 * Within "<>" a label may mix the scripts. */
	if (cut > 0 && cut < end && !(end < text.length && text.data[end] == '>')) {
		end = cut;
		while (end > 0 && strchr("-_.", text.data[end - 1]))
			end--;
	}
	return end;
}

gsize
retour_address_match(RetourSpan text)
{
	gsize local = text.length > 0 ? retour_local_match(text) : 0;
	if (local == 0 || local >= text.length || text.data[local] != '@')
		return 0;
	gsize domain = retour_domain_match(retour_span_from(text, local + 1));
	gsize length = local + 1 + domain;
	return domain > 0 && length <= RETOUR_LIMIT_ADDRESS ? length : 0;
}
