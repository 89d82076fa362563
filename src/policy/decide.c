/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>

#include "policy/rules.h"

#define DAY (24 * 60 * 60)

/* Room for what binary fractions lose: 0.5 + 0.5 is 1, but decayed points are seldom round. */
#define EPSILON 1e-9

typedef struct {
	gint64 time;
	double points;
	guint message;
} Counted;

/* One rule on its way through a history: a window over the events that it counted. */
typedef struct {
	const RetourPolicyRule *rule;
	Counted *events; /* owned; [first, end) are in the window */
	guint first, end;
	double sum;
	guint *seen;    /* owned; events in the window, by number of the message */
	guint distinct; /* messages in the window */
} Counter;

gboolean
retour_policy_word_fits(RetourPolicyWord word, const RetourHistoryEvent *event)
{
	gboolean failure = event->happened == RETOUR_HAPPENED_FAILURE;
	gboolean infrastructure = failure && event->fault == RETOUR_FAULT_INFRASTRUCTURE;
	switch (word.what) {
	case RETOUR_WORD_HARD:
		return failure && event->klass == RETOUR_CLASS_HARD && !infrastructure;
	case RETOUR_WORD_SOFT:
		return failure && event->klass == RETOUR_CLASS_SOFT && !infrastructure;
	case RETOUR_WORD_COMPLAINT:
		return event->happened == RETOUR_HAPPENED_COMPLAINT;
	case RETOUR_WORD_UNSUBSCRIBE:
		return event->happened == RETOUR_HAPPENED_UNSUBSCRIBE;
	case RETOUR_WORD_INFRASTRUCTURE:
		return infrastructure;
	case RETOUR_WORD_REASON:
		return failure && event->reason == word.reason;
	}
	return FALSE;
}

static gboolean
rule_fits(const RetourPolicyRule *rule, const RetourHistoryEvent *event)
{
	for (guint i = 0; i < rule->n_words; i++) {
		if (retour_policy_word_fits(rule->words[i], event))
			return TRUE;
	}
	return FALSE;
}

gboolean
retour_policy_admits(const RetourPolicy *policy, gboolean judged, RetourAuthentic authentic)
{
	if (!judged)
		return !policy->strict || policy->require <= RETOUR_AUTHENTIC_UNVERIFIED;
	return authentic >= policy->require;
}

gboolean
retour_policy_needs_knowledge(const RetourPolicy *policy)
{
	return !retour_policy_admits(policy, FALSE, RETOUR_AUTHENTIC_UNVERIFIED);
}

static gboolean
is_authentic_enough(const RetourPolicyRule *rule, const RetourHistoryEvent *event)
{
	return !rule->checked || (event->judged && event->authentic >= rule->authentic);
}

/* What @event is worth for @rule; negative if it does not count. */
static double
worth(const RetourPolicy *policy, const RetourPolicyRule *rule, const RetourHistoryEvent *event)
{
	if (!is_authentic_enough(rule, event))
		return -1;
	if (rule->count == RETOUR_COUNT_EVENTS)
		return rule_fits(rule, event) ? 1 : -1;
	for (guint i = 0; i < policy->n_points; i++) {
		if (retour_policy_word_fits(policy->points[i].word, event))
			return policy->points[i].points;
	}
	return -1;
}

static void
push(Counter *counter, Counted counted)
{
	counter->events[counter->end++] = counted;
	counter->distinct += counter->seen[counted.message]++ == 0;
}

static const Counted *
pop(Counter *counter)
{
	const Counted *old = &counter->events[counter->first++];
	counter->distinct -= --counter->seen[old->message] == 0;
	return old;
}

static void
wipe(Counter *counter)
{
	while (counter->first < counter->end)
		pop(counter);
	counter->sum = 0;
}

static void
drop_old(const RetourPolicy *policy, Counter *counter, gint64 now)
{
	gint64 within = counter->rule->within;
	if (policy->stale > 0 && counter->end > counter->first &&
	    now - counter->events[counter->end - 1].time > policy->stale)
		wipe(counter);
	while (within > 0 && counter->first < counter->end &&
	       now - counter->events[counter->first].time > within) {
		const Counted *old = pop(counter);
		gint64 age = counter->events[counter->end - 1].time - old->time;
		counter->sum -= policy->decay > 0
		                        ? old->points * exp2(-(double)age / (double)policy->decay)
		                        : old->points;
	}
	if (counter->first == counter->end)
		counter->sum = 0;
}

