/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "intake/intake.h"

/*
 * The messages of one file or pipe: itself, or those of an mbox, or of the files of a tar archive,
 * each of them packed or not. Where a worker can read a message in its place, only the place is
 * given; the bytes of others travel.
 */
typedef struct RetourContents RetourContents;

/* How a file is taken that is neither packed nor an archive. */
typedef enum {
	RETOUR_CONTENTS_WHOLE, /* one mail */
	RETOUR_CONTENTS_SPLIT, /* an mbox */
	RETOUR_CONTENTS_GUESS, /* an mbox if it begins with "From " */
} RetourContentsMode;

/* How much of its beginning tells that a file is more than one mail. Bytes. */
#define RETOUR_CONTENTS_HEAD 512u

/* There may be more in it than one mail, or it may be packed. */
gboolean retour_contents_is_manifold(const char *head, gsize length);

/* @fd becomes its own. @size: bytes of a file that can be opened again by @path; G_MAXUINT64: it
 * cannot. (transfer full) */
RetourContents *retour_contents_new(const char *path, int fd, guint64 size,
                                    RetourContentsMode mode);
/* The next message; what @item points to is of the contents until the next call. What is damaged
 * gives an item with an error. FALSE at the end, with errno 0, or with errno set. */
gboolean retour_contents_next(RetourContents *contents, RetourIntakeItem *item);
/* How much of the file has been read, from 0 to 1; 0 where that cannot be told. */
double retour_contents_get_share(const RetourContents *contents);
void retour_contents_free(RetourContents *contents); /* NULL is accepted */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetourContents, retour_contents_free)
