/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "policy/policy.h"

#include <string.h>

#define DAY (24 * 60 * 60)
/* A Monday at midnight, UTC. */
#define START G_GINT64_CONSTANT(1767571200)

/*
 * A history as words "DAY:WHAT", days since START with a fraction: h hard, s soft (mailbox-full), q
 * soft and undetermined, x host-unknown, i connection-failed, n dns-failure, b blocklisted (the
 * sender's fault), z spam-content (the content's), C complaint, U unsubscribe, D delivery. Hard
 * ones that are judged: v verified, p plausible, u unverified, w suspicious; o in an outage, m all
 * of one message, t soft and of one message. Complaints: W suspicious. All others are not judged,
 * and each is of a message of its own. "DAY:WHAT*N+GAP": N of them, GAP days apart.
 */
typedef struct {
	char letter;
	RetourHappened happened;
	const char *reason;
	int authentic; /* RetourAuthentic + 1; 0: not judged */
	gboolean doubted, same;
} Letter;

static const Letter letters[] = {
	{ .letter = 'h', .happened = RETOUR_HAPPENED_FAILURE, .reason = "user-unknown" },
	{ .letter = 's', .happened = RETOUR_HAPPENED_FAILURE, .reason = "mailbox-full" },
	{ .letter = 'q', .happened = RETOUR_HAPPENED_FAILURE, .reason = "undetermined" },
	{ .letter = 'x', .happened = RETOUR_HAPPENED_FAILURE, .reason = "host-unknown" },
	{ .letter = 'i', .happened = RETOUR_HAPPENED_FAILURE, .reason = "connection-failed" },
	{ .letter = 'n', .happened = RETOUR_HAPPENED_FAILURE, .reason = "dns-failure" },
	{ .letter = 'b', .happened = RETOUR_HAPPENED_FAILURE, .reason = "blocklisted" },
	{ .letter = 'z', .happened = RETOUR_HAPPENED_FAILURE, .reason = "spam-content" },
	{ .letter = 'C', .happened = RETOUR_HAPPENED_COMPLAINT, .reason = "complaint" },
	{ .letter = 'U',
	  .happened = RETOUR_HAPPENED_UNSUBSCRIBE,
	  .reason = "subscription-request" },
	{ .letter = 'D', .happened = RETOUR_HAPPENED_DELIVERY, .reason = "delivered" },
	{ .letter = 'v',
	  .happened = RETOUR_HAPPENED_FAILURE,
	  .reason = "user-unknown",
	  .authentic = RETOUR_AUTHENTIC_VERIFIED + 1 },
	{ .letter = 'p',
	  .happened = RETOUR_HAPPENED_FAILURE,
	  .reason = "user-unknown",
	  .authentic = RETOUR_AUTHENTIC_PLAUSIBLE + 1 },
	{ .letter = 'u',
	  .happened = RETOUR_HAPPENED_FAILURE,
	  .reason = "user-unknown",
	  .authentic = RETOUR_AUTHENTIC_UNVERIFIED + 1 },
	{ .letter = 'w',
	  .happened = RETOUR_HAPPENED_FAILURE,
	  .reason = "user-unknown",
	  .authentic = RETOUR_AUTHENTIC_SUSPICIOUS + 1 },
	{ .letter = 'W',
	  .happened = RETOUR_HAPPENED_COMPLAINT,
	  .reason = "complaint",
	  .authentic = RETOUR_AUTHENTIC_SUSPICIOUS + 1 },
	{ .letter = 'o',
	  .happened = RETOUR_HAPPENED_FAILURE,
	  .reason = "user-unknown",
	  .doubted = TRUE },
	{ .letter = 'm',
	  .happened = RETOUR_HAPPENED_FAILURE,
	  .reason = "user-unknown",
	  .same = TRUE },
	{ .letter = 't',
	  .happened = RETOUR_HAPPENED_FAILURE,
	  .reason = "mailbox-full",
	  .same = TRUE },
};