static gint64
day_of(gint64 time)
{
	return time >= 0 ? time / DAY : (time - DAY + 1) / DAY;
}

/* Of a day only the first event counts: where the policy wants it so, and of what may be forged. */
static gboolean
is_daily(const RetourPolicy *policy, const RetourHistoryEvent *event)
{
	return policy->daily || (event->judged && event->authentic < RETOUR_AUTHENTIC_VERIFIED);
}

/* TRUE if it was counted. */
static gboolean
count(const RetourPolicy *policy, Counter *counter, const RetourHistoryEvent *event)
{
	double points = worth(policy, counter->rule, event);
	if (counter->rule->series && points < 0 && is_authentic_enough(counter->rule, event))
		wipe(counter);
	if (points < 0)
		return FALSE;
	drop_old(policy, counter, event->time);
	gboolean any = counter->end > counter->first;
	gint64 before = any ? counter->events[counter->end - 1].time : 0;
	if (any && is_daily(policy, event) && day_of(before) == day_of(event->time))
		return FALSE;
	if (policy->decay > 0 && any)
		counter->sum *= exp2(-(double)(event->time - before) / (double)policy->decay);
	push(counter, (Counted){ event->time, points, event->message });
	counter->sum += points;
	return TRUE;
}

static double
score_of(const Counter *counter)
{
	guint n = counter->end - counter->first;
	return counter->rule->count == RETOUR_COUNT_MEAN && n > 0 ? counter->sum / n : counter->sum;
}

static gboolean
is_reached(const Counter *counter)
{
	const RetourPolicyRule *rule = counter->rule;
	guint n = counter->end - counter->first;
	if (n == 0 || n < rule->least || counter->distinct < rule->messages ||
	    score_of(counter) + EPSILON < rule->amount)
		return FALSE;
	return counter->events[counter->end - 1].time - counter->events[counter->first].time >=
	       rule->over;
}

static void
enter(const RetourPolicy *policy, const Counter *counter, gint64 time, RetourOutcome *outcome)
{
	const RetourPolicyRule *rule = counter->rule;
	gint64 lasts =
	        rule->decision == RETOUR_DECISION_PROBATION ? policy->probation : policy->expires;
	*outcome = (RetourOutcome){
		.decision = rule->decision,
		.since = outcome->decision == rule->decision ? outcome->since : time,
		.until = lasts > 0 ? time + lasts : 0,
		.grounds = rule->text,
		.counted_from = counter->events[counter->first].time,
		.counted_to = time,
		.counted = counter->end - counter->first,
		.score = score_of(counter),
	};
}

static void
end_if_over(Counter *counters, guint n, gint64 now, RetourOutcome *outcome)
{
	if (outcome->until == 0 || now < outcome->until)
		return;
	/* After suppression the address begins anew; probation is there to see what comes next. */
	for (guint i = 0; i < n && outcome->decision == RETOUR_DECISION_SUPPRESS; i++)
		wipe(&counters[i]);
	*outcome = (RetourOutcome){ 0 };
}

/* People's own wish is no matter of counting, and nothing but they themselves ends it. */
static gboolean
is_wish(const RetourHistoryEvent *event)
{
	return event->happened == RETOUR_HAPPENED_COMPLAINT ||
	       event->happened == RETOUR_HAPPENED_UNSUBSCRIBE;
}

static void
obey(const RetourHistoryEvent *event, RetourOutcome *outcome)
{
	*outcome = (RetourOutcome){
		.decision = RETOUR_DECISION_SUPPRESS,
		.since = event->time,
		.grounds = event->happened == RETOUR_HAPPENED_COMPLAINT ? "1 complaint"
		                                                        : "1 unsubscribe",
		.counted_from = event->time,
		.counted_to = event->time,
		.counted = 1,
		.score = 1,
	};
}

static gboolean
is_counted_nowhere(const RetourHistoryEvent *event)
{
	return event->fault == RETOUR_FAULT_SENDER || event->fault == RETOUR_FAULT_CONTENT;
}

/* What a provider says in an outage suppresses nobody, whatever the policy: it is waited for what
 * it says after it. */
static void
doubt(const RetourPolicy *policy, const Counter *counters, const RetourHistoryEvent *event,
      RetourOutcome *outcome)
{
	gint64 lasts = policy->probation > 0 ? policy->probation : RETOUR_POLICY_DOUBT;
	gboolean matters = FALSE;
	for (guint i = 0; i < policy->n_rules; i++)
		matters |= worth(policy, counters[i].rule, event) > 0;
	if (!matters || outcome->decision >= RETOUR_DECISION_PROBATION)
		return;
	*outcome = (RetourOutcome){
		.decision = RETOUR_DECISION_PROBATION,
		.since = event->time,
		.until = event->time + lasts,
		.grounds = "an outage of the provider, it seems",
		.counted_from = event->time,
		.counted_to = event->time,
		.counted = 1,
		.score = 1,
	};
}

