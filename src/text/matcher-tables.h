/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "text/matcher.h"

/*
 * The tables of a matcher: an Aho-Corasick automaton over classes of bytes, laid out as a double
 * array, whose outputs are pieces of patterns.
 *
 * A link is a piece in its place behind the pieces before it: "user * unknown" and "user * not
 * found" share the link "user". Where a link is found whose own predecessor was found not too far
 * before it, it holds; the last link of a pattern is its match. Every link that has a successor
 * owns a slot in which a scan notes where it held last.
 */
#define RETOUR_MATCHER_NONE 0xffff

/* Slots are kept on the stack of the scan: 16 bytes each. */
#define RETOUR_MATCHER_SLOTS 1024

/* State 0 is the root. The state behind state s at a byte of class c is t = base[s] + c where
 * check[t] is s. */
typedef struct {
	guint16 base, check;
	guint16 fail;
	guint16 outputs; /* place in lists, 0 for none */
} RetourMatcherState;

typedef struct {
	guint16 previous; /* link before it, or NONE */
	guint16 length;   /* bytes of the piece */
	guint16 slot;     /* or NONE */
	guint16 edges;    /* RETOUR_MATCHER_EDGE_… */
} RetourMatcherLink;

/* The text must not go on with a letter or digit there. */
#define RETOUR_MATCHER_EDGE_LEFT 1
#define RETOUR_MATCHER_EDGE_RIGHT 2

/* All members are guint16, so that the whole is one run of them. */
struct RetourMatcher {
	guint16 n_states, n_links, n_lists, n_slots;
	guint16 classes[256]; /* of bytes; 0 is a byte of no pattern */
	guint16 starts[256];  /* the state behind the root at a byte; 0, the root, where there is
	                         none */
	/* Then n_states states, n_links links, n_lists numbers of lists: pairs of link and pattern
	 * (NONE where the link only has successors), in order of the pattern, each list ended by
	 * NONE. */
	guint16 rest[];
};

static inline const RetourMatcherState *
retour_matcher_states(const RetourMatcher *matcher)
{
	return (const RetourMatcherState *)matcher->rest;
}

static inline const RetourMatcherLink *
retour_matcher_links(const RetourMatcher *matcher)
{
	return (const RetourMatcherLink *)(retour_matcher_states(matcher) + matcher->n_states);
}

static inline const guint16 *
retour_matcher_lists(const RetourMatcher *matcher)
{
	return (const guint16 *)(retour_matcher_links(matcher) + matcher->n_links);
}
