/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/format.h>

/*
 * One recipient of one message, as the formats with a line for each recipient see it. A message
 * without recipients gives one row in which both recipient and verdict are NULL, so that no message
 * is lost.
 */
typedef struct {
	const RetourSource *source; /* NULL where only fields are asked for */
	const RetourRecord *record;
	const RetourRecipient *recipient;
	const RetourVerdict *verdict;
	const RetourAuthenticity *authenticity; /* NULL: nothing is said */
} RetourRow;

/* How many rows @record has, at least 1. */
static inline guint
retour_row_count(const RetourRecord *record)
{
	return record->report && record->report->n_recipients ? record->report->n_recipients : 1;
}

static inline RetourRow
retour_row(const RetourSource *source, const RetourRecord *record, guint index)
{
	RetourRow row = { .source = source, .record = record };
	if (record->report && index < record->report->n_recipients) {
		row.recipient = &record->report->recipients[index];
		row.verdict = &record->verdicts[index];
		row.authenticity = record->authenticity ? &record->authenticity[index] : NULL;
	}
	return row;
}

/* Of a delivered recipient beside a failed one "delivered", not the message's "bounce". */
static inline RetourKind
retour_row_kind(const RetourRow *row)
{
	return row->verdict ? row->verdict->kind : row->record->kind;
}
