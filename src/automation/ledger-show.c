/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "automation/judge.h"
#include "automation/subcommand.h"
#include "emit/character.h"
#include "emit/json-writer.h"
#include "redact/redaction.h"

/* Of one address so many events are shown, the latest. */
#define EVENTS_MAX 10000

typedef struct {
	GString *out;
	const RetourBooks *books;
	const char *about; /* the address that is shown; NULL: many are */
	gboolean json;
	gint64 now;
	int verdict; /* to list; -1: all that are not kept */
	const char *list;
} Printer;

static gboolean
take_format(const RetourCliCommand *command, const char *format, gboolean *json)
{
	*json = format && strcmp(format, "json") == 0;
	return !format || *json || strcmp(format, "text") == 0 ||
	       retour_cli_refuse(command, "there is no format '%s': text or json", format);
}

static void
add_event_json(const RetourLedgerEvent *event, gboolean undone, GString *out)
{
	char status[RETOUR_STATUS_STRING_SIZE];
	g_autoptr(GString) json = g_string_new(NULL);
	RetourJsonScope line = retour_json_begin(json, NULL, '{');
	retour_json_add(json, "event", retour_event_kind_to_string(event->kind));
	retour_json_add_time(json, "time", event->time);
	retour_json_add_time(json, "first", event->first);
	retour_json_add_time(json, "last", event->last);
	retour_json_add(json, "class", retour_class_to_string(event->klass));
	retour_json_add(json, "reason", event->reason);
	retour_json_add(json, "fault", retour_fault_to_string(event->fault));
	retour_json_add_boolean(json, "permanent", event->permanent);
	if (retour_status_is_set(event->status))
		retour_json_add(json, "status", retour_status_format(event->status, status));
	if (event->reply)
		retour_json_add_number(json, "reply", event->reply);
	retour_json_add(json, "list", event->list);
	retour_json_add(json, "provider", event->provider);
	retour_json_add(json, "original", event->original);
	retour_json_add(json, "source", event->source);
	retour_json_add(json, "diagnostic", event->diagnostic);
	if (event->authentic)
		retour_json_add(
		        json, "authentic",
		        retour_authentic_to_string((RetourAuthentic)(event->authentic - 1)));
	if (event->doubted)
		retour_json_add_boolean(json, "outage", TRUE);
	retour_json_add(json, "key", event->key);
	if (undone)
		retour_json_add_boolean(json, "undone", TRUE);
	retour_json_end(json, line);
	g_string_append_printf(out, "%s\n", json->str);
}

static void
add_event_as_it_is(const RetourLedgerEvent *event, gboolean undone, const Printer *printer)
{
	char time[RETOUR_TIME_SIZE];
	if (printer->json) {
		add_event_json(event, undone, printer->out);
		return;
	}
	const char *when = retour_time_format(event->time, time);
	g_string_append_printf(printer->out, "  %s  %-11s %-4s %s%s%s%s", when ? when : "?",
	                       retour_event_kind_to_string(event->kind),
	                       retour_class_to_string(event->klass),
	                       event->reason ? event->reason : "", undone ? "  (undone)" : "",
	                       event->list ? "  list " : "", event->list ? event->list : "");
	if (event->authentic)
		g_string_append_printf(
		        printer->out, "  %s",
		        retour_authentic_to_string((RetourAuthentic)(event->authentic - 1)));
	if (event->doubted)
		g_string_append(printer->out, "  (outage)");
	if (event->diagnostic) {
		g_string_append(printer->out, "\n      ");
		retour_character_append_line(printer->out, event->diagnostic, 0);
	}
	g_string_append_c(printer->out, '\n');
}

typedef void (*Append)(const RetourRedactor *redactor, RetourSpan text, GString *out);

/* NULL where nothing is left. (transfer full) */
static char *
redact(const RetourRedactor *redactor, Append append, const char *text)
{
	g_autoptr(GString) out = g_string_new(NULL);
	if (text)
		append(redactor, retour_span_of(text), out);
	return out->len > 0 ? g_strdup(out->str) : NULL;
}

static void
add_event_redacted(const RetourLedgerEvent *event, gboolean undone, const Printer *printer)
{
	RetourRedactor redactor;
	RetourLedgerEvent shown = *event;
	g_autoptr(GString) key = g_string_new(NULL);
	retour_redactor_init(&redactor, printer->books->redaction);
	retour_redactor_know(&redactor, printer->about);
	g_autofree char *list = redact(&redactor, retour_redactor_append_text, event->list);
	g_autofree char *id = redact(&redactor, retour_redactor_append_message_id, event->original);
	g_autofree char *source = redact(&redactor, retour_redactor_append_text, event->source);
	g_autofree char *words = redact(&redactor, retour_redactor_append_text, event->diagnostic);
	retour_redactor_append_key(&redactor, event->key, id ? id : "", key);
	retour_redactor_clear(&redactor);
	shown.list = list;
	shown.original = id;
	shown.source = source;
	shown.diagnostic = words;
	shown.key = key->str;
	add_event_as_it_is(&shown, undone, printer);
}

