/* SPDX-License-Identifier: BSD-2-Clause */
#include "emit/json-writer.h"
#include "emit/json.h"

static void
append_row(const RetourRow *row, gboolean explain, GString *out)
{
	const RetourReport *report = row->record->report;
	g_string_append_c(out, '{');
	retour_json_add(out, "schema", "retour-recipient/1");
	retour_json_add(out, "source", row->source->name);
	retour_json_add_number(out, "index", row->source->index);
	retour_json_add(out, "kind", retour_kind_to_string(retour_row_kind(row)));
	retour_json_add(out, "error", row->record->error);
	if (report) {
		retour_json_add_boolean(out, "never_reply", report->never_reply);
		retour_json_add(out, "message_id", report->message_id);
		retour_json_add(out, "original_message_id", report->original.message_id);
	}
	if (row->recipient)
		retour_json_add_recipient(row, explain, out);
	g_string_append(out, "}\n");
}

void
retour_json_append_recipients(const RetourSource *source, const RetourRecord *record,
                              gboolean explain, GString *out)
{
	for (guint i = 0; i < retour_row_count(record); i++) {
		RetourRow row = retour_row(source, record, i);
		append_row(&row, explain, out);
	}
}
