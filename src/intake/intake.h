/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/*
 * Where mail is stored: stdin, message files, directories, Maildirs, mboxes. Gives each message as
 * (path, offset, length) in a fixed order, so that a worker can read it by itself; bytes travel
 * only where the input is a pipe. Never changes or deletes anything.
 */
typedef enum {
	RETOUR_INTAKE_AUTO,    /* the rule of one mail or an mbox */
	RETOUR_INTAKE_MESSAGE, /* every file is one mail (--message) */
	RETOUR_INTAKE_MBOX,    /* every file is an mbox (--mbox) */
} RetourIntakeMode;

typedef struct {
	const char *path; /* to open; NULL: bytes holds the message. Of the intake until the next
	                     call */
	const char *name; /* for the record and for messages */
	guint64 index;    /* message in that input, from 0 */
	guint64 offset;   /* where it begins in the file */
	guint64 length;   /* bytes; for a whole file what stat said */
	gboolean mboxrd;  /* ">From " lines are to be unquoted */
	GBytes *bytes;    /* the message itself, for stdin; of the intake until the next call */
} RetourIntakeItem;

/* A named input that does not exist or cannot be opened: told once, with errno. The others are
 * read. */
typedef void (*RetourIntakeTrouble)(const char *path, int error_number, gpointer data);

typedef struct RetourIntake RetourIntake;
/* @paths: NULL-terminated, "-" is stdin; none at all is stdin. (transfer full) */
RetourIntake *retour_intake_new(const char *const *paths, RetourIntakeMode mode,
                                RetourIntakeTrouble trouble, gpointer data);
/* The next message; FALSE at the end. Directories are walked in byte order of names, recursively;
 * of a Maildir new and cur, never tmp; files whose name begins with a dot are passed over. */
gboolean retour_intake_next(RetourIntake *intake, RetourIntakeItem *item);
void retour_intake_free(RetourIntake *intake);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetourIntake, retour_intake_free)

/* Reads the bytes of an item (of at most @limit) into @buffer, which is used again and again;
 * mboxrd quoting is taken off there. In a worker. FALSE with errno set. */
gboolean retour_intake_load(const RetourIntakeItem *item, gsize limit, GByteArray *buffer);

/* Reads all of @fd, keeping at most @limit bytes, and drains the rest. FALSE with errno set. */
gboolean retour_intake_drain(int fd, gsize limit, GByteArray *buffer);
