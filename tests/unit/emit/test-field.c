/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <string.h>

#include "sample.h"

static const struct {
	const char *field, *value;
} fields[] = {
	{ "kind", "bounce" },
	{ "class", "hard" },
	{ "reason", "user-unknown" },
	{ "fault", "recipient" },
	{ "advice", "suppress" },
	{ "confidence", "high" },
	{ "permanence", "permanent" },
	{ "address", "user@example.com" },
	{ "status", "5.1.1" },
	{ "status-field", "5.0.0" },
	{ "reply", "550" },
	{ "command", "RCPT" },
	{ "never-reply", "true" },
	{ "action", "failed" },
	{ "key", "1f0c" },
	{ "diagnostic", "550 5.1.1  User unknown" },
	{ "message-id", "<1@mx.example.net>" },
	{ "original-message-id", "" },
	{ "recipients", "1" },
	{ "sender", "" },
	{ "date", "1970-01-01T00:00:00Z" },
	{ "last-attempt", "" },
	{ "because", "phrase:user-unknown/017" },
	{ "error", "" },
};

static void
fill(Sample *sample)
{
	sample_init(sample);
	sample->report.message_id = "<1@mx.example.net>";
	sample->report.date = 0;
	sample->recipient.action = RETOUR_ACTION_FAILED;
	sample->recipient.status_field = (RetourStatus){ 5, 0, 0 };
	sample->recipient.diagnostic = "550 5.1.1\r\nUser unknown";
	sample->verdict.status = (RetourStatus){ 5, 1, 1 };
	sample->verdict.reply = 550;
	sample->verdict.command = RETOUR_COMMAND_RCPT;
	sample->verdict.permanence = RETOUR_PERMANENCE_PERMANENT;
	sample->because[1] = (RetourBecause){ .rule = "phrase:user-unknown/017", .deciding = TRUE };
	sample->because[0] = (RetourBecause){ .rule = "reply:550" };
	sample->verdict.n_because = 2;
}

static void
test_fields(void **state)
{
	(void)state;
	Sample sample;
	fill(&sample);
	for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
		g_autoptr(GString) out = g_string_new("x=");
		if (!retour_format_append_field(&sample.record, fields[i].field, out))
			fail_msg("%s: no field", fields[i].field);
		if (strcmp(out->str + 2, fields[i].value) != 0)
			fail_msg("%s: %s, not %s", fields[i].field, out->str + 2, fields[i].value);
	}
}

static void
test_no_field(void **state)
{
	(void)state;
	static const char *const words[] = { "",       "kin",   "kinds",      "KIND",
		                             "source", "index", "never_reply" };
	Sample sample;
	fill(&sample);
	for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
		g_autoptr(GString) out = g_string_new(NULL);
		if (retour_format_append_field(&sample.record, words[i], out) || out->len)
			fail_msg("%s is a field", words[i]);
	}
}

/* Every name is known, with any record: of an unreadable one nothing but the kind and the error
 * comes out. */
static void
test_names(void **state)
{
	(void)state;
	RetourRecord record = { .kind = RETOUR_KIND_UNREADABLE, .error = "too large" };
	g_autoptr(GString) all = g_string_new(NULL);
	for (const char *const *name = retour_format_get_fields(); *name; name++) {
		g_autoptr(GString) out = g_string_new(NULL);
		if (!retour_format_append_field(&record, *name, out))
			fail_msg("%s is no field", *name);
		if (out->len)
			g_string_append_printf(all, "%s=%s;", *name, out->str);
	}
	assert_string_equal(all->str, "kind=unreadable;error=too large;recipients=0;");
}

static const struct {
	const char *name, *unit;
	gsize length;
} long_values[] = {
	{ "ASCII", "x", 1000 },
	{ "three bytes", "€", 999 },
	{ "four bytes", "😀", 1000 },
	{ "controls", "\n", 1000 },
	{ "marks of one letter", "\xcc\x81", 1000 },
};

static void
test_long_values(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(long_values); i++) {
		g_autoptr(GString) value = g_string_new(NULL);
		while (value->len <= 2000)
			g_string_append(value, long_values[i].unit);
		Sample sample;
		fill(&sample);
		sample.recipient.diagnostic = value->str;
		g_autoptr(GString) out = g_string_new(NULL);
		retour_format_append_field(&sample.record, "diagnostic", out);
		if (out->len != long_values[i].length || !g_utf8_validate(out->str, -1, NULL))
			fail_msg("%s: %zu bytes", long_values[i].name, out->len);
		if (strchr(out->str, '\n'))
			fail_msg("%s: not one line", long_values[i].name);
	}
}

static void
test_formats(void **state)
{
	(void)state;
	RetourFormat format = RETOUR_FORMAT_JSON;
	assert_true(retour_format_parse("table", &format));
	assert_int_equal(format, RETOUR_FORMAT_TABLE);
	assert_true(retour_format_parse("recipients", &format));
	assert_int_equal(format, RETOUR_FORMAT_RECIPIENTS);
	assert_false(retour_format_parse("JSON", &format));
	assert_false(retour_format_parse("", &format));
	assert_int_equal(format, RETOUR_FORMAT_RECIPIENTS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),  cmocka_unit_test(test_no_field),
		cmocka_unit_test(test_names),   cmocka_unit_test(test_long_values),
		cmocka_unit_test(test_formats),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
