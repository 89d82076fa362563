/* SPDX-License-Identifier: BSD-2-Clause */

/* Why: every fact gives opinions, by its words and by its codes; the strongest one decides. All
 * that spoke are kept for the trace. */

#include "classify/judging.h"
#include "smtp/reply.h"

/* Phrases of this rank and above decide by themselves; weaker ones are hints. */
#define RANK_DECIDES 4u
/* The RFC's own phrases: they count if nothing else speaks. */
#define RANK_LAST 1u
/* So much may a phrase that agrees with the code stand below another one of the same text. */
#define RANK_AGREES 2u

/* How strong an opinion is. Of two of one level the earlier counts, as evidence comes best first;
 * in the paragraphs of a notice the clearer phrase. */
typedef enum {
	LEVEL_NONE,
	LEVEL_REPLY,       /* a basic code alone */
	LEVEL_RFC_PHRASE,  /* "mailbox unavailable", "transaction failed" */
	LEVEL_SUBJECT,     /* an enhanced code that names no more than a subject */
	LEVEL_EXIT_CODE,   /* a delivery program failed */
	LEVEL_SHARED_HINT, /* a hint in words that are about all recipients */
	LEVEL_SHARED,      /* a cause in them */
	LEVEL_NOTICE_HINT, /* a hint in the notice's words about this recipient */
	LEVEL_HINT,        /* a hint in a reply or field */
	LEVEL_NOTICE,      /* a cause in the notice's words about this recipient */
	LEVEL_CAUSE,       /* a cause in a reply or field */
} Level;

typedef struct {
	RetourJudging *judging;
	const RetourEvidence *evidence;
	Level level;
	const RetourReason *reason;
} Opinion;

static gboolean
is_notice(const RetourEvidence *evidence)
{
	return evidence->source == RETOUR_EVIDENCE_TEXT && !evidence->field;
}

static Level
level_of_words(const RetourEvidence *evidence, gboolean decisive)
{
	if (!is_notice(evidence))
		return decisive ? LEVEL_CAUSE : LEVEL_HINT;
	if (evidence->shared)
		return decisive ? LEVEL_SHARED : LEVEL_SHARED_HINT;
	return decisive ? LEVEL_NOTICE : LEVEL_NOTICE_HINT;
}

static void
consider(Opinion *best, Level level, guint rank, const char *rule, const RetourReason *reason)
{
	gboolean clearer = level == best->level && rank > best->judging->rank &&
	                   (level == LEVEL_NOTICE || level == LEVEL_NOTICE_HINT ||
	                    level == LEVEL_SHARED || level == LEVEL_SHARED_HINT);
	if (!reason || (level <= best->level && !clearer))
		return;
	best->level = level;
	best->reason = reason;
	best->judging->deciding = rule;
	best->judging->rank = rank;
}

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

/* The words of the evidence, codes blanked out, folded; offsets stay true. */
static void
fold_words(RetourJudging *judging, const RetourEvidence *evidence)
{
	g_autofree char *words = g_strndup(evidence->text, evidence->length);
	if (evidence->source == RETOUR_EVIDENCE_REPLY)
		retour_reply_blank(words, evidence->length);
	retour_text_fold(&judging->folded, words, evidence->length);
}

/* A site's rules may be gone before the verdict. */
static const char *
name_rule(const RetourJudging *judging, const RetourRule *rule)
{
	const char *id = retour_rule_get_id(rule);
	return retour_rule_is_site(rule) ? retour_arena_strdup(judging->arena, id) : id;
}

static void
trace_answer(RetourJudging *judging, const RetourEvidence *evidence, const RetourAnswer *answer)
{
	const guint32 *map = judging->folded.map;
	gsize begin = map[answer->offset], end = map[answer->offset + answer->length];
	while (end > begin && g_ascii_isspace(evidence->text[end - 1]))
		end--;
	retour_because_add(judging, name_rule(judging, answer->rule), evidence, begin, end - begin);
}

