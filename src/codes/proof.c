/* SPDX-License-Identifier: BSD-2-Clause */
#include "codes/proof.h"

#include "smtp/reply.h"
#include "text/fold.h"
#include "text/matcher.h"

#include <string.h>

/* Rules that may hold for one example. */
#define ANSWERS_MAX 64u

/* The codes of the example: of its first reply, else the first enhanced code that stands in it. */
static void
read_codes(RetourSpan text, RetourQuestion *question)
{
	RetourReply reply;
	if (retour_reply_find(text, 0, &reply)) {
		question->reply = reply.code;
		question->status = reply.status;
	}
	gsize offset, length;
	if (!retour_status_is_set(question->status))
		retour_status_find(text, 0, &question->status, &offset, &length);
}

static char *
describe_hidden(const RetourRule *rule, const RetourRule *winner)
{
	/* A built-in rule cannot be changed by the site that hides it. */
	const char *remedy =
	        !retour_rule_is_site(rule) && retour_rule_is_site(winner)
	                ? "give yours the id of this one if it shall take its place, "
	                  "or more text"
	                : "raise its rank, lengthen its text, or take one of them away";
	return g_strdup_printf("%s is hidden by %s (%s:%u): %s", retour_rule_get_id(rule),
	                       retour_rule_get_id(winner), retour_rule_get_file(winner),
	                       retour_rule_get_line(winner), remedy);
}

static char *
judge(const RetourRule *rule, const RetourAnswer *answers, guint n)
{
	if (n > 0 && answers[0].rule == rule)
		return NULL;
	for (guint i = 1; i < n; i++) {
		if (answers[i].rule == rule)
			return describe_hidden(rule, answers[0].rule);
	}
	return g_strdup_printf("%s is not reached by its own example: give the example the status "
	                       "and reply that the rule asks for",
	                       retour_rule_get_id(rule));
}

char *
retour_rule_prove(const RetourRulebook *book, const RetourRule *rule)
{
	const char *example = retour_rule_get_example(rule);
	g_auto(RetourFolded) folded = { 0 };
	retour_text_fold(&folded, example, strlen(example));
	/* The first suffix is a host that ends in it. */
	const char *hosts = retour_rule_get_hosts(rule);
	g_autofree char *host = g_strndup(hosts, strcspn(hosts, ","));
	RetourQuestion question = { .text = folded.text,
		                    .length = folded.length,
		                    .host = *host ? host : NULL };
	read_codes(retour_span_of(example), &question);
	RetourAnswer answers[ANSWERS_MAX];
	return judge(rule, answers, retour_rulebook_ask(book, &question, answers, ANSWERS_MAX));
}

/* ---- lint ---- */

static gboolean
is_same(const RetourRule *a, const RetourRule *b)
{
	return a->provider == b->provider &&
	       strcmp(retour_rule_get_text(a), retour_rule_get_text(b)) == 0 &&
	       strcmp(retour_rule_get_status(a), retour_rule_get_status(b)) == 0 &&
	       strcmp(retour_rule_get_reply(a), retour_rule_get_reply(b)) == 0 &&
	       strcmp(retour_rule_get_hosts(a), retour_rule_get_hosts(b)) == 0;
}

/* Of two that say the same one is told of: a site's, else the later one. */
static const RetourRule *
find_same(const RetourRulebook *book, const RetourRule *rule)
{
	for (guint i = 0; i < retour_rulebook_get_size(book); i++) {
		const RetourRule *other = retour_rulebook_get_rule(book, i);
		gboolean told = retour_rule_is_site(rule) != retour_rule_is_site(other)
		                        ? retour_rule_is_site(rule)
		                        : retour_rule_counts_before(other, rule);
		if (told && is_same(rule, other))
			return other;
	}
	return NULL;
}

static gboolean
has_conditions(const RetourRule *rule)
{
	return *retour_rule_get_status(rule) || *retour_rule_get_reply(rule) ||
	       *retour_rule_get_hosts(rule);
}

/* The barest text for which the rule holds: something in its gaps, so wide that nothing reaches
 * over two of them, and one more letter where a word may go on. */
static char *
write_barest(const char *pattern)
{
	GString *text = g_string_new(NULL);
	for (const char *c = pattern; *c; c++) {
		gboolean gap = *c == '*' && c > pattern && c[-1] == ' ' && c[1] == ' ';
		if (gap)
			for (guint i = 0; i < RETOUR_MATCHER_GAP - 10; i++)
				g_string_append_c(text, 'q');
		else
			g_string_append_c(text, *c == '*' ? 'q' : *c);
	}
	return g_string_free(text, FALSE);
}

/* A rule without conditions that holds for the barest text of @rule holds wherever it does. */
static const RetourRule *
find_better(const RetourRulebook *book, const RetourRule *rule)
{
	g_autofree char *text = write_barest(retour_rule_get_text(rule));
	RetourQuestion question = { .text = text, .length = strlen(text) };
	RetourAnswer answers[ANSWERS_MAX];
	guint n = retour_rulebook_ask(book, &question, answers, ANSWERS_MAX);
	if (n == 0 || answers[0].rule == rule || has_conditions(answers[0].rule))
		return NULL;
	return retour_rule_counts_before(answers[0].rule, rule) ? answers[0].rule : NULL;
}

char *
retour_rule_lint(const RetourRulebook *book, const RetourRule *rule)
{
	const RetourRule *same = find_same(book, rule);
	if (same)
		return g_strdup_printf("%s says the same as %s (%s:%u): take one of them away, or "
		                       "give yours the id of the other to take its place",
		                       retour_rule_get_id(rule), retour_rule_get_id(same),
		                       retour_rule_get_file(same), retour_rule_get_line(same));
	const RetourRule *better = find_better(book, rule);
	if (better)
		return g_strdup_printf("%s can never win: %s (%s:%u) holds wherever it does: raise "
		                       "its rank, or take one of them away",
		                       retour_rule_get_id(rule), retour_rule_get_id(better),
		                       retour_rule_get_file(better), retour_rule_get_line(better));
	return NULL;
}
