/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>
#include <string.h>

/* A run of bytes that somebody else owns. Need not end in NUL and may hold NULs; data is never NULL
 * when length > 0. */
typedef struct {
	const char *data;
	gsize length;
} RetourSpan;

#define RETOUR_SPAN_LITERAL(text) ((RetourSpan){ "" text, sizeof(text) - 1 })

static inline RetourSpan
retour_span(const char *data, gsize length)
{
	return (RetourSpan){ data, length };
}

static inline RetourSpan
retour_span_of(const char *text)
{
	return (RetourSpan){ text, text ? strlen(text) : 0 };
}

/* The bytes from @from (clamped) to the end. */
static inline RetourSpan
retour_span_from(RetourSpan span, gsize from)
{
	if (from > span.length)
		from = span.length;
	/* NULL + 0 is undefined in C11 6.5.6. */
	return (RetourSpan){ from > 0 ? span.data + from : span.data, span.length - from };
}

/* @length bytes from @from, both clamped. */
static inline RetourSpan
retour_span_sub(RetourSpan span, gsize from, gsize length)
{
	RetourSpan rest = retour_span_from(span, from);
	if (length < rest.length)
		rest.length = length;
	return rest;
}

/* Space, tab, CR and LF taken off both ends. */
RetourSpan retour_span_trim(RetourSpan span);

/* Whether two letters can be the same but for their case. Most are not, which this tells at once.
 */
static inline gboolean
retour_may_equal(char a, char b)
{
	return ((a ^ b) & ~0x20) == 0;
}

/* ASCII case is ignored in the next four; everything else is compared as bytes. */
static inline gboolean
retour_span_has_prefix(RetourSpan span, const char *prefix)
{
	if (prefix[0] != '\0' && (span.length == 0 || !retour_may_equal(span.data[0], prefix[0])))
		return FALSE;
	gsize length = strlen(prefix);
	return span.length >= length && g_ascii_strncasecmp(span.data, prefix, length) == 0;
}

static inline gboolean
retour_span_equal(RetourSpan span, const char *text)
{
	return retour_span_has_prefix(span, text) && strlen(text) == span.length;
}

/* The letters with which the words begin, for retour_may_begin(). */
guint32 retour_firsts(const char *const *words, guint n);

/* Whether one of the words can begin with @c. Most text is told apart from all of them so. */
static inline gboolean
retour_may_begin(guint32 firsts, char c)
{
	return firsts >> (c & 31) & 1;
}

gboolean retour_span_has_suffix(RetourSpan span, const char *suffix);
/* Offset of @needle at or after @from, or -1. */
gssize retour_span_find(RetourSpan span, gsize from, const char *needle);

/* Offset of byte @c at or after @from, or -1. */
gssize retour_span_find_char(RetourSpan span, gsize from, char c);

/* At most @limit bytes of @span (UTF-8), no character cut in two. */
RetourSpan retour_span_cut(RetourSpan span, gsize limit);

/* Takes the next line off @rest (without its LF or CRLF) into @line; FALSE and an empty @line when
 * @rest is used up. A last line needs no line end. */
gboolean retour_span_next_line(RetourSpan *rest, RetourSpan *line);

static inline gboolean
retour_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static inline gboolean
retour_is_line_end(char c)
{
	return c == '\r' || c == '\n';
}

static inline gboolean
retour_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
