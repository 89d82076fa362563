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
	gpointer known = g_hash_table_lookup(codes->pooled, text);
	if (known)
		return GPOINTER_TO_UINT(known) - 1;
	guint32 offset = (guint32)codes->pool->len;
	g_string_append_len(codes->pool, text, (gssize)strlen(text) + 1);
	g_hash_table_insert(codes->pooled, g_strdup(text), GUINT_TO_POINTER(offset + 1));
	return offset;
}

const char *
codes_text(const Codes *codes, guint32 offset)
{
	return codes->pool->str + offset;
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
codes_reason(Codes *codes, const char *file, guint line, const char *name)
{
	for (guint i = 0; i < codes->reasons->len; i++) {
		const RetourReason *reason = &g_array_index(codes->reasons, RetourReason, i);
		if (strcmp(codes_text(codes, reason->name), name) == 0)
			return (guint16)i;
	}
	codes_fault(codes, file, line,
	            "unknown reason \"%s\": use one of reasons.tsv, or add it there", name);
	return RETOUR_CODES_NONE;
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
codes_init(Codes *codes)
{
	*codes = (Codes){
		.pool = g_string_new(NULL),
		.pooled = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
		.reasons = g_array_new(FALSE, TRUE, sizeof(RetourReason)),
		.codes = g_array_new(FALSE, TRUE, sizeof(RetourCode)),
		.subjects = g_array_new(FALSE, TRUE, sizeof(guint16)),
		.rules = g_array_new(FALSE, TRUE, sizeof(RetourRule)),
		.statuses = g_array_new(FALSE, TRUE, sizeof(RetourCodesStatus)),
		.replies = g_array_new(FALSE, TRUE, sizeof(RetourCodesReply)),
		.bare_rules = g_array_new(FALSE, TRUE, sizeof(guint16)),
		.pattern_rules = g_array_new(FALSE, TRUE, sizeof(guint16)),
		.matcher = g_array_new(FALSE, TRUE, sizeof(guint16)),
		.profiles = g_array_new(FALSE, TRUE, sizeof(RetourProfileRow)),
		.overrides = g_array_new(FALSE, TRUE, sizeof(RetourCodesOverride)),
	};
	codes_pool(codes, "");
}

static void
codes_clear(Codes *codes)
{
	GArray *arrays[] = { codes->reasons,    codes->codes,         codes->subjects,
		             codes->rules,      codes->statuses,      codes->replies,
		             codes->bare_rules, codes->pattern_rules, codes->matcher,
		             codes->profiles,   codes->overrides };
	for (gsize i = 0; i < G_N_ELEMENTS(arrays); i++)
		g_array_unref(arrays[i]);
	g_hash_table_unref(codes->pooled);
	g_string_free(codes->pool, TRUE);
}

static gboolean
compile(Codes *codes, const char *folder, const char *file)
{
	codes_read_reasons(codes, folder);
	codes_read_codes(codes, folder);
	codes_read_profiles(codes, folder);
	codes_read_rules(codes, folder);
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
