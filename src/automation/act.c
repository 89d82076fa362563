/* SPDX-License-Identifier: BSD-2-Clause */

/* retour-act: does what decisions ask of list managers. It ends with 0 or 75. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "automation/dispatch.h"
#include "automation/one-click.h"
#include "automation/outbox-run.h"
#include "http/send.h"

static const RetourCliCommand command;

typedef struct {
	RetourBooks books;
	char *list, *removals, *one_click, *host; /* owned */
	gboolean dry, catch_up;
	guint64 max_removals; /* 0: as the settings say */
	int lock;             /* file; -1: none */
} Options;

/* Only one process at a time works on an outbox. The kernel gives the lock back with the process,
 * however that ends. */
static gboolean
take_lock(Options *options)
{
	g_autofree char *path = g_strconcat(options->books.settings->ledger, "-act", NULL);
	options->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (options->lock >= 0 && flock(options->lock, LOCK_EX | LOCK_NB) == 0)
		return TRUE;
	if (errno == EWOULDBLOCK)
		retour_cli_complain("another 'retour act' is at work on %s: it does what is to be "
		                    "done",
		                    options->books.settings->ledger);
	else
		retour_cli_complain("%s: %s: see who owns the folder of the ledger", path,
		                    g_strerror(errno));
	return FALSE;
}

static void
add_address(const char *address, const RetourLedgerDecision *decision, gpointer data)
{
	(void)decision;
	g_ptr_array_add(data, g_strdup(address));
}

/* Decisions may be older than the lists' managers. */
static gboolean
catch_up(RetourBooks *books, GError **error)
{
	g_autoptr(GPtrArray) addresses = g_ptr_array_new_with_free_func(g_free);
	gboolean good = retour_ledger_begin(books->ledger, error) &&
	                retour_ledger_each_standing(books->ledger, add_address, addresses, error);
	for (guint i = 0; good && i < addresses->len; i++) {
		gint64 address = retour_ledger_find_address(books->ledger,
		                                            g_ptr_array_index(addresses, i), error);
		good = address >= 0 && retour_dispatch(books->ledger, books->settings, address, "",
		                                       books->now, error);
	}
	if (good)
		return retour_ledger_commit(books->ledger, error);
	retour_ledger_rollback(books->ledger);
	return FALSE;
}

static gboolean
work(Options *options)
{
	g_autoptr(GError) error = NULL;
	const RetourOutboxRun run = {
		.books = &options->books,
		.send = retour_http_send,
		.list = options->list,
		.removals_per_run = options->max_removals,
		.dry = options->dry,
	};
	if (!retour_books_open(&options->books,
	                       options->dry ? RETOUR_LEDGER_COPY : RETOUR_LEDGER_CREATE))
		return FALSE;
	if (options->catch_up && !catch_up(&options->books, &error)) {
		retour_cli_complain("%s",
		                    error ? error->message : "an address has gone: run again");
		return FALSE;
	}
	return retour_outbox_run(&run);
}

static gboolean
check_list(const Options *options)
{
	const RetourSettings *settings = options->books.settings;
	gboolean any = FALSE;
	for (guint i = 0; i < settings->lists->len; i++) {
		const RetourListSettings *list = g_ptr_array_index(settings->lists, i);
		any |= list->manager && (!options->list || strcmp(list->name, options->list) == 0);
	}
	return any || retour_cli_refuse(
	                      &command,
	                      options->list ? "there is no list '%s' with a Manager in the settings"
	                                    : "no list of the settings has a Manager: write as in "
	                                      "\"Manager: mlmmj\" and \"Target: "
	                                      "/var/spool/mlmmj/news\"%s",
	                      options->list ? options->list : "");
}

static gboolean
take_options(Options *options, int *argc, char ***argv)
{
	const GOptionEntry entries[] = {
		RETOUR_BOOKS_OPTIONS(&options->books),
		RETOUR_CLI_REDACT(&options->books.redact, &options->books.redact_key),
		{ "list", 0, 0, G_OPTION_ARG_FILENAME, &options->list, "Only this mailing list",
		  "NAME" },
		{ "max-removals", 0, 0, G_OPTION_ARG_FILENAME, &options->removals,
		  "Remove or hold up to N members of a list in this run, whatever the settings say",
		  "N" },
		{ "one-click", 0, 0, G_OPTION_ARG_FILENAME, &options->one_click,
		  "Unsubscribe by the one-click address (RFC 8058) of the mail in FILE, or '-'; "
		  "nothing else",
		  "FILE" },
		{ "host", 0, 0, G_OPTION_ARG_FILENAME, &options->host,
		  "With --one-click: the host that may be asked", "HOST" },
		{ "catch-up", 0, 0, G_OPTION_ARG_NONE, &options->catch_up,
		  "Plan what decisions older than the lists' managers ask for, too", NULL },
		{ "dry-run", 0, 0, G_OPTION_ARG_NONE, &options->dry,
		  "Say what would be done, and do nothing", NULL },
		G_OPTION_ENTRY_NULL,
	};
	if (!retour_cli_parse(&command, entries, argc, argv))
		return FALSE;
	if (*argc > 1)
		return retour_cli_refuse(&command, "it takes no arguments");
	if (options->removals && !g_ascii_string_to_unsigned(options->removals, 10, 1, G_MAXINT64,
	                                                     &options->max_removals, NULL))
		return retour_cli_refuse(&command, "--max-removals takes a number from 1");
	if (!options->one_click != !options->host)
		return retour_cli_refuse(&command,
		                         "--one-click and --host go together: no mail says "
		                         "whom to ask");
	return options->one_click ||
	       (retour_books_prepare(&options->books, &command) && check_list(options));
}

static int
run_act(int argc, char **argv)
{
	Options options = { .lock = -1 };
	gboolean good = take_options(&options, &argc, &argv);
	/* Who comes second has nothing to do. */
	if (good && options.one_click)
		good = retour_one_click_run(options.one_click, options.host, options.dry);
	else if (good && (options.dry || take_lock(&options)))
		good = work(&options);
	retour_books_clear(&options.books);
	g_free(options.list);
	g_free(options.removals);
	g_free(options.one_click);
	g_free(options.host);
	if (options.lock >= 0)
		close(options.lock);
	return good ? EXIT_SUCCESS : RETOUR_EXIT_TEMPORARY;
}

static const RetourCliCommand command = {
	.name = "act",
	.arguments = "",
	.summary = "Tells list managers what was decided: who is to be removed, held or restored",
	.description = "Decisions leave their actions in the ledger; this does those that are due, "
	               "and tries "
	               "again what\n"
	               "failed. Each is printed as a line of JSON. A run may be killed at any "
	               "moment; of two "
	               "at once one\n"
	               "does the work. 'retour ledger actions' shows what waits.\n\n"
	               "Exit status: 0, or 75 where something is left for a person or the next "
	               "run, of which "
	               "standard\n"
	               "error tells.\n\n"
	               "Examples:\n"
	               "  retour act --dry-run\n"
	               "  retour process && retour act\n"
	               "  retour act --list news --max-removals 1200\n"
	               "  retour act --one-click complaint.eml --host lists.example",
	.run = run_act,
};

int
main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	return command.run(argc, argv);
}
