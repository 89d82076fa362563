/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/pattern.h"

#include "address/address.h"

static const struct {
	const char *name;
	RetourHole hole;
} holes[] = {
	{ "{address}", RETOUR_HOLE_ADDRESS },       { "{host}", RETOUR_HOLE_HOST },
	{ "{status}", RETOUR_HOLE_STATUS },         { "{number}", RETOUR_HOLE_NUMBER },
	{ "{quote}", RETOUR_HOLE_QUOTE },           { "{word}", RETOUR_HOLE_WORD },
	{ "{blank}", RETOUR_HOLE_BLANK },           { "{text}", RETOUR_HOLE_TEXT },
	{ "{diagnostic}", RETOUR_HOLE_DIAGNOSTIC },
};

/* Holes that end where the next literal begins. */
static gboolean
is_open(RetourHole hole)
{
	return hole == RETOUR_HOLE_TEXT || hole == RETOUR_HOLE_DIAGNOSTIC;
}

static gsize
match_hole_name(RetourSpan text, RetourHole *hole)
{
	for (guint i = 0; i < G_N_ELEMENTS(holes); i++) {
		if (!retour_span_has_prefix(text, holes[i].name))
			continue;
		*hole = holes[i].hole;
		return strlen(holes[i].name);
	}
	return 0;
}

static gboolean
add_piece(RetourPattern *pattern, RetourHole hole, RetourSpan literal, const char **fault)
{
	if (pattern->n_pieces == RETOUR_PATTERN_PIECES) {
		*fault = "the pattern has too many pieces";
		return FALSE;
	}
	gboolean after_open =
	        pattern->n_pieces > 0 && is_open(pattern->pieces[pattern->n_pieces - 1].hole);
	if (after_open && hole != RETOUR_HOLE_LITERAL) {
		*fault = "{text} and {diagnostic} need a literal, or nothing, behind them";
		return FALSE;
	}
	pattern->pieces[pattern->n_pieces].hole = hole;
	pattern->pieces[pattern->n_pieces++].literal = literal;
	return TRUE;
}

gboolean
retour_pattern_compile(RetourSpan text, RetourPattern *pattern, const char **fault)
{
	*pattern = (RetourPattern){ .n_pieces = 0 };
	gsize begin = 0, at = 0;
	while (at <= text.length) {
		RetourHole hole = RETOUR_HOLE_LITERAL;
		gsize length = match_hole_name(retour_span_from(text, at), &hole);
		if (length == 0 && at < text.length) {
			at++;
			continue;
		}
		if (at > begin && !add_piece(pattern, RETOUR_HOLE_LITERAL,
		                             retour_span_sub(text, begin, at - begin), fault))
			return FALSE;
		if (length > 0 && !add_piece(pattern, hole, retour_span(NULL, 0), fault))
			return FALSE;
		at += MAX(length, 1u);
		begin = at;
	}
	if (pattern->n_pieces == 0) {
		*fault = "the pattern is empty";
		return FALSE;
	}
	pattern->searching = pattern->pieces[0].hole == RETOUR_HOLE_TEXT;
	if (pattern->searching && pattern->n_pieces == 1) {
		*fault = "the pattern matches anything";
		return FALSE;
	}
	return TRUE;
}

/* Bytes of @line from @at that @literal takes, 0 for none: a blank of it takes one or more. */
static gsize
match_literal(RetourSpan literal, RetourSpan line, gsize at)
{
	gsize begin = at;
	for (gsize i = 0; i < literal.length; i++) {
		char c = literal.data[i];
		if (at >= line.length)
			return 0;
		if (c == ' ') {
			if (!retour_is_blank(line.data[at]))
				return 0;
			while (at < line.length && retour_is_blank(line.data[at]))
				at++;
			continue;
		}
		if (g_ascii_tolower(line.data[at]) != g_ascii_tolower(c))
			return 0;
		at++;
	}
	return at - begin;
}

/* Where @literal first stands at or after @at, -1 for nowhere; @taken are the bytes that it takes
 * there. */
static gssize
find_literal(RetourSpan literal, RetourSpan line, gsize at, gsize *taken)
{
	for (; at < line.length; at++) {
		*taken = match_literal(literal, line, at);
		if (*taken > 0)
			return (gssize)at;
	}
	return -1;
}

/* A run that a hole takes is at most so long, and a pattern is looked for at so many places of a
 * line: both keep the time linear where a line is made to be slow. */
#define RUN_MAX 1024u
#define STARTS_MAX 64u

