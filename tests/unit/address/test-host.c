/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "address/host.h"

static const struct {
	const char *host, *organisation;
} rows[] = {
	{ "mx1.mail.example.com", "example.com" },
	{ "example.com", "example.com" },
	{ "mx.example.co.uk", "example.co.uk" },
	{ "example.co.uk", "example.co.uk" },
	{ "a.b.com.au", "b.com.au" },
	{ "co.example.com", "example.com" },
	{ "localhost", "localhost" },
	{ "", "" },
};

static void
test_organisation(void **state)
{
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		RetourSpan got = retour_host_organisation(retour_span_of(rows[i].host));
		if (!retour_span_equal(got, rows[i].organisation))
			fail_msg("%s: %.*s", rows[i].host, (int)got.length, got.data);
	}
}

static void
test_kin(void **state)
{
	(void)state;
	assert_true(retour_host_is_kin(retour_span_of("mx.Example.com"),
	                               retour_span_of("example.COM")));
	assert_false(retour_host_is_kin(retour_span_of("a.co.uk"), retour_span_of("b.co.uk")));
	assert_false(retour_host_is_kin(retour_span_of(""), retour_span_of("")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_organisation),
		cmocka_unit_test(test_kin),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
