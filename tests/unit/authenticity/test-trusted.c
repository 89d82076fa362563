/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "authenticity/trusted.h"

/* What is read of a header: "ID: domain domain!" where "!" marks the domain that failed. */
static const struct {
	const char *name, *text, *expected;
} rows[] = {
	{ "dkim", "mx.a; dkim=pass header.d=b.example", "mx.a: b.example" },
	{ "a version", "mx.a 1; dkim=pass header.d=b.example", "mx.a: b.example" },
	{ "none", "mx.a; none", "mx.a:" },
	{ "nothing", "", ":" },
	{ "a comment with a semicolon",
	  "mx.a (x; dkim=pass header.d=c.example); dkim=fail header.d=b.example", "mx.a:" },
	{ "nested comments", "mx.a (a (b) c); spf=pass smtp.mailfrom=x@b.example",
	  "mx.a: b.example" },
	{ "a comment that never ends", "mx.a (; dkim=pass header.d=b.example", "mx.a:" },
	{ "quoted", "mx.a; spf=pass smtp.helo=\"b.example\"", "mx.a: b.example" },
	{ "a property of another method", "mx.a; spf=pass header.d=b.example", "mx.a:" },
	{ "case", "MX.A; DKIM=Pass Header.D=B.example", "MX.A: B.example" },
	{ "several",
	  "mx.a;\tspf=pass smtp.helo=a.example; dkim=pass header.i=@b.example header.s=s",
	  "mx.a: a.example b.example" },
	{ "failed", "mx.a; dmarc=fail (p=reject) header.from=b.example", "mx.a: b.example!" },
	{ "a failed signature disowns nothing", "mx.a; dkim=fail header.d=b.example", "mx.a:" },
	{ "a reason is no result", "mx.a; dkim=neutral reason=pass header.d=b.example", "mx.a:" },
	{ "no value", "mx.a; dkim=pass header.d=", "mx.a:" },
	{ "so many are kept",
	  "mx.a; dkim=pass header.d=1 header.d=2 header.d=3 header.d=4 header.d=5 header.d=6 "
	  "header.d=7 header.d=8 header.d=9",
	  "mx.a: 1 2 3 4 5 6 7 8" },
};

static void
append(GString *out, RetourSpan span)
{
	g_string_append_len(out, span.data, (gssize)span.length);
}

static void
test_rows(void **state)
{
	(void)state;
	g_autoptr(GString) scratch = g_string_new(NULL);
	guint wrong = 0;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		RetourTrusted trusted;
		g_autoptr(GString) shown = g_string_new(NULL);
		retour_trusted_read(retour_span_of(rows[i].text), scratch, &trusted);
		append(shown, trusted.authserv_id);
		g_string_append_c(shown, ':');
		for (guint j = 0; j < trusted.n_passed; j++) {
			g_string_append_c(shown, ' ');
			append(shown, trusted.passed[j]);
		}
		if (trusted.failed.length > 0) {
			g_string_append_c(shown, ' ');
			append(shown, trusted.failed);
			g_string_append_c(shown, '!');
		}
		if (!g_str_equal(shown->str, rows[i].expected))
			print_error("%s: got \"%s\", expected \"%s\"\n", rows[i].name, shown->str,
			            rows[i].expected);
		wrong += !g_str_equal(shown->str, rows[i].expected);
	}
	assert_int_equal(wrong, 0);
	G_STATIC_ASSERT(RETOUR_PASSED_MAX == 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
