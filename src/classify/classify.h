/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/classify.h>

#include "base/arena.h"
#include "codes/profile.h"

/* Judges @recipient of @report on its evidence alone, under @profile. What is found is laid into
 * @verdict, its strings into @arena. */
void retour_verdict_make(const RetourReport *report, const RetourRecipient *recipient,
                         const RetourProfileRow *profile, RetourArena *arena,
                         RetourVerdict *verdict);
