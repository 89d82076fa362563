/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/classify.h>

#include "base/arena.h"
#include "codes/profile.h"
#include "codes/rulebook.h"

/* Judges @recipient of @report on its evidence alone, by @rules (NULL: the built-in ones) and under
 * @profile. What is found is laid into
 * @verdict, its strings into @arena. */
void retour_verdict_make(const RetourReport *report, const RetourRecipient *recipient,
                         const RetourProfileRow *profile, const RetourRulebook *rules,
                         RetourArena *arena, RetourVerdict *verdict);
