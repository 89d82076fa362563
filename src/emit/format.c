/* SPDX-License-Identifier: BSD-2-Clause */
#include <retour/format.h>

#include <string.h>

#include "emit/csv.h"
#include "emit/headers.h"
#include "emit/json.h"
#include "emit/report.h"
#include "emit/table.h"

static const char *const names[] = {
	[RETOUR_FORMAT_JSON] = "json",   [RETOUR_FORMAT_RECIPIENTS] = "recipients",
	[RETOUR_FORMAT_CSV] = "csv",     [RETOUR_FORMAT_TSV] = "tsv",
	[RETOUR_FORMAT_TABLE] = "table", [RETOUR_FORMAT_HEADERS] = "headers",
	[RETOUR_FORMAT_SHELL] = "shell", [RETOUR_FORMAT_DSN] = "dsn",
};

gboolean
retour_format_parse(const char *name, RetourFormat *format)
{
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		if (strcmp(names[i], name) == 0) {
			*format = (RetourFormat)i;
			return TRUE;
		}
	}
	return FALSE;
}

void
retour_format_append_head(RetourFormat format, GString *out)
{
	switch (format) {
	case RETOUR_FORMAT_JSON:
	case RETOUR_FORMAT_RECIPIENTS:
	case RETOUR_FORMAT_HEADERS:
	case RETOUR_FORMAT_SHELL:
	case RETOUR_FORMAT_DSN:
		return;
	case RETOUR_FORMAT_CSV:
	case RETOUR_FORMAT_TSV:
		retour_csv_append_head(format == RETOUR_FORMAT_TSV, out);
		return;
	case RETOUR_FORMAT_TABLE:
		retour_people_append_head(out);
		return;
	}
}

void
retour_format_append(RetourFormat format, const RetourSource *source, const RetourRecord *record,
                     gboolean explain, GString *out)
{
	switch (format) {
	case RETOUR_FORMAT_JSON:
		retour_json_append_record(source, record, explain, out);
		return;
	case RETOUR_FORMAT_RECIPIENTS:
		retour_json_append_recipients(source, record, explain, out);
		return;
	case RETOUR_FORMAT_CSV:
	case RETOUR_FORMAT_TSV:
		retour_csv_append(format == RETOUR_FORMAT_TSV, source, record, out);
		return;
	case RETOUR_FORMAT_TABLE:
		retour_people_append(source, record, out);
		return;
	case RETOUR_FORMAT_HEADERS:
		retour_headers_append(record, "\n", out);
		return;
	case RETOUR_FORMAT_SHELL:
		retour_shell_append(record, out);
		return;
	case RETOUR_FORMAT_DSN:
		retour_report_append(record, out);
		return;
	}
}