static void
add_event(const RetourLedgerEvent *event, gboolean undone, gpointer data)
{
	const Printer *printer = data;
	if (printer->books->redaction)
		add_event_redacted(event, undone, printer);
	else
		add_event_as_it_is(event, undone, printer);
}

/* What has run out stands no more, though nobody has judged anew yet. */
static RetourDecision
in_force(const RetourLedgerDecision *decision, gint64 now)
{
	gboolean over = decision->until > 0 && decision->until <= now;
	return over ? RETOUR_DECISION_KEEP : (RetourDecision)decision->verdict;
}

static void
add_decision_text(const RetourLedgerDecision *decision, const Printer *printer)
{
	g_autofree char *grounds =
	        retour_books_show_text(printer->books, printer->about, decision->grounds);
	char since[RETOUR_TIME_SIZE], until[RETOUR_TIME_SIZE];
	const char *from = retour_time_format(decision->time, since);
	g_string_append_printf(printer->out, "  %s", from ? from : "?");
	if (decision->until)
		g_string_append_printf(printer->out, " to %s",
		                       retour_time_format(decision->until, until));
	g_string_append_printf(printer->out, "  %s%s%s  by %s: %s%s\n",
	                       retour_decision_to_string((RetourDecision)decision->verdict),
	                       *decision->scope ? " on list " : "", decision->scope,
	                       decision->policy ? decision->policy : "?", grounds ? grounds : "-",
	                       decision->current && in_force(decision, printer->now) ==
	                                                    (RetourDecision)decision->verdict
	                               ? ""
	                               : "  (past)");
}

static void
add_decision_json(const char *address, const RetourLedgerDecision *decision, const Printer *printer)
{
	g_autofree char *shown = retour_books_show_address(printer->books, address);
	g_autofree char *grounds =
	        retour_books_show_text(printer->books, address, decision->grounds);
	g_autoptr(GString) json = g_string_new(NULL);
	RetourJsonScope line = retour_json_begin(json, NULL, '{');
	retour_json_add(json, "address", shown);
	retour_json_add(json, "list", decision->scope);
	retour_json_add(json, "decision",
	                retour_decision_to_string((RetourDecision)decision->verdict));
	retour_json_add_time(json, "since", decision->time);
	if (decision->until)
		retour_json_add_time(json, "until", decision->until);
	retour_json_add(json, "policy", decision->policy);
	retour_json_add(json, "grounds", grounds);
	if (decision->code)
		retour_json_add_number(json, "code", decision->code);
	retour_json_add_boolean(json, "in_force",
	                        decision->current && in_force(decision, printer->now) ==
	                                                     (RetourDecision)decision->verdict);
	retour_json_end(json, line);
	g_string_append_printf(printer->out, "%s\n", json->str);
}

static void
add_decision(const char *address, const RetourLedgerDecision *decision, gpointer data)
{
	const Printer *printer = data;
	if (printer->json)
		add_decision_json(address, decision, printer);
	else
		add_decision_text(decision, printer);
}

static int
show(const RetourBooks *books, Printer *printer, const char *text)
{
	g_autoptr(GError) error = NULL;
	gint64 address = retour_ledger_find_address(books->ledger, text, &error);
	if (address == -1) {
		retour_cli_complain("the ledger does not know \"%s\"", text);
		return RETOUR_EXIT_FOUND;
	}
	g_autofree char *written =
	        address >= 0 ? retour_ledger_get_address(books->ledger, address, &error) : NULL;
	if (!written)
		return retour_subcommand_fail(error);
	printer->about = written;
	if (!printer->json) {
		g_autofree char *shown = retour_books_show_address(books, written);
		retour_character_append_line(printer->out, shown, 0);
		g_string_append(printer->out, "\n\nDecisions\n");
	}
	if (!retour_ledger_each_decision(books->ledger, address, add_decision, printer, &error))
		return retour_subcommand_fail(error);
	if (!printer->json)
		g_string_append(printer->out, "\nEvents\n");
	if (!retour_ledger_each_event(books->ledger, address, EVENTS_MAX, TRUE, add_event, printer,
	                              &error))
		return retour_subcommand_fail(error);
	return retour_subcommand_print(printer->out);
}

