/* SPDX-License-Identifier: BSD-2-Clause */

/* The data files as they are written. */
#include "codes/tables.h"

#include <string.h>

guint
retour_sheet_get_count(void)
{
	return retour_codes_n_sheets;
}

const RetourSheet *
retour_sheet_get(guint index)
{
	g_return_val_if_fail(index < retour_codes_n_sheets, NULL);
	return &retour_codes_sheets[index];
}

const RetourSheet *
retour_sheet_find(const char *name)
{
	for (guint i = 0; i < retour_codes_n_sheets; i++) {
		if (strcmp(retour_codes_text(retour_codes_sheets[i].name), name) == 0)
			return &retour_codes_sheets[i];
	}
	return NULL;
}

const char *
retour_sheet_get_name(const RetourSheet *sheet)
{
	return retour_codes_text(sheet->name);
}

const char *
retour_sheet_get_title(const RetourSheet *sheet)
{
	return retour_codes_text(sheet->title);
}

const char *
retour_sheet_get_about(const RetourSheet *sheet)
{
	return retour_codes_text(sheet->about);
}

guint
retour_sheet_get_n_rows(const RetourSheet *sheet)
{
	return sheet->n_rows;
}

guint
retour_sheet_get_n_columns(const RetourSheet *sheet)
{
	return sheet->n_columns;
}

const char *
retour_sheet_get_column(const RetourSheet *sheet, guint column)
{
	g_return_val_if_fail(column < sheet->n_columns, "");
	return retour_codes_text(retour_codes_columns[sheet->first_column + column]);
}

const char *
retour_sheet_get_cell(const RetourSheet *sheet, guint row, guint column)
{
	g_return_val_if_fail(row < sheet->n_rows && column < sheet->n_columns, "");
	return retour_codes_text(
	        retour_codes_cells[sheet->first_cell + row * sheet->n_columns + column]);
}

static gint
column_of(const RetourSheet *sheet, const char *name)
{
	for (guint i = 0; i < sheet->n_columns; i++) {
		if (strcmp(retour_sheet_get_column(sheet, i), name) == 0)
			return (gint)i;
	}
	return -1;
}

const char *
retour_sheet_get_text(const RetourSheet *sheet, guint row, const char *name)
{
	gint column = column_of(sheet, name);
	return column < 0 ? "" : retour_sheet_get_cell(sheet, row, (guint)column);
}

/* "X.1.1" stands for every class, in the database and in the question. */
static gboolean
is_class_digit(char c)
{
	return g_ascii_toupper(c) == 'X' || c == '2' || c == '4' || c == '5';
}

static gboolean
same_code(const char *item, gsize length, const char *code)
{
	if (strlen(code) != length)
		return FALSE;
	gboolean any = length > 2 && item[1] == '.' && code[1] == '.' && is_class_digit(item[0]) &&
	               is_class_digit(code[0]) &&
	               (g_ascii_toupper(item[0]) == 'X' || g_ascii_toupper(code[0]) == 'X');
	return g_ascii_strncasecmp(item + any, code + any, length - any) == 0;
}

static gboolean
names_code(const char *cell, const char *code)
{
	for (const char *item = cell; *item;) {
		gsize length = strcspn(item, " /|,");
		if (length > 0 && same_code(item, length, code))
			return TRUE;
		item += length;
		item += strspn(item, " /|,");
	}
	return FALSE;
}

gint
retour_sheet_find_row(const RetourSheet *sheet, const char *name, const char *code, gint after)
{
	gint column = column_of(sheet, name);
	for (guint row = (guint)(after + 1); column >= 0 && row < sheet->n_rows; row++) {
		const char *cell = retour_sheet_get_cell(sheet, row, (guint)column);
		if (g_ascii_strcasecmp(cell, code) == 0 || names_code(cell, code))
			return (gint)row;
	}
	return -1;
}
