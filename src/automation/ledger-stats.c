/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "automation/subcommand.h"
#include "emit/character.h"
#include "emit/json-writer.h"

#define DAY (24 * 60 * 60)

/* Of a table for people so many lines are shown. */
#define LINES_MAX 15u

typedef struct {
	const char *name, *title;
	RetourLedgerGrouping grouping;
	gint64 span; /* seconds before now; 0: as asked for */
} Table;

static const Table tables[] = {
	{ "day", "By day", RETOUR_COUNT_BY_DAY, 0 },
	{ "provider", "By provider", RETOUR_COUNT_BY_PROVIDER, 0 },
	{ "reason", "By reason", RETOUR_COUNT_BY_REASON, 0 },
	{ "sender-side", "To be mended on the sender's side, or waited for",
	  RETOUR_COUNT_SENDER_SIDE, 0 },
	{ "new", "New since yesterday", RETOUR_COUNT_NEW, DAY },
};

typedef struct {
	const RetourBooks *books;
	GString *out;
	const Table *table;
	gboolean json;
	guint lines;
} Printer;

static void
add_json(const RetourLedgerCount *count, const Printer *printer)
{
	GString *out = printer->out;
	g_autoptr(GString) json = g_string_new(NULL);
	RetourJsonScope line = retour_json_begin(json, NULL, '{');
	retour_json_add(json, "by", printer->table->name);
	retour_json_add(json, "day", count->day);
	retour_json_add(json, "provider", count->provider);
	retour_json_add(json, "event", retour_event_kind_to_string(count->kind));
	retour_json_add(json, "class", retour_class_to_string(count->klass));
	retour_json_add(json, "reason", count->reason);
	if (count->fault != RETOUR_FAULT_NONE)
		retour_json_add(json, "fault", retour_fault_to_string(count->fault));
	retour_json_add_number(json, "events", count->events);
	retour_json_add_number(json, "addresses", count->addresses);
	retour_json_add_time(json, "first", count->first);
	retour_json_add_time(json, "last", count->last);
	retour_json_add(json, "diagnostic", count->diagnostic);
	retour_json_end(json, line);
	g_string_append_printf(out, "%s\n", json->str);
}

static void
add_text(const RetourLedgerCount *count, const Printer *printer)
{
	GString *out = printer->out;
	g_string_append_printf(out, "  %8" G_GUINT64_FORMAT "  %8" G_GUINT64_FORMAT "  %-11s %-4s",
	                       count->events, count->addresses,
	                       retour_event_kind_to_string(count->kind),
	                       retour_class_to_string(count->klass));
	const char *words[] = { *count->day ? count->day : NULL, count->provider, count->reason };
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
		if (!words[i])
			continue;
		g_string_append(out, "  ");
		retour_character_append_line(out, words[i], 60);
	}
	if (count->fault != RETOUR_FAULT_NONE && printer->table->grouping != RETOUR_COUNT_BY_REASON)
		g_string_append_printf(out, "  (%s)", retour_fault_to_string(count->fault));
	g_string_append_c(out, '\n');
	if (count->diagnostic) {
		g_string_append(out, "                      ");
		retour_character_append_line(out, count->diagnostic, 0);
		g_string_append_c(out, '\n');
	}
}

static void
add(const RetourLedgerCount *count, gpointer data)
{
	Printer *printer = data;
	RetourLedgerCount shown = *count;
	/* Whom the words are about is not known here, so that his name would not be either. */
	if (printer->books->redaction)
		shown.diagnostic = NULL;
	count = &shown;
	if (printer->json) {
		add_json(count, printer);
		return;
	}
	if (printer->lines++ == 0)
		g_string_append_printf(printer->out, "%s\n    events  addresses\n",
		                       printer->table->title);
	if (printer->lines <= LINES_MAX || printer->table->grouping == RETOUR_COUNT_BY_DAY)
		add_text(count, printer);
	else if (printer->lines == LINES_MAX + 1)
		g_string_append(printer->out, "  … more with --format json\n");
}

static gboolean
count_all(const RetourBooks *books, gint64 since, GString *out, gboolean json, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
		Printer printer = { .books = books, .out = out, .table = &tables[i], .json = json };
		gint64 from = tables[i].span ? MAX(books->now - tables[i].span, 0) : since;
		if (!retour_ledger_count(books->ledger, tables[i].grouping, from, books->now + 1,
		                         add, &printer, error))
			return FALSE;
		if (!json && printer.lines > 0)
			g_string_append_c(out, '\n');
	}
	return TRUE;
}

static int
run_stats(int argc, char **argv)
{
	g_auto(RetourBooks) books = { 0 };
	g_autofree char *format = NULL, *since_text = NULL;
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	gint64 since;
	int code;
	const GOptionEntry entries[] = {
		RETOUR_BOOKS_OPTIONS(&books),
		RETOUR_CLI_REDACT(&books.redact, &books.redact_key),
		{ "format", 0, 0, G_OPTION_ARG_FILENAME, &format, "text (default) or json",
		  "FORMAT" },
		{ "since", 0, 0, G_OPTION_ARG_FILENAME, &since_text,
		  "From when on: a time, or \"30 days\"; default: 7 days", "TIME" },
		G_OPTION_ENTRY_NULL,
	};
	if (!retour_subcommand_begin(&retour_ledger_stats, &books, entries, RETOUR_LEDGER_READ,
	                             &argc, &argv, 0, 0, &code))
		return code;
	if (!retour_subcommand_take_time(&retour_ledger_stats, "since",
	                                 since_text ? since_text : "7 days", books.now, &since))
		return RETOUR_EXIT_USAGE;
	gboolean json = format && strcmp(format, "json") == 0;
	if (format && !json && strcmp(format, "text") != 0) {
		retour_cli_refuse(&retour_ledger_stats, "there is no format '%s': text or json",
		                  format);
		return RETOUR_EXIT_USAGE;
	}
	if (!count_all(&books, since, out, json, &error))
		return retour_subcommand_fail(error);
	if (!json && out->len == 0)
		g_string_append(out, "Nothing happened.\n");
	return retour_subcommand_print(out);
}

const RetourCliCommand retour_ledger_stats = {
	.name = "ledger stats",
	.arguments = "",
	.summary = "What came back by day, provider and reason; what is new; what the sender must "
	           "mend",
	.run = run_stats,
};
