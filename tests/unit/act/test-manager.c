/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "act/manager.h"

#include <string.h>

/* The list manager of @text, a block; faults go to @faults. */
static const RetourManager *
add(RetourManagers *managers, const char *text, GPtrArray *faults)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(RetourBlocks) blocks = retour_blocks_parse("t", text, strlen(text), &error);
	if (!blocks)
		fail_msg("%s", error->message);
	const RetourBlock *block = retour_blocks_get_block(blocks, 0);
	g_autofree char *name = g_strdup(retour_block_get(block, "Manager"));
	retour_managers_add(managers, "t", block, faults);
	return retour_managers_find(managers, name);
}

static void
test_presets(void **state)
{
	g_autoptr(RetourManagers) managers = retour_managers_new();
	(void)state;
	assert_int_equal(retour_managers_get_size(managers), 11);
	for (guint i = 0; i < retour_managers_get_size(managers); i++)
		assert_int_not_equal(retour_manager_get_verbs(retour_managers_get(managers, i)), 0);
	assert_non_null(retour_managers_find(managers, "mailman")->calls[RETOUR_CALL_HOLD].body);
	assert_string_equal(retour_managers_find(managers, "mailman")->calls[RETOUR_CALL_HOLD].body,
	                    "delivery_status=by_bounces");
}

static void
test_mistakes(void **state)
{
	static const struct {
		const char *text, *fault;
	} rows[] = {
		{ "Manager: mlmmj\n", "t:1: there is a list manager \"mlmmj\" already" },
		{ "Manager: a\nLike: b\n", "t:1: there is no list manager \"b\" above" },
		{ "Manager: a\nRemove: rm {address}\n", "t:2: \"rm {address}\" is no call" },
		{ "Manager: a\nRemove: run rm '{address}\n", "t:2: " },
		{ "Manager: a\nRemove: run {address}\n",
		  "t:2: the program must not hang on a mail" },
		{ "Manager: a\nRemove: run /bin/x {adress}\n",
		  "t:2: there is no value for {adress}" },
		{ "Manager: a\nRemove: append /var/{local}\n  x\n",
		  "t:2: the file must not hang on a mail" },
		{ "Manager: a\nRemove: append out\n  x\n", "t:2: \"out\" is no whole path" },
		{ "Manager: a\nRemove: append /out\n", "t:2: nothing to append" },
		{ "Manager: a\nRemove: POST https://{domain}/x\n", "t:2: " },
		{ "Manager: a\nRemove: POST {url}.{domain}/x\n", "t:2: " },
		{ "Manager: a\nRemove: POST hook\n", "t:2: \"hook\" is no URL" },
		{ "Manager: a\nRemove: run x\nRemove: run y\n", "t:3: Remove is given twice" },
		{ "Manager: a\nURL: http://lists.example/\n", "t:1: URL" },
		{ "Manager: a\nURL: http://127.0.0.1.example/\n", "t:1: URL" },
		{ "Manager: a\nURL: ftp://127.0.0.1/\n", "t:1: URL" },
		{ "Manager: a\nRate: 3\n", "t:2: \"3\" is no rate" },
		{ "Manager: a\nRate: 0 per second\n", "t:2: " },
		{ "Manager: a\nTimeout: 601\n", "t:2: Timeout takes a number from 1 to 600" },
		{ "Manager: a\nDone: fine\n", "t:2: \"fine\" is no list of answers" },
		{ "Manager: a\nHeader: X: y\n Z: {key}\n", "t:2: " },
		{ "Manager: a\nHeader: no colon\n", "t:2: \"no colon\" is no header" },
		{ "Manager: a\nCredentials: secret\n", "t:2: \"secret\" is no whole path" },
		{ "Manager: a\nColour: red\n", "t:2: a list manager has no field \"Colour\"" },
		{ "Manager: a\nUser:\n", "t:2: User is empty" },
	};
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(RetourManagers) managers = retour_managers_new();
		g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
		add(managers, rows[i].text, faults);
		if (faults->len == 0 ||
		    !g_str_has_prefix(g_ptr_array_index(faults, 0), rows[i].fault))
			fail_msg("%s: %s", rows[i].text,
			         faults->len ? (char *)g_ptr_array_index(faults, 0) : "no fault");
	}
}

static void
test_answers(void **state)
{
	g_autoptr(RetourManagers) managers = retour_managers_new();
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
	(void)state;
	const RetourManager *one = add(managers,
	                               "Manager: a\nURL: https://h.example\nRemove: POST {url}\n"
	                               "Hold: run x\nDone: 2xx 409\nMoot: 404 1\n",
	                               faults);
	assert_int_equal(faults->len, 0);
	const RetourCall *post = &one->calls[RETOUR_CALL_REMOVE];
	const RetourCall *run = &one->calls[RETOUR_CALL_HOLD];
	assert_int_equal(retour_manager_judge(one, post, 204), RETOUR_ANSWER_DONE);
	assert_int_equal(retour_manager_judge(one, post, 409), RETOUR_ANSWER_DONE);
	assert_int_equal(retour_manager_judge(one, post, 404), RETOUR_ANSWER_MOOT);
	assert_int_equal(retour_manager_judge(one, post, 503), RETOUR_ANSWER_AGAIN);
	assert_int_equal(retour_manager_judge(one, post, 401), RETOUR_ANSWER_AGAIN);
	assert_int_equal(retour_manager_judge(one, post, 400), RETOUR_ANSWER_NO);
	assert_int_equal(retour_manager_judge(one, post, 302), RETOUR_ANSWER_NO);
	assert_int_equal(retour_manager_judge(one, run, 1), RETOUR_ANSWER_MOOT);
	assert_int_equal(retour_manager_judge(one, run, 75), RETOUR_ANSWER_AGAIN);
	assert_int_equal(retour_manager_judge(one, run, 20), RETOUR_ANSWER_NO);
}

static void
test_like(void **state)
{
	g_autoptr(RetourManagers) managers = retour_managers_new();
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
	(void)state;
	const RetourManager *one = add(
	        managers, "Manager: a\nLike: mlmmj\nRestore: none\nRate: 2 per minute\n", faults);
	assert_int_equal(faults->len, 0);
	assert_int_equal(one->calls[RETOUR_CALL_RESTORE].means, RETOUR_MEANS_NONE);
	assert_int_equal(one->calls[RETOUR_CALL_REMOVE].means, RETOUR_MEANS_RUN);
	assert_string_equal(one->calls[RETOUR_CALL_MEMBERS_3].words[3], "-n");
	assert_true(one->interval > 29 && one->interval < 31);
	assert_int_equal(one->removals_per_run, RETOUR_REMOVALS_PER_RUN);
	g_autofree char *lack = retour_manager_check(retour_managers_find(managers, "webhook"));
	assert_non_null(strstr(lack, "has no URL"));
	assert_null(retour_manager_check(one));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_presets),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_like),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
