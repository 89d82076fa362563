/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/span.h"

RetourSpan
retour_span_trim(RetourSpan span)
{
	while (span.length > 0 && retour_is_space(span.data[0])) {
		span.data++;
		span.length--;
	}
	while (span.length > 0 && retour_is_space(span.data[span.length - 1]))
		span.length--;
	return span;
}

guint32
retour_firsts(const char *const *words, guint n)
{
	/* The lower five bits of a letter are the same whatever its case. */
	guint32 firsts = 0;
	for (guint i = 0; i < n; i++)
		firsts |= 1u << (words[i][0] & 31);
	return firsts;
}

gboolean
retour_span_has_suffix(RetourSpan span, const char *suffix)
{
	gsize length = strlen(suffix);
	return span.length >= length &&
	       g_ascii_strncasecmp(span.data + span.length - length, suffix, length) == 0;
}

static const char *
next_byte(const char *at, const char *end, char c)
{
	return at < end ? memchr(at, c, (gsize)(end - at)) : NULL;
}

/* The places where the needle's first letter stands, in either case, are found by memchr(), which
 * is the fastest way through text that mostly does not match. */
gssize
retour_span_find(RetourSpan span, gsize from, const char *needle)
{
	gsize length = strlen(needle);
	if (length == 0 || span.length < length || from > span.length - length)
		return -1;
	const char *end = span.data + span.length - length + 1;
	char lower = g_ascii_tolower(needle[0]), upper = g_ascii_toupper(needle[0]);
	const char *a = next_byte(span.data + from, end, lower);
	const char *b = lower != upper ? next_byte(span.data + from, end, upper) : NULL;
	while (a || b) {
		const char **first = !b || (a && a < b) ? &a : &b;
		if (g_ascii_strncasecmp(*first, needle, length) == 0)
			return *first - span.data;
		*first = next_byte(*first + 1, end, **first);
	}
	return -1;
}

gssize
retour_span_find_char(RetourSpan span, gsize from, char c)
{
	if (from >= span.length)
		return -1;
	const char *hit = memchr(span.data + from, c, span.length - from);
	return hit ? hit - span.data : -1;
}

RetourSpan
retour_span_cut(RetourSpan span, gsize limit)
{
	if (span.length <= limit)
		return span;
	while (limit > 0 && ((guchar)span.data[limit] & 0xC0) == 0x80)
		limit--;
	return retour_span_sub(span, 0, limit);
}

gboolean
retour_span_next_line(RetourSpan *rest, RetourSpan *line)
{
	*line = retour_span(rest->data, 0);
	if (rest->length == 0)
		return FALSE;
	if (rest->data[0] == '\n') {
		*rest = retour_span_from(*rest, 1);
		return TRUE;
	}
	const char *end = memchr(rest->data, '\n', rest->length);
	gsize length = end ? (gsize)(end - rest->data) : rest->length;
	*line = retour_span(rest->data, length);
	*rest = retour_span_from(*rest, end ? length + 1 : length);
	if (line->length > 0 && line->data[line->length - 1] == '\r')
		line->length--;
	return TRUE;
}
