/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "intake/ahead.h"

#define SIZE (16 * 1024)

static char *folder;

static int
setup(void **state)
{
	(void)state;
	folder = g_dir_make_tmp("retour-ahead-XXXXXX", NULL);
	return folder ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	g_rmdir(folder);
	g_free(folder);
	return 0;
}

static char *
make_file(const char *name)
{
	static const char bytes[SIZE] = { 0 };
	char *path = g_build_filename(folder, name, NULL);
	assert_true(g_file_set_contents(path, bytes, SIZE, NULL));
	return path;
}

static gboolean
is_in_memory(const char *path)
{
	unsigned char page = 0;
	int fd = open(path, O_RDONLY);
	gpointer mapped = mmap(NULL, SIZE, PROT_READ, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(mapped, MAP_FAILED);
	assert_int_equal(mincore(mapped, 1, &page), 0);
	munmap(mapped, SIZE);
	close(fd);
	return page & 1;
}

static void
drop(const char *path)
{
	int fd = open(path, O_RDWR);
	assert_int_equal(fsync(fd), 0);
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	close(fd);
}

/* It comes into memory although nobody reads it. */
static void
test_asked(void **state)
{
	(void)state;
	RetourAhead ahead = { 0 };
	g_autofree char *path = make_file("mail");
	drop(path);
	gboolean can_be_dropped = !is_in_memory(path);
	if (can_be_dropped) {
		retour_ahead_ask(&ahead, path);
		assert_true(retour_ahead_wants(&ahead));
		for (guint i = 0; i < 5000 && !is_in_memory(path); i++)
			g_usleep(1000);
		assert_true(is_in_memory(path));
	}
	g_unlink(path);
	/* A file system in memory drops nothing. */
	if (!can_be_dropped)
		skip();
}

/* Where one is in memory the next ones are not looked at, until one is again. */
static void
test_in_memory(void **state)
{
	(void)state;
	RetourAhead ahead = { 0 };
	guint skipped = 0;
	g_autofree char *path = make_file("mail");
	assert_true(retour_ahead_wants(&ahead));
	retour_ahead_ask(&ahead, path);
	while (skipped < 100 && !retour_ahead_wants(&ahead))
		skipped++;
	/* None, on a file system that does not tell. */
	assert_true(skipped == 15 || skipped == 0);
	g_unlink(path);
}

/* What is no file is not opened: a FIFO would tell its writer that somebody reads. */
static void
test_no_file(void **state)
{
	(void)state;
	RetourAhead ahead = { 0 };
	g_autofree char *fifo = g_build_filename(folder, "fifo", NULL);
	g_autofree char *nothing = g_build_filename(folder, "nothing", NULL);
	const char *const paths[] = { fifo, nothing, folder };
	assert_int_equal(mkfifo(fifo, 0600), 0);
	alarm(10);
	for (guint i = 0; i < G_N_ELEMENTS(paths); i++) {
		retour_ahead_ask(&ahead, paths[i]);
		assert_true(retour_ahead_wants(&ahead));
	}
	alarm(0);
	g_unlink(fifo);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_asked),
		cmocka_unit_test(test_in_memory),
		cmocka_unit_test(test_no_file),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
