/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "address/address.h"

static void
test_find(void **state)
{
	(void)state;
	/* All that are found, joined by a blank. */
	const struct {
		const char *text, *expected;
	} rows[] = {
		{ "", "" },
		{ "no address", "" },
		{ "<user@example.com>: host mx[192.0.2.1] said", "user@example.com" },
		{ "To: a@b.c, \"D, E\" <f@g.h>; i@j", "a@b.c f@g.h i@j" },
		{ "mailto:user@d smtp:user2@d (user3@d) [user4@d]",
		  "user@d user2@d user3@d user4@d" },
		{ "'user@d' `user2@d' *user3@d* \"user4@d\"", "user@d user2@d user3@d user4@d" },
		{ "the mailbox user@example.com.", "user@example.com" },
		{ "sorry...user@d", "user@d" },
		{ "<.user@d>", ".user@d" },
		{ "to=user@d, orig_to=<user2@d> rcpt=user3@d", "user@d user2@d user3@d" },
		{ "list+user=example.com@d", "list+user=example.com@d" },
		{ "https://x/y?email=user@d&z=1", "user@d" },
		{ "&lt;user@d&gt;", "user@d" },
		{ "@a,@b:user@d", "user@d" },
		{ "\"John Doe\"@d and \"a@b\"@c", "\"John Doe\"@d \"a@b\"@c" },
		{ "said \"a \\\" b\"@d", "\"a \\\" b\"@d" },
		{ "x\"@d", "" },
		{ "\"\\\"@d \"a\\\\\"@d", "\"a\\\\\"@d" },
		{ "\"a\rb\"@d \"a\nb\"@d", "" },
		{ "宛先user@example.jpは存在しません", "user@example.jp" },
		{ "「用户@例子.广告」", "用户@例子.广告" },
		{ "Адрес почта@пример.рф не", "почта@пример.рф" },
		{ "a@b@c", "a@b" },
		{ "a @ b @c d@ e", "" },
		{ "<\"a b\"@c>", "\"a b\"@c" },
		{ "rfc822;user@d", "user@d" },
		{ "user@d\nuser2@d\r\n", "user@d user2@d" },
		{ "h- \xff\xc3user@d", "user@d" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		RetourSpan text = retour_span_of(rows[i].text);
		g_autoptr(GString) all = g_string_new(NULL);
		gsize offset, length;
		for (gsize from = 0; retour_address_find(text, from, &offset, &length);
		     from = offset + length) {
			assert_true(offset >= from && length > 0 && offset + length <= text.length);
			g_string_append_printf(all, "%s%.*s", all->len ? " " : "", (int)length,
			                       text.data + offset);
		}
		if (strcmp(all->str, rows[i].expected) != 0)
			fail_msg("%s: found %s", rows[i].text, all->str);
	}
}

/* A megabyte of each: ctest's time limit is the judge. */
static void
test_hostile(void **state)
{
	(void)state;
	const char *const pieces[] = { "@",      "a",       "a@",  "\"", "\"@",      "\\\"@",
		                       "\"a\"@", "x\"@ ",   "a@a", "\\", "\xe3\x81", "\xff@",
		                       "//a@",   "あ@",     "..@", "'@", "a@[",      "=@",
		                       "a@b.",   "\"a@b\"", "😀" };
	for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
		g_autoptr(GString) text = g_string_new(NULL);
		while (text->len < 1 << 20)
			g_string_append(text, pieces[i]);
		RetourSpan span = retour_span(text->str, text->len);
		gsize offset, length;
		for (gsize from = 0; retour_address_find(span, from, &offset, &length);
		     from = offset + length)
			assert_true(offset >= from && length > 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_hostile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
