/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/*
 * The names of one directory in their order. Of a large one so many are held at once as a few MB
 * have room for, and for those behind them it is read again: memory is flat, whatever its size.
 * Names that begin with a dot are passed over. The order is that of bytes; of a Maildir new and cur
 * in one order by name, and then the Maildirs in it (".Lists.Bounces" of Maildir++, or plain ones);
 * of an MH folder that of the numbers, and then the folders in it.
 */
typedef struct RetourFolder RetourFolder;

typedef enum {
	RETOUR_ENTRY_ANY,    /* a directory or a file of any form */
	RETOUR_ENTRY_MAIL,   /* if it is a file, one mail */
	RETOUR_ENTRY_FOLDER, /* if it is a directory, a folder */
} RetourEntryType;

/* Names that are held at once. */
#define RETOUR_FOLDER_NAMES 65536u

/* @most: names held at once, at least 1. NULL with errno set. (transfer full) */
RetourFolder *retour_folder_open(const char *path, guint most);
/* Path of the next entry, of the folder until the next call; NULL at the end, with errno set where
 * it cannot be read to its end. */
const char *retour_folder_next(RetourFolder *folder, RetourEntryType *type);
/* Its own path; of the folder until the next call. */
const char *retour_folder_get_path(RetourFolder *folder);
/* How far it is with the entry last given done, from 0 to 1, and for how much that one counts. */
void retour_folder_get_share(const RetourFolder *folder, double *done, double *each);
void retour_folder_free(RetourFolder *folder);
