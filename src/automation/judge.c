/* SPDX-License-Identifier: BSD-2-Clause */
#include "automation/judge.h"

#include <string.h>

#include "automation/dispatch.h"
#include "emit/json-writer.h"

/* The history of an address as it concerns one scope: one list, or ("") all that suppress together.
 */
typedef struct {
	char *scope; /* owned */
	const RetourPolicy *policy;
	GArray *events;       /* of RetourHistoryEvent, owned */
	GHashTable *messages; /* owned; Message-ID to its number, from 1 on */
	guint code;           /* SMTP reply of the last failure */
	RetourDecision standing;
	gboolean imported;
} Case;

typedef struct {
	const RetourSettings *settings;
	GPtrArray *cases; /* of Case */
	gint64 now;
} Court;

static void
free_case(gpointer data)
{
	Case *one = data;
	g_free(one->scope);
	g_array_unref(one->events);
	g_hash_table_unref(one->messages);
	g_free(one);
}

static Case *
get_case(const Court *court, const char *scope)
{
	for (guint i = 0; i < court->cases->len; i++) {
		Case *known = g_ptr_array_index(court->cases, i);
		if (strcmp(known->scope, scope) == 0)
			return known;
	}
	const RetourListSettings *list =
	        *scope ? retour_settings_get_list(court->settings, scope) : NULL;
	Case *one = g_new0(Case, 1);
	one->scope = g_strdup(scope);
	one->policy = list ? list->policy : court->settings->policy;
	one->events = g_array_new(FALSE, FALSE, sizeof(RetourHistoryEvent));
	one->messages = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_ptr_array_add(court->cases, one);
	return one;
}

/* FALSE: it counts for nothing. */
static gboolean
take_kind(const RetourLedgerEvent *event, RetourHappened *happened)
{
	switch (event->kind) {
	case RETOUR_EVENT_DELAY:
		return FALSE;
	case RETOUR_EVENT_DELIVERY:
		*happened = RETOUR_HAPPENED_DELIVERY;
		return TRUE;
	case RETOUR_EVENT_FAILURE:
		*happened = RETOUR_HAPPENED_FAILURE;
		return TRUE;
	case RETOUR_EVENT_COMPLAINT:
		*happened = RETOUR_HAPPENED_COMPLAINT;
		return TRUE;
	case RETOUR_EVENT_UNSUBSCRIBE:
		*happened = RETOUR_HAPPENED_UNSUBSCRIBE;
		return TRUE;
	}
	return FALSE;
}

static guint
number_of(const Case *one, const char *message)
{
	if (!message)
		return 0;
	guint number = GPOINTER_TO_UINT(g_hash_table_lookup(one->messages, message));
	if (number > 0)
		return number;
	number = g_hash_table_size(one->messages) + 1;
	g_hash_table_insert(one->messages, g_strdup(message), GUINT_TO_POINTER(number));
	return number;
}

static void
add_event(const RetourLedgerEvent *event, gboolean undone, gpointer data)
{
	Court *court = data;
	RetourHistoryEvent taken = {
		.time = event->time,
		.klass = event->klass,
		.fault = event->fault,
		.reason = event->reason ? retour_reason_find(event->reason) : NULL,
		.judged = event->authentic > 0,
		.authentic = (RetourAuthentic)(event->authentic ? event->authentic - 1 : 0),
		.doubted = event->doubted,
	};
	/* What is yet to come, by --now, has not happened. */
	if (undone || event->time > court->now || !take_kind(event, &taken.happened))
		return;
	const RetourListSettings *list =
	        event->list ? retour_settings_get_list(court->settings, event->list) : NULL;
	Case *one = get_case(court, list && list->own ? list->name : "");
	taken.message = number_of(one, event->original);
	g_array_append_val(one->events, taken);
	if (event->kind == RETOUR_EVENT_FAILURE)
		one->code = event->reply;
}

