/* SPDX-License-Identifier: BSD-2-Clause */
#include "classify/judging.h"
#include "smtp/reply.h"

/* Phrases of this rank and above decide by themselves; weaker ones yield to a precise code beside
 * them. */
#define RANK_DECIDES 4u
/* The RFC's own phrases: they count if nothing else speaks. */
#define RANK_LAST 1u

static const char *
join_rule(RetourJudging *judging, const char *prefix, const char *name)
{
	g_autofree char *rule = g_strconcat(prefix, name, NULL);
	return retour_arena_strdup(judging->arena, rule);
}

void
retour_because_add(RetourJudging *judging, const char *rule, const RetourEvidence *evidence,
                   gsize offset, gsize length)
{
	RetourBecause because = { .rule = rule };
	if (evidence && length > 0) {
		because.part = evidence->part;
		because.offset = evidence->offset + offset;
		because.text =
		        retour_arena_strndup(judging->arena, evidence->text + offset, length);
	}
	g_array_append_val(judging->because, because);
}

static void
decide(RetourJudging *judging, const char *rule, guint rank)
{
	judging->deciding = rule;
	judging->rank = rank;
}

/* The words of the evidence, codes blanked out, folded; offsets stay true. */
static void
fold_words(RetourJudging *judging, const RetourEvidence *evidence)
{
	g_autofree char *words = g_strndup(evidence->text, evidence->length);
	if (evidence->source == RETOUR_EVIDENCE_REPLY)
		retour_reply_blank(words, evidence->length);
	retour_text_fold(&judging->folded, words, evidence->length);
}

/* The best rule for one fact. All that speak are kept for the trace; @last_resort asks for the
 * RFC's own phrases. */
static const RetourRule *
ask_rules(RetourJudging *judging, const RetourEvidence *evidence, gboolean last_resort)
{
	fold_words(judging, evidence);
	RetourQuestion question = {
		.text = judging->folded.text,
		.length = judging->folded.length,
		.reply = evidence->reply,
		.status = evidence->status,
		.host = evidence->host ? evidence->host : judging->recipient->remote_mta,
	};
	RetourAnswer answers[ANSWERS_MAX];
	guint n = retour_rules_ask(&question, answers, ANSWERS_MAX);
	const RetourRule *best = NULL;
	for (guint i = 0; i < n; i++) {
		const RetourRule *rule = answers[i].rule;
		if ((retour_rule_get_rank(rule) <= RANK_LAST) != last_resort)
			continue;
		const guint32 *map = judging->folded.map;
		gsize begin = map[answers[i].offset],
		      end = map[answers[i].offset + answers[i].length];
		while (end > begin && g_ascii_isspace(evidence->text[end - 1]))
			end--;
		retour_because_add(judging, retour_rule_get_id(rule), evidence, begin, end - begin);
		if (!best)
			best = rule;
	}
	return best;
}

static const RetourReason *
take_rule(RetourJudging *judging, const RetourRule *rule)
{
	decide(judging, retour_rule_get_id(rule), retour_rule_get_rank(rule));
	return retour_rule_get_reason(rule);
}

/* What an enhanced code alone means: its row, else its subject. */
static const RetourReason *
take_status(RetourJudging *judging, RetourStatus status, const RetourEvidence *evidence)
{
	const RetourCode *code = retour_code_find_status(status);
	const RetourReason *reason =
	        code ? retour_code_get_reason(code) : retour_status_subject_reason(status);
	if (!reason)
		return NULL;
	char buffer[RETOUR_STATUS_STRING_SIZE];
	const char *rule = join_rule(
	        judging, code ? "status:" : "subject:", retour_status_format(status, buffer));
	RetourStatus stands;
	gsize offset = 0, length = 0;
	if (!evidence || !retour_status_find(retour_span(evidence->text, evidence->length), 0,
	                                     &stands, &offset, &length))
		offset = length = 0;
	retour_because_add(judging, rule, evidence, offset, length);
	decide(judging, rule, 0);
	return reason;
}

/* What a basic code alone means. Hard only where the number itself says so: 550 and 553 are given
 * for any cause. */
static const RetourReason *
take_reply(RetourJudging *judging, guint reply)
{
	const RetourCode *code = retour_code_find_reply(reply);
	const RetourReason *reason = code ? retour_code_get_reason(code) : NULL;
	if (!reason || (retour_reason_get_class(reason, reply / 100) == RETOUR_CLASS_HARD &&
	                retour_code_get_class(code, reply / 100) != RETOUR_CLASS_HARD))
		return NULL;
	const char *rule = join_rule(judging, "reply:", retour_code_get_name(code));
	retour_because_add(judging, rule, NULL, 0, 0);
	decide(judging, rule, 0);
	return reason;
}

/* sysexits.h: what a delivery program's exit code means by itself. Two of them name a cause; the
 * rest only say that the program failed, and yield to any words. */
static const struct {
	guint code;
	gboolean precise;
	const char *reason;
} exit_codes[] = {
	{ 67, TRUE, "user-unknown" }, /* EX_NOUSER */
	{ 68, TRUE, "host-unknown" }, /* EX_NOHOST */
	{ 69, FALSE, "system-error" }, { 70, FALSE, "system-error" },
	{ 71, FALSE, "system-error" }, { 72, FALSE, "system-error" },
	{ 73, FALSE, "system-error" }, { 74, FALSE, "system-error" },
	{ 75, FALSE, "system-error" }, { 77, FALSE, "recipient-rejected" }, /* EX_NOPERM */
	{ 78, FALSE, "system-error" },
};

