/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/classify.h>

#include "base/arena.h"

/* A profile: a small block of data (codes/data/profiles.conf). */
typedef struct RetourProfile RetourProfile;
const RetourProfile *retour_profile_find(const char *name); /* NULL if there is none; "default" always is */

/* Judges @recipient of @report on its evidence alone. What is found is laid into @verdict; its strings into @arena. */
void retour_verdict_make(const RetourReport *report, const RetourRecipient *recipient, const RetourProfile *profile,
			 RetourArena *arena, RetourVerdict *verdict);
