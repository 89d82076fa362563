/* SPDX-License-Identifier: BSD-2-Clause */
#include "address/address.h"
#include "report/reading.h"
#include "smtp/reply.h"

/* RFC 3464 2.3.3 and what else is seen: SendGrid writes "expired", one MTA "deliverable". */
static const struct {
	const char *word;
	RetourAction action;
} actions[] = {
	{ "failed", RETOUR_ACTION_FAILED },       { "failure", RETOUR_ACTION_FAILED },
	{ "fail", RETOUR_ACTION_FAILED },         { "expired", RETOUR_ACTION_FAILED },
	{ "bounced", RETOUR_ACTION_FAILED },      { "rejected", RETOUR_ACTION_FAILED },
	{ "delayed", RETOUR_ACTION_DELAYED },     { "deferred", RETOUR_ACTION_DELAYED },
	{ "delivered", RETOUR_ACTION_DELIVERED }, { "relayed", RETOUR_ACTION_RELAYED },
	{ "transferred", RETOUR_ACTION_RELAYED }, { "expanded", RETOUR_ACTION_EXPANDED },
};

static RetourAction
parse_action(RetourSpan value)
{
	gsize length = 0;
	while (length < value.length && g_ascii_isalpha(value.data[length]))
		length++;
	for (guint i = 0; i < G_N_ELEMENTS(actions); i++)
		if (retour_span_equal(retour_span_sub(value, 0, length), actions[i].word))
			return actions[i].action;
	return RETOUR_ACTION_NONE;
}

/* An unknown or missing Action is told by the class of the Status field (RFC 3463 2). */
static RetourAction
action_of_status(RetourStatus status)
{
	switch (status.klass) {
	case 5:
		return RETOUR_ACTION_FAILED;
	case 2:
		return RETOUR_ACTION_DELIVERED;
	default:
		return RETOUR_ACTION_NONE;
	}
}

/* "smtp; 550 …": the type of a field, and where its value begins; a value without a type keeps its
 * bytes ("550 a;b"). */
static RetourSpan
split_type(RetourSpan value, RetourSpan *rest)
{
	gsize length = 0;
	while (length < value.length &&
	       (g_ascii_isalnum(value.data[length]) || strchr("-_/", value.data[length])))
		length++;
	gsize end = length;
	while (end < value.length && retour_is_blank(value.data[end]))
		end++;
	gboolean typed = length > 0 && end < value.length && value.data[end] == ';' &&
	                 !g_ascii_isdigit(value.data[0]);
	*rest = retour_span_trim(retour_span_from(value, typed ? end + 1 : 0));
	return retour_span_sub(value, 0, typed ? length : 0);
}

static const char *
untyped(RetourReading *reading, const RetourDsnField *field)
{
	if (!field)
		return NULL;
	RetourSpan rest;
	split_type(retour_span_of(field->value), &rest);
	return rest.length > 0 ? retour_arena_span(reading->arena, rest) : NULL;
}

static const char *
lower(RetourArena *arena, RetourSpan span)
{
	if (span.length == 0)
		return NULL;
	char *copy = (char *)retour_arena_span(arena, span);
	for (char *c = copy; *c; c++)
		*c = g_ascii_tolower(*c);
	return copy;
}

static const char *
read_address(RetourReading *reading, const RetourDsnField *field)
{
	if (!field)
		return NULL;
	RetourSpan type;
	g_autoptr(GString) address = g_string_new(NULL);
	const char *value = field->value;
	if (strstr(value, "=?")) /* encoded words, which no standard allows here */
		value = retour_header_decode(reading->arena, value, strlen(value));
	if (!retour_address_from_field(retour_span_of(value), &type, address) ||
	    address->len > RETOUR_LIMIT_ADDRESS)
		return NULL;
	return retour_arena_strndup(reading->arena, address->str, address->len);
}

