/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lmtp/keep.h"

static char *folder; /* of the test */

static int
set_up(void **state)
{
	(void)state;
	folder = g_dir_make_tmp("retour-keep-XXXXXX", NULL);
	return folder ? 0 : -1;
}

static int
tear_down(void **state)
{
	char *argv[] = { (char *)"rm", (char *)"-rf", folder, NULL };
	(void)state;
	g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
	g_free(folder);
	return 0;
}

static char *
read_file(const char *path)
{
	char *text = NULL;
	g_file_get_contents(path, &text, NULL, NULL);
	return text;
}

static void
test_lines(void **state)
{
	static const struct {
		const char *name, *before, *lines, *after;
	} rows[] = {
		{ "a new file", NULL, "a\n", "a\n" },
		{ "lines are appended", "a\n", "b\nc\n", "a\nb\nc\n" },
		{ "a line that was not finished goes", "a\nbc", "d\n", "a\nd\n" },
		{ "the only one too", "abc", "d\n", "d\n" },
		{ "nothing makes the file", NULL, "", "" },
		{ "nothing mends the file", "a\nb", "", "a\n" },
	};
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_build_filename(folder, "lines", NULL);
		g_autoptr(GString) lines = g_string_new(rows[i].lines);
		g_unlink(path);
		if (rows[i].before)
			assert_true(g_file_set_contents(path, rows[i].before, -1, NULL));
		if (!retour_keep_lines(path, lines, NULL))
			fail_msg("%s: not kept", rows[i].name);
		g_autofree char *after = read_file(path);
		if (g_strcmp0(after, rows[i].after) != 0)
			fail_msg("%s: %s", rows[i].name, after);
	}
}

/* The unfinished line may be longer than what is looked through at once. */
static void
test_long_tail(void **state)
{
	g_autofree char *path = g_build_filename(folder, "long", NULL);
	g_autofree char *tail = g_strnfill(100000, 'x');
	g_autofree char *before = g_strconcat("whole\n", tail, NULL);
	g_autoptr(GString) lines = g_string_new("next\n");
	(void)state;
	assert_true(g_file_set_contents(path, before, -1, NULL));
	assert_true(retour_keep_lines(path, lines, NULL));
	g_autofree char *after = read_file(path);
	assert_string_equal(after, "whole\nnext\n");
}

static void
test_lines_in_trouble(void **state)
{
	g_autoptr(GString) lines = g_string_new("a\n");
	g_autoptr(GError) error = NULL;
	g_autofree char *nowhere = g_build_filename(folder, "no", "where", NULL);
	(void)state;
	assert_false(retour_keep_lines(nowhere, lines, &error));
	assert_non_null(strstr(error->message, nowhere));
	if (access("/dev/full", W_OK) == 0)
		assert_false(retour_keep_lines("/dev/full", lines, NULL));
}

static guint
count_mails(const char *maildir, const char *part)
{
	g_autofree char *path = g_build_filename(maildir, part, NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	guint n = 0;
	while (dir && g_dir_read_name(dir))
		n++;
	return n;
}

static void
test_mail(void **state)
{
	g_autofree char *maildir = g_build_filename(folder, "Maildir", NULL);
	g_autoptr(GBytes) mail = g_bytes_new_static("Subject: a\n\nb\n", 14);
	g_autoptr(GError) error = NULL;
	(void)state;
	for (guint i = 0; i < 20; i++)
		assert_true(retour_keep_mail(maildir, mail, NULL));
	assert_int_equal(count_mails(maildir, "new"), 20);
	assert_int_equal(count_mails(maildir, "tmp"), 0);
	assert_false(retour_keep_mail("/proc/retour", mail, &error));
	assert_non_null(strstr(error->message, "/proc/retour"));
}

static void
test_command(void **state)
{
	static const struct {
		const char *name, *script, *error; /* NULL: it is content */
	} rows[] = {
		{ "it takes them", "cat >\"$0\"", NULL },
		{ "it reads nothing", "exit 0", NULL },
		{ "it refuses", "cat >/dev/null; exit 3", "3" },
		{ "it is killed", "kill -9 $$", "9" },
		{ "it hangs with what it started", "sleep 30 & wait", "took longer" },
		{ "it does not read and hangs", "sleep 30", "took longer" },
	};
	g_autofree char *path = g_build_filename(folder, "taken", NULL);
	g_autoptr(GString) lines = g_string_new(NULL);
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	/* More than a pipe holds. */
	for (guint i = 0; i < 20000; i++)
		g_string_append(lines, "a line of 20 letters\n");
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *argv[] = { (char *)"sh", (char *)"-c", (char *)rows[i].script, path, NULL };
		g_autoptr(GError) error = NULL;
		gint64 begun = g_get_monotonic_time();
		gboolean kept =
		        retour_keep_by_command(argv, lines, rows[i].error ? 1000 : 20000, &error);
		if (kept != !rows[i].error || (error && !strstr(error->message, rows[i].error)))
			fail_msg("%s: %d %s", rows[i].name, kept, error ? error->message : "");
		assert_true(g_get_monotonic_time() - begun < 20 * G_USEC_PER_SEC);
	}
	g_autofree char *taken = read_file(path);
	assert_string_equal(taken, lines->str);
	char *argv[] = { (char *)"/nonexistent", NULL };
	assert_false(retour_keep_by_command(argv, lines, 1000, NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_long_tail),
		cmocka_unit_test(test_lines_in_trouble),
		cmocka_unit_test(test_mail),
		cmocka_unit_test(test_command),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
