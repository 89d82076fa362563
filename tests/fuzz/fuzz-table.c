/* SPDX-License-Identifier: BSD-2-Clause */

/* The reader of data files: a site's own rules come through it too. */

#include "base/table.h"
#include "fuzz.h"

#define NAME "data"

static void
check_error(const GError *error, guint lines)
{
	fuzz_require(error && error->domain == RETOUR_TABLE_ERROR &&
	                     error->code == RETOUR_TABLE_ERROR_FORMAT,
	             "a fault without an error");
	fuzz_require(g_str_has_prefix(error->message, NAME ":"), "%s", error->message);
	guint64 line = g_ascii_strtoull(error->message + strlen(NAME ":"), NULL, 10);
	fuzz_require(line >= 1 && line <= lines, "%s: of %u lines", error->message, lines);
}

static void
check_table(const char *text, gsize length, guint lines)
{
	static const char *const columns[] = { "id", "reason", "text", NULL };
	g_autoptr(GError) error = NULL;
	g_autoptr(RetourTable) table = retour_table_parse(NAME, text, length, columns, &error);
	if (!table) {
		check_error(error, lines);
		return;
	}
	fuzz_require(!error, "a table and an error");
	guint last = 0;
	for (guint i = 0; i < retour_table_get_size(table); i++) {
		const RetourTableRow *row = retour_table_get_row(table, i);
		fuzz_require(row->line > last && row->line <= lines, "row %u stands in line %u", i,
		             row->line);
		for (guint k = 0; columns[k]; k++)
			fuzz_require(row->cells[k] && !strpbrk(row->cells[k], "\t\n"),
			             "cell %u of row %u", k, i);
		last = row->line;
	}
}

static void
check_block(const RetourBlock *block, guint lines)
{
	fuzz_require(block->n_fields > 0 && block->fields[0].line == block->line, "line %u",
	             block->line);
	for (guint i = 0; i < block->n_fields; i++) {
		const RetourBlockField *field = &block->fields[i];
		fuzz_require(field->line <= lines, "a field in line %u", field->line);
		/* A LF at its head: the line of the field's name is an empty first line. */
		gsize length = strlen(field->value);
		fuzz_require(!strchr(field->name, ':') && !retour_is_blank(*field->value) &&
		                     (length == 0 || !g_ascii_isspace(field->value[length - 1])),
		             "%s: \"%s\"", field->name, field->value);
		fuzz_require(retour_block_get(block, field->name), "%s is not found", field->name);
	}
}

static void
check_blocks(const char *text, gsize length, guint lines)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(RetourBlocks) blocks = retour_blocks_parse(NAME, text, length, &error);
	if (!blocks) {
		check_error(error, lines);
		return;
	}
	for (guint i = 0; i < retour_blocks_get_size(blocks); i++)
		check_block(retour_blocks_get_block(blocks, i), lines);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	guint lines = 1;
	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	check_table((const char *)data, size, lines);
	check_blocks((const char *)data, size, lines);
	return 0;
}
