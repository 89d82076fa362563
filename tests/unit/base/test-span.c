/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/span.h"

static gboolean
same(RetourSpan span, const char *text)
{
	return span.length == strlen(text) &&
	       (span.length == 0 || memcmp(span.data, text, span.length) == 0);
}

static void
test_trim(void **state)
{
	(void)state;
	const struct {
		const char *text, *expected;
	} rows[] = {
		{ "", "" },           { " ", "" },    { " \t\r\n", "" },
		{ "a", "a" },         { " a ", "a" }, { "\ta b\r\n", "a b" },
		{ "\va\f", "\va\f" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (!same(retour_span_trim(retour_span_of(rows[i].text)), rows[i].expected))
			fail_msg("row %zu \"%s\"", i, rows[i].text);
	}
	assert_int_equal(retour_span_trim((RetourSpan){ 0 }).length, 0);
}

static void
test_compare(void **state)
{
	(void)state;
	const struct {
		const char *text, *with;
		gboolean equal, prefix, suffix;
	} rows[] = {
		{ "", "", TRUE, TRUE, TRUE },
		{ "Status", "status", TRUE, TRUE, TRUE },
		{ "Status", "", FALSE, TRUE, TRUE },
		{ "", "a", FALSE, FALSE, FALSE },
		{ "Status: 5", "STATUS", FALSE, TRUE, FALSE },
		{ "X-Status", "status", FALSE, FALSE, TRUE },
		{ "stat", "status", FALSE, FALSE, FALSE },
		{ "\xc3\x84", "\xc3\xa4", FALSE, FALSE, FALSE }, /* only ASCII has case */
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		RetourSpan span = retour_span_of(rows[i].text);
		if (retour_span_equal(span, rows[i].with) != rows[i].equal ||
		    retour_span_has_prefix(span, rows[i].with) != rows[i].prefix ||
		    retour_span_has_suffix(span, rows[i].with) != rows[i].suffix)
			fail_msg("row %zu \"%s\" with \"%s\"", i, rows[i].text, rows[i].with);
	}
}

static void
test_find(void **state)
{
	(void)state;
	const struct {
		const char *text;
		gsize from;
		const char *needle;
		gssize at;
	} rows[] = {
		{ "a host B", 0, "HOST", 2 }, { "a host b", 3, "host", -1 }, { "abab", 1, "ab", 2 },
		{ "abab", 2, "ab", 2 },       { "abab", 3, "ab", -1 },       { "ab", 9, "a", -1 },
		{ "ab", 0, "abc", -1 },       { "ab", 0, "", -1 },           { "", 0, "a", -1 },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		gssize at = retour_span_find(retour_span_of(rows[i].text), rows[i].from,
		                             rows[i].needle);
		if (at != rows[i].at)
			fail_msg("row %zu \"%s\": got %zd, expected %zd", i, rows[i].text, at,
			         rows[i].at);
	}
	/* The end of the span is the end, whatever stands behind it. */
	assert_int_equal(retour_span_find(retour_span("abc", 2), 0, "bc"), -1);
	assert_int_equal(retour_span_find_char(retour_span("abc", 2), 0, 'c'), -1);
	assert_int_equal(retour_span_find_char(retour_span_of("abc"), 0, 'c'), 2);
	assert_int_equal(retour_span_find_char(retour_span_of("abc"), 3, 'c'), -1);
	assert_int_equal(retour_span_find_char((RetourSpan){ 0 }, 0, 'c'), -1);
}

static void
test_cut(void **state)
{
	(void)state;
	RetourSpan span = retour_span_of("abcdef");
	assert_true(same(retour_span_from(span, 2), "cdef"));
	assert_true(same(retour_span_from(span, 6), ""));
	assert_true(same(retour_span_from(span, 60), ""));
	assert_true(same(retour_span_sub(span, 1, 2), "bc"));
	assert_true(same(retour_span_sub(span, 4, 60), "ef"));
	assert_true(same(retour_span_sub(span, 60, G_MAXSIZE), ""));
	assert_int_equal(retour_span_of(NULL).length, 0);
}

static void
test_cut_between_characters(void **state)
{
	(void)state;
	const struct {
		const char *text, *expected;
	} rows[] = {
		{ "", "" },
		{ "abc", "abc" },
		{ "abcd", "abc" },
		{ "\303\251\303\251", "\303\251" },
		{ "a\303\251\303\251", "a\303\251" },
		{ "\360\237\230\200", "" },
		{ "a\346\227\245", "a" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (!same(retour_span_cut(retour_span_of(rows[i].text), 3), rows[i].expected))
			fail_msg("%s", rows[i].text);
}

static void
test_lines(void **state)
{
	(void)state;
	const struct {
		const char *text;
		const char *lines[4];
	} rows[] = {
		{ "", { NULL } },
		{ "a", { "a", NULL } },
		{ "a\n", { "a", NULL } },
		{ "a\r\nb", { "a", "b", NULL } },
		{ "\n\r\n", { "", "", NULL } },
		{ "a\rb\n", { "a\rb", NULL } },
		{ "a\r\r\n", { "a\r", NULL } },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		RetourSpan rest = retour_span_of(rows[i].text), line;
		gsize n = 0;
		while (retour_span_next_line(&rest, &line)) {
			if (!rows[i].lines[n] || !same(line, rows[i].lines[n]))
				fail_msg("row %zu line %zu", i, n);
			n++;
		}
		if (rows[i].lines[n])
			fail_msg("row %zu: only %zu lines", i, n);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trim),  cmocka_unit_test(test_compare),
		cmocka_unit_test(test_find),  cmocka_unit_test(test_cut),
		cmocka_unit_test(test_lines), cmocka_unit_test(test_cut_between_characters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
