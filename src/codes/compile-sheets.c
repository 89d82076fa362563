/* SPDX-License-Identifier: BSD-2-Clause */

/* Every data file of rows: its columns, what must hold of its cells, and its cells as they are. */
#include "codes/compile.h"
#include "codes/rule-reader.h"

#include <string.h>

#define COLUMNS_MAX 18

typedef struct {
	const char *name;
	const char *columns[COLUMNS_MAX];
} Form;

static const Form forms[] = {
	{ "reasons",
	  { "reason", "group", "class", "fault", "advice", "meaning", "operator", "sender",
	    "sisimai", "sparkpost", "powermta", "ses", "kumomta", "postmark", "sendgrid" } },
	{ "digits", { "digits", "title", "meaning", "source" } },
	{ "replies",
	  { "code", "title", "meaning", "reason", "class", "kind", "commands", "status", "note",
	    "source" } },
	{ "enhanced",
	  { "code", "title", "meaning", "reason", "class_5", "class_4", "replies", "guidance",
	    "sisimai", "kumomta", "note", "source" } },
	{ "subjects", { "subject", "title", "reason", "source" } },
	{ "commands", { "command", "reply", "rfc5321", "rfc821", "extension", "page", "note" } },
	{ "pages", { "page", "origin" } },
	{ "contradictions",
	  { "id", "codes", "topic", "claims", "authority", "resolution", "outcome" } },
	{ "aliases",
	  { "page", "section", "command", "code", "text", "claim", "tag", "contradiction",
	    "note" } },
	{ "remedies", { "codes", "command", "text", "source", "note" } },
};

typedef enum {
	CHECK_FILLED,    /* not empty */
	CHECK_KEY,       /* not twice */
	CHECK_CODES,     /* codes, separated by spaces */
	CHECK_ONE_OF,    /* one of the words of the argument, or empty */
	CHECK_REFERS,    /* it stands in "sheet/column" of the argument, or is empty */
	CHECK_REFER_ALL, /* each word does */
} Check;

static const struct {
	const char *sheet, *column;
	Check check;
	const char *argument;
} checks[] = {
	{ "reasons", "reason", CHECK_FILLED, NULL },
	{ "reasons", "group", CHECK_FILLED, NULL },
	{ "reasons", "class", CHECK_FILLED, NULL },
	{ "reasons", "fault", CHECK_FILLED, NULL },
	{ "reasons", "advice", CHECK_FILLED, NULL },
	{ "reasons", "meaning", CHECK_FILLED, NULL },
	{ "replies", "title", CHECK_FILLED, NULL },
	{ "replies", "meaning", CHECK_FILLED, NULL },
	{ "enhanced", "title", CHECK_FILLED, NULL },
	{ "enhanced", "meaning", CHECK_FILLED, NULL },
	{ "reasons", "operator", CHECK_FILLED, NULL },
	{ "reasons", "sender", CHECK_FILLED, NULL },
	{ "digits", "digits", CHECK_KEY, NULL },
	{ "digits", "meaning", CHECK_FILLED, NULL },
	{ "replies", "kind", CHECK_FILLED, NULL },
	{ "replies", "kind", CHECK_ONE_OF, "standard extension draft wild" },
	{ "replies", "status", CHECK_CODES, NULL },
	{ "commands", "command", CHECK_FILLED, NULL },
	{ "commands", "reply", CHECK_REFERS, "replies/code" },
	{ "commands", "rfc5321", CHECK_ONE_OF, "success intermediate error" },
	{ "commands", "rfc821", CHECK_ONE_OF, "success intermediate failure error" },
	{ "commands", "page", CHECK_ONE_OF, "yes" },
	{ "pages", "page", CHECK_KEY, NULL },
	{ "contradictions", "id", CHECK_KEY, NULL },
	{ "contradictions", "codes", CHECK_FILLED, NULL },
	{ "contradictions", "codes", CHECK_CODES, NULL },
	{ "contradictions", "claims", CHECK_FILLED, NULL },
	{ "contradictions", "authority", CHECK_FILLED, NULL },
	{ "contradictions", "resolution", CHECK_FILLED, NULL },
	{ "aliases", "page", CHECK_FILLED, NULL },
	{ "aliases", "page", CHECK_REFERS, "pages/page" },
	{ "aliases", "command", CHECK_REFERS, "commands/command" },
	{ "aliases", "code", CHECK_FILLED, NULL },
	{ "aliases", "text", CHECK_FILLED, NULL },
	{ "aliases", "claim", CHECK_ONE_OF, "hard soft none" },
	{ "aliases", "tag", CHECK_ONE_OF, "standard wording legacy disputed wrong-protocol tip" },
	{ "aliases", "contradiction", CHECK_REFER_ALL, "contradictions/id" },
	{ "remedies", "codes", CHECK_FILLED, NULL },
	{ "remedies", "codes", CHECK_CODES, NULL },
	{ "remedies", "command", CHECK_REFERS, "commands/command" },
	{ "remedies", "source", CHECK_REFERS, "pages/page" },
};

