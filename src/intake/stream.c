/* SPDX-License-Identifier: BSD-2-Clause */
#include "intake/stream.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "intake/unpacker.h"

/* What is packed may hold so many times its size, and a floor beside it; a bomb holds more. Ten
 * thousand equal bounces stay below. */
#define UNPACKED_RATIO 2000u
#define UNPACKED_FLOOR (64u * 1024 * 1024)

struct RetourStream {
	int fd; /* owned; -1 if unpacking */

	const RetourUnpacker *unpacker; /* NULL: none */
	RetourUnpacking unpacking;
	RetourStream *source; /* of the caller */
	guint64 rest;         /* of source: bytes that are not yet fed */
	guint64 fed, unpacked;
	char *fault; /* owned */

	guint64 offset;
	gsize begin, end; /* in ahead: read, but not yet taken */
	char *ahead;      /* owned; of RETOUR_STREAM_LOOK bytes, or NULL */
};

RetourStream *
retour_stream_new(int fd)
{
	RetourStream *stream = g_new0(RetourStream, 1);
	stream->fd = fd;
	return stream;
}

RetourStream *
retour_stream_new_unpacked(RetourStream *source, guint64 size)
{
	gsize have;
	const char *magic = retour_stream_look(source, 16, &have);
	if (!magic)
		return NULL;
	RetourStream *stream = retour_stream_new(-1);
	stream->source = source;
	stream->rest = size;
	stream->unpacker = retour_unpacker_find(magic, MIN(have, size));
	if (stream->unpacker && retour_unpacker_start(stream->unpacker, &stream->unpacking))
		return stream;
	int error = stream->unpacker ? errno : EINVAL;
	g_free(stream);
	errno = error;
	return NULL;
}

void
retour_stream_free(RetourStream *stream)
{
	if (!stream)
		return;
	if (stream->unpacker)
		retour_unpacking_clear(&stream->unpacking);
	if (stream->fd >= 0)
		close(stream->fd);
	g_free(stream->fault);
	g_free(stream->ahead);
	g_free(stream);
}

/* Gives the program what it takes. */
static gboolean
feed(RetourStream *stream)
{
	gsize have;
	const char *bytes = retour_stream_look(stream->source, RETOUR_STREAM_LOOK, &have);
	if (!bytes)
		return FALSE;
	have = (gsize)MIN(have, stream->rest);
	gssize sent =
	        have > 0 ? send(stream->unpacking.to, bytes, have, MSG_DONTWAIT | MSG_NOSIGNAL) : 0;
	if (sent > 0) {
		stream->fed += (gsize)sent;
		stream->rest -= (gsize)sent;
		return retour_stream_skip(stream->source, (guint64)sent);
	}
	/* At the end, or the program has enough of it: how it ends tells. */
	if (have == 0 || (errno != EAGAIN && errno != EINTR))
		retour_unpacking_close_input(&stream->unpacking);
	return TRUE;
}

static gssize
fail(RetourStream *stream, char *fault)
{
	stream->fault = fault;
	retour_unpacking_clear(&stream->unpacking);
	errno = EIO;
	return -1;
}

static gssize
end_unpacking(RetourStream *stream)
{
	if (stream->unpacking.pid == 0)
		return stream->fault ? -1 : 0;
	char *fault = retour_unpacker_end(stream->unpacker, &stream->unpacking);
	return fault ? fail(stream, fault) : 0;
}

static gssize
count_unpacked(RetourStream *stream, gssize got)
{
	stream->unpacked += (guint64)got;
	if (stream->unpacked <= UNPACKED_FLOOR + UNPACKED_RATIO * stream->fed)
		return got;
	return fail(stream,
	            g_strdup_printf("it holds more than %u times its size", UNPACKED_RATIO));
}

static gssize
read_unpacked(RetourStream *stream, char *bytes, gsize size)
{
	RetourUnpacking *unpacking = &stream->unpacking;
	while (unpacking->pid != 0) {
		struct pollfd ends[] = { { .fd = unpacking->from, .events = POLLIN },
			                 { .fd = unpacking->to, .events = POLLOUT } };
		if (poll(ends, G_N_ELEMENTS(ends), -1) < 0 && errno != EINTR)
			return -1;
		if (ends[1].revents && !feed(stream))
			return -1;
		gssize got = ends[0].revents ? read(unpacking->from, bytes, size) : -1;
		if (got > 0)
			return count_unpacked(stream, got);
		if (got == 0)
			break;
	}
	return end_unpacking(stream);
}

