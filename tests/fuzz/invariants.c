/* SPDX-License-Identifier: BSD-2-Clause */
#include "invariants.h"

#include "base/limits.h"
#include "fuzz.h"

/* Whether @text stands at @offset of a part of that section. A message part and the message inside
 * it share theirs; a message without parts is its part 1. */
static gboolean
stands_at(const RetourPartTree *tree, const char *section, gsize offset, const char *text)
{
	gsize length = strlen(text);
	for (guint i = 0; i < tree->n_parts; i++) {
		const RetourPart *part = tree->parts[i];
		if (part->text && strcmp(*part->section ? part->section : "1", section) == 0 &&
		    offset <= part->text_length && length <= part->text_length - offset &&
		    memcmp(part->text + offset, text, length) == 0)
			return TRUE;
	}
	return FALSE;
}

static void
check_evidence(const RetourPartTree *tree, const RetourRecipient *recipient)
{
	fuzz_require(recipient->n_evidence <= RETOUR_LIMIT_EVIDENCE, "%u facts",
	             recipient->n_evidence);
	for (guint i = 0; i < recipient->n_evidence; i++) {
		const RetourEvidence *evidence = &recipient->evidence[i];
		fuzz_require(evidence->part && evidence->text && *evidence->text, "fact %u", i);
		fuzz_require(strlen(evidence->text) == evidence->length,
		             "fact %u: %zu bytes, told as %zu", i, strlen(evidence->text),
		             evidence->length);
		fuzz_require(stands_at(tree, evidence->part, evidence->offset, evidence->text),
		             "fact %u does not stand at %zu of part %s: %s", i, evidence->offset,
		             evidence->part, evidence->text);
		fuzz_require(evidence->reply == 0 ||
		                     (evidence->reply >= 200 && evidence->reply <= 599),
		             "fact %u: reply %u", i, evidence->reply);
	}
}

static const RetourBecause *
check_because(const RetourPartTree *tree, const RetourVerdict *verdict)
{
	const RetourBecause *deciding = NULL;
	for (guint i = 0; i < verdict->n_because; i++) {
		const RetourBecause *because = &verdict->because[i];
		fuzz_require(because->rule && *because->rule, "rule %u has no name", i);
		fuzz_require(!because->text ||
		                     stands_at(tree, because->part, because->offset, because->text),
		             "%s does not stand at %zu of part %s: %s", because->rule,
		             because->offset, because->part, because->text);
		fuzz_require(!because->deciding || !deciding, "%s and %s decided", deciding->rule,
		             because->rule);
		if (because->deciding)
			deciding = because;
	}
	return deciding;
}

/* What can say that an address is dead: a rule over words or codes, never a class alone. */
static gboolean
may_say_hard(const char *rule)
{
	static const char *const kinds[] = { "phrase:", "provider:", "status:", "reply:",
		                             "exit-code:" };
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (g_str_has_prefix(rule, kinds[i]))
			return TRUE;
	return FALSE;
}

static void
check_verdict(const RetourPartTree *tree, const RetourVerdict *verdict)
{
	const RetourBecause *deciding = check_because(tree, verdict);
	fuzz_require(deciding && verdict->reason, "nothing decided");
	fuzz_require(verdict->klass != RETOUR_CLASS_HARD ||
	                     (may_say_hard(deciding->rule) &&
	                      retour_reason_get_class(verdict->reason, 5) == RETOUR_CLASS_HARD),
	             "hard by %s, %s", deciding->rule, retour_reason_get_name(verdict->reason));
	fuzz_require(verdict->kind == RETOUR_KIND_BOUNCE || verdict->klass != RETOUR_CLASS_HARD,
	             "hard, and no bounce");
	gboolean failed = verdict->kind == RETOUR_KIND_BOUNCE || verdict->kind == RETOUR_KIND_DELAY;
	fuzz_require(failed == (verdict->klass != RETOUR_CLASS_NONE), "a %s of class %s",
	             retour_kind_to_string(verdict->kind), retour_class_to_string(verdict->klass));
}

static void
check_kind(const RetourRecord *record)
{
	gboolean unreadable = record->kind == RETOUR_KIND_UNREADABLE;
	fuzz_require(unreadable == (record->error != NULL) &&
	                     unreadable == (record->report == NULL),
	             "%s: %s", retour_kind_to_string(record->kind), record->error);
	gint worst = retour_record_get_worst(record);
	fuzz_require(worst < 0 || record->kind == record->verdicts[worst].kind,
	             "%s, but its worst recipient is not", retour_kind_to_string(record->kind));
}

void
invariants_check(RetourSpan bytes, const RetourRecord *record)
{
	check_kind(record);
	if (!record->report)
		return;
	g_autoptr(RetourPartTree) tree = retour_part_tree_read(bytes.data, bytes.length);
	fuzz_require(record->report->n_recipients <= RETOUR_LIMIT_RECIPIENTS, "%u recipients",
	             record->report->n_recipients);
	for (guint i = 0; i < record->report->n_recipients; i++) {
		check_evidence(tree, &record->report->recipients[i]);
		check_verdict(tree, &record->verdicts[i]);
	}
	invariants_check_strings(record);
	invariants_check_addresses(bytes, tree, record);
}
