/* SPDX-License-Identifier: BSD-2-Clause */
#include "automation/suppression.h"

#include <string.h>

#include "address/address.h"
#include "automation/books.h"
#include "base/json-line.h"
#include "emit/character.h"
#include "emit/json-writer.h"

static const char *const columns[] = { "address", "code", "error", "created_at" };

void
retour_suppression_clear(RetourSuppression *row)
{
	g_free(row->address);
	g_free(row->list);
	g_free(row->error);
	*row = (RetourSuppression){ 0 };
}

gboolean
retour_list_form_parse(const char *name, RetourListForm *form)
{
	static const char *const names[] = { "plain", "json", "csv" };
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		if (strcmp(names[i], name) == 0) {
			*form = (RetourListForm)i;
			return TRUE;
		}
	}
	return FALSE;
}

/* ---- writing ---- */

void
retour_suppression_append_head(RetourListForm form, GString *out)
{
	if (form == RETOUR_LIST_CSV)
		g_string_append(out, "address,code,error,created_at\n");
}

/* RFC 4180 */
static void
append_cell(GString *out, const char *text)
{
	g_autoptr(GString) line = g_string_new(NULL);
	retour_character_append_line(line, text ? text : "", 0);
	if (!strpbrk(line->str, ",\" ")) {
		g_string_append(out, line->str);
		return;
	}
	g_string_append_c(out, '"');
	for (const char *at = line->str; *at; at++) {
		if (*at == '"')
			g_string_append_c(out, '"');
		g_string_append_c(out, *at);
	}
	g_string_append_c(out, '"');
}

/* "Fri, 21 Oct 2011 11:02:55 UTC", whatever the locale. */
static void
append_date(GString *out, gint64 time)
{
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
		                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	g_autoptr(GDateTime) date = time > 0 ? g_date_time_new_from_unix_utc(time) : NULL;
	if (date)
		g_string_append_printf(out, "\"%s, %02d %s %04d %02d:%02d:%02d UTC\"",
		                       days[g_date_time_get_day_of_week(date) - 1],
		                       g_date_time_get_day_of_month(date),
		                       months[g_date_time_get_month(date) - 1],
		                       g_date_time_get_year(date), g_date_time_get_hour(date),
		                       g_date_time_get_minute(date), g_date_time_get_second(date));
}

static void
append_csv(GString *out, const RetourSuppression *row)
{
	append_cell(out, row->address);
	g_string_append_c(out, ',');
	if (row->code)
		g_string_append_printf(out, "%u", row->code);
	g_string_append_c(out, ',');
	append_cell(out, row->error);
	g_string_append_c(out, ',');
	append_date(out, row->time);
	g_string_append_c(out, '\n');
}

static void
append_json(GString *out, const RetourSuppression *row)
{
	g_autoptr(GString) json = g_string_new(NULL);
	RetourJsonScope line = retour_json_begin(json, NULL, '{');
	retour_json_add(json, "address", row->address);
	retour_json_add(json, "list", row->list);
	if (row->code)
		retour_json_add_number(json, "code", row->code);
	retour_json_add(json, "error", row->error);
	if (row->time)
		retour_json_add_time(json, "created_at", row->time);
	if (row->until)
		retour_json_add_time(json, "until", row->until);
	retour_json_end(json, line);
	g_string_append_printf(out, "%s\n", json->str);
}

void
retour_suppression_append(RetourListForm form, const RetourSuppression *row, GString *out)
{
	if (form == RETOUR_LIST_JSON) {
		append_json(out, row);
	} else if (form == RETOUR_LIST_CSV) {
		append_csv(out, row);
	} else {
		retour_character_append_line(out, row->address, 0);
		g_string_append_c(out, '\n');
	}
}

/* ---- reading ---- */

/* The next cell of a CSV record; *more is FALSE behind the last one. Quoted cells may hold line
 * ends. */
static char *
take_cell(RetourSuppressionReader *reader, gboolean *more)
{
	GString *cell = g_string_new(NULL);
	gboolean quoted = reader->at < reader->end && *reader->at == '"';
	reader->at += quoted;
	for (; reader->at < reader->end; reader->at++) {
		char c = *reader->at;
		if (quoted && c == '"') {
			if (reader->at + 1 == reader->end || reader->at[1] != '"') {
				quoted = FALSE;
				continue;
			}
			reader->at++;
		} else if (!quoted && (c == ',' || c == '\n')) {
			break;
		}
		reader->line += c == '\n';
		g_string_append_c(cell, c);
	}
	*more = reader->at < reader->end && *reader->at == ',';
	reader->line += reader->at < reader->end && !*more;
	reader->at += reader->at < reader->end;
	return g_strstrip(g_string_free(cell, FALSE));
}

/* "Fri, 21 Oct 2011 11:02:55 UTC" or RFC 3339. */
static gboolean
read_date(const char *text, gint64 *time)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	g_auto(GStrv) words = g_strsplit(text, " ", 7);
	guint n = g_strv_length(words);
	if (n < 5)
		return retour_time_parse(text, time);
	const char *month = strlen(words[2]) == 3 ? strstr(months, words[2]) : NULL;
	guint64 day, year;
	if (!month || !g_ascii_string_to_unsigned(words[1], 10, 1, 31, &day, NULL) ||
	    !g_ascii_string_to_unsigned(words[3], 10, 1970, 9999, &year, NULL))
		return FALSE;
	g_autofree char *iso =
	        g_strdup_printf("%04u-%02u-%02uT%sZ", (guint)year,
	                        (guint)((month - months) / 3 + 1), (guint)day, words[4]);
	return retour_time_parse(iso, time);
}

