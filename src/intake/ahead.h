/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/*
 * Of many small files that are not in memory, the disk gives one after the other slowly and many at
 * once fast: the kernel is asked for those that will be read soon, and nobody waits for them. Where
 * files turn out to be in memory already, only one now and then is looked at.
 */
typedef struct {
	guint skip; /* so many need not be looked at */
} RetourAhead;

/* Files that are asked for before they are read. */
#define RETOUR_AHEAD_FILES 64u

/* Whether the next file is to be looked at: to be asked once for each. */
gboolean retour_ahead_wants(RetourAhead *ahead);
/* Asks for the head of the file @path, if it is a regular one. */
void retour_ahead_ask(RetourAhead *ahead, const char *path);
