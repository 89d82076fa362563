/* SPDX-License-Identifier: BSD-2-Clause */
#include "text/matcher-tables.h"

#include <string.h>

/* Where a link held: the two last places, because the later one may overlap the piece that follows.
 */
typedef struct {
	guint32 start[2], end[2]; /* newest first; an end of 0 is none */
} Slot;

typedef struct {
	const RetourMatcherLink *links;
	const char *text;
	gsize length;
	RetourMatchFunc found;
	gpointer data;
	guint32 used[RETOUR_MATCHER_SLOTS /
	             32]; /* bits: the other slots hold nothing yet, not even zeros */
	Slot slots[RETOUR_MATCHER_SLOTS];
} Scan;

static gboolean
edges_hold(const Scan *scan, const RetourMatcherLink *link, gsize start, gsize end)
{
	if (link->edges & RETOUR_MATCHER_EDGE_LEFT && start > 0 &&
	    g_ascii_isalnum(scan->text[start - 1]))
		return FALSE;
	if (link->edges & RETOUR_MATCHER_EDGE_RIGHT && end < scan->length &&
	    g_ascii_isalnum(scan->text[end]))
		return FALSE;
	return TRUE;
}

/* Where a link that ends at @end begins with all that must stand before it; FALSE where it does not
 * hold. */
static gboolean
link_holds(const Scan *scan, const RetourMatcherLink *link, gsize end, gsize *start)
{
	*start = end - link->length;
	if (!edges_hold(scan, link, *start, end))
		return FALSE;
	if (link->previous == RETOUR_MATCHER_NONE)
		return TRUE;
	guint index = scan->links[link->previous].slot;
	if (!(scan->used[index / 32] >> index % 32 & 1))
		return FALSE;
	const Slot *slot = &scan->slots[index];
	guint which = slot->end[0] <= *start ? 0 : 1;
	gsize before = slot->end[which];
	if (before == 0 || before > *start || *start - before > RETOUR_MATCHER_GAP)
		return FALSE;
	*start = slot->start[which];
	return TRUE;
}

static void
note_slot(Scan *scan, guint index, gsize start, gsize end)
{
	Slot *slot = &scan->slots[index];
	gboolean used = scan->used[index / 32] >> index % 32 & 1;
	scan->used[index / 32] |= 1u << index % 32;
	slot->start[1] = used ? slot->start[0] : 0;
	slot->end[1] = used ? slot->end[0] : 0;
	slot->start[0] = (guint32)start;
	slot->end[0] = (guint32)end;
}

/* Goes through the outputs of a state. FALSE stops the scan. */
static gboolean
give(Scan *scan, const guint16 *outputs, gsize end)
{
	for (; *outputs != RETOUR_MATCHER_NONE; outputs += 2) {
		const RetourMatcherLink *link = &scan->links[outputs[0]];
		gsize start;
		if (!link_holds(scan, link, end, &start))
			continue;
		if (outputs[1] == RETOUR_MATCHER_NONE) {
			note_slot(scan, link->slot, start, end);
			continue;
		}
		RetourMatch match = { outputs[1], start, end - start };
		if (!scan->found(&match, scan->data))
			return FALSE;
	}
	return TRUE;
}

void
retour_matcher_scan(const RetourMatcher *matcher, const char *folded, gsize length,
                    RetourMatchFunc found, gpointer data)
{
	Scan scan;
	scan.links = retour_matcher_links(matcher);
	scan.text = folded;
	scan.length = length;
	scan.found = found;
	scan.data = data;
	memset(scan.used, 0, sizeof(scan.used));
	const RetourMatcherState *states = retour_matcher_states(matcher);
	const guint16 *lists = retour_matcher_lists(matcher);
	guint state = 0;
	for (gsize at = 0; at < length; at++) {
		guchar byte = (guchar)folded[at];
		guint klass = matcher->classes[byte];
		for (; state != 0; state = states[state].fail) {
			guint next = states[state].base + klass;
			if (states[next].check == state) {
				state = next;
				break;
			}
		}
		if (state == 0)
			state = matcher->starts[byte];
		if (states[state].outputs != 0 &&
		    !give(&scan, lists + states[state].outputs, at + 1))
			return;
	}
}

const guint16 *
retour_matcher_get_numbers(const RetourMatcher *matcher, gsize *n)
{
	const guint16 *numbers = (const guint16 *)matcher;
	*n = (gsize)(retour_matcher_lists(matcher) + matcher->n_lists - numbers);
	return numbers;
}

const RetourMatcher *
retour_matcher_over(const guint16 *numbers)
{
	return (const RetourMatcher *)numbers;
}
