/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/explanation.h"

#include <string.h>

#include "cli/card.h"
#include "cli/lore.h"

void
retour_explanation_add_remedy(const RetourReason *reason, GString *card)
{
	retour_card_add(card, "what to do", retour_reason_get_operator_advice(reason));
	retour_card_add(card, "the sender", retour_reason_get_sender_advice(reason));
}

static const RetourRule *
find_rule(const RetourSite *site, const char *id)
{
	for (guint i = 0; i < retour_site_get_n_rules(site); i++) {
		const RetourRule *rule = retour_site_get_rule(site, i);
		if (strcmp(retour_rule_get_id(rule), id) == 0)
			return rule;
	}
	return NULL;
}

/* What a rule of the trace is about, where the database has it. */
static char *
describe_rule(const RetourSite *site, const char *id)
{
	const RetourRule *rule = find_rule(site, id);
	if (rule)
		return g_strdup_printf("means %s; %s",
		                       retour_reason_get_name(retour_rule_get_reason(rule)),
		                       retour_rule_get_source(rule));
	RetourStatus status;
	const RetourCode *code = NULL;
	if (g_str_has_prefix(id, "status:") &&
	    retour_status_parse(id + 7, strlen(id + 7), &status) > 0)
		code = retour_code_find_status(status);
	else if (g_str_has_prefix(id, "reply:"))
		code = retour_code_find_reply((guint)g_ascii_strtoull(id + 6, NULL, 10));
	return code ? g_strdup(retour_code_get_title(code)) : NULL;
}

static void
add_because(const RetourBecause *because, const char *label, const RetourSite *site,
            gboolean with_place, GString *card)
{
	g_autofree char *about = describe_rule(site, because->rule);
	retour_card_add_format(card, label, "%s%s%s%s", because->rule, about ? " (" : "",
	                       about ? about : "", about ? ")" : "");
	if (because->text && *because->text)
		retour_card_add_format(card, "", "\"%s\"", because->text);
	if (with_place && because->part)
		retour_card_add_format(card, "", "in part %s, at byte %zu",
		                       *because->part ? because->part : "0", because->offset);
}

/* It would have named a reason, had the deciding one not been there. */
static gboolean
names_reason(const RetourBecause *because)
{
	static const char *const kinds[] = { "phrase:",  "provider:", "status:",
		                             "subject:", "reply:",    "exit-code:" };
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		if (g_str_has_prefix(because->rule, kinds[i]))
			return TRUE;
	}
	return FALSE;
}

/* What decided, the best of the others, then the rest. */
static void
add_reasons_why(const RetourVerdict *verdict, const RetourSite *site, gboolean with_place,
                GString *card)
{
	const RetourBecause *runner_up = NULL;
	for (guint i = 0; i < verdict->n_because; i++) {
		const RetourBecause *because = &verdict->because[i];
		if (because->deciding)
			add_because(because, "decided by", site, with_place, card);
		else if (!runner_up && names_reason(because))
			runner_up = because;
	}
	if (runner_up)
		add_because(runner_up, "runner-up", site, with_place, card);
	for (guint i = 0; i < verdict->n_because; i++) {
		const RetourBecause *because = &verdict->because[i];
		if (!because->deciding && because != runner_up)
			add_because(because, "also", site, with_place, card);
	}
}

static void
add_code_line(const RetourVerdict *verdict, GString *card)
{
	char status[RETOUR_STATUS_STRING_SIZE] = "";
	g_autoptr(GString) line = g_string_new(NULL);
	if (verdict->reply)
		g_string_append_printf(line, "%u ", verdict->reply);
	if (retour_status_is_set(verdict->status))
		g_string_append_printf(line, "%s ", retour_status_format(verdict->status, status));
	const char *command = retour_command_to_string(verdict->command);
	if (command)
		g_string_append_printf(line, "in answer to %s", command);
	retour_card_add(card, "code", line->str);
}

static void
add_verdict(const RetourVerdict *verdict, const RetourSite *site, gboolean with_place,
            GString *card)
{
	retour_card_add(card, "class", retour_class_to_string(verdict->klass));
	if (verdict->reason)
		retour_card_add_format(card, "reason", "%s: %s",
		                       retour_reason_get_name(verdict->reason),
		                       retour_reason_get_meaning(verdict->reason));
	retour_card_add(card, "fault", retour_fault_to_string(verdict->fault));
	retour_card_add(card, "advice", retour_advice_to_string(verdict->advice));
	retour_card_add(card, "confidence", retour_confidence_to_string(verdict->confidence));
	add_code_line(verdict, card);
	add_reasons_why(verdict, site, with_place, card);
	if (verdict->reason)
		retour_explanation_add_remedy(verdict->reason, card);
}

/* What other sources say about the codes of a verdict. */
static void
add_lore(const RetourVerdict *verdict, GString *card)
{
	const RetourCode *status = retour_status_is_set(verdict->status)
	                                   ? retour_code_find_status(verdict->status)
	                                   : NULL;
	const RetourCode *reply = retour_code_find_reply(verdict->reply);
	if (status)
		retour_lore_add(retour_code_get_name(status), card);
	if (reply)
		retour_lore_add(retour_code_get_name(reply), card);
}

void
retour_explanation_add_verdict(const RetourVerdict *verdict, const RetourSite *site, GString *card)
{
	add_verdict(verdict, site, FALSE, card);
	add_lore(verdict, card);
}

static void
add_recipient(const RetourRecipient *recipient, const RetourVerdict *verdict,
              const RetourSite *site, GString *card)
{
	g_string_append_c(card, '\n');
	retour_card_add_title(card, recipient->address ? recipient->address : "(no address)");
	retour_card_add(card, "read by", recipient->read_by);
	retour_card_add(card, "action", retour_action_to_string(recipient->action));
	retour_card_add(card, "said", recipient->diagnostic);
	retour_card_add(card, "by", recipient->remote_mta);
	add_verdict(verdict, site, TRUE, card);
}

void
retour_explanation_add_record(const RetourRecord *record, const RetourSite *site, GString *card)
{
	const RetourReport *report = record->report;
	retour_card_add(card, "kind", retour_kind_to_string(record->kind));
	retour_card_add(card, "error", record->error);
	if (!report)
		return;
	retour_card_add(card, "from", report->from);
	retour_card_add(card, "subject", report->subject);
	retour_card_add(card, "report", report->type);
	retour_card_add(card, "written by", report->reporting_mta);
	retour_card_add(card, "original", report->original.message_id);
	for (guint i = 0; i < report->n_limits; i++)
		retour_card_add(card, "limit met", report->limits[i]);
	for (guint i = 0; i < report->n_recipients; i++)
		add_recipient(&report->recipients[i], &record->verdicts[i], site, card);
}
