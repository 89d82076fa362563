/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "text/matcher.h"

#include <string.h>

static gboolean
note(const RetourMatch *match, gpointer data)
{
	g_string_append_printf(data, "%u@%zu+%zu ", match->pattern, match->offset, match->length);
	return TRUE;
}

static char *
scan(const RetourMatcher *matcher, const char *text, gsize length)
{
	GString *out = g_string_new(NULL);
	retour_matcher_scan(matcher, text, length, note, out);
	if (out->len > 0)
		g_string_truncate(out, out->len - 1);
	return g_string_free(out, FALSE);
}

#define GAP_80                                     \
	"----------------------------------------" \
	"----------------------------------------"
G_STATIC_ASSERT(sizeof GAP_80 - 1 == RETOUR_MATCHER_GAP);

static void
test_matches(void **state)
{
	(void)state;
	const struct {
		const char *name;
		const char *patterns[5];
		const char *text, *expected;
	} rows[] = {
		{ "one", { "user unknown" }, "550 user unknown here", "0@4+12" },
		{ "whole text", { "abc" }, "abc", "0@0+3" },
		{ "nothing", { "abc" }, "ab c", "" },
		{ "empty text", { "abc" }, "", "" },
		{ "every place", { "aa" }, "aa aa", "0@0+2 0@3+2" },
		{ "every pattern, by end and then by pattern",
		  { "no such user", "such user", "user", "such" },
		  "no such user",
		  "3@3+4 0@0+12 1@3+9 2@8+4" },
		{ "a pattern inside another", { "b c", "a b c d" }, "a b c d", "0@2+3 1@0+7" },
		{ "a false start", { "a b c", "b d" }, "a b d", "1@2+3" },
		{ "same pattern twice", { "ab", "ab" }, "ab", "0@0+2 1@0+2" },
		{ "n- word goes on left", { "unknown" }, "xunknown", "" },
		{ "n- word goes on right", { "user" }, "users", "" },
		{ "n- digit goes on", { "550" }, "5501 1550", "" },
		{ "marks are no words", { "user" }, "<user_>", "0@1+4" },
		{ "pattern ends in a mark", { "(#5.1.1)" }, "a(#5.1.1)b", "0@1+8" },
		{ "star right", { "user*" }, "users user", "0@0+4 0@6+4" },
		{ "star left", { "*unknown" }, "xunknown unknown", "0@1+7 0@9+7" },
		{ "star on both sides", { "*ab*" }, "xabx", "0@1+2" },
		{ "gap", { "user * unknown" }, "user <a@b> is unknown", "0@0+21" },
		{ "gap of one space", { "user * unknown" }, "user unknown", "0@0+12" },
		{ "gap of nothing", { "[a] * [b]" }, "[a][b]", "0@0+6" },
		{ "n- wrong order", { "user * unknown" }, "unknown user", "" },
		{ "n- overlap is no gap", { "ab cd * cd ef" }, "ab cd ef", "" },
		{ "longest gap", { "<< * >>" }, "<<" GAP_80 ">>", "0@0+84" },
		{ "n- longer gap", { "<< * >>" }, "<<-" GAP_80 ">>", "" },
		{ "two gaps", { "a1 * b2 * c3" }, "a1 x b2 y c3", "0@0+12" },
		{ "two gaps as long as can be",
		  { "<< * == * >>" },
		  "<<" GAP_80 "==" GAP_80 ">>",
		  "0@0+166" },
		{ "n- middle is missing", { "a1 * b2 * c3" }, "a1 c3", "" },
		{ "the last place before counts", { "ab * cd" }, "ab ab cd", "0@3+5" },
		{ "a place before that overlaps",
		  { "user * user unknown" },
		  "user x user unknown",
		  "0@0+19" },
		{ "every end", { "ab * cd" }, "ab cd cd", "0@0+5 0@0+8" },
		{ "shared beginnings",
		  { "ab * cd", "ab * ef", "ab * cd * ef", "ab" },
		  "ab cd ef",
		  "3@0+2 0@0+5 1@0+8 2@0+8" },
		{ "pieces are words", { "user * unknown" }, "username is unknown", "" },
		{ "pieces with stars", { "user* * unknown" }, "username is unknown", "0@0+19" },
		{ "CJK has no words",
		  { "\u7528\u6237\u4e0d\u5b58\u5728" },
		  "a\u7528\u6237\u4e0d\u5b58\u5728b",
		  "0@1+15" },
		{ "CJK gap of nothing",
		  { "\u7528\u6237 * \u4e0d\u5b58\u5728" },
		  "\u7528\u6237\u4e0d\u5b58\u5728",
		  "0@0+15" },
		{ "one CJK character", { "\u6ee1" }, "\u90ae\u7bb1\u6ee1", "0@6+3" },
		{ "h- invalid bytes", { "ab" }, "\xff\x80 ab \xe7", "0@3+2" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		guint n = 0;
		while (n < 5 && rows[i].patterns[n])
			n++;
		g_autoptr(GError) error = NULL;
		g_autoptr(RetourMatcher) matcher =
		        retour_matcher_build(rows[i].patterns, n, &error);
		if (!matcher)
			fail_msg("%s: %s", rows[i].name, error->message);
		g_autofree char *got = scan(matcher, rows[i].text, strlen(rows[i].text));
		if (strcmp(got, rows[i].expected) != 0)
			fail_msg("%s: got \"%s\", expected \"%s\"", rows[i].name, got,
			         rows[i].expected);
	}
}

static void
test_malformed(void **state)
{
	(void)state;
	const char *rows[] = {
		"",       "*",     "a",    "* a b",     "ab *", "ab * ", " ab",          "ab ",
		"ab * c", "a*b c", "ab**", "ab * * cd", "*a*",  " * ab", "ab * *cd e*f",
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(RetourMatcher) matcher = retour_matcher_build(&rows[i], 1, &error);
		if (matcher ||
		    !g_error_matches(error, RETOUR_MATCHER_ERROR, RETOUR_MATCHER_ERROR_PATTERN))
			fail_msg("\"%s\" was taken", rows[i]);
	}
}

static void
test_too_many(void **state)
{
	(void)state;
	g_autoptr(GPtrArray) patterns = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < 20000; i++)
		g_ptr_array_add(patterns, g_strdup_printf("%05u pattern", i));
	g_autoptr(GError) error = NULL;
	const char *const *all = (const char *const *)patterns->pdata;
	assert_null(retour_matcher_build(all, patterns->len, &error));
	assert_true(g_error_matches(error, RETOUR_MATCHER_ERROR, RETOUR_MATCHER_ERROR_SIZE));
}