static int
run_show(int argc, char **argv)
{
	g_auto(RetourBooks) books = { 0 };
	g_autofree char *format = NULL;
	g_autoptr(GString) out = g_string_new(NULL);
	Printer printer = { .out = out };
	int code;
	const GOptionEntry entries[] = {
		RETOUR_BOOKS_OPTIONS(&books),
		RETOUR_CLI_REDACT(&books.redact, &books.redact_key),
		{ "format", 0, 0, G_OPTION_ARG_FILENAME, &format, "text (default) or json",
		  "FORMAT" },
		G_OPTION_ENTRY_NULL,
	};
	if (!retour_subcommand_begin(&retour_ledger_show, &books, entries, RETOUR_LEDGER_READ,
	                             &argc, &argv, 1, 1, &code))
		return code;
	if (!take_format(&retour_ledger_show, format, &printer.json))
		return RETOUR_EXIT_USAGE;
	printer.now = books.now;
	printer.books = &books;
	return show(&books, &printer, argv[1]);
}

const RetourCliCommand retour_ledger_show = {
	.name = "ledger show",
	.arguments = "ADDRESS",
	.summary = "What happened to an address, and what was decided",
	.description = "Exit status: 0; 1 the address is not known; 64 wrong usage; 75 the ledger "
	               "does not open.",
	.run = run_show,
};

static void
add_standing(const char *address, const RetourLedgerDecision *decision, gpointer data)
{
	const Printer *printer = data;
	char since[RETOUR_TIME_SIZE];
	RetourDecision verdict = in_force(decision, printer->now);
	if (verdict == RETOUR_DECISION_KEEP ||
	    (printer->verdict >= 0 && (int)verdict != printer->verdict) ||
	    (printer->list && *decision->scope && strcmp(printer->list, decision->scope) != 0))
		return;
	if (printer->json) {
		add_decision_json(address, decision, printer);
		return;
	}
	const char *from = retour_time_format(decision->time, since);
	g_autofree char *shown = retour_books_show_address(printer->books, address);
	g_autofree char *grounds =
	        retour_books_show_text(printer->books, address, decision->grounds);
	g_string_append_printf(printer->out, "%s  %-9s  ", from ? from : "?",
	                       retour_decision_to_string(verdict));
	retour_character_append_line(printer->out, shown, 0);
	g_string_append_printf(printer->out, "%s%s  %s\n", *decision->scope ? "  list " : "",
	                       decision->scope, grounds ? grounds : "");
}

static gboolean
take_decision(const char *word, int *verdict)
{
	*verdict = -1;
	if (!word)
		return TRUE;
	for (int i = RETOUR_DECISION_PROBATION; i <= RETOUR_DECISION_SUPPRESS; i++) {
		if (strcmp(word, retour_decision_to_string((RetourDecision)i)) == 0)
			*verdict = i;
	}
	return *verdict >= 0 ||
	       retour_cli_refuse(&retour_ledger_list, "--decision takes suppress or probation");
}

static int
run_list(int argc, char **argv)
{
	g_auto(RetourBooks) books = { 0 };
	g_autofree char *format = NULL, *list = NULL, *decision = NULL;
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	Printer printer = { .out = out };
	int code;
	const GOptionEntry entries[] = {
		RETOUR_BOOKS_OPTIONS(&books),
		RETOUR_CLI_REDACT(&books.redact, &books.redact_key),
		{ "format", 0, 0, G_OPTION_ARG_FILENAME, &format, "text (default) or json",
		  "FORMAT" },
		{ "list", 0, 0, G_OPTION_ARG_FILENAME, &list,
		  "What holds for this mailing list: its own decisions and those over all",
		  "NAME" },
		{ "decision", 0, 0, G_OPTION_ARG_FILENAME, &decision,
		  "Only these: suppress or probation", "WORD" },
		G_OPTION_ENTRY_NULL,
	};
	if (!retour_subcommand_begin(&retour_ledger_list, &books, entries, RETOUR_LEDGER_READ,
	                             &argc, &argv, 0, 0, &code))
		return code;
	if (!take_format(&retour_ledger_list, format, &printer.json) ||
	    !take_decision(decision, &printer.verdict))
		return RETOUR_EXIT_USAGE;
	printer.now = books.now;
	printer.list = list;
	printer.books = &books;
	if (!retour_ledger_each_standing(books.ledger, add_standing, &printer, &error))
		return retour_subcommand_fail(error);
	return retour_subcommand_print(out);
}

const RetourCliCommand retour_ledger_list = {
	.name = "ledger list",
	.arguments = "",
	.summary = "The addresses that are suppressed or on probation, and why",
	.run = run_list,
};
