/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"

static void
test_alloc(void **state)
{
	(void)state;
	g_autoptr(RetourArena) arena = retour_arena_new();
	/* Sizes on both sides of a quarter block and of a block, so that all ways of placing are
	 * gone. */
	const gsize sizes[] = { 0, 1, 15, 16, 17, 2047, 2048, 2049, 8191, 8192, 8193, 100000, 3 };
	guint8 *pieces[G_N_ELEMENTS(sizes)];
	for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
		pieces[i] = retour_arena_alloc(arena, sizes[i]);
		assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
		for (gsize j = 0; j < sizes[i]; j++)
			assert_int_equal(pieces[i][j], 0);
		memset(pieces[i], (int)(i + 1), sizes[i]);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
		for (gsize j = 0; j < sizes[i]; j++) {
			if (pieces[i][j] != i + 1)
				fail_msg("piece of %zu bytes was overwritten at %zu", sizes[i], j);
		}
	}
}

static void
test_many(void **state)
{
	(void)state;
	g_autoptr(RetourArena) arena = retour_arena_new();
	guint *last = NULL;
	for (guint i = 0; i < 10000; i++) {
		guint *number = retour_arena_new0(arena, guint);
		assert_int_equal(*number, 0);
		*number = i;
		if (last)
			assert_int_equal(*last, i - 1);
		last = number;
	}
}

static void
test_strings(void **state)
{
	(void)state;
	g_autoptr(RetourArena) arena = retour_arena_new();
	assert_null(retour_arena_strdup(arena, NULL));
	assert_string_equal(retour_arena_strdup(arena, ""), "");
	assert_string_equal(retour_arena_strdup(arena, "abc"), "abc");
	assert_string_equal(retour_arena_strndup(arena, "abc", 2), "ab");
	assert_string_equal(retour_arena_strndup(arena, NULL, 0), "");
	assert_memory_equal(retour_arena_strndup(arena, "a\0b", 3), "a\0b", 4);
	assert_string_equal(retour_arena_span(arena, RETOUR_SPAN_LITERAL("span")), "span");
	assert_string_equal(retour_arena_span(arena, (RetourSpan){ 0 }), "");
}

static void
test_free_null(void **state)
{
	(void)state;
	retour_arena_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alloc),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_free_null),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
