/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "intake/folder.h"

static char *work;

static int
set_up(void **state)
{
	(void)state;
	work = g_dir_make_tmp("retour-folder-XXXXXX", NULL);
	return work ? 0 : 1;
}

static void
remove_all(const char *path)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	for (const char *name; dir && (name = g_dir_read_name(dir));) {
		g_autofree char *entry = g_build_filename(path, name, NULL);
		remove_all(entry);
	}
	g_remove(path);
}

static int
tear_down(void **state)
{
	(void)state;
	remove_all(work);
	g_free(work);
	return 0;
}

static char *
make(const char *folder, const char *name, gboolean file)
{
	g_autofree char *path = g_build_filename(work, folder, name, NULL);
	g_autofree char *parent = file ? g_path_get_dirname(path) : g_strdup(path);
	assert_int_equal(g_mkdir_with_parents(parent, 0700), 0);
	if (file)
		assert_true(g_file_set_contents(path, "", 0, NULL));
	return g_steal_pointer(&path);
}

/* The entries within the folder, with a space behind each. (transfer full) */
static char *
list(RetourFolder *folder, const char *path)
{
	GString *got = g_string_new(NULL);
	RetourEntryType type;
	double done = 0, each = 0;
	for (const char *entry; (entry = retour_folder_next(folder, &type));) {
		double before = done;
		retour_folder_get_share(folder, &done, &each);
		assert_true(done > before && done <= 1);
		g_string_append_printf(got, "%s ", entry + strlen(path) + 1);
	}
	assert_int_equal(errno, 0);
	assert_true(done > 0.999);
	return g_string_free(got, FALSE);
}

/* However few names are held at once, the order is the same. */
static void
test_order(void **state)
{
	static const struct {
		const char *folder, *files, *folders, *wanted;
	} rows[] = {
		{ "plain", "9 10 b a c .hidden x y z w", "d", "10 9 a b c d w x y z " },
		{ "mh", ".mh_sequences 9 10 2 100 33 1000 b a", "inbox",
		  "2 9 10 33 100 1000 a b inbox " },
		{ "maildir", "new/3 new/1 cur/2:2,S cur/4:2, tmp/5 new/9 cur/8 cur/1",
		  "cur new tmp .Lists/cur .Lists/new .Lists/tmp .Bare",
		  "cur/1 new/1 cur/2:2,S new/3 cur/4:2, cur/8 new/9 .Lists " },
	};
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(GStrv) files = g_strsplit(rows[i].files, " ", -1);
		g_auto(GStrv) folders = g_strsplit(rows[i].folders, " ", -1);
		for (guint j = 0; folders[j]; j++)
			g_free(make(rows[i].folder, folders[j], FALSE));
		for (guint j = 0; files[j]; j++)
			g_free(make(rows[i].folder, files[j], TRUE));
		g_autofree char *path = g_build_filename(work, rows[i].folder, NULL);
		for (guint most = 1; most <= 12; most++) {
			RetourFolder *folder = retour_folder_open(path, most);
			assert_non_null(folder);
			g_autofree char *got = list(folder, path);
			if (strcmp(got, rows[i].wanted) != 0)
				fail_msg("%s by %u: \"%s\", not \"%s\"", rows[i].folder, most, got,
				         rows[i].wanted);
			retour_folder_free(folder);
		}
	}
}

/* What goes or comes between two readings: each name that stays is given once. */
static void
test_change(void **state)
{
	RetourEntryType type;
	(void)state;
	for (const char *name = "abcdefgh"; *name; name++)
		g_free(make("change", (const char[]){ *name, '\0' }, TRUE));
	g_autofree char *path = g_build_filename(work, "change", NULL);
	g_autofree char *c = g_build_filename(path, "c", NULL);
	g_autofree char *f = g_build_filename(path, "f", NULL);
	RetourFolder *folder = retour_folder_open(path, 3);
	assert_string_equal(retour_folder_next(folder, &type) + strlen(path) + 1, "a");
	g_unlink(c);
	g_unlink(f);
	g_free(make("change", "aa", TRUE));
	g_free(make("change", "dd", TRUE));
	g_autofree char *got = list(folder, path);
	assert_string_equal(got, "b c d dd e g h ");
	retour_folder_free(folder);
}

/* A folder that cannot be read to its end is told. */
static void
test_gone(void **state)
{
	RetourEntryType type;
	(void)state;
	g_free(make("gone", "a", TRUE));
	g_free(make("gone", "b", TRUE));
	g_autofree char *path = g_build_filename(work, "gone", NULL);
	g_autofree char *with_slash = g_strconcat(path, "/", NULL);
	RetourFolder *folder = retour_folder_open(path, 1);
	assert_non_null(retour_folder_next(folder, &type));
	remove_all(path);
	assert_null(retour_folder_next(folder, &type));
	assert_int_equal(errno, ENOENT);
	assert_string_equal(retour_folder_get_path(folder), with_slash);
	assert_null(retour_folder_next(folder, &type));
	assert_int_equal(errno, 0);
	retour_folder_free(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_change),
		cmocka_unit_test(test_gone),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
