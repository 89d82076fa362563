/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "intake/stream.h"

/*
 * The regular files of a tar archive: the forms of V7, POSIX (ustar and pax) and GNU. Whatever
 * their names are, nothing is ever written anywhere.
 */
typedef struct RetourTar RetourTar;

#define RETOUR_TAR_BLOCK 512u

/* These bytes begin with a header, whose checksum is right. */
gboolean retour_tar_matches(const char *bytes, gsize length);

/* @stream is used until the archive is freed, and stays the caller's. (transfer full) */
RetourTar *retour_tar_new(RetourStream *stream);
/* Goes to the next file, from wherever in the last one the stream is, and stands at its first byte.
 * FALSE at the end, with errno 0, or with errno set; EBADMSG: the archive is damaged or cut short.
 */
gboolean retour_tar_next(RetourTar *tar);
/* Of the file at hand: its name, of the archive until the next call, and its bytes. */
const char *retour_tar_get_name(const RetourTar *tar);
guint64 retour_tar_get_size(const RetourTar *tar);
void retour_tar_free(RetourTar *tar); /* NULL is accepted */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetourTar, retour_tar_free)
