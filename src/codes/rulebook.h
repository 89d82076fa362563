/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "codes/tables.h"

/*
 * Rules in force: the built-in ones and a site's own. The built-in tables stay as they are; the
 * site's rules have a small matcher of their own. Of equal rank a site's rule counts before a
 * built-in one; one that has the id of a built-in rule takes its place.
 */

/* The set that @rule stands in. */
const RetourRuleSet *retour_rule_get_set(const RetourRule *rule);
const char *retour_rule_text(const RetourRule *rule, guint32 offset);
/* Whether @a goes before @b where both hold. */
gboolean retour_rule_counts_before(const RetourRule *a, const RetourRule *b);

typedef struct RetourRulebook RetourRulebook;

/* A file of rules, and how late its folder comes: from 1 on, a later folder replaces rules of an
 * earlier one. */
typedef struct {
	const char *path;
	guint shelf;
} RetourRuleFile;

/* Reads @n files. What is wrong with them is added to @faults ("file:line: what is wrong: what to
 * do") and gives NULL. (transfer full) */
RetourRulebook *retour_rulebook_read(const RetourRuleFile *files, guint n, GPtrArray *faults);
void retour_rulebook_free(RetourRulebook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetourRulebook, retour_rulebook_free)

/* @book is NULL where a site has no rules of its own. */
guint retour_rulebook_get_size(const RetourRulebook *book);
/* The rules in force, best first: providers, then by rank, then the site's before the built-in. */
const RetourRule *retour_rulebook_get_rule(const RetourRulebook *book, guint index);
guint retour_rulebook_ask(const RetourRulebook *book, const RetourQuestion *question,
                          RetourAnswer *answers, guint n_answers);
