/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/smtp.h>

#include "base/span.h"

/*
 * Line patterns of the dialects: literal text with typed holes, matched from left to right without
 * ever going back, so that the time is linear in the line.
 *
 *   {address}     a mailbox                      {host}    a host name or address literal
 *   {status}      an enhanced status code        {number}  digits
 *   {word}        anything without white space   {blank}   white space, also none
 *   {quote}       a quotation mark, also one with backslashes before it (a string within a string)
 *   {diagnostic}  anything up to the literal that follows, or to the line's end: what the server
 * said {text}        the same, passed over
 *
 * Letters match in either case; a blank matches one or more. A pattern holds a whole line, white
 * space at its ends aside, unless it ends in {text} or {diagnostic}. One that begins with {text} is
 * looked for from the line's start.
 */
#define RETOUR_PATTERN_PIECES 24

typedef enum {
	RETOUR_HOLE_LITERAL,
	RETOUR_HOLE_ADDRESS,
	RETOUR_HOLE_HOST,
	RETOUR_HOLE_STATUS,
	RETOUR_HOLE_NUMBER,
	RETOUR_HOLE_WORD,
	RETOUR_HOLE_BLANK,
	RETOUR_HOLE_QUOTE,
	RETOUR_HOLE_DIAGNOSTIC,
	RETOUR_HOLE_TEXT,
} RetourHole;

typedef struct {
	struct {
		RetourHole hole;
		RetourSpan literal; /* of the text that was compiled */
	} pieces[RETOUR_PATTERN_PIECES];
	guint n_pieces;
	gboolean searching; /* it begins with {text} */
} RetourPattern;

/* What the holes took: spans of the line; length 0 where the pattern has no such hole. */
typedef struct {
	RetourSpan address, host, diagnostic;
	RetourStatus status;
	gsize begin, end; /* of the match in the line; a {text} at an end is not of it */
} RetourCapture;

/* @text must outlive @pattern. FALSE with @fault, a static string, where it is malformed. */
gboolean retour_pattern_compile(RetourSpan text, RetourPattern *pattern, const char **fault);

/* The first match at or after @from in @line. */
gboolean retour_pattern_match(const RetourPattern *pattern, RetourSpan line, gsize from,
                              RetourCapture *capture);
