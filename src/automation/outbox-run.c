/* SPDX-License-Identifier: BSD-2-Clause */
#include "automation/outbox-run.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "act/dsn.h"
#include "base/write.h"
#include "emit/json-writer.h"

#define DAY (24 * 60 * 60)

/* The first wait, and the longest; each is twice the one before. Seconds. */
#define DELAY_FIRST 60
#define DELAY_MAX (6 * 60 * 60)
/* So often a list manager may say no to one action before a person must look. */
#define REFUSALS_MAX 5u
/* So often in a row, before the rest of its list is left for the next run. */
#define REFUSALS_IN_A_ROW 3u

#define CUTS (RETOUR_VERB_BIT(RETOUR_VERB_HOLD) | RETOUR_VERB_BIT(RETOUR_VERB_REMOVE))
#define ALL (RETOUR_VERB_BIT(RETOUR_N_VERBS) - 1)

/* One list on its way through a run. */
typedef struct {
	const RetourOutboxRun *run;
	const RetourListSettings *list;
	GStringChunk *keep; /* the strings of the action at hand */
	guint refused;      /* in a row */
	gint64 last_call;   /* monotonic microseconds; 0: none yet */
	gboolean ended;     /* the rest waits for the next run */
	gboolean good;
} Round;

gint64
retour_outbox_delay(guint attempts)
{
	guint doublings = CLAMP(attempts, 1, 16) - 1;
	return MIN((gint64)DELAY_FIRST << doublings, DELAY_MAX);
}

/* The clock goes on in a long run; a time that was given does not. */
static gint64
now_of(const Round *round)
{
	const RetourBooks *books = round->run->books;
	return books->now_text ? books->now : (gint64)time(NULL);
}

static gboolean
fail(Round *round, const GError *error)
{
	retour_cli_complain("%s", error->message);
	round->ended = TRUE;
	round->good = FALSE;
	return FALSE;
}

/* ---- values ---- */

typedef struct {
	RetourValues values;
	char time[RETOUR_TIME_SIZE], code[12];
	char *local;  /* owned */
	GString *dsn; /* owned */
} Filled;

/* In the words that list managers have for it. */
static const char *
type_of(const RetourOutboxAction *action)
{
	if (action->event &&
	    (strcmp(action->event, "complaint") == 0 || strcmp(action->event, "unsubscribe") == 0))
		return "complaint";
	return g_strcmp0(action->class_name, "soft") == 0 ? "soft" : "hard";
}

static void
fill(const RetourListSettings *list, const RetourOutboxAction *action, Filled *filled)
{
	const char *at = strrchr(action->address, '@');
	filled->local = g_strndup(action->address,
	                          at ? (gsize)(at - action->address) : strlen(action->address));
	g_snprintf(filled->code, sizeof filled->code, "%u", action->code);
	filled->values = (RetourValues){ {
		[RETOUR_VALUE_ADDRESS] = action->address,
		[RETOUR_VALUE_LOCAL] = filled->local,
		[RETOUR_VALUE_DOMAIN] = at ? at + 1 : "",
		[RETOUR_VALUE_LIST] = action->list,
		[RETOUR_VALUE_TARGET] = list->target,
		[RETOUR_VALUE_URL] = list->manager->url,
		[RETOUR_VALUE_KEY] = action->key,
		[RETOUR_VALUE_VERB] = retour_verb_to_string(action->verb),
		[RETOUR_VALUE_TIME] = retour_time_format(action->planned, filled->time),
		[RETOUR_VALUE_DECISION] = action->decision,
		[RETOUR_VALUE_POLICY] = action->policy,
		[RETOUR_VALUE_GROUNDS] = action->grounds,
		[RETOUR_VALUE_EVENT] = action->event,
		[RETOUR_VALUE_CLASS] = action->class_name,
		[RETOUR_VALUE_REASON] = action->reason,
		[RETOUR_VALUE_CODE] = filled->code,
		[RETOUR_VALUE_STATUS] = action->status,
		[RETOUR_VALUE_DIAGNOSTIC] = action->diagnostic,
		[RETOUR_VALUE_TYPE] = type_of(action),
	} };
	filled->dsn = g_string_new(NULL);
	retour_dsn_write(&filled->values, filled->dsn);
	filled->values.values[RETOUR_VALUE_DSN] = filled->dsn->str;
}

