/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "address/address.h"

static void
test_field(void **state)
{
	(void)state;
	const struct {
		const char *value, *type, *expected; /* NULL: no mailbox */
	} rows[] = {
		{ "rfc822; user@example.com", "rfc822", "user@example.com" },
		{ "RFC822;user@example.com", "rfc822", "user@example.com" },
		{ "rfc822 ; <user@example.com>", "rfc822", "user@example.com" },
		{ "rfc822;rfc822;user@d", "rfc822", "user@d" },
		{ "rfc822; user@example.com (expanded from <x@y>)", "rfc822", "user@example.com" },
		{ "rfc822;(a (deep \\) x@y) comment) user@d", "rfc822", "user@d" },
		{ "rfc822; user@d (no end", "rfc822", "user@d" },
		{ "user@d", "", "user@d" },
		{ "  <user@d>  ", "", "user@d" },
		{ "Name <user@d>", "", "user@d" },
		{ "\"Doe, <John>\" <user@d>", "", "user@d" },
		{ "=?utf-8?q?x=40y?= <user@d>", "", "user@d" },
		{ "a@b, c@d", "", "a@b" },
		{ "rfc822; user@d.", "rfc822", "user@d" },
		{ "rfc822; @a,@b:user@d", "rfc822", "user@d" },
		{ "rfc822; <@a,@b:user@d>", "rfc822", "user@d" },
		{ "<mailto:user@d>", "", "user@d" },
		{ "<user@d", "", "user@d" },
		{ "<<user@d>>", "", "user@d" },
		{ "rfc822; \"John (x) Doe\"@d", "rfc822", "\"John (x) Doe\"@d" },
		{ "rfc822; root", "rfc822", "root" },
		{ "root", "", "root" },
		{ "<root>", "", "root" },
		{ "rfc822; \"John Doe\"", "rfc822", "\"John Doe\"" },
		{ "rfc822; user@localhost", "rfc822", "user@localhost" },
		{ "unknown; user@d", "unknown", "user@d" },
		{ "unknown; user", "unknown", NULL },
		{ "x400; /G=A/S=B/", "x400", NULL },
		{ "X-Local;user@d", "x-local", "user@d" },
		{ "X-Own; user@d", "X-Own", "user@d" },
		{ "utf-8; us\\x{E9}r@d\\x{E4}.example", "utf-8", "usér@dä.example" },
		{ "UTF-8; usér@d", "utf-8", "usér@d" },
		{ "rfc822; us\\x{E9}r@d", "rfc822", "us\u00e9r@d" },
		{ "rfc822; δοκιμή@παράδειγμα.ελ", "rfc822", "δοκιμή@παράδειγμα.ελ" },
		{ "<>", "", NULL },
		{ "rfc822; <>", "rfc822", NULL },
		{ "", "", NULL },
		{ "rfc822;", "rfc822", NULL },
		{ "undisclosed-recipients:;", "", NULL },
		{ "undisclosed-recipients: ;", "", NULL },
		{ "(only a comment)", "", NULL },
		{ "two words", "", NULL },
		{ "@", "", NULL },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GString) out = g_string_new("kept ");
		RetourSpan type = { NULL, 0 };
		gboolean found =
		        retour_address_from_field(retour_span_of(rows[i].value), &type, out);
		const char *got = out->str + 5;
		if (found != (rows[i].expected != NULL) ||
		    strcmp(got, found ? rows[i].expected : "") != 0)
			fail_msg("%s: got \"%s\"", rows[i].value, got);
		if (type.length != strlen(rows[i].type) ||
		    memcmp(type.data, rows[i].type, type.length) != 0)
			fail_msg("%s: type %.*s", rows[i].value, (int)type.length, type.data);
	}
}

/* A megabyte of each: ctest's time limit is the judge. */
static void
test_hostile(void **state)
{
	(void)state;
	const char *const pieces[] = { "(", ")",   "()", "<",  "<>",         "\"",   "\\(",
		                       "@", "@a:", ";",  "a;", "utf-8;\\x{", "a@b,", "a" };
	for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
		g_autoptr(GString) text = g_string_new(NULL);
		while (text->len < 1 << 20)
			g_string_append(text, pieces[i]);
		g_autoptr(GString) out = g_string_new(NULL);
		RetourSpan type;
		retour_address_from_field(retour_span(text->str, text->len), &type, out);
		assert_true(out->len < 2000);
	}
	g_autoptr(GString) out = g_string_new(NULL);
	RetourSpan type;
	assert_false(retour_address_from_field(retour_span(NULL, 0), &type, out));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_field),
		cmocka_unit_test(test_hostile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
