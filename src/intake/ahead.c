/* SPDX-License-Identifier: BSD-2-Clause */
#include "intake/ahead.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* Behind a file that is in memory so many are taken to be too. */
#define SKIP 15

/* Of one file; nearly all mail is shorter. Bytes. */
#define HEAD (256 * 1024)

/* Not known, on some file systems: then it is asked for. */
static gboolean
is_in_memory(int fd)
{
	char byte;
	const struct iovec one = { &byte, 1 };
	return preadv2(fd, &one, 1, 0, RWF_NOWAIT) >= 0;
}

gboolean
retour_ahead_wants(RetourAhead *ahead)
{
	if (ahead->skip == 0)
		return TRUE;
	ahead->skip--;
	return FALSE;
}

void
retour_ahead_ask(RetourAhead *ahead, const char *path)
{
	struct stat status;
	if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
		return;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return;
	if (is_in_memory(fd))
		ahead->skip = SKIP;
	else
		posix_fadvise(fd, 0, HEAD, POSIX_FADV_WILLNEED);
	close(fd);
}