static void
clear_filled(Filled *filled)
{
	g_free(filled->local);
	g_string_free(filled->dsn, TRUE);
}

/* ---- one action ---- */

static void
tell(const RetourBooks *books, const RetourOutboxAction *action)
{
	g_autofree char *address = retour_books_show_address(books, action->address);
	g_autofree char *trouble = retour_books_show_text(books, action->address, action->trouble);
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GString) json = g_string_new(NULL);
	RetourJsonScope line = retour_json_begin(json, NULL, '{');
	retour_json_add(json, "action", retour_verb_to_string(action->verb));
	retour_json_add(json, "address", address);
	retour_json_add(json, "list", action->list);
	retour_json_add(json, "state", retour_outbox_state_to_string(action->state));
	/* A key is made of the address, and would tell who it is to one who tries. */
	retour_json_add(json, "key", books->redaction ? NULL : action->key);
	if (action->state == RETOUR_OUTBOX_WAITING && action->attempts > 0)
		retour_json_add_time(json, "due", action->due);
	retour_json_add(json, "trouble", trouble);
	retour_json_end(json, line);
	g_string_append_printf(out, "%s\n", json->str);
	/* The ledger has it; who does not listen misses nothing. */
	retour_write_all(STDOUT_FILENO, out->str, out->len);
}

/* So that no more calls are made in a time than the list manager takes. */
static void
keep_rate(Round *round)
{
	const gint64 interval = (gint64)(round->list->manager->interval * G_USEC_PER_SEC);
	const gint64 now = g_get_monotonic_time();
	if (round->last_call && round->last_call + interval > now)
		g_usleep((gulong)(round->last_call + interval - now));
	round->last_call = g_get_monotonic_time();
}

/* Puts the reply into the action. */
static void
take_reply(Round *round, RetourOutboxAction *action, const RetourCallReply *reply)
{
	const gint64 now = now_of(round);
	/* Gone since a call that was cut off: that has done it. */
	gboolean done = reply->answer == RETOUR_ANSWER_DONE ||
	                (reply->answer == RETOUR_ANSWER_MOOT && action->begun);
	action->attempts++;
	action->begun |= reply->begun && reply->answer != RETOUR_ANSWER_NO;
	action->trouble = reply->trouble;
	if (done || reply->answer == RETOUR_ANSWER_MOOT) {
		action->state = done ? RETOUR_OUTBOX_DONE : RETOUR_OUTBOX_MOOT;
		action->finished = now;
		round->refused = 0;
		return;
	}
	action->due = now + MAX(retour_outbox_delay(action->attempts), (gint64)reply->retry_after);
	round->good = FALSE;
	if (reply->answer == RETOUR_ANSWER_NO) {
		round->refused++;
		action->refusals++;
		if (action->refusals >= REFUSALS_MAX)
			action->state = RETOUR_OUTBOX_REFUSED;
	}
	round->ended = reply->unreachable || round->refused >= REFUSALS_IN_A_ROW;
}

/* Whether a call is about one who is a member now. A restored one is none, unless it was only
 * disabled, which its call shows: it needs the member's {id}. */
static gboolean
concerns_member(const RetourManager *manager, RetourVerb verb)
{
	const char *target = manager->calls[verb].target;
	return verb != RETOUR_VERB_REPORT &&
	       (verb != RETOUR_VERB_RESTORE || (target && strstr(target, "{id}")));
}

/* Whether there is anything to do for this address, and its {id}. FALSE: @reply tells what to write
 * down instead. */
static gboolean
ask_member(Round *round, const RetourOutboxAction *action, Filled *filled, RetourCallReply *reply)
{
	const RetourManager *manager = round->list->manager;
	/* Who was found once, and may be gone by now, is not asked for again but where the answer
	 * is needed. */
	if (!retour_call_knows_members(manager) || (action->begun && !manager->id) ||
	    !concerns_member(manager, action->verb))
		return TRUE;
	keep_rate(round);
	retour_call_ask_member(manager, &filled->values, round->run->send, reply);
	reply->begun = FALSE;
	filled->values.values[RETOUR_VALUE_ID] = reply->id;
	if (reply->answer != RETOUR_ANSWER_DONE)
		return FALSE;
	if (!manager->id || reply->id)
		return TRUE;
	reply->answer = RETOUR_ANSWER_AGAIN;
	reply->trouble = g_strdup_printf("the answer has no \"%s\"", manager->id);
	return FALSE;
}

