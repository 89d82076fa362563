/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "address/address.h"

static void
test_equal(void **state)
{
	(void)state;
	const struct {
		const char *a, *b;
		gboolean equal;
	} rows[] = {
		{ "user@example.com", "User@EXAMPLE.com", TRUE },
		{ "user@example.com", "user@example.com.", TRUE },
		{ "user@example.com", "user2@example.com", FALSE },
		{ "user@example.com", "user@example.org", FALSE },
		{ "user@exämple.com", "user@xn--exmple-cua.com", TRUE },
		{ "user@EXÄMPLE.com", "user@exämple.com", TRUE },
		{ "JOSÉ@d", "josé@d", TRUE },
		{ "jose\u0301@d", "jos\u00e9@d", TRUE },
		{ "\"user\"@d", "user@d", TRUE },
		{ "\"us\\er\"@d", "user@d", TRUE },
		{ "root", "ROOT", TRUE },
		{ "root", "root@d", FALSE },
		{ "", "", TRUE },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (retour_address_equal(retour_span_of(rows[i].a), retour_span_of(rows[i].b)) !=
		    rows[i].equal)
			fail_msg("%s and %s", rows[i].a, rows[i].b);
}

static void
test_key(void **state)
{
	(void)state;
	const struct {
		const char *address, *key, *domain;
	} rows[] = {
		{ "User+Tag@Example.COM", "user+tag@example.com", "Example.COM" },
		{ "用户@例子.广告", "用户@xn--fsqu00a.xn--4rr70v", "例子.广告" },
		{ "user@[IPv6:2001:DB8::1]", "user@[ipv6:2001:db8::1]", "[IPv6:2001:DB8::1]" },
		{ "\"a@B\"@d", "a@b@d", "d" },
		{ "Root", "root", "" },
		{ "user@bad\ufffd.example", "user@bad\ufffd.example", "bad\ufffd.example" },
		{ "", "", "" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GString) key = g_string_new("kept ");
		RetourSpan address = retour_span_of(rows[i].address);
		retour_address_append_key(address, key);
		if (strcmp(key->str + 5, rows[i].key) != 0)
			fail_msg("%s: key \"%s\"", rows[i].address, key->str + 5);
		RetourSpan domain = retour_address_domain(address);
		if (domain.length != strlen(rows[i].domain) ||
		    memcmp(domain.data, rows[i].domain, domain.length) != 0)
			fail_msg("%s: domain %.*s", rows[i].address, (int)domain.length,
			         domain.data);
	}
}

static void
test_daemon(void **state)
{
	(void)state;
	const struct {
		const char *address;
		gboolean is_daemon;
	} rows[] = {
		{ "MAILER-DAEMON@example.com", TRUE },
		{ "mailer-daemon", TRUE },
		{ "<MAILER-DAEMON>", TRUE },
		{ "Postmaster@d", TRUE },
		{ "<>", TRUE },
		{ "", TRUE },
		{ "@d", TRUE },
		{ "MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@d", TRUE },
		{ "double-bounce@d", TRUE },
		{ "user@mailer-daemon.example", FALSE },
		{ "postmasters@d", FALSE },
		{ "user@d", FALSE },
		{ "bounces@d", FALSE },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (retour_address_is_daemon(retour_span_of(rows[i].address)) != rows[i].is_daemon)
			fail_msg("%s", rows[i].address);
}

/* A megabyte of letters that the IDNA conversion would take minutes for. */
static void
test_hostile(void **state)
{
	(void)state;
	g_autoptr(GString) address = g_string_new("user@");
	for (gunichar c = 0x4E00; address->len < 1 << 20; c = c < 0x9F00 ? c + 1 : 0x4E00)
		g_string_append_unichar(address, c);
	g_autoptr(GString) key = g_string_new(NULL);
	retour_address_append_key(retour_span(address->str, address->len), key);
	assert_true(key->len >= 1 << 20);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_key),
		cmocka_unit_test(test_daemon),
		cmocka_unit_test(test_hostile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
