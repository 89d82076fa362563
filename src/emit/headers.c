/* SPDX-License-Identifier: BSD-2-Clause */
#include "emit/headers.h"

#include <string.h>

#include "emit/character.h"
#include "emit/column.h"

/* RFC 5322 2.1.1 asks for lines under 998 bytes; no value here needs as much. */
#define VALUE_MAX 500

/* Further recipients told; the record has all of them. */
#define FURTHER_MAX 50u

/* What a recipe asks for, in this order: header and shell variable are made of the name. */
static const char *const fields[] = {
	"kind",   "class", "reason",      "fault",      "advice", "address",
	"status", "reply", "never-reply", "confidence", "key",    "authentic",
};

/* "address" is called the recipient outside: X-Retour-Recipient, RETOUR_RECIPIENT. */
static const char *
outer_name(const char *field)
{
	return strcmp(field, "address") == 0 ? "recipient" : field;
}

static gboolean
value_of(const RetourRow *row, const char *field, GString *value)
{
	char scratch[RETOUR_COLUMN_SCRATCH];
	const RetourColumn *column = retour_columns;
	while (column->name && strcmp(column->name, field) != 0)
		column++;
	const char *text = column->name ? retour_column_get(column, row, scratch) : NULL;
	g_string_truncate(value, 0);
	if (text)
		retour_character_append_line(value, text, VALUE_MAX);
	return value->len > 0;
}

static void
append_name(GString *out, const char *prefix, const char *field)
{
	g_string_append(out, prefix);
	gboolean start = TRUE;
	for (const char *c = outer_name(field); *c; c++) {
		g_string_append_c(out, start ? g_ascii_toupper(*c) : *c);
		start = *c == '-';
	}
}

/* Header values are ASCII here: what is not is written as RFC 2047 asks. */
static void
append_value(GString *out, const GString *value)
{
	if (g_str_is_ascii(value->str)) {
		g_string_append_len(out, value->str, (gssize)value->len);
		return;
	}
	/* An encoded word holds 75 bytes: 45 of text in base64, cut between characters. */
	for (const char *at = value->str, *end = at + value->len; at < end;) {
		gsize length = MIN(45, (gsize)(end - at));
		while (at + length < end && ((guchar)at[length] & 0xC0) == 0x80)
			length--;
		g_autofree char *word = g_base64_encode((const guchar *)at, length);
		g_string_append_printf(out, "%s=?utf-8?B?%s?=", at > value->str ? " " : "", word);
		at += length;
	}
}

static RetourRow
worst_row(const RetourRecord *record)
{
	gint worst = retour_record_get_worst(record);
	return retour_row(NULL, record, worst < 0 ? G_MAXUINT : (guint)worst);
}

static void
append_further(const RetourRecord *record, guint index, const char *line_end, GString *value,
               GString *out)
{
	static const char *const shown[] = {
		"address", "kind", "class", "reason", "status", "reply"
	};
	RetourRow row = retour_row(NULL, record, index);
	g_string_append(out, "X-Retour-Further:");
	for (guint i = 0; i < G_N_ELEMENTS(shown); i++) {
		g_string_append(out, " ");
		if (value_of(&row, shown[i], value))
			append_value(out, value);
		else
			g_string_append_c(out, '-');
	}
	g_string_append(out, line_end);
}

void
retour_headers_append(const RetourRecord *record, const char *line_end, GString *out)
{
	RetourRow row = worst_row(record);
	gint worst = retour_record_get_worst(record);
	g_autoptr(GString) value = g_string_new(NULL);
	for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
		if (!value_of(&row, fields[i], value))
			continue;
		append_name(out, "X-Retour-", fields[i]);
		g_string_append(out, ": ");
		append_value(out, value);
		g_string_append(out, line_end);
	}
	guint n = record->report ? MIN(record->report->n_recipients, FURTHER_MAX) : 0;
	for (guint i = 0; i < n; i++)
		if ((gint)i != worst)
			append_further(record, i, line_end, value, out);
}

/* procmail's LINEBUF, with room for the name of a variable in front and the line end. */
#define SHELL_LINE_MAX 1990

void
retour_shell_append(const RetourRecord *record, GString *out)
{
	RetourRow row = worst_row(record);
	g_autoptr(GString) value = g_string_new(NULL);
	gsize begin = out->len;
	for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
		if (!value_of(&row, fields[i], value))
			continue;
		g_autofree char *quoted = g_shell_quote(value->str);
		g_autofree char *name = g_ascii_strup(outer_name(fields[i]), -1);
		g_strdelimit(name, "-", '_');
		/* A value that would make the line too long is left out whole, never cut inside its
		 * quotes. */
		if (out->len - begin + strlen(quoted) + strlen(name) + strlen("RETOUR_= ") >
		    SHELL_LINE_MAX)
			continue;
		g_string_append_printf(out, "%sRETOUR_%s=%s", out->len > begin ? " " : "", name,
		                       quoted);
	}
	g_string_append_c(out, '\n');
}
