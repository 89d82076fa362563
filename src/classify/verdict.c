/* SPDX-License-Identifier: BSD-2-Clause */
#include "classify/judging.h"

/* Phrases of this rank and above state the cause beyond doubt. */
#define RANK_CERTAIN 7u

static RetourPermanence
permanence_of(guint digit)
{
	switch (digit) {
	case 2:
		return RETOUR_PERMANENCE_SUCCESS;
	case 4:
		return RETOUR_PERMANENCE_TRANSIENT;
	case 5:
		return RETOUR_PERMANENCE_PERMANENT;
	default:
		return RETOUR_PERMANENCE_NONE;
	}
}

static void
set_reason(RetourVerdict *verdict, const RetourReason *reason)
{
	verdict->reason = reason;
	verdict->fault = retour_reason_get_fault(reason);
	verdict->advice = retour_reason_get_advice(reason);
}

static void
set_fixed(RetourJudging *judging, const char *reason, const char *rule)
{
	RetourVerdict *verdict = judging->verdict;
	set_reason(verdict, retour_reason_find(reason));
	verdict->klass = RETOUR_CLASS_NONE;
	verdict->confidence = RETOUR_CONFIDENCE_HIGH;
	judging->deciding = rule;
	retour_because_add(judging, rule, NULL, 0, 0);
}

/* Kinds that are no matter of delivery have one reason each. */
static const struct {
	RetourKind kind;
	const char *reason, *rule;
} kind_reasons[] = {
	{ RETOUR_KIND_COMPLAINT, "complaint", "kind:complaint" },
	{ RETOUR_KIND_UNSUBSCRIBE, "subscription-request", "kind:unsubscribe" },
	{ RETOUR_KIND_CHALLENGE, "challenge-response", "kind:challenge" },
	{ RETOUR_KIND_AUTO_REPLY, "auto-reply", "kind:auto-reply" },
	{ RETOUR_KIND_DISPOSITION, "read-receipt", "kind:disposition" },
};

static gboolean
judge_kind(RetourJudging *judging)
{
	for (guint i = 0; i < G_N_ELEMENTS(kind_reasons); i++) {
		if (judging->report->kind != kind_reasons[i].kind)
			continue;
		judging->verdict->kind = kind_reasons[i].kind;
		set_fixed(judging, kind_reasons[i].reason, kind_reasons[i].rule);
		return TRUE;
	}
	return FALSE;
}

static gboolean
judge_action(RetourJudging *judging)
{
	RetourAction action = judging->recipient->action;
	if (action != RETOUR_ACTION_DELIVERED && action != RETOUR_ACTION_RELAYED &&
	    action != RETOUR_ACTION_EXPANDED)
		return FALSE;
	RetourVerdict *verdict = judging->verdict;
	verdict->kind = RETOUR_KIND_DELIVERED;
	verdict->status = judging->recipient->status_field;
	for (guint i = 0; i < judging->recipient->n_evidence; i++) {
		const RetourEvidence *evidence = &judging->recipient->evidence[i];
		if (evidence->source != RETOUR_EVIDENCE_REPLY || verdict->reply != 0)
			continue;
		verdict->reply = evidence->reply;
		if (!retour_status_is_set(verdict->status))
			verdict->status = evidence->status;
	}
	verdict->permanence = RETOUR_PERMANENCE_SUCCESS;
	set_fixed(judging, "delivered",
	          action == RETOUR_ACTION_DELIVERED ? "action:delivered"
	          : action == RETOUR_ACTION_RELAYED ? "action:relayed"
	                                            : "action:expanded");
	return TRUE;
}

/* The digit that decides: the basic code's where both stand on one line, else the status's. */
static guint
code_class(const RetourVerdict *verdict)
{
	return verdict->reply ? verdict->reply / 100 : verdict->status.klass;
}

static void
note_conflict(RetourJudging *judging)
{
	const RetourVerdict *verdict = judging->verdict;
	if (verdict->reply && retour_status_is_set(verdict->status) &&
	    verdict->reply / 100 != verdict->status.klass)
		retour_because_add(judging, "conflict:reply-against-status", NULL, 0, 0);
	RetourStatus field = judging->recipient->status_field;
	if (retour_status_is_set(field) && !retour_status_equal(field, verdict->status))
		retour_because_add(judging, "conflict:status-field-overruled", NULL, 0, 0);
}

