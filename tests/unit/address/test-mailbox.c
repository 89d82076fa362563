/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "address/address.h"

#include "base/limits.h"

static void
test_match(void **state)
{
	(void)state;
	const struct {
		const char *text, *expected;
	} rows[] = {
		{ "user@example.com", "user@example.com" },
		{ "user@example.com: host said", "user@example.com" },
		{ "user@example.com.", "user@example.com" },
		{ "user@example.com...", "user@example.com" },
		{ "user@example.com>", "user@example.com" },
		{ "user@localhost", "user@localhost" },
		{ "user@example.com- x", "user@example.com" },
		{ "user@ex_ample.co-m_", "user@ex_ample.co-m" },
		{ "user@-example.com", "" },
		{ "user@.example.com", "" },
		{ "user@example..com", "user@example" },
		{ "user@[192.0.2.1]", "user@[192.0.2.1]" },
		{ "user@[IPv6:2001:db8::1]x", "user@[IPv6:2001:db8::1]" },
		{ "user@[192.0.2.1", "" },
		{ "user@[]", "" },
		{ "a!#$%&'*+-/=?^_`{|}~z@d", "a!#$%&'*+-/=?^_`{|}~z@d" },
		{ "a..b.@docomo.example", "a..b.@docomo.example" },
		{ "host!user%relay@d", "host!user%relay@d" },
		{ "\"John \\\"Q\\\" Doe@x\"@example.com", "\"John \\\"Q\\\" Doe@x\"@example.com" },
		{ "\"\"@d", "\"\"@d" },
		{ "\"no end@d", "" },
		{ "\"line\nend\"@d", "" },
		{ "josé@exämple.com", "josé@exämple.com" },
		{ "用户@例子.广告>", "用户@例子.广告" },
		{ "δοκιμή@παράδειγμα.ελ,", "δοκιμή@παράδειγμα.ελ" },
		{ "user@example.jpは存在しません", "user@example.jp" },
		{ "user@abc公司.cn>", "user@abc公司.cn" },
		{ "user@abc--公司.cn", "user@abc" },
		{ "user@abc._公司.cn", "user@abc" },
		{ "user@example.com。", "user@example.com" },
		{ "“user@d", "" },
		{ "us\ufffder@d", "us\ufffder@d" },
		{ "😀@d", "😀@d" },
		{ "@d", "" },
		{ "user", "" },
		{ "user@", "" },
		{ "user @d", "" },
		{ "", "" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		gsize length = retour_address_match(retour_span_of(rows[i].text));
		if (length != strlen(rows[i].expected) ||
		    memcmp(rows[i].text, rows[i].expected, length) != 0)
			fail_msg("%s: matched %zu bytes", rows[i].text, length);
	}
}

static void
test_limit(void **state)
{
	(void)state;
	g_autofree char *local = g_strnfill(RETOUR_LIMIT_ADDRESS - 2, 'a');
	g_autofree char *longest = g_strconcat(local, "@d", NULL);
	g_autofree char *longer = g_strconcat(local, "@dd", NULL);
	assert_int_equal(retour_address_match(retour_span_of(longest)), RETOUR_LIMIT_ADDRESS);
	assert_int_equal(retour_address_match(retour_span_of(longer)), 0);
}

/* Every prefix in memory of its own length: nothing is read beyond it. */
static void
test_cut(void **state)
{
	(void)state;
	const char *const texts[] = { "\"a\\\"b\"@[IPv6:::1]", "用户@例子.广告", "a@b.c😀" };
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		for (gsize length = 0; length <= strlen(texts[i]); length++) {
			g_autofree char *copy = g_memdup2(texts[i], length);
			assert_true(retour_address_match(retour_span(copy, length)) <= length);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_match),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
