/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/*
 * The names of one directory in byte order, or of the new and cur of a Maildir in one order by
 * name, packed tightly: some 60 bytes an entry, so that a Maildir of 50,000 costs 3 MB. Names that
 * begin with a dot are passed over.
 */
typedef struct RetourFolder RetourFolder;

/* NULL with errno set. (transfer full) */
RetourFolder *retour_folder_open(const char *path);
/* Path of the next entry, of the folder until the next call; NULL at the end. */
const char *retour_folder_next(RetourFolder *folder);
/* Each entry is one mail: of a Maildir, or of the new or cur of one. */
gboolean retour_folder_is_maildir(const RetourFolder *folder);
void retour_folder_free(RetourFolder *folder);
