/* SPDX-License-Identifier: BSD-2-Clause */
#include "classify/judging.h"

/* Deeper quotations are nearer to the cause; beyond this depth it is noise. */
#define DEPTH_MAX 3u

/* The worth of a fact: the remote server's reply before the reporting MTA's own, a field of the
 * report before the notice, words that belong to a field before the words of the notice
 * (classification.md, step 3). */
static guint
worth(const RetourEvidence *evidence)
{
	guint depth = MIN(evidence->depth, DEPTH_MAX);
	switch (evidence->source) {
	case RETOUR_EVIDENCE_REPLY:
		return 100 + depth * 10 + (evidence->field ? 5 : 0);
	case RETOUR_EVIDENCE_EXIT_CODE:
		return 90;
	case RETOUR_EVIDENCE_TEXT:
		return evidence->field ? 80 + depth : evidence->shared ? 50 : 60 + depth;
	case RETOUR_EVIDENCE_STATUS_FIELD:
		return 70;
	default:
		return 40;
	}
}

static gboolean
is_expiry(RetourStatus status)
{
	return status.subject == 4 && status.detail == 7;
}

gboolean
retour_status_is_vague(RetourStatus status)
{
	return status.detail == 0 || is_expiry(status);
}

static gboolean
is_said_of_another(const RetourRecipient *recipient, RetourStatus status)
{
	for (guint i = 0; i < recipient->n_evidence; i++)
		if (recipient->evidence[i].foreign &&
		    retour_status_equal(recipient->evidence[i].status, status))
			return TRUE;
	return FALSE;
}

gboolean
retour_status_field_counts(const RetourJudging *judging)
{
	RetourStatus field = judging->recipient->status_field;
	if (is_said_of_another(judging->recipient, field))
		return FALSE;
	if (!judging->transcript || field.subject != 1)
		return TRUE;
	for (guint i = 0; i < judging->n_evidence; i++) {
		const RetourEvidence *evidence = judging->evidence[i];
		if (evidence->source == RETOUR_EVIDENCE_REPLY && evidence->depth > 0 &&
		    retour_status_equal(evidence->status, field))
			return TRUE;
	}
	return FALSE;
}

/* The reply that quotes @evidence: the one before it in the same words, one level up. NULL if it is
 * quoted by none. */
static const RetourEvidence *
quoting(const RetourRecipient *recipient, const RetourEvidence *evidence)
{
	if (evidence == recipient->evidence || evidence->source != RETOUR_EVIDENCE_REPLY)
		return NULL;
	const RetourEvidence *before = evidence - 1;
	gboolean adjacent = before->source == RETOUR_EVIDENCE_REPLY &&
	                    before->depth + 1 == evidence->depth &&
	                    before->offset + before->length <= evidence->offset &&
	                    before->offset + before->length + 200 > evidence->offset &&
	                    strcmp(before->part, evidence->part) == 0;
	return adjacent ? before : NULL;
}

/* "<<< 550 …": a server's words that the notice quotes by themselves. */
static gboolean
is_transcript(const RetourRecipient *recipient, const RetourEvidence *evidence)
{
	return evidence->source == RETOUR_EVIDENCE_REPLY && !evidence->field && !evidence->shared &&
	       evidence->depth > 0 && !quoting(recipient, evidence);
}

/* A server quoted by a server is nearer to the cause, unless the one that quotes it names a cause
 * of its own: "554 5.4.7 … (last transfail: 452 4.2.2 …)", but "550 5.4.312 Message expired, DNS
 * query failed [{LED=450 4.4.312 …}]". */
static guint
worth_in_context(const RetourRecipient *recipient, const RetourEvidence *evidence)
{
	const RetourEvidence *outer = quoting(recipient, evidence);
	if (outer && retour_status_is_set(outer->status) && !retour_status_is_vague(outer->status))
		return worth_in_context(recipient, outer) - 1;
	return worth(evidence);
}

/* The reply that the report's own field gives as the cause; NULL if it gives none or only says that
 * time ran out. */
static const RetourEvidence *
field_reply(const RetourRecipient *recipient)
{
	for (guint i = 0; i < recipient->n_evidence; i++) {
		const RetourEvidence *evidence = &recipient->evidence[i];
		if (evidence->field && evidence->source == RETOUR_EVIDENCE_REPLY &&
		    !is_expiry(evidence->status))
			return evidence;
	}
	return NULL;
}

/* Replies of the notice that are not this failure's: sendmail's own "550 5.1.1 … User unknown" over
 * what the server said, and what the server said to other commands ("554 5.5.1 no valid
 * recipients") beside the report's cause. */
static gboolean
is_beside_the_point(const RetourJudging *judging, const RetourEvidence *evidence,
                    const RetourEvidence *cause)
{
	if (evidence->source != RETOUR_EVIDENCE_REPLY || evidence->field)
		return FALSE;
	return (judging->transcript && evidence->depth == 0) ||
	       (cause && evidence->reply != cause->reply);
}

static void
sort_evidence(RetourJudging *judging)
{
	const RetourRecipient *recipient = judging->recipient;
	const RetourEvidence *cause = field_reply(recipient);
	guint worths[RETOUR_LIMIT_EVIDENCE];
	for (guint i = 0; i < recipient->n_evidence; i++)
		judging->transcript |= is_transcript(recipient, &recipient->evidence[i]);
	for (guint i = 0; i < recipient->n_evidence && judging->n_evidence < RETOUR_LIMIT_EVIDENCE;
	     i++) {
		const RetourEvidence *evidence = &recipient->evidence[i];
		if (is_beside_the_point(judging, evidence, cause))
			continue;
		guint own = worth_in_context(recipient, evidence);
		guint at = judging->n_evidence++;
		for (; at > 0 && worths[at - 1] < own; at--) {
			judging->evidence[at] = judging->evidence[at - 1];
			worths[at] = worths[at - 1];
		}
		judging->evidence[at] = evidence;
		worths[at] = own;
	}
}

/* What of two codes says more: a precise one, then one with a subject, then any. */
static guint
precision(RetourStatus status)
{
	if (!retour_status_is_set(status))
		return 0;
	if (!retour_status_is_vague(status))
		return 4;
	if (is_expiry(status))
		return 2;
	return status.subject > 0 ? 3 : 1;
}

/* The mail's own codes, chosen, never made up. The Status field stands behind the replies and
 * before other text. */
void
retour_weigh_evidence(RetourJudging *judging)
{
	sort_evidence(judging);
	RetourVerdict *verdict = judging->verdict;
	for (guint i = 0; i < judging->n_evidence; i++) {
		const RetourEvidence *evidence = judging->evidence[i];
		if (precision(evidence->status) > precision(verdict->status))
			verdict->status = evidence->status;
		if (evidence->source == RETOUR_EVIDENCE_REPLY && verdict->reply == 0)
			verdict->reply = evidence->reply;
		if (verdict->command == RETOUR_COMMAND_NONE)
			verdict->command = evidence->command;
	}
}