static const RetourReason *
take_exit_code(RetourJudging *judging, const RetourEvidence *evidence, gboolean precise)
{
	for (guint i = 0;
	     evidence->source == RETOUR_EVIDENCE_EXIT_CODE && i < G_N_ELEMENTS(exit_codes); i++) {
		if (exit_codes[i].code != evidence->exit_code ||
		    (precise && !exit_codes[i].precise))
			continue;
		char name[16];
		g_snprintf(name, sizeof name, "exit-code:%u", evidence->exit_code);
		const char *rule = retour_arena_strdup(judging->arena, name);
		retour_because_add(judging, rule, evidence, 0,
		                   MIN(evidence->length, evidence->exit_code > 99 ? 3u : 2u));
		decide(judging, rule, 0);
		return retour_reason_find(exit_codes[i].reason);
	}
	return NULL;
}

/* One fact: its words, then its precise code, then a weak hint of its words. */
static const RetourReason *
judge_evidence(RetourJudging *judging, const RetourEvidence *evidence)
{
	if (evidence->foreign) {
		retour_because_add(judging, "conflict:names-another-recipient", evidence, 0,
		                   evidence->length);
		return NULL;
	}
	gboolean own_status = evidence->source == RETOUR_EVIDENCE_STATUS_FIELD;
	if (own_status && !retour_status_field_counts(judging)) {
		retour_because_add(judging, "conflict:status-not-said", evidence, 0, 0);
		return NULL;
	}
	const RetourRule *rule = ask_rules(judging, evidence, FALSE);
	if (rule && (retour_rule_get_rank(rule) >= RANK_DECIDES || retour_rule_is_provider(rule)))
		return take_rule(judging, rule);
	if (retour_status_is_set(evidence->status) && !retour_status_is_vague(evidence->status)) {
		const RetourReason *reason = take_status(judging, evidence->status, evidence);
		if (reason)
			return reason;
	}
	const RetourReason *exit_reason = take_exit_code(judging, evidence, TRUE);
	if (exit_reason)
		return exit_reason;
	return rule ? take_rule(judging, rule) : NULL;
}

/* Nothing precise was said: codes that name a subject or nothing, the RFC's own phrases, basic
 * codes. */
static const RetourReason *
judge_leftovers(RetourJudging *judging)
{
	const RetourReason *reason = NULL;
	const RetourVerdict *verdict = judging->verdict;
	for (guint i = 0; !reason && i < judging->n_evidence; i++)
		reason = take_exit_code(judging, judging->evidence[i], FALSE);
	if (!reason && verdict->status.subject > 0 && retour_status_field_counts(judging))
		reason = take_status(judging, verdict->status, NULL);
	for (guint i = 0; !reason && i < judging->n_evidence; i++) {
		if (judging->evidence[i]->foreign)
			continue;
		const RetourRule *rule = ask_rules(judging, judging->evidence[i], TRUE);
		if (rule)
			reason = take_rule(judging, rule);
	}
	if (!reason && verdict->reply)
		reason = take_reply(judging, verdict->reply);
	return reason;
}

static gboolean
is_notice_text(const RetourEvidence *evidence)
{
	return evidence->source == RETOUR_EVIDENCE_TEXT && !evidence->field;
}

/* The words of a notice are one text in several paragraphs: the clearest phrase decides, not the
 * first ("was automatically rejected … Quota exceeded"). */
static const RetourReason *
judge_notice(RetourJudging *judging, gboolean shared)
{
	const RetourRule *best = NULL;
	for (guint i = 0; i < judging->n_evidence; i++) {
		const RetourEvidence *evidence = judging->evidence[i];
		const RetourRule *rule =
		        is_notice_text(evidence) && evidence->shared == shared && !evidence->foreign
		                ? ask_rules(judging, evidence, FALSE)
		                : NULL;
		if (rule && (!best || retour_rule_get_rank(rule) > retour_rule_get_rank(best)))
			best = rule;
	}
	if (best && retour_rule_get_rank(best) >= RANK_DECIDES)
		return take_rule(judging, best);
	for (guint i = 0; i < judging->n_evidence; i++) {
		const RetourEvidence *evidence = judging->evidence[i];
		if (!is_notice_text(evidence) || evidence->shared != shared || evidence->foreign ||
		    !retour_status_is_set(evidence->status) ||
		    retour_status_is_vague(evidence->status))
			continue;
		const RetourReason *reason = take_status(judging, evidence->status, evidence);
		if (reason)
			return reason;
	}
	return best ? take_rule(judging, best) : NULL;
}

const RetourReason *
retour_reason_judge(RetourJudging *judging)
{
	const RetourReason *reason = NULL;
	for (guint i = 0; !reason && i < judging->n_evidence; i++)
		if (!is_notice_text(judging->evidence[i]))
			reason = judge_evidence(judging, judging->evidence[i]);
	for (guint shared = 0; !reason && shared < 2; shared++)
		reason = judge_notice(judging, shared);
	return reason ? reason : judge_leftovers(judging);
}
