/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/codes.h>

/* A profile of classification, as data/profiles.conf has it. Constant, never freed. */
typedef struct RetourProfileRow RetourProfileRow;

guint retour_profile_row_get_count(void);
const RetourProfileRow *retour_profile_row_get(guint index);
/* NULL if there is none of that name; "default" always is. */
const RetourProfileRow *retour_profile_row_find(const char *name);
const char *retour_profile_row_get_name(const RetourProfileRow *profile);

/* The class of a failure for @reason under @profile. @code_class is 2, 4, 5 or 0 (not known). What
 * the profile does not say is as retour_reason_get_class() has it. */
RetourClass retour_profile_row_get_class(const RetourProfileRow *profile,
                                         const RetourReason *reason, guint code_class);
