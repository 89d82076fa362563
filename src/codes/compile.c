/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * retour-codes-compile FOLDER FILE: checks the data files of FOLDER and writes them as C tables to
 * FILE. Every fault is told on stderr as "file:line: what is wrong: what to do"; with any nothing
 * is written and the exit code is 1.
 */
#include "codes/compile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

guint32
codes_pool(Codes *codes, const char *text)
{
	return retour_strings_add(&codes->strings, text);
}

const char *
codes_text(const Codes *codes, guint32 offset)
{
	return retour_strings_get(&codes->strings, offset);
}

void
codes_fault(Codes *codes, const char *file, guint line, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *what = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	if (line > 0)
		fprintf(stderr, "%s:%u: %s\n", file, line, what);
	else
		fprintf(stderr, "%s\n", what);
	codes->faults++;
}

guint16
codes_find_reason(const Codes *codes, const char *name)
{
	for (guint i = 0; i < codes->reasons->len; i++) {
		const RetourReason *reason = &g_array_index(codes->reasons, RetourReason, i);
		if (strcmp(codes_text(codes, reason->name), name) == 0)
			return (guint16)i;
	}
	return RETOUR_CODES_NONE;
}

guint16
codes_reason(Codes *codes, const char *file, guint line, const char *name)
{
	guint16 reason = codes_find_reason(codes, name);
	if (reason == RETOUR_CODES_NONE)
		codes_fault(codes, file, line,
		            "unknown reason \"%s\": use one of reasons.tsv, or add it there", name);
	return reason;
}

guint8
codes_class(Codes *codes, const char *file, guint line, const char *word, gboolean by_digit)
{
	static const char *const words[] = {
		[RETOUR_CLASS_NONE] = "none",
		[RETOUR_CLASS_SOFT] = "soft",
		[RETOUR_CLASS_HARD] = "hard",
		[RETOUR_CODES_BY_DIGIT] = "by-digit",
	};
	for (guint8 i = 0; i < G_N_ELEMENTS(words); i++) {
		if (strcmp(words[i], word) == 0 && (i != RETOUR_CODES_BY_DIGIT || by_digit))
			return i;
	}
	codes_fault(codes, file, line, "\"%s\" is no class: write hard, soft%s", word,
	            by_digit ? ", none or by-digit" : " or none");
	return RETOUR_CLASS_NONE;
}

static void
free_table(gpointer table)
{
	retour_table_free(table);
}

static guint16
find_reason(const char *name, gpointer data)
{
	return codes_find_reason(data, name);
}

static void
codes_init(Codes *codes)
{
	*codes = (Codes){
		.tables = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_table),
		.sheets = g_array_new(FALSE, TRUE, sizeof(RetourSheet)),
		.columns = g_array_new(FALSE, TRUE, sizeof(guint32)),
		.cells = g_array_new(FALSE, TRUE, sizeof(guint32)),
		.reasons = g_array_new(FALSE, TRUE, sizeof(RetourReason)),
		.codes = g_array_new(FALSE, TRUE, sizeof(RetourCode)),
		.subjects = g_array_new(FALSE, TRUE, sizeof(guint16)),
		.bare_rules = g_array_new(FALSE, TRUE, sizeof(guint16)),
		.pattern_rules = g_array_new(FALSE, TRUE, sizeof(guint16)),
		.matcher = g_array_new(FALSE, TRUE, sizeof(guint16)),
		.profiles = g_array_new(FALSE, TRUE, sizeof(RetourProfileRow)),
		.overrides = g_array_new(FALSE, TRUE, sizeof(RetourCodesOverride)),
	};
	retour_strings_init(&codes->strings);
	retour_rule_reader_init(&codes->rules, &codes->strings);
	codes->rules.find_reason = find_reason;
	codes->rules.data = codes;
}

static void
codes_clear(Codes *codes)
{
	GArray *arrays[] = { codes->sheets,     codes->columns,       codes->cells,
		             codes->reasons,    codes->codes,         codes->subjects,
		             codes->bare_rules, codes->pattern_rules, codes->matcher,
		             codes->profiles,   codes->overrides };
	for (gsize i = 0; i < G_N_ELEMENTS(arrays); i++)
		g_array_unref(arrays[i]);
	g_hash_table_unref(codes->tables);
	retour_rule_reader_clear(&codes->rules);
	retour_strings_clear(&codes->strings);
}

/* Rules in their order and what finds them; not tried where anything before was wrong. */
static void
codes_read_rules(Codes *codes)
{
	static const char *const sheets[] = { "providers", "phrases" };
	for (guint i = 0; i < G_N_ELEMENTS(sheets); i++) {
		const RetourTable *table = codes_table(codes, sheets[i]);
		if (table)
			retour_rule_reader_add(&codes->rules, table, i == 0, 0);
	}
	gboolean good = codes->faults == 0 && codes->rules.faults->len == 0;
	g_autoptr(RetourMatcher) matcher =
	        good ? retour_rule_reader_finish(&codes->rules, codes->bare_rules,
	                                         codes->pattern_rules)
	             : NULL;
	for (guint i = 0; i < codes->rules.faults->len; i++)
		codes_fault(codes, NULL, 0, "%s", (const char *)codes->rules.faults->pdata[i]);
	gsize n = 0;
	const guint16 *numbers = matcher ? retour_matcher_get_numbers(matcher, &n) : NULL;
	g_array_append_vals(codes->matcher, numbers, (guint)n);
}

static gboolean
compile(Codes *codes, const char *folder, const char *file)
{
	codes_read_sheets(codes, folder);
	codes_read_reasons(codes);
	codes_read_codes(codes);
	codes_read_profiles(codes, folder);
	codes_read_rules(codes);
	if (codes->faults > 0) {
		fprintf(stderr, "%u fault%s in %s\n", codes->faults, codes->faults > 1 ? "s" : "",
		        folder);
		return FALSE;
	}
	g_autoptr(GString) source = codes_write(codes);
	g_autoptr(GError) error = NULL;
	if (g_file_set_contents(file, source->str, (gssize)source->len, &error))
		return TRUE;
	fprintf(stderr, "%s\n", error->message);
	return FALSE;
}

int
main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: %s FOLDER FILE\n", argv[0]);
		return 64;
	}
	Codes codes;
	codes_init(&codes);
	gboolean good = compile(&codes, argv[1], argv[2]);
	codes_clear(&codes);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
