/* SPDX-License-Identifier: BSD-2-Clause */

/* Feedback reports: RFC 5965, 6591, 6590. */

#include "address/address.h"
#include "report/reading.h"

static const char *
value_of(const RetourHeader *headers, guint n, const char *name)
{
	for (guint i = 0; i < n; i++)
		if (g_ascii_strcasecmp(headers[i].name, name) == 0 && *headers[i].value)
			return headers[i].value;
	return NULL;
}

/* Fields that name who complained, the standard's first; the others are what senders of reports
 * invented. */
static const char *const recipient_names[] = {
	"original-rcpt-to", "removal-recipient",        "original-recipient",
	"final-recipient",  "x-hmxmroriginalrecipient",
};

static void
add_recipient(RetourReading *reading, const char *value)
{
	RetourSpan type;
	g_autoptr(GString) address = g_string_new(NULL);
	if (!retour_address_from_field(retour_span_of(value), &type, address) ||
	    retour_address_domain(retour_span(address->str, address->len)).length == 0 ||
	    retour_draft_find(reading, retour_span(address->str, address->len)))
		return;
	RetourDraft *draft = retour_draft_add(reading, "arf");
	if (!draft)
		return;
	draft->recipient.final_recipient =
	        retour_arena_strndup(reading->arena, address->str, address->len);
	retour_draft_name(reading, draft, draft->recipient.final_recipient);
}

/* All of the first field that names somebody (Original-Rcpt-To may be repeated, RFC 5965 3.2). */
static void
find_recipients(RetourReading *reading, const RetourHeader *headers, guint n)
{
	for (guint i = 0; i < G_N_ELEMENTS(recipient_names) && reading->drafts->len == 0; i++)
		for (guint k = 0; k < n; k++)
			if (g_ascii_strcasecmp(headers[k].name, recipient_names[i]) == 0)
				add_recipient(reading, headers[k].value);
}

static void
keep_fields(RetourReading *reading, const RetourHeader *headers, guint n)
{
	static const char *const named[] = { "feedback-type", "original-envelope-id",
		                             "reporting-mta", "arrival-date" };
	guint kept = MIN(n, RETOUR_LIMIT_FIELDS);
	RetourField *fields = retour_arena_alloc(reading->arena, kept * sizeof(RetourField));
	guint count = 0;
	for (guint i = 0; i < kept; i++) {
		gboolean own = FALSE;
		for (guint k = 0; k < G_N_ELEMENTS(named); k++)
			own |= g_ascii_strcasecmp(headers[i].name, named[k]) == 0;
		if (own || !*headers[i].value)
			continue;
		g_autofree char *name = g_ascii_strdown(headers[i].name, -1);
		fields[count++] = (RetourField){ retour_arena_strdup(reading->arena, name),
			                         retour_reading_keep(reading, headers[i].value) };
	}
	reading->fields_cut |= n > kept;
	reading->report->fields = fields;
	reading->report->n_fields = count;
}

void
retour_read_feedback_report(RetourReading *reading)
{
	const RetourPart *part = reading->feedback_report;
	guint n;
	const RetourHeader *headers =
	        retour_headers_parse(reading->arena, part->text, part->text_length, &n);
	RetourReport *report = reading->report;
	report->type = "arf";
	report->feedback_type = retour_reading_keep(reading, value_of(headers, n, "feedback-type"));
	report->envelope_id =
	        retour_reading_keep(reading, value_of(headers, n, "original-envelope-id"));
	const char *date = value_of(headers, n, "arrival-date");
	if (!date)
		date = value_of(headers, n, "received-date");
	if (date && !retour_date_parse(date, &report->arrival_date))
		report->arrival_date = -1;
	keep_fields(reading, headers, n);

	if (report->kind == RETOUR_KIND_OTHER) /* auth-failure, not-spam: nobody complained */
		return;
	find_recipients(reading, headers, n);
	retour_read_complaint(reading);
}

/* A complaint without a report, or one whose report names nobody (RFC 6590): Hotmail marks the
 * returned message. */
void
retour_read_complaint(RetourReading *reading)
{
	const RetourPart *root = reading->tree->root;
	find_recipients(reading, root->headers, root->n_headers);
	find_recipients(reading, reading->returned_headers, reading->n_returned_headers);
	if (reading->drafts->len == 0)
		retour_draft_add(reading, "arf");
}