static gint64
read_date(const RetourDsnField *field)
{
	gint64 seconds;
	return field && retour_date_parse(field->value, &seconds) ? seconds : -1;
}

/* Fields that the record names itself; the rest are extensions. */
static const char *const named_fields[] = {
	"final-recipient",
	"original-recipient",
	"action",
	"status",
	"diagnostic-code",
	"remote-mta",
	"last-attempt-date",
	"will-retry-until",
	"final-log-id",
	"localized-diagnostic",
	"reporting-mta",
	"received-from-mta",
	"arrival-date",
	"original-envelope-id",
};

static const RetourField *
keep_extensions(RetourReading *reading, const RetourDsnGroup *group, guint *n)
{
	RetourField *fields =
	        retour_arena_alloc(reading->arena, group->n_fields * sizeof(RetourField));
	*n = 0;
	for (guint i = 0; i < group->n_fields; i++) {
		const RetourDsnField *field = &group->fields[i];
		gboolean named = FALSE;
		for (guint k = 0; k < G_N_ELEMENTS(named_fields) && !named; k++)
			named = strcmp(field->name, named_fields[k]) == 0;
		if (named || !*field->value)
			continue;
		fields[(*n)++] = (RetourField){ retour_arena_strdup(reading->arena, field->name),
			                        retour_arena_strdup(reading->arena, field->value) };
	}
	return *n > 0 ? fields : NULL;
}

static void
read_message_group(RetourReading *reading, const RetourDsnGroup *group)
{
	RetourReport *report = reading->report;
	report->type = "dsn";
	report->reporting_mta = untyped(reading, retour_dsn_group_get(group, "reporting-mta"));
	report->received_from_mta =
	        untyped(reading, retour_dsn_group_get(group, "received-from-mta"));
	report->arrival_date = read_date(retour_dsn_group_get(group, "arrival-date"));
	const RetourDsnField *envelope_id = retour_dsn_group_get(group, "original-envelope-id");
	if (envelope_id && *envelope_id->value)
		report->envelope_id = retour_arena_strdup(reading->arena, envelope_id->value);
	report->fields = keep_extensions(reading, group, &report->n_fields);
}

/* A "Diagnostic-Code: x-unix; 67 …" is the exit code of a delivery program (sysexits.h), never a
 * reply. */
static guint
exit_code(RetourSpan value)
{
	guint code = 0;
	gsize digits = 0;
	while (digits < value.length && digits < 3 && g_ascii_isdigit(value.data[digits]))
		code = code * 10 + (guint)(value.data[digits++] - '0');
	return digits > 0 && code <= 255 ? code : 0;
}

/* The field's value as it stands in the part. */
static RetourSpan
field_bytes(const RetourReading *reading, const RetourDsnField *field)
{
	const RetourPart *part = reading->delivery_status;
	return retour_span_sub(retour_span(part->text, part->text_length),
	                       reading->status_begin + field->offset, field->length);
}

static void
read_diagnostic(RetourReading *reading, RetourDraft *draft, const RetourDsnField *field,
                RetourEvidence base)
{
	RetourRecipient *recipient = &draft->recipient;
	RetourSpan rest;
	RetourSpan type = split_type(retour_span_of(field->value), &rest);
	if (!recipient->diagnostic && rest.length > 0) {
		recipient->diagnostic = retour_arena_span(reading->arena, rest);
		recipient->diagnostic_type = lower(reading->arena, type);
	}
	const RetourPart *part = reading->delivery_status;
	RetourSpan raw = field_bytes(reading, field);
	RetourSpan value;
	split_type(raw, &value);
	if (value.length == 0)
		return;
	gsize begin = (gsize)(value.data - part->text);
	if (retour_span_equal(type, "x-unix")) {
		base.source = RETOUR_EVIDENCE_EXIT_CODE;
		base.exit_code = exit_code(value);
		base.offset = begin;
		base.length = value.length;
		base.part = retour_part_name(reading, part);
		base.text = retour_arena_span(reading->arena, value);
		base.depth = 0;
		retour_draft_add_evidence(reading, draft, &base);
		return;
	}
	retour_draft_add_statement(reading, draft, part, begin, begin + value.length, &base);
}