typedef struct {
	const char *name, *policy, *history;
	double now;           /* days */
	const char *expected; /* "keep", "suppress@DAY", "probation@DAY-DAY" */
} Row;

static void
add_event(GArray *events, char letter, double day)
{
	for (guint i = 0; i < G_N_ELEMENTS(letters); i++) {
		if (letters[i].letter != letter)
			continue;
		const RetourReason *reason = retour_reason_find(letters[i].reason);
		assert_non_null(reason);
		const Letter *one = &letters[i];
		const RetourHistoryEvent event = {
			.time = START + (gint64)(day * DAY),
			.happened = one->happened,
			.klass = retour_reason_get_class(reason, 5),
			.fault = retour_reason_get_fault(reason),
			.reason = reason,
			.judged = one->authentic > 0,
			.authentic = (RetourAuthentic)(one->authentic ? one->authentic - 1 : 0),
			.doubted = one->doubted,
			.message = one->same ? 1 : events->len + 2,
		};
		g_array_append_val(events, event);
		return;
	}
	fail_msg("no letter %c", letter);
}

static GArray *
read_history(const char *history)
{
	GArray *events = g_array_new(FALSE, FALSE, sizeof(RetourHistoryEvent));
	g_auto(GStrv) words = g_strsplit(history, " ", -1);
	for (guint i = 0; words[i] && *words[i]; i++) {
		char *at;
		double day = g_ascii_strtod(words[i], &at);
		assert_int_equal(*at, ':');
		char letter = at[1];
		guint64 n = 1;
		double gap = 0;
		if (at[2] == '*') {
			n = g_ascii_strtoull(at + 3, &at, 10);
			gap = g_ascii_strtod(at + 1, NULL);
		}
		for (guint64 j = 0; j < n; j++)
			add_event(events, letter, day + (double)j * gap);
	}
	return events;
}

static char *
show(const RetourOutcome *outcome)
{
	GString *out = g_string_new(retour_decision_to_string(outcome->decision));
	if (outcome->since)
		g_string_append_printf(out, "@%g", (double)(outcome->since - START) / DAY);
	if (outcome->until)
		g_string_append_printf(out, "-%g", (double)(outcome->until - START) / DAY);
	return g_string_free(out, FALSE);
}

static guint
check(const RetourPolicies *policies, const Row *row)
{
	const RetourPolicy *policy = retour_policies_find(policies, row->policy);
	assert_non_null(policy);
	g_autoptr(GArray) events = read_history(row->history);
	RetourOutcome outcome;
	retour_policy_decide(policy, (const RetourHistoryEvent *)events->data, events->len,
	                     START + (gint64)(row->now * DAY), &outcome);
	g_autofree char *shown = show(&outcome);
	if (strcmp(shown, row->expected) == 0)
		return 0;
	print_error("%s (%s): got %s (%s), expected %s\n", row->name, row->policy, shown,
	            outcome.grounds ? outcome.grounds : "-", row->expected);
	return 1;
}

static void
check_rows(const Row *rows, gsize n)
{
	g_autoptr(RetourPolicies) policies = retour_policies_new();
	guint wrong = 0;
	for (gsize i = 0; i < n; i++)
		wrong += check(policies, &rows[i]);
	assert_int_equal(wrong, 0);
}

