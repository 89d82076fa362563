/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/*
 * Where mail is stored: stdin, message files, directories, Maildirs, MH folders, mboxes, tar
 * archives, each of them packed or not. Gives each message as (path, offset, length) in a fixed
 * order, so that a worker can read it by itself; bytes travel only where the input is a pipe or
 * packed. Never changes or deletes anything.
 */
typedef enum {
	RETOUR_INTAKE_AUTO,    /* the rule of one mail or an mbox */
	RETOUR_INTAKE_MESSAGE, /* every file is one mail (--message) */
	RETOUR_INTAKE_MBOX,    /* every file is an mbox (--mbox) */
} RetourIntakeMode;

typedef struct {
	const char *path;  /* to open; NULL: bytes or error. Of the intake until the next call */
	guint64 base;      /* where the input begins in it: a file in an archive; else 0 */
	const char *name;  /* of the input, for the record and for messages */
	guint64 index;     /* message in that input, from 0 */
	guint64 offset;    /* where it begins there */
	guint64 length;    /* bytes; for a whole file what stat said */
	gboolean whole;    /* it is all of path, and may be packed: loading unpacks it */
	gboolean mboxrd;   /* ">From " lines are to be unquoted */
	GBytes *bytes;     /* the message itself; of the intake until the next call */
	const char *error; /* there is something, but it cannot be read: why */
} RetourIntakeItem;

/* A named input that does not exist or cannot be opened: told once, with errno. The others are
 * read. */
typedef void (*RetourIntakeTrouble)(const char *path, int error_number, gpointer data);

typedef struct RetourIntake RetourIntake;
/* @paths: NULL-terminated, "-" is stdin; none at all is stdin. (transfer full) */
RetourIntake *retour_intake_new(const char *const *paths, RetourIntakeMode mode,
                                RetourIntakeTrouble trouble, gpointer data);
/* Reads further paths from @fd, behind those given, each ended by @separator; where none were given
 * they take the place of stdin. It becomes the intake's own. To be called before the first
 * message. */
void retour_intake_add_list(RetourIntake *intake, int fd, char separator);
/* The next message; FALSE at the end. Directories are walked in byte order of names, recursively;
 * of a Maildir new and cur, never tmp, then the folders in it; of an MH folder the numbers in their
 * order. Files whose name begins with a dot are passed over. */
gboolean retour_intake_next(RetourIntake *intake, RetourIntakeItem *item);
/* How much has been given, from 0 to 1, by the number of entries and by bytes; 0 where nobody can
 * know. */
double retour_intake_get_share(const RetourIntake *intake);
void retour_intake_free(RetourIntake *intake);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetourIntake, retour_intake_free)

/* Reads the bytes of an item (of at most @limit) into @buffer, which is used again and again;
 * mboxrd quoting is taken off there, and with @unpacks what is packed is unpacked, by a program
 * that is started for it. NULL, or why it cannot be read, valid until the next call. */
const char *retour_intake_load(const RetourIntakeItem *item, gsize limit, gboolean unpacks,
                               GByteArray *buffer);
/* What it returns for packed mail without @unpacks: a worker may start no program. */
extern const char retour_intake_packed[];

/* Reads all of @fd, keeping at most @limit bytes, and drains the rest. FALSE with errno set. */
gboolean retour_intake_drain(int fd, gsize limit, GByteArray *buffer);
