/* SPDX-License-Identifier: BSD-2-Clause */
#include "emit/report.h"

#include <string.h>

#include "emit/character.h"

/* A field's value in one report: RFC 5322 2.1.1 allows lines of 998 bytes. */
#define VALUE_MAX 900

static const char boundary[] = "=_retour-report";

static void
append_field(GString *out, const char *name, const char *type, const char *value)
{
	if (!value || !*value)
		return;
	g_string_append_printf(out, "%s: %s", name, type);
	retour_character_append_line(out, value, VALUE_MAX);
	g_string_append_c(out, '\n');
}

/* RFC 6533 3: an address that is not ASCII is of the type utf-8. */
static void
append_address(GString *out, const char *name, const char *address)
{
	append_field(out, name, address && !g_str_is_ascii(address) ? "utf-8; " : "rfc822; ",
	             address);
}

static gboolean
has_rule(const RetourVerdict *verdict, const char *rule)
{
	for (guint i = 0; i < verdict->n_because; i++)
		if (strcmp(verdict->because[i].rule, rule) == 0)
			return TRUE;
	return FALSE;
}

/* The words that decided: the fact that the deciding rule matched in, else the best one. */
static const RetourEvidence *
deciding_evidence(const RetourRecipient *recipient, const RetourVerdict *verdict)
{
	const RetourEvidence *words = NULL;
	for (guint i = 0; i < recipient->n_evidence; i++) {
		const RetourEvidence *evidence = &recipient->evidence[i];
		if (evidence->source == RETOUR_EVIDENCE_STATUS_FIELD || evidence->foreign)
			continue;
		for (guint k = 0; k < verdict->n_because; k++) {
			const RetourBecause *because = &verdict->because[k];
			if (because->deciding && because->text &&
			    strcmp(because->part, evidence->part) == 0 &&
			    because->offset >= evidence->offset &&
			    because->offset < evidence->offset + evidence->length)
				return evidence;
		}
		if (!words || (evidence->source == RETOUR_EVIDENCE_REPLY &&
		               words->source != RETOUR_EVIDENCE_REPLY))
			words = evidence;
	}
	return words;
}

static const char *
action_of(const RetourVerdict *verdict)
{
	switch (verdict->kind) {
	case RETOUR_KIND_DELAY:
		return "delayed";
	case RETOUR_KIND_DELIVERED:
		return "delivered";
	default:
		return "failed";
	}
}

static void
append_status(GString *out, const RetourRecipient *recipient, const RetourVerdict *verdict)
{
	char buffer[RETOUR_STATUS_STRING_SIZE];
	/* A Status that counted for nothing would count for whoever reads it here. */
	gboolean held = retour_status_is_set(verdict->status) &&
	                !(has_rule(verdict, "conflict:status-not-said") &&
	                  retour_status_equal(verdict->status, recipient->status_field));
	if (held) {
		append_field(out, "Status", "", retour_status_format(verdict->status, buffer));
		return;
	}
	guint digit = verdict->kind == RETOUR_KIND_DELIVERED                            ? 2
	              : verdict->kind == RETOUR_KIND_DELAY || verdict->reply / 100 == 4 ? 4
	                                                                                : 5;
	g_string_append_printf(out, "Status: %u.0.0\nX-Retour-Derived: status\n", digit);
}

/* The words, and the command that drew them in Postfix's wording: a reply to MAIL is about the
 * sender. */
static void
append_diagnostic(GString *out, const RetourEvidence *words, RetourCommand command)
{
	const char *name = command == RETOUR_COMMAND_MESSAGE ? "end of DATA"
	                                                     : retour_command_to_string(command);
	const char *second = command == RETOUR_COMMAND_MAIL   ? " FROM"
	                     : command == RETOUR_COMMAND_RCPT ? " TO"
	                                                      : "";
	const char *type = words->source == RETOUR_EVIDENCE_REPLY       ? "smtp; "
	                   : words->source == RETOUR_EVIDENCE_EXIT_CODE ? "x-unix; "
	                                                                : "x-retour; ";
	append_field(out, "Diagnostic-Code", type, words->text);
	if (!name || strstr(words->text, "in reply to"))
		return;
	g_string_truncate(out, out->len - 1);
	g_string_append_printf(out, " (in reply to %s%s command)\n", name, second);
}

