/* SPDX-License-Identifier: BSD-2-Clause */
#include "address/address.h"
#include "report/reading.h"

static void
take_headers(RetourReading *reading)
{
	const RetourPart *part = reading->returned;
	if (!part)
		return; /* those pasted behind a notice, if any, stay */
	if (part->kind == RETOUR_PART_MESSAGE) {
		reading->returned_headers = part->message ? part->message->headers : NULL;
		reading->n_returned_headers = part->message ? part->message->n_headers : 0;
	} else {
		reading->returned_headers =
		        retour_headers_parse(reading->arena, part->text, part->text_length,
		                             &reading->n_returned_headers);
	}
}

const char *
retour_returned_value(const RetourReading *reading, const char *name)
{
	for (guint i = 0; i < reading->n_returned_headers; i++) {
		const RetourHeader *header = &reading->returned_headers[i];
		if (g_ascii_strcasecmp(header->name, name) == 0 && *header->value)
			return header->value;
	}
	return NULL;
}

const char *
retour_reading_keep(RetourReading *reading, const char *value)
{
	if (!value)
		return NULL;
	RetourSpan whole = retour_span_of(value);
	reading->text_cut |= whole.length > RETOUR_LIMIT_STRING;
	return retour_arena_span(reading->arena, retour_span_cut(whole, RETOUR_LIMIT_STRING));
}

static const char *
kept_value(RetourReading *reading, const char *name)
{
	return retour_reading_keep(reading, retour_returned_value(reading, name));
}

static const char **
keep_addresses(RetourReading *reading, const char *value)
{
	if (!value)
		return NULL;
	RetourSpan text = retour_span_of(value);
	const char **list =
	        retour_arena_alloc(reading->arena, (RETOUR_LIMIT_LIST + 1) * sizeof(char *));
	guint n = 0;
	gsize from = 0, offset, length;
	while (retour_address_find(text, from, &offset, &length)) {
		if (n == RETOUR_LIMIT_LIST) {
			reading->addresses_cut = TRUE;
			break;
		}
		list[n++] =
		        retour_arena_span(reading->arena, retour_span_sub(text, offset, length));
		from = offset + length;
	}
	return n > 0 ? list : NULL;
}

static const char *
keep_address(RetourReading *reading, const char *value)
{
	gsize offset, length;
	if (!value || !retour_address_find(retour_span_of(value), 0, &offset, &length))
		return NULL;
	return retour_arena_strndup(reading->arena, value + offset, length);
}

static gint64
date_of(const char *value)
{
	gint64 seconds;
	return value && retour_date_parse(value, &seconds) ? seconds : -1;
}

static void
read_bounce_itself(RetourReading *reading)
{
	const RetourPart *root = reading->tree->root;
	RetourReport *report = reading->report;
	report->message_id =
	        retour_reading_keep(reading, retour_part_get_value(root, "message-id"));
	report->subject = retour_reading_keep(reading, retour_part_get_value(root, "subject"));
	report->from = keep_address(reading, retour_part_get_value(root, "from"));
	if (!report->from) /* "MAILER-DAEMON" alone, "MAILER-DAEMON <>" (dma) */
		report->from = retour_reading_keep(reading, retour_part_get_value(root, "from"));
	report->to = keep_addresses(reading, retour_part_get_value(root, "to"));
	report->date = date_of(retour_part_get_value(root, "date"));
}

/* What the agent told goes first; else what it wrote on top of the message at delivery. */
static void
read_envelope(RetourReading *reading)
{
	const RetourPart *root = reading->tree->root;
	RetourReport *report = reading->report;
	const char *path = retour_part_get_value(root, "return-path");
	if (!report->envelope_sender && path) {
		const char *address = keep_address(reading, path);
		report->envelope_sender = address ? address : (strstr(path, "<>") ? "" : NULL);
	}
	static const char *const names[] = { "delivered-to", "x-original-to", "envelope-to",
		                             "x-envelope-to" };
	for (guint i = 0; !report->envelope_recipient && i < G_N_ELEMENTS(names); i++)
		report->envelope_recipient =
		        keep_address(reading, retour_part_get_value(root, names[i]));
}

/* Of the headers of that name the first ones, or the last ones, in their order. */
static const char **
keep_trace(RetourReading *reading, const RetourHeader *headers, guint n_headers, const char *name,
           gboolean last)
{
	guint all = 0, n = 0;
	for (guint i = 0; i < n_headers; i++)
		all += retour_header_is(&headers[i], name);
	guint passed_over = last && all > RETOUR_LIMIT_TRACE ? all - RETOUR_LIMIT_TRACE : 0;
	if (all == 0)
		return NULL;
	const char **list = retour_arena_alloc(reading->arena,
	                                       (MIN(all, RETOUR_LIMIT_TRACE) + 1) * sizeof(char *));
	for (guint i = 0; i < n_headers && n < RETOUR_LIMIT_TRACE; i++) {
		if (!retour_header_is(&headers[i], name))
			continue;
		if (passed_over > 0)
			passed_over--;
		else
			list[n++] = retour_reading_keep(reading, headers[i].value);
	}
	return list;
}

static void
read_trace(RetourReading *reading)
{
	const RetourPart *root = reading->tree->root;
	if (!reading->trace)
		return;
	reading->report->authentication_results = keep_trace(
	        reading, root->headers, root->n_headers, "authentication-results", FALSE);
	reading->report->original.received = keep_trace(
	        reading, reading->returned_headers, reading->n_returned_headers, "received", TRUE);
}

void
retour_read_original(RetourReading *reading)
{
	read_bounce_itself(reading);
	read_envelope(reading);
	take_headers(reading);
	read_trace(reading);
	RetourOriginal *original = &reading->report->original;
	original->message_id = kept_value(reading, "message-id");
	original->from = keep_address(reading, retour_returned_value(reading, "from"));
	original->envelope_from =
	        keep_address(reading, retour_returned_value(reading, "return-path"));
	original->to = keep_addresses(reading, retour_returned_value(reading, "to"));
	original->subject = kept_value(reading, "subject");
	original->date = date_of(retour_returned_value(reading, "date"));
	original->list_id = kept_value(reading, "list-id");
	original->list_unsubscribe = kept_value(reading, "list-unsubscribe");
	original->list_unsubscribe_post = kept_value(reading, "list-unsubscribe-post");
}
