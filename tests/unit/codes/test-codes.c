/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <retour/codes.h>

#include <string.h>

static void
test_words(void **state)
{
	(void)state;
	assert_string_equal(retour_class_to_string(RETOUR_CLASS_NONE), "none");
	assert_string_equal(retour_class_to_string(RETOUR_CLASS_SOFT), "soft");
	assert_string_equal(retour_class_to_string(RETOUR_CLASS_HARD), "hard");
	static const char *const faults[] = { "none",    "recipient",      "sender",
		                              "content", "infrastructure", "unknown" };
	for (guint i = 0; i < G_N_ELEMENTS(faults); i++)
		assert_string_equal(retour_fault_to_string((RetourFault)i), faults[i]);
	static const char *const advices[] = {
		"none",        "suppress",   "suppress-after-repeats",
		"retry-later", "fix-sender", "fix-content"
	};
	for (guint i = 0; i < G_N_ELEMENTS(advices); i++)
		assert_string_equal(retour_advice_to_string((RetourAdvice)i), advices[i]);
}

static void
test_reasons(void **state)
{
	(void)state;
	const struct {
		const char *name, *group, *fault, *advice;
		const char *at_5, *at_4, *at_0;
	} rows[] = {
		{ "user-unknown", "recipient", "recipient", "suppress", "hard", "hard", "hard" },
		{ "mailbox-disabled", "recipient", "recipient", "suppress", "hard", "soft",
		  "soft" },
		{ "host-unknown", "domain", "recipient", "suppress-after-repeats", "hard", "hard",
		  "hard" },
		{ "mailbox-full", "mailbox", "recipient", "suppress-after-repeats", "soft", "soft",
		  "soft" },
		{ "blocklisted", "reputation", "sender", "fix-sender", "soft", "soft", "soft" },
		{ "spam-content", "content", "content", "fix-content", "soft", "soft", "soft" },
		{ "expired", "network", "infrastructure", "suppress-after-repeats", "soft", "soft",
		  "soft" },
		{ "delayed", "not-final", "infrastructure", "none", "soft", "soft", "soft" },
		{ "undetermined", "unknown", "unknown", "suppress-after-repeats", "soft", "soft",
		  "soft" },
		{ "complaint", "not-a-bounce", "none", "suppress", "none", "none", "none" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const RetourReason *reason = retour_reason_find(rows[i].name);
		if (!reason)
			fail_msg("%s: not found", rows[i].name);
		const char *got[] = {
			retour_reason_get_name(reason),
			retour_reason_get_group(reason),
			retour_fault_to_string(retour_reason_get_fault(reason)),
			retour_advice_to_string(retour_reason_get_advice(reason)),
			retour_class_to_string(retour_reason_get_class(reason, 5)),
			retour_class_to_string(retour_reason_get_class(reason, 4)),
			retour_class_to_string(retour_reason_get_class(reason, 0)),
		};
		const char *expected[] = { rows[i].name,   rows[i].group, rows[i].fault,
			                   rows[i].advice, rows[i].at_5,  rows[i].at_4,
			                   rows[i].at_0 };
		for (gsize j = 0; j < G_N_ELEMENTS(got); j++) {
			if (strcmp(got[j], expected[j]) != 0)
				fail_msg("%s: got %s, expected %s", rows[i].name, got[j],
				         expected[j]);
		}
	}
}

/* Every reason can be found, says what it means, and only mailbox-disabled asks for the code's
 * class. */
static void
test_all_reasons(void **state)
{
	(void)state;
	assert_int_equal(retour_reason_get_count(), 50);
	for (guint i = 0; i < retour_reason_get_count(); i++) {
		const RetourReason *reason = retour_reason_get(i);
		const char *name = retour_reason_get_name(reason);
		assert_ptr_equal(retour_reason_find(name), reason);
		assert_true(g_str_has_suffix(retour_reason_get_meaning(reason), "."));
		gboolean differs =
		        retour_reason_get_class(reason, 5) != retour_reason_get_class(reason, 4);
		assert_int_equal(differs, strcmp(name, "mailbox-disabled") == 0);
	}
	assert_null(retour_reason_find("no-such-reason"));
	assert_null(retour_reason_find(""));
}

static void
test_statuses(void **state)
{
	(void)state;
	const struct {
		const char *name, *code, *reason, *at_5, *at_4;
	} rows[] = {
		{ "5.1.1", "X.1.1", "user-unknown", "hard", "soft" },
		{ "4.1.1", "X.1.1", "user-unknown", "hard", "soft" },
		{ "5.0.0", "X.0.0", "undetermined", "soft", "soft" },
		{ "5.2.2", "X.2.2", "mailbox-full", "soft", "soft" },
		{ "5.1.8", "X.1.8", "sender-rejected", "soft", "soft" },
		{ "5.7.30", "X.7.30", "tls-required", "soft", "soft" },
		{ "5.1.10", "X.1.10", "null-mx", "hard", "soft" },
		{ "2.3.6", "X.3.6", NULL, "none", "none" },
		{ "5.1.351", NULL, NULL, NULL, NULL },
		{ "5.7.31", NULL, NULL, NULL, NULL },
		{ "5.8.5", NULL, NULL, NULL, NULL },
		{ "5.999.999", NULL, NULL, NULL, NULL },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		RetourStatus status;
		assert_true(retour_status_parse(rows[i].name, strlen(rows[i].name), &status) > 0);
		const RetourCode *code = retour_code_find_status(status);
		if (!code != !rows[i].code)
			fail_msg("%s: %s", rows[i].name, code ? "found" : "not found");
		if (!code)
			continue;
		assert_string_equal(retour_code_get_name(code), rows[i].code);
		assert_false(retour_code_is_reply(code));
		const RetourReason *reason = retour_code_get_reason(code);
		if (g_strcmp0(reason ? retour_reason_get_name(reason) : NULL, rows[i].reason) !=
		            0 ||
		    strcmp(retour_class_to_string(retour_code_get_class(code, 5)), rows[i].at_5) !=
		            0 ||
		    strcmp(retour_class_to_string(retour_code_get_class(code, 4)), rows[i].at_4) !=
		            0)
			fail_msg("%s: wrong reason or class", rows[i].name);
	}
}

static void
test_replies(void **state)
{
	(void)state;
	const struct {
		guint code;
		const char *reason, *klass;
	} rows[] = {
		{ 250, NULL, "none" },
		{ 354, NULL, "none" },
		{ 421, "not-accepting", "soft" },
		{ 450, "mailbox-busy", "soft" },
		{ 550, "user-unknown", "soft" },
		{ 551, "recipient-rejected", "soft" },
		{ 552, "mailbox-full", "soft" },
		{ 554, "undetermined", "soft" },
		{ 556, "null-mx", "hard" },
		{ 607, "suppressed", "soft" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const RetourCode *code = retour_code_find_reply(rows[i].code);
		if (!code || !retour_code_is_reply(code))
			fail_msg("%u: not found", rows[i].code);
		const RetourReason *reason = retour_code_get_reason(code);
		if (g_strcmp0(reason ? retour_reason_get_name(reason) : NULL, rows[i].reason) !=
		            0 ||
		    strcmp(retour_class_to_string(retour_code_get_class(code, 4)), rows[i].klass) !=
		            0)
			fail_msg("%u: wrong reason or class", rows[i].code);
	}
	static const guint unknown[] = { 0, 1, 400, 559, 65536 + 550, G_MAXUINT };
	for (gsize i = 0; i < G_N_ELEMENTS(unknown); i++)
		assert_null(retour_code_find_reply(unknown[i]));
}

/* Every row is found by its own number and tells where it comes from. */
static void
test_all_codes(void **state)
{
	(void)state;
	guint replies = 0;
	for (guint i = 0; i < retour_code_get_count(); i++) {
		const RetourCode *code = retour_code_get(i);
		const char *name = retour_code_get_name(code);
		if (retour_code_is_reply(code)) {
			replies++;
			assert_ptr_equal(
			        retour_code_find_reply((guint)g_ascii_strtoull(name, NULL, 10)),
			        code);
		} else {
			g_autofree char *text = g_strconcat("5", name + 1, NULL);
			RetourStatus status;
			assert_true(retour_status_parse(text, strlen(text), &status) > 0);
			assert_ptr_equal(retour_code_find_status(status), code);
		}
		if (!*retour_code_get_title(code) || !*retour_code_get_source(code) ||
		    !g_str_has_suffix(retour_code_get_meaning(code), "."))
			fail_msg("%s: title, source or meaning", name);
		assert_non_null(retour_code_get_note(code));
	}
	assert_int_equal(replies, 88);
	assert_int_equal(retour_code_get_count() - replies, 81);
}

static void
test_subjects(void **state)
{
	(void)state;
	const struct {
		RetourStatus status;
		const char *reason;
	} rows[] = {
		{ { 5, 1, 351 }, "recipient-rejected" },
		{ { 5, 7, 708 }, "policy-rejected" },
		{ { 4, 4, 316 }, "network-error" },
		{ { 5, 0, 99 }, "undetermined" },
		{ { 5, 8, 5 }, NULL },
		{ { 5, 999, 1 }, NULL },
		{ { 0, 0, 0 }, NULL },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const RetourReason *reason = retour_status_subject_reason(rows[i].status);
		if (g_strcmp0(reason ? retour_reason_get_name(reason) : NULL, rows[i].reason) != 0)
			fail_msg("row %zu", i);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),       cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_all_reasons), cmocka_unit_test(test_statuses),
		cmocka_unit_test(test_replies),     cmocka_unit_test(test_all_codes),
		cmocka_unit_test(test_subjects),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
