/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/*
 * Finds every one of many patterns in a folded text in one pass. The tables are plain arrays of
 * numbers without pointers: the host tool writes the built-in ones as C, and a site's own rules are
 * built at run time by the same code.
 *
 * A pattern is literal text in folded form (lower case, single spaces) with two marks:
 *   " * "  (a star between spaces)  any text, also none, of at most RETOUR_MATCHER_GAP bytes
 *   "word*" or "*word"              the word may go on to the right or left there
 * Where a piece (what stands between gaps) begins or ends with an ASCII letter or digit and has no
 * star there, the text must not go on with another ASCII letter or digit. Of the places where an
 * earlier piece stands the last one that leaves room for the next piece counts, so a match is as
 * short as it can be.
 */
#define RETOUR_MATCHER_GAP 80

typedef struct RetourMatcher RetourMatcher; /* opaque view over tables: see matcher.c */

typedef struct {
	guint pattern;        /* index given when the matcher was built */
	gsize offset, length; /* in the folded text */
} RetourMatch;

/* Calls @found for each match, in order of its end, then of the pattern; FALSE from it stops. */
typedef gboolean (*RetourMatchFunc)(const RetourMatch *match, gpointer data);
void retour_matcher_scan(const RetourMatcher *matcher, const char *folded, gsize length,
                         RetourMatchFunc found, gpointer data);

#define RETOUR_MATCHER_ERROR (retour_matcher_error_quark())
GQuark retour_matcher_error_quark(void);
typedef enum {
	RETOUR_MATCHER_ERROR_PATTERN, /* a pattern is malformed: the message says which and how */
	RETOUR_MATCHER_ERROR_SIZE,    /* the patterns together are too many for the tables */
} RetourMatcherError;

/* Builds from @n patterns (folded by the caller). NULL and @error when one is empty, has a star
 * alone, or a piece that is shorter than two bytes. (transfer full) */
RetourMatcher *retour_matcher_build(const char *const *patterns, guint n, GError **error);
void retour_matcher_free(RetourMatcher *matcher);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetourMatcher, retour_matcher_free)

/* The tables as one run of numbers, for the host tool to write down. Of @matcher. */
const guint16 *retour_matcher_get_numbers(const RetourMatcher *matcher, gsize *n);
/* The matcher that lies over numbers written down before; they must outlive it, it is not freed. */
const RetourMatcher *retour_matcher_over(const guint16 *numbers);