/* What an enhanced code alone means: its row, else its subject. */
static const RetourReason *
reason_of_status(RetourStatus status, const char **prefix)
{
	const RetourCode *code = retour_code_find_status(status);
	*prefix = code ? "status:" : "subject:";
	return code ? retour_code_get_reason(code) : retour_status_subject_reason(status);
}

static void
consider_status(Opinion *best, Level level, RetourStatus status)
{
	const RetourEvidence *evidence = best->evidence;
	const char *prefix;
	char buffer[RETOUR_STATUS_STRING_SIZE];
	const RetourReason *reason = reason_of_status(status, &prefix);
	if (!reason)
		return;
	const char *rule = join_rule(best->judging, prefix, retour_status_format(status, buffer));
	RetourStatus stands;
	gsize offset = 0, length = 0;
	if (evidence && !retour_status_find(retour_span(evidence->text, evidence->length), 0,
	                                    &stands, &offset, &length))
		length = 0;
	retour_because_add(best->judging, rule, evidence, offset, length);
	consider(best, level, 0, rule, reason);
}

/* X.7.1 says that the sender may not, and nothing of why (RFC 3463 3.8): any word says more. */
static gboolean
says_why(RetourStatus status)
{
	return retour_status_is_set(status) && !retour_status_is_vague(status) &&
	       !(status.subject == 7 && status.detail == 1);
}

static gboolean
is_hard(const RetourReason *reason)
{
	return retour_reason_get_class(reason, 5) == RETOUR_CLASS_HARD;
}

/* Of the rules that speak in one text the best one, or one that agrees with its code and is nearly
 * as good; a code never makes hard what the best words say softly. */
static const RetourAnswer *
choose_answer(const RetourAnswer *answers, guint n, RetourStatus status)
{
	const char *prefix;
	const RetourReason *coded = says_why(status) ? reason_of_status(status, &prefix) : NULL;
	guint least = MAX(retour_rule_get_rank(answers[0].rule), RANK_AGREES) - RANK_AGREES;
	for (guint i = 1; i < n && coded && !retour_rule_is_provider(answers[0].rule); i++)
		if (retour_rule_get_reason(answers[i].rule) == coded &&
		    (is_hard(retour_rule_get_reason(answers[0].rule)) || !is_hard(coded)) &&
		    retour_rule_get_rank(answers[i].rule) >= MAX(least, RANK_DECIDES))
			return &answers[i];
	return &answers[0];
}

/* The words of one fact. TRUE if they state a cause. */
static gboolean
consider_words(Opinion *best)
{
	const RetourEvidence *evidence = best->evidence;
	RetourJudging *judging = best->judging;
	fold_words(judging, evidence);
	RetourQuestion question = {
		.text = judging->folded.text,
		.length = judging->folded.length,
		.reply = evidence->reply,
		.status = evidence->status,
		.host = evidence->host ? evidence->host : judging->recipient->remote_mta,
	};
	RetourAnswer answers[ANSWERS_MAX];
	guint n = retour_rulebook_ask(judging->rules, &question, answers, ANSWERS_MAX);
	for (guint i = 0; i < n; i++)
		trace_answer(judging, evidence, &answers[i]);
	if (n == 0)
		return FALSE;
	const RetourRule *rule = choose_answer(answers, n, evidence->status)->rule;
	guint rank = retour_rule_get_rank(rule);
	gboolean decisive = retour_rule_is_provider(rule) || rank >= RANK_DECIDES ||
	                    (rank > RANK_LAST && retour_status_is_set(evidence->status) &&
	                     evidence->status.subject == 7 && evidence->status.detail == 1);
	Level level = rank <= RANK_LAST ? LEVEL_RFC_PHRASE : level_of_words(evidence, decisive);
	consider(best, level, rank, name_rule(judging, rule), retour_rule_get_reason(rule));
	return level > LEVEL_RFC_PHRASE && decisive;
}

/* sysexits.h: what a delivery program's exit code means by itself. Two of them name a cause; the
 * rest only say that the program failed, and yield to any words. */
