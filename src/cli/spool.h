/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/*
 * A mail off standard input that must go on to standard output whatever happens: small ones are
 * kept in memory, large ones in a file without a name in $TMPDIR. Where neither has room, the rest
 * stays on standard input until it is written.
 */
typedef struct {
	GString *head; /* owned; the first RETOUR_SPOOL_MEMORY bytes, or all of it */
	int fd;        /* all of it where it is larger; -1 */
	gsize length;  /* bytes in the file */
	char *step;    /* owned; what found no room, before the rest of standard input; or NULL */
	gsize n_step;  /* bytes of it */
} RetourSpool;

#define RETOUR_SPOOL_MEMORY (1024u * 1024)

/* Reads standard input, as far as there is room. FALSE with errno set. */
gboolean retour_spool_fill(RetourSpool *spool);
/* Writes the mail from byte @from of it, which is in @head, to standard output: once, as it may
 * still be coming. FALSE with errno set. */
gboolean retour_spool_write(const RetourSpool *spool, gsize from);
void retour_spool_clear(RetourSpool *spool);