static void
append_recipient(GString *out, const RetourRecipient *recipient, const RetourVerdict *verdict)
{
	const RetourEvidence *words = deciding_evidence(recipient, verdict);
	g_string_append_c(out, '\n');
	append_address(out, "Original-Recipient", recipient->original_recipient);
	append_address(out, "Final-Recipient",
	               recipient->final_recipient ? recipient->final_recipient
	                                          : recipient->address);
	append_field(out, "Action", "", action_of(verdict));
	append_status(out, recipient, verdict);
	append_field(out, "Remote-MTA", "dns; ",
	             words && words->host ? words->host : recipient->remote_mta);
	if (words)
		append_diagnostic(out, words, verdict->command);
}

static gboolean
is_delivery(RetourKind kind)
{
	return kind == RETOUR_KIND_BOUNCE || kind == RETOUR_KIND_DELAY ||
	       kind == RETOUR_KIND_DELIVERED;
}

static gboolean
is_international(const RetourReport *report)
{
	for (guint i = 0; i < report->n_recipients; i++) {
		const RetourRecipient *recipient = &report->recipients[i];
		if ((recipient->address && !g_str_is_ascii(recipient->address)) ||
		    (recipient->final_recipient && !g_str_is_ascii(recipient->final_recipient)) ||
		    (recipient->original_recipient &&
		     !g_str_is_ascii(recipient->original_recipient)))
			return TRUE;
	}
	return FALSE;
}

static void
append_returned_headers(GString *out, const RetourOriginal *original)
{
	append_field(out, "Message-ID", "", original->message_id);
	append_field(out, "From", "", original->from);
	append_field(out, "To", "", original->to ? original->to[0] : NULL);
	append_field(out, "Subject", "", original->subject);
	append_field(out, "List-Id", "", original->list_id);
	append_field(out, "List-Unsubscribe", "", original->list_unsubscribe);
	append_field(out, "List-Unsubscribe-Post", "", original->list_unsubscribe_post);
}

void
retour_report_append(const RetourRecord *record, GString *out)
{
	const RetourReport *report = record->report;
	if (!report || !is_delivery(record->kind))
		return;
	g_string_append(out, "Return-Path: <>\n");
	append_field(out, "From", "Mail Delivery System ", "<MAILER-DAEMON@retour.invalid>");
	append_field(out, "To", "",
	             report->envelope_recipient ? report->envelope_recipient
	             : report->to               ? report->to[0]
	                                        : "undisclosed-recipients:;");
	append_field(out, "Subject", "", "Delivery report, read and written again");
	append_field(out, "Message-ID", "", report->message_id);
	g_string_append_printf(
	        out,
	        "Auto-Submitted: auto-replied\nMIME-Version: 1.0\n"
	        "Content-Type: multipart/report; report-type=delivery-status; boundary=\"%s\"\n\n"
	        "--%s\nContent-Type: text/plain; charset=utf-8\n\n"
	        "This report was made from a message that a mail system sent in a form of its "
	        "own.\n\n"
	        "--%s\nContent-Type: %s\nContent-Transfer-Encoding: 8bit\n\n",
	        boundary, boundary, boundary,
	        is_international(report) ? "message/global-delivery-status"
	                                 : "message/delivery-status");
	append_field(out, "Original-Envelope-Id", "", report->envelope_id);
	append_field(out, "Reporting-MTA", "dns; ",
	             report->reporting_mta ? report->reporting_mta : "retour.invalid");
	for (guint i = 0; i < report->n_recipients; i++)
		append_recipient(out, &report->recipients[i], &record->verdicts[i]);
	g_string_append_printf(out,
	                       "\n--%s\nContent-Type: text/rfc822-headers; charset=utf-8\n"
	                       "Content-Transfer-Encoding: 8bit\n\n",
	                       boundary);
	append_returned_headers(out, &report->original);
	g_string_append_printf(out, "\n--%s--\n", boundary);
}
