/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "codes/profile.h"

#include <string.h>

static void
test_class(void **state)
{
	(void)state;
	const struct {
		const char *profile, *reason;
		guint code_class;
		RetourClass klass;
	} rows[] = {
		{ "default", "user-unknown", 5, RETOUR_CLASS_HARD },
		{ "default", "user-unknown", 4, RETOUR_CLASS_HARD },
		{ "default", "mailbox-disabled", 5, RETOUR_CLASS_HARD },
		{ "default", "mailbox-disabled", 4, RETOUR_CLASS_SOFT },
		{ "default", "mailbox-disabled", 0, RETOUR_CLASS_SOFT },
		{ "default", "spam-content", 5, RETOUR_CLASS_SOFT },
		{ "default", "delivered", 2, RETOUR_CLASS_NONE },
		{ "sisimai", "mailbox-disabled", 5, RETOUR_CLASS_SOFT },
		{ "sisimai", "null-mx", 5, RETOUR_CLASS_HARD },
		{ "sisimai", "null-mx", 4, RETOUR_CLASS_SOFT },
		{ "sisimai", "null-mx", 0, RETOUR_CLASS_HARD },
		{ "sisimai", "user-unknown", 4, RETOUR_CLASS_HARD },
		{ "rfc", "spam-content", 5, RETOUR_CLASS_HARD },
		{ "rfc", "user-unknown", 4, RETOUR_CLASS_SOFT },
		{ "rfc", "user-unknown", 0, RETOUR_CLASS_HARD },
		{ "rfc", "delivered", 5, RETOUR_CLASS_NONE },
		{ "strict", "mailbox-disabled", 4, RETOUR_CLASS_HARD },
		{ "strict", "mailbox-full", 5, RETOUR_CLASS_SOFT },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const RetourProfileRow *profile = retour_profile_row_find(rows[i].profile);
		const RetourReason *reason = retour_reason_find(rows[i].reason);
		assert_non_null(profile);
		assert_non_null(reason);
		RetourClass klass =
		        retour_profile_row_get_class(profile, reason, rows[i].code_class);
		if (klass != rows[i].klass)
			fail_msg("%s, %s at %u: %s", rows[i].profile, rows[i].reason,
			         rows[i].code_class, retour_class_to_string(klass));
	}
}

static void
test_find(void **state)
{
	(void)state;
	assert_null(retour_profile_row_find("nobody"));
	assert_null(retour_profile_row_find(""));
	assert_string_equal(retour_profile_row_get_name(retour_profile_row_get(0)), "default");
	for (guint i = 0; i < retour_profile_row_get_count(); i++) {
		const RetourProfileRow *profile = retour_profile_row_get(i);
		assert_ptr_equal(retour_profile_row_find(retour_profile_row_get_name(profile)),
		                 profile);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_class),
		cmocka_unit_test(test_find),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
