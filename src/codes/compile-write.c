/* SPDX-License-Identifier: BSD-2-Clause */

/* The tables as C source. */
#include "codes/compile.h"

static void
write_row(GString *out, const guint *numbers, gsize n)
{
	for (gsize i = 0; i < n; i++)
		g_string_append_printf(out, "%s%u", i == 0 ? "{ " : ", ", numbers[i]);
	g_string_append(out, " }");
}

/* Numbers of one row in a line; an empty table gets one row of zeros, for C has no arrays without
 * elements. */
typedef void (*WriteRow)(GString *out, gconstpointer row);

static void
write_table(GString *out, const char *type, const char *name, const GArray *rows, WriteRow write)
{
	g_string_append_printf(out, "\n%s retour_codes_%s[] = {\n", type, name);
	for (guint i = 0; i < rows->len; i++) {
		g_string_append(out, "\t");
		write(out, rows->data + i * g_array_get_element_size((GArray *)rows));
		g_string_append(out, ",\n");
	}
	if (rows->len == 0)
		g_string_append(out, "\t{ 0 },\n");
	g_string_append(out, "};\n");
}

static void
write_numbers(GString *out, const char *storage, const char *name, const GArray *numbers)
{
	gboolean wide = g_array_get_element_size((GArray *)numbers) == sizeof(guint32);
	g_string_append_printf(out, "\n%s %s retour_codes_%s[] = {", storage,
	                       wide ? "guint32" : "guint16", name);
	for (guint i = 0; i < numbers->len; i++)
		g_string_append_printf(out, "%s%u,", i % 20 == 0 ? "\n\t" : " ",
		                       wide ? g_array_index(numbers, guint32, i)
		                            : g_array_index(numbers, guint16, i));
	g_string_append(out, numbers->len > 0 ? "\n};\n" : " 0 };\n");
}

static void
write_count(GString *out, const char *name, guint count)
{
	g_string_append_printf(out, "const guint retour_codes_n_%s = %u;\n", name, count);
}

/* One string a line. Bytes beyond ASCII and question marks are written as octal: the first so that
 * the source is ASCII, the second because of trigraphs. */
static void
write_pool(GString *out, const GString *pool)
{
	g_string_append(out, "\nconst char retour_codes_pool[] =");
	gboolean first = TRUE;
	for (gsize i = 0; i < pool->len; i++) {
		guchar c = (guchar)pool->str[i];
		if (first)
			g_string_append(out, "\n\t\"");
		first = c == '\0';
		if (first)
			g_string_append(out, "\\0\"");
		else if (c == '"' || c == '\\')
			g_string_append_printf(out, "\\%c", c);
		else if (c < 0x20 || c >= 0x7f || c == '?')
			g_string_append_printf(out, "\\%03o", c);
		else
			g_string_append_c(out, (char)c);
	}
	g_string_append(out, ";\n");
}

static void
write_reason(GString *out, gconstpointer row)
{
	const RetourReason *reason = row;
	g_string_append_printf(out, "{ %u, %u, %u, %u, %u, %u, %u, %u, %u }", reason->name,
	                       reason->group, reason->meaning, reason->operator_advice,
	                       reason->sender_advice, reason->klass_5, reason->klass, reason->fault,
	                       reason->advice);
}

static void
write_code(GString *out, gconstpointer row)
{
	const RetourCode *code = row;
	g_string_append_printf(out, "{ %u, %u, %u, %u, %u, %u, %u, %u, %u, %u, %u }", code->name,
	                       code->title, code->meaning, code->note, code->source, code->subject,
	                       code->detail, code->reply, code->reason, code->klass_5,
	                       code->klass_4);
}

static void
write_rule(GString *out, gconstpointer row)
{
	const RetourRule *rule = row;
	const guint numbers[] = { rule->id,           rule->text,       rule->source,
		                  rule->example,      rule->hosts,      rule->status,
		                  rule->reply,        rule->lang,       rule->file,
		                  rule->line,         rule->place,      rule->reason,
		                  rule->first_status, rule->n_statuses, rule->first_reply,
		                  rule->n_replies,    rule->rank,       rule->provider,
		                  rule->shelf };
	write_row(out, numbers, G_N_ELEMENTS(numbers));
}

