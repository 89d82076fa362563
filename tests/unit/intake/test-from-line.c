/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "intake/from-line.h"

typedef struct {
	const char *text;
	gboolean is;
} Row;

static const Row rows[] = {
	{ "From a@b.example Sat Jan  3 01:05:34 1996", TRUE },
	{ "From MAILER-DAEMON Sat Jan 13 01:05:34 2026", TRUE },
	{ "From - Sat Jan 13 01:05:34 2026", TRUE },
	{ "From  Sat Jan 13 01:05:34 2026", TRUE },
	{ "From a@b.example Sat Jan 13 01:05 2026", TRUE },
	{ "From a@b.example  Sat Jan 13  1:05:34 2026", TRUE },
	{ "From a@b.example Sat Jan 13 01:05:34 MET 2026", TRUE },
	{ "From 17@xxx Sat Mar 02 01:05:34 +0000 2019", TRUE },
	{ "From a@b.example Sat Jan 13 01:05:34 2026 +0200", TRUE },
	{ "From a!b Sat Jan 13 01:05:34 2026 remote from hub", TRUE },
	{ "From \"Jo Doe\"@b.example Sat Jan 13 01:05:34 2026", TRUE },
	{ "From a@b.example\tSat Jan 13 01:05:34 2026", TRUE },
	{ "From Sat Sun Sat Jan 13 01:05:34 2026", TRUE },
	{ "from a@b.example Sat Jan 13 01:05:34 2026", FALSE },
	{ "From: a@b.example Sat Jan 13 01:05:34 2026", FALSE },
	{ ">From a@b.example Sat Jan 13 01:05:34 2026", FALSE },
	{ "From Monday on we are closed", FALSE },
	{ "From Sat Jan 13 to Mon Jan 15 2026", FALSE },
	{ "From a@b.example Sat Jan 13 01:05:34", FALSE },
	{ "From a@b.example Sat Jan 13 01:05:34 26", FALSE },
	{ "From a@b.example Sat Jan 13 2026", FALSE },
	{ "From a@b.example Sat Jan 13 01 2026", FALSE },
	{ "From a@b.example Sat Jan 13 01:05:34:00 2026", FALSE },
	{ "From a@b.example Sat Jan 13 01:05:345 2026", FALSE },
	{ "From a@b.example Sat 13 Jan 01:05:34 2026", FALSE },
	{ "From a@b.example Sat Jan 13 01:05:34 2026x", FALSE },
	{ "From a@b.example Saturday Jan 13 01:05:34 2026", FALSE },
	{ "From a@b.exampleSat Jan 13 01:05:34 2026", FALSE },
	{ "From ", FALSE },
	{ "From a\nSat Jan 13 01:05:34 2026", FALSE },
	{ "From", FALSE },
	{ "", FALSE },
};

static void
test_rows(void **state)
{
	(void)state;
	static const char *const ends[] = { "", "\n", "\r\nSubject: x\r\n", "\rx" };
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		for (gsize e = 0; e < G_N_ELEMENTS(ends); e++) {
			g_autofree char *text = g_strconcat(rows[i].text, ends[e], NULL);
			gsize want = rows[i].is ? strlen(rows[i].text) : 0;
			gsize got = retour_from_line_match(text, strlen(text));
			if (got != want)
				fail_msg("row \"%s\", end %zu: %zu", rows[i].text, e, got);
		}
	}
}

/* Every shorter text of an exact allocation: a read behind the end shows under ASan. */
static void
test_cut(void **state)
{
	(void)state;
	static const char line[] = "From a@b.example Sat Jan 13 01:05:34 +0000 2026";
	for (gsize length = 0; length < sizeof line - 1; length++) {
		g_autofree char *text = g_memdup2(line, length);
		assert_int_equal(retour_from_line_match(text, length), 0);
	}
}

static void
test_long(void **state)
{
	(void)state;
	static const char date[] = " Sat Jan 13 01:05:34 2026\n";
	const gsize longest = RETOUR_FROM_LINE_MAX - strlen("From ") - strlen(date);
	for (guint more = 0; more < 2; more++) {
		g_autoptr(GString) text = g_string_new("From ");
		for (gsize i = 0; i < longest + more; i++)
			g_string_append_c(text, 'a');
		g_string_append(text, date);
		gsize want = more ? 0 : text->len - 1;
		assert_int_equal(retour_from_line_match(text->str, text->len), want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_long),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
