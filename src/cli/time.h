/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/* RFC 3339, a date alone, or "@SECONDS". */
gboolean retour_time_parse(const char *text, gint64 *time);
