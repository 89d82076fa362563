/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/*
 * GMime and its twenty libraries cost a program three quarters of its start, and most mail is read
 * without them. So the programs are not linked with GMime: what the room mime calls of it is
 * defined here, loads the library when it is called first, and goes on to it. libretour is linked
 * with GMime and knows nothing of this.
 */

/* Where nothing can be loaded then, the process ends with this. */
#define RETOUR_LATE_MISSING 86

/* Loads it now: in a program that starts workers for much mail, which then share it, and that is
 * told in time where it is missing. Again, it does nothing. */
gboolean retour_late_load(GError **error);

/* It can be loaded from within a sandbox that has the system's libraries: GLib lies among them. */
gboolean retour_late_may_wait(void);
