/* SPDX-License-Identifier: BSD-2-Clause */
#include "emit/json.h"

#include "emit/json-writer.h"

static void
add_list(GString *out, const char *key, const char *const *list)
{
	RetourJsonScope array = retour_json_begin(out, key, '[');
	for (; list && *list; list++)
		retour_json_add(out, NULL, *list);
	retour_json_end(out, array);
}

/* A mail may repeat a field, an object may not repeat a key: the first one counts, as it does for
 * readers of mail. */
static gboolean
is_repeated(const RetourField *fields, guint index)
{
	for (guint i = 0; i < index; i++)
		if (g_strcmp0(fields[i].name, fields[index].name) == 0)
			return TRUE;
	return FALSE;
}

static void
add_fields(GString *out, const RetourField *fields, guint n_fields)
{
	RetourJsonScope object = retour_json_begin(out, "fields", '{');
	for (guint i = 0; i < n_fields; i++)
		if (!is_repeated(fields, i))
			retour_json_add_foreign(out, fields[i].name, fields[i].value);
	retour_json_end(out, object);
}

static void
add_source(GString *out, const RetourSource *source)
{
	RetourJsonScope object = retour_json_begin(out, "source", '{');
	retour_json_add(out, "name", source->name);
	retour_json_add_number(out, "index", source->index);
	retour_json_add_number(out, "offset", source->offset);
	retour_json_add_number(out, "size", source->size);
	retour_json_end(out, object);
}

static void
add_message(GString *out, const RetourReport *report)
{
	RetourJsonScope object = retour_json_begin(out, "message", '{');
	retour_json_add(out, "id", report->message_id);
	retour_json_add_time(out, "date", report->date);
	retour_json_add(out, "from", report->from);
	add_list(out, "to", report->to);
	retour_json_add(out, "subject", report->subject);
	retour_json_end(out, object);
}

static void
add_envelope(GString *out, const RetourReport *report)
{
	RetourJsonScope object = retour_json_begin(out, "envelope", '{');
	retour_json_add_any(out, "sender", report->envelope_sender); /* "" is the null sender */
	retour_json_add(out, "recipient", report->envelope_recipient);
	retour_json_end(out, object);
}

static void
add_report(GString *out, const RetourReport *report)
{
	RetourJsonScope object = retour_json_begin(out, "report", '{');
	retour_json_add(out, "type", report->type);
	retour_json_add(out, "reporting_mta", report->reporting_mta);
	retour_json_add(out, "received_from_mta", report->received_from_mta);
	retour_json_add_time(out, "arrival_date", report->arrival_date);
	retour_json_add(out, "envelope_id", report->envelope_id);
	retour_json_add(out, "feedback_type", report->feedback_type);
	retour_json_add(out, "disposition", report->disposition);
	add_fields(out, report->fields, report->n_fields);
	retour_json_end(out, object);
}

static void
add_original(GString *out, const RetourOriginal *original)
{
	RetourJsonScope object = retour_json_begin(out, "original", '{');
	retour_json_add(out, "message_id", original->message_id);
	retour_json_add(out, "from", original->from);
	retour_json_add(out, "envelope_from", original->envelope_from);
	add_list(out, "to", original->to);
	retour_json_add(out, "subject", original->subject);
	retour_json_add_time(out, "date", original->date);
	retour_json_add(out, "list_id", original->list_id);
	retour_json_add(out, "list_unsubscribe", original->list_unsubscribe);
	retour_json_add(out, "list_unsubscribe_post", original->list_unsubscribe_post);
	retour_json_end(out, object);
}

static void
add_candidates(GString *out, const RetourRecipient *recipient)
{
	RetourJsonScope array = retour_json_begin(out, "candidates", '[');
	for (guint i = 0; i < recipient->n_candidates; i++) {
		RetourJsonScope object = retour_json_begin(out, NULL, '{');
		retour_json_add(out, "address", recipient->candidates[i].address);
		retour_json_add(out, "from", recipient->candidates[i].from);
		retour_json_end(out, object);
	}
	retour_json_end(out, array);
}

static void
add_status(GString *out, const char *key, RetourStatus status)
{
	char buffer[RETOUR_STATUS_STRING_SIZE];
	if (retour_status_is_set(status))
		retour_json_add(out, key, retour_status_format(status, buffer));
}

static void
add_because(GString *out, const RetourVerdict *verdict, gboolean explain)
{
	RetourJsonScope array = retour_json_begin(out, "because", '[');
	for (guint i = 0; i < verdict->n_because; i++) {
		const RetourBecause *because = &verdict->because[i];
		if (!explain && !because->deciding)
			continue;
		RetourJsonScope object = retour_json_begin(out, NULL, '{');
		retour_json_add(out, "rule", because->rule);
		if (because->part && *because->part) {
			retour_json_add(out, "part", because->part);
			retour_json_add_number(out, "offset", because->offset);
		}
		retour_json_add(out, "text", because->text);
		if (explain && because->deciding)
			retour_json_add_boolean(out, "deciding", TRUE);
		retour_json_end(out, object);
	}
	retour_json_end(out, array);
}

