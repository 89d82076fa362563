/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "automation/subcommand.h"
#include "emit/character.h"
#include "emit/json-writer.h"
#include "ledger/outbox.h"

#define OPEN                                                                                   \
	(RETOUR_OUTBOX_BIT(RETOUR_OUTBOX_WAITING) | RETOUR_OUTBOX_BIT(RETOUR_OUTBOX_REFUSED) | \
	 RETOUR_OUTBOX_BIT(RETOUR_OUTBOX_BY_HAND))
#define EVERY (RETOUR_OUTBOX_BIT(RETOUR_N_OUTBOX_STATES) - 1)

typedef struct {
	RetourBooks books;
	char *format, *list, *address, *state; /* owned */
	gboolean all, retry, drop, done, json;
	GString *out; /* owned */
	RetourOutboxSelection selection;
} Actions;

/* How a person does it; NULL: not told. */
static const char *
by_hand(const RetourSettings *settings, const char *name)
{
	const RetourListSettings *list = retour_settings_get_list(settings, name);
	return list && list->manager ? list->manager->by_hand : NULL;
}

static void
add_json(const RetourOutboxAction *action, const Actions *actions)
{
	g_autoptr(GString) json = g_string_new(NULL);
	const RetourBooks *books = &actions->books;
	g_autofree char *address = retour_books_show_address(books, action->address);
	g_autofree char *trouble = retour_books_show_text(books, action->address, action->trouble);
	RetourJsonScope line = retour_json_begin(json, NULL, '{');
	retour_json_add_number(json, "id", (guint64)action->id);
	retour_json_add(json, "action", retour_verb_to_string(action->verb));
	retour_json_add(json, "address", address);
	retour_json_add(json, "list", action->list);
	retour_json_add(json, "state", retour_outbox_state_to_string(action->state));
	retour_json_add_time(json, "planned", action->planned);
	if (action->state == RETOUR_OUTBOX_WAITING)
		retour_json_add_time(json, "due", action->due);
	if (action->finished)
		retour_json_add_time(json, "finished", action->finished);
	retour_json_add_number(json, "attempts", action->attempts);
	retour_json_add(json, "decision", action->decision);
	retour_json_add(json, "policy", action->policy);
	retour_json_add(json, "grounds", action->grounds);
	retour_json_add(json, "trouble", trouble);
	if (action->state == RETOUR_OUTBOX_BY_HAND)
		retour_json_add(json, "by_hand", by_hand(books->settings, action->list));
	/* A key is made of the address, and would tell who it is to one who tries. */
	retour_json_add(json, "key", books->redaction ? NULL : action->key);
	retour_json_end(json, line);
	g_string_append_printf(actions->out, "%s\n", json->str);
}

static void
add_text(const RetourOutboxAction *action, const Actions *actions)
{
	char time[RETOUR_TIME_SIZE];
	GString *out = actions->out;
	g_autofree char *address = retour_books_show_address(&actions->books, action->address);
	g_autofree char *trouble =
	        retour_books_show_text(&actions->books, action->address, action->trouble);
	gint64 when = action->state == RETOUR_OUTBOX_WAITING ? action->due
	              : action->finished                     ? action->finished
	                                                     : action->planned;
	const char *text = retour_time_format(when, time);
	g_string_append_printf(out, "%6" G_GINT64_FORMAT "  %s  %-7s  %-7s  ", action->id,
	                       text ? text : "?", retour_outbox_state_to_string(action->state),
	                       retour_verb_to_string(action->verb));
	retour_character_append_line(out, address, 0);
	g_string_append_printf(out, "  list %s\n", action->list);
	const char *help = action->state == RETOUR_OUTBOX_BY_HAND
	                           ? by_hand(actions->books.settings, action->list)
	                           : NULL;
	if (help)
		g_string_append_printf(out, "        %s\n", help);
	if (trouble) {
		g_string_append_printf(out, "        call %u: ", action->attempts);
		retour_character_append_line(out, trouble, 0);
		g_string_append_c(out, '\n');
	}
}

static void
add(const RetourOutboxAction *action, gpointer data)
{
	const Actions *actions = data;
	if (actions->json)
		add_json(action, actions);
	else
		add_text(action, actions);
}

static gboolean
take_states(Actions *actions)
{
	actions->selection.states = actions->all ? EVERY : OPEN;
	if (!actions->state)
		return TRUE;
	for (guint i = 0; i < RETOUR_N_OUTBOX_STATES; i++) {
		if (strcmp(actions->state, retour_outbox_state_to_string((RetourOutboxState)i)) ==
		    0) {
			actions->selection.states = RETOUR_OUTBOX_BIT(i);
			return TRUE;
		}
	}
	return retour_cli_refuse(&retour_ledger_actions,
	                         "--state takes waiting, done, moot, refused, by-hand or dropped");
}

