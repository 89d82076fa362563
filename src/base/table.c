/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/table.h"

#include "base/span.h"

G_DEFINE_QUARK(retour - table - error - quark, retour_table_error)

/* A text cut into lines in place: every value of a table or of a block is a piece of it. */
typedef struct {
	const char *name;
	char *next, *end;
	guint line;
} Lines;

static gboolean
fail(const char *name, guint line, GError **error, const char *what)
{
	g_set_error(error, RETOUR_TABLE_ERROR, RETOUR_TABLE_ERROR_FORMAT, "%s:%u: %s", name, line,
	            what);
	return FALSE;
}

/* Counts the lines before @at for a message. */
static guint
line_of(const char *text, const char *at)
{
	guint line = 1;
	for (; text < at; text++)
		line += *text == '\n';
	return line;
}

static gboolean
check_bytes(const char *name, const char *text, gsize length, GError **error)
{
	const char *bad = NULL;
	if (!g_utf8_validate_len(text, length, &bad))
		return fail(name, line_of(text, bad), error, "not UTF-8: save the file as UTF-8");
	const char *cr = memchr(text, '\r', length);
	if (cr)
		return fail(name, line_of(text, cr), error,
		            "a carriage return: end lines with LF alone");
	return TRUE;
}

/* The next line, ended by NUL; NULL at the end. */
static char *
lines_next(Lines *lines)
{
	if (lines->next == lines->end)
		return NULL;
	char *line = lines->next;
	char *end = memchr(line, '\n', (gsize)(lines->end - line));
	lines->next = end ? end + 1 : lines->end;
	if (end)
		*end = '\0';
	lines->line++;
	return line;
}

static gboolean
read_file(const char *path, char **text, gsize *length, GError **error)
{
	g_autoptr(GError) cause = NULL;
	if (g_file_get_contents(path, text, length, &cause))
		return TRUE;
	g_set_error(error, RETOUR_TABLE_ERROR, RETOUR_TABLE_ERROR_OPEN, "%s", cause->message);
	return FALSE;
}

/* ---- TSV ---- */

struct RetourTable {
	char *name, *text; /* owned */
	GArray *rows;      /* of RetourTableRow */
	GPtrArray *cells;  /* of rows, each the array of one row */
};

static guint
count_cells(const char *line)
{
	guint n = 1;
	for (; *line; line++)
		n += *line == '\t';
	return n;
}

static int
column_of(const char *const *columns, const char *name)
{
	for (int i = 0; columns[i]; i++) {
		if (strcmp(columns[i], name) == 0)
			return i;
	}
	return -1;
}

/* Reads the line of column names: @order gets, for each column of the file, its place in @columns.
 */
static gboolean
read_head(const Lines *lines, const char *line, const char *const *columns, GArray *order,
          GError **error)
{
	g_auto(GStrv) names = g_strsplit(line, "\t", -1);
	for (guint i = 0; names[i]; i++) {
		int at = column_of(columns, names[i]);
		g_autofree char *what = NULL;
		if (at < 0)
			what = g_strdup_printf("unknown column \"%s\": remove or rename it",
			                       names[i]);
		for (guint j = 0; at >= 0 && j < order->len; j++) {
			if (g_array_index(order, int, j) == at)
				what = g_strdup_printf("column \"%s\" twice: remove one", names[i]);
		}
		if (what)
			return fail(lines->name, lines->line, error, what);
		g_array_append_val(order, at);
	}
	for (guint i = 0; columns[i]; i++) {
		if (!g_strv_contains((const char *const *)names, columns[i])) {
			g_autofree char *what =
			        g_strdup_printf("column \"%s\" is missing: add it", columns[i]);
			return fail(lines->name, lines->line, error, what);
		}
	}
	return TRUE;
}

