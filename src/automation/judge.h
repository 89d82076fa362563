/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "ledger/ledger.h"
#include "settings/settings.h"

/* A decision that has changed: what it was and what it is. */
typedef void (*RetourJudgeFunc)(const char *address, RetourDecision was,
                                const RetourLedgerDecision *is, gpointer data);

/* Judges an address anew by its history and writes down what has changed. */
gboolean retour_judge(RetourLedger *ledger, const RetourSettings *settings, gint64 address,
                      gint64 now, RetourJudgeFunc func, gpointer data, GError **error);
/* A decision as one line of JSON. */
void retour_judge_append(GString *out, const char *address, RetourDecision was,
                         const RetourLedgerDecision *is);
