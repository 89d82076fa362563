/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/write.h"

#include <errno.h>
#include <unistd.h>

gboolean
retour_write_all(int fd, const char *bytes, gsize length)
{
	while (length > 0) {
		gssize n = write(fd, bytes, length);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return FALSE;
		bytes += n;
		length -= (gsize)n;
	}
	return TRUE;
}
