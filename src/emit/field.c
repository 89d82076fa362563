/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "emit/character.h"
#include "emit/column.h"

/* procmail cuts a program's output at its LINEBUF, 2,048 bytes by default: two long values still
 * fit. */
#define FIELD_LIMIT 1000

gboolean
retour_format_append_field(const RetourRecord *record, const char *field, GString *out)
{
	const RetourColumn *column = retour_columns;
	while (column->name && !(column->is_field && strcmp(column->name, field) == 0))
		column++;
	if (!column->name)
		return FALSE;

	char scratch[RETOUR_COLUMN_SCRATCH];
	gint worst = retour_record_get_worst(record);
	RetourRow row = retour_row(NULL, record, worst < 0 ? G_MAXUINT : (guint)worst);
	const char *value = retour_column_get(column, &row, scratch);
	if (value)
		retour_character_append_line(out, value, FIELD_LIMIT);
	return TRUE;
}

const char *const *
retour_format_get_fields(void)
{
	static const char **names;
	if (g_once_init_enter(&names)) {
		g_autoptr(GPtrArray) list = g_ptr_array_new();
		for (const RetourColumn *column = retour_columns; column->name; column++)
			if (column->is_field)
				g_ptr_array_add(list, (gpointer)column->name);
		g_ptr_array_add(list, NULL);
		g_once_init_leave(&names, (const char **)g_ptr_array_steal(list, NULL));
	}
	return names;
}
