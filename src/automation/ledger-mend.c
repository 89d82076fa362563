/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "automation/dispatch.h"
#include "automation/judge.h"
#include "automation/subcommand.h"
#include "ledger/outbox.h"

typedef struct {
	const RetourBooks *books;
	GString *out;
} Change;

static void
add_change(const char *address, RetourDecision was, const RetourLedgerDecision *is, gpointer data)
{
	const Change *change = data;
	g_autofree char *shown = retour_books_show_address(change->books, address);
	retour_judge_append(change->out, shown, was, is);
}

/* ---- undo ---- */

typedef struct {
	char *from, *to, *provider, *domain, *reason, *list, *address; /* owned */
	gboolean dry;
} Undo;

static gboolean
take_selection(const Undo *undo, const RetourBooks *books, RetourLedgerSelection *selection)
{
	*selection = (RetourLedgerSelection){
		.provider = undo->provider,
		.domain = undo->domain,
		.reason = undo->reason,
		.list = undo->list,
		.address = undo->address,
	};
	if (!undo->from && !undo->to && !undo->provider && !undo->domain && !undo->reason &&
	    !undo->list && !undo->address)
		return retour_cli_refuse(
		        &retour_ledger_undo_command,
		        "it would undo everything: say what, as in --from … --to … "
		        "--provider …");
	if (undo->reason && !retour_reason_find(undo->reason))
		return retour_cli_refuse(&retour_ledger_undo_command,
		                         "there is no reason '%s': take a word of 'retour codes "
		                         "--sheet reasons'",
		                         undo->reason);
	gboolean timed =
	        (!undo->from ||
	         retour_subcommand_take_time(&retour_ledger_undo_command, "from", undo->from,
	                                     books->now, &selection->from)) &&
	        (!undo->to || retour_subcommand_take_time(&retour_ledger_undo_command, "to",
	                                                  undo->to, books->now, &selection->to));
	if (timed && selection->to && selection->from >= selection->to)
		return retour_cli_refuse(&retour_ledger_undo_command,
		                         "--from is not before --to: nothing lies between them");
	return timed;
}

/* What has come into the outbox meanwhile. */
typedef struct {
	const RetourBooks *books;
	guint waiting;
} Outcome;

static void
note_action(const RetourOutboxAction *action, gpointer data)
{
	Outcome *outcome = data;
	const RetourListSettings *list =
	        retour_settings_get_list(outcome->books->settings, action->list);
	g_autofree char *address = retour_books_show_address(outcome->books, action->address);
	const char *help = list && list->manager ? list->manager->by_hand : NULL;
	if (action->state == RETOUR_OUTBOX_WAITING)
		outcome->waiting++;
	else
		retour_cli_complain("by hand: %s %s on list %s%s%s",
		                    retour_verb_to_string(action->verb), address, action->list,
		                    help ? ": " : "", help ? help : "");
}

static gboolean
tell_actions(const RetourBooks *books, gint64 after, GError **error)
{
	Outcome outcome = { .books = books };
	const RetourOutboxSelection selection = {
		.states = RETOUR_OUTBOX_BIT(RETOUR_OUTBOX_WAITING) |
		          RETOUR_OUTBOX_BIT(RETOUR_OUTBOX_BY_HAND),
		.after = after,
	};
	if (!retour_outbox_each(books->ledger, &selection, note_action, &outcome, error))
		return FALSE;
	if (outcome.waiting > 0)
		retour_cli_complain("%u more for 'retour act' to do", outcome.waiting);
	return TRUE;
}

