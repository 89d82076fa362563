/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "codes/rulebook.h"
#include "text/fold.h"

guint
retour_rule_get_count(void)
{
	return retour_codes_rules.n_rules;
}

const RetourRule *
retour_rule_get(guint index)
{
	g_return_val_if_fail(index < retour_codes_rules.n_rules, NULL);
	return &retour_codes_rules.rules[index];
}

const char *
retour_rule_text(const RetourRule *rule, guint32 offset)
{
	return retour_rule_get_set(rule)->strings + offset;
}

const char *
retour_rule_get_id(const RetourRule *rule)
{
	return retour_rule_text(rule, rule->id);
}

const RetourReason *
retour_rule_get_reason(const RetourRule *rule)
{
	return &retour_codes_reasons[rule->reason];
}

const char *
retour_rule_get_text(const RetourRule *rule)
{
	return retour_rule_text(rule, rule->text);
}

const char *
retour_rule_get_source(const RetourRule *rule)
{
	return retour_rule_text(rule, rule->source);
}

const char *
retour_rule_get_example(const RetourRule *rule)
{
	return retour_rule_text(rule, rule->example);
}

const char *
retour_rule_get_status(const RetourRule *rule)
{
	return retour_rule_text(rule, rule->status);
}

const char *
retour_rule_get_reply(const RetourRule *rule)
{
	return retour_rule_text(rule, rule->reply);
}

const char *
retour_rule_get_hosts(const RetourRule *rule)
{
	return retour_rule_text(rule, rule->hosts);
}

const char *
retour_rule_get_language(const RetourRule *rule)
{
	return retour_rule_text(rule, rule->lang);
}

const char *
retour_rule_get_file(const RetourRule *rule)
{
	return retour_rule_text(rule, rule->file);
}

guint
retour_rule_get_line(const RetourRule *rule)
{
	return rule->line;
}

gboolean
retour_rule_is_provider(const RetourRule *rule)
{
	return rule->provider;
}

gboolean
retour_rule_is_site(const RetourRule *rule)
{
	return rule->shelf > 0;
}

guint
retour_rule_get_rank(const RetourRule *rule)
{
	return rule->rank;
}

char *
retour_rules_fold(const char *text, gssize length)
{
	g_autofree char *valid = g_utf8_make_valid(text, length);
	RetourFolded folded = { 0 };
	retour_text_fold(&folded, valid, strlen(valid));
	g_free(folded.map);
	return folded.text;
}

guint
retour_rules_ask(const RetourQuestion *question, RetourAnswer *answers, guint n_answers)
{
	return retour_rulebook_ask(NULL, question, answers, n_answers);
}
