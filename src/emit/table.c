/* SPDX-License-Identifier: BSD-2-Clause */
#include "emit/table.h"

#include <string.h>

#include "emit/character.h"

/* Widths in cells of a terminal; the last column is not filled up. */
enum { KIND = 11, CLASS = 5, REASON = 22, ADDRESS = 34, CODE = 11, SOURCE = 34 };

/* Marks that take no cell can be piled up without end: a cell is not fed with more than this many
 * bytes a column. */
#define BYTES_PER_CELL 8

/* A terminal obeys controls, and format characters turn the reading direction or hide text. */
static gunichar
neutral(gunichar c)
{
	GUnicodeType type = g_unichar_type(c);
	gboolean shown = !retour_character_is_control(c) && type != G_UNICODE_FORMAT &&
	                 type != G_UNICODE_UNASSIGNED && type != G_UNICODE_PRIVATE_USE;
	return shown ? c : 0xfffd;
}

static guint
cells(gunichar c)
{
	if (g_unichar_iszerowidth(c))
		return 0;
	return g_unichar_iswide(c) ? 2 : 1;
}

/* Appends @text cut to @width cells, with an ellipsis where it is cut; returns the cells it took.
 */
static guint
append_cut(GString *out, const char *text, guint width)
{
	const char *end = text + strlen(text);
	gsize start = out->len;
	gsize fits = start; /* length of the output where there is still room for the ellipsis */
	guint used = 0, used_at_fits = 0;
	while (text < end) {
		gunichar c = neutral(retour_character_next(&text, end));
		guint more = cells(c);
		if (used + more > width || out->len - start > width * BYTES_PER_CELL) {
			g_string_truncate(out, fits);
			g_string_append(out, "…");
			return used_at_fits + 1;
		}
		g_string_append_unichar(out, c);
		used += more;
		if (used < width) {
			fits = out->len;
			used_at_fits = used;
		}
	}
	return used;
}

static void
append_cell(GString *out, const char *text, guint width)
{
	for (guint used = append_cut(out, text ? text : "", width); used < width + 2; used++)
		g_string_append_c(out, ' ');
}

static void
append_code(GString *out, const RetourVerdict *verdict)
{
	char text[RETOUR_STATUS_STRING_SIZE + 12] = "";
	if (verdict && retour_status_is_set(verdict->status))
		retour_status_format(verdict->status, text);
	if (verdict && verdict->reply)
		g_snprintf(text + strlen(text), 12, "%s%u", *text ? " " : "", verdict->reply);
	append_cell(out, text, CODE);
}

/* Of a long path the end tells more than the beginning. */
static void
append_source(GString *out, const RetourSource *source)
{
	g_autoptr(GString) name = g_string_new(NULL);
	retour_character_append_line(name, source->name ? source->name : "", 0);
	glong length = g_utf8_strlen(name->str, (gssize)name->len);
	if (length > SOURCE) {
		const char *tail = g_utf8_offset_to_pointer(name->str, length - SOURCE + 1);
		g_string_append(out, "…");
		append_cut(out, tail, SOURCE - 1);
	} else {
		append_cut(out, name->str, SOURCE);
	}
	if (source->index)
		g_string_append_printf(out, "#%" G_GUINT64_FORMAT, source->index);
}

static void
append_row(const RetourRow *row, GString *out)
{
	const RetourVerdict *verdict = row->verdict;
	append_cell(out, retour_kind_to_string(retour_row_kind(row)), KIND);
	append_cell(out, verdict ? retour_class_to_string(verdict->klass) : NULL, CLASS);
	append_cell(out,
	            verdict && verdict->reason ? retour_reason_get_name(verdict->reason)
	                                       : row->record->error,
	            REASON);
	append_cell(out, row->recipient ? row->recipient->address : NULL, ADDRESS);
	append_code(out, verdict);
	append_source(out, row->source);
	g_string_append_c(out, '\n');
}

void
retour_people_append_head(GString *out)
{
	append_cell(out, "KIND", KIND);
	append_cell(out, "CLASS", CLASS);
	append_cell(out, "REASON", REASON);
	append_cell(out, "ADDRESS", ADDRESS);
	append_cell(out, "CODE", CODE);
	g_string_append(out, "SOURCE\n");
}

void
retour_people_append(const RetourSource *source, const RetourRecord *record, GString *out)
{
	for (guint i = 0; i < retour_row_count(record); i++) {
		RetourRow row = retour_row(source, record, i);
		append_row(&row, out);
	}
}
