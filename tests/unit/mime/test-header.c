/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mime/part.h"

/* A block and "name=value" of each header in it, joined by "|". */
static const struct {
	const char *block, *headers;
} blocks[] = {
	{ "", "" },
	{ "From: a@b\n", "From=a@b" },
	{ "From: a@b", "From=a@b" },
	{ "From:a@b\nTo : c@d \n", "From=a@b|To=c@d" },
	{ "Subject: one\n two\n\tthree\nTo: c\n", "Subject=one two\tthree|To=c" },
	{ "Subject: one\r\n two\r\nTo: c\r\n", "Subject=one two|To=c" },
	{ "Subject:\n one\n", "Subject=one" },
	{ "Subject:\nTo: c\n", "Subject=|To=c" },
	{ "Subject: one\n \nTo: c\n", "Subject=one|To=c" },
	{ "From: a\n\nTo: c\n", "From=a" },
	{ "From a@b Thu Jan  1\nTo: c\n", "To=c" },
	{ "From: a\nno field\n nor this\nTo: c\n", "From=a|To=c" },
	{ " To: c\nFrom: a\n", "From=a" },
	{ ": no name\nFrom: a\n", "From=a" },
	{ "Subject: =?utf-8?Q?B=C3=BCcher?=\n", "Subject=Bücher" },
};

static char *
list_headers(const RetourHeader *headers, guint n)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < n; i++)
		g_string_append_printf(out, "%s%s=%s", i > 0 ? "|" : "", headers[i].name,
		                       headers[i].value);
	return g_string_free(out, FALSE);
}

static void
test_parse(void **state)
{
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(blocks); i++) {
		g_autoptr(RetourArena) arena = retour_arena_new();
		guint n = 0;
		const RetourHeader *headers =
		        retour_headers_parse(arena, blocks[i].block, strlen(blocks[i].block), &n);
		g_autofree char *got = list_headers(headers, n);
		if (strcmp(got, blocks[i].headers) != 0)
			fail_msg("%s:\n  %s\nwant\n  %s", blocks[i].block, got, blocks[i].headers);
	}
}

/* The extent of a header is that of its raw value, whatever the number of headers. */
static void
test_extents(void **state)
{
	(void)state;
	g_autoptr(RetourArena) arena = retour_arena_new();
	g_autoptr(GString) block = g_string_new(NULL);
	for (guint i = 0; i < 100; i++)
		g_string_append_printf(block, "X-%u:  value\n %u \nno field\n", i, i);
	guint n = 0;
	const RetourHeader *headers = retour_headers_parse(arena, block->str, block->len, &n);
	assert_int_equal(n, 100);
	for (guint i = 0; i < n; i++) {
		g_autofree char *raw = g_strdup_printf("value\n %u", i);
		assert_int_equal(headers[i].length, strlen(raw));
		assert_memory_equal(block->str + headers[i].offset, raw, strlen(raw));
	}
}

static const struct {
	const char *in, *out;
} words[] = {
	{ "", "" },
	{ "plain  text", "plain  text" },
	{ "=?utf-8?Q?a_b=20c?=", "a b c" },
	{ "=?UTF-8?b?QsO8Y2hlcg==?=", "Bücher" },
	{ "=?iso-8859-1?q?B=FCcher?= more", "Bücher more" },
	{ "=?utf-8?q?a?= =?utf-8?q?b?=", "ab" },
	{ "=?utf-8?q?a?=\t =?iso-8859-1?q?=FC?=", "aü" },
	{ "=?utf-8?q?a?= x =?utf-8?q?b?=", "a x b" },
	/* A character split between two words. */
	{ "=?utf-8?B?Qg==?= =?utf-8?B?ww==?= =?utf-8?B?vGNoZXI=?=", "Bücher" },
	{ "=?utf-8*de?q?a?=", "a" },
	/* The text is not lost though the label lies. */
	{ "=?x-unheard-of?q?User_unknown?=", "User unknown" },
	{ "=?utf-8?q?B=FCcher?=", "Bücher" },
	{ "=?iso-2022-jp?B?GyRCJUYlOSVIGyhC?=", "テスト" },
	/* No words. */
	{ "=?", "=?" },
	{ "=?utf-8?", "=?utf-8?" },
	{ "=?utf-8?q?", "=?utf-8?q?" },
	{ "=?utf-8?q?never ended", "=?utf-8?q?never ended" },
	{ "=?utf-8?x?text?=", "=?utf-8?x?text?=" },
	{ "=??q?a?=", "=??q?a?=" },
	{ "a=?b", "a=?b" },
	/* Blanks inside, as some mailers write them. */
	{ "=?utf-8?q?two words?=", "two words" },
	/* No line ends into the value. */
	{ "=?utf-8?q?a=0D=0ABcc:_b?=", "a  Bcc: b" },
};

