/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "intake/stream.h"

/*
 * Splits an mbox in one pass from front to end over a small window, whatever its size, so that a
 * pipe does as well as a file. A message begins at a well-formed From_ line that opens the mbox or
 * stands after an empty line, and reaches to the next one: every byte belongs to one message. A
 * Content-Length (mboxcl, mboxcl2) that leads to a From_ line or to the end hides those before it;
 * any other one counts for nothing. Lines end in LF, CRLF or CR, also mixed.
 */
typedef struct RetourMbox RetourMbox;

typedef struct {
	guint64 offset, length;
	gboolean first, last;
} RetourMboxMessage;

/* Reads @size bytes of @stream (G_MAXUINT64: up to its end) from where it stands; it is used until
 * the mbox is freed, and stays the caller's. Of each message up to @keep bytes are laid into the
 * array given to next. (transfer full) */
RetourMbox *retour_mbox_new(RetourStream *stream, guint64 size, gsize keep);
/* The next message. FALSE at the end, with errno 0, or where reading fails, with errno set. What
 * cannot be unpacked further ends there: the stream tells why. @bytes may be NULL if nothing is
 * kept. */
gboolean retour_mbox_next(RetourMbox *mbox, RetourMboxMessage *message, GByteArray *bytes);
void retour_mbox_free(RetourMbox *mbox); /* NULL is accepted */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetourMbox, retour_mbox_free)

/* Takes one '>' off each line that begins ">From ", ">>From " … (mboxrd), in place. */
void retour_mbox_unquote(GByteArray *bytes);
