/* SPDX-License-Identifier: BSD-2-Clause */
#include "codes/tables.h"

#include "text/matcher.h"

#include <string.h>

guint
retour_rule_get_count(void)
{
	return retour_codes_n_rules;
}

const RetourRule *
retour_rule_get(guint index)
{
	g_return_val_if_fail(index < retour_codes_n_rules, NULL);
	return &retour_codes_rules[index];
}

const char *
retour_rule_get_id(const RetourRule *rule)
{
	return retour_codes_text(rule->id);
}

const RetourReason *
retour_rule_get_reason(const RetourRule *rule)
{
	return &retour_codes_reasons[rule->reason];
}

const char *
retour_rule_get_text(const RetourRule *rule)
{
	return retour_codes_text(rule->text);
}

const char *
retour_rule_get_source(const RetourRule *rule)
{
	return retour_codes_text(rule->source);
}

const char *
retour_rule_get_example(const RetourRule *rule)
{
	return retour_codes_text(rule->example);
}

gboolean
retour_rule_is_provider(const RetourRule *rule)
{
	return rule->provider;
}

guint
retour_rule_get_rank(const RetourRule *rule)
{
	return rule->rank;
}

/* ---- conditions ---- */

static gboolean
status_holds(const RetourRule *rule, RetourStatus status)
{
	const RetourCodesStatus *wanted = &retour_codes_rule_statuses[rule->first_status];
	for (guint i = 0; i < rule->n_statuses; i++) {
		if (retour_status_is_set(status) &&
		    (wanted[i].klass == 0 || wanted[i].klass == status.klass) &&
		    wanted[i].subject == status.subject && wanted[i].detail_from <= status.detail &&
		    status.detail <= wanted[i].detail_to)
			return TRUE;
	}
	return rule->n_statuses == 0;
}

static gboolean
reply_holds(const RetourRule *rule, guint reply)
{
	const RetourCodesReply *wanted = &retour_codes_rule_replies[rule->first_reply];
	for (guint i = 0; i < rule->n_replies; i++) {
		if (wanted[i].from <= reply && reply <= wanted[i].to)
			return TRUE;
	}
	return rule->n_replies == 0;
}

/* Whether @host is @suffix or ends in it behind a dot. */
static gboolean
host_ends_in(const char *host, gsize length, const char *suffix, gsize n)
{
	if (length < n || g_ascii_strncasecmp(host + length - n, suffix, n) != 0)
		return FALSE;
	return length == n || host[length - n - 1] == '.';
}

static gboolean
host_holds(const RetourRule *rule, const char *host)
{
	const char *suffix = retour_codes_text(rule->hosts);
	if (*suffix == '\0')
		return TRUE;
	gsize length = host ? strlen(host) : 0;
	if (length > 0 && host[length - 1] == '.')
		length--;
	while (length > 0 && *suffix != '\0') {
		gsize n = strcspn(suffix, ",");
		if (host_ends_in(host, length, suffix, n))
			return TRUE;
		suffix += n + (suffix[n] == ',');
	}
	return FALSE;
}

/* ---- asking ---- */

typedef struct {
	const RetourQuestion *question;
	RetourAnswer *answers;
	guint n, room;
} Asking;

/* Rules lie in the order in which they count, so the better answer is the one with the lower
 * address. */
static void
answer(Asking *asking, const RetourRule *rule, gsize offset, gsize length)
{
	guint at = asking->n;
	while (at > 0 && asking->answers[at - 1].rule > rule)
		at--;
	gboolean known = at > 0 && asking->answers[at - 1].rule == rule;
	if (known || at == asking->room)
		return;
	if (asking->n < asking->room)
		asking->n++;
	memmove(&asking->answers[at + 1], &asking->answers[at],
	        (asking->n - at - 1) * sizeof(RetourAnswer));
	asking->answers[at] = (RetourAnswer){ rule, offset, length };
}

static gboolean
holds(const RetourRule *rule, const RetourQuestion *question)
{
	return status_holds(rule, question->status) && reply_holds(rule, question->reply) &&
	       host_holds(rule, question->host);
}

static gboolean
found(const RetourMatch *match, gpointer data)
{
	Asking *asking = data;
	const RetourRule *rule = &retour_codes_rules[retour_codes_pattern_rules[match->pattern]];
	if (holds(rule, asking->question))
		answer(asking, rule, match->offset, match->length);
	return TRUE;
}

guint
retour_rules_ask(const RetourQuestion *question, RetourAnswer *answers, guint n_answers)
{
	Asking asking = { .question = question, .answers = answers, .room = n_answers };
	retour_matcher_scan(retour_matcher_over(retour_codes_matcher), question->text,
	                    question->length, found, &asking);
	for (guint i = 0; i < retour_codes_n_bare_rules; i++) {
		const RetourRule *rule = &retour_codes_rules[retour_codes_bare_rules[i]];
		if (holds(rule, question))
			answer(&asking, rule, 0, 0);
	}
	return asking.n;
}
