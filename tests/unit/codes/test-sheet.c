/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <retour/codes.h>

#include <string.h>

static void
test_sizes(void **state)
{
	(void)state;
	const struct {
		const char *name;
		guint n_rows;
	} rows[] = {
		{ "replies", 88 },        { "enhanced", 81 }, { "subjects", 8 }, { "aliases", 312 },
		{ "contradictions", 35 }, { "pages", 5 },     { "reasons", 50 },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const RetourSheet *sheet = retour_sheet_find(rows[i].name);
		if (!sheet || retour_sheet_get_n_rows(sheet) != rows[i].n_rows)
			fail_msg("%s", rows[i].name);
	}
	assert_null(retour_sheet_find("secrets"));
	for (guint i = 0; i < retour_sheet_get_count(); i++) {
		const RetourSheet *sheet = retour_sheet_get(i);
		assert_ptr_equal(retour_sheet_find(retour_sheet_get_name(sheet)), sheet);
		assert_true(*retour_sheet_get_title(sheet) && *retour_sheet_get_about(sheet));
	}
}

/* The first row behind @after, by a text of it. */
static void
test_find(void **state)
{
	(void)state;
	const struct {
		const char *sheet, *column, *code;
		gint after;
		const char *shown, *expected; /* NULL: there is none */
	} rows[] = {
		{ "replies", "code", "550", -1, "reason", "user-unknown" },
		{ "replies", "code", "599", -1, NULL, NULL },
		{ "replies", "code", "", -1, NULL, NULL },
		{ "replies", "code", "55", -1, NULL, NULL },
		{ "replies", "code", "5500", -1, NULL, NULL },
		{ "enhanced", "code", "5.1.1", -1, "reason", "user-unknown" },
		{ "enhanced", "code", "x.1.1", -1, "reason", "user-unknown" },
		{ "enhanced", "code", "3.1.1", -1, NULL, NULL },
		{ "enhanced", "code", "5.1.11", -1, NULL, NULL },
		{ "contradictions", "codes", "5.4.1", -1, "id", "C07" },
		{ "contradictions", "codes", "4.3.0", -1, "id", "C06" },
		{ "contradictions", "codes", "503", -1, "id", "C22" },
		{ "contradictions", "codes", "5xx", -1, "id", "C02" },
		{ "contradictions", "codes", "5xx", 1, "id", "C04" },
		{ "aliases", "code", "421", -1, "page", "Bounce codes" },
		{ "aliases", "code", "550/553", -1, "tag", "tip" },
		{ "aliases", "code", "5.2.2", 311, NULL, NULL },
		{ "aliases", "kind", "421", -1, NULL, NULL },
		{ "commands", "command", "received DATA", -1, "reply", "250" },
		{ "digits", "digits", "4XX", -1, "title", "Transient negative completion" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const RetourSheet *sheet = retour_sheet_find(rows[i].sheet);
		gint row =
		        retour_sheet_find_row(sheet, rows[i].column, rows[i].code, rows[i].after);
		const char *got =
		        row < 0 ? NULL : retour_sheet_get_text(sheet, (guint)row, rows[i].shown);
		if (g_strcmp0(got, rows[i].expected) != 0)
			fail_msg("%s %s: got %s", rows[i].sheet, rows[i].code, got ? got : "none");
	}
}

static void
test_text(void **state)
{
	(void)state;
	const RetourSheet *sheet = retour_sheet_find("replies");
	assert_string_equal(retour_sheet_get_text(sheet, 0, "colour"), "");
	assert_string_equal(retour_sheet_get_text(sheet, 0, "code"),
	                    retour_sheet_get_cell(sheet, 0, 0));
	assert_string_equal(retour_sheet_get_column(sheet, 0), "code");
}

/* The sheets and what is compiled from them say the same. */
static void
test_agreement(void **state)
{
	(void)state;
	const RetourSheet *sheet = retour_sheet_find("reasons");
	for (guint i = 0; i < retour_reason_get_count(); i++) {
		const RetourReason *reason = retour_reason_get(i);
		assert_string_equal(retour_sheet_get_text(sheet, i, "reason"),
		                    retour_reason_get_name(reason));
		assert_string_equal(retour_sheet_get_text(sheet, i, "operator"),
		                    retour_reason_get_operator_advice(reason));
		assert_string_equal(retour_sheet_get_text(sheet, i, "sender"),
		                    retour_reason_get_sender_advice(reason));
		assert_true(*retour_reason_get_operator_advice(reason) &&
		            *retour_reason_get_sender_advice(reason));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_agreement),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
