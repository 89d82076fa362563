/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "automation/books.h"
#include "automation/entry.h"

/*
 * Mails that are dealt with together: all their events and decisions in one transaction, and only
 * when that is durable are the mails moved. Whoever is killed in between leaves mails that are read
 * once more, and events that are known by then.
 */
typedef struct {
	RetourBooks *books;
	const RetourSourceSettings *source;
	guint size; /* mails in one transaction */
	gboolean dry, verbose;

	GPtrArray *entries; /* of RetourEntry, owned */
	GString *decisions; /* owned; lines of what this transaction decided */
	GPtrArray *outages; /* of RetourLedgerOutage, owned; first seen in this transaction */
	gboolean failed;    /* standard error has been told */
	gboolean unheard;   /* standard output takes no more; the same */
	guint64 mails, unreadable;
} RetourBatch;

void retour_batch_init(RetourBatch *batch);
void retour_batch_clear(RetourBatch *batch);
/* Takes an entry (transfer full). FALSE once something has failed. */
gboolean retour_batch_add(RetourBatch *batch, RetourEntry *entry);
/* Deals with what is there. */
gboolean retour_batch_flush(RetourBatch *batch);
/* Of that the transaction alone: with TRUE all events and decisions are durable. */
gboolean retour_batch_record(RetourBatch *batch);
/* Prints what was decided. */
gboolean retour_batch_tell(RetourBatch *batch);
/* Prints what became of a mail; @place: where it has gone. (nullable) */
void retour_batch_show(const RetourBatch *batch, const RetourEntry *entry, const char *place);
/* Judges those anew whose probation or suppression has run out. */
gboolean retour_batch_review(RetourBatch *batch);
