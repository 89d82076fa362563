/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/*
 * A mail off standard input that must go on to standard output whatever happens: small ones are
 * kept in memory, large ones in a file without a name in $TMPDIR. Where neither can be had, what is
 * read is passed on at once and "passed" says so.
 */
typedef struct {
	GString *head;   /* owned; the first RETOUR_SPOOL_MEMORY bytes, or all of it */
	int fd;          /* the whole mail where it is larger; -1 */
	gsize length;    /* bytes in the file */
	gboolean passed; /* it is on standard output already */
	int error;       /* errno of reading standard input; 0 */
} RetourSpool;

#define RETOUR_SPOOL_MEMORY (1024u * 1024)

/* Reads all of standard input. FALSE if that, or passing on, failed. */
gboolean retour_spool_fill(RetourSpool *spool);
/* Writes the mail from byte @from of it to standard output. FALSE with errno set. */
gboolean retour_spool_write(const RetourSpool *spool, gsize from);
void retour_spool_clear(RetourSpool *spool);

/* All of it or FALSE with errno set. */
gboolean retour_write_all(int fd, const char *bytes, gsize length);