static void
test_words(void **state)
{
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
		g_autoptr(RetourArena) arena = retour_arena_new();
		const char *got = retour_header_decode(arena, words[i].in, strlen(words[i].in));
		if (strcmp(got, words[i].out) != 0)
			fail_msg("%s: %s, want %s", words[i].in, got, words[i].out);
	}
}

/* Many beginnings of words without an end cost linear time. */
static void
test_hostile_words(void **state)
{
	(void)state;
	g_autoptr(RetourArena) arena = retour_arena_new();
	g_autoptr(GString) in = g_string_new(NULL);
	for (guint i = 0; i < 100000; i++)
		g_string_append(in, "=?a?q?x");
	assert_string_equal(retour_header_decode(arena, in->str, in->len), in->str);
	g_string_truncate(in, 0);
	for (guint i = 0; i < 100000; i++)
		g_string_append(in, "=?a?q?x?= ");
	assert_int_equal(strlen(retour_header_decode(arena, in->str, in->len)), 100000);
}

static const struct {
	const char *text;
	gint64 seconds; /* -1: none */
} dates[] = {
	{ "Thu, 01 Jan 1970 00:00:10 +0000", 10 },
	{ "1 Jan 1970 01:00:10 +0100", 10 },
	{ "Thu, 1 Jan 1970 00:00:10 GMT (comment)", 10 },
	{ "Sun, 22 Nov 2026 02:02:03 +0100 (CET)", 1795309323 },
	{ "Sun, 22 Nov 26 01:02:03 +0000", 1795309323 },
	{ "Sun, 29 Feb 2004 12:00:00 -0330", 1078068600 },
	{ "Tue, 31 Dec 2030 23:59:59 +0000", 1924991999 },
	{ "Fri, 30 Apr 2010 23:45:10 +0900", 1272638710 },
	{ "Fri, 30 Apr 2010 23:45:10 -0130", 1272676510 },
	{ "Sat, 1 Mar 1980 00:00:00 +0000", 320716800 },
	{ "Fri, 30 Feb 2010 00:00:00 +0000", -1 },
	{ "Fri, 30 Apr 2010 23:45", 1272671100 },
	{ "", -1 },
	{ "yesterday", -1 },
	{ "99 99 99", -1 },
};

static void
test_dates(void **state)
{
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(dates); i++) {
		gint64 seconds = -1;
		gboolean good = retour_date_parse(dates[i].text, &seconds);
		if (good != (dates[i].seconds >= 0) || seconds != dates[i].seconds)
			fail_msg("%s: %" G_GINT64_FORMAT, dates[i].text, seconds);
	}
}

static void
test_get(void **state)
{
	(void)state;
	static const char mail[] = "Received: one\nreceived: two\nSubject: s\nRECEIVED: three\n\n";
	g_autoptr(RetourPartTree) tree = retour_part_tree_read(mail, sizeof(mail) - 1);
	assert_string_equal(retour_part_get_value(tree->root, "Received"), "one");
	assert_string_equal(retour_part_get_header_nth(tree->root, "Received", 2)->value, "three");
	assert_null(retour_part_get_header_nth(tree->root, "Received", 3));
	assert_null(retour_part_get_header(tree->root, "To"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse), cmocka_unit_test(test_extents),
		cmocka_unit_test(test_words), cmocka_unit_test(test_hostile_words),
		cmocka_unit_test(test_dates), cmocka_unit_test(test_get),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
