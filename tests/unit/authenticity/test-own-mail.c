/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "authenticity/own-mail.h"

#include <string.h>

static const struct {
	const char *name;
	RetourOwnMailFact fact;
	const char *value, *fault; /* NULL: it is taken */
} rows[] = {
	{ "a pattern", RETOUR_OWN_MAIL_MESSAGE_ID, "*@lists.example", NULL },
	{ "everything", RETOUR_OWN_MAIL_MESSAGE_ID, "*", "tells nothing: write as in" },
	{ "everything with an at", RETOUR_OWN_MAIL_MESSAGE_ID, "*@*", "tells nothing" },
	{ "nothing", RETOUR_OWN_MAIL_HOST, "", "tells nothing" },
	{ "brackets", RETOUR_OWN_MAIL_MESSAGE_ID, "<*@lists.example>", "tells nothing" },
	{ "a host", RETOUR_OWN_MAIL_HOST, "*.lists.example", NULL },
	{ "any host", RETOUR_OWN_MAIL_HOST, "*.*", "tells nothing" },
	{ "a name", RETOUR_OWN_MAIL_AUTHSERV_ID, "mx.lists.example", NULL },
	{ "no file", RETOUR_OWN_MAIL_SENT, "/nowhere/sent", "/nowhere/sent" },
	{ "no keys", RETOUR_OWN_MAIL_KEYS, "/nowhere/keys", "/nowhere/keys" },
};

static void
test_add(void **state)
{
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(RetourOwnMail) own = retour_own_mail_new();
		g_autoptr(GError) error = NULL;
		gboolean taken = retour_own_mail_add(own, rows[i].fact, rows[i].value, &error);
		gboolean good = taken == !rows[i].fault &&
		                retour_own_mail_is_empty(own) == !taken &&
		                (taken || strstr(error->message, rows[i].fault));
		if (!good)
			print_error("%s: %s\n", rows[i].name, error ? error->message : "taken");
		assert_true(good);
	}
}

static void
test_levels(void **state)
{
	(void)state;
	RetourAuthentic level;
	for (guint i = RETOUR_AUTHENTIC_SUSPICIOUS; i <= RETOUR_AUTHENTIC_VERIFIED; i++) {
		assert_true(retour_authentic_parse(retour_authentic_to_string((RetourAuthentic)i),
		                                   &level));
		assert_int_equal(level, i);
	}
	assert_false(retour_authentic_parse("certain", &level));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_levels),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
