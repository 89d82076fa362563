/* SPDX-License-Identifier: BSD-2-Clause */
#include "lmtp/keep.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/write.h"

/* The tail of a file in which the end of the last whole line is looked for at once. Bytes. */
#define STEP 4096

static gboolean
fail(GError **error, const char *path)
{
	int error_number = errno;
	g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(error_number), "%s: %s", path,
	            g_strerror(error_number));
	return FALSE;
}

/* A name in a folder is durable when the folder is. */
static gboolean
sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	gboolean good = fd >= 0 && fsync(fd) == 0;
	int error_number = errno;
	if (fd >= 0)
		close(fd);
	errno = error_number;
	return good;
}

static gboolean
sync_folder_of(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);
	return sync_folder(folder);
}

/* Under its lock, and still under its name: another may have moved it away meanwhile. -1 with errno
 * set. */
static int
open_locked(const char *path)
{
	for (;;) {
		struct stat named, opened;
		gboolean made = FALSE;
		int fd = open(path, O_RDWR | O_APPEND | O_CLOEXEC);
		if (fd < 0 && errno == ENOENT) {
			fd = open(path, O_RDWR | O_APPEND | O_CLOEXEC | O_CREAT | O_EXCL, 0600);
			made = fd >= 0;
			if (fd < 0 && errno == EEXIST)
				continue;
		}
		if (fd < 0)
			return -1;
		if ((made && !sync_folder_of(path)) || flock(fd, LOCK_EX) != 0 ||
		    fstat(fd, &opened) != 0) {
			int error_number = errno;
			close(fd);
			errno = error_number;
			return -1;
		}
		if (stat(path, &named) == 0 && named.st_ino == opened.st_ino &&
		    named.st_dev == opened.st_dev)
			return fd;
		close(fd);
	}
}

/* Where the last whole line ends; -1 with errno set. A pipe or a device has no end: 0. */
static off_t
find_end(int fd)
{
	char bytes[STEP];
	struct stat status;
	if (fstat(fd, &status) != 0)
		return -1;
	for (off_t end = S_ISREG(status.st_mode) ? status.st_size : 0; end > 0;) {
		gsize length = (gsize)MIN(end, STEP);
		if (pread(fd, bytes, length, end - (off_t)length) != (gssize)length)
			return -1;
		for (gsize i = length; i > 0; i--) {
			if (bytes[i - 1] == '\n')
				return end - (off_t)(length - i);
		}
		end -= (off_t)length;
	}
	return 0;
}

static gboolean
cut_at(int fd, off_t end)
{
	struct stat status;
	if (fstat(fd, &status) != 0)
		return FALSE;
	return !S_ISREG(status.st_mode) || status.st_size == end || ftruncate(fd, end) == 0;
}

/* What is no file on a disk (a pipe, a terminal) cannot be synced, and says so. */
static gboolean
sync_data(int fd)
{
	return fdatasync(fd) == 0 || errno == EINVAL;
}

gboolean
retour_keep_lines(const char *path, const GString *lines, GError **error)
{
	int fd = open_locked(path);
	if (fd < 0)
		return fail(error, path);
	off_t end = find_end(fd);
	gboolean good = end >= 0 && cut_at(fd, end) &&
	                retour_write_all(fd, lines->str, lines->len) && sync_data(fd);
	if (!good) {
		fail(error, path);
		/* Half of it helps nobody. */
		if (end >= 0 && !cut_at(fd, end))
			g_prefix_error(error, "its end may hold lines that will come again: ");
	}
	close(fd);
	return good;
}

static gboolean
make_maildir(const char *path)
{
	static const char *const parts[] = { "tmp", "new", "cur" };
	for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
		g_autofree char *part = g_build_filename(path, parts[i], NULL);
		if (g_mkdir_with_parents(part, 0700) != 0)
			return FALSE;
	}
	return sync_folder(path) && sync_folder_of(path);
}

static gboolean
write_file(const char *path, GBytes *mail)
{
	gsize size;
	const char *bytes = g_bytes_get_data(mail, &size);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return FALSE;
	gboolean good = retour_write_all(fd, bytes, size) && fsync(fd) == 0;
	int error_number = errno;
	good &= close(fd) == 0;
	errno = error_number;
	return good;
}

/* Time, process and a running number tell it from all others of this host. */
static char *
make_name(void)
{
	static guint64 number;
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	g_autofree char *host = g_strdelimit(g_strdup(g_get_host_name()), "/:", '_');
	return g_strdup_printf("%" G_GINT64_FORMAT ".M%06ldP%dQ%" G_GUINT64_FORMAT ".%s",
	                       (gint64)now.tv_sec, now.tv_nsec / 1000, (int)getpid(), ++number,
	                       host);
}

gboolean
retour_keep_mail(const char *path, GBytes *mail, GError **error)
{
	g_autofree char *name = make_name();
	g_autofree char *part = g_build_filename(path, "tmp", name, NULL);
	g_autofree char *folder = g_build_filename(path, "new", NULL);
	g_autofree char *place = g_build_filename(folder, name, NULL);
	if (access(folder, F_OK) != 0 && !make_maildir(path))
		return fail(error, path);
	if (write_file(part, mail) && rename(part, place) == 0 && sync_folder(folder))
		return TRUE;
	fail(error, place);
	unlink(part);
	/* It will come again. */
	unlink(place);
	return FALSE;
}
