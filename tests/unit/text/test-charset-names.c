/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "text/charset-names.h"

#include <string.h>

static void
test_lookup(void **state)
{
	(void)state;
	const struct {
		const char *label, *name;
	} rows[] = {
		{ "utf8", "utf-8" },
		{ " \"UTF-8\" ", "utf-8" },
		{ "'utf-8'", "utf-8" },
		{ "utf-8content-transfer-encoding:", "utf-8" },
		{ "3dutf-8", "utf-8" },
		{ "3D\"utf-8\"", "utf-8" },
		{ "charset=us-askey", "us-ascii" },
		{ "utf-8<html", "utf-8" },
		{ "us-asciithis", "us-ascii" },
		{ "cp932", "shift_jis" },
		{ "ansi_x3.4-1968", "us-ascii" },
		{ "iso-8859-1", "windows-1252" },
		{ "ISO8859_1", "windows-1252" },
		{ "latin1", "windows-1252" },
		{ "iso-8859-15", "iso-8859-15" },
		{ "iso-8859-11", "windows-874" },
		{ "iso-8859-9", "windows-1254" },
		{ "gbk", "gb18030" },
		{ "cp1251", "windows-1251" },
		{ "unicode-1-1-utf-7", "utf-7" },
		{ "iso-2022-jpcontent-transfer-encoding:", "iso-2022-jp" },
		{ "hebrew", "iso-8859-8" },
		{ "", NULL },
		{ "-", NULL },
		{ "IBM037", NULL },
		{ "UTF-8//TRANSLIT", "utf-8" },
		{ "ebcdic-us", NULL },
		{ "INTERNAL", NULL },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const RetourCharset *found = retour_charset_lookup(rows[i].label);
		if (g_strcmp0(found ? found->name : NULL, rows[i].name) != 0)
			fail_msg("\"%s\": got %s", rows[i].label, found ? found->name : "none");
	}
	assert_null(retour_charset_lookup(NULL));
}

/* Every key of every row leads to it: none hides another. */
static void
test_keys(void **state)
{
	(void)state;
	for (guint i = 0; i < retour_n_charsets; i++) {
		const RetourCharset *charset = &retour_charsets[i];
		g_auto(GStrv) keys = g_strsplit(charset->keys, " ", -1);
		for (guint j = 0; keys[j]; j++)
			if (*keys[j] && retour_charset_lookup(keys[j]) != charset)
				fail_msg("%s: key \"%s\" leads to another", charset->name, keys[j]);
		if (retour_charset_lookup(charset->name) != charset)
			fail_msg("%s: is no key of its own", charset->name);
	}
}

static void
test_hostile(void **state)
{
	(void)state;
	g_autofree char *label = g_strnfill(1 << 20, 'x');
	assert_null(retour_charset_lookup(label));
	memset(label, '-', 1 << 20);
	assert_null(retour_charset_lookup(label));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lookup),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_hostile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
