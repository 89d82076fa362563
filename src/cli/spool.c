/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/write.h"

#define STEP (64u * 1024)

static gssize
read_step(char *bytes)
{
	gssize n;
	do
		n = read(STDIN_FILENO, bytes, STEP);
	while (n < 0 && errno == EINTR);
	return n;
}

static int
open_file(void)
{
	const char *folder = g_get_tmp_dir();
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;
	/* Not every file system has O_TMPFILE. */
	g_autofree char *path = g_build_filename(folder, "retour-XXXXXX", NULL);
	fd = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		unlink(path);
	return fd;
}

/* From memory to a file, once the mail has outgrown the one. */
static gboolean
spill(RetourSpool *spool)
{
	spool->fd = open_file();
	spool->length = spool->head->len;
	return spool->fd >= 0 && retour_write_all(spool->fd, spool->head->str, spool->head->len);
}

/* Keeps one step; FALSE if there is no room for it. What a full disk took of it does not count. */
static gboolean
keep(RetourSpool *spool, const char *bytes, gsize length)
{
	if (spool->fd < 0 && spool->head->len + length <= RETOUR_SPOOL_MEMORY) {
		g_string_append_len(spool->head, bytes, (gssize)length);
		return TRUE;
	}
	if (spool->fd < 0 && !spill(spool)) {
		if (spool->fd >= 0)
			close(spool->fd);
		spool->fd = -1;
		return FALSE;
	}
	if (retour_write_all(spool->fd, bytes, length)) {
		spool->length += length;
		return TRUE;
	}
	return FALSE;
}

gboolean
retour_spool_fill(RetourSpool *spool)
{
	*spool = (RetourSpool){ .head = g_string_new(NULL), .fd = -1 };
	g_autofree char *bytes = g_malloc(STEP);
	gssize n;
	while ((n = read_step(bytes)) > 0) {
		if (keep(spool, bytes, (gsize)n))
			continue;
		spool->step = g_steal_pointer(&bytes);
		spool->n_step = (gsize)n;
		return TRUE;
	}
	return n == 0;
}

static gboolean
write_file(const RetourSpool *spool, gsize from)
{
	g_autofree char *bytes = g_malloc(STEP);
	while (from < spool->length) {
		gssize n = pread(spool->fd, bytes, MIN(STEP, spool->length - from), (off_t)from);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || !retour_write_all(STDOUT_FILENO, bytes, (gsize)n))
			return FALSE;
		from += (gsize)n;
	}
	return TRUE;
}

static gboolean
write_rest(const RetourSpool *spool)
{
	gssize n = (gssize)spool->n_step;
	while (n > 0) {
		if (!retour_write_all(STDOUT_FILENO, spool->step, (gsize)n))
			return FALSE;
		n = read_step(spool->step);
	}
	return n == 0;
}

gboolean
retour_spool_write(const RetourSpool *spool, gsize from)
{
	gboolean good = spool->fd >= 0 ? write_file(spool, from)
	                               : retour_write_all(STDOUT_FILENO, spool->head->str + from,
	                                                  spool->head->len - from);
	return good && (!spool->step || write_rest(spool));
}

void
retour_spool_clear(RetourSpool *spool)
{
	if (spool->fd >= 0)
		close(spool->fd);
	if (spool->head)
		g_string_free(spool->head, TRUE);
	g_free(spool->step);
	*spool = (RetourSpool){ .fd = -1 };
}