typedef struct {
	Codes *codes;
	const RetourTable *table;
	const RetourTableRow *row;
	const char *const *columns;
	guint column;
} Cell;

static const char *const *
columns_of(const char *name)
{
	if (strcmp(name, "phrases") == 0 || strcmp(name, "providers") == 0)
		return retour_rule_columns;
	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
		if (strcmp(forms[i].name, name) == 0)
			return forms[i].columns;
	}
	return NULL;
}

static guint
place_of(const char *const *columns, const char *name)
{
	guint place = 0;
	while (strcmp(columns[place], name) != 0)
		place++;
	return place;
}

static const char *
value_of(const Cell *cell)
{
	return cell->row->cells[cell->column];
}

static void G_GNUC_PRINTF(2, 3) fault(const Cell *cell, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *what = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	codes_fault(cell->codes, retour_table_get_name(cell->table), cell->row->line, "%s", what);
}

static void
check_key(const Cell *cell)
{
	for (guint i = 0; i < retour_table_get_size(cell->table); i++) {
		const RetourTableRow *other = retour_table_get_row(cell->table, i);
		if (other->line < cell->row->line &&
		    strcmp(other->cells[cell->column], value_of(cell)) == 0)
			fault(cell, "\"%s\" as in line %u: take one away", value_of(cell),
			      other->line);
	}
}

/* "550", "5xx", "5yz", "x0z", "5.1.1", "X.1.1", "4.x.x" */
static gboolean
is_code(const char *word)
{
	gsize length = strlen(word);
	return length >= 3 && length <= 9 && strspn(word, "0123456789.xXyzZ") == length;
}

static void
check_codes(const Cell *cell)
{
	g_auto(GStrv) words = g_strsplit(value_of(cell), " ", -1);
	for (guint i = 0; words[i]; i++) {
		if (!is_code(words[i]))
			fault(cell,
			      "\"%s\" is no code: write 550, 5xx, X.1.1 or 4.x.x, several "
			      "separated by one space",
			      words[i]);
	}
}

static void
check_word(const Cell *cell, const char *words)
{
	g_auto(GStrv) known = g_strsplit(words, " ", -1);
	if (!g_strv_contains((const char *const *)known, value_of(cell)))
		fault(cell, "\"%s\" in \"%s\": write one of %s", value_of(cell),
		      cell->columns[cell->column], words);
}

static gboolean
stands_in(const Cell *cell, const char *place, const char *value)
{
	g_auto(GStrv) names = g_strsplit(place, "/", 2);
	const RetourTable *table = codes_table(cell->codes, names[0]);
	guint column = place_of(columns_of(names[0]), names[1]);
	for (guint i = 0; table && i < retour_table_get_size(table); i++) {
		if (strcmp(retour_table_get_row(table, i)->cells[column], value) == 0)
			return TRUE;
	}
	return FALSE;
}

static void
check_reference(const Cell *cell, const char *place, const char *value)
{
	if (!stands_in(cell, place, value))
		fault(cell, "\"%s\" is not known: take one of %s, or add it there", value, place);
}

static void
check_references(const Cell *cell, const char *place)
{
	g_auto(GStrv) words = g_strsplit(value_of(cell), " ", -1);
	for (guint i = 0; words[i]; i++)
		check_reference(cell, place, words[i]);
}