/* What the model's documentation says, as histories. */
static const Row models[] = {
	/* Mailman: hard 1, soft 0.5, at most once a day, disabled at 5, stale after 7 days. */
	{ "four days", "mailman", "0:h*4+1", 4, "keep" },
	{ "five days", "mailman", "0:h*5+1", 5, "suppress@4" },
	{ "five on one day count once", "mailman", "0:h*5+0.1", 5, "keep" },
	{ "nine soft", "mailman", "0:s*9+1", 10, "keep" },
	{ "ten soft", "mailman", "0:s*10+1", 10, "suppress@9" },
	{ "hard and soft", "mailman", "0:h*4+1 4:s 5:s", 6, "suppress@5" },
	{ "stale", "mailman", "0:h*4+1 11:h", 12, "keep" },
	{ "not yet stale", "mailman", "0:h*4+1 10:h", 12, "suppress@10" },
	{ "the day's first counts", "mailman", "0.1:s 0.5:h 1:h*4+1", 6, "keep" },
	{ "midnight parts days", "mailman", "0.9:h 1.1:h 2:h*3+1", 6, "suppress@4" },

	/* Discourse: hard 2, soft 1, none sent from 4, forgotten 30 days after the last. */
	{ "one hard", "discourse", "0:h", 1, "keep" },
	{ "two hard", "discourse", "0:h 1:h", 2, "suppress@1-31" },
	{ "hard and two soft", "discourse", "0:h 1:s 2:s", 3, "suppress@2-32" },
	{ "three soft", "discourse", "0:s*3+1", 4, "keep" },
	{ "sent again", "discourse", "0:h 1:h", 31, "keep" },
	{ "begins anew", "discourse", "0:h 1:h 32:h", 33, "keep" },
	{ "a gap of more than 30 days", "discourse", "0:h 31:h", 32, "keep" },
	{ "prolonged", "discourse", "0:h 1:h 20:h", 40, "suppress@1-50" },

	/* listmonk: two hard, however far apart; soft never. */
	{ "one hard", "listmonk", "0:h", 1, "keep" },
	{ "two hard in years", "listmonk", "0:h 900:h", 901, "suppress@900" },
	{ "soft for ever", "listmonk", "0:s*200+1", 200, "keep" },
	{ "no reset", "listmonk", "0:h 5:D 9:h", 10, "suppress@9" },

	/* phpList: five consecutive. */
	{ "four", "phplist", "0:h*4+7", 40, "keep" },
	{ "five", "phplist", "0:h*5+7", 40, "suppress@28" },
	{ "hard or soft", "phplist", "0:h 7:s 14:q 21:s 28:h", 40, "suppress@28" },
	{ "interrupted", "phplist", "0:h*4+7 27:D 28:h*4+7", 80, "keep" },

	/* Sympa: ten in ten days; 45 warns, 75 removes. */
	{ "nine", "sympa", "0:h*9+2", 20, "keep" },
	{ "ten, too fast", "sympa", "0:h*10+1", 10, "keep" },
	{ "ten hard", "sympa", "0:h*10+2", 19, "suppress@18" },
	{ "ten soft", "sympa", "0:s*10+2", 19, "probation@18-28" },
	{ "half of each", "sympa", "0:h*5+2 10:s*5+2", 19, "suppress@18" },
	{ "one hard among soft", "sympa", "0:h 2:s*9+2", 19, "probation@18-28" },

	/* CiviCRM: held after a number of one type. */
	{ "invalid at once", "civicrm", "0:h", 1, "suppress@0" },
	{ "two full", "civicrm", "0:s*2+1", 3, "keep" },
	{ "three full", "civicrm", "0:s*3+1", 3, "suppress@2" },
	{ "types are apart", "civicrm", "0:s 1:s 2:x 3:x", 4, "keep" },
	{ "three of the host", "civicrm", "0:x*3+1", 4, "suppress@2" },
	{ "dns, over a week", "civicrm", "0:n*3+4", 9, "suppress@8" },
	{ "dns, in a day", "civicrm", "0:n*3+0.2", 9, "keep" },

	/* Odoo: five in a month, over more than a week. */
	{ "five in a week", "odoo", "0:h*5+1", 6, "keep" },
	{ "five in two weeks", "odoo", "0:h*5+3", 13, "suppress@12" },
	{ "soft as well", "odoo", "0:s*5+3", 13, "suppress@12" },
	{ "five in two months", "odoo", "0:h*5+15", 70, "keep" },

	/* Mailchimp: hard at once, the seventh soft. */
	{ "hard", "mailchimp", "0:h", 1, "suppress@0" },
	{ "six soft", "mailchimp", "0:s*6+1", 7, "keep" },
	{ "seven soft", "mailchimp", "0:s*7+1", 7, "suppress@6" },

	/* CSA: at the latest after three hard. */
	{ "two", "csa", "0:h*2+1", 3, "keep" },
	{ "three", "csa", "0:h*3+1", 3, "suppress@2" },
	{ "soft", "csa", "0:s*99+1", 99, "keep" },
};

