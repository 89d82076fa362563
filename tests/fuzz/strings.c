/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/limits.h"
#include "fuzz.h"
#include "invariants.h"

static void
check_string(const char *name, const char *text, gsize limit)
{
	if (!text)
		return;
	gsize length = strlen(text);
	fuzz_require(fuzz_is_text(text, length), "%s is no UTF-8", name);
	fuzz_require(length <= limit, "%s has %zu bytes", name, length);
}

typedef struct {
	const char *name, *text;
} Named;

static void
check_strings(const Named *strings, guint n)
{
	for (guint i = 0; i < n; i++)
		check_string(strings[i].name, strings[i].text, RETOUR_LIMIT_STRING);
}

static void
check_addresses(const char *name, const char *const *list)
{
	for (; list && *list; list++)
		check_string(name, *list, RETOUR_LIMIT_ADDRESS);
}

static void
check_fields(const RetourField *fields, guint n)
{
	fuzz_require(n <= RETOUR_LIMIT_FIELDS, "%u fields", n);
	for (guint i = 0; i < n; i++) {
		check_string("the name of a field", fields[i].name, RETOUR_LIMIT_STRING);
		check_string(fields[i].name, fields[i].value, RETOUR_LIMIT_STRING);
	}
}

static void
check_report(const RetourReport *report)
{
	const RetourOriginal *original = &report->original;
	const Named strings[] = {
		{ "message_id", report->message_id },
		{ "from", report->from },
		{ "subject", report->subject },
		{ "reporting_mta", report->reporting_mta },
		{ "received_from_mta", report->received_from_mta },
		{ "envelope_id", report->envelope_id },
		{ "feedback_type", report->feedback_type },
		{ "disposition", report->disposition },
		{ "original.message_id", original->message_id },
		{ "original.subject", original->subject },
		{ "list_id", original->list_id },
		{ "list_unsubscribe", original->list_unsubscribe },
		{ "list_unsubscribe_post", original->list_unsubscribe_post },
	};
	check_strings(strings, G_N_ELEMENTS(strings));
	check_fields(report->fields, report->n_fields);
	const char *const addresses[] = { report->envelope_sender ? report->envelope_sender : "",
		                          report->envelope_recipient ? report->envelope_recipient
		                                                     : "",
		                          original->from ? original->from : "",
		                          original->envelope_from ? original->envelope_from : "",
		                          NULL };
	check_addresses("an address of the envelope", addresses);
	check_addresses("to", (const char *const *)report->to);
	check_addresses("original.to", (const char *const *)original->to);
}

static void
check_recipient(const RetourRecipient *recipient)
{
	const Named strings[] = {
		{ "read_by", recipient->read_by },
		{ "diagnostic", recipient->diagnostic },
		{ "diagnostic_type", recipient->diagnostic_type },
		{ "localized_diagnostic", recipient->localized_diagnostic },
		{ "remote_mta", recipient->remote_mta },
		{ "final_log_id", recipient->final_log_id },
		{ "key", recipient->key },
	};
	check_strings(strings, G_N_ELEMENTS(strings));
	check_fields(recipient->fields, recipient->n_fields);
	check_string("address", recipient->address, RETOUR_LIMIT_ADDRESS);
	check_string("final_recipient", recipient->final_recipient, RETOUR_LIMIT_ADDRESS);
	check_string("original_recipient", recipient->original_recipient, RETOUR_LIMIT_ADDRESS);
	for (guint i = 0; i < recipient->n_candidates; i++)
		check_string("a candidate", recipient->candidates[i].address, RETOUR_LIMIT_ADDRESS);
	for (guint i = 0; i < recipient->n_evidence; i++) {
		check_string("a fact", recipient->evidence[i].text, RETOUR_LIMIT_MATCH_TEXT);
		check_string("a host", recipient->evidence[i].host, RETOUR_LIMIT_STRING);
	}
}

void
invariants_check_strings(const RetourRecord *record)
{
	check_report(record->report);
	for (guint i = 0; i < record->report->n_recipients; i++)
		check_recipient(&record->report->recipients[i]);
}
