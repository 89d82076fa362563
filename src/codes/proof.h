/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "codes/rulebook.h"

/* Proofs that a rule can do its work. Each returns NULL, or what is wrong and what to do. (transfer
 * full) */

/* The rule's own example is won by it against all others in force. */
char *retour_rule_prove(const RetourRulebook *book, const RetourRule *rule);

/* No other rule says the same, and none holds wherever this one does and counts before it. */
char *retour_rule_lint(const RetourRulebook *book, const RetourRule *rule);
