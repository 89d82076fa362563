/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "worker/window.h"

static void
test_order(void **state)
{
	(void)state;
	RetourWindow window;
	guint64 number;
	retour_window_init(&window, 3);
	assert_true(retour_window_is_empty(&window));
	assert_false(retour_window_find_todo(&window, &number));
	for (guint round = 0; round < 10; round++) {
		guint64 first = round * 3;
		for (guint i = 0; i < 3; i++) {
			assert_false(retour_window_is_full(&window));
			retour_window_add(&window, "job", 3, NULL);
		}
		assert_true(retour_window_is_full(&window));
		for (guint i = 0; i < 3; i++) {
			assert_true(retour_window_find_todo(&window, &number));
			assert_int_equal(number, first + i);
			retour_window_get(&window, number)->state = RETOUR_JOB_GIVEN;
		}
		assert_false(retour_window_find_todo(&window, &number));
		retour_window_set_result(&window, first + 2, "abc", 3);
		retour_window_set_result(&window, first + 1, "ab", 2);
		assert_null(retour_window_first_done(&window));
		assert_int_equal(window.held, 5);
		retour_window_return(&window, first);
		assert_true(retour_window_find_todo(&window, &number));
		assert_int_equal(number, first);
		retour_window_give_up(&window, first, "gone");
		assert_string_equal(retour_window_first_done(&window)->cause, "gone");
		retour_window_drop_first(&window);
		assert_int_equal(retour_window_first_done(&window)->result_length, 2);
		retour_window_drop_first(&window);
		retour_window_drop_first(&window);
		assert_true(retour_window_is_empty(&window));
		assert_int_equal(window.held, 0);
		assert_int_equal(window.job_bytes, 0);
	}
	retour_window_clear(&window);
}

/* Jobs that carry whole mails fill it sooner. */
static void
test_bytes(void **state)
{
	(void)state;
	RetourWindow window;
	retour_window_init(&window, 100);
	g_autofree char *mail = g_malloc0(3 * 1024 * 1024);
	retour_window_add(&window, mail, 3 * 1024 * 1024, NULL);
	assert_false(retour_window_is_full(&window));
	retour_window_add(&window, mail, 3 * 1024 * 1024, NULL);
	assert_true(retour_window_is_full(&window));
	retour_window_clear(&window);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
