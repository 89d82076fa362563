/* SPDX-License-Identifier: BSD-2-Clause */

/* retour.conf with policies of a site; then a history is judged by each of them. */

#include "fuzz.h"
#include "settings/settings.h"

#define EVENTS 64

/* The reasons that a policy tells apart, and one that counts nowhere. */
static const char *const reasons[] = { "user-unknown", "mailbox-full", "network-error",
	                               "policy-rejected" };

static void
check_faults(const char *path, const GPtrArray *faults)
{
	for (guint i = 0; i < faults->len; i++) {
		const char *fault = faults->pdata[i];
		fuzz_require(fuzz_is_text(fault, strlen(fault)) && g_str_has_prefix(fault, path) &&
		                     !strpbrk(fault, "\n\033"),
		             "fault %s", fault);
	}
}

/* Each byte is one event: what it was, and how long after the one before. */
static guint
make_history(const uint8_t *data, size_t size, RetourHistoryEvent *events)
{
	gint64 time = 1600000000;
	guint n = (guint)MIN(size, EVENTS);
	for (guint i = 0; i < n; i++) {
		const RetourReason *reason = retour_reason_find(reasons[data[i] & 3]);
		time += (data[i] >> 4) * (gint64)43200;
		events[i] = (RetourHistoryEvent){ .time = time,
			                          .happened = (RetourHappened)(data[i] >> 2 & 3),
			                          .klass = retour_reason_get_class(reason, 5),
			                          .fault = retour_reason_get_fault(reason),
			                          .reason = reason };
	}
	return n;
}

static void
check_outcome(const RetourPolicy *policy, const RetourHistoryEvent *events, guint n)
{
	RetourOutcome outcome;
	gint64 now = n > 0 ? events[n - 1].time : 0;
	retour_policy_decide(policy, events, n, now, &outcome);
	gboolean keep = outcome.decision == RETOUR_DECISION_KEEP;
	fuzz_require(keep == (outcome.grounds == NULL), "%s decided without grounds",
	             retour_policy_get_name(policy));
	fuzz_require(keep || (outcome.counted >= 1 && outcome.counted <= n &&
	                      outcome.counted_from <= outcome.counted_to && outcome.since <= now),
	             "%s: %s counted %u", retour_policy_get_name(policy), outcome.grounds,
	             outcome.counted);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	RetourSpan whole = retour_span((const char *)data, size);
	gssize at = retour_span_find_char(whole, 0, '\0');
	gsize length = at < 0 ? size : (gsize)at;
	const char *path = fuzz_file(0, whole.data, length);
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(RetourSettings) settings = retour_settings_read(path, faults);
	fuzz_require(settings || faults->len > 0, "no settings, and no fault");
	check_faults(path, faults);
	if (faults->len > 0)
		return 0;
	g_autoptr(GString) words = g_string_new(NULL);
	retour_settings_explain(settings, words);
	fuzz_require(fuzz_is_text(words->str, words->len), "%s", words->str);
	RetourHistoryEvent events[EVENTS];
	guint n = at < 0 ? 0 : make_history(data + length + 1, size - length - 1, events);
	for (guint i = 0; i < retour_policies_get_size(settings->policies); i++)
		check_outcome(retour_policies_get(settings->policies, i), events, n);
	return 0;
}