static const Row ours[] = {
	{ "nothing", "default", "", 1, "keep" },
	{ "the first hard one waits", "default", "0:h", 1, "probation@0-7" },
	{ "and is tried again", "default", "0:h", 7, "keep" },
	{ "an outage of two days", "default", "0:h*40+0.05", 2, "probation@0-7" },
	{ "after it mail arrives", "default", "0:h*40+0.05 8:D", 9, "keep" },
	{ "the second waits too", "default", "0:h 8:h", 9, "probation@8-15" },
	{ "dead after the third", "default", "0:h 8:h 16:h", 17, "suppress@16" },
	{ "three within a week", "default", "0:h*3+3", 6.5, "probation@0-7" },
	{ "daily, for more than a week", "default", "0:h*9+1", 9, "suppress@7" },
	{ "of one message, for ever", "default", "0:m*20+8", 153, "probation@152-159" },
	{ "a delivery between", "default", "0:h 8:h 9:D 16:h", 17, "probation@16-23" },
	{ "two in a year", "default", "0:h 300:h", 301, "probation@300-307" },
	{ "seven soft", "default", "0:s*7+3", 30, "keep" },
	{ "eight soft", "default", "0:s*8+3", 30, "suppress@21" },
	{ "eight soft of one message", "default", "0:t*8+3", 30, "keep" },
	{ "eight soft in eight days", "default", "0:s*8+1", 30, "keep" },
	{ "soft, long ago", "default", "0:s*4+3 100:s*4+3", 120, "keep" },
	{ "infrastructure, three weeks", "default", "0:i*5+6", 30, "suppress@24" },
	{ "infrastructure, a week", "default", "0:i*8+1", 30, "keep" },
	{ "an answer breaks the series", "default", "0:i*3+6 15:b 18:i*3+6", 40, "keep" },
	{ "a full mailbox breaks it too", "default", "0:i*3+6 15:s 18:i*3+6", 40, "keep" },
	{ "a forged answer does not", "default", "0:i*3+6 15:w 18:i*3+6", 40, "suppress@24" },

	{ "verified, at once", "default", "0:v", 1, "suppress@0" },
	{ "verified, of an address that has worked", "default", "0:D 9:v", 10, "probation@9-16" },
	{ "and again a day later", "default", "0:D 9:v 10.5:v", 11, "suppress@10.5" },
	{ "and again on that day", "default", "0:D 9:v*9+0.1", 9.95, "probation@9-16" },
	{ "ten unverified over weeks", "default", "0:u*10+4", 37, "keep" },
	{ "ten suspicious over weeks", "default", "0:w*10+4", 37, "keep" },
	{ "unverified before a real one", "default", "0:u*10+4 40:h", 41, "probation@40-47" },
	{ "plausible", "default", "0:p 8:p", 9, "probation@8-15" },
	{ "plausible, again and again", "default", "0:p 8:p 16:p", 17, "suppress@16" },
	{ "in an outage", "default", "0:o", 1, "probation@0-7" },
	{ "in an outage, again and again", "default", "0:o*40+0.05", 3, "probation@0-7" },
	{ "it does not count after it", "default", "0:o 8:h 16:h", 17, "probation@16-23" },
};

