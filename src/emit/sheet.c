/* SPDX-License-Identifier: BSD-2-Clause */

/* The code database, for other programs and for readers. */
#include <retour/format.h>
#include <string.h>

#include "emit/csv.h"
#include "emit/json-writer.h"

typedef struct {
	RetourRowFunc wanted; /* NULL: every row */
	gpointer data;
	GString *out;
} Writing;

static gboolean
is_wanted(const Writing *writing, const RetourSheet *sheet, guint row)
{
	return !writing->wanted || writing->wanted(sheet, row, writing->data);
}

static gboolean
has_rows(const Writing *writing, const RetourSheet *sheet)
{
	for (guint row = 0; row < retour_sheet_get_n_rows(sheet); row++) {
		if (is_wanted(writing, sheet, row))
			return TRUE;
	}
	return FALSE;
}

/* ---- JSON ---- */

static void
append_object(const RetourSheet *sheet, guint row, GString *out)
{
	g_autoptr(GString) object = g_string_new(NULL);
	RetourJsonScope scope = retour_json_begin(object, NULL, '{');
	for (guint i = 0; i < retour_sheet_get_n_columns(sheet); i++)
		retour_json_add(object, retour_sheet_get_column(sheet, i),
		                retour_sheet_get_cell(sheet, row, i));
	retour_json_end(object, scope);
	g_string_append_len(out, object->str, (gssize)object->len);
}

/* A row a line, so that two versions can be compared. */
static void
append_json(const Writing *writing, const RetourSheet *sheet)
{
	const char *separator = "\n";
	g_string_append_printf(writing->out, ",\n\"%s\":[", retour_sheet_get_name(sheet));
	for (guint row = 0; row < retour_sheet_get_n_rows(sheet); row++) {
		if (!is_wanted(writing, sheet, row))
			continue;
		g_string_append(writing->out, separator);
		append_object(sheet, row, writing->out);
		separator = ",\n";
	}
	g_string_append(writing->out, "]");
}

/* ---- CSV ---- */

static void
append_csv(const Writing *writing, const RetourSheet *sheet)
{
	guint n = retour_sheet_get_n_columns(sheet);
	if (writing->out->len > 0)
		g_string_append_c(writing->out, '\n');
	for (guint i = 0; i < n; i++)
		g_string_append_printf(writing->out, "%s%s", i > 0 ? "," : "",
		                       retour_sheet_get_column(sheet, i));
	g_string_append_c(writing->out, '\n');
	for (guint row = 0; row < retour_sheet_get_n_rows(sheet); row++) {
		if (!is_wanted(writing, sheet, row))
			continue;
		for (guint i = 0; i < n; i++) {
			if (i > 0)
				g_string_append_c(writing->out, ',');
			retour_csv_append_cell(FALSE, retour_sheet_get_cell(sheet, row, i),
			                       writing->out);
		}
		g_string_append_c(writing->out, '\n');
	}
}

/* ---- Markdown ---- */

/* What Markdown would take for a mark of its own; '|' would end the cell. */
static void
append_cell(const char *text, GString *out)
{
	g_string_append_c(out, ' ');
	for (; *text; text++) {
		if (strchr("\\|<>*_`[]", *text))
			g_string_append_c(out, '\\');
		g_string_append_c(out, *text);
	}
	g_string_append(out, " |");
}

static void
append_head(const RetourSheet *sheet, GString *out)
{
	guint n = retour_sheet_get_n_columns(sheet);
	g_string_append_printf(out, "\n## %s\n\n%s\n\n|", retour_sheet_get_title(sheet),
	                       retour_sheet_get_about(sheet));
	for (guint i = 0; i < n; i++)
		append_cell(retour_sheet_get_column(sheet, i), out);
	g_string_append(out, "\n|");
	for (guint i = 0; i < n; i++)
		g_string_append(out, "---|");
	g_string_append_c(out, '\n');
}

static void
append_markdown(const Writing *writing, const RetourSheet *sheet)
{
	append_head(sheet, writing->out);
	for (guint row = 0; row < retour_sheet_get_n_rows(sheet); row++) {
		if (!is_wanted(writing, sheet, row))
			continue;
		g_string_append_c(writing->out, '|');
		for (guint i = 0; i < retour_sheet_get_n_columns(sheet); i++)
			append_cell(retour_sheet_get_cell(sheet, row, i), writing->out);
		g_string_append_c(writing->out, '\n');
	}
}

static const struct {
	const char *name;
	RetourSheetFormat format;
	const char *begin, *end;
	void (*append)(const Writing *writing, const RetourSheet *sheet);
} formats[] = {
	{ "json", RETOUR_SHEET_FORMAT_JSON, "{\"schema\":\"retour-codes/1\"", "}\n", append_json },
	{ "csv", RETOUR_SHEET_FORMAT_CSV, "", "", append_csv },
	{ "markdown", RETOUR_SHEET_FORMAT_MARKDOWN,
	  "# Codes\n\n"
	  "Written by `retour codes --format markdown` from the data files of `src/codes/data`: "
	  "change those, not this page.\n"
	  "`retour explain` tells about one code, `retour codes --rules` prints the phrases, which "
	  "are too many for a page.\n",
	  "", append_markdown },
};

gboolean
retour_sheet_format_parse(const char *name, RetourSheetFormat *format)
{
	for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
		if (strcmp(formats[i].name, name) != 0)
			continue;
		*format = formats[i].format;
		return TRUE;
	}
	return FALSE;
}

void
retour_format_append_sheets(RetourSheetFormat format, RetourRowFunc wanted, gpointer data,
                            GString *out)
{
	const Writing writing = { .wanted = wanted, .data = data, .out = out };
	g_return_if_fail((gsize)format < G_N_ELEMENTS(formats));
	g_string_append(out, formats[format].begin);
	for (guint i = 0; i < retour_sheet_get_count(); i++) {
		const RetourSheet *sheet = retour_sheet_get(i);
		if (has_rows(&writing, sheet))
			formats[format].append(&writing, sheet);
	}
	g_string_append(out, formats[format].end);
}
