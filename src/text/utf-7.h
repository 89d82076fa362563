/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/* Appends 7-bit @bytes of UTF-7 (RFC 2152) as UTF-8; whatever is no valid shifted sequence stays as
 * it is written. */
void retour_utf_7_decode(const char *bytes, gsize length, GString *out);
