/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/*
 * The names of one directory, packed tightly: some 60 bytes an entry, so that a Maildir of 50,000
 * costs 3 MB. Names that begin with a dot are passed over. The order is that of bytes; of a Maildir
 * new and cur in one order by name, and then the Maildirs in it (".Lists.Bounces" of Maildir++, or
 * plain ones); of an MH folder that of the numbers, and then the folders in it.
 */
typedef struct RetourFolder RetourFolder;

typedef enum {
	RETOUR_ENTRY_ANY,    /* a directory or a file of any form */
	RETOUR_ENTRY_MAIL,   /* if it is a file, one mail */
	RETOUR_ENTRY_FOLDER, /* if it is a directory, a folder */
} RetourEntryType;

/* NULL with errno set. (transfer full) */
RetourFolder *retour_folder_open(const char *path);
/* Path of the next entry, of the folder until the next call; NULL at the end. */
const char *retour_folder_next(RetourFolder *folder, RetourEntryType *type);
/* How far it is with the entry last given done, from 0 to 1, and for how much that one counts. */
void retour_folder_get_share(const RetourFolder *folder, double *done, double *each);
void retour_folder_free(RetourFolder *folder);