static void
read_status(RetourReading *reading, RetourDraft *draft, const RetourDsnField *field)
{
	RetourStatus status;
	gsize offset, length;
	const RetourPart *part = reading->delivery_status;
	RetourSpan raw = field_bytes(reading, field);
	if (!retour_status_find(raw, 0, &status, &offset, &length))
		return;
	if (!retour_status_is_set(draft->recipient.status_field))
		draft->recipient.status_field = status;
	/* The comment behind it goes along: "5.1.10 (host/domain does not accept mail)" */
	RetourEvidence evidence = {
		.source = RETOUR_EVIDENCE_STATUS_FIELD,
		.part = retour_part_name(reading, part),
		.offset = (gsize)(raw.data - part->text) + offset,
		.length = raw.length - offset,
		.text = retour_arena_span(reading->arena, retour_span_from(raw, offset)),
		.status = status,
		.field = TRUE,
	};
	retour_draft_add_evidence(reading, draft, &evidence);
}

/* Fields of words about this recipient beside the diagnostic (Localized-Diagnostic: RFC 6533 3). */
static const char *const word_fields[] = { "localized-diagnostic", "x-supplementary-info",
	                                   "x-powermta-bouncecategory" };

static void
read_words(RetourReading *reading, RetourDraft *draft, const RetourDsnField *field)
{
	for (guint i = 0; i < G_N_ELEMENTS(word_fields); i++) {
		if (strcmp(field->name, word_fields[i]) != 0)
			continue;
		RetourSpan rest;
		split_type(retour_span_of(field->value), &rest);
		if (i == 0 && !draft->recipient.localized_diagnostic && rest.length > 0)
			draft->recipient.localized_diagnostic =
			        retour_arena_span(reading->arena, rest);
		RetourEvidence base = { .source = RETOUR_EVIDENCE_TEXT, .field = TRUE };
		gsize begin = reading->status_begin + field->offset;
		retour_draft_add_statement(reading, draft, reading->delivery_status, begin,
		                           begin + field->length, &base);
	}
}

static void
read_group_fields(RetourReading *reading, RetourDraft *draft, const RetourDsnGroup *group)
{
	RetourEvidence base = { .source = RETOUR_EVIDENCE_TEXT, .field = TRUE };
	base.host = draft->recipient.remote_mta;
	/* Without a Remote-MTA the reporting MTA issued the diagnostic itself (RFC 3464 2.3.6). */
	base.depth = base.host ? 1 : 0;
	/* Our own reports mark a Status that the mail did not hold: it is no fact. */
	gboolean derived = retour_dsn_group_get(group, "x-retour-derived") != NULL;
	for (guint i = 0; i < group->n_fields; i++) {
		const RetourDsnField *field = &group->fields[i];
		if (strcmp(field->name, "diagnostic-code") == 0)
			read_diagnostic(reading, draft, field, base);
		else if (strcmp(field->name, "status") == 0 && !derived)
			read_status(reading, draft, field);
		else
			read_words(reading, draft, field);
	}
}

static RetourSpan
domain_of(const char *address)
{
	return retour_address_domain(retour_span_of(address));
}

static gboolean
is_forwarded(const RetourRecipient *recipient)
{
	if (!recipient->original_recipient || !recipient->final_recipient)
		return FALSE;
	RetourSpan original = domain_of(recipient->original_recipient),
	           final = domain_of(recipient->final_recipient);
	return original.length > 0 && final.length > 0 &&
	       (original.length != final.length ||
	        g_ascii_strncasecmp(original.data, final.data, final.length) != 0);
}

static gboolean
agree(const char *known, const char *other)
{
	return !known || !other ||
	       retour_address_equal(retour_span_of(known), retour_span_of(other));
}