/* A standing decision is judged anew even where all its events are gone. */
static void
add_standing(const char *address, const RetourLedgerDecision *decision, gpointer data)
{
	(void)address;
	if (!decision->current)
		return;
	Case *one = get_case(data, decision->scope);
	one->standing = (RetourDecision)decision->verdict;
	one->imported = g_strcmp0(decision->policy, RETOUR_LEDGER_IMPORTED) == 0;
}

static char *
show_grounds(const RetourOutcome *outcome)
{
	if (!outcome->grounds)
		return NULL;
	if (outcome->counted == 1)
		return g_strdup(outcome->grounds);
	g_autoptr(GDateTime) from = g_date_time_new_from_unix_utc(outcome->counted_from);
	g_autofree char *day = from ? g_date_time_format(from, "%Y-%m-%d") : NULL;
	return g_strdup_printf("%s (%u since %s)", outcome->grounds, outcome->counted,
	                       day ? day : "long ago");
}

static gboolean
judge_case(RetourLedger *ledger, const Court *court, const Case *one, gint64 address,
           RetourJudgeFunc func, gpointer data, GError **error)
{
	RetourOutcome outcome;
	gboolean changed;
	retour_policy_decide(one->policy, (const RetourHistoryEvent *)one->events->data,
	                     one->events->len, court->now, &outcome);
	g_autofree char *grounds = show_grounds(&outcome);
	const RetourLedgerDecision decision = {
		.scope = one->scope,
		.verdict = (int)outcome.decision,
		.time = outcome.since ? outcome.since : court->now,
		.until = outcome.until,
		.policy = retour_policy_get_name(one->policy),
		.grounds = grounds,
		.code = outcome.decision == RETOUR_DECISION_KEEP ? 0 : one->code,
		.current = TRUE,
	};
	/* What was brought from elsewhere stands until it is undone. */
	if (one->imported)
		return TRUE;
	if (!retour_ledger_decide(ledger, address, &decision, &changed, error) ||
	    (changed &&
	     !retour_dispatch(ledger, court->settings, address, one->scope, court->now, error)))
		return FALSE;
	g_autofree char *text = changed ? retour_ledger_get_address(ledger, address, error) : NULL;
	if (changed && text)
		func(text, one->standing, &decision, data);
	return !changed || text;
}

gboolean
retour_judge(RetourLedger *ledger, const RetourSettings *settings, gint64 address, gint64 now,
             RetourJudgeFunc func, gpointer data, GError **error)
{
	g_autoptr(GPtrArray) cases = g_ptr_array_new_with_free_func(free_case);
	Court court = { settings, cases, now };
	if (!retour_ledger_each_event(ledger, address, RETOUR_POLICY_HISTORY_MAX, FALSE, add_event,
	                              &court, error) ||
	    !retour_ledger_each_decision(ledger, address, add_standing, &court, error))
		return FALSE;
	for (guint i = 0; i < cases->len; i++) {
		if (!judge_case(ledger, &court, g_ptr_array_index(cases, i), address, func, data,
		                error))
			return FALSE;
	}
	return TRUE;
}

void
retour_judge_append(GString *out, const char *address, RetourDecision was,
                    const RetourLedgerDecision *is)
{
	g_autoptr(GString) json = g_string_new(NULL);
	RetourJsonScope line = retour_json_begin(json, NULL, '{');
	retour_json_add(json, "address", address);
	retour_json_add(json, "list", is->scope);
	retour_json_add(json, "decision", retour_decision_to_string((RetourDecision)is->verdict));
	retour_json_add(json, "was", retour_decision_to_string(was));
	retour_json_add_time(json, "since", is->time);
	if (is->until)
		retour_json_add_time(json, "until", is->until);
	retour_json_add(json, "policy", is->policy);
	retour_json_add(json, "grounds", is->grounds);
	if (is->code)
		retour_json_add_number(json, "code", is->code);
	retour_json_end(json, line);
	g_string_append_printf(out, "%s\n", json->str);
}
