/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/* How far long work has come, on the last line of a terminal's standard error. Where that is no
 * terminal, or standard output is one too, nothing is shown. */
typedef struct {
	gboolean wanted, shown;
	gint64 begun, drawn; /* monotonic microseconds */
} RetourProgressLine;

void retour_progress_line_init(RetourProgressLine *line);
/* @share: how much is done, from 0 to 1; 0: nobody knows. */
void retour_progress_line_update(RetourProgressLine *line, guint64 messages, guint64 unreadable,
                                 double share);
void retour_progress_line_clear(RetourProgressLine *line);
