/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/wildcard.h"

static const struct {
	const char *pattern, *text;
	gboolean fits;
} rows[] = {
	{ "", "", TRUE },
	{ "*", "", TRUE },
	{ "**", "a", TRUE },
	{ "", "a", FALSE },
	{ "a", "", FALSE },
	{ "abc", "ABC", TRUE },
	{ "abc", "abcd", FALSE },
	{ "abcd", "abc", FALSE },
	{ "*.b", "a.b", TRUE },
	{ "*.b", ".b", TRUE },
	{ "*.b", "b", FALSE },
	{ "*.b", "a.b.c", FALSE },
	{ "*.b", "a.b.c.b", TRUE },
	{ "a*", "a", TRUE },
	{ "a*c", "abbc", TRUE },
	{ "a*c", "abb", FALSE },
	{ "*ab*ab*", "xabxxab", TRUE },
	{ "*ab*ab*", "xabxxa", FALSE },
	{ "a*b*c", "abcbc", TRUE },
	{ "a?c", "abc", FALSE },
	{ "*aab", "aaaaab", TRUE },
};

static void
test_rows(void **state)
{
	(void)state;
	guint wrong = 0;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		gboolean got = retour_wildcard_fits(retour_span_of(rows[i].pattern),
		                                    retour_span_of(rows[i].text));
		if (got != rows[i].fits)
			print_error("\"%s\" and \"%s\": %d\n", rows[i].pattern, rows[i].text, got);
		wrong += got != rows[i].fits;
	}
	assert_int_equal(wrong, 0);
}

/* Many stars over a long text that fits nowhere: with all ways tried it would never end. */
static void
test_hostile(void **state)
{
	(void)state;
	g_autoptr(GString) pattern = g_string_new(NULL), text = g_string_new(NULL);
	for (guint i = 0; i < 500; i++)
		g_string_append(pattern, "a*");
	g_string_append_c(pattern, 'b');
	for (guint i = 0; i < 20000; i++)
		g_string_append_c(text, 'a');
	assert_false(retour_wildcard_fits(retour_span(pattern->str, pattern->len),
	                                  retour_span(text->str, text->len)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_hostile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
