/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "intake/intake.h"
#include "intake/mbox.h"
#include "intake/stream.h"

static gboolean
load_range(int fd, guint64 offset, gsize length, GByteArray *buffer)
{
	g_byte_array_set_size(buffer, (guint)length);
	gsize have = 0;
	while (have < length) {
		gssize got = pread(fd, buffer->data + have, length - have, (off_t)(offset + have));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return FALSE;
		if (got == 0)
			break;
		have += (gsize)got;
	}
	g_byte_array_set_size(buffer, (guint)have);
	return TRUE;
}

/* Mail that was packed in its place: Dovecot does so to a Maildir. */
static const char *
unpack(int fd, gsize limit, GByteArray *buffer)
{
	static char *fault;
	g_byte_array_set_size(buffer, 0);
	g_autoptr(RetourStream) file = retour_stream_new(fd);
	g_autoptr(RetourStream) unpacked = retour_stream_new_unpacked(file, G_MAXUINT64);
	if (unpacked && retour_stream_drain(unpacked, G_MAXUINT64, limit, buffer))
		return NULL;
	g_free(fault);
	fault = g_strdup(unpacked ? retour_stream_get_fault(unpacked) : NULL);
	return fault ? fault : g_strerror(errno);
}

static const char *
load_file(const RetourIntakeItem *item, gsize length, gsize limit, gboolean unpacks,
          GByteArray *buffer)
{
	/* What was a file when it was found may by now be a FIFO that nobody writes to. */
	int fd = open(item->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return g_strerror(errno);
	struct stat status;
	const char *fault = NULL;
	if (fstat(fd, &status) == 0 && !S_ISREG(status.st_mode))
		fault = g_strerror(S_ISDIR(status.st_mode) ? EISDIR : EINVAL);
	else if (!load_range(fd, item->base + item->offset, length, buffer))
		fault = g_strerror(errno);
	else if (item->whole && retour_stream_is_packed((const char *)buffer->data, buffer->len)) {
		if (unpacks)
			return unpack(fd, limit, buffer);
		fault = retour_intake_packed;
	}
	close(fd);
	return fault;
}

const char retour_intake_packed[] = "packed";

const char *
retour_intake_load(const RetourIntakeItem *item, gsize limit, gboolean unpacks, GByteArray *buffer)
{
	limit = MIN(limit, G_MAXUINT - 1);
	gsize length = (gsize)MIN(item->length, limit);
	g_byte_array_set_size(buffer, 0);
	if (item->error)
		return item->error;
	if (item->path) {
		const char *fault = load_file(item, length, limit, unpacks, buffer);
		if (fault)
			return fault;
	} else {
		gsize size;
		const guint8 *bytes = g_bytes_get_data(item->bytes, &size);
		g_byte_array_append(buffer, bytes, (guint)MIN(length, size));
	}
	if (item->mboxrd)
		retour_mbox_unquote(buffer);
	return NULL;
}

gboolean
retour_intake_drain(int fd, gsize limit, GByteArray *buffer)
{
	char block[64 * 1024];
	limit = MIN(limit, G_MAXUINT - 1);
	g_byte_array_set_size(buffer, 0);
	for (;;) {
		gssize got = read(fd, block, sizeof block);
		if (got == 0)
			return TRUE;
		if (got > 0) {
			gsize keep = MIN((gsize)got, limit - buffer->len);
			g_byte_array_append(buffer, (const guint8 *)block, (guint)keep);
		} else if (errno == EAGAIN) {
			poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, -1);
		} else if (errno != EINTR) {
			return FALSE;
		}
	}
}
