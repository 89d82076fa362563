/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/*
 * Folded text: what phrases are matched against. Letters in lower case (Unicode simple folding, one
 * character to one), any run of white space (no-break and ideographic spaces and line ends too) one
 * space, none at the ends, typographic quotes and dashes as ASCII, soft hyphens and zero-width
 * characters gone. Every byte of it knows where it came from.
 */
typedef struct {
	char *text;   /* owned; NUL-terminated, valid UTF-8 */
	gsize length; /* bytes */
	guint32 *map; /* owned; length + 1 entries: offset in the input of the character that gave
	                 this byte */
	gsize room;   /* bytes that text and map have room for */
} RetourFolded;

/* @text is valid UTF-8; a character cut off at its end is left out. The last entry of the map is
 * the end of the last character that was kept. The struct may be used again: memory grows and is
 * kept. Start from all zeros. */
void retour_text_fold(RetourFolded *folded, const char *text, gsize length);
void retour_folded_clear(RetourFolded *folded);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RetourFolded, retour_folded_clear)
