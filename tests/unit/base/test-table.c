/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/table.h"

#include <glib/gstdio.h>
#include <string.h>

static const char *const COLUMNS[] = { "id", "text", NULL };

/* A table as one string, "line:id|text;" for each row; an error as its message. */
static char *
render_table(const char *text, gsize length)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(RetourTable) table = retour_table_parse("t.tsv", text, length, COLUMNS, &error);
	if (!table) {
		assert_non_null(error);
		assert_true(error->domain == RETOUR_TABLE_ERROR);
		assert_int_equal(error->code, RETOUR_TABLE_ERROR_FORMAT);
		return g_strdup(error->message);
	}
	assert_null(error);
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < retour_table_get_size(table); i++) {
		const RetourTableRow *row = retour_table_get_row(table, i);
		g_string_append_printf(out, "%u:%s|%s;", row->line, row->cells[0], row->cells[1]);
	}
	return g_string_free(out, FALSE);
}

static char *
render_blocks(const char *text, gsize length)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(RetourBlocks) blocks = retour_blocks_parse("b.conf", text, length, &error);
	if (!blocks) {
		assert_non_null(error);
		return g_strdup(error->message);
	}
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < retour_blocks_get_size(blocks); i++) {
		const RetourBlock *block = retour_blocks_get_block(blocks, i);
		g_string_append_printf(out, "{%u", block->line);
		for (guint j = 0; j < block->n_fields; j++)
			g_string_append_printf(out, " %u:%s=%s", block->fields[j].line,
			                       block->fields[j].name, block->fields[j].value);
		g_string_append(out, "}");
	}
	return g_string_free(out, FALSE);
}

typedef struct {
	const char *name, *text, *expected;
} Row;

static void
check_rows(const Row *rows, gsize n, char *(*render)(const char *, gsize))
{
	for (gsize i = 0; i < n; i++) {
		g_autofree char *got = render(rows[i].text, strlen(rows[i].text));
		if (strcmp(got, rows[i].expected) != 0)
			fail_msg("%s: got \"%s\", expected \"%s\"", rows[i].name, got,
			         rows[i].expected);
	}
}

static void
test_table(void **state)
{
	(void)state;
	const Row rows[] = {
		{ "plain", "id\ttext\na\tb\nc\td\n", "2:a|b;3:c|d;" },
		{ "columns in another order", "text\tid\nb\ta\n", "2:a|b;" },
		{ "comments and empty lines", "# why\n\nid\ttext\n# more\n\na\tb\n", "6:a|b;" },
		{ "no line end at the end", "id\ttext\na\tb", "2:a|b;" },
		{ "empty cells", "id\ttext\n\t\na\t\n", "2:|;3:a|;" },
		{ "spaces and quotes stand for themselves", "id\ttext\n a\t\"b\" \\t\n",
		  "2: a|\"b\" \\t;" },
		{ "no rows", "id\ttext\n", "" },
		{ "n- nothing", "", "t.tsv:1: no line of column names: begin the file with one" },
		{ "n- only comments", "# a\n",
		  "t.tsv:1: no line of column names: begin the file with one" },
		{ "n- unknown column", "id\ttext\tcolour\n",
		  "t.tsv:1: unknown column \"colour\": remove or rename it" },
		{ "n- column twice", "id\ttext\tid\n", "t.tsv:1: column \"id\" twice: remove one" },
		{ "n- column missing", "# x\nid\n", "t.tsv:2: column \"text\" is missing: add it" },
		{ "n- too few cells", "id\ttext\na\tb\nc\n",
		  "t.tsv:3: 1 cells where the head names 2 columns: separate cells with one tab "
		  "each" },
		{ "n- too many cells", "id\ttext\na\tb\tc\n",
		  "t.tsv:2: 3 cells where the head names 2 columns: separate cells with one tab "
		  "each" },
		{ "n- Latin-1", "id\ttext\na\tb\n\xe9\tx\n",
		  "t.tsv:3: not UTF-8: save the file as UTF-8" },
		{ "n- CRLF", "id\ttext\na\tb\r\n",
		  "t.tsv:2: a carriage return: end lines with LF alone" },
	};
	check_rows(rows, G_N_ELEMENTS(rows), render_table);
}

