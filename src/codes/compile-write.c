/* SPDX-License-Identifier: BSD-2-Clause */

/* The tables as C source. */
#include "codes/compile.h"

/* Numbers of one row in a line; an empty table gets one row of zeros, for C has no arrays without
 * elements. */
typedef void (*WriteRow)(GString *out, gconstpointer row);

static void
write_table(GString *out, const char *type, const char *name, const GArray *rows, WriteRow write)
{
	g_string_append_printf(out, "\nconst %s retour_codes_%s[] = {\n", type, name);
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
write_numbers(GString *out, const char *name, const GArray *numbers)
{
	g_string_append_printf(out, "\nconst guint16 retour_codes_%s[] = {", name);
	for (guint i = 0; i < numbers->len; i++)
		g_string_append_printf(out, "%s%u,", i % 20 == 0 ? "\n\t" : " ",
		                       g_array_index(numbers, guint16, i));
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
	g_string_append_printf(out, "{ %u, %u, %u, %u, %u, %u, %u }", reason->name, reason->group,
	                       reason->meaning, reason->klass_5, reason->klass, reason->fault,
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
	g_string_append_printf(out, "{ %u, %u, %u, %u, %u, %u, %u, %u, %u, %u, %u, %u, %u }",
	                       rule->id, rule->text, rule->source, rule->example, rule->hosts,
	                       rule->reason, rule->line, rule->first_status, rule->n_statuses,
	                       rule->first_reply, rule->n_replies, rule->rank, rule->provider);
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
	write_count(out, "rules", codes->rules->len);
	write_count(out, "bare_rules", codes->bare_rules->len);
	write_count(out, "profiles", codes->profiles->len);
	write_pool(out, codes->pool);
	write_table(out, "RetourReason", "reasons", codes->reasons, write_reason);
	write_table(out, "RetourCode", "codes", codes->codes, write_code);
	write_numbers(out, "subjects", codes->subjects);
	write_table(out, "RetourRule", "rules", codes->rules, write_rule);
	write_table(out, "RetourCodesStatus", "rule_statuses", codes->statuses, write_status);
	write_table(out, "RetourCodesReply", "rule_replies", codes->replies, write_reply);
	write_numbers(out, "bare_rules", codes->bare_rules);
	write_numbers(out, "pattern_rules", codes->pattern_rules);
	write_numbers(out, "matcher", codes->matcher);
	write_table(out, "RetourProfileRow", "profiles", codes->profiles, write_profile);
	write_table(out, "RetourCodesOverride", "overrides", codes->overrides, write_override);
	return out;
}
