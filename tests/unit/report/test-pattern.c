/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "report/pattern.h"

/* A pattern over a line: "address|host|status|diagnostic" of the first match, NULL for none. */
static const struct {
	const char *pattern, *line, *found;
} rows[] = {
	{ "<{address}>: host {host} said: {diagnostic}",
	  "<u@x.example>: host mx.x.example[192.0.2.1] said: 550 no",
	  "u@x.example|mx.x.example[192.0.2.1]||550 no" },
	{ "{address}", "  u@x.example  ", "u@x.example|||" },
	{ "{address}", "u@x.example: no", NULL }, /* the whole line */
	{ "{address}{text}", "u@x.example: no", "u@x.example|||" },
	{ "TO: {address}", "to:    u@x.example", "u@x.example|||" }, /* case and blanks */
	{ "to: {address}", "to:u@x.example", NULL },
	{ "{text}failed: {address}", "delivery failed: u@x.example", "u@x.example|||" },
	{ "{text}failed: {address}", "failed: failed: u@x.example", "u@x.example|||" },
	{ "code {status} {word} end", "code 5.1.1 xyz end", "||5.1.1|" },
	{ "code {status}", "code 9.9.9", NULL },
	{ "{number} failed", "12 failed", "|||" },
	{ "{number} failed", "x failed", NULL },
	{ "a{blank}b", "ab", "|||" },
	{ "a{blank}b", "a   b", "|||" },
	{ "say {quote}{diagnostic}{quote}x", NULL, NULL },
	{ "k{quote}:{quote}{address}{text}", "k\\\":\\\"u@x.example\\\"", "u@x.example|||" },
	{ "{diagnostic} given up", "550 5.1.1 no such user given up", "|||550 5.1.1 no such user" },
	{ "{diagnostic}", "", "|||" },
	{ "x{text}y", "xaaaa", NULL },
};

static void
test_match(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		RetourPattern pattern;
		const char *fault = NULL;
		gboolean good =
		        retour_pattern_compile(retour_span_of(rows[i].pattern), &pattern, &fault);
		if (good != (rows[i].line != NULL))
			fail_msg("row %u \"%s\": %s", i, rows[i].pattern,
			         fault ? fault : "compiled");
		if (!good)
			continue;
		RetourCapture capture;
		g_autofree char *got = NULL;
		char status[RETOUR_STATUS_STRING_SIZE] = "";
		if (retour_pattern_match(&pattern, retour_span_of(rows[i].line), 0, &capture)) {
			if (retour_status_is_set(capture.status))
				retour_status_format(capture.status, status);
			got = g_strdup_printf(
			        "%.*s|%.*s|%s|%.*s", (int)capture.address.length,
			        capture.address.data, (int)capture.host.length, capture.host.data,
			        status, (int)capture.diagnostic.length, capture.diagnostic.data);
		}
		if (g_strcmp0(got, rows[i].found) != 0)
			fail_msg("row %u \"%s\": %s", i, rows[i].pattern, got ? got : "no match");
	}
}

static void
test_faults(void **state)
{
	(void)state;
	static const char *const bad[] = { "", "{text}", "{text}{text}", "{diagnostic}{address}" };
	for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
		RetourPattern pattern;
		const char *fault = NULL;
		if (retour_pattern_compile(retour_span_of(bad[i]), &pattern, &fault) || !fault)
			fail_msg("row %u \"%s\" was taken", i, bad[i]);
	}
	g_autoptr(GString) many = g_string_new(NULL);
	for (guint i = 0; i < RETOUR_PATTERN_PIECES; i++)
		g_string_append(many, "x{word}");
	RetourPattern pattern;
	const char *fault = NULL;
	assert_false(retour_pattern_compile(retour_span(many->str, many->len), &pattern, &fault));
}

/* Lines made to be slow end soon: this test would not end otherwise. */
static void
test_slow_lines(void **state)
{
	(void)state;
	static const struct {
		const char *pattern, *line;
	} slow[] = {
		{ "{text}a{text}b{text}c", "a" }, { "{text}a{word}x", "a" },
		{ "{text}a{address}b", "a@a." },  { "{text}k\":\"{address}", "k\":\"" },
		{ "{diagnostic}end", "en" },      { "{text}a b", "a " },
	};
	for (guint i = 0; i < G_N_ELEMENTS(slow); i++) {
		g_autoptr(GString) line = g_string_new(NULL);
		while (line->len < 1000000)
			g_string_append(line, slow[i].line);
		RetourPattern pattern;
		RetourCapture capture;
		const char *fault;
		assert_true(
		        retour_pattern_compile(retour_span_of(slow[i].pattern), &pattern, &fault));
		for (guint k = 0; k < 20; k++)
			retour_pattern_match(&pattern, retour_span(line->str, line->len), k,
			                     &capture);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_match),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_slow_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
