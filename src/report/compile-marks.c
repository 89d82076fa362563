/* SPDX-License-Identifier: BSD-2-Clause */

/* Host tool: marks.tsv to marks-tables.h. "retour-marks-compile MARKS.tsv OUT.h" */

#include <stdio.h>
#include <stdlib.h>

#include "base/table.h"
#include "report/marks.h"
#include "text/fold.h"
#include "text/matcher.h"

typedef struct {
	const char *word;
	guint16 value;
} Word;

static const Word places[] = {
	{ "from", RETOUR_MARK_IN_FROM },
	{ "subject", RETOUR_MARK_IN_SUBJECT },
	{ "text", RETOUR_MARK_IN_TEXT },
};

static const Word meanings[] = {
	{ "daemon", RETOUR_MARK_DAEMON },       { "bounce", RETOUR_MARK_BOUNCE },
	{ "delay", RETOUR_MARK_DELAY },         { "auto-reply", RETOUR_MARK_AUTO_REPLY },
	{ "person", RETOUR_MARK_PERSON },       { "transcript", RETOUR_MARK_TRANSCRIPT },
	{ "challenge", RETOUR_MARK_CHALLENGE }, { "moderation", RETOUR_MARK_MODERATION },
	{ "refused", RETOUR_MARK_REFUSED },     { "complaint", RETOUR_MARK_COMPLAINT },
	{ "border", RETOUR_MARK_BORDER },
};

G_NORETURN static void
fail(const RetourTable *table, const RetourTableRow *row, const char *what, const char *remedy)
{
	fprintf(stderr, "%s:%u: %s: %s\n", retour_table_get_name(table), row->line, what, remedy);
	exit(1);
}

static guint16
look_up(const RetourTable *table, const RetourTableRow *row, const char *cell, const Word *words,
        guint n)
{
	for (guint i = 0; i < n; i++)
		if (strcmp(cell, words[i].word) == 0)
			return words[i].value;
	fail(table, row, "unknown word", "take one of those named in src/report/compile-marks.c");
}

static void
check_row(const RetourTable *table, const RetourTableRow *row, GHashTable *seen)
{
	g_auto(RetourFolded) folded = { 0 };
	retour_text_fold(&folded, row->cells[2], strlen(row->cells[2]));
	if (strcmp(folded.text, row->cells[2]) != 0)
		fail(table, row, "the text is not in folded form",
		     "write it in lower case with single spaces");
	if (!*row->cells[3] || !*row->cells[4])
		fail(table, row, "language or source is missing", "say where it was seen");
	if (!g_hash_table_add(seen, g_strconcat(row->cells[0], "\t", row->cells[2], NULL)))
		fail(table, row, "doubled",
		     "take the row out: another one has this place and text");
}

static void
write_tables(FILE *out, const RetourTable *table, const RetourMatcher *matcher)
{
	gsize n;
	const guint16 *numbers = retour_matcher_get_numbers(matcher, &n);
	fputs("/* Made from marks.tsv by retour-marks-compile. */\n#pragma once\n\n", out);
	fputs("static const RetourMarkRow retour_mark_rows[] = {\n", out);
	for (guint i = 0; i < retour_table_get_size(table); i++) {
		const RetourTableRow *row = retour_table_get_row(table, i);
		fprintf(out, "\t{ %u, %u },\n",
		        look_up(table, row, row->cells[0], places, G_N_ELEMENTS(places)),
		        look_up(table, row, row->cells[1], meanings, G_N_ELEMENTS(meanings)));
	}
	fputs("};\n\nstatic const guint16 retour_mark_numbers[] = {", out);
	for (gsize i = 0; i < n; i++)
		fprintf(out, "%s%u,", i % 16 == 0 ? "\n\t" : " ", numbers[i]);
	fputs("\n};\n\nstatic const char retour_mark_texts[] =", out);
	for (guint i = 0; i < retour_table_get_size(table); i++) {
		g_autofree char *text = g_strescape(retour_table_get_row(table, i)->cells[2], NULL);
		fprintf(out, "\n\t\"%s\\0\"", text);
	}
	fputs(";\n", out);
}

int
main(int argc, char **argv)
{
	static const char *const columns[] = { "where", "says", "text", "lang", "source", NULL };
	g_autoptr(GError) error = NULL;
	if (argc != 3) {
		fprintf(stderr, "usage: retour-marks-compile MARKS.tsv OUT.h\n");
		return 64;
	}
	g_autoptr(RetourTable) table = retour_table_read(argv[1], columns, &error);
	if (!table) {
		fprintf(stderr, "%s\n", error->message);
		return 1;
	}
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	guint n = retour_table_get_size(table);
	g_autofree const char **patterns = g_new0(const char *, n + 1);
	for (guint i = 0; i < n; i++) {
		check_row(table, retour_table_get_row(table, i), seen);
		patterns[i] = retour_table_get_row(table, i)->cells[2];
	}
	g_autoptr(RetourMatcher) matcher = retour_matcher_build(patterns, n, &error);
	if (!matcher) {
		fprintf(stderr, "%s: %s\n", argv[1], error->message);
		return 1;
	}
	FILE *out = fopen(argv[2], "w");
	if (!out) {
		perror(argv[2]);
		return 1;
	}
	write_tables(out, table, matcher);
	if (fclose(out) != 0) {
		perror(argv[2]);
		return 1;
	}
	return 0;
}
