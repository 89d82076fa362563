/* SPDX-License-Identifier: BSD-2-Clause */
#include "automation/dispatch.h"

#include <string.h>

static guint
verbs_of(const RetourListSettings *list)
{
	G_STATIC_ASSERT((int)RETOUR_CALL_REMOVE == (int)RETOUR_VERB_REMOVE &&
	                (int)RETOUR_CALL_REPORT == (int)RETOUR_VERB_REPORT);
	return list->manager ? retour_manager_get_verbs(list->manager) : 0;
}

gboolean
retour_dispatch(RetourLedger *ledger, const RetourSettings *settings, gint64 address,
                const char *scope, gint64 now, GError **error)
{
	for (guint i = 0; i < settings->lists->len; i++) {
		const RetourListSettings *list = g_ptr_array_index(settings->lists, i);
		/* Who only counts for itself is not told of decisions. */
		guint verbs = verbs_of(list) & ~RETOUR_VERB_BIT(RETOUR_VERB_REPORT);
		if (verbs && (!*scope || strcmp(scope, list->name) == 0) &&
		    !retour_outbox_plan(ledger, address, list->name, verbs, now, error))
			return FALSE;
	}
	return TRUE;
}

/* What may be forged is no report, as the policy has it. */
static gboolean
is_admitted(const RetourListSettings *list, const RetourLedgerEvent *event)
{
	return retour_policy_admits(
	        list->policy, event->authentic > 0,
	        (RetourAuthentic)(event->authentic > 0 ? event->authentic - 1 : 0));
}

gboolean
retour_dispatch_report(RetourLedger *ledger, const RetourSettings *settings, gint64 address,
                       const RetourLedgerEvent *event, gint64 now, GError **error)
{
	const RetourListSettings *list =
	        event->list ? retour_settings_get_list(settings, event->list) : NULL;
	if (!list || event->kind != RETOUR_EVENT_FAILURE ||
	    !(verbs_of(list) & RETOUR_VERB_BIT(RETOUR_VERB_REPORT)) || !is_admitted(list, event))
		return TRUE;
	return retour_outbox_plan_report(ledger, address, list->name, event->key, now, error);
}
