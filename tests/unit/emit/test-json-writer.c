/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "emit/json-writer.h"

#define U_FFFD "\xef\xbf\xbd"

static const struct {
	const char *name, *value, *json;
} strings[] = {
	{ "plain", "User unknown", "\"User unknown\"" },
	{ "quote and backslash", "a\"b\\c", "\"a\\\"b\\\\c\"" },
	{ "slash stays", "a/b", "\"a/b\"" },
	{ "short escapes", "\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"" },
	{ "other controls", "\x01\x1b[31m\x1f\x7f", "\"\\u0001\\u001b[31m\\u001f\\u007f\"" },
	{ "C1", "\xc2\x9b", "\"\\u009b\"" },
	{ "next line",
	  "a\xc2\x85"
	  "b",
	  "\"a\\u0085b\"" },
	{ "line and paragraph separators", "\xe2\x80\xa8\xe2\x80\xa9", "\"\\u2028\\u2029\"" },
	{ "two, three and four bytes", "ü€😀", "\"ü€😀\"" },
	{ "no-break space is no control", "\xc2\xa0", "\"\xc2\xa0\"" },
	{ "replacement that was there", "a" U_FFFD "b", "\"a" U_FFFD "b\"" },
	{ "one invalid byte",
	  "a\xff"
	  "b",
	  "\"a" U_FFFD "b\"" },
	{ "a run of them",
	  "a\xff\xfe\x80"
	  "b",
	  "\"a" U_FFFD "b\"" },
	{ "two runs",
	  "\xff"
	  "a\xff",
	  "\"" U_FFFD "a" U_FFFD "\"" },
	{ "cut in the middle", "a\xe2\x82", "\"a" U_FFFD "\"" },
	{ "cut before a quote", "\xe2\x82\"", "\"" U_FFFD "\\\"\"" },
	{ "overlong slash", "\xc0\xaf", "\"" U_FFFD "\"" },
	{ "surrogate", "\xed\xa0\x80", "\"" U_FFFD "\"" },
	{ "beyond Unicode", "\xf4\x90\x80\x80", "\"" U_FFFD "\"" },
	{ "Latin-1", "Empf\xe4nger unbekannt", "\"Empf" U_FFFD "nger unbekannt\"" },
};

static void
test_strings(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(strings); i++) {
		g_autoptr(GString) out = g_string_new(NULL);
		retour_json_add(out, NULL, strings[i].value);
		if (strcmp(out->str, strings[i].json) != 0)
			fail_msg("%s: %s, not %s", strings[i].name, out->str, strings[i].json);
	}
}

/* What RFC 8259 7 allows between the quotes, less what we never write. */
static gboolean
is_string(const GString *text)
{
	if (text->len < 2 || text->str[0] != '"' || text->str[text->len - 1] != '"')
		return FALSE;
	for (gsize i = 1; i < text->len - 1; i++) {
		guchar c = (guchar)text->str[i];
		if (c < 0x20 || c == 0x7f || c == '"')
			return FALSE;
		if (c == '\\' && !strchr("\"\\bfnrtu", text->str[++i]))
			return FALSE;
	}
	return g_utf8_validate(text->str, (gssize)text->len, NULL);
}

static void
test_any_bytes(void **state)
{
	(void)state;
	/* Lead bytes, continuations, quotes and controls, so that every border is met. */
	static const char alphabet[] = "a\"\\\x01\x7f\x80\xa8\xbf\xc0\xc2\xe2\xed\xef\xf0\xf4\xff";
	g_autoptr(GRand) random = g_rand_new_with_seed(1);
	for (guint round = 0; round < 20000; round++) {
		char value[12];
		for (guint i = 0; i < sizeof value - 1; i++)
			value[i] = alphabet[g_rand_int_range(random, 0, sizeof alphabet - 1)];
		value[sizeof value - 1] = '\0';
		g_autoptr(GString) out = g_string_new(NULL);
		retour_json_add(out, NULL, value);
		if (!is_string(out))
			fail_msg("round %u: %s", round, out->str);
	}
}

static const struct {
	gint64 seconds;
	const char *text;
} times[] = {
	{ -1, NULL },
	{ 0, "1970-01-01T00:00:00Z" },
	{ 951782400, "2000-02-29T00:00:00Z" },
	{ 1795309323, "2026-11-22T01:02:03Z" },
	{ G_GINT64_CONSTANT(253402300799), "9999-12-31T23:59:59Z" },
	{ G_GINT64_CONSTANT(253402300800), NULL },
	{ G_MAXINT64, NULL },
	{ G_MININT64, NULL },
};

static void
test_times(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(times); i++) {
		char buffer[RETOUR_TIME_SIZE];
		const char *text = retour_time_format(times[i].seconds, buffer);
		if (g_strcmp0(text, times[i].text) != 0)
			fail_msg("%" G_GINT64_FORMAT ": %s, not %s", times[i].seconds, text,
			         times[i].text);
	}
}

static void
test_structure(void **state)
{
	(void)state;
	g_autoptr(GString) out = g_string_new(NULL);
	RetourJsonScope root = retour_json_begin(out, NULL, '{');
	retour_json_add(out, "absent", NULL);
	retour_json_add(out, "empty", "");
	RetourJsonScope nothing = retour_json_begin(out, "nothing", '{');
	RetourJsonScope inner = retour_json_begin(out, "inner", '[');
	retour_json_end(out, inner);
	retour_json_end(out, nothing);
	retour_json_add_any(out, "null_sender", "");
	RetourJsonScope array = retour_json_begin(out, "list", '[');
	retour_json_add(out, NULL, "{");
	retour_json_add_number(out, NULL, 0);
	retour_json_add_number(out, NULL, G_MAXUINT64);
	retour_json_end(out, array);
	RetourJsonScope object = retour_json_begin(out, "object", '{');
	retour_json_add_foreign(out, "x\"y\xff", "v");
	retour_json_add_foreign(out, "", "no name");
	retour_json_add_boolean(out, "yes", 4);
	retour_json_end(out, object);
	retour_json_add_boolean(out, "no", FALSE);
	retour_json_end(out, root);
	assert_string_equal(out->str,
	                    "{\"null_sender\":\"\",\"list\":[\"{\",0,18446744073709551615],"
	                    "\"object\":{\"x\\\"y" U_FFFD "\":\"v\",\"yes\":true},\"no\":false}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_any_bytes),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_structure),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
