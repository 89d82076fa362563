/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "automation/dispatch.h"
#include "automation/subcommand.h"
#include "automation/suppression.h"
#include "intake/intake.h"
#include "policy/policy.h"

/* Of a list that is imported; bytes. Mailgun takes 25 MB. */
#define IMPORT_MAX (256u * 1024 * 1024)

typedef struct {
	GString *out;
	RetourListForm form;
	const char *list;
	gint64 now;
	char *last; /* owned; the address before: a list names each once */
} Exporter;

static gboolean
take_form(const RetourCliCommand *command, const char *name, RetourListForm *form)
{
	return !name || retour_list_form_parse(name, form) ||
	       retour_cli_refuse(command, "there is no format '%s': plain, json or csv", name);
}

static void
export_row(const char *address, const RetourLedgerDecision *decision, gpointer data)
{
	Exporter *exporter = data;
	gboolean over = decision->until > 0 && decision->until <= exporter->now;
	gboolean wanted = !*decision->scope || !exporter->list ||
	                  strcmp(exporter->list, decision->scope) == 0;
	if (decision->verdict != RETOUR_DECISION_SUPPRESS || over || !wanted)
		return;
	/* Only JSON tells of which list a row is. */
	if (exporter->form != RETOUR_LIST_JSON && g_strcmp0(exporter->last, address) == 0)
		return;
	g_free(exporter->last);
	exporter->last = g_strdup(address);
	const RetourSuppression row = {
		.address = (char *)address,
		.list = *decision->scope ? (char *)decision->scope : NULL,
		.error = (char *)decision->grounds,
		.code = decision->code,
		.time = decision->time,
		.until = decision->until,
	};
	retour_suppression_append(exporter->form, &row, exporter->out);
}

static int
run_export(int argc, char **argv)
{
	g_auto(RetourBooks) books = { 0 };
	g_autofree char *format = NULL, *list = NULL;
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	Exporter exporter = { .out = out };
	int code;
	const GOptionEntry entries[] = {
		RETOUR_BOOKS_OPTIONS(&books),
		{ "format", 0, 0, G_OPTION_ARG_FILENAME, &format, "plain (default), json or csv",
		  "FORMAT" },
		{ "list", 0, 0, G_OPTION_ARG_FILENAME, &list,
		  "What holds for this mailing list: its own suppressions and those for all",
		  "NAME" },
		G_OPTION_ENTRY_NULL,
	};
	if (!retour_subcommand_begin(&retour_ledger_export, &books, entries, RETOUR_LEDGER_READ,
	                             &argc, &argv, 0, 0, &code))
		return code;
	if (!take_form(&retour_ledger_export, format, &exporter.form))
		return RETOUR_EXIT_USAGE;
	exporter.list = list;
	exporter.now = books.now;
	retour_suppression_append_head(exporter.form, out);
	gboolean good = retour_ledger_each_standing(books.ledger, export_row, &exporter, &error);
	g_free(exporter.last);
	return good ? retour_subcommand_print(out) : retour_subcommand_fail(error);
}

const RetourCliCommand retour_ledger_export = {
	.name = "ledger export",
	.arguments = "",
	.summary = "The suppressed addresses, for another program",
	.description =
	        "csv has the columns address,code,error,created_at, which Mailgun and others "
	        "import.",
	.run = run_export,
};

typedef struct {
	const char *name; /* of the file */
	const char *list;
	guint rows, added, faults;
} Import;

/* A suppression that stands is left as it is: importing twice changes nothing. */
static void
note_standing(const char *address, const RetourLedgerDecision *decision, gpointer data)
{
	RetourLedgerDecision *wanted = data;
	(void)address;
	if (decision->current && decision->verdict == RETOUR_DECISION_SUPPRESS &&
	    strcmp(decision->scope, wanted->scope) == 0 && decision->until == 0)
		wanted->current = FALSE;
}

