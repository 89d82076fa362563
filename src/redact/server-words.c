/* SPDX-License-Identifier: BSD-2-Clause */
#include <retour/codes.h>

#include "redact/redaction.h"

/* Letters of any script make a word; whatever stands between them ends it. */
static void
add_words(GHashTable *words, const char *text)
{
	while (*text) {
		const char *end = text;
		while (*end && g_unichar_isalpha(g_utf8_get_char(end)))
			end = g_utf8_next_char(end);
		if (end > text)
			g_hash_table_add(words, g_strndup(text, (gsize)(end - text)));
		text = *end ? g_utf8_next_char(end) : end;
	}
}

/* The phrases are what servers say: their words are in the table already, in lower case. */
static GHashTable *
collect(void)
{
	static const char *const sheets[] = { "phrases", "providers" };
	GHashTable *words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(sheets); i++) {
		const RetourSheet *sheet = retour_sheet_find(sheets[i]);
		for (guint row = 0; row < retour_sheet_get_n_rows(sheet); row++)
			add_words(words, retour_sheet_get_text(sheet, row, "text"));
	}
	return words;
}

gboolean
retour_is_server_word(const char *word)
{
	static GHashTable *words;
	if (g_once_init_enter(&words))
		g_once_init_leave(&words, collect());
	return g_hash_table_contains(words, word);
}
