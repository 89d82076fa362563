/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/*
 * Bytes one after the other: those of a file or a pipe, or what such bytes hold unpacked (gzip,
 * Zstandard, xz, bzip2). The unpacking is done by the usual program in a process of its own, which
 * gets the packed bytes over a socket: nothing is linked, and no program sees a file's name.
 */
typedef struct RetourStream RetourStream;

/* How far one may look ahead. Bytes. */
#define RETOUR_STREAM_LOOK (64u * 1024)

/* From where @fd stands; it becomes its own. (transfer full) */
RetourStream *retour_stream_new(int fd);
/* What @source holds, unpacked by the program that its first bytes tell, of the next @size bytes of
 * it at most. @source is used until the stream is freed, and stays the caller's. NULL with errno
 * set. (transfer full) */
RetourStream *retour_stream_new_unpacked(RetourStream *source, guint64 size);
void retour_stream_free(RetourStream *stream); /* NULL is accepted */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetourStream, retour_stream_free)

/* The next bytes without taking them: @want of them (at most RETOUR_STREAM_LOOK) or more, fewer
 * only at the end. Valid until the next call. NULL with errno set. */
const char *retour_stream_look(RetourStream *stream, gsize want, gsize *have);
/* Takes up to @size bytes; 0 at the end, -1 with errno set. */
gssize retour_stream_read(RetourStream *stream, char *bytes, gsize size);
/* Passes over so many; beyond the end is no error. FALSE with errno set. */
gboolean retour_stream_skip(RetourStream *stream, guint64 size);
/* Appends the next @size bytes to @buffer, which keeps up to @keep; what goes beyond is passed
 * over, of a packed one not even unpacked. FALSE with errno set. */
gboolean retour_stream_drain(RetourStream *stream, guint64 size, gsize keep, GByteArray *buffer);
/* Bytes taken so far. */
guint64 retour_stream_get_offset(const RetourStream *stream);
/* Reads at any place of a file, without moving on; fewer bytes at its end, -1 where that cannot be
 * done. */
gssize retour_stream_read_at(const RetourStream *stream, guint64 offset, char *bytes, gsize size);
/* Why unpacking failed, to be shown to people; NULL where errno says it. Of the stream. */
const char *retour_stream_get_fault(const RetourStream *stream);

/* These bytes are the first of something packed. */
gboolean retour_stream_is_packed(const char *bytes, gsize length);
