/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "act/dsn.h"
#include "act/sign.h"
#include "act/template.h"

#include <string.h>

/* NULL: it is refused. */
static void
expect(RetourForm form, const char *template, const char *address, const char *expected)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GString) out = g_string_new("> ");
	RetourValues values = { 0 };
	values.values[RETOUR_VALUE_ADDRESS] = address;
	values.values[RETOUR_VALUE_URL] = "https://a.example/b?c=d";
	gboolean good = retour_template_expand(template, form, &values, out, &error);
	if (good != (expected != NULL) || strcmp(out->str + 2, expected ? expected : "") != 0)
		fail_msg("%s with \"%s\": %s", template, address, good ? out->str : error->message);
}

static void
test_forms(void **state)
{
	(void)state;
	expect(RETOUR_FORM_WORD, "a{address}{list}", "-x\n$(y)", "a-x\n$(y)");
	expect(RETOUR_FORM_WORD, "{}{ address}{Address}", "x", "{}{ address}{Address}");
	expect(RETOUR_FORM_WORD, "{address}", "{address}", "{address}");
	expect(RETOUR_FORM_LINE, "<{address}>", "a@b;c", "<a@b;c>");
	expect(RETOUR_FORM_LINE, "{address}", "a\nb", NULL);
	expect(RETOUR_FORM_LINE, "{address}", "a\x7f", NULL);
	expect(RETOUR_FORM_LINE, "{address}", "a b@c", NULL);
	expect(RETOUR_FORM_LINE, "{address}", "#a@c", NULL);
	expect(RETOUR_FORM_JSON, "{\"a\":\"{address}\"}", "\"\\\n", "{\"a\":\"\\\"\\\\\\n\"}");
	expect(RETOUR_FORM_JSON, "{address}", "\xff", "\xef\xbf\xbd");
	expect(RETOUR_FORM_FORM, "a={address}\nb=c", "x&y=%", "a=x%26y%3D%25&b=c");
	expect(RETOUR_FORM_URL, "{url}&x=", "", "https://a.example/b?c=d&x=");
}

static void
test_urls(void **state)
{
	(void)state;
	expect(RETOUR_FORM_URL, "https://h/m/{address}", "a b+c@d", "https://h/m/a%20b%2Bc%40d");
	expect(RETOUR_FORM_URL, "https://h/m/{address}", "a/../b@d", NULL);
	expect(RETOUR_FORM_URL, "https://h/m/{address}", "..", NULL);
	expect(RETOUR_FORM_URL, "https://h/m/{address}", "", NULL);
	expect(RETOUR_FORM_URL, "https://h/m?a={address}", "a/b&c", "https://h/m?a=a%2Fb%26c");
}

static void
test_unknown(void **state)
{
	g_autofree char *unknown = NULL;
	(void)state;
	assert_true(retour_template_check("{address} {\"x\": {}} {dsn}", &unknown));
	assert_false(retour_template_check("{address} {adress}", &unknown));
	assert_string_equal(unknown, "{adress}");
}

static void
test_dsn(void **state)
{
	g_autoptr(GString) out = g_string_new(NULL);
	RetourValues values = { 0 };
	(void)state;
	values.values[RETOUR_VALUE_ADDRESS] = "a@b.example\nStatus: 2.0.0";
	values.values[RETOUR_VALUE_CLASS] = "hard";
	values.values[RETOUR_VALUE_DIAGNOSTIC] = "550 gone\n--=_retour--";
	retour_dsn_write(&values, out);
	assert_non_null(strstr(out->str, "\nFinal-Recipient: rfc822; a@b.example Status: 2.0.0\n"));
	assert_non_null(strstr(out->str, "\nStatus: 5.0.0\n"));
	assert_non_null(strstr(out->str, "\nDiagnostic-Code: smtp; 550 gone --=_retour--\n"));
	assert_null(strstr(out->str, "\nStatus: 2.0.0"));
}

/* The example of the specification of Standard Webhooks. */
static void
test_signature(void **state)
{
	g_autoptr(GPtrArray) headers = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	(void)state;
	assert_true(retour_sign_request("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
	                                "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
	                                "{\"test\": 2432232314}", headers, &error));
	assert_int_equal(headers->len, 3);
	assert_string_equal(g_ptr_array_index(headers, 2),
	                    "webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
	assert_false(retour_sign_request("whsec_", "id", 0, "", headers, &error));
	assert_non_null(error);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),     cmocka_unit_test(test_urls),
		cmocka_unit_test(test_unknown),   cmocka_unit_test(test_dsn),
		cmocka_unit_test(test_signature),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
