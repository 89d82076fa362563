/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "text/charset-names.h"

/* Appends @bytes of @charset (kinds SINGLE, MULTI and WIDE) as UTF-8. Bytes that it does not allow
 * become one U+FFFD for each run of them. Returns how many these were. */
gsize retour_convert(const RetourCharset *charset, const char *bytes, gsize length, GString *out);

/* The same, all or nothing: FALSE and @out unchanged where a byte is not allowed. */
gboolean retour_convert_whole(const RetourCharset *charset, const char *bytes, gsize length,
                              GString *out);

/* The character that a byte of windows-1252 stands for; 0 if none, and for 0. */
gunichar retour_windows_1252(guchar byte);