static const struct {
	guint code;
	Level level;
	const char *reason;
} exit_codes[] = {
	{ 67, LEVEL_CAUSE, "user-unknown" }, /* EX_NOUSER */
	{ 68, LEVEL_CAUSE, "host-unknown" }, /* EX_NOHOST */
	{ 69, LEVEL_EXIT_CODE, "system-error" },
	{ 70, LEVEL_EXIT_CODE, "system-error" },
	{ 71, LEVEL_EXIT_CODE, "system-error" },
	{ 72, LEVEL_EXIT_CODE, "system-error" },
	{ 73, LEVEL_EXIT_CODE, "system-error" },
	{ 74, LEVEL_EXIT_CODE, "system-error" },
	{ 75, LEVEL_EXIT_CODE, "system-error" },
	{ 77, LEVEL_EXIT_CODE, "recipient-rejected" }, /* EX_NOPERM */
	{ 78, LEVEL_EXIT_CODE, "system-error" },
};

static void
consider_exit_code(Opinion *best)
{
	const RetourEvidence *evidence = best->evidence;
	for (guint i = 0; i < G_N_ELEMENTS(exit_codes); i++) {
		if (exit_codes[i].code != evidence->exit_code)
			continue;
		char name[16];
		g_snprintf(name, sizeof name, "exit-code:%u", evidence->exit_code);
		const char *rule = retour_arena_strdup(best->judging->arena, name);
		retour_because_add(best->judging, rule, evidence, 0, MIN(evidence->length, 2u));
		consider(best, exit_codes[i].level, 0, rule,
		         retour_reason_find(exit_codes[i].reason));
	}
}

/* One fact: its words, and its code where the words do not state a cause. */
static void
consider_evidence(Opinion *best)
{
	const RetourEvidence *evidence = best->evidence;
	if (evidence->foreign) {
		retour_because_add(best->judging, "conflict:names-another-recipient", evidence, 0,
		                   evidence->length);
		return;
	}
	if (evidence->source == RETOUR_EVIDENCE_STATUS_FIELD &&
	    !retour_status_field_counts(best->judging)) {
		retour_because_add(best->judging, "conflict:status-not-said", evidence, 0, 0);
		return;
	}
	gboolean stated = consider_words(best);
	if (evidence->source == RETOUR_EVIDENCE_EXIT_CODE)
		consider_exit_code(best);
	if (!stated && retour_status_is_set(evidence->status) &&
	    !retour_status_is_vague(evidence->status))
		consider_status(best, level_of_words(evidence, TRUE), evidence->status);
}

/* A basic code alone. Hard only where the number itself says so: 550 and 553 are given for any
 * cause. */
static void
consider_reply(Opinion *best)
{
	guint reply = best->judging->verdict->reply;
	const RetourCode *code = reply ? retour_code_find_reply(reply) : NULL;
	const RetourReason *reason = code ? retour_code_get_reason(code) : NULL;
	if (!reason || (retour_reason_get_class(reason, reply / 100) == RETOUR_CLASS_HARD &&
	                retour_code_get_class(code, reply / 100) != RETOUR_CLASS_HARD))
		return;
	const char *rule = join_rule(best->judging, "reply:", retour_code_get_name(code));
	retour_because_add(best->judging, rule, NULL, 0, 0);
	consider(best, LEVEL_REPLY, 0, rule, reason);
}

const RetourReason *
retour_reason_judge(RetourJudging *judging)
{
	Opinion best = { .judging = judging };
	for (guint i = 0; i < judging->n_evidence; i++) {
		best.evidence = judging->evidence[i];
		consider_evidence(&best);
	}
	best.evidence = NULL;
	RetourStatus status = judging->verdict->status;
	if (best.level < LEVEL_SUBJECT && status.subject > 0 && retour_status_field_counts(judging))
		consider_status(&best, LEVEL_SUBJECT, status);
	if (best.level < LEVEL_REPLY)
		consider_reply(&best);
	return best.reason;
}
