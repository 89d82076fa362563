/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "address/address.h"

#define VERP RETOUR_DISGUISE_VERP
#define BATV RETOUR_DISGUISE_BATV
#define SRS RETOUR_DISGUISE_SRS
#define IMCEA RETOUR_DISGUISE_IMCEA
#define NONE RETOUR_DISGUISE_NONE

static void
test_unveil(void **state)
{
	(void)state;
	const struct {
		const char *address;
		RetourDisguise disguise;
		const char *expected;
	} rows[] = {
		{ "list-bounces+user=example.com@list", VERP, "user@example.com" },
		{ "list-bounces+user+tag=example.com@list", VERP, "user+tag@example.com" },
		{ "bounces-main+user=example.com@d", VERP, "user@example.com" },
		{ "owner-list+a=b=example.com@d", VERP, "a=b@example.com" },
		{ "list-return-123-user=example.com@d", VERP, "user@example.com" },
		{ "list-return-123-mary-ann=example.com@d", VERP, "mary-ann@example.com" },
		{ "list-return-user=example.com@d", VERP, "user@example.com" },
		{ "list-owner-mary-ann=example.com@d", VERP, "mary-ann@example.com" },
		{ "news+bounces-110-user=example.com@d", VERP, "user@example.com" },
		{ "bounces+123-4a67-user=example.com@d", VERP, "user@example.com" },
		{ "bounces+123-4567-user-x=example.com@d", VERP, "user-x@example.com" },
		{ "bounce+9c9b99.c-user=example.com@d", VERP, "user@example.com" },
		{ "bounce-1234567-1234567-user=example.com@d", VERP, "user@example.com" },
		{ "bounces-1234-user=example.com@d", VERP, "user@example.com" },
		{ "b-88-reader=example.com@d", VERP, "reader@example.com" },
		{ "me+caf_=user=example.com@gmail.example", VERP, "user@example.com" },
		{ "bounce+user==a==example.com==list@d", VERP, "user@example.com" },
		{ "bounce+user==a==example.com@d", VERP, "user@example.com" },
		{ "user=example.com@d", VERP, "user@example.com" },
		{ "list+us\u00e9r=ex\u00e4mple.com@d", VERP, "us\u00e9r@ex\u00e4mple.com" },
		{ "prvs=0123abcdef=user@d", BATV, "user@d" },
		{ "PRVS=0123abcdef=user+tag@d", BATV, "user+tag@d" },
		{ "prvs=0123abcdef=list-bounces+u=e.com@d", BATV, "list-bounces+u=e.com@d" },
		{ "prvs=user/0123abcdef@d", BATV, "user@d" },
		{ "btv1==0123abcdef==user@d", BATV, "user@d" },
		{ "msprvs1=18123abcdef=bounces-1@d", BATV, "bounces-1@d" },
		{ "SRS0=zFhZ=SS=example.com=user@fwd", SRS, "user@example.com" },
		{ "srs0+zF+/=SS=example.com=us=er@fwd", SRS, "us=er@example.com" },
		{ "SRS0-zFhZ=SS=example.com=user@fwd", SRS, "user@example.com" },
		{ "SRS1=GGG=first.example==HHH=TT=example.com=user@fwd", SRS, "user@example.com" },
		{ "SRS1+GGG=first.example=+HHH=TT=example.com=user@fwd", SRS, "user@example.com" },
		{ "SRS1-GGG=first.example=-HHH=TT=example.com=user@fwd", SRS, "user@example.com" },
		{ "IMCEASMTP-user+40example+2Ecom@d", IMCEA, "user@example.com" },
		{ "imceainvalid-user+2Btag+40example+2Ecom@d", IMCEA, "user+tag@example.com" },
		{ "IMCEAEX-_O=X_OU=Y_cn=Z@d", NONE, "" },
		{ "IMCEASMTP-user+2Ename@d", NONE, "" },
		{ "user@d", NONE, "" },
		{ "user+tag@d", NONE, "" },
		{ "user+a=b@d", NONE, "" },
		{ "prvs=user@d", NONE, "" },
		{ "prvs=0123abcdef=@d", NONE, "" },
		{ "SRS0=zFhZ=SS=example.com@fwd", NONE, "" },
		{ "SRS0=@d", NONE, "" },
		{ "=@d", NONE, "" },
		{ "+@d", NONE, "" },
		{ "@d", NONE, "" },
		{ "user=example.com", NONE, "" },
		{ "", NONE, "" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GString) out = g_string_new("kept ");
		RetourDisguise disguise =
		        retour_address_unveil(retour_span_of(rows[i].address), out);
		if (disguise != rows[i].disguise || strcmp(out->str + 5, rows[i].expected) != 0)
			fail_msg("%s: %d \"%s\"", rows[i].address, disguise, out->str + 5);
	}
}

static void
test_hostile(void **state)
{
	(void)state;
	const char *const pieces[] = { "+",     "=",         "-return-",   "-return-1", "prvs=",
		                       "srs0=", "SRS1=a=b=", "-bounces+a", "+40",       "==a==" };
	for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
		g_autoptr(GString) address = g_string_new(NULL);
		while (address->len < 1000)
			g_string_append(address, pieces[i]);
		g_string_append(address, "@example.com");
		g_autoptr(GString) out = g_string_new(NULL);
		retour_address_unveil(retour_span(address->str, address->len), out);
		assert_true(out->len <= address->len);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unveil),
		cmocka_unit_test(test_hostile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
