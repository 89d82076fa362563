/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <string.h>

#include "sample.h"

#define HEAD                                                                                      \
	"source,index,kind,never_reply,message_id,original_message_id,address,final_recipient,"   \
	"original_recipient,"                                                                     \
	"read_by,action,status,status_field,reply,command,diagnostic,diagnostic_type,remote_mta," \
	"last_attempt,"                                                                           \
	"will_retry_until,class,reason,fault,advice,confidence,permanence,key,because,error,"     \
	"authentic\n"

/* The diagnostic is what a stranger writes: its cell as it comes out. */
static const struct {
	const char *name, *value, *csv, *tsv;
} cells[] = {
	{ "plain", "User unknown", "User unknown", "User unknown" },
	{ "comma", "a,b", "\"a,b\"", "a,b" },
	{ "quote", "say \"no\"", "\"say \"\"no\"\"\"", "say \"no\"" },
	{ "line end", "a\r\nb", "\"a\r\nb\"", "a  b" },
	{ "tab", "a\tb", "a b", "a b" },
	{ "tab in quotes", "a\tb,c", "\"a\tb,c\"", "a b,c" },
	{ "escape sequence", "a\x1b[2Jb", "a [2Jb", "a [2Jb" },
	{ "escape sequence in quotes", "a\x1b[2J,\xc2\x9b", "\"a [2J, \"", "a [2J, " },
	{ "formula =", "=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0" },
	{ "formula + with comma", "+1,2", "\"'+1,2\"", "'+1,2" },
	{ "formula -", "-2+3", "'-2+3", "'-2+3" },
	{ "formula @", "@SUM(A1)", "'@SUM(A1)", "'@SUM(A1)" },
	{ "formula behind a tab", "\t=1", "' =1", "' =1" },
	{ "formula behind a carriage return", "\r=1", "\"'\r=1\"", "' =1" },
	{ "formula in wide form", "＝1", "'＝1", "'＝1" },
	{ "sign inside", "a=1", "a=1", "a=1" },
	{ "invalid UTF-8", "a\xff,\xfe", "\"a\xef\xbf\xbd,\xef\xbf\xbd\"",
	  "a\xef\xbf\xbd,\xef\xbf\xbd" },
	{ "absent", NULL, "", "" },
};

static void
expect_cell(const char *name, RetourFormat format, const char *value, const char *cell)
{
	Sample sample;
	sample_init(&sample);
	sample.recipient.diagnostic = value;
	g_autofree char *row = sample_format(&sample, format, FALSE);
	char before[] = "new/1690.eml\t0\tbounce\ttrue\t\t\tuser@example.com\t\t\tdsn\t\t\t\t\t\t";
	char after[] = "\t\t\t\t\thard\tuser-unknown\trecipient\tsuppress\thigh\t\t1f0c\t\t\t\n";
	if (format == RETOUR_FORMAT_CSV) {
		g_strdelimit(before, "\t", ',');
		g_strdelimit(after, "\t", ',');
	}
	g_autofree char *expected = g_strconcat(before, cell, after, NULL);
	if (strcmp(row, expected) != 0)
		fail_msg("%s: %s, not %s", name, row, expected);
}

static void
test_cells(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(cells); i++) {
		expect_cell(cells[i].name, RETOUR_FORMAT_CSV, cells[i].value, cells[i].csv);
		expect_cell(cells[i].name, RETOUR_FORMAT_TSV, cells[i].value, cells[i].tsv);
	}
}

static void
test_head(void **state)
{
	(void)state;
	g_autoptr(GString) csv = g_string_new(NULL);
	g_autoptr(GString) tsv = g_string_new(NULL);
	retour_format_append_head(RETOUR_FORMAT_CSV, csv);
	retour_format_append_head(RETOUR_FORMAT_TSV, tsv);
	assert_string_equal(csv->str, HEAD);
	g_strdelimit(tsv->str, "\t", ',');
	assert_string_equal(tsv->str, HEAD);
}

static void
test_no_recipient(void **state)
{
	(void)state;
	Sample sample;
	sample_init(&sample);
	sample.record = (RetourRecord){ .kind = RETOUR_KIND_UNREADABLE, .error = "exited with 1" };
	sample.source.index = 3;
	g_autofree char *row = sample_format(&sample, RETOUR_FORMAT_CSV, FALSE);
	assert_string_equal(row,
	                    "new/1690.eml,3,unreadable,,,,,,,,,,,,,,,,,,,,,,,,,,exited with 1,\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_no_recipient),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