static gboolean
set_cell(RetourSuppression *row, guint column, const char *text)
{
	guint64 code;
	switch (column) {
	case 0:
		row->address = g_strdup(text);
		return TRUE;
	case 1:
		if (*text && !g_ascii_string_to_unsigned(text, 10, 0, 999, &code, NULL))
			return FALSE;
		row->code = *text ? (guint)code : 0;
		return TRUE;
	case 2:
		row->error = *text ? g_strdup(text) : NULL;
		return TRUE;
	default:
		return !*text || read_date(text, &row->time);
	}
}

static const char *
read_csv(RetourSuppressionReader *reader, RetourSuppression *row)
{
	const char *fault = NULL;
	gboolean more = TRUE;
	for (guint at = 0; more; at++) {
		g_autofree char *cell = take_cell(reader, &more);
		for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
			if (reader->columns[i] == at && !fault && !set_cell(row, i, cell))
				fault = i == 1 ? "the code is no number" : "the time is malformed";
		}
	}
	return fault;
}

static const char *
read_json(RetourSpan line, RetourSuppression *row)
{
	g_autofree char *code = NULL, *created = NULL, *until = NULL;
	const RetourJsonMember members[] = {
		{ "address", &row->address }, { "list", &row->list },
		{ "error", &row->error },     { "code", &code },
		{ "created_at", &created },   { "until", &until },
	};
	guint64 number = 0;
	if (!retour_json_line_read(line, members, G_N_ELEMENTS(members)))
		return "the line is no flat JSON object";
	if (code && !g_ascii_string_to_unsigned(code, 10, 0, 999, &number, NULL))
		return "the code is no number";
	row->code = (guint)number;
	if ((created && !read_date(created, &row->time)) ||
	    (until && !retour_time_parse(until, &row->until)))
		return "the time is malformed";
	return NULL;
}

static RetourSpan
take_line(RetourSuppressionReader *reader)
{
	RetourSpan rest = retour_span(reader->at, (gsize)(reader->end - reader->at)), line;
	retour_span_next_line(&rest, &line);
	reader->at = rest.length > 0 ? rest.data : reader->end;
	reader->line++;
	return line;
}

void
retour_suppression_reader_init(RetourSuppressionReader *reader, const char *bytes, gsize length)
{
	*reader = (RetourSuppressionReader){ .at = bytes, .end = bytes + length };
	/* Spreadsheets put a byte order mark before UTF-8. */
	if (length >= 3 && memcmp(bytes, "\357\273\277", 3) == 0)
		reader->at += 3;
	RetourSpan text = retour_span(reader->at, (gsize)(reader->end - reader->at));
	if (text.length > 0 && text.data[0] == '{') {
		reader->form = RETOUR_LIST_JSON;
		return;
	}
	if (!retour_span_has_prefix(text, "address") &&
	    !retour_span_has_prefix(text, "\"address\""))
		return;
	reader->form = RETOUR_LIST_CSV;
	for (guint i = 0; i < G_N_ELEMENTS(columns); i++)
		reader->columns[i] = G_MAXUINT;
	gboolean more = TRUE;
	for (guint at = 0; more; at++) {
		g_autofree char *name = take_cell(reader, &more);
		for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
			if (g_ascii_strcasecmp(name, columns[i]) == 0)
				reader->columns[i] = at;
		}
	}
}

/* An address, and nothing else. */
static gboolean
is_address(const char *text)
{
	RetourSpan span = retour_span_of(text);
	return span.length > 0 && retour_address_match(span) == span.length &&
	       retour_address_domain(span).length > 0;
}

int
retour_suppression_read(RetourSuppressionReader *reader, RetourSuppression *row, const char **fault)
{
	while (reader->at < reader->end) {
		const char *begin = reader->at;
		*row = (RetourSuppression){ 0 };
		if (reader->form == RETOUR_LIST_CSV) {
			*fault = read_csv(reader, row);
		} else if (reader->form == RETOUR_LIST_JSON) {
			RetourSpan line = take_line(reader);
			*fault = retour_span_trim(line).length > 0 ? read_json(line, row) : NULL;
		} else {
			RetourSpan line = take_line(reader);
			gssize comment = retour_span_find_char(line, 0, '#');
			if (comment == 0 ||
			    (comment > 0 && retour_is_blank(line.data[comment - 1])))
				line.length = (gsize)comment;
			line = retour_span_trim(line);
			*fault = NULL;
			row->address = g_strndup(line.data, line.length);
		}
		RetourSpan taken = retour_span(begin, (gsize)(reader->at - begin));
		gboolean empty =
		        !*fault && (!row->address || !*row->address) &&
		        (reader->form == RETOUR_LIST_PLAIN || retour_span_trim(taken).length == 0);
		if (!empty && !*fault && (!row->address || !is_address(row->address)))
			*fault = "there is no address";
		if (!empty)
			return *fault ? -1 : 1;
		retour_suppression_clear(row);
	}
	return 0;
}
