/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "text/fold.h"

#include <string.h>

static void
test_text(void **state)
{
	(void)state;
	const struct {
		const char *name, *text, *expected;
	} rows[] = {
		{ "nothing", "", "" },
		{ "ascii", "User UNKNOWN 550 5.1.1 <A@B>", "user unknown 550 5.1.1 <a@b>" },
		{ "runs of white space", "a  b\t\r\n  c\v\fd", "a b c d" },
		{ "none at the ends", " \n a \t ", "a" },
		{ "only white space", " \r\n\t ", "" },
		{ "no-break and ideographic spaces", "a\u00a0b\u3000c\u2003d\u202fe", "a b c d e" },
		{ "line and paragraph separator, next line",
		  "a\u2028b\u2029c\xc2\x85"
		  "d",
		  "a b c d" },
		{ "quotes", "\u2018a\u2019 \u201cb\u201d \u201ec\u201f \u00abd\u00bb \u2039e\u203a",
		  "'a' \"b\" \"c\" \"d\" 'e'" },
		{ "dashes", "a\u2010b\u2011c\u2013d\u2014e\u2212f", "a-b-c-d-e-f" },
		{ "gone", "un\u00adknown u\u200bs\u200de\u2060r\ufeff", "unknown user" },
		{ "only what goes", "\ufeff\u200b", "" },
		{ "gone between spaces", "a \u200b b", "a b" },
		{ "Latin", "Empf\u00c4nger UNG\u00dcLTIG \u00c9",
		  "empf\u00e4nger ung\u00fcltig \u00e9" },
		{ "Greek", "\u03a3\u03a3", "\u03c3\u03c3" },
		{ "Cyrillic", "\u041d\u0415\u0422", "\u043d\u0435\u0442" },
		{ "one character to one: sharp s stays", "\u00df", "\u00df" },
		{ "shorter in lower case", "\u212a \u0130", "k i" },
		{ "longer in lower case", "\u023a\u023e", "\u2c65\u2c66" },
		{ "CJK", "\u7528\u6237\u4e0d\u5b58\u5728", "\u7528\u6237\u4e0d\u5b58\u5728" },
		{ "outside the BMP", "\U00010400\U0001f4a9", "\U00010428\U0001f4a9" },
		{ "h- cut character at the end", "ab\xe4\xb8", "ab" },
		{ "h- invalid bytes inside", "a\xff\xc3(\x80z", "az" },
	};
	g_auto(RetourFolded) folded = { 0 };
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		retour_text_fold(&folded, rows[i].text, strlen(rows[i].text));
		if (strcmp(folded.text, rows[i].expected) != 0 ||
		    folded.length != strlen(rows[i].expected))
			fail_msg("%s: got \"%s\", expected \"%s\"", rows[i].name, folded.text,
			         rows[i].expected);
		for (gsize j = 0; j < folded.length; j++) {
			if (folded.map[j] >= strlen(rows[i].text) ||
			    folded.map[j] > folded.map[j + 1])
				fail_msg("%s: map[%zu] is %u", rows[i].name, j, folded.map[j]);
		}
	}
}

static void
test_map(void **state)
{
	(void)state;
	const char *text = "  A \u00c4\u00ad\n \u2014b  ";
	const guint32 expected[] = { 2, 3, 4, 4, 8, 10, 13, 14 };
	g_auto(RetourFolded) folded = { 0 };
	retour_text_fold(&folded, text, strlen(text));
	assert_string_equal(folded.text, "a \u00e4 -b");
	for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
		if (folded.map[i] != expected[i])
			fail_msg("map[%zu] is %u, expected %u", i, folded.map[i], expected[i]);
	}
}

/* Wherever it stands in its words of eight bytes, text becomes the same. */
static void
test_places(void **state)
{
	(void)state;
	static const char sample[] = "Ab  C d\te \u00a0F[Z@A`z{ ~\x7f"
	                             "User  unKNOWN here, Too \u00c4 I";
	g_auto(RetourFolded) folded = { 0 }, moved = { 0 };
	retour_text_fold(&folded, sample, sizeof sample - 1);
	assert_string_equal(folded.text, "ab c d e f[z@a`z{ ~\x7f"
	                                 "user unknown here, too \u00e4 i");
	for (gsize pad = 1; pad <= 16; pad++) {
		char text[sizeof sample + 16];
		memset(text, 'x', pad);
		memcpy(text + pad, sample, sizeof sample);
		retour_text_fold(&moved, text, pad + sizeof sample - 1);
		if (moved.length != folded.length + pad ||
		    strcmp(moved.text + pad, folded.text) != 0)
			fail_msg("%zu bytes on: \"%s\"", pad, moved.text);
		for (gsize i = 0; i <= folded.length; i++)
			if (moved.map[i + pad] != folded.map[i] + pad)
				fail_msg("%zu bytes on: map[%zu] is %u", pad, i,
				         moved.map[i + pad]);
	}
}

static void
test_nul(void **state)
{
	(void)state;
	g_auto(RetourFolded) folded = { 0 };
	retour_text_fold(&folded, "a\0B", 3);
	assert_string_equal(folded.text, "a b");
	retour_text_fold(&folded, NULL, 0);
	assert_string_equal(folded.text, "");
	assert_int_equal(folded.map[0], 0);
}

/* Whatever the order of sizes, memory that was grown for one text serves the next. */
static void
test_reuse(void **state)
{
	(void)state;
	g_auto(RetourFolded) folded = { 0 };
	g_autoptr(GString) text = g_string_new(NULL);
	for (guint i = 0; i < 2000; i++) {
		g_string_append(text, "\u023a");
		retour_text_fold(&folded, text->str, i % 2 ? text->len : 2);
		assert_int_equal(folded.length, i % 2 ? (i + 1) * 3 : 3);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),   cmocka_unit_test(test_map),
		cmocka_unit_test(test_places), cmocka_unit_test(test_nul),
		cmocka_unit_test(test_reuse),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