/* What the mail says. */
static void
add_facts(GString *out, const RetourRecipient *recipient, const RetourVerdict *verdict)
{
	retour_json_add(out, "address", recipient->address);
	retour_json_add(out, "final_recipient", recipient->final_recipient);
	retour_json_add(out, "original_recipient", recipient->original_recipient);
	add_candidates(out, recipient);
	retour_json_add(out, "read_by", recipient->read_by);
	if (!recipient->action_derived)
		retour_json_add(out, "action", retour_action_to_string(recipient->action));
	add_status(out, "status", verdict->status);
	add_status(out, "status_field", recipient->status_field);
	if (verdict->reply)
		retour_json_add_number(out, "reply", verdict->reply);
	retour_json_add(out, "command", retour_command_to_string(verdict->command));
	retour_json_add(out, "diagnostic", recipient->diagnostic);
	retour_json_add(out, "diagnostic_type", recipient->diagnostic_type);
	retour_json_add(out, "localized_diagnostic", recipient->localized_diagnostic);
	retour_json_add(out, "remote_mta", recipient->remote_mta);
	retour_json_add(out, "final_log_id", recipient->final_log_id);
	retour_json_add_time(out, "last_attempt", recipient->last_attempt);
	retour_json_add_time(out, "will_retry_until", recipient->will_retry_until);
	add_fields(out, recipient->fields, recipient->n_fields);
}

/* What was judged from it. */
static void
add_verdict(GString *out, const RetourVerdict *verdict)
{
	retour_json_add(out, "class", retour_class_to_string(verdict->klass));
	if (verdict->reason)
		retour_json_add(out, "reason", retour_reason_get_name(verdict->reason));
	retour_json_add(out, "fault", retour_fault_to_string(verdict->fault));
	retour_json_add(out, "advice", retour_advice_to_string(verdict->advice));
	retour_json_add(out, "confidence", retour_confidence_to_string(verdict->confidence));
	retour_json_add(out, "permanence", retour_permanence_to_string(verdict->permanence));
}

static void
add_authenticity(GString *out, const RetourAuthenticity *authenticity)
{
	if (!authenticity)
		return;
	retour_json_add(out, "authentic", retour_authentic_to_string(authenticity->level));
	RetourJsonScope array = retour_json_begin(out, "grounds", '[');
	for (guint i = 0; i < authenticity->n_grounds; i++) {
		RetourJsonScope object = retour_json_begin(out, NULL, '{');
		retour_json_add(out, "ground", authenticity->grounds[i].word);
		retour_json_add(out, "text", authenticity->grounds[i].text);
		retour_json_end(out, object);
	}
	retour_json_end(out, array);
}

void
retour_json_add_recipient(const RetourRow *row, gboolean explain, GString *out)
{
	add_facts(out, row->recipient, row->verdict);
	add_verdict(out, row->verdict);
	retour_json_add(out, "key", row->recipient->key);
	add_because(out, row->verdict, explain);
	add_authenticity(out, row->authenticity);
}

static void
add_recipients(GString *out, const RetourRecord *record, gboolean explain)
{
	RetourJsonScope array = retour_json_begin(out, "recipients", '[');
	for (guint i = 0; i < record->report->n_recipients; i++) {
		RetourRow row = retour_row(NULL, record, i);
		RetourJsonScope object = retour_json_begin(out, NULL, '{');
		retour_json_add_recipient(&row, explain, out);
		retour_json_end(out, object);
	}
	retour_json_end(out, array);
}

static void
add_limits(GString *out, const RetourReport *report)
{
	RetourJsonScope array = retour_json_begin(out, "limits", '[');
	for (guint i = 0; i < report->n_limits; i++)
		retour_json_add(out, NULL, report->limits[i]);
	retour_json_end(out, array);
}

void
retour_json_append_record(const RetourSource *source, const RetourRecord *record, gboolean explain,
                          GString *out)
{
	const RetourReport *report = record->report;
	g_string_append_c(out, '{');
	retour_json_add(out, "schema", "retour/1");
	add_source(out, source);
	retour_json_add(out, "kind", retour_kind_to_string(record->kind));
	retour_json_add(out, "error", record->error);
	if (report) {
		retour_json_add_boolean(out, "never_reply", report->never_reply);
		add_message(out, report);
		add_envelope(out, report);
		add_report(out, report);
		add_original(out, &report->original);
		add_recipients(out, record, explain);
		add_limits(out, report);
	}
	g_string_append(out, "}\n");
}
