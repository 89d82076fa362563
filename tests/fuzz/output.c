/* SPDX-License-Identifier: BSD-2-Clause */
#include <retour/format.h>
#include <retour/redact.h>

#include "base/limits.h"
#include "fuzz.h"
#include "invariants.h"

#include "schema.h"
#include <retour/redact.h>

/* A record may be so many times as long as its mail, and so much longer: a recipient takes ten
 * bytes of a report and some 300 of a record, and a control character six. */
#define TIMES 64
#define MORE (16 * 1024)

/* A row for people: six cells of eight bytes a column at most, the longest of 34 columns. */
#define TABLE_ROW 1024
/* Below procmail's LINEBUF. */
#define SHELL_LINE 2000
/* procmail's LINEBUF. */
#define FIELD 1000

/* RFC 5322 2.1.1, without the line end. */
#define MAIL_LINE 998

/* Columns of csv and tsv: a character more for a quote, three for U+FFFD. */
#define COLUMN (3 * RETOUR_LIMIT_STRING)

static guint
count(const char *text, gsize length, char c)
{
	guint n = 0;
	for (gsize i = 0; i < length; i++)
		n += text[i] == c;
	return n;
}

/* Members that the parser met, to tell that no object names one twice. */
static void
count_member(JsonParser *parser, JsonObject *object, const char *name, gpointer n)
{
	(void)parser;
	(void)object;
	(void)name;
	++*(guint *)n;
}

static guint
count_members(JsonNode *node)
{
	guint n = 0;
	if (JSON_NODE_HOLDS_ARRAY(node)) {
		JsonArray *array = json_node_get_array(node);
		for (guint i = 0; i < json_array_get_length(array); i++)
			n += count_members(json_array_get_element(array, i));
	} else if (JSON_NODE_HOLDS_OBJECT(node)) {
		JsonObjectIter iter;
		JsonNode *member;
		json_object_iter_init(&iter, json_node_get_object(node));
		while (json_object_iter_next(&iter, NULL, &member))
			n += 1 + count_members(member);
	}
	return n;
}

static void
check_json_line(const char *line, gsize length, const char *pointer)
{
	static Schema *schema;
	if (!schema)
		schema = schema_new(RETOUR_SCHEMA);
	g_autoptr(JsonParser) parser = json_parser_new();
	g_autoptr(GError) error = NULL;
	guint members = 0;
	g_signal_connect(parser, "object-member", G_CALLBACK(count_member), &members);
	fuzz_require(json_parser_load_from_data(parser, line, (gssize)length, &error), "%s: %.*s",
	             error->message, (int)length, line);
	JsonNode *root = json_parser_get_root(parser);
	g_autoptr(GString) fault = g_string_new(NULL);
	fuzz_require(root && schema_holds(schema, pointer, root, fault), "the schema: %s",
	             fault->str);
	fuzz_require(count_members(root) == members, "a key stands twice: %.*s", (int)length, line);
}

/* A cell that a spreadsheet takes for a formula. */
static gboolean
is_formula(const char *cell)
{
	return *cell && strchr("=+-@\t\r\n", *cell);
}

/* Takes one cell of CSV (RFC 4180) off @rest, and the separator behind it, which is returned. */
static char
take_cell(const char **rest, GString *cell)
{
	const char *at = *rest;
	gboolean quoted = *at == '"';
	g_string_truncate(cell, 0);
	for (at += quoted; *at; at++) {
		if (quoted && *at == '"' && at[1] != '"')
			break;
		if (quoted && *at == '"')
			at++;
		else if (!quoted && (*at == ',' || *at == '\n'))
			break;
		g_string_append_c(cell, *at);
	}
	at += quoted && *at == '"';
	*rest = at + 1;
	fuzz_require(*at == ',' || *at == '\n', "a cell ends in %d", *at);
	return *at;
}

static void
check_csv(const GString *out, guint columns, guint rows)
{
	g_autoptr(GString) cell = g_string_new(NULL);
	guint cells = 0, lines = 0;
	for (const char *rest = out->str; *rest;) {
		cells++;
		char end = take_cell(&rest, cell);
		fuzz_require(!is_formula(cell->str), "a formula: %s", cell->str);
		fuzz_require(cell->len <= COLUMN, "a cell of %zu bytes", cell->len);
		if (end == ',')
			continue;
		fuzz_require(cells == columns, "%u cells, not %u", cells, columns);
		cells = 0;
		lines++;
	}
	fuzz_require(lines == rows, "%u rows, not %u", lines, rows);
}

