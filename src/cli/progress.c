/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/progress.h"

#include <stdio.h>
#include <unistd.h>

#define FIRST_MICROSECONDS (1000 * 1000)
#define EACH_MICROSECONDS (200 * 1000)

void
retour_progress_line_init(RetourProgressLine *line)
{
	*line = (RetourProgressLine){ .begun = g_get_monotonic_time() };
	line->wanted = isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO);
}

void
retour_progress_line_update(RetourProgressLine *line, guint64 messages)
{
	if (!line->wanted)
		return;
	gint64 now = g_get_monotonic_time();
	if (now - line->begun < FIRST_MICROSECONDS || now - line->drawn < EACH_MICROSECONDS)
		return;
	guint64 rate = messages * 1000000 / (guint64)(now - line->begun);
	fprintf(stderr, "\r%" G_GUINT64_FORMAT " messages, %" G_GUINT64_FORMAT " a second\033[K",
	        messages, rate);
	line->drawn = now;
	line->shown = TRUE;
}

void
retour_progress_line_clear(RetourProgressLine *line)
{
	if (line->shown)
		fputs("\r\033[K", stderr);
	line->shown = FALSE;
}