static void
test_models(void **state)
{
	(void)state;
	check_rows(models, G_N_ELEMENTS(models));
}

static void
test_default(void **state)
{
	(void)state;
	check_rows(ours, G_N_ELEMENTS(ours));
}

/* Laws that hold under every policy. */
static void
test_laws(void **state)
{
	static const Row laws[] = {
		{ "the sender's fault never counts", "", "0:b*900+1", 900, "keep" },
		{ "nor the content's", "", "0:z*900+1", 900, "keep" },
		{ "an outage of six days", "", "0:i*100+0.06", 7, "keep" },
		{ "a complaint is immediate", "", "0:C", 1, "suppress@0" },
		{ "an unsubscribe is immediate", "", "0:U", 1, "suppress@0" },
		{ "and for good", "", "0:U 1:D 90:D", 900, "suppress@0" },
		{ "a flood hides no wish", "", "0:U 1:b*2000+0.01", 900, "suppress@0" },
		{ "suspicious ones never count", "", "0:w*900+1", 900, "keep" },
		{ "nor a suspicious wish", "", "0:W", 1, "keep" },
		{ "nor one behind a flood", "", "0:W 1:b*2000+0.01", 900, "keep" },
	};
	(void)state;
	g_autoptr(RetourPolicies) policies = retour_policies_new();
	guint wrong = 0;
	assert_int_equal(retour_policies_get_size(policies), 10);
	for (guint i = 0; i < retour_policies_get_size(policies); i++) {
		const RetourPolicy *policy = retour_policies_get(policies, i);
		for (guint j = 0; j < G_N_ELEMENTS(laws); j++) {
			Row row = laws[j];
			row.policy = retour_policy_get_name(policy);
			wrong += check(policies, &row);
		}
	}
	assert_int_equal(wrong, 0);
}

/* What hard bounces in an outage do: hold mail wherever hard ones count. */
static void
test_doubt(void **state)
{
	(void)state;
	g_autoptr(RetourPolicies) policies = retour_policies_new();
	guint wrong = 0;
	for (guint i = 0; i < retour_policies_get_size(policies); i++) {
		const char *name = retour_policy_get_name(retour_policies_get(policies, i));
		Row row = { "an outage", name, "0:o*90+0.01", 1, "probation@0-7" };
		if (strcmp(name, "sympa") == 0)
			row.expected = "probation@0-10";
		wrong += check(policies, &row);
	}
	assert_int_equal(wrong, 0);
}

/* --require-authentic: under every policy, and of what is not judged too. */
static void
test_require(void **state)
{
	static const Row rows[] = {
		{ "not judged", "mailchimp", "0:h", 1, "keep" },
		{ "unverified", "mailchimp", "0:u", 1, "keep" },
		{ "plausible", "mailchimp", "0:p", 1, "suppress@0" },
		{ "verified", "mailchimp", "0:v", 1, "suppress@0" },
		{ "a wish that is not judged", "default", "0:C", 1, "keep" },
		{ "and a flood behind it", "default", "0:C 1:b*2000+0.01", 900, "keep" },
	};
	(void)state;
	g_autoptr(RetourPolicies) policies = retour_policies_new();
	retour_policies_require(policies, RETOUR_AUTHENTIC_PLAUSIBLE);
	guint wrong = 0;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		wrong += check(policies, &rows[i]);
	assert_true(retour_policy_needs_knowledge(retour_policies_get(policies, 0)));
	retour_policies_require(policies, RETOUR_AUTHENTIC_SUSPICIOUS);
	const Row all = { "suspicious, if that is wanted", "mailchimp", "0:w", 1, "suppress@0" };
	wrong += check(policies, &all);
	assert_false(retour_policy_needs_knowledge(retour_policies_get(policies, 0)));
	assert_int_equal(wrong, 0);
}