static void
check_tsv(const char *line, gsize length, guint columns)
{
	fuzz_require(count(line, length, '\t') + 1 == columns, "%u cells, not %u",
	             count(line, length, '\t') + 1, columns);
	for (gsize i = 0; i < length; i++)
		fuzz_require((guchar)line[i] >= ' ' || line[i] == '\t', "control %d", line[i]);
	g_autofree char *copy = g_strndup(line, length);
	g_auto(GStrv) cells = g_strsplit(copy, "\t", -1);
	for (guint i = 0; cells[i]; i++)
		fuzz_require(!is_formula(cells[i]) && strlen(cells[i]) <= COLUMN, "cell: %s",
		             cells[i]);
}

/* What a terminal would obey. */
static void
check_plain(const char *line, gsize length)
{
	for (const char *at = line; at < line + length; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);
		fuzz_require(!g_unichar_iscntrl(c) && g_unichar_type(c) != G_UNICODE_FORMAT,
		             "U+%04X in a line for people", c);
	}
	fuzz_require(length <= TABLE_ROW, "a row of %zu bytes", length);
}

/* Words of a shell and nothing else: taken apart, each is an assignment to a variable of ours. */
static void
check_shell(const char *line, gsize length)
{
	g_autofree char *copy = g_strndup(line, length);
	g_auto(GStrv) words = NULL;
	if (length == 0)
		return;
	fuzz_require(g_shell_parse_argv(copy, NULL, &words, NULL), "no shell words: %s", copy);
	for (guint i = 0; words[i]; i++)
		fuzz_require(g_str_has_prefix(words[i], "RETOUR_"), "a word: %s", words[i]);
}

static gboolean
is_ascii(const char *line, gsize length)
{
	for (gsize i = 0; i < length; i++)
		if ((guchar)line[i] >= 0x80)
			return FALSE;
	return TRUE;
}

static void
check_line(RetourFormat format, const char *line, gsize length, guint columns)
{
	switch (format) {
	case RETOUR_FORMAT_JSON:
		check_json_line(line, length, "#");
		break;
	case RETOUR_FORMAT_RECIPIENTS:
		check_json_line(line, length, "#/$defs/line");
		break;
	case RETOUR_FORMAT_TSV:
		check_tsv(line, length, columns);
		break;
	case RETOUR_FORMAT_TABLE:
		check_plain(line, length);
		break;
	case RETOUR_FORMAT_CSV:
		break;
	case RETOUR_FORMAT_DSN:
		fuzz_require(length <= MAIL_LINE, "a line of %zu bytes", length);
		for (gsize i = 0; i < length; i++)
			fuzz_require((guchar)line[i] >= ' ' && line[i] != 127, "control %d",
			             line[i]);
		break;
	case RETOUR_FORMAT_HEADERS:
		/* One header a line, all of them ours: nothing is smuggled in. */
		fuzz_require(g_str_has_prefix(line, "X-Retour-") && memchr(line, ':', length) &&
		                     is_ascii(line, length) && length <= MAIL_LINE,
		             "a header: %.*s", (int)length, line);
		check_plain(line, length);
		break;
	case RETOUR_FORMAT_SHELL:
		fuzz_require(length < SHELL_LINE, "a line of %zu bytes", length);
		check_shell(line, length);
		break;
	}
}

static void
check_lines(RetourFormat format, const GString *out, guint columns, guint rows)
{
	guint lines = 0;
	for (const char *line = out->str; *line; lines++) {
		const char *end = strchr(line, '\n');
		fuzz_require(end, "the last line has no end");
		check_line(format, line, (gsize)(end - line), columns);
		line = end + 1;
	}
	fuzz_require(lines == rows, "%u lines, not %u", lines, rows);
}

static GString *
write_record(RetourFormat format, gsize size, const RetourRecord *record, gboolean explain)
{
	/* A name is a stranger's too. */
	RetourSource source = { .name = "=Maildir/\033[2J\xff\342\200\256,\"\t\n", .size = size };
	GString *out = g_string_new(NULL);
	retour_format_append(format, &source, record, explain, out);
	return out;
}

