/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/counts.h"

#include <string.h>

struct RetourCounts {
	GHashTable *table; /* owned; text to its count */
	guint64 others;
};

RetourCounts *
retour_counts_new(void)
{
	RetourCounts *counts = g_new0(RetourCounts, 1);
	counts->table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return counts;
}

void
retour_counts_free(RetourCounts *counts)
{
	g_hash_table_unref(counts->table);
	g_free(counts);
}

void
retour_counts_add(RetourCounts *counts, const char *text, gsize length)
{
	g_autofree char *key = g_strndup(text, length);
	guint64 *count = g_hash_table_lookup(counts->table, key);
	if (count)
		++*count;
	else if (g_hash_table_size(counts->table) < RETOUR_COUNTS_MAX)
		g_hash_table_insert(counts->table, g_steal_pointer(&key),
		                    g_memdup2(&(guint64){ 1 }, sizeof(guint64)));
	else
		counts->others++;
}

typedef struct {
	const char *text;
	guint64 count;
} Line;

static gint
compare_lines(gconstpointer a, gconstpointer b)
{
	const Line *x = a, *y = b;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return strcmp(x->text, y->text);
}

void
retour_counts_print(const RetourCounts *counts, const char *title, guint most, FILE *out)
{
	g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(Line));
	GHashTableIter each;
	gpointer text, count;
	g_hash_table_iter_init(&each, counts->table);
	while (g_hash_table_iter_next(&each, &text, &count)) {
		const Line line = { text, *(const guint64 *)count };
		g_array_append_val(lines, line);
	}
	if (lines->len == 0)
		return;
	g_array_sort(lines, compare_lines);
	fprintf(out, "%s\n", title);
	for (guint i = 0; i < MIN(most, lines->len); i++) {
		const Line *line = &g_array_index(lines, Line, i);
		fprintf(out, "  %10" G_GUINT64_FORMAT "  %s\n", line->count, line->text);
	}
	guint64 others = counts->others;
	for (guint i = most; i < lines->len; i++)
		others += g_array_index(lines, Line, i).count;
	if (others > 0)
		fprintf(out, "  %10" G_GUINT64_FORMAT "  (others)\n", others);
}