static gboolean
read_row(RetourTable *table, const Lines *lines, char *line, const GArray *order, GError **error)
{
	guint n = count_cells(line);
	if (n != order->len) {
		g_autofree char *what = g_strdup_printf("%u cells where the head names %u columns: "
		                                        "separate cells with one tab each",
		                                        n, order->len);
		return fail(lines->name, lines->line, error, what);
	}
	const char **cells = g_new(const char *, n);
	for (guint i = 0; i < n; i++) {
		char *tab = strchr(line, '\t');
		if (tab)
			*tab = '\0';
		cells[g_array_index(order, int, i)] = line;
		line = tab ? tab + 1 : line;
	}
	RetourTableRow row = { .line = lines->line, .cells = cells };
	g_array_append_val(table->rows, row);
	g_ptr_array_add(table->cells, cells);
	return TRUE;
}

static gboolean
read_rows(RetourTable *table, Lines *lines, const char *const *columns, GError **error)
{
	g_autoptr(GArray) order = g_array_new(FALSE, FALSE, sizeof(int));
	for (char *line; (line = lines_next(lines));) {
		if (*line == '\0' || *line == '#')
			continue;
		gboolean good = order->len == 0 ? read_head(lines, line, columns, order, error)
		                                : read_row(table, lines, line, order, error);
		if (!good)
			return FALSE;
	}
	if (order->len == 0)
		return fail(lines->name, 1, error,
		            "no line of column names: begin the file with one");
	return TRUE;
}

RetourTable *
retour_table_parse(const char *name, const char *text, gsize length, const char *const *columns,
                   GError **error)
{
	if (!check_bytes(name, text, length, error))
		return NULL;
	g_autoptr(RetourTable) table = g_new0(RetourTable, 1);
	table->name = g_strdup(name);
	table->text = g_strndup(text, length);
	table->rows = g_array_new(FALSE, FALSE, sizeof(RetourTableRow));
	table->cells = g_ptr_array_new_with_free_func(g_free);
	Lines lines = { .name = table->name, .next = table->text, .end = table->text + length };
	return read_rows(table, &lines, columns, error) ? g_steal_pointer(&table) : NULL;
}

RetourTable *
retour_table_read(const char *path, const char *const *columns, GError **error)
{
	g_autofree char *text = NULL;
	gsize length;
	return read_file(path, &text, &length, error)
	               ? retour_table_parse(path, text, length, columns, error)
	               : NULL;
}

void
retour_table_free(RetourTable *table)
{
	if (!table)
		return;
	g_array_unref(table->rows);
	g_ptr_array_unref(table->cells);
	g_free(table->text);
	g_free(table->name);
	g_free(table);
}

guint
retour_table_get_size(const RetourTable *table)
{
	return table->rows->len;
}

const RetourTableRow *
retour_table_get_row(const RetourTable *table, guint index)
{
	g_return_val_if_fail(index < table->rows->len, NULL);
	return &g_array_index(table->rows, RetourTableRow, index);
}

const char *
retour_table_get_name(const RetourTable *table)
{
	return table->name;
}

/* ---- blocks ---- */

struct RetourBlocks {
	char *text;     /* owned */
	GArray *fields; /* of RetourBlockField, block after block */
	GArray *blocks; /* of RetourBlock; their fields are set at the end, when they move no more
	                 */
};

#define NO_FIELD "not a \"Field: value\" line: write one, or begin a comment with '#'"
#define NO_BEGIN                                                              \
	"a continuation line without a field before it: begin the line with " \
	"\"Field:\""

/* Appends a line to the value that ends at @end: it stands behind it in the same text, so there is
 * room. Returns the new end. */
static char *
continue_value(char *end, const char *line)
{
	gsize length = strlen(line);
	*end = '\n';
	memmove(end + 1, line, length + 1);
	return end + 1 + length;
}

/* FALSE with @error, unless there are @faults that take it. */
static gboolean
pass_over(const Lines *lines, const char *what, GPtrArray *faults, GError **error)
{
	g_autoptr(GError) fault = NULL;
	fail(lines->name, lines->line, faults ? &fault : error, what);
	if (faults)
		g_ptr_array_add(faults, g_strdup(fault->message));
	return faults != NULL;
}

