/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/explanation.h"

#include <string.h>

#include "cli/card.h"

static void
add_reason(const RetourReason *reason, GString *card)
{
	if (!reason)
		return;
	retour_card_add_format(card, "reason", "%s: %s", retour_reason_get_name(reason),
	                       retour_reason_get_meaning(reason));
	retour_card_add(card, "fault", retour_fault_to_string(retour_reason_get_fault(reason)));
	retour_card_add(card, "advice", retour_advice_to_string(retour_reason_get_advice(reason)));
}

/* @code_class: 4, 5, or 0 for an "X" */
static void
add_class(const RetourCode *code, guint code_class, GString *card)
{
	RetourClass at_5 = retour_code_get_class(code, 5);
	RetourClass at_4 = retour_code_get_class(code, 4);
	if (code_class == 0 && at_5 != at_4)
		retour_card_add_format(card, "class", "%s at class 5, %s at class 4",
		                       retour_class_to_string(at_5), retour_class_to_string(at_4));
	else
		retour_card_add(card, "class",
		                retour_class_to_string(code_class == 4 ? at_4 : at_5));
}

static void
add_known_code(const char *name, const RetourCode *code, guint code_class, GString *card)
{
	g_autofree char *title = g_strdup_printf("%s %s", name, retour_code_get_title(code));
	retour_card_add_title(card, title);
	retour_card_add(card, "meaning", retour_code_get_meaning(code));
	if (retour_code_get_reason(code) && code_class != 2) {
		add_class(code, code_class, card);
		add_reason(retour_code_get_reason(code), card);
		retour_card_add(card, "",
		                "This is for the code alone: words beside it that say more "
		                "come first.");
	}
	retour_card_add(card, "note", retour_code_get_note(code));
	retour_card_add(card, "source", retour_code_get_source(code));
}

static const char *
meaning_of_digit(char digit)
{
	switch (digit) {
	case '2':
		return "Success.";
	case '3':
		return "The server waits for more.";
	case '4':
		return "A failure for now: it may go better later.";
	case '5':
		return "A failure that the server calls final. That does not make the address "
		       "dead.";
	default:
		return NULL;
	}
}

static gboolean
add_reply(const char *word, GString *card)
{
	guint64 number;
	if (strlen(word) != 3 || !g_ascii_string_to_unsigned(word, 10, 100, 999, &number, NULL))
		return FALSE;
	const RetourCode *code = retour_code_find_reply((guint)number);
	if (code) {
		add_known_code(word, code, (guint)number / 100, card);
		return TRUE;
	}
	retour_card_add_title(card, word);
	retour_card_add(card, "meaning", "No such SMTP reply is known; the first digit counts.");
	retour_card_add(card, "", meaning_of_digit(word[0]));
	return TRUE;
}

/* "X.7.26" as 5.7.26 with @any set. */
static gboolean
parse_status(const char *word, RetourStatus *status, gboolean *any)
{
	g_autofree char *text = g_strdup(word);
	*any = text[0] == 'X' || text[0] == 'x';
	if (*any)
		text[0] = '5';
	gsize length = strlen(text);
	return length > 0 && retour_status_parse(text, length, status) == length;
}

static gboolean
add_status(const char *word, GString *card)
{
	RetourStatus status;
	gboolean any;
	if (!parse_status(word, &status, &any))
		return FALSE;
	const RetourCode *code = retour_code_find_status(status);
	if (code) {
		add_known_code(word, code, any ? 0 : status.klass, card);
		return TRUE;
	}
	retour_card_add_title(card, word);
	retour_card_add(card, "meaning",
	                "This detail is not registered; the subject counts (RFC 3463).");
	retour_card_add(card, "", any ? NULL : meaning_of_digit(word[0]));
	if (status.klass != 2)
		add_reason(retour_status_subject_reason(status), card);
	return TRUE;
}

gboolean
retour_explanation_add_code(const char *word, GString *card)
{
	return add_reply(word, card) || add_status(word, card);
}

static const RetourRule *
find_rule(const char *id)
{
	for (guint i = 0; i < retour_rule_get_count(); i++) {
		const RetourRule *rule = retour_rule_get(i);
		if (strcmp(retour_rule_get_id(rule), id) == 0)
			return rule;
	}
	return NULL;
}

/* What a rule of the trace is about, where the database has it. */
static char *
describe_rule(const char *id)
{
	const RetourRule *rule = find_rule(id);
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
add_because(const RetourBecause *because, gboolean with_place, GString *card)
{
	g_autofree char *about = describe_rule(because->rule);
	retour_card_add_format(card, because->deciding ? "decided by" : "also", "%s%s%s%s",
	                       because->rule, about ? " (" : "", about ? about : "",
	                       about ? ")" : "");
	if (because->text && *because->text)
		retour_card_add_format(card, "", "\"%s\"", because->text);
	if (with_place && because->part)
		retour_card_add_format(card, "", "in part %s, at byte %zu",
		                       *because->part ? because->part : "0", because->offset);
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
add_verdict(const RetourVerdict *verdict, gboolean with_place, GString *card)
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
	for (guint deciding = 2; deciding-- > 0;) {
		for (guint i = 0; i < verdict->n_because; i++) {
			if (verdict->because[i].deciding == (gboolean)deciding)
				add_because(&verdict->because[i], with_place, card);
		}
	}
}

void
retour_explanation_add_verdict(const RetourVerdict *verdict, GString *card)
{
	add_verdict(verdict, FALSE, card);
}

static void
add_recipient(const RetourRecipient *recipient, const RetourVerdict *verdict, GString *card)
{
	g_string_append_c(card, '\n');
	retour_card_add_title(card, recipient->address ? recipient->address : "(no address)");
	retour_card_add(card, "read by", recipient->read_by);
	retour_card_add(card, "action", retour_action_to_string(recipient->action));
	retour_card_add(card, "said", recipient->diagnostic);
	retour_card_add(card, "by", recipient->remote_mta);
	add_verdict(verdict, TRUE, card);
}

void
retour_explanation_add_record(const RetourRecord *record, GString *card)
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
		add_recipient(&report->recipients[i], &record->verdicts[i], card);
}