static void
test_no_patterns(void **state)
{
	(void)state;
	g_autoptr(RetourMatcher) matcher = retour_matcher_build(NULL, 0, NULL);
	assert_non_null(matcher);
	g_autofree char *got = scan(matcher, "any text", 8);
	assert_string_equal(got, "");
}

static gboolean
stop(const RetourMatch *match, gpointer data)
{
	(void)match;
	return ++*(guint *)data < 2;
}

static void
test_stop(void **state)
{
	(void)state;
	const char *patterns[] = { "ab", "ab" };
	g_autoptr(RetourMatcher) matcher = retour_matcher_build(patterns, 2, NULL);
	guint calls = 0;
	retour_matcher_scan(matcher, "ab ab ab", 8, stop, &calls);
	assert_int_equal(calls, 2);
}

/* What was written down as numbers is the same matcher. */
static void
test_numbers(void **state)
{
	(void)state;
	const char *patterns[] = { "user * unknown", "unknown" };
	g_autoptr(RetourMatcher) matcher = retour_matcher_build(patterns, 2, NULL);
	gsize n;
	const guint16 *numbers = retour_matcher_get_numbers(matcher, &n);
	g_autofree guint16 *copy = g_memdup2(numbers, n * sizeof(guint16));
	g_autofree char *got = scan(retour_matcher_over(copy), "user is unknown", 15);
	assert_string_equal(got, "0@0+15 1@8+7");
}

/* Literal patterns over a small alphabet, against a plain search. */
static void
test_random(void **state)
{
	(void)state;
	g_autoptr(GRand) random = g_rand_new_with_seed(7);
	for (guint round = 0; round < 300; round++) {
		char patterns[12][6], text[200];
		const char *pointers[12];
		for (guint i = 0; i < 12; i++) {
			guint length = 2 + g_rand_int(random) % 4;
			for (guint j = 0; j < length; j++)
				patterns[i][j] = "ab."[g_rand_int(random) % 3];
			patterns[i][length] = '\0';
			pointers[i] = patterns[i];
		}
		for (guint i = 0; i < sizeof(text); i++)
			text[i] = "ab. "[g_rand_int(random) % 4];
		g_autoptr(GString) expected = g_string_new(NULL);
		for (gsize end = 1; end <= sizeof(text); end++) {
			for (guint i = 0; i < 12; i++) {
				gsize length = strlen(patterns[i]), start = end - length;
				if (length > end || memcmp(text + start, patterns[i], length) != 0)
					continue;
				if (start > 0 && g_ascii_isalnum(text[start - 1]) &&
				    g_ascii_isalnum(text[start]))
					continue;
				if (end < sizeof(text) && g_ascii_isalnum(text[end]) &&
				    g_ascii_isalnum(text[end - 1]))
					continue;
				RetourMatch match = { i, start, length };
				note(&match, expected);
			}
		}
		if (expected->len > 0)
			g_string_truncate(expected, expected->len - 1);
		g_autoptr(RetourMatcher) matcher = retour_matcher_build(pointers, 12, NULL);
		g_autofree char *got = scan(matcher, text, sizeof(text));
		if (strcmp(got, expected->str) != 0)
			fail_msg("round %u: got \"%s\", expected \"%s\"", round, got,
			         expected->str);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_matches),  cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_too_many), cmocka_unit_test(test_no_patterns),
		cmocka_unit_test(test_stop),     cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_random),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
