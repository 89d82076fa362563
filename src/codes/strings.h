/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/* Strings one behind the other, each once: rows hold offsets into them. Offset 0 is the empty
 * string. */
typedef struct {
	GString *text;     /* owned */
	GHashTable *known; /* owned; string to its offset + 1 */
} RetourStrings;

void retour_strings_init(RetourStrings *strings);
void retour_strings_clear(RetourStrings *strings);
guint32 retour_strings_add(RetourStrings *strings, const char *text);

static inline const char *
retour_strings_get(const RetourStrings *strings, guint32 offset)
{
	return strings->text->str + offset;
}