static gboolean
is_reason(const RetourReason *reason, const char *name)
{
	return strcmp(retour_reason_get_name(reason), name) == 0;
}

static void
judge_permanence(RetourJudging *judging)
{
	RetourVerdict *verdict = judging->verdict;
	guint digit = code_class(verdict);
	/* A message that expired failed by a temporary cause, whatever the code that returns it
	 * (554 4.4.7). */
	if (verdict->status.klass == 4 &&
	    (is_reason(verdict->reason, "expired") ||
	     (verdict->status.subject == 4 && verdict->status.detail == 7)))
		digit = 4;
	verdict->permanence = permanence_of(digit);
}

/* Delayed: not failed yet. OpenSMTPD up to 6.8 says "delayed" and deletes the message: "Envelope
 * expired". */
static gboolean
is_delay(const RetourJudging *judging)
{
	if (judging->recipient->action != RETOUR_ACTION_DELAYED)
		return FALSE;
	return !(is_reason(judging->verdict->reason, "expired") && judging->rank > 1);
}

static void
judge_class(RetourJudging *judging)
{
	RetourVerdict *verdict = judging->verdict;
	guint digit = code_class(verdict);
	gboolean delay = is_delay(judging);
	verdict->kind = delay ? RETOUR_KIND_DELAY : RETOUR_KIND_BOUNCE;
	/* Given up, so it is final, whatever the digit of the last attempt; only a disabled mailbox
	 * may come back at 4: of that, a failure without any digit is for good. */
	gboolean by_digit = retour_reason_get_class(verdict->reason, 5) !=
	                    retour_reason_get_class(verdict->reason, 4);
	gboolean final = digit == 0 && judging->recipient->action == RETOUR_ACTION_FAILED;
	verdict->klass = retour_profile_row_get_class(judging->profile, verdict->reason,
	                                              final && by_digit ? 5 : digit);
	if (delay) {
		verdict->klass = RETOUR_CLASS_SOFT;
		verdict->advice = is_reason(verdict->reason, "delayed") ? RETOUR_ADVICE_NONE
		                                                        : RETOUR_ADVICE_RETRY_LATER;
		retour_because_add(judging, "action:delayed", NULL, 0, 0);
	} else if (verdict->klass == RETOUR_CLASS_HARD && digit == 4) {
		verdict->advice = RETOUR_ADVICE_SUPPRESS_AFTER_REPEATS;
		retour_because_add(judging, "conflict:transient-code", NULL, 0, 0);
	} else if (verdict->klass != RETOUR_CLASS_HARD &&
	           verdict->advice == RETOUR_ADVICE_SUPPRESS &&
	           !is_reason(verdict->reason, "suppressed")) {
		verdict->advice = RETOUR_ADVICE_SUPPRESS_AFTER_REPEATS;
	}
}

/* Somebody forwards to another domain: the address that was written to may live, and an
 * authentication failure is the forwarder's. */
static void
judge_forwarding(RetourJudging *judging)
{
	RetourVerdict *verdict = judging->verdict;
	if (!judging->recipient->forwarded || verdict->kind != RETOUR_KIND_BOUNCE)
		return;
	if (verdict->advice == RETOUR_ADVICE_SUPPRESS)
		verdict->advice = RETOUR_ADVICE_SUPPRESS_AFTER_REPEATS;
	if (is_reason(verdict->reason, "auth-failure")) {
		verdict->fault = RETOUR_FAULT_INFRASTRUCTURE;
		verdict->advice = RETOUR_ADVICE_SUPPRESS_AFTER_REPEATS;
	}
	retour_because_add(judging, "forwarded", NULL, 0, 0);
}