static gssize
read_some(RetourStream *stream, char *bytes, gsize size)
{
	if (stream->unpacker)
		return read_unpacked(stream, bytes, size);
	for (;;) {
		gssize got = read(stream->fd, bytes, size);
		if (got >= 0)
			return got;
		if (errno == EAGAIN)
			poll(&(struct pollfd){ .fd = stream->fd, .events = POLLIN }, 1, -1);
		else if (errno != EINTR)
			return -1;
	}
}

const char *
retour_stream_look(RetourStream *stream, gsize want, gsize *have)
{
	g_return_val_if_fail(want <= RETOUR_STREAM_LOOK, NULL);
	if (!stream->ahead)
		stream->ahead = g_malloc(RETOUR_STREAM_LOOK);
	if (stream->end - stream->begin < want && stream->begin > 0) {
		memmove(stream->ahead, stream->ahead + stream->begin, stream->end - stream->begin);
		stream->end -= stream->begin;
		stream->begin = 0;
	}
	while (stream->end - stream->begin < want) {
		gssize got = read_some(stream, stream->ahead + stream->end,
		                       RETOUR_STREAM_LOOK - stream->end);
		if (got < 0)
			return NULL;
		if (got == 0)
			break;
		stream->end += (gsize)got;
	}
	*have = stream->end - stream->begin;
	return stream->ahead + stream->begin;
}

gssize
retour_stream_read(RetourStream *stream, char *bytes, gsize size)
{
	gsize have = MIN(stream->end - stream->begin, size);
	gssize got = (gssize)have;
	if (have > 0) {
		memcpy(bytes, stream->ahead + stream->begin, have);
		stream->begin += have;
	} else {
		got = read_some(stream, bytes, size);
	}
	stream->offset += (guint64)MAX(got, 0);
	return got;
}

gboolean
retour_stream_skip(RetourStream *stream, guint64 size)
{
	gsize have = (gsize)MIN(stream->end - stream->begin, size);
	stream->begin += have;
	stream->offset += have;
	size -= have;
	if (size > 0 && stream->fd >= 0 && size <= G_MAXINT64 &&
	    lseek(stream->fd, (off_t)size, SEEK_CUR) >= 0) {
		stream->offset += size;
		return TRUE;
	}
	g_autofree char *bytes = size > 0 ? g_malloc(RETOUR_STREAM_LOOK) : NULL;
	while (size > 0) {
		gssize got =
		        retour_stream_read(stream, bytes, (gsize)MIN(size, RETOUR_STREAM_LOOK));
		if (got <= 0)
			return got == 0;
		size -= (guint64)got;
	}
	return TRUE;
}

gboolean
retour_stream_drain(RetourStream *stream, guint64 size, gsize keep, GByteArray *buffer)
{
	g_autofree char *bytes = g_malloc(RETOUR_STREAM_LOOK);
	while (size > 0 && !(stream->unpacker && buffer->len == keep)) {
		gssize got =
		        retour_stream_read(stream, bytes, (gsize)MIN(size, RETOUR_STREAM_LOOK));
		if (got <= 0)
			return got == 0;
		gsize kept = MIN((gsize)got, keep - buffer->len);
		g_byte_array_append(buffer, (const guint8 *)bytes, (guint)kept);
		size -= (guint64)got;
	}
	return TRUE;
}

guint64
retour_stream_get_offset(const RetourStream *stream)
{
	return stream->offset;
}

gssize
retour_stream_read_at(const RetourStream *stream, guint64 offset, char *bytes, gsize size)
{
	return stream->fd >= 0 && offset <= G_MAXINT64
	               ? pread(stream->fd, bytes, size, (off_t)offset)
	               : -1;
}

const char *
retour_stream_get_fault(const RetourStream *stream)
{
	return stream->fault;
}

gboolean
retour_stream_is_packed(const char *bytes, gsize length)
{
	return retour_unpacker_find(bytes, length) != NULL;
}