static void
deliver(const RetourPolicy *policy, Counter *counters, RetourOutcome *outcome)
{
	for (guint i = 0; i < policy->n_rules; i++) {
		if (policy->consecutive || counters[i].rule->series)
			wipe(&counters[i]);
	}
	if (policy->consecutive && outcome->decision == RETOUR_DECISION_PROBATION)
		*outcome = (RetourOutcome){ 0 };
}

static void
fail(const RetourPolicy *policy, Counter *counters, const RetourHistoryEvent *event,
     gboolean delivered, RetourOutcome *outcome)
{
	for (guint i = 0; i < policy->n_rules; i++) {
		const RetourPolicyRule *rule = counters[i].rule;
		/* Suppression that ends by itself is prolonged by what comes after it; probation is
		 * not, or an outage would make it last for ever. */
		if (count(policy, &counters[i], event) && is_reached(&counters[i]) &&
		    !(delivered && rule->unless_delivered) &&
		    (rule->decision > outcome->decision ||
		     (rule->decision == RETOUR_DECISION_SUPPRESS && outcome->until > 0)))
			enter(policy, &counters[i], event->time, outcome);
	}
}

/* FALSE once nothing more can change. @delivered: whether the address is known to have taken mail.
 */
static gboolean
step(const RetourPolicy *policy, Counter *counters, const RetourHistoryEvent *event,
     gboolean *delivered, RetourOutcome *outcome)
{
	if (!retour_policy_admits(policy, event->judged, event->authentic))
		return TRUE;
	end_if_over(counters, policy->n_rules, event->time, outcome);
	if (is_wish(event)) {
		obey(event, outcome);
		return FALSE;
	}
	if (event->happened == RETOUR_HAPPENED_DELIVERY) {
		*delivered = TRUE;
		deliver(policy, counters, outcome);
	} else if (is_counted_nowhere(event)) {
		for (guint i = 0; i < policy->n_rules; i++) {
			/* The server answered: it is there. */
			if (counters[i].rule->series)
				wipe(&counters[i]);
		}
	} else if (event->doubted) {
		doubt(policy, counters, event, outcome);
	} else {
		fail(policy, counters, event, *delivered, outcome);
	}
	return TRUE;
}

/* A flood of failures must not wash a wish away. */
static const RetourHistoryEvent *
find_wish(const RetourPolicy *policy, const RetourHistoryEvent *events, guint n_events)
{
	for (guint i = 0; i < n_events; i++) {
		if (is_wish(&events[i]) &&
		    retour_policy_admits(policy, events[i].judged, events[i].authentic))
			return &events[i];
	}
	return NULL;
}

void
retour_policy_decide(const RetourPolicy *policy, const RetourHistoryEvent *events, guint n_events,
                     gint64 now, RetourOutcome *outcome)
{
	if (n_events > RETOUR_POLICY_HISTORY_MAX) {
		guint old = n_events - RETOUR_POLICY_HISTORY_MAX;
		const RetourHistoryEvent *wish = find_wish(policy, events, old);
		if (wish) {
			obey(wish, outcome);
			return;
		}
		events += old;
		n_events = RETOUR_POLICY_HISTORY_MAX;
	}
	guint n_messages = 1;
	for (guint i = 0; i < n_events; i++)
		n_messages = MAX(n_messages, events[i].message + 1);
	Counter counters[RETOUR_POLICY_RULES_MAX] = { 0 };
	g_autofree Counted *room = g_new(Counted, (gsize)policy->n_rules * n_events + 1);
	g_autofree guint *seen = g_new0(guint, (gsize)policy->n_rules * n_messages + 1);
	for (guint i = 0; i < policy->n_rules; i++) {
		counters[i].rule = &policy->rules[i];
		counters[i].events = room + (gsize)i * n_events;
		counters[i].seen = seen + (gsize)i * n_messages;
	}
	*outcome = (RetourOutcome){ 0 };
	gboolean open = TRUE, delivered = FALSE;
	for (guint i = 0; i < n_events && open; i++)
		open = step(policy, counters, &events[i], &delivered, outcome);
	end_if_over(counters, policy->n_rules, now, outcome);
}
