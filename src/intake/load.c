/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "intake/intake.h"
#include "intake/mbox.h"

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

static gboolean
load_file(const RetourIntakeItem *item, gsize length, GByteArray *buffer)
{
	/* What was a file when it was found may by now be a FIFO that nobody writes to. */
	int fd = open(item->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return FALSE;
	struct stat status;
	gboolean done = fstat(fd, &status) == 0;
	if (done && !S_ISREG(status.st_mode)) {
		errno = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
		done = FALSE;
	}
	done = done && load_range(fd, item->offset, length, buffer);
	int error = errno;
	close(fd);
	errno = error;
	return done;
}

gboolean
retour_intake_load(const RetourIntakeItem *item, gsize limit, GByteArray *buffer)
{
	gsize length = (gsize)MIN(item->length, MIN(limit, G_MAXUINT - 1));
	g_byte_array_set_size(buffer, 0);
	if (item->path) {
		if (!load_file(item, length, buffer))
			return FALSE;
	} else {
		gsize size;
		const guint8 *bytes = g_bytes_get_data(item->bytes, &size);
		g_byte_array_append(buffer, bytes, (guint)MIN(length, size));
	}
	if (item->mboxrd)
		retour_mbox_unquote(buffer);
	return TRUE;
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