static void
check_format(RetourFormat format, gsize size, const RetourRecord *record, gboolean explain)
{
	g_autoptr(GString) out = write_record(format, size, record, explain);
	g_autoptr(GString) head = g_string_new(NULL);
	retour_format_append_head(format, head);
	guint columns = count(head->str, head->len, format == RETOUR_FORMAT_TSV ? '\t' : ',') + 1;
	guint recipients = record->report ? record->report->n_recipients : 0;
	gboolean one = format == RETOUR_FORMAT_JSON || format == RETOUR_FORMAT_SHELL;
	guint rows = one ? 1 : MAX(recipients, 1);
	if (format == RETOUR_FORMAT_HEADERS || format == RETOUR_FORMAT_DSN)
		rows = count(out->str, out->len, '\n');
	fuzz_require(fuzz_is_text(out->str, out->len), "format %u is no UTF-8", format);
	if (format == RETOUR_FORMAT_CSV)
		check_csv(out, columns, rows);
	else
		check_lines(format, out, columns, rows);
	if (format == RETOUR_FORMAT_JSON)
		fuzz_require(out->len <= size * TIMES + MORE, "%zu bytes of a mail of %zu",
		             out->len, size);
}

static void
check_fields(const RetourRecord *record)
{
	for (const char *const *name = retour_format_get_fields(); *name; name++) {
		g_autoptr(GString) value = g_string_new(NULL);
		fuzz_require(retour_format_append_field(record, *name, value), "no field %s",
		             *name);
		fuzz_require(value->len <= FIELD && fuzz_is_text(value->str, value->len) &&
		                     !strpbrk(value->str, "\r\n"),
		             "%s: %s", *name, value->str);
	}
}

static void
check_again(RetourSpan bytes, const GString *first)
{
	g_autoptr(RetourRecord) again = retour_record_read(bytes.data, bytes.length, NULL);
	g_autoptr(GString) out = write_record(RETOUR_FORMAT_JSON, bytes.length, again, TRUE);
	fuzz_require(g_string_equal(first, out), "first %sthen %s", first->str, out->str);
}

/* What is judged, and where it stands, is that of the record. */
static void
check_same_verdicts(const RetourRecord *record, const RetourRecord *redacted)
{
	guint n = record->report ? record->report->n_recipients : 0;
	fuzz_require(record->kind == redacted->kind && !record->report == !redacted->report &&
	                     n == (redacted->report ? redacted->report->n_recipients : 0),
	             "redacted it is another record");
	for (guint i = 0; i < n; i++) {
		const RetourVerdict *one = &record->verdicts[i], *other = &redacted->verdicts[i];
		fuzz_require(one->reason == other->reason && one->n_because == other->n_because,
		             "redacted it is another verdict");
		for (guint k = 0; k < one->n_because; k++)
			fuzz_require(one->because[k].offset == other->because[k].offset,
			             "redacted it is another place");
	}
}

static void
check_redacted(gsize size, const RetourRecord *record)
{
	static const RetourRedactMode modes[] = { RETOUR_REDACT_MASK, RETOUR_REDACT_DROP };
	for (guint i = 0; i < G_N_ELEMENTS(modes); i++) {
		g_autoptr(RetourRedaction) redaction = retour_redaction_new(modes[i], NULL);
		g_autoptr(RetourRecord) redacted = retour_redaction_apply(redaction, record);
		check_same_verdicts(record, redacted);
		check_format(RETOUR_FORMAT_JSON, size, redacted, TRUE);
		check_format(RETOUR_FORMAT_RECIPIENTS, size, redacted, TRUE);
		check_format(RETOUR_FORMAT_DSN, size, redacted, TRUE);
	}
}

void
invariants_check_output(RetourSpan bytes, const RetourRecord *record)
{
	check_redacted(bytes.length, record);
	for (RetourFormat format = RETOUR_FORMAT_JSON; format <= RETOUR_FORMAT_DSN; format++)
		for (guint explain = 0; explain < 2; explain++)
			check_format(format, bytes.length, record, explain > 0);
	check_fields(record);
	g_autoptr(GString) first = write_record(RETOUR_FORMAT_JSON, bytes.length, record, TRUE);
	check_again(bytes, first);
}