/* Doubled groups of one recipient count once (they can be an attack on "two strikes"); two that
 * forward to one mailbox are two. */
static RetourDraft *
draft_for(RetourReading *reading, const char *final, const char *original, RetourAction action)
{
	const char *const names[] = { final, original };
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		RetourDraft *known =
		        names[i] ? retour_draft_find(reading, retour_span_of(names[i])) : NULL;
		if (known && known->recipient.action == action &&
		    agree(known->recipient.final_recipient, final) &&
		    agree(known->recipient.original_recipient, original)) {
			known->recipient.doubled = TRUE;
			return known;
		}
	}
	return retour_draft_add(reading, "dsn");
}

static void
read_recipient_group(RetourReading *reading, const RetourDsnGroup *group)
{
	const RetourDsnField *action_field = retour_dsn_group_get(group, "action");
	const RetourDsnField *status_field = retour_dsn_group_get(group, "status");
	RetourStatus status = RETOUR_STATUS_NONE;
	if (status_field)
		retour_status_parse(status_field->value, strlen(status_field->value), &status);
	RetourAction action = action_field ? parse_action(retour_span_of(action_field->value))
	                                   : RETOUR_ACTION_NONE;
	gboolean told = action != RETOUR_ACTION_NONE;
	if (!told)
		action = action_of_status(status);
	const char *final = read_address(reading, retour_dsn_group_get(group, "final-recipient"));
	const char *original =
	        read_address(reading, retour_dsn_group_get(group, "original-recipient"));

	RetourDraft *draft = draft_for(reading, final, original, action);
	if (!draft)
		return;
	RetourRecipient *recipient = &draft->recipient;
	gboolean first = recipient->action == RETOUR_ACTION_NONE && !recipient->final_recipient;
	recipient->action = action;
	recipient->action_derived = !told;
	recipient->final_recipient =
	        recipient->final_recipient ? recipient->final_recipient : final;
	recipient->original_recipient =
	        recipient->original_recipient ? recipient->original_recipient : original;
	if (first) {
		recipient->remote_mta = untyped(reading, retour_dsn_group_get(group, "remote-mta"));
		recipient->final_log_id =
		        untyped(reading, retour_dsn_group_get(group, "final-log-id"));
		recipient->last_attempt =
		        read_date(retour_dsn_group_get(group, "last-attempt-date"));
		recipient->will_retry_until =
		        read_date(retour_dsn_group_get(group, "will-retry-until"));
		recipient->fields = keep_extensions(reading, group, &recipient->n_fields);
	}
	recipient->forwarded = is_forwarded(recipient);
	retour_draft_name(reading, draft, recipient->final_recipient);
	retour_draft_name(reading, draft, recipient->original_recipient);
	read_group_fields(reading, draft, group);
}

static void
read_part(RetourReading *reading, gboolean first)
{
	const RetourPart *part = reading->delivery_status;
	gsize end = reading->status_end > 0 ? reading->status_end : part->text_length;
	RetourSpan text = retour_span_from(retour_span(part->text, end), reading->status_begin);
	g_autoptr(RetourDsn) dsn = retour_dsn_parse(text.data, text.length);
	if (first || reading->report->n_fields == 0)
		read_message_group(reading, &dsn->message);
	for (guint i = 0; i < dsn->n_recipients; i++)
		read_recipient_group(reading, &dsn->recipients[i]);
	reading->recipients_cut |= dsn->cut;
	reading->fields_cut |= dsn->fields_cut;
	reading->text_cut |= dsn->text_cut;
}

/* Some mail has several: an empty one first, or one for each recipient. */
void
retour_read_delivery_status(RetourReading *reading)
{
	guint n = MAX(reading->statuses->len, 1u);
	for (guint i = 0; i < n; i++) {
		if (reading->statuses->len > 0)
			reading->delivery_status = reading->statuses->pdata[i];
		read_part(reading, i == 0);
	}
}
