/* SPDX-License-Identifier: BSD-2-Clause */
#include "text/iso-2022.h"

#include <string.h>

#include "text/charset.h"
#include "text/convert.h"

/*
 * RFC 1468, 1554 and 2237 (Japanese), 1557 (Korean), 1922 (Chinese). The text is cut at its
 * escapes, and each piece is moved into the 8-bit charset that holds the same set, by setting the
 * top bits. So one reader takes all the kinds, also the half-width kana and the vendor rows that
 * the strict converters refuse, and a fault stays within its piece.
 */
#define ESC '\x1B'
#define SHIFT_OUT '\x0E'
#define SHIFT_IN '\x0F'

typedef struct {
	const char *escape;
	const char *family; /* NULL: does not show the text to be ISO-2022 */
	const char *label;  /* the 8-bit charset; NULL: ASCII */
	char lead;          /* what this puts before each character, or 0 */
	guchar width;       /* bytes of one character */
	gboolean shifted;   /* used between SO and SI alone */
} Designation;

static const Designation designations[] = {
	{ "\x1B(B", NULL, NULL, 0, 1, FALSE },
	{ "\x1B(J", NULL, NULL, 0, 1, FALSE }, /* JIS X 0201 Roman */
	{ "\x1B(H", NULL, NULL, 0, 1, FALSE }, /* Swedish, written for it by old Japanese mailers */
	{ "\x1B(I", "iso-2022-jp", "eucjp", '\x8E', 1, FALSE },
	{ "\x1B$@", "iso-2022-jp", "eucjp", 0, 2, FALSE },
	{ "\x1B$B", "iso-2022-jp", "eucjp", 0, 2, FALSE },
	{ "\x1B$(@", "iso-2022-jp", "eucjp", 0, 2, FALSE },
	{ "\x1B$(B", "iso-2022-jp", "eucjp", 0, 2, FALSE },
	{ "\x1B$(O", "iso-2022-jp", "eucjp", 0, 2,
	  FALSE }, /* JIS X 0213 plane 1 holds JIS X 0208 */
	{ "\x1B$(Q", "iso-2022-jp", "eucjp", 0, 2, FALSE },
	{ "\x1B$(D", "iso-2022-jp", "eucjp", '\x8F', 2, FALSE },
	{ "\x1B$A", "iso-2022-jp", "gb18030", 0, 2, FALSE },
	{ "\x1B$(A", "iso-2022-jp", "gb18030", 0, 2, FALSE },
	{ "\x1B$(C", "iso-2022-jp", "euckr", 0, 2, FALSE },
	{ "\x1B$)C", "iso-2022-kr", "euckr", 0, 2, TRUE },
	{ "\x1B$)A", "iso-2022-cn", "gb18030", 0, 2, TRUE },
	{ "\x1B$)G", "iso-2022-cn", "euctw", 0, 2, TRUE },
};

static const Designation *
designation_at(const char *bytes, gsize length)
{
	for (guint i = 0; i < G_N_ELEMENTS(designations); i++) {
		gsize size = strlen(designations[i].escape);
		if (size <= length && memcmp(bytes, designations[i].escape, size) == 0)
			return &designations[i];
	}
	return NULL;
}

const char *
retour_iso_2022_detect(const char *bytes, gsize length)
{
	const char *end = bytes + length;
	for (const char *at = bytes; (at = memchr(at, ESC, (gsize)(end - at))); at++) {
		const Designation *found = designation_at(at, (gsize)(end - at));
		if (found && found->family)
			return found->family;
	}
	return NULL;
}

/* RFC 1468 ends each line in ASCII. A line cut short does not, and a mailer that breaks the rule
 * goes on in the set it was in: then the first escape of the next line is the one back to ASCII. */
static gboolean
line_goes_on(const char *bytes, gsize length)
{
	const char *end = memchr(bytes, '\n', length);
	gsize size = end ? (gsize)(end - bytes) : length;
	const char *escape = memchr(bytes, ESC, size);
	if (!escape)
		return FALSE;
	const Designation *next = designation_at(escape, size - (gsize)(escape - bytes));
	return next && !next->label;
}

/* Moves a piece of @set to 8 bits. Blanks and controls inside it are themselves. */
static void
piece_append(const Designation *set, const char *bytes, gsize length, GString *scratch,
             GString *out)
{
	if (length == 0)
		return;
	if (!set || !set->label) {
		retour_text_repair(bytes, length, out);
		return;
	}
	g_string_truncate(scratch, 0);
	for (gsize at = 0; at < length;) {
		gboolean graphic = bytes[at] > ' ' && bytes[at] < '\x7F';
		if (graphic && set->lead)
			g_string_append_c(scratch, set->lead);
		for (guint i = 0; at < length && i < (graphic ? set->width : 1); i++, at++)
			g_string_append_c(scratch, graphic ? (char)(bytes[at] | 0x80) : bytes[at]);
	}
	retour_convert(retour_charset_lookup(set->label), scratch->str, scratch->len, out);
}

typedef struct {
	const Designation *set;     /* in force; NULL is ASCII */
	const Designation *shifted; /* what SO brings in force */
} State;

/* How many bytes at @bytes change the state, 0 if they are text. */
static gsize
state_change(State *state, const char *bytes, gsize length)
{
	const Designation *next = *bytes == ESC ? designation_at(bytes, length) : NULL;
	if (next) {
		if (next->shifted)
			state->shifted = next;
		else
			state->set = next;
		return strlen(next->escape);
	}
	if (state->shifted && (*bytes == SHIFT_OUT || *bytes == SHIFT_IN)) {
		state->set = *bytes == SHIFT_OUT ? state->shifted : NULL;
		return 1;
	}
	return 0;
}

void
retour_iso_2022_decode(const char *bytes, gsize length, GString *out)
{
	g_autoptr(GString) scratch = g_string_new(NULL);
	State state = { NULL, NULL };
	gsize start = 0;
	for (gsize at = 0; at < length;) {
		State before = state;
		gsize size = state_change(&state, bytes + at, length - at);
		if (size == 0 && bytes[at] == '\n' && state.set &&
		    !line_goes_on(bytes + at + 1, length - at - 1))
			state.set = NULL;
		if (size > 0 || state.set != before.set) {
			piece_append(before.set, bytes + start, at - start, scratch, out);
			start = at + size;
		}
		at += MAX(size, 1);
	}
	piece_append(state.set, bytes + start, length - start, scratch, out);
}
