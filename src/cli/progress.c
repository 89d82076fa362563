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

static void
append_time(GString *text, double seconds)
{
	guint64 left = (guint64)seconds + 1;
	if (left >= 3600)
		g_string_append_printf(text, ", %" G_GUINT64_FORMAT " h %02u min left", left / 3600,
		                       (guint)(left / 60 % 60));
	else if (left >= 60)
		g_string_append_printf(text, ", %u min %02u s left", (guint)(left / 60),
		                       (guint)(left % 60));
	else
		g_string_append_printf(text, ", %u s left", (guint)left);
}

void
retour_progress_line_update(RetourProgressLine *line, guint64 messages, guint64 unreadable,
                            double share)
{
	if (!line->wanted)
		return;
	gint64 now = g_get_monotonic_time();
	if (now - line->begun < FIRST_MICROSECONDS || now - line->drawn < EACH_MICROSECONDS)
		return;
	double passed = (double)(now - line->begun) / 1e6;
	g_autoptr(GString) text = g_string_new(NULL);
	g_string_append_printf(text, "%" G_GUINT64_FORMAT, messages);
	if (share > 0)
		g_string_append_printf(text, " of about %.0f", (double)messages / share);
	g_string_append_printf(text, " messages, %.0f a second", (double)messages / passed);
	if (share > 0)
		append_time(text, passed * (1 - share) / share);
	if (unreadable > 0)
		g_string_append_printf(text, ", %" G_GUINT64_FORMAT " unreadable", unreadable);
	fprintf(stderr, "\r%s\033[K", text->str);
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