static void
check_cell(const Cell *cell, Check check, const char *argument)
{
	gboolean empty = *value_of(cell) == '\0';
	if (check == CHECK_FILLED && empty)
		fault(cell, "\"%s\" is empty: fill it in", cell->columns[cell->column]);
	else if (check == CHECK_KEY)
		check_key(cell);
	else if (check == CHECK_CODES && !empty)
		check_codes(cell);
	else if (check == CHECK_ONE_OF && !empty)
		check_word(cell, argument);
	else if (check == CHECK_REFERS && !empty)
		check_reference(cell, argument, value_of(cell));
	else if (check == CHECK_REFER_ALL && !empty)
		check_references(cell, argument);
}

static void
check_sheets(Codes *codes)
{
	for (gsize i = 0; i < G_N_ELEMENTS(checks); i++) {
		const RetourTable *table = codes_table(codes, checks[i].sheet);
		const char *const *columns = columns_of(checks[i].sheet);
		Cell cell = { codes, table, NULL, columns, place_of(columns, checks[i].column) };
		for (guint row = 0; table && row < retour_table_get_size(table); row++) {
			cell.row = retour_table_get_row(table, row);
			check_cell(&cell, checks[i].check, checks[i].argument);
		}
	}
}

static void
keep_cells(Codes *codes, RetourSheet *sheet, const RetourTable *table, const char *const *columns)
{
	sheet->n_columns = g_strv_length((char **)columns);
	sheet->n_rows = retour_table_get_size(table);
	sheet->first_column = codes->columns->len;
	sheet->first_cell = codes->cells->len;
	for (guint i = 0; i < sheet->n_columns; i++) {
		guint32 name = codes_pool(codes, columns[i]);
		g_array_append_val(codes->columns, name);
	}
	for (guint row = 0; row < sheet->n_rows; row++) {
		for (guint i = 0; i < sheet->n_columns; i++) {
			guint32 cell =
			        codes_pool(codes, retour_table_get_row(table, row)->cells[i]);
			g_array_append_val(codes->cells, cell);
		}
	}
}

static void
read_sheet(Codes *codes, const char *folder, const char *index, const RetourTableRow *row)
{
	const char *name = row->cells[0], *const *columns = columns_of(name);
	g_autoptr(GError) error = NULL;
	g_autofree char *file = g_strconcat(name, ".tsv", NULL);
	g_autofree char *path = g_build_filename(folder, file, NULL);
	if (!columns) {
		codes_fault(codes, index, row->line,
		            "sheet \"%s\" is not known: give it columns in compile-sheets.c", name);
		return;
	}
	RetourTable *table = retour_table_read(path, columns, &error);
	if (!table) {
		codes_fault(codes, path, 0, "%s", error->message);
		return;
	}
	RetourSheet sheet = { .name = codes_pool(codes, name),
		              .title = codes_pool(codes, row->cells[1]),
		              .about = codes_pool(codes, row->cells[2]) };
	keep_cells(codes, &sheet, table, columns);
	g_array_append_val(codes->sheets, sheet);
	g_hash_table_replace(codes->tables, g_strdup(name), table);
}

const RetourTable *
codes_table(const Codes *codes, const char *name)
{
	return g_hash_table_lookup(codes->tables, name);
}

const char *
codes_cell(const char *sheet, const RetourTableRow *row, const char *column)
{
	return row->cells[place_of(columns_of(sheet), column)];
}

/* The files that sheets.tsv names; the others are not read. */
void
codes_read_sheets(Codes *codes, const char *folder)
{
	static const char *const columns[] = { "sheet", "title", "about", NULL };
	g_autofree char *path = g_build_filename(folder, "sheets.tsv", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(RetourTable) index = retour_table_read(path, columns, &error);
	if (!index)
		codes_fault(codes, path, 0, "%s", error->message);
	for (guint i = 0; index && i < retour_table_get_size(index); i++)
		read_sheet(codes, folder, path, retour_table_get_row(index, i));
	check_sheets(codes);
}
