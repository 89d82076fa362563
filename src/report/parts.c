/* SPDX-License-Identifier: BSD-2-Clause */
#include "address/address.h"
#include "report/reading.h"

static gboolean
is_delivery_status(const char *type)
{
	return strcmp(type, "message/delivery-status") == 0 ||
	       strcmp(type, "message/global-delivery-status") == 0 ||
	       strcmp(type, "message/tracking-status") == 0;
}

static gboolean
is_disposition(const char *type)
{
	return strcmp(type, "message/disposition-notification") == 0 ||
	       strcmp(type, "message/global-disposition-notification") == 0;
}

static gboolean
is_returned_headers(const char *type)
{
	/* Without the final "s" once in 878 real bounces. */
	return g_str_has_prefix(type, "text/rfc822-header") ||
	       strcmp(type, "message/global-headers") == 0;
}

/* A part inside a message that the mail carries speaks of another mail: a bounce that somebody
 * forwards. */
static gboolean
is_inside_message(const RetourPart *part)
{
	for (const RetourPart *up = part->parent; up; up = up->parent)
		if (up->kind == RETOUR_PART_MESSAGE)
			return TRUE;
	return FALSE;
}

static void
take(const RetourPart **place, const RetourPart *part)
{
	if (!*place)
		*place = part;
}

void
retour_reading_find_parts(RetourReading *reading)
{
	for (guint i = 0; i < reading->tree->n_parts; i++) {
		const RetourPart *part = reading->tree->parts[i];
		if (is_inside_message(part))
			continue;
		if (part->text && is_delivery_status(part->type)) {
			g_ptr_array_add(reading->statuses, (gpointer)part);
			take(&reading->delivery_status, part);
		} else if (part->text && strcmp(part->type, "message/feedback-report") == 0)
			take(&reading->feedback_report, part);
		else if (part->text && is_disposition(part->type))
			take(&reading->disposition, part);
		else if (part->kind == RETOUR_PART_MESSAGE ||
		         (part->text && is_returned_headers(part->type)))
			take(&reading->returned, part);
	}
}

static gboolean
begins_report(RetourSpan line)
{
	static const char *const names[] = { "reporting-mta:",   "original-envelope-id:",
		                             "final-recipient:", "original-recipient:",
		                             "arrival-date:",    "action:" };
	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		if (retour_span_has_prefix(line, names[i]))
			return TRUE;
	return FALSE;
}

/* Offset of the first line of a report's fields in @text, -1 if it names no final recipient. */
static gssize
find_fields(RetourSpan text)
{
	RetourSpan rest = text, line;
	gssize begin = -1;
	while (retour_span_next_line(&rest, &line)) {
		if (begin < 0 && begins_report(line))
			begin = line.data - text.data;
		if (retour_span_has_prefix(line, "final-recipient:"))
			return begin;
	}
	return -1;
}

static gboolean
take_pasted_report(RetourReading *reading, const RetourPart *part, gsize begin, gsize end)
{
	RetourSpan text =
	        retour_span_sub(retour_span(part->text, part->text_length), begin, end - begin);
	gssize fields = find_fields(text);
	if (fields < 0)
		return FALSE;
	reading->delivery_status = part;
	reading->status_begin = begin + (gsize)fields;
	reading->status_end = end;
	return TRUE;
}

void
retour_reading_find_pasted_report(RetourReading *reading)
{
	/* Only before the border: a report that the returned message quotes is somebody else's. */
	for (guint i = 0; i < reading->notices->len && !reading->delivery_status; i++) {
		const RetourNotice *notice = &g_array_index(reading->notices, RetourNotice, i);
		take_pasted_report(reading, notice->part, notice->begin, notice->end);
	}
}

gboolean
retour_reading_find_passed_on_report(RetourReading *reading)
{
	const char *type = retour_returned_value(reading, "content-type");
	const char *from = reading->report->from;
	if (!type || !strstr(type, "delivery-status") || !from ||
	    !retour_address_is_daemon(retour_span_of(from)))
		return FALSE;
	for (guint i = 0; i < reading->notices->len && !reading->delivery_status; i++) {
		const RetourNotice *notice = &g_array_index(reading->notices, RetourNotice, i);
		take_pasted_report(reading, notice->part, notice->end, notice->part->text_length);
	}
	return reading->delivery_status != NULL;
}
