/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* What the files of this room share while one recipient is judged. */

#include "base/limits.h"
#include "classify/classify.h"
#include "text/fold.h"

/* Rules asked for one text: the best ones, so that the runner-up can be told. */
#define ANSWERS_MAX 4u

typedef struct {
	const RetourReport *report;
	const RetourRecipient *recipient;
	const RetourProfileRow *profile;
	const RetourRulebook *rules; /* NULL: the built-in ones */
	RetourArena *arena;
	RetourVerdict *verdict;

	const RetourEvidence *evidence[RETOUR_LIMIT_EVIDENCE]; /* best first */
	guint n_evidence;
	gboolean transcript;  /* a server's own words ("<<< 550 …") are among the evidence */
	RetourFolded folded;  /* of the text being matched */
	GArray *because;      /* owned; of RetourBecause */
	const char *deciding; /* rule that decided */
	guint rank;           /* of the phrase that decided; 0: a code did */
} RetourJudging;

/* weigh.c: evidence in order of worth; the best codes present */
void retour_weigh_evidence(RetourJudging *judging);
gboolean retour_status_is_vague(
        RetourStatus status); /* x.0.0, x.y.0 and 4.4.7, 5.4.7 yield to anything more precise */
/* FALSE where the Status field is not this failure's: sendmail writes one of its own over any 550
 * at RCPT, so that it counts only if the server said so; nullmailer writes the first recipient's
 * under everybody. */
gboolean retour_status_field_counts(const RetourJudging *judging);

/* reason.c: why */
const RetourReason *retour_reason_judge(RetourJudging *judging);
void retour_because_add(RetourJudging *judging, const char *rule, const RetourEvidence *evidence,
                        gsize offset, gsize length);
