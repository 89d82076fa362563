/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/* Appends @bytes as valid UTF-8: what is valid stays, each maximal invalid run becomes U+FFFD, NUL
 * becomes a space. */
void retour_text_repair(const char *bytes, gsize length, GString *out);

/* Appends @bytes, said to be in @charset (NULL or "": not said), as valid UTF-8. Text is never lost
 * because a label lies: ISO-2022 escape sequences are looked for first (they are 7-bit, so "valid
 * UTF-8" proves nothing), then the label (with its aliases and misspellings) is tried, then UTF-8,
 * then a guess among what the bytes allow, at last windows-1252. Returns the name of the charset
 * that was used, a static string. */
const char *retour_text_decode(const char *bytes, gsize length, const char *charset, GString *out);
