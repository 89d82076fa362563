/* SPDX-License-Identifier: BSD-2-Clause */
#include "codes/profile.h"

#include "codes/tables.h"

#include <string.h>

guint
retour_profile_row_get_count(void)
{
	return retour_codes_n_profiles;
}

const RetourProfileRow *
retour_profile_row_get(guint index)
{
	g_return_val_if_fail(index < retour_codes_n_profiles, NULL);
	return &retour_codes_profiles[index];
}

const RetourProfileRow *
retour_profile_row_find(const char *name)
{
	for (guint i = 0; i < retour_codes_n_profiles; i++) {
		if (strcmp(retour_codes_text(retour_codes_profiles[i].name), name) == 0)
			return &retour_codes_profiles[i];
	}
	return NULL;
}

const char *
retour_profile_row_get_name(const RetourProfileRow *profile)
{
	return retour_codes_text(profile->name);
}

static RetourClass
class_by_digit(const RetourReason *reason, guint code_class)
{
	if (code_class == 5)
		return RETOUR_CLASS_HARD;
	return code_class == 4 ? RETOUR_CLASS_SOFT : retour_reason_get_class(reason, code_class);
}

RetourClass
retour_profile_row_get_class(const RetourProfileRow *profile, const RetourReason *reason,
                             guint code_class)
{
	const RetourCodesOverride *overrides = &retour_codes_overrides[profile->first];
	for (guint i = 0; i < profile->n; i++) {
		if (&retour_codes_reasons[overrides[i].reason] != reason)
			continue;
		return overrides[i].klass == RETOUR_CODES_BY_DIGIT
		               ? class_by_digit(reason, code_class)
		               : (RetourClass)overrides[i].klass;
	}
	RetourClass klass = retour_reason_get_class(reason, code_class);
	/* What is no failure is none whatever the digit. */
	return profile->by_digit && klass != RETOUR_CLASS_NONE ? class_by_digit(reason, code_class)
	                                                       : klass;
}
