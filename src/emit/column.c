/* SPDX-License-Identifier: BSD-2-Clause */
#include "emit/column.h"

#include <stddef.h>
#include <string.h>

#include "emit/json-writer.h"

#define GETTER(name) \
	static const char *name(const RetourRow *row, char scratch[RETOUR_COLUMN_SCRATCH])
#define UNUSED_SCRATCH (void)scratch

static const char *
number(guint64 value, char scratch[RETOUR_COLUMN_SCRATCH])
{
	g_snprintf(scratch, RETOUR_COLUMN_SCRATCH, "%" G_GUINT64_FORMAT, value);
	return scratch;
}

static const char *
status(RetourStatus value, char scratch[RETOUR_COLUMN_SCRATCH])
{
	return retour_status_is_set(value) ? retour_status_format(value, scratch) : NULL;
}

GETTER(get_source)
{
	UNUSED_SCRATCH;
	return row->source->name;
}

GETTER(get_index)
{
	return number(row->source->index, scratch);
}

GETTER(get_kind)
{
	UNUSED_SCRATCH;
	return retour_kind_to_string(retour_row_kind(row));
}

GETTER(get_error)
{
	UNUSED_SCRATCH;
	return row->record->error;
}

GETTER(get_never_reply)
{
	UNUSED_SCRATCH;
	if (!row->record->report)
		return NULL;
	return row->record->report->never_reply ? "true" : "false";
}

GETTER(get_date)
{
	return row->record->report ? retour_time_format(row->record->report->date, scratch) : NULL;
}

GETTER(get_recipients)
{
	return number(row->record->report ? row->record->report->n_recipients : 0, scratch);
}

GETTER(get_action)
{
	UNUSED_SCRATCH;
	return row->recipient && !row->recipient->action_derived
	               ? retour_action_to_string(row->recipient->action)
	               : NULL;
}

GETTER(get_status)
{
	return row->verdict ? status(row->verdict->status, scratch) : NULL;
}

GETTER(get_status_field)
{
	return row->recipient ? status(row->recipient->status_field, scratch) : NULL;
}

GETTER(get_reply)
{
	return row->verdict && row->verdict->reply ? number(row->verdict->reply, scratch) : NULL;
}

GETTER(get_command)
{
	UNUSED_SCRATCH;
	return row->verdict ? retour_command_to_string(row->verdict->command) : NULL;
}

GETTER(get_last_attempt)
{
	return row->recipient ? retour_time_format(row->recipient->last_attempt, scratch) : NULL;
}

GETTER(get_will_retry_until)
{
	return row->recipient ? retour_time_format(row->recipient->will_retry_until, scratch)
	                      : NULL;
}

GETTER(get_class)
{
	UNUSED_SCRATCH;
	return row->verdict ? retour_class_to_string(row->verdict->klass) : NULL;
}

GETTER(get_reason)
{
	UNUSED_SCRATCH;
	return row->verdict && row->verdict->reason ? retour_reason_get_name(row->verdict->reason)
	                                            : NULL;
}

GETTER(get_fault)
{
	UNUSED_SCRATCH;
	return row->verdict ? retour_fault_to_string(row->verdict->fault) : NULL;
}

GETTER(get_advice)
{
	UNUSED_SCRATCH;
	return row->verdict ? retour_advice_to_string(row->verdict->advice) : NULL;
}

GETTER(get_confidence)
{
	UNUSED_SCRATCH;
	return row->verdict ? retour_confidence_to_string(row->verdict->confidence) : NULL;
}

GETTER(get_permanence)
{
	UNUSED_SCRATCH;
	return row->verdict ? retour_permanence_to_string(row->verdict->permanence) : NULL;
}

GETTER(get_authentic)
{
	UNUSED_SCRATCH;
	return row->authenticity ? retour_authentic_to_string(row->authenticity->level) : NULL;
}

GETTER(get_because)
{
	UNUSED_SCRATCH;
	for (guint i = 0; row->verdict && i < row->verdict->n_because; i++)
		if (row->verdict->because[i].deciding)
			return row->verdict->because[i].rule;
	return NULL;
}

