/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "act/call.h"
#include "automation/books.h"
#include "ledger/outbox.h"

/*
 * One run over the outbox, list by list. What stands in the way of one list is no matter for the
 * others: a list manager that cannot be reached, or that says no again and again, is left for the
 * next run.
 */
typedef struct {
	RetourBooks *books;
	RetourRequestFunc send;
	const char *list;                           /* NULL: all */
	guint64 removals_per_run, removals_per_day; /* 0: as the list manager's block says */
	gboolean dry;
} RetourOutboxRun;

/* FALSE where something is left that a person or the next run must see to; standard error has been
 * told. */
gboolean retour_outbox_run(const RetourOutboxRun *run);

/* After the @attempts-th call that failed; seconds. */
gint64 retour_outbox_delay(guint attempts);
