/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/* The charset ("iso-2022-jp", "iso-2022-kr", "iso-2022-cn") whose escape sequences stand in @bytes;
 * NULL if none do. */
const char *retour_iso_2022_detect(const char *bytes, gsize length);

/* Appends @bytes as UTF-8, whichever of the ISO-2022 sets are used in it, mixed ones too. */
void retour_iso_2022_decode(const char *bytes, gsize length, GString *out);
