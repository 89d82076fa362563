/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mime/guard.h"
#include "mime/header.h"

/* What GMime is shown of a mail: of a header block that it takes for one too, the first field, what
 * tells of the content, lines that are no fields, and the field before a line of dashes. */
static const struct {
	const char *name, *mail, *shown;
} rows[] = {
	{ "one field", "A: b\n\nc\n", "A: b\n\nc\n" },
	{ "two fields", "A: b\nC: d\n\nE: f\n", "A: b\n\nE: f\n" },
	{ "folded", "A: b\n c\nD: e\n\tf\n g\nH: i\n\nj\n", "A: b\n c\n\nj\n" },
	{ "CRLF", "A: b\r\nC: d\r\n e\r\n\r\nf\r\n", "A: b\r\n\r\nf\r\n" },
	{ "no empty line", "A: b\nC: d\n", "A: b\nC: d\n" },
	{ "the content's", "A: b\nC: d\nContent-Type: text/plain\nE: f\ncontent-id: g\n\nh\n",
	  "A: b\nContent-Type: text/plain\ncontent-id: g\n\nh\n" },
	{ "the content's first", "Content-Type: text/plain\nA: b\nC: d\n\ne\n",
	  "Content-Type: text/plain\n\ne\n" },
	{ "no field", "A: b\nC: d\njunk\nE: f\n\ng\n", "A: b\njunk\n\ng\n" },
	{ "no field first", "junk\nA: b\nC: d\n\ne\n", "junk\nA: b\n\ne\n" },
	{ "odd names", "A: b\nC : d\nE\xc3\xa9: f\n-G: h\n\ni\n",
	  "A: b\nC : d\nE\xc3\xa9: f\n-G: h\n\ni\n" },
	{ "a blank line goes on", "A: b\nC: d\nE: f\n \nG: h\n\ni\n", "A: b\nE: f\n \n\ni\n" },
	{ "dashes", "A: b\nC: d\nE: f\n--x\nG: h\nI: j\n\nk\n",
	  "A: b\nE: f\n--x\nG: h\nI: j\n\nk\n" },
	{ "a part",
	  "A: b\nContent-Type: multipart/mixed; boundary=x\n\nA: b\nC: d\n\n"
	  "--x\nA: b\nC: d\n\ne\n--x--\nA: b\nC: d\n\n",
	  "A: b\nContent-Type: multipart/mixed; boundary=x\n\nA: b\nC: d\n\n"
	  "--x\nA: b\n\ne\n--x--\nA: b\nC: d\n\n" },
	{ "no part",
	  "A: b\nContent-Type: multipart/mixed; boundary=x\n\n--y\nA: b\nC: d\n\ne\n--x--\n",
	  "A: b\nContent-Type: multipart/mixed; boundary=x\n\n--y\nA: b\nC: d\n\ne\n--x--\n" },
	{ "a message inside",
	  "A: b\nContent-Type: message/rfc822\nC: d\n\nA: b\nC: d\n\nE: f\nG: h\n\n",
	  "A: b\nContent-Type: message/rfc822\n\nA: b\n\nE: f\nG: h\n\n" },
	{ "an encoded one",
	  "A: b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\nC: d\n\nA: b\nC: "
	  "d\n\n",
	  "A: b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nA: b\nC: "
	  "d\n\n" },
};

/* In pieces of @step bytes. */
static char *
read_stream(const RetourView *view, gsize step)
{
	g_autoptr(GMimeStream) stream = retour_view_stream(view);
	GString *out = g_string_new(NULL);
	char buffer[64];
	for (ssize_t n; (n = g_mime_stream_read(stream, buffer, step)) > 0;)
		g_string_append_len(out, buffer, n);
	assert_true(g_mime_stream_eos(stream));
	assert_int_equal(g_mime_stream_length(stream), out->len);
	return g_string_free(out, FALSE);
}

/* The bytes that stand where those that GMime sees are said to. */
static char *
read_positions(const RetourView *view, gsize length)
{
	GString *out = g_string_new(NULL);
	for (gsize i = 0; i < length; i++)
		g_string_append_c(out, retour_view_byte(view, retour_view_position(view, i)));
	return g_string_free(out, FALSE);
}

static void
test_shown(void **state)
{
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(RetourView) view;
		RetourGuardBudget budget = { 0 };
		RetourSpan mail = retour_span_of(rows[i].mail);
		retour_view_init(&view);
		guint cuts = retour_guard_scan(mail, 0, FALSE, &budget, &view);
		g_autofree char *all = read_stream(&view, 64);
		g_autofree char *bytes = read_stream(&view, 1);
		g_autofree char *there = read_positions(&view, strlen(rows[i].shown));
		if (cuts != 0 || view.length != mail.length || strcmp(all, rows[i].shown) != 0 ||
		    strcmp(bytes, all) != 0 || strcmp(there, all) != 0)
			fail_msg("%s: cuts %u, %s", rows[i].name, cuts, all);
	}
}

static void
test_substream(void **state)
{
	(void)state;
	g_auto(RetourView) view;
	retour_view_init(&view);
	retour_view_append(&view, RETOUR_SPAN_LITERAL("ab"), 0, FALSE);
	for (gsize at = 2; at < 8; at += 4) {
		retour_view_append(&view, RETOUR_SPAN_LITERAL("xy"), at, FALSE);
		retour_view_hide(&view, at);
		retour_view_append(&view, RETOUR_SPAN_LITERAL("cd"), at + 2, FALSE);
	}
	g_autoptr(GMimeStream) stream = retour_view_stream(&view);
	g_autoptr(GMimeStream) part = g_mime_stream_substream(stream, 1, 5);
	char buffer[16];
	assert_int_equal(g_mime_stream_read(part, buffer, sizeof(buffer)), 4);
	assert_memory_equal(buffer, "bcdc", 4);
	assert_int_equal(g_mime_stream_seek(part, 3, GMIME_STREAM_SEEK_SET), 3);
	assert_int_equal(g_mime_stream_read(part, buffer, sizeof(buffer)), 2);
	assert_memory_equal(buffer, "dc", 2);
}

int
main(void)
{
	retour_mime_init();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shown),
		cmocka_unit_test(test_substream),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