static void
test_table_nul(void **state)
{
	(void)state;
	g_autofree char *got = render_table("id\ttext\na\0b\tc\n", 15);
	assert_string_equal(got, "t.tsv:2: not UTF-8: save the file as UTF-8");
}

static void
test_table_file(void **state)
{
	(void)state;
	g_autoptr(GError) error = NULL;
	assert_null(retour_table_read("/nonexistent/x.tsv", COLUMNS, &error));
	assert_true(g_error_matches(error, RETOUR_TABLE_ERROR, RETOUR_TABLE_ERROR_OPEN));

	g_autofree char *path = NULL;
	int fd = g_file_open_tmp("retour-table-XXXXXX", &path, NULL);
	assert_true(fd >= 0);
	assert_true(g_close(fd, NULL));
	assert_true(g_file_set_contents(path, "id\ttext\n1\tone\n", -1, NULL));
	g_autoptr(RetourTable) table = retour_table_read(path, COLUMNS, NULL);
	assert_non_null(table);
	assert_int_equal(retour_table_get_size(table), 1);
	assert_string_equal(retour_table_get_name(table), path);
	assert_true(g_file_set_contents(path, "A: 1\n", -1, NULL));
	g_autoptr(RetourBlocks) blocks = retour_blocks_read(path, NULL, NULL);
	assert_int_equal(retour_blocks_get_size(blocks), 1);
	g_unlink(path);
	assert_null(retour_blocks_read(path, NULL, NULL));
}

static void
test_blocks(void **state)
{
	(void)state;
	const Row rows[] = {
		{ "one", "A: 1\nB: 2\n", "{1 1:A=1 2:B=2}" },
		{ "two", "A: 1\n\n\nA: 2\n", "{1 1:A=1}{4 4:A=2}" },
		{ "a line of blanks separates", "A: 1\n \t\nA: 2\n", "{1 1:A=1}{3 3:A=2}" },
		{ "repeated fields keep their order", "A: 1\nB: 2\nA: 3\n",
		  "{1 1:A=1 2:B=2 3:A=3}" },
		{ "trimmed", "A :  1  \n", "{1 1:A=1}" },
		{ "colons in the value", "A: b: c\n", "{1 1:A=b: c}" },
		{ "continued", "A: 1\n  2\n\t3 \nB: 4\n", "{1 1:A=1\n2\n3 4:B=4}" },
		{ "continued after an empty value", "A:\n two\n", "{1 1:A=\ntwo}" },
		{ "comments", "# x\nA: 1\n# y\n 2\n# z\nB: #3\n", "{2 2:A=1\n2 6:B=#3}" },
		{ "empty value", "A:\n", "{1 1:A=}" },
		{ "no line end at the end", "A: 1", "{1 1:A=1}" },
		{ "nothing", "", "" },
		{ "n- no colon", "A: 1\nB\n",
		  "b.conf:2: not a \"Field: value\" line: write one, or begin a comment with '#'" },
		{ "n- no name", ": 1\n",
		  "b.conf:1: not a \"Field: value\" line: write one, or begin a comment with '#'" },
		{ "n- continuation at the start", " A: 1\n",
		  "b.conf:1: a continuation line without a field before it: begin the line with "
		  "\"Field:\"" },
		{ "n- continuation after an empty line", "A: 1\n\n 2\n",
		  "b.conf:3: a continuation line without a field before it: begin the line with "
		  "\"Field:\"" },
		{ "n- Latin-1", "A: \xe9\n", "b.conf:1: not UTF-8: save the file as UTF-8" },
	};
	check_rows(rows, G_N_ELEMENTS(rows), render_blocks);
}

static void
test_block_get(void **state)
{
	(void)state;
	const char *text = "A: 1\nA: 2\nB: 3\n";
	g_autoptr(RetourBlocks) blocks = retour_blocks_parse("b.conf", text, strlen(text), NULL);
	const RetourBlock *block = retour_blocks_get_block(blocks, 0);
	assert_string_equal(retour_block_get(block, "A"), "1");
	assert_string_equal(retour_block_get(block, "B"), "3");
	assert_null(retour_block_get(block, "a"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),      cmocka_unit_test(test_table_nul),
		cmocka_unit_test(test_table_file), cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_block_get),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
