/* SPDX-License-Identifier: BSD-2-Clause */
#include "emit/csv.h"

#include <string.h>

#include "emit/character.h"
#include "emit/column.h"

/* A spreadsheet takes a cell that begins so for a formula and runs it: what a stranger's server
 * said must stay text. */
static gboolean
is_formula(const char *value)
{
	/* Some read the wide forms of East Asian text as the plain ones. */
	static const char *const wide[] = { "＝", "＋", "－", "＠" };
	for (gsize i = 0; i < G_N_ELEMENTS(wide); i++) {
		if (g_str_has_prefix(value, wide[i]))
			return TRUE;
	}
	return *value && strchr("=+-@\t\r\n", *value);
}

/* Line ends inside quotes are lawful (RFC 4180 2.6) and kept; other controls are of no use in a
 * cell. */
static void
append_quoted(const char *value, GString *out)
{
	const char *end = value + strlen(value);
	g_string_append_c(out, '"');
	if (is_formula(value))
		g_string_append_c(out, '\'');
	while (value < end) {
		gunichar c = retour_character_next(&value, end);
		if (c == '"')
			g_string_append_c(out, '"');
		if (retour_character_is_control(c) && c != '\n' && c != '\r' && c != '\t')
			c = ' ';
		g_string_append_unichar(out, c);
	}
	g_string_append_c(out, '"');
}

static void
append_plain(const char *value, GString *out)
{
	if (is_formula(value))
		g_string_append_c(out, '\'');
	retour_character_append_line(out, value, 0);
}

void
retour_csv_append_cell(gboolean tabs, const char *value, GString *out)
{
	if (!value || !*value)
		return;
	if (!tabs && strpbrk(value, ",\"\r\n"))
		append_quoted(value, out);
	else
		append_plain(value, out);
}

static void
append_separator(gboolean tabs, const RetourColumn *column, GString *out)
{
	if (column != retour_columns)
		g_string_append_c(out, tabs ? '\t' : ',');
}

void
retour_csv_append_head(gboolean tabs, GString *out)
{
	for (const RetourColumn *column = retour_columns; column->name; column++) {
		if (!column->is_column)
			continue;
		append_separator(tabs, column, out);
		/* As the record's keys are written. */
		for (const char *c = column->name; *c; c++)
			g_string_append_c(out, *c == '-' ? '_' : *c);
	}
	g_string_append_c(out, '\n');
}

static void
append_row(gboolean tabs, const RetourRow *row, GString *out)
{
	char scratch[RETOUR_COLUMN_SCRATCH];
	for (const RetourColumn *column = retour_columns; column->name; column++) {
		if (!column->is_column)
			continue;
		append_separator(tabs, column, out);
		retour_csv_append_cell(tabs, retour_column_get(column, row, scratch), out);
	}
	g_string_append_c(out, '\n');
}

void
retour_csv_append(gboolean tabs, const RetourSource *source, const RetourRecord *record,
                  GString *out)
{
	for (guint i = 0; i < retour_row_count(record); i++) {
		RetourRow row = retour_row(source, record, i);
		append_row(tabs, &row, out);
	}
}