static void
write_sheet(GString *out, gconstpointer row)
{
	const RetourSheet *sheet = row;
	const guint numbers[] = { sheet->name,      sheet->title,  sheet->about,
		                  sheet->n_columns, sheet->n_rows, sheet->first_column,
		                  sheet->first_cell };
	write_row(out, numbers, G_N_ELEMENTS(numbers));
}

static void
write_status(GString *out, gconstpointer row)
{
	const RetourCodesStatus *status = row;
	g_string_append_printf(out, "{ %u, %u, %u, %u }", status->klass, status->subject,
	                       status->detail_from, status->detail_to);
}

static void
write_reply(GString *out, gconstpointer row)
{
	const RetourCodesReply *reply = row;
	g_string_append_printf(out, "{ %u, %u }", reply->from, reply->to);
}

static void
write_profile(GString *out, gconstpointer row)
{
	const RetourProfileRow *profile = row;
	g_string_append_printf(out, "{ %u, %u, %u, %u }", profile->name, profile->first, profile->n,
	                       profile->by_digit);
}

static void
write_override(GString *out, gconstpointer row)
{
	const RetourCodesOverride *override = row;
	g_string_append_printf(out, "{ %u, %u }", override->reason, override->klass);
}

GString *
codes_write(const Codes *codes)
{
	GString *out = g_string_new("/* Written by retour-codes-compile from src/codes/data. */\n"
	                            "#include \"codes/profile.h\"\n"
	                            "#include \"codes/tables.h\"\n\n");
	write_count(out, "reasons", codes->reasons->len);
	write_count(out, "statuses", codes->n_statuses);
	write_count(out, "codes", codes->codes->len);
	write_count(out, "subjects", codes->subjects->len);
	write_count(out, "profiles", codes->profiles->len);
	write_count(out, "sheets", codes->sheets->len);
	write_pool(out, codes->strings.text);
	write_table(out, "const RetourReason", "reasons", codes->reasons, write_reason);
	write_table(out, "const RetourCode", "codes", codes->codes, write_code);
	write_numbers(out, "const", "subjects", codes->subjects);
	write_table(out, "static const RetourRule", "rule_rows", codes->rules.rules, write_rule);
	write_table(out, "static const RetourCodesStatus", "rule_statuses", codes->rules.statuses,
	            write_status);
	write_table(out, "static const RetourCodesReply", "rule_replies", codes->rules.replies,
	            write_reply);
	write_numbers(out, "static const", "bare_rules", codes->bare_rules);
	write_numbers(out, "static const", "pattern_rules", codes->pattern_rules);
	write_numbers(out, "static const", "matcher", codes->matcher);
	g_string_append_printf(out,
	                       "\nconst RetourRuleSet retour_codes_rules = {\n"
	                       "\t.strings = retour_codes_pool,\n"
	                       "\t.rules = retour_codes_rule_rows,\n"
	                       "\t.statuses = retour_codes_rule_statuses,\n"
	                       "\t.replies = retour_codes_rule_replies,\n"
	                       "\t.bare = retour_codes_bare_rules,\n"
	                       "\t.patterns = retour_codes_pattern_rules,\n"
	                       "\t.matcher = retour_codes_matcher,\n"
	                       "\t.n_rules = %u,\n\t.n_bare = %u,\n};\n",
	                       codes->rules.rules->len, codes->bare_rules->len);
	write_table(out, "const RetourProfileRow", "profiles", codes->profiles, write_profile);
	write_table(out, "const RetourCodesOverride", "overrides", codes->overrides,
	            write_override);
	write_table(out, "const RetourSheet", "sheets", codes->sheets, write_sheet);
	write_numbers(out, "const", "columns", codes->columns);
	write_numbers(out, "const", "cells", codes->cells);
	return out;
}
