/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "http/address-range.h"

static gboolean
is_public(const char *text)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
		return retour_address_is_public((const struct sockaddr *)&in, sizeof in);
	assert_int_equal(inet_pton(AF_INET6, text, &in6.sin6_addr), 1);
	return retour_address_is_public((const struct sockaddr *)&in6, sizeof in6);
}

static void
test_ranges(void **state)
{
	static const struct {
		const char *address;
		gboolean expected;
	} rows[] = {
		{ "8.8.8.8", TRUE },
		{ "93.184.216.34", TRUE },
		{ "172.15.255.255", TRUE },
		{ "172.32.0.0", TRUE },
		{ "100.63.255.255", TRUE },
		{ "100.128.0.0", TRUE },
		{ "198.20.0.0", TRUE },
		{ "0.0.0.0", FALSE },
		{ "10.1.2.3", FALSE },
		{ "100.64.0.1", FALSE },
		{ "127.0.0.1", FALSE },
		{ "127.255.255.255", FALSE },
		{ "169.254.169.254", FALSE },
		{ "172.16.0.1", FALSE },
		{ "172.31.255.255", FALSE },
		{ "192.168.1.1", FALSE },
		{ "192.0.2.1", FALSE },
		{ "198.19.255.255", FALSE },
		{ "203.0.113.1", FALSE },
		{ "224.0.0.1", FALSE },
		{ "255.255.255.255", FALSE },
		{ "2a00:1450:4001::1", TRUE },
		{ "2606:4700::1111", TRUE },
		{ "::", FALSE },
		{ "::1", FALSE },
		{ "::ffff:127.0.0.1", FALSE },
		{ "::ffff:10.0.0.1", FALSE },
		{ "::ffff:8.8.8.8", TRUE },
		{ "::127.0.0.1", FALSE },
		{ "64:ff9b::a00:1", FALSE },
		{ "64:ff9b::808:808", TRUE },
		{ "64:ff9b:1::808:808", FALSE },
		{ "fe80::1", FALSE },
		{ "fc00::1", FALSE },
		{ "fdff::1", FALSE },
		{ "ff02::1", FALSE },
		{ "2001:db8::1", FALSE },
		{ "2001::1", FALSE },
		{ "2001:200::1", TRUE },
		{ "2002:7f00:1::", FALSE },
		{ "3fff::1", FALSE },
		{ "4000::1", FALSE },
	};
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (is_public(rows[i].address) != rows[i].expected)
			fail_msg("%s is %s", rows[i].address,
			         rows[i].expected ? "refused" : "let through");
	}
	const struct sockaddr other = { .sa_family = AF_UNIX };
	assert_false(retour_address_is_public(&other, sizeof other));
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_ranges) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