static RetourPolicies *
policies_with(const char *text, GPtrArray *faults)
{
	RetourPolicies *policies = retour_policies_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(RetourBlocks) blocks = retour_blocks_parse("f", text, strlen(text), &error);
	assert_non_null(blocks);
	for (guint i = 0; i < retour_blocks_get_size(blocks); i++)
		retour_policies_add(policies, "f", retour_blocks_get_block(blocks, i), faults);
	return policies;
}

static void
test_own(void **state)
{
	static const struct {
		const char *text;
		Row row;
	} rows[] = {
		{ "Policy: p\nLike: mailman\nExpires: 90 days\n",
		  { "like another", "p", "0:h*5+1", 5, "suppress@4-94" } },
		{ "Policy: p\nLike: mailman\nSuppress: 2 hard\n",
		  { "rules are taken over as a whole", "p", "0:h*2+1", 5, "suppress@1" } },
		{ "Policy: p\nPoints: 1 hard\nSuppress: 2 points\nDecay: 10 days\n",
		  { "decayed", "p", "0:h 10:h", 11, "keep" } },
		{ "Policy: p\nPoints: 1 hard\nSuppress: 2 points\nDecay: 10 days\n",
		  { "1 half, 1 and a half, 2 and more", "p", "0:h 10:h 11:h", 12, "suppress@11" } },
		{ "Policy: p\nPoints: 1 hard\nSuppress: 1.9 points within 15 days\nDecay: 10 "
		  "days\n",
		  { "decayed and out of the window", "p", "0:h 10:h 20:h", 21, "keep" } },
		{ "Policy: p\nPoints: 3 mailbox-full\nPoints: 1 soft\nSuppress: 3 points\n",
		  { "the first fitting points", "p", "0:q 1:q", 12, "keep" } },
		{ "Policy: p\nSuppress: 2 hard of 2 messages\n",
		  { "of two messages", "p", "0:m 1:m 2:h", 3, "suppress@2" } },
		{ "Policy: p\nSuppress: 2 hard of 2 messages within 5 days\n",
		  { "of two in the window", "p", "0:h 9:m 10:m", 11, "keep" } },
		{ "Policy: p\nRequire authentic: plausible\nSuppress: 1 hard\n",
		  { "required", "p", "0:h 1:u 2:p", 3, "suppress@2" } },
		{ "Policy: p\nRequire authentic: plausible where judged\nSuppress: 1 hard\n",
		  { "where judged", "p", "0:u 1:h", 3, "suppress@1" } },
		{ "Policy: p\nSuppress: 2 hard\n",
		  { "one a day of what may be forged", "p", "0:p 0.5:p", 3, "keep" } },
		{ "Policy: p\nSuppress: 2 hard\n",
		  { "all of a day that are verified", "p", "0:v 0.5:v", 3, "suppress@0.5" } },
		{ "Policy: p\nPoints: 3 mailbox-full\nPoints: 1 soft\nSuppress: 3 points\n",
		  { "by reason", "p", "0:s", 12, "suppress@0" } },
	};
	(void)state;
	guint wrong = 0;
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
		g_autoptr(RetourPolicies) policies = policies_with(rows[i].text, faults);
		assert_int_equal(faults->len, 0);
		wrong += check(policies, &rows[i].row);
	}
	assert_int_equal(wrong, 0);
}