static gboolean
undo_all(RetourBooks *books, const RetourLedgerSelection *selection, gboolean dry, GString *out,
         guint *n_events, guint *n_addresses, GError **error)
{
	g_autoptr(GArray) addresses = g_array_new(FALSE, FALSE, sizeof(gint64));
	Change change = { books, out };
	gboolean good = retour_ledger_begin(books->ledger, error);
	gint64 last = good ? retour_outbox_get_last(books->ledger, error) : -1;
	good = last >= 0 &&
	       retour_ledger_undo(books->ledger, selection, books->now, addresses, n_events, error);
	/* What was imported is dropped without a judgement. */
	for (guint i = 0; good && i < addresses->len; i++) {
		gint64 address = g_array_index(addresses, gint64, i);
		good = retour_judge(books->ledger, books->settings, address, books->now, add_change,
		                    &change, error) &&
		       retour_dispatch(books->ledger, books->settings, address, "", books->now,
		                       error);
	}
	*n_addresses = addresses->len;
	good = good && tell_actions(books, last, error);
	if (good && !dry)
		return retour_ledger_commit(books->ledger, error);
	retour_ledger_rollback(books->ledger);
	return good;
}

static void
clear_undo(Undo *undo)
{
	g_free(undo->from);
	g_free(undo->to);
	g_free(undo->provider);
	g_free(undo->domain);
	g_free(undo->reason);
	g_free(undo->list);
	g_free(undo->address);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Undo, clear_undo)

static int
run_undo(int argc, char **argv)
{
	g_auto(RetourBooks) books = { 0 };
	g_auto(Undo) undo = { 0 };
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	RetourLedgerSelection selection;
	guint events, addresses;
	int code;
	const GOptionEntry entries[] = {
		RETOUR_BOOKS_OPTIONS(&books),
		RETOUR_CLI_REDACT(&books.redact, &books.redact_key),
		{ "from", 0, 0, G_OPTION_ARG_FILENAME, &undo.from, "Events from this time on",
		  "TIME" },
		{ "to", 0, 0, G_OPTION_ARG_FILENAME, &undo.to, "Events before this time", "TIME" },
		{ "since", 0, 0, G_OPTION_ARG_FILENAME, &undo.from, "The same as --from", "TIME" },
		{ "until", 0, 0, G_OPTION_ARG_FILENAME, &undo.to, "The same as --to", "TIME" },
		{ "provider", 0, 0, G_OPTION_ARG_FILENAME, &undo.provider,
		  "Events that servers of this provider caused", "DOMAIN" },
		{ "domain", 0, 0, G_OPTION_ARG_FILENAME, &undo.domain,
		  "Events of addresses in this domain", "DOMAIN" },
		{ "reason", 0, 0, G_OPTION_ARG_FILENAME, &undo.reason, "Events of this reason",
		  "WORD" },
		{ "list", 0, 0, G_OPTION_ARG_FILENAME, &undo.list, "Events of this mailing list",
		  "NAME" },
		{ "address", 0, 0, G_OPTION_ARG_FILENAME, &undo.address,
		  "Events of this address; an imported suppression of it ends too", "ADDRESS" },
		{ "dry-run", 0, 0, G_OPTION_ARG_NONE, &undo.dry,
		  "Say what would change, and change nothing", NULL },
		G_OPTION_ENTRY_NULL,
	};
	if (!retour_subcommand_begin(&retour_ledger_undo_command, &books, entries,
	                             RETOUR_LEDGER_WRITE, &argc, &argv, 0, 0, &code))
		return code;
	if (!take_selection(&undo, &books, &selection))
		return RETOUR_EXIT_USAGE;
	if (!undo_all(&books, &selection, undo.dry, out, &events, &addresses, &error))
		return retour_subcommand_fail(error);
	retour_cli_complain("%u events of %u addresses %s", events, addresses,
	                    undo.dry ? "would be undone" : "undone");
	return retour_subcommand_print(out);
}

const RetourCliCommand retour_ledger_undo_command = {
	.name = "ledger undo",
	.arguments = "",
	.summary = "Takes back what an outage or a mistake has caused, and judges anew",
	.description =
	        "What is given must all hold. The events stay in the ledger, so that the same mail "
	        "is "
	        "not counted\n"
	        "again, and count no more. Each change of a decision is printed as a line of "
	        "JSON.\n\n"
	        "Example, the outage of a provider:\n"
	        "  retour ledger undo --from 2020-12-14T20:00:00Z --to 2020-12-16 --provider "
	        "google.com",
	.run = run_undo,
};

