/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "intake/intake.h"

#define TEXT "0123456789\n>From here\n"

static char *folder, *file;

static int
set_up(void **state)
{
	(void)state;
	folder = g_dir_make_tmp("retour-load-XXXXXX", NULL);
	file = g_build_filename(folder, "mail", NULL);
	return folder && g_file_set_contents(file, TEXT, -1, NULL) ? 0 : 1;
}

static int
tear_down(void **state)
{
	(void)state;
	g_unlink(file);
	g_rmdir(folder);
	g_free(file);
	g_free(folder);
	return 0;
}

typedef struct {
	const char *name;
	guint64 offset, length;
	gsize limit;
	gboolean mboxrd;
	const char *want;
} Row;

static const Row rows[] = {
	{ "whole", 0, 22, 100, FALSE, TEXT },
	{ "inside", 3, 4, 100, FALSE, "3456" },
	{ "limit", 3, 10, 2, FALSE, "34" },
	{ "nothing", 3, 0, 2, FALSE, "" },
	{ "limit of nothing", 3, 10, 0, FALSE, "" },
	{ "shorter than told", 11, 4000, 8000, FALSE, ">From here\n" },
	{ "behind the end", 100, 10, 100, FALSE, "" },
	{ "unquoted", 11, 11, 100, TRUE, "From here\n" },
};

static void
test_rows(void **state)
{
	(void)state;
	g_autoptr(GByteArray) buffer = g_byte_array_new();
	g_autoptr(GBytes) bytes = g_bytes_new_static(TEXT, strlen(TEXT));
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const RetourIntakeItem item = { .path = file,
			                        .offset = rows[i].offset,
			                        .length = rows[i].length,
			                        .mboxrd = rows[i].mboxrd };
		assert_null(retour_intake_load(&item, rows[i].limit, TRUE, buffer));
		g_autofree char *got = g_strdup_printf("%.*s", (int)buffer->len, buffer->data);
		if (!g_str_equal(got, rows[i].want))
			fail_msg("row \"%s\": \"%s\"", rows[i].name, got);
	}
	const RetourIntakeItem item = { .bytes = bytes, .length = 22, .mboxrd = TRUE };
	assert_null(retour_intake_load(&item, 20, TRUE, buffer));
	assert_int_equal(buffer->len, 19);
	assert_memory_equal(buffer->data, "0123456789\nFrom her", 19);
}

static void
test_trouble(void **state)
{
	(void)state;
	g_autoptr(GByteArray) buffer = g_byte_array_new();
	RetourIntakeItem item = { .path = "/nowhere/at/all", .length = 5 };
	assert_string_equal(retour_intake_load(&item, 100, TRUE, buffer), g_strerror(ENOENT));
	item.path = folder;
	assert_string_equal(retour_intake_load(&item, 100, TRUE, buffer), g_strerror(EISDIR));
	/* No waiting for a writer who never comes. */
	g_autofree char *fifo = g_build_filename(folder, "fifo", NULL);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	item.path = fifo;
	assert_string_equal(retour_intake_load(&item, 100, TRUE, buffer), g_strerror(EINVAL));
	g_unlink(fifo);
}

static void
test_drain(void **state)
{
	(void)state;
	static const gsize limits[] = { 0, 5, 22, 100 };
	g_autoptr(GByteArray) buffer = g_byte_array_new();
	for (gsize i = 0; i < G_N_ELEMENTS(limits); i++) {
		int fd = open(file, O_RDONLY | O_CLOEXEC);
		assert_true(retour_intake_drain(fd, limits[i], buffer));
		assert_int_equal(buffer->len, MIN(22, limits[i]));
		assert_memory_equal(buffer->data, TEXT, buffer->len);
		assert_int_equal(lseek(fd, 0, SEEK_CUR), 22);
		close(fd);
	}
	assert_false(retour_intake_drain(-1, 5, buffer));
	assert_int_equal(errno, EBADF);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_trouble),
		cmocka_unit_test(test_drain),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
