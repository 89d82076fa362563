/* SPDX-License-Identifier: BSD-2-Clause */

/* Disposition notifications: RFC 8098. */

#include "address/address.h"
#include "report/reading.h"

static const char *
read_address(RetourReading *reading, const RetourDsnGroup *group, const char *name)
{
	const RetourDsnField *field = retour_dsn_group_get(group, name);
	RetourSpan type;
	g_autoptr(GString) address = g_string_new(NULL);
	if (!field || !retour_address_from_field(retour_span_of(field->value), &type, address))
		return NULL;
	return retour_arena_strndup(reading->arena, address->str, address->len);
}

void
retour_read_disposition(RetourReading *reading)
{
	const RetourPart *part = reading->disposition;
	g_autoptr(RetourDsn) fields = retour_dsn_parse(part->text, part->text_length);
	RetourReport *report = reading->report;
	report->type = "mdn";
	reading->text_cut |= fields->text_cut;
	RetourDraft *draft = retour_draft_add(reading, "mdn");
	for (guint i = 0; i <= fields->n_recipients; i++) {
		const RetourDsnGroup *group =
		        i == 0 ? &fields->message : &fields->recipients[i - 1];
		const RetourDsnField *disposition = retour_dsn_group_get(group, "disposition");
		if (disposition && *disposition->value && !report->disposition)
			report->disposition =
			        retour_arena_strdup(reading->arena, disposition->value);
		if (!draft->recipient.final_recipient)
			draft->recipient.final_recipient =
			        read_address(reading, group, "final-recipient");
		if (!draft->recipient.original_recipient)
			draft->recipient.original_recipient =
			        read_address(reading, group, "original-recipient");
	}
	if (report->kind ==
	    RETOUR_KIND_BOUNCE) /* a refusal in the form of a receipt (Sieve, Dovecot) */
		draft->recipient.action = RETOUR_ACTION_FAILED;
	retour_draft_name(reading, draft, draft->recipient.final_recipient);
}