static gboolean
take_selection(Actions *actions, const char *id)
{
	guint64 number = 0;
	if (id && !g_ascii_string_to_unsigned(id, 10, 1, G_MAXINT64, &number, NULL))
		return retour_cli_refuse(&retour_ledger_actions,
		                         "'%s' is no number of an action: take one that is shown",
		                         id);
	actions->json = actions->format && strcmp(actions->format, "json") == 0;
	if (actions->format && !actions->json && strcmp(actions->format, "text") != 0)
		return retour_cli_refuse(&retour_ledger_actions,
		                         "there is no format '%s': text or json", actions->format);
	if (actions->retry + actions->drop + actions->done > 1)
		return retour_cli_refuse(&retour_ledger_actions,
		                         "take one of --retry, --drop and --done");
	if ((actions->drop || actions->done) && !id && !actions->list && !actions->address)
		return retour_cli_refuse(&retour_ledger_actions,
		                         "say of which: a number, --list or --address");
	actions->selection.id = (gint64)number;
	actions->selection.list = actions->list;
	actions->selection.address = actions->address;
	return take_states(actions);
}

/* Only what is open changes; what must be done by hand is not tried by calls. */
static gboolean
change(Actions *actions, GError **error)
{
	RetourOutboxSelection *selection = &actions->selection;
	RetourOutboxState to = actions->retry  ? RETOUR_OUTBOX_WAITING
	                       : actions->drop ? RETOUR_OUTBOX_DROPPED
	                                       : RETOUR_OUTBOX_DONE;
	guint n = 0;
	selection->states &=
	        actions->retry ? OPEN & ~RETOUR_OUTBOX_BIT(RETOUR_OUTBOX_BY_HAND) : OPEN;
	if (!retour_outbox_set(actions->books.ledger, selection, to, actions->books.now, &n, error))
		return FALSE;
	retour_cli_complain("%u %s %s", n, n == 1 ? "action is" : "actions are",
	                    actions->retry  ? "due now: run 'retour act'"
	                    : actions->drop ? "dropped"
	                                    : "done");
	return TRUE;
}

static void
clear_actions(Actions *actions)
{
	retour_books_clear(&actions->books);
	g_free(actions->format);
	g_free(actions->list);
	g_free(actions->address);
	g_free(actions->state);
	if (actions->out)
		g_string_free(actions->out, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Actions, clear_actions)

static int
run_actions(int argc, char **argv)
{
	g_auto(Actions) actions = { 0 };
	g_autoptr(GError) error = NULL;
	int code;
	const GOptionEntry entries[] = {
		RETOUR_BOOKS_OPTIONS(&actions.books),
		RETOUR_CLI_REDACT(&actions.books.redact, &actions.books.redact_key),
		{ "format", 0, 0, G_OPTION_ARG_FILENAME, &actions.format, "text (default) or json",
		  "FORMAT" },
		{ "list", 0, 0, G_OPTION_ARG_FILENAME, &actions.list, "Those of this mailing list",
		  "NAME" },
		{ "address", 0, 0, G_OPTION_ARG_FILENAME, &actions.address,
		  "Those about this address", "ADDRESS" },
		{ "state", 0, 0, G_OPTION_ARG_FILENAME, &actions.state,
		  "Those that are waiting, done, moot, refused, by-hand or dropped", "WORD" },
		{ "all", 0, 0, G_OPTION_ARG_NONE, &actions.all, "Past ones, too", NULL },
		{ "retry", 0, 0, G_OPTION_ARG_NONE, &actions.retry,
		  "Makes those that wait or were refused due now", NULL },
		{ "drop", 0, 0, G_OPTION_ARG_NONE, &actions.drop, "Gives them up", NULL },
		{ "done", 0, 0, G_OPTION_ARG_NONE, &actions.done,
		  "Notes that a person has done them", NULL },
		G_OPTION_ENTRY_NULL,
	};
	gboolean writes = FALSE;
	for (int i = 1; i < argc; i++)
		writes |= strcmp(argv[i], "--retry") == 0 || strcmp(argv[i], "--drop") == 0 ||
		          strcmp(argv[i], "--done") == 0;
	if (!retour_subcommand_begin(&retour_ledger_actions, &actions.books, entries,
	                             writes ? RETOUR_LEDGER_WRITE : RETOUR_LEDGER_READ, &argc,
	                             &argv, 0, 1, &code))
		return code;
	if (!take_selection(&actions, argc > 1 ? argv[1] : NULL))
		return RETOUR_EXIT_USAGE;
	if (writes)
		return change(&actions, &error) ? EXIT_SUCCESS : retour_subcommand_fail(error);
	actions.out = g_string_new(NULL);
	if (!retour_outbox_each(actions.books.ledger, &actions.selection, add, &actions, &error))
		return retour_subcommand_fail(error);
	return retour_subcommand_print(actions.out);
}

const RetourCliCommand retour_ledger_actions = {
	.name = "ledger actions",
	.arguments = "[NUMBER]",
	.summary = "What list managers are to do, and what became of it",
	.description =
	        "Shows what is open: what waits for 'retour act', what a list manager refuses, and "
	        "what a person\n"
	        "must do by hand. With --retry, --drop or --done it changes these instead.\n\n"
	        "Examples:\n"
	        "  retour ledger actions --list news\n"
	        "  retour ledger actions --retry --state refused\n"
	        "  retour ledger actions 17 --done",
	.run = run_actions,
};
