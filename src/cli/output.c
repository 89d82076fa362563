/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/output.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "cli/command.h"

#define ENOUGH_BYTES (64 * 1024)
#define LONG_MICROSECONDS (100 * 1000)

void
retour_output_init(RetourOutput *output)
{
	*output = (RetourOutput){ .text = g_string_new(NULL) };
}

gboolean
retour_output_flush(RetourOutput *output)
{
	const char *bytes = output->text->str;
	gsize rest = output->text->len;
	while (rest > 0 && !output->error) {
		gssize got = write(STDOUT_FILENO, bytes, rest);
		if (got >= 0) {
			bytes += got;
			rest -= (gsize)got;
		} else if (errno == EAGAIN) {
			poll(&(struct pollfd){ .fd = STDOUT_FILENO, .events = POLLOUT }, 1, -1);
		} else if (errno != EINTR) {
			output->error = errno;
		}
	}
	g_string_truncate(output->text, 0);
	output->written_at = g_get_monotonic_time();
	return !output->error;
}

gboolean
retour_output_add(RetourOutput *output, const char *text, gsize length)
{
	g_string_append_len(output->text, text, (gssize)length);
	if (output->text->len < ENOUGH_BYTES &&
	    g_get_monotonic_time() - output->written_at < LONG_MICROSECONDS)
		return !output->error;
	return retour_output_flush(output);
}

int
retour_output_finish(RetourOutput *output, int exit_code, int trouble)
{
	gboolean written = retour_output_flush(output);
	g_string_free(output->text, TRUE);
	if (written)
		return exit_code;
	if (output->error != EPIPE)
		retour_cli_complain("standard output: %s", g_strerror(output->error));
	return trouble;
}