static void
judge_confidence(RetourJudging *judging)
{
	RetourVerdict *verdict = judging->verdict;
	const RetourCode *code =
	        retour_status_is_set(verdict->status) && !retour_status_is_vague(verdict->status)
	                ? retour_code_find_status(verdict->status)
	                : NULL;
	gboolean agree = code && retour_code_get_reason(code) == verdict->reason;
	gboolean transient_hard = verdict->klass == RETOUR_CLASS_HARD && code_class(verdict) == 4;
	if (judging->rank >= RANK_CERTAIN || (judging->rank > 1 && agree))
		verdict->confidence = RETOUR_CONFIDENCE_HIGH;
	else if (judging->rank > 1 || agree)
		verdict->confidence = RETOUR_CONFIDENCE_MEDIUM;
	else
		verdict->confidence = RETOUR_CONFIDENCE_LOW;
	if (transient_hard && verdict->confidence == RETOUR_CONFIDENCE_HIGH)
		verdict->confidence = RETOUR_CONFIDENCE_MEDIUM;
}

/* A reply to MAIL is about the sender: no recipient has been named yet. */
static void
judge_command(RetourJudging *judging)
{
	RetourVerdict *verdict = judging->verdict;
	if (verdict->command != RETOUR_COMMAND_MAIL || is_reason(verdict->reason, "null-mx") ||
	    retour_reason_get_class(verdict->reason, 5) != RETOUR_CLASS_HARD)
		return;
	set_reason(verdict, retour_reason_find("sender-rejected"));
	retour_because_add(judging, "command:MAIL", NULL, 0, 0);
}

static void
judge_failure(RetourJudging *judging)
{
	RetourVerdict *verdict = judging->verdict;
	retour_weigh_evidence(judging);
	const RetourReason *reason = retour_reason_judge(judging);
	gboolean none = !reason || retour_reason_get_class(reason, 5) == RETOUR_CLASS_NONE;
	if (none) {
		/* A code or phrase of success in a failure report says nothing about the failure.
		 */
		gboolean delayed = judging->recipient->action == RETOUR_ACTION_DELAYED;
		reason = retour_reason_find(delayed ? "delayed" : "undetermined");
		guint digit = code_class(verdict);
		judging->deciding = delayed      ? "action:delayed"
		                    : digit == 5 ? "class:5"
		                    : digit == 4 ? "class:4"
		                                 : "class:none";
		judging->rank = 0;
		if (!delayed)
			retour_because_add(judging, judging->deciding, NULL, 0, 0);
	}
	set_reason(verdict, reason);
	judge_command(judging);
	judge_permanence(judging);
	judge_class(judging);
	judge_forwarding(judging);
	/* Where nobody is named there is nothing to suppress. */
	if (!judging->recipient->address && verdict->advice == RETOUR_ADVICE_SUPPRESS)
		verdict->advice = RETOUR_ADVICE_NONE;
	judge_confidence(judging);
	note_conflict(judging);
}

static void
keep_because(RetourJudging *judging)
{
	RetourVerdict *verdict = judging->verdict;
	guint n = judging->because->len;
	verdict->because = retour_arena_alloc(judging->arena, n * sizeof(RetourBecause));
	verdict->n_because = n;
	gboolean decided = FALSE;
	for (guint i = 0; i < n; i++) {
		verdict->because[i] = g_array_index(judging->because, RetourBecause, i);
		gboolean deciding = !decided && judging->deciding &&
		                    strcmp(verdict->because[i].rule, judging->deciding) == 0;
		verdict->because[i].deciding = deciding;
		decided |= deciding;
	}
}

void
retour_verdict_make(const RetourReport *report, const RetourRecipient *recipient,
                    const RetourProfileRow *profile, const RetourRulebook *rules,
                    RetourArena *arena, RetourVerdict *verdict)
{
	*verdict = (RetourVerdict){ .kind = report->kind };
	RetourJudging judging = {
		.report = report,
		.recipient = recipient,
		.profile = profile,
		.rules = rules,
		.arena = arena,
		.verdict = verdict,
		.because = g_array_new(FALSE, FALSE, sizeof(RetourBecause)),
	};
	if (!judge_kind(&judging) && !judge_action(&judging))
		judge_failure(&judging);
	keep_because(&judging);
	g_array_free(judging.because, TRUE);
	retour_folded_clear(&judging.folded);
}
