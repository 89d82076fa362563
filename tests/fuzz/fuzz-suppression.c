/* SPDX-License-Identifier: BSD-2-Clause */

/* A list of suppressed addresses, as "retour ledger import" reads it: plain, JSON or CSV. */

#include "automation/suppression.h"
#include "fuzz.h"

/* A row that was written is read as it was. CSV knows no list and no end; its text is one line. */
static void
check_again(RetourListForm form, const RetourSuppression *row)
{
	g_autoptr(GString) text = g_string_new(NULL);
	RetourSuppressionReader reader;
	RetourSuppression again = { 0 };
	const char *fault = NULL;
	retour_suppression_append_head(form, text);
	retour_suppression_append(form, row, text);
	retour_suppression_reader_init(&reader, text->str, text->len);
	fuzz_require(reader.form == form, "taken for another form: %s", text->str);
	int got = retour_suppression_read(&reader, &again, &fault);
	fuzz_require(got == 1, "%s: %s", fault ? fault : "no row", text->str);
	fuzz_require(strcmp(again.address, row->address) == 0, "%s became %s", row->address,
	             again.address);
	fuzz_require(form == RETOUR_LIST_PLAIN || again.code == row->code, "%u became %u",
	             row->code, again.code);
	fuzz_require(form != RETOUR_LIST_JSON || again.until == row->until || row->until < 0,
	             "until %" G_GINT64_FORMAT " became %" G_GINT64_FORMAT, row->until,
	             again.until);
	fuzz_require(form != RETOUR_LIST_JSON || !row->error ||
	                     !fuzz_is_text(row->error, strlen(row->error)) ||
	                     g_strcmp0(again.error, row->error) == 0,
	             "%s became %s", row->error, again.error);
	retour_suppression_clear(&again);
	fuzz_require(retour_suppression_read(&reader, &again, &fault) == 0, "two rows: %s",
	             text->str);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	RetourSuppressionReader reader;
	RetourSuppression row = { 0 };
	guint lines = 1, last = 0;
	int got;
	const char *fault = NULL;
	for (size_t at = 0; at < size; at++)
		lines += data[at] == '\n';
	retour_suppression_reader_init(&reader, (const char *)data, size);
	while ((got = retour_suppression_read(&reader, &row, &fault)) != 0) {
		fuzz_require(reader.line > last && reader.line <= lines, "line %u of %u",
		             reader.line, lines);
		last = reader.line;
		fuzz_require((got == 1) == (fault == NULL), "%d, and %s", got, fault);
		for (guint form = RETOUR_LIST_PLAIN; got == 1 && form <= RETOUR_LIST_CSV; form++)
			check_again((RetourListForm)form, &row);
		retour_suppression_clear(&row);
	}
	return 0;
}
