/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <string.h>

#include "sample.h"

#define U_FFFD "\xef\xbf\xbd"
/* 34 cells, the width of the address. */
#define DIGITS "0123456789012345678901234567890123"

static const struct {
	const char *name, *address, *cell;
} cells[] = {
	{ "short", "a@b.example", "a@b.example                       " },
	{ "absent", NULL, "                                  " },
	{ "fills the cell", DIGITS, DIGITS },
	{ "one too long", DIGITS "4", "012345678901234567890123456789012…" },
	{ "wide ones fill it", "一二三四五六七八九十一二三四五六七",
	  "一二三四五六七八九十一二三四五六七" },
	{ "a wide one is not halved", "一二三四五六七八九十一二三四五六七八",
	  "一二三四五六七八九十一二三四五六… " },
	{ "colour", "\x1b[31mred", U_FFFD "[31mred                          " },
	{ "new line", "a\nb", "a" U_FFFD "b                               " },
	{ "C1",
	  "\xc2\x9b"
	  "31m",
	  U_FFFD "31m                              " },
	{ "turns the reading direction",
	  "a\xe2\x80\xae"
	  "b",
	  "a" U_FFFD "b                               " },
	{ "invalid", "a\xff", "a" U_FFFD "                                " },
	{ "combining mark takes no cell", "e\xcc\x81@b",
	  "e\xcc\x81@b                               " },
};

static void
test_cells(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(cells); i++) {
		Sample sample;
		sample_init(&sample);
		sample.recipient.address = cells[i].address;
		g_autofree char *row = sample_format(&sample, RETOUR_FORMAT_TABLE, FALSE);
		g_autofree char *expected =
		        g_strconcat("bounce       hard   user-unknown            ", cells[i].cell,
		                    "               new/1690.eml\n", NULL);
		if (strcmp(row, expected) != 0)
			fail_msg("%s:\n%s not\n%s", cells[i].name, row, expected);
	}
}

static void
test_marks_are_not_piled_up(void **state)
{
	(void)state;
	g_autoptr(GString) address = g_string_new("e");
	for (guint i = 0; i < 10000; i++)
		g_string_append(address, "\xcc\x81");
	Sample sample;
	sample_init(&sample);
	sample.recipient.address = address->str;
	g_autofree char *row = sample_format(&sample, RETOUR_FORMAT_TABLE, FALSE);
	assert_true(strlen(row) < 500);
	assert_true(g_utf8_validate(row, -1, NULL));
}

static const struct {
	RetourStatus status;
	guint reply;
	const char *code;
} codes[] = {
	{ { 5, 1, 1 }, 550, "5.1.1 550  " },
	{ { 5, 1, 1 }, 0, "5.1.1      " },
	{ { 0 }, 550, "550        " },
	{ { 5, 999, 999 }, 550, "5.999.999 …" },
};

static void
test_codes(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(codes); i++) {
		Sample sample;
		sample_init(&sample);
		sample.verdict.status = codes[i].status;
		sample.verdict.reply = codes[i].reply;
		g_autofree char *row = sample_format(&sample, RETOUR_FORMAT_TABLE, FALSE);
		g_autofree char *expected = g_strconcat(codes[i].code, "  new/1690.eml\n", NULL);
		if (!g_str_has_suffix(row, expected))
			fail_msg("row %u: %s, not %s", i, row, expected);
	}
}

static const struct {
	const char *name;
	guint64 index;
	const char *cell;
} sources[] = {
	{ "inbox", 0, "inbox\n" },
	{ "inbox", 12, "inbox#12\n" },
	{ "/var/mail/a-rather-long-folder/with/more/0001.eml", 0,
	  "…er-long-folder/with/more/0001.eml\n" },
	{ "a\x1b[2J", 0, "a [2J\n" },
	{ NULL, 0, "\n" },
};

static void
test_sources(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(sources); i++) {
		Sample sample;
		sample_init(&sample);
		sample.source.name = sources[i].name;
		sample.source.index = sources[i].index;
		g_autofree char *row = sample_format(&sample, RETOUR_FORMAT_TABLE, FALSE);
		if (!g_str_has_suffix(row, sources[i].cell))
			fail_msg("row %u: %s, not %s", i, row, sources[i].cell);
	}
}

static void
test_no_recipient(void **state)
{
	(void)state;
	Sample sample;
	sample_init(&sample);
	sample.record = (RetourRecord){ .kind = RETOUR_KIND_UNREADABLE,
		                        .error = "passed the deadline of 8 s" };
	g_autofree char *row = sample_format(&sample, RETOUR_FORMAT_TABLE, FALSE);
	assert_true(g_str_has_prefix(row, "unreadable          passed the deadline o…  "));
}

static void
test_head(void **state)
{
	(void)state;
	g_autoptr(GString) out = g_string_new(NULL);
	retour_format_append_head(RETOUR_FORMAT_TABLE, out);
	assert_string_equal(
	        out->str,
	        "KIND         CLASS  REASON                  ADDRESS                             "
	        "CODE         SOURCE\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cells),        cmocka_unit_test(test_marks_are_not_piled_up),
		cmocka_unit_test(test_codes),        cmocka_unit_test(test_sources),
		cmocka_unit_test(test_no_recipient), cmocka_unit_test(test_head),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
