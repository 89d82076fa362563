/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/* Ways to bring bytes into safety: each returns TRUE only when they will survive the death of this
 * process and of the machine, or are in somebody else's hands. FALSE with @error set (G_FILE_ERROR
 * or G_SPAWN_ERROR); then nothing of them is to be seen. */

/* Appends whole lines to the file @path, which is made if it is missing (mode 0600). Others may
 * append to it by the same rule, and it may be moved away at any time. A line that somebody killed
 * has left unfinished goes: nobody was told that it is there. */
gboolean retour_keep_lines(const char *path, const GString *lines, GError **error);

/* A new mail in the Maildir @path, which is made if it is missing. */
gboolean retour_keep_mail(const char *path, GBytes *mail, GError **error);

/* Runs @argv (NULL-terminated, no shell) with the lines on its standard input. It must end with 0
 * within @timeout_ms; else it is killed. */
gboolean retour_keep_by_command(char **argv, const GString *lines, guint timeout_ms,
                                GError **error);
