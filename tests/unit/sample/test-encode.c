/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sample/encode.h"

static const struct {
	const char *name;
	RetourEncoding encoding;
	const char *bytes, *model, *encoded;
} rows[] = {
	{ "plain", RETOUR_ENCODING_PLAIN, "a\r\nb\n", "", "a\r\nb\n" },
	{ "quoted", RETOUR_ENCODING_QUOTED, "f\xc3\xbcr = \nx", "a\n", "f=C3=BCr =3D=20\nx" },
	{ "quoted, CRLF", RETOUR_ENCODING_QUOTED, "\xff\r\n\r\n", "a\r\n", "=FF\r\n\r\n" },
	{ "quoted, long", RETOUR_ENCODING_QUOTED,
	  "01234567890123456789012345678901234567890123456789012345678901234567890123456789",
	  "a\r\n",
	  "012345678901234567890123456789012345678901234567890123456789012345678901234=\r\n56789" },
	{ "base64", RETOUR_ENCODING_BASE64, "Hello", "QUJD\n", "SGVsbG8=\n" },
	{ "base64, lines as they were", RETOUR_ENCODING_BASE64, "HelloHello",
	  "QUJDQUJD\r\nQUJD\r\n", "SGVsbG9I\r\nZWxsbw==\r\n" },
	{ "base64, no last line end", RETOUR_ENCODING_BASE64, "Hello", "QUJD", "SGVsbG8=" },
	{ "nothing", RETOUR_ENCODING_BASE64, "", "QUJD\n", "" },
};

static void
test_rows(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GString) out = g_string_new(NULL), back = g_string_new(NULL);
		retour_encoding_encode(rows[i].encoding, retour_span_of(rows[i].bytes),
		                       retour_span_of(rows[i].model), out);
		if (strcmp(out->str, rows[i].encoded) != 0)
			fail_msg("%s: \"%s\", not \"%s\"", rows[i].name, out->str, rows[i].encoded);
		retour_encoding_decode(rows[i].encoding, retour_span(out->str, out->len), back);
		if (strcmp(back->str, rows[i].bytes) != 0)
			fail_msg("%s: read again it is \"%s\"", rows[i].name, back->str);
	}
}

static const struct {
	const char *text, *field;
} fields[] = {
	{ "plain text", "plain text" },
	{ "J\xc3\xbcrgen K <a@b.example>", "=?utf-8?B?SsO8cmdlbg==?= K <a@b.example>" },
	{ "<a@b.example> (\xc3\xbc)", "<a@b.example> (=?utf-8?B?w7w=?=)" },
};

static void
test_fields(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
		g_autoptr(GString) out = g_string_new(NULL);
		retour_append_field_text(retour_span_of(fields[i].text), "\n", out);
		assert_string_equal(out->str, fields[i].field);
	}
}

static void
test_lines(void **state)
{
	(void)state;
	static const char *const lines[] = { "a\r\n", "\r", "b\n", "\n", "c" };
	RetourSpan rest = RETOUR_SPAN_LITERAL("a\r\n\rb\n\nc"), line;
	for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
		assert_true(retour_take_line(&rest, &line));
		assert_int_equal(line.length, strlen(lines[i]));
		assert_memory_equal(line.data, lines[i], line.length);
	}
	assert_false(retour_take_line(&rest, &line));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