/* Returns the end of the value, NULL for a line that is no field. */
static char *
read_field(RetourBlocks *blocks, const Lines *lines, char *line, gboolean first)
{
	char *colon = strchr(line, ':');
	if (!colon || colon == line)
		return NULL;
	*colon = '\0';
	RetourBlockField field = {
		.line = lines->line,
		.name = g_strstrip(line),
		.value = g_strstrip(colon + 1),
	};
	if (first) {
		RetourBlock block = { .line = lines->line };
		g_array_append_val(blocks->blocks, block);
	}
	g_array_index(blocks->blocks, RetourBlock, blocks->blocks->len - 1).n_fields++;
	g_array_append_val(blocks->fields, field);
	return colon + 1 + strlen(colon + 1);
}

static gboolean
read_blocks(RetourBlocks *blocks, Lines *lines, GPtrArray *faults, GError **error)
{
	char *end = NULL; /* of the value read last in the open block */
	for (char *line; (line = lines_next(lines));) {
		if (*line == '#')
			continue;
		gboolean blank = retour_is_blank(*line);
		g_strstrip(line);
		if (*line == '\0') {
			end = NULL;
		} else if (!blank) {
			char *value = read_field(blocks, lines, line, !end);
			if (!value && !pass_over(lines, NO_FIELD, faults, error))
				return FALSE;
			end = value ? value : end;
		} else if (end) {
			end = continue_value(end, line);
		} else if (!pass_over(lines, NO_BEGIN, faults, error)) {
			return FALSE;
		}
	}
	return TRUE;
}

static RetourBlocks *
parse(const char *name, const char *text, gsize length, GPtrArray *faults, GError **error)
{
	if (!check_bytes(name, text, length, error))
		return NULL;
	g_autoptr(RetourBlocks) blocks = g_new0(RetourBlocks, 1);
	blocks->text = g_strndup(text, length);
	blocks->fields = g_array_new(FALSE, FALSE, sizeof(RetourBlockField));
	blocks->blocks = g_array_new(FALSE, FALSE, sizeof(RetourBlock));
	Lines lines = { .name = name, .next = blocks->text, .end = blocks->text + length };
	if (!read_blocks(blocks, &lines, faults, error))
		return NULL;
	for (guint i = 0, at = 0; i < blocks->blocks->len; i++) {
		RetourBlock *block = &g_array_index(blocks->blocks, RetourBlock, i);
		block->fields = &g_array_index(blocks->fields, RetourBlockField, at);
		at += block->n_fields;
	}
	return g_steal_pointer(&blocks);
}

RetourBlocks *
retour_blocks_parse(const char *name, const char *text, gsize length, GError **error)
{
	return parse(name, text, length, NULL, error);
}

RetourBlocks *
retour_blocks_read(const char *path, GPtrArray *faults, GError **error)
{
	g_autofree char *text = NULL;
	gsize length;
	return read_file(path, &text, &length, error) ? parse(path, text, length, faults, error)
	                                              : NULL;
}

void
retour_blocks_free(RetourBlocks *blocks)
{
	if (!blocks)
		return;
	g_array_unref(blocks->blocks);
	g_array_unref(blocks->fields);
	g_free(blocks->text);
	g_free(blocks);
}

guint
retour_blocks_get_size(const RetourBlocks *blocks)
{
	return blocks->blocks->len;
}

const RetourBlock *
retour_blocks_get_block(const RetourBlocks *blocks, guint index)
{
	g_return_val_if_fail(index < blocks->blocks->len, NULL);
	return &g_array_index(blocks->blocks, RetourBlock, index);
}

const char *
retour_block_get(const RetourBlock *block, const char *name)
{
	for (guint i = 0; i < block->n_fields; i++) {
		if (strcmp(block->fields[i].name, name) == 0)
			return block->fields[i].value;
	}
	return NULL;
}
