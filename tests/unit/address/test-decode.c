/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "address/address.h"

typedef struct {
	const char *text, *expected;
} Row;

static void
check(void (*decode)(RetourSpan, GString *), const Row *rows, gsize n)
{
	for (gsize i = 0; i < n; i++) {
		g_autoptr(GString) out = g_string_new("kept ");
		decode(retour_span_of(rows[i].text), out);
		if (strcmp(out->str + 5, rows[i].expected) != 0)
			fail_msg("%s: got \"%s\"", rows[i].text, out->str + 5);
	}
}

static void
test_xtext(void **state)
{
	(void)state;
	const Row rows[] = {
		{ "", "" },
		{ "user@d", "user@d" },
		{ "user+2Btag@d", "user+tag@d" },
		{ "+3D+3D", "==" },
		{ "user+ab@d", "user+ab@d" },
		{ "+2", "+2" },
		{ "+", "+" },
		{ "++2B", "++" },
		{ "+2G+2B", "+2G+" },
		{ "+C3+A9", "\u00e9" },
		{ "+C3x", "+C3x" },
		{ "+0A+00+7F", "+0A+00+7F" },
	};
	check(retour_address_decode_xtext, rows, G_N_ELEMENTS(rows));
}

static void
test_utf8(void **state)
{
	(void)state;
	const Row rows[] = {
		{ "", "" },
		{ "user@d", "user@d" },
		{ "us\\x{E9}r@d", "us\u00e9r@d" },
		{ "\\x{1F4A9}\\x{5C}\\x{2B}", "\U0001f4a9\\+" },
		{ "\"a\\\"b\"@d", "\"a\\\"b\"@d" },
		{ "\\x{E9}\\x{}", "\\x{E9}\\x{}" },
		{ "\\x{E9}\\x{D800}", "\\x{E9}\\x{D800}" },
		{ "\\x{110000}", "\\x{110000}" },
		{ "\\x{00000E9}", "\\x{00000E9}" },
		{ "\\x{A}", "\\x{A}" },
		{ "\\x{E9", "\\x{E9" },
		{ "\\x{", "\\x{" },
		{ "\\", "\\" },
	};
	check(retour_address_decode_utf8, rows, G_N_ELEMENTS(rows));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_xtext),
		cmocka_unit_test(test_utf8),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
