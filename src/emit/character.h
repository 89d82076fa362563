/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/* The next character at *@at, which moves on; *@at < @end. Bytes that are no UTF-8 give one U+FFFD
 * for a whole run of them, so that what is written is valid whatever was handed in. */
gunichar retour_character_next(const char **at, const char *end);

/* C0, DEL, C1, and the separators at which some readers end a line (U+2028, U+2029). */
gboolean retour_character_is_control(gunichar c);

/* Appends @text as one line of at most @limit bytes (0: no limit): controls become spaces. */
void retour_character_append_line(GString *out, const char *text, gsize limit);
