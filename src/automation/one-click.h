/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/* Unsubscribes whoever the mail at @path ("-": standard input) is about, by the one-click address
 * of the mail that came back, which must lead to @host. Tells standard output or standard error;
 * FALSE in trouble. */
gboolean retour_one_click_run(const char *path, const char *host, gboolean dry);