/* Calls the list manager. FALSE with @error where the ledger cannot be written. */
static gboolean
perform(Round *round, RetourOutboxAction *action, GError **error)
{
	RetourLedger *ledger = round->run->books->ledger;
	RetourCallReply asked = { 0 }, reply = { 0 };
	Filled filled = { 0 };
	gboolean wanted = TRUE, good = TRUE;
	fill(round->list, action, &filled);
	if (ask_member(round, action, &filled, &asked)) {
		good = retour_outbox_begin(ledger, action->id, &wanted, error);
		if (good && wanted) {
			keep_rate(round);
			retour_call_make(round->list->manager, (RetourCallName)action->verb,
			                 &filled.values, round->run->send, &reply);
		}
	} else {
		reply = asked;
		asked = (RetourCallReply){ 0 };
	}
	if (good && wanted) {
		take_reply(round, action, &reply);
		good = retour_outbox_end(ledger, action, error);
		tell(round->run->books, action);
	}
	retour_call_reply_clear(&asked);
	retour_call_reply_clear(&reply);
	clear_filled(&filled);
	return good;
}

/* ---- one list ---- */

/* The verbs that may go on: beyond the ceiling nobody is cut off before a person has looked. */
static guint
permitted(Round *round)
{
	const RetourOutboxRun *run = round->run;
	const RetourManager *manager = round->list->manager;
	g_autoptr(GError) error = NULL;
	const gint64 now = now_of(round);
	guint64 waiting = 0, done = 0;
	guint64 per_run = run->removals_per_run ? run->removals_per_run : manager->removals_per_run;
	guint64 per_day = run->removals_per_day   ? run->removals_per_day
	                  : run->removals_per_run ? G_MAXUINT64
	                                          : manager->removals_per_day;
	if (!retour_outbox_count_removals(run->books->ledger, round->list->name, now, now - DAY,
	                                  &waiting, &done, &error)) {
		fail(round, error);
		return 0;
	}
	if (waiting <= per_run && (waiting == 0 || waiting + done <= per_day))
		return ALL;
	retour_cli_complain("list %s: %" G_GUINT64_FORMAT
	                    " members wait to be removed or held, %" G_GUINT64_FORMAT
	                    " were within a day; none is before you have looked: "
	                    "retour ledger actions --list %s, then retour act --list %s "
	                    "--max-removals %" G_GUINT64_FORMAT,
	                    round->list->name, waiting, done, round->list->name, round->list->name,
	                    waiting);
	round->good = FALSE;
	return ALL & ~CUTS;
}

static void
show_planned(const RetourOutboxAction *action, gpointer data)
{
	const Round *round = data;
	if (action->due <= now_of(round))
		tell(round->run->books, action);
}

/* Says what would be done. */
static void
show_round(Round *round)
{
	g_autoptr(GError) error = NULL;
	const RetourOutboxSelection selection = {
		.states = RETOUR_OUTBOX_BIT(RETOUR_OUTBOX_WAITING),
		.list = round->list->name,
	};
	permitted(round);
	if (!retour_outbox_each(round->run->books->ledger, &selection, show_planned, round, &error))
		fail(round, error);
}

static void
work_through(Round *round)
{
	const guint able = retour_manager_get_verbs(round->list->manager);
	const guint verbs = permitted(round) & able;
	while (!round->ended) {
		g_autoptr(GError) error = NULL;
		RetourOutboxAction action;
		int row = retour_outbox_next(round->run->books->ledger, round->list->name, verbs,
		                             now_of(round), round->keep, &action, &error);
		if (row == 0)
			return;
		if (row < 0 || !perform(round, &action, &error)) {
			fail(round, error);
			return;
		}
	}
}

gboolean
retour_outbox_run(const RetourOutboxRun *run)
{
	gboolean good = TRUE;
	const GPtrArray *lists = run->books->settings->lists;
	for (guint i = 0; i < lists->len; i++) {
		Round round = { .run = run, .list = g_ptr_array_index(lists, i), .good = TRUE };
		if (!round.list->manager || (run->list && strcmp(run->list, round.list->name) != 0))
			continue;
		round.keep = g_string_chunk_new(1024);
		if (run->dry)
			show_round(&round);
		else
			work_through(&round);
		g_string_chunk_free(round.keep);
		good &= round.good;
	}
	return good;
}