static void
test_faults(void **state)
{
	static const struct {
		const char *text, *expected;
	} rows[] = {
		{ "Policy: mailman\nSuppress: 1 hard\n", "f:1: there is a policy" },
		{ "Policy: p\nLike: nobody\nSuppress: 1 hard\n",
		  "f:1: there is no policy \"nobody\"" },
		{ "Policy: p\nSuppress: 1 hrad\n", "f:2: \"hrad\" is no word" },
		{ "Policy: p\nSuppress: 1 blocklisted\n",
		  "f:2: \"blocklisted\" is a fault of the sender" },
		{ "Policy: p\nSuppress: 1 spam-content\n",
		  "f:2: \"spam-content\" is a fault of the content" },
		{ "Policy: p\nSuppress: 3 infrastructure\n",
		  "f:2: a fault of the infrastructure passes" },
		{ "Policy: p\nSuppress: 3 hard infrastructure over 9 days\n",
		  "f:2: infrastructure beside" },
		{ "Policy: p\nSuppress: many hard\n", "f:2: no number" },
		{ "Policy: p\nSuppress: 0 hard\n", "f:2: no number" },
		{ "Policy: p\nSuppress: -1 hard\n", "f:2: no number" },
		{ "Policy: p\nSuppress: nan hard\n", "f:2: no number" },
		{ "Policy: p\nSuppress:\n", "f:2: no number" },
		{ "Policy: p\nSuppress: 2\n", "f:2: no number" },
		{ "Policy: p\nSuppress: 2 over 3 days\n", "f:2: it does not say of what" },
		{ "Policy: p\nSuppress: 2 hard over\n", "f:2: a time is missing" },
		{ "Policy: p\nSuppress: 2 hard of\n", "f:2: how many messages?" },
		{ "Policy: p\nSuppress: 2 hard of 0 messages\n", "f:2: how many messages?" },
		{ "Policy: p\nSuppress: 2 hard unless\n", "f:2: unless what?" },
		{ "Policy: p\nSuppress: 2 hard authentic\n", "f:2: \"\" is no level" },
		{ "Policy: p\nSuppress: 2 hard authentic sure\n", "f:2: \"sure\" is no level" },
		{ "Policy: p\nSuppress: 2 hard over 1 day of 2 messages\n",
		  "f:2: \"of\" does not fit here" },
		{ "Policy: p\nRequire authentic: sure\nSuppress: 1 hard\n",
		  "f:2: \"sure\" is no level" },
		{ "Policy: p\nRequire authentic: verified if known\nSuppress: 1 hard\n",
		  "f:2: \"if\" does not fit here" },
		{ "Policy: p\nRequire authentic:\nSuppress: 1 hard\n", "f:2: \"\" is no level" },
		{ "Policy: p\nSuppress: 2 hard over 3\n", "f:2: a time is missing" },
		{ "Policy: p\nSuppress: 2 hard over 9 days within 3 days\n",
		  "f:2: it asks for more days" },
		{ "Policy: p\nSuppress: 2 points\n", "f:1: a rule counts points" },
		{ "Policy: p\nPoints: 1 hard\n", "f:1: points are given" },
		{ "Policy: p\nPoints: 1 infrastructure\nSuppress: 2 points\n", "f:2: points for" },
		{ "Policy: p\nProbation: 1 hard\n", "f:1: probation without an end" },
		{ "Policy: p\nSuppress: mean 3\n", "f:2: no mean" },
		{ "Policy: p\nDaily: maybe\nSuppress: 1 hard\n", "f:2: \"maybe\" is neither" },
		{ "Policy: p\nStale: soon\nSuppress: 1 hard\n", "f:2: a time is missing" },
		{ "Policy: p\nColour: red\nSuppress: 1 hard\n",
		  "f:2: a policy has no field \"Colour\"" },
	};
	(void)state;
	guint wrong = 0;
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
		g_autoptr(RetourPolicies) policies = policies_with(rows[i].text, faults);
		const char *got = faults->len > 0 ? g_ptr_array_index(faults, 0) : "no fault";
		if (faults->len != 1 || !g_str_has_prefix(got, rows[i].expected) ||
		    retour_policies_find(policies, "p")) {
			print_error("%s: got %s, expected %s\n", rows[i].text, got,
			            rows[i].expected);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_models),  cmocka_unit_test(test_default),
		cmocka_unit_test(test_laws),    cmocka_unit_test(test_doubt),
		cmocka_unit_test(test_require), cmocka_unit_test(test_own),
		cmocka_unit_test(test_faults),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