static gsize
run_of(RetourSpan line, gsize at, RetourHole hole)
{
	gsize begin = at;
	for (; at < line.length && at - begin < RUN_MAX; at++) {
		char c = line.data[at];
		gboolean in = hole == RETOUR_HOLE_NUMBER  ? g_ascii_isdigit(c)
		              : hole == RETOUR_HOLE_BLANK ? retour_is_blank(c)
		              : hole == RETOUR_HOLE_HOST
		                      ? g_ascii_isalnum(c) || strchr(".-_[]:", c) != NULL
		                      : !retour_is_blank(c);
		if (!in || c == '\0')
			break;
	}
	return at - begin;
}

/* Bytes that a closed hole takes at @at; FALSE if it takes none that it needs. */
static gboolean
take_hole(RetourHole hole, RetourSpan line, gsize *at, RetourCapture *capture)
{
	RetourSpan rest = retour_span_from(line, *at);
	gsize taken;
	if (hole == RETOUR_HOLE_ADDRESS) {
		taken = retour_address_match(rest);
		capture->address = retour_span_sub(rest, 0, taken);
	} else if (hole == RETOUR_HOLE_STATUS) {
		taken = retour_status_parse(rest.data, rest.length, &capture->status);
	} else if (hole == RETOUR_HOLE_QUOTE) {
		for (taken = 0; taken < rest.length && taken < RUN_MAX && rest.data[taken] == '\\';)
			taken++;
		taken = taken < rest.length && rest.data[taken] == '"' ? taken + 1 : 0;
	} else {
		taken = run_of(line, *at, hole);
		if (hole == RETOUR_HOLE_HOST)
			capture->host = retour_span_sub(rest, 0, taken);
	}
	*at += taken;
	return taken > 0 || hole == RETOUR_HOLE_BLANK;
}

typedef enum {
	NO_MATCH,
	MATCH,
	NO_MATCH_FURTHER_ON, /* a literal is missing in all that follows: no later start can do
	                        better */
} Outcome;

/* The pieces from @index on, at @at. Goes only forward. */
static Outcome
match_pieces(const RetourPattern *pattern, guint index, RetourSpan line, gsize at,
             RetourCapture *capture)
{
	for (guint i = index; i < pattern->n_pieces; i++) {
		RetourHole hole = pattern->pieces[i].hole;
		if (is_open(hole)) {
			gsize end = line.length, taken = 0;
			if (i + 1 < pattern->n_pieces) {
				gssize found = find_literal(pattern->pieces[i + 1].literal, line,
				                            at, &taken);
				if (found < 0)
					return NO_MATCH_FURTHER_ON;
				end = (gsize)found;
			}
			if (hole == RETOUR_HOLE_DIAGNOSTIC)
				capture->diagnostic = retour_span_sub(line, at, end - at);
			if (hole == RETOUR_HOLE_DIAGNOSTIC || i + 1 < pattern->n_pieces)
				capture->end = end + taken;
			at = end + taken;
			i++;
			continue;
		}
		if (hole == RETOUR_HOLE_LITERAL) {
			gsize taken = match_literal(pattern->pieces[i].literal, line, at);
			if (taken == 0)
				return NO_MATCH;
			at += taken;
		} else if (!take_hole(hole, line, &at, capture)) {
			return NO_MATCH;
		}
		capture->end = at;
	}
	RetourHole last = pattern->pieces[pattern->n_pieces - 1].hole;
	gboolean whole = is_open(last) || retour_span_trim(retour_span_from(line, at)).length == 0;
	return whole ? MATCH : NO_MATCH;
}

gboolean
retour_pattern_match(const RetourPattern *pattern, RetourSpan line, gsize from,
                     RetourCapture *capture)
{
	if (!pattern->searching) {
		gsize at = from;
		while (at < line.length && retour_is_blank(line.data[at]))
			at++;
		*capture = (RetourCapture){ .begin = at };
		return from == 0 && match_pieces(pattern, 0, line, at, capture) == MATCH;
	}
	gsize taken;
	RetourSpan literal = pattern->pieces[1].literal;
	Outcome outcome = NO_MATCH;
	for (guint starts = 0; outcome == NO_MATCH && starts < STARTS_MAX; starts++) {
		gssize at = find_literal(literal, line, from, &taken);
		if (at < 0)
			return FALSE;
		*capture = (RetourCapture){ .begin = (gsize)at };
		outcome = match_pieces(pattern, 1, line, (gsize)at, capture);
		from = (gsize)at + 1;
	}
	return outcome == MATCH;
}
