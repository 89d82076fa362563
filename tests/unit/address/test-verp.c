/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "address/verp.h"

static const struct {
	const char *template, *address, *hidden; /* NULL: does not fit */
} rows[] = {
	{ "bounces+{local}={domain}@lists.example", "bounces+ada=orchard.example@lists.example",
	  "ada@orchard.example" },
	{ "bounces+{local}={domain}@lists.example", "BOUNCES+Ada=orchard.example@LISTS.example",
	  "Ada@orchard.example" },
	{ "bounces+{local}={domain}@lists.example", "bounces+ada=orchard.example@other.example",
	  NULL },
	{ "bounces+{local}={domain}@*", "bounces+ada=orchard.example@other.example",
	  "ada@orchard.example" },
	{ "bounces+{local}={domain}@*", "bounces+a=b=orchard.example@x.example",
	  "a=b@orchard.example" },
	{ "bounces+{local}={domain}@*", "bounces+ada@x.example", NULL },
	{ "bounces+{local}={domain}@*", "bounces+=x.example@x.example", NULL },
	{ "bounces+{local}={domain}@*", "bounces+ada=@x.example", NULL },
	{ "b-*-{local}={domain}@x.example", "b-42-ada=orchard.example@x.example",
	  "ada@orchard.example" },
	{ "b-*-{local}={domain}@x.example", "b-42-a-d-a=orchard.example@x.example",
	  "a-d-a@orchard.example" },
	{ "*-r-{local}={domain}@x.example", "news-r-ada=orchard.example@x.example",
	  "ada@orchard.example" },
	{ "{domain}.{local}-b@x.example", "example.ada-b@x.example", "ada@example" },
	{ "b+{domain}--{local}@x.example", "b+orchard.example--ada--x@x.example",
	  "ada--x@orchard.example" },
	{ "b+{local}={domain}+*@x.example", "b+ada=orchard.example+77@x.example",
	  "ada@orchard.example" },
	{ "b+{local}={domain}-end@x.example", "b+ada=orchard.example-end@x.example",
	  "ada@orchard.example" },
	{ "b+{local}={domain}-end@x.example", "b+ada=orchard.example@x.example", NULL },
	{ "b+{local}={domain}@x.example", "no address", NULL },
	{ "b+{local}={domain}@x.example", "", NULL },
};

static void
test_decode(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GString) out = g_string_new(NULL);
		gboolean fits = retour_verp_decode(retour_span_of(rows[i].template),
		                                   retour_span_of(rows[i].address), out);
		if (fits != (rows[i].hidden != NULL) ||
		    (fits && strcmp(out->str, rows[i].hidden) != 0))
			fail_msg("row %u \"%s\": \"%s\"", i, rows[i].address, out->str);
	}
}

static void
test_check(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"",
		"{local}={domain}",
		"b+{local}@x",
		"b+{domain}@x",
		"{local}{domain}@x",
		"{local}*{domain}@x",
		"{local}={domain}={local}@x",
		"x@{local}={domain}",
		"{local}={domain}@",
	};
	for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
		const char *fault = NULL;
		if (retour_verp_check(retour_span_of(bad[i]), &fault) || !fault)
			fail_msg("row %u \"%s\" was taken", i, bad[i]);
	}
	const char *fault = NULL;
	assert_true(retour_verp_check(retour_span_of(rows[0].template), &fault));
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_decode),
		                            cmocka_unit_test(test_check) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
