/* SPDX-License-Identifier: BSD-2-Clause */
#include "codes/strings.h"

#include <string.h>

void
retour_strings_init(RetourStrings *strings)
{
	strings->text = g_string_new(NULL);
	strings->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	retour_strings_add(strings, "");
}

void
retour_strings_clear(RetourStrings *strings)
{
	g_clear_pointer(&strings->known, g_hash_table_unref);
	if (strings->text)
		g_string_free(g_steal_pointer(&strings->text), TRUE);
}

guint32
retour_strings_add(RetourStrings *strings, const char *text)
{
	gpointer known = g_hash_table_lookup(strings->known, text);
	if (known)
		return GPOINTER_TO_UINT(known) - 1;
	guint32 offset = (guint32)strings->text->len;
	g_string_append_len(strings->text, text, (gssize)strlen(text) + 1);
	g_hash_table_insert(strings->known, g_strdup(text), GUINT_TO_POINTER(offset + 1));
	return offset;
}