enum { OF_REPORT, OF_RECIPIENT };
#define IN_BOTH .is_field = TRUE, .is_column = TRUE
#define IN_FIELDS .is_field = TRUE
#define IN_COLUMNS .is_column = TRUE
#define REPORT(member) .owner = OF_REPORT, .offset = offsetof(RetourReport, member)
#define RECIPIENT(member) .owner = OF_RECIPIENT, .offset = offsetof(RetourRecipient, member)

const RetourColumn retour_columns[] = {
	{ "source", IN_COLUMNS, .get = get_source },
	{ "index", IN_COLUMNS, .get = get_index },
	{ "kind", IN_BOTH, .get = get_kind },
	{ "never-reply", IN_BOTH, .get = get_never_reply },
	{ "message-id", IN_BOTH, REPORT(message_id) },
	{ "original-message-id", IN_BOTH, REPORT(original.message_id) },
	{ "address", IN_BOTH, RECIPIENT(address) },
	{ "final-recipient", IN_BOTH, RECIPIENT(final_recipient) },
	{ "original-recipient", IN_BOTH, RECIPIENT(original_recipient) },
	{ "read-by", IN_BOTH, RECIPIENT(read_by) },
	{ "action", IN_BOTH, .get = get_action },
	{ "status", IN_BOTH, .get = get_status },
	{ "status-field", IN_BOTH, .get = get_status_field },
	{ "reply", IN_BOTH, .get = get_reply },
	{ "command", IN_BOTH, .get = get_command },
	{ "diagnostic", IN_BOTH, RECIPIENT(diagnostic) },
	{ "diagnostic-type", IN_BOTH, RECIPIENT(diagnostic_type) },
	{ "remote-mta", IN_BOTH, RECIPIENT(remote_mta) },
	{ "last-attempt", IN_BOTH, .get = get_last_attempt },
	{ "will-retry-until", IN_BOTH, .get = get_will_retry_until },
	{ "class", IN_BOTH, .get = get_class },
	{ "reason", IN_BOTH, .get = get_reason },
	{ "fault", IN_BOTH, .get = get_fault },
	{ "advice", IN_BOTH, .get = get_advice },
	{ "confidence", IN_BOTH, .get = get_confidence },
	{ "permanence", IN_BOTH, .get = get_permanence },
	{ "key", IN_BOTH, RECIPIENT(key) },
	{ "because", IN_BOTH, .get = get_because },
	{ "error", IN_BOTH, .get = get_error },
	{ "authentic", IN_BOTH, .get = get_authentic },
	{ "date", IN_FIELDS, .get = get_date },
	{ "subject", IN_FIELDS, REPORT(subject) },
	{ "from", IN_FIELDS, REPORT(from) },
	{ "sender", IN_FIELDS, REPORT(envelope_sender) },
	{ "recipient", IN_FIELDS, REPORT(envelope_recipient) },
	{ "recipients", IN_FIELDS, .get = get_recipients },
	{ "type", IN_FIELDS, REPORT(type) },
	{ "reporting-mta", IN_FIELDS, REPORT(reporting_mta) },
	{ "envelope-id", IN_FIELDS, REPORT(envelope_id) },
	{ "feedback-type", IN_FIELDS, REPORT(feedback_type) },
	{ "disposition", IN_FIELDS, REPORT(disposition) },
	{ "list-id", IN_FIELDS, REPORT(original.list_id) },
	{ "list-unsubscribe", IN_FIELDS, REPORT(original.list_unsubscribe) },
	{ NULL, .get = NULL },
};

const char *
retour_column_get(const RetourColumn *column, const RetourRow *row,
                  char scratch[RETOUR_COLUMN_SCRATCH])
{
	if (column->get)
		return column->get(row, scratch);
	const void *owner =
	        column->owner == OF_REPORT ? (const void *)row->record->report : row->recipient;
	if (!owner)
		return NULL;
	const char *text;
	memcpy(&text, (const char *)owner + column->offset, sizeof text);
	return text;
}