/* ---- forget ---- */

static int
run_forget(int argc, char **argv)
{
	g_auto(RetourBooks) books = { 0 };
	g_autoptr(GError) error = NULL;
	int code;
	const GOptionEntry entries[] = { RETOUR_BOOKS_OPTIONS(&books), G_OPTION_ENTRY_NULL };
	if (!retour_subcommand_begin(&retour_ledger_forget_command, &books, entries,
	                             RETOUR_LEDGER_WRITE, &argc, &argv, 1, 1, &code))
		return code;
	if (!retour_ledger_begin(books.ledger, &error))
		return retour_subcommand_fail(error);
	gboolean known = retour_ledger_forget(books.ledger, argv[1], &error);
	if (error || !retour_ledger_commit(books.ledger, &error))
		return retour_subcommand_fail(error);
	if (known)
		return EXIT_SUCCESS;
	retour_cli_complain("the ledger does not know \"%s\"", argv[1]);
	return RETOUR_EXIT_FOUND;
}

const RetourCliCommand retour_ledger_forget_command = {
	.name = "ledger forget",
	.arguments = "ADDRESS",
	.summary = "Removes an address and all that is known of it, as the law may ask",
	.description =
	        "Nothing of it is left in the file. Copies made by 'retour ledger backup' are "
	        "not touched, nor\n"
	        "is mail. A suppression goes too: keep it at the list manager if it must last.\n\n"
	        "Exit status: 0; 1 the address is not known; 64 wrong usage; 75 trouble.",
	.run = run_forget,
};

/* ---- check, backup ---- */

static int
run_check(int argc, char **argv)
{
	g_auto(RetourBooks) books = { 0 };
	g_autoptr(GString) faults = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	int code;
	const GOptionEntry entries[] = { RETOUR_BOOKS_OPTIONS(&books), G_OPTION_ENTRY_NULL };
	if (!retour_subcommand_begin(&retour_ledger_check_command, &books, entries,
	                             RETOUR_LEDGER_READ, &argc, &argv, 0, 0, &code))
		return code;
	if (!retour_ledger_check(books.ledger, faults, &error))
		return retour_subcommand_fail(error);
	code = retour_subcommand_print(faults);
	if (faults->len == 0)
		return code;
	retour_cli_complain("the ledger is damaged: take it away with its companions -wal and "
	                    "-shm, while nothing runs, and put a copy made by 'retour ledger "
	                    "backup' in its place");
	return RETOUR_EXIT_FOUND;
}

const RetourCliCommand retour_ledger_check_command = {
	.name = "ledger check",
	.arguments = "",
	.summary = "Looks whether the file is sound",
	.description = "Exit status: 0 it is; 1 it is not; 75 it does not open.",
	.run = run_check,
};

static int
run_backup(int argc, char **argv)
{
	g_auto(RetourBooks) books = { 0 };
	g_autoptr(GError) error = NULL;
	int code;
	const GOptionEntry entries[] = { RETOUR_BOOKS_OPTIONS(&books), G_OPTION_ENTRY_NULL };
	if (!retour_subcommand_begin(&retour_ledger_backup_command, &books, entries,
	                             RETOUR_LEDGER_READ, &argc, &argv, 1, 1, &code))
		return code;
	return retour_ledger_backup(books.ledger, argv[1], &error) ? EXIT_SUCCESS
	                                                           : retour_subcommand_fail(error);
}

const RetourCliCommand retour_ledger_backup_command = {
	.name = "ledger backup",
	.arguments = "FILE",
	.summary = "Copies the ledger to a new file, while others write to it",
	.run = run_backup,
};
