/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "ledger/outbox.h"
#include "settings/settings.h"

/* From decisions to the outbox, in the transaction of the caller. */

/* The decision over @address in @scope has changed: plans what its list managers are to do. */
gboolean retour_dispatch(RetourLedger *ledger, const RetourSettings *settings, gint64 address,
                         const char *scope, gint64 now, GError **error);
/* A failure was recorded: plans to pass it on, where its list manager counts for itself. */
gboolean retour_dispatch_report(RetourLedger *ledger, const RetourSettings *settings,
                                gint64 address, const RetourLedgerEvent *event, gint64 now,
                                GError **error);
