/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/reading.h"

static gboolean
is_delivery_status(const char *type)
{
	return strcmp(type, "message/delivery-status") == 0 || strcmp(type, "message/global-delivery-status") == 0 ||
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
	return g_str_has_prefix(type, "text/rfc822-header") || strcmp(type, "message/global-headers") == 0;
}

/* A part inside a message that the mail carries speaks of another mail: a bounce that somebody forwards. */
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
		if (part->text && is_delivery_status(part->type))
			take(&reading->delivery_status, part);
		else if (part->text && strcmp(part->type, "message/feedback-report") == 0)
			take(&reading->feedback_report, part);
		else if (part->text && is_disposition(part->type))
			take(&reading->disposition, part);
		else if (part->kind == RETOUR_PART_MESSAGE || (part->text && is_returned_headers(part->type)))
			take(&reading->returned, part);
	}
}