static gboolean
import_row(RetourBooks *books, Import *import, const RetourSuppression *row, GError **error)
{
	gint64 address = retour_ledger_add_address(books->ledger, row->address, error);
	RetourLedgerDecision decision = {
		.scope = import->list ? import->list
		         : row->list  ? row->list
		                      : "",
		.verdict = RETOUR_DECISION_SUPPRESS,
		.time = row->time ? row->time : books->now,
		.until = row->until,
		.policy = RETOUR_LEDGER_IMPORTED,
		.grounds = row->error,
		.code = row->code,
		.current = TRUE,
	};
	gboolean changed;
	import->rows++;
	if (address < 0 ||
	    !retour_ledger_each_decision(books->ledger, address, note_standing, &decision, error))
		return FALSE;
	if (!decision.current)
		return TRUE;
	if (!retour_ledger_decide(books->ledger, address, &decision, &changed, error) ||
	    !retour_dispatch(books->ledger, books->settings, address, decision.scope, books->now,
	                     error))
		return FALSE;
	import->added += changed;
	return TRUE;
}

static gboolean
import_all(RetourBooks *books, Import *import, const GByteArray *bytes, GError **error)
{
	RetourSuppressionReader reader;
	RetourSuppression row;
	const char *fault;
	int got;
	gboolean good = retour_ledger_begin(books->ledger, error);
	retour_suppression_reader_init(&reader, (const char *)bytes->data, bytes->len);
	while (good && (got = retour_suppression_read(&reader, &row, &fault)) != 0) {
		if (got > 0) {
			good = import_row(books, import, &row, error);
		} else {
			retour_cli_complain("%s:%u: %s: mend the line or take it out", import->name,
			                    reader.line, fault);
			import->faults++;
		}
		retour_suppression_clear(&row);
	}
	if (good && import->faults == 0)
		return retour_ledger_commit(books->ledger, error);
	retour_ledger_rollback(books->ledger);
	return good;
}

static gboolean
load(const char *path, GByteArray *bytes)
{
	const RetourIntakeItem item = { .path = path, .name = path, .length = IMPORT_MAX };
	const char *fault = NULL;
	if (strcmp(path, "-") != 0)
		fault = retour_intake_load(&item, IMPORT_MAX, TRUE, bytes);
	else if (!retour_intake_drain(STDIN_FILENO, IMPORT_MAX, bytes))
		fault = g_strerror(errno);
	if (fault)
		retour_cli_complain("%s: %s", path, fault);
	return !fault;
}

static int
run_import(int argc, char **argv)
{
	g_auto(RetourBooks) books = { 0 };
	g_autofree char *list = NULL;
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	g_autoptr(GError) error = NULL;
	int code;
	const GOptionEntry entries[] = {
		RETOUR_BOOKS_OPTIONS(&books),
		{ "list", 0, 0, G_OPTION_ARG_FILENAME, &list,
		  "Suppress on this mailing list alone; default: as the file says, else on all",
		  "NAME" },
		G_OPTION_ENTRY_NULL,
	};
	if (!retour_subcommand_begin(&retour_ledger_import, &books, entries, RETOUR_LEDGER_CREATE,
	                             &argc, &argv, 0, 1, &code))
		return code;
	Import import = { .name = argc > 1 ? argv[1] : "-", .list = list };
	if (!load(import.name, bytes))
		return RETOUR_EXIT_NO_INPUT;
	if (!import_all(&books, &import, bytes, &error))
		return retour_subcommand_fail(error);
	if (import.faults > 0) {
		retour_cli_complain("nothing was imported");
		return RETOUR_EXIT_DATA;
	}
	retour_cli_complain("%u addresses read, %u newly suppressed", import.rows, import.added);
	return EXIT_SUCCESS;
}

const RetourCliCommand retour_ledger_import = {
	.name = "ledger import",
	.arguments = "[FILE]",
	.summary = "Takes over a list of suppressed addresses: plain, JSON lines, or Mailgun's CSV",
	.description =
	        "The form shows in the first line: '{', 'address,…', or an address. All of the "
	        "file is "
	        "taken or,\n"
	        "where a line is wrong, nothing. What stands already is left as it is. An imported "
	        "suppression\n"
	        "lasts until 'retour ledger undo --address' ends it.\n\n"
	        "Exit status: 0; 64 wrong usage; 65 a line is wrong; 66 the file cannot be read; "
	        "75 "
	        "trouble.",
	.run = run_import,
};
