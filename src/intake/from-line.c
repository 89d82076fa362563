/* SPDX-License-Identifier: BSD-2-Clause */
#include "intake/from-line.h"

#include <string.h>

#include "base/span.h"

/* Each of the next takes one token off @rest and the blanks behind it; FALSE if another stands
 * there. */

static gboolean
take_end_of_word(RetourSpan *rest, gsize length)
{
	if (length < rest->length && !retour_is_blank(rest->data[length]))
		return FALSE;
	*rest = retour_span_from(*rest, length);
	while (rest->length > 0 && retour_is_blank(rest->data[0]))
		*rest = retour_span_from(*rest, 1);
	return TRUE;
}

static gboolean
take_name(RetourSpan *rest, const char *names)
{
	RetourSpan word = retour_span_sub(*rest, 0, 3);
	if (word.length < 3)
		return FALSE;
	for (const char *name = names; *name; name += 3) {
		if (memcmp(word.data, name, 3) == 0)
			return take_end_of_word(rest, 3);
	}
	return FALSE;
}

static gsize
count_digits(RetourSpan text)
{
	gsize n = 0;
	while (n < text.length && g_ascii_isdigit(text.data[n]))
		n++;
	return n;
}

static gboolean
take_number(RetourSpan *rest, gsize fewest, gsize most)
{
	gsize digits = count_digits(*rest);
	return digits >= fewest && digits <= most && take_end_of_word(rest, digits);
}

static gboolean
take_clock(RetourSpan *rest)
{
	gsize at = 0;
	for (guint field = 0; field < 3; field++) {
		gsize digits = count_digits(retour_span_from(*rest, at));
		if (digits == 0 || digits > 2)
			return FALSE;
		at += digits;
		if (field == 2 || at == rest->length || rest->data[at] != ':')
			return field > 0 && take_end_of_word(rest, at);
		at++;
	}
	return FALSE;
}

/* "UTC", "CEST", "+0200", "-0700" */
static void
skip_zone(RetourSpan *rest)
{
	gsize length = 0;
	if (rest->length > 0 && (rest->data[0] == '+' || rest->data[0] == '-'))
		length = 1 + count_digits(retour_span_from(*rest, 1));
	while (length < rest->length && g_ascii_isupper(rest->data[length]))
		length++;
	if (length > 0)
		take_end_of_word(rest, length);
}

static gboolean
is_date(RetourSpan rest)
{
	if (!take_name(&rest, "MonTueWedThuFriSatSun") ||
	    !take_name(&rest, "JanFebMarAprMayJunJulAugSepOctNovDec") ||
	    !take_number(&rest, 1, 2) || !take_clock(&rest))
		return FALSE;
	skip_zone(&rest);
	return take_number(&rest, 4, 4);
}

gsize
retour_from_line_match(const char *text, gsize length)
{
	RetourSpan line = retour_span(text, MIN(length, RETOUR_FROM_LINE_MAX));
	if (line.length < 5 || memcmp(line.data, "From ", 5) != 0)
		return 0;
	gsize end = 5;
	while (end < line.length && line.data[end] != '\n' && line.data[end] != '\r')
		end++;
	if (end == RETOUR_FROM_LINE_MAX)
		return 0;
	line.length = end;
	/* A quoted sender may hold spaces: the date may begin at any word but the first. */
	for (gsize at = 6; at < end; at++) {
		if (retour_is_blank(line.data[at - 1]) && is_date(retour_span_from(line, at)))
			return end;
	}
	return 0;
}
