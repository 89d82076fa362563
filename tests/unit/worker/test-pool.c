/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "worker/worker.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

/* What the children do: the first word of a job says it, the number behind it how much. */

static guint served;

static void
dead(gboolean die)
{
	if (!die)
		return;
	signal(SIGSEGV, SIG_DFL);
	raise(SIGSEGV);
}

static void
append_many(GString *result, guint64 n)
{
	while (n >= 26) {
		g_string_append(result, "abcdefghijklmnopqrstuvwxyz");
		n -= 26;
	}
	g_string_append_len(result, "abcdefghijklmnopqrstuvwxyz", (gssize)n);
}

static void
append_surroundings(GString *result)
{
	char c;
	g_string_append_printf(result, "stdin %zd,", read(STDIN_FILENO, &c, 1));
	for (int fd = 0; fd < 64; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			g_string_append_printf(result, " %d", fd);
	}
	struct rlimit core;
	getrlimit(RLIMIT_CORE, &core);
	g_string_append_printf(result, ", core %d", (int)core.rlim_cur);
}

static void
take_memory(GString *result, guint64 bytes)
{
	char *volatile memory = malloc(bytes);
	if (!memory)
		_exit(12);
	free(memory);
	g_string_append(result, "enough");
}

static void
work(const char *job, gsize length, GString *result, gpointer data)
{
	g_autofree char *text = g_strndup(job, MIN(length, 64));
	guint64 n = g_ascii_strtoull(text + strcspn(text, " "), NULL, 10);
	(void)data;
	served++;
	dead(g_str_has_prefix(text, "crash "));
	dead(g_str_has_prefix(text, "unless-first ") && served > 1);
	if (g_str_has_prefix(text, "exit "))
		_exit((int)n);
	if (g_str_has_prefix(text, "sleep "))
		g_usleep(n * 1000);
	if (g_str_has_prefix(text, "big "))
		append_many(result, n);
	else if (g_str_has_prefix(text, "memory "))
		take_memory(result, n << 20);
	else if (g_str_has_prefix(text, "around "))
		append_surroundings(result);
	else if (g_str_has_prefix(text, "pid "))
		g_string_append_printf(result, "%d", (int)getpid());
	else if (g_str_has_prefix(text, "print "))
		printf("this comes between the records\n");
	else if (n % 7 != 0)
		g_string_append_printf(result, "<%s %zu>", text, length);
}

static gboolean
done(const char *job, gsize job_length, const char *result, gsize length, const char *cause,
     gpointer data)
{
	assert_true(!cause || length == 0);
	g_string_append_printf(data, "%.*s=", (int)MIN(job_length, 20), job);
	if (length > 200) {
		g_autofree char *sum =
		        g_compute_checksum_for_data(G_CHECKSUM_MD5, (const guchar *)result, length);
		g_string_append_printf(data, "%zu:%s\n", length, sum);
	} else
		g_string_append_printf(data, "%.*s%s\n", (int)length, result, cause ? cause : "");
	return TRUE;
}

static RetourPoolSettings
settings_for(guint jobs, GString *out)
{
	return (RetourPoolSettings){
		.jobs = jobs, .deadline_ms = 300, .work = work, .done = done, .data = out
	};
}

static GString *
run_settings(const RetourPoolSettings *settings, const GPtrArray *list)
{
	RetourPool *pool = retour_pool_new(settings);
	assert_non_null(pool);
	for (guint i = 0; i < list->len; i++) {
		const char *job = g_ptr_array_index(list, i);
		assert_true(retour_pool_push(pool, job, strlen(job), NULL));
	}
	assert_true(retour_pool_finish(pool));
	retour_pool_free(pool);
	return settings->data;
}

static GString *
run(guint jobs, const GPtrArray *list)
{
	const RetourPoolSettings settings = settings_for(jobs, g_string_new(NULL));
	return run_settings(&settings, list);
}

static GPtrArray *
make_list(guint n, const char *word)
{
	GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < n; i++)
		g_ptr_array_add(list, g_strdup_printf("%s %u", word, i));
	return list;
}

/* A poison among many others: each but it must come out as if it were not there. */
typedef struct {
	const char *name, *poison, *want;
	guint n;
	gboolean takes_time; /* tried in the middle only */
} Row;

static const Row rows[] = {
	{ "crash", "crash 1", "killed by signal 11", 400, FALSE },
	{ "hang", "sleep 5000", "passed the deadline of 300 ms", 400, TRUE },
	{ "exit", "exit 3", "exited with 3", 400, FALSE },
	{ "exit as if all were well", "exit 0", "exited with 0", 400, FALSE },
	{ "crash that goes by in a fresh child", "unless-first 1", "<unless-first 1 14>", 400,
	  FALSE },
	{ "crash of the only one", "crash 1", "killed by signal 11", 0, FALSE },
	{ "slow", "sleep 100", "<sleep 100 9>", 1000, TRUE },
};

static char *
expect(const GPtrArray *list, guint at, const char *want)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < list->len; i++) {
		const char *job = g_ptr_array_index(list, i);
		if (i == at)
			g_string_append_printf(out, "%s=%s\n", job, want);
		else if (g_ascii_strtoull(job + 5, NULL, 10) % 7 == 0)
			g_string_append_printf(out, "%s=\n", job);
		else
			g_string_append_printf(out, "%s=<%s %zu>\n", job, job, strlen(job));
	}
	return g_string_free(out, FALSE);
}

static void
check_poison(const Row *row, guint place, guint jobs)
{
	g_autoptr(GPtrArray) list = make_list(row->n, "echo");
	g_ptr_array_insert(list, (gint)place, g_strdup(row->poison));
	g_autofree char *want = expect(list, place, row->want);
	GString *got = run(jobs, list);
	if (!g_str_equal(got->str, want))
		fail_msg("row \"%s\" at %u, %u jobs:\n%s", row->name, place, jobs, got->str);
	g_string_free(got, TRUE);
}

static void
test_poison(void **state)
{
	(void)state;
	for (const Row *row = rows; row < rows + G_N_ELEMENTS(rows); row++) {
		for (guint jobs = 1; jobs <= 3; jobs++) {
			check_poison(row, row->n / 2, jobs);
			if (row->takes_time)
				continue;
			check_poison(row, 0, jobs);
			check_poison(row, row->n, jobs);
		}
	}
}

static void
test_only_poison(void **state)
{
	(void)state;
	for (guint jobs = 1; jobs <= 3; jobs++) {
		g_autoptr(GPtrArray) list = make_list(40, "crash");
		GString *got = run(jobs, list);
		g_autoptr(GString) want = g_string_new(NULL);
		for (guint i = 0; i < 40; i++)
			g_string_append_printf(want, "crash %u=killed by signal 11\n", i);
		assert_string_equal(got->str, want->str);
		g_string_free(got, TRUE);
	}
}

/* Frames of every size, also larger than any socket takes at once, both ways. */
static void
test_sizes(void **state)
{
	(void)state;
	static const guint sizes[] = { 0, 1, 100, 65531, 65532, 65536, 300000, 5000000, 0, 7 };
	GString *before = NULL;
	for (guint jobs = 1; jobs <= 3; jobs++) {
		g_autoptr(GPtrArray) list = make_list(0, "");
		for (guint i = 0; i < 60; i++) {
			guint size = sizes[(i * 7 + i / 10) % G_N_ELEMENTS(sizes)];
			GString *job = g_string_new(NULL);
			g_string_printf(job, "big %u %u ", size, i);
			append_many(job, sizes[i % G_N_ELEMENTS(sizes)]);
			g_ptr_array_add(list, g_string_free(job, FALSE));
		}
		RetourPoolSettings settings = settings_for(jobs, g_string_new(NULL));
		settings.deadline_ms = 0;
		GString *got = run_settings(&settings, list);
		assert_true(!before || g_string_equal(before, got));
		if (before)
			g_string_free(before, TRUE);
		before = got;
	}
	assert_int_equal(strncmp(before->str, "big 0 0 =\nbig 5000000 1 =", 9), 0);
	g_string_free(before, TRUE);
}

/* The tail goes down with its job, also the second time, and does not come back. */
static void
test_tail(void **state)
{
	(void)state;
	for (guint jobs = 1; jobs <= 2; jobs++) {
		RetourPoolSettings settings = settings_for(jobs, g_string_new(NULL));
		settings.deadline_ms = 0;
		g_autoptr(RetourPool) pool = retour_pool_new(&settings);
		g_autofree char *spaces = g_strnfill(3000000, ' ');
		g_autoptr(GBytes) tail = g_bytes_new_static(spaces, 3000000);
		g_autoptr(GBytes) none = g_bytes_new_static(NULL, 0);
		assert_true(retour_pool_push(pool, "echo 1", 6, tail));
		assert_true(retour_pool_push(pool, "echo 2", 6, none));
		assert_true(retour_pool_push(pool, "unless-first 3", 14, tail));
		assert_true(retour_pool_push(pool, "echo 4", 6, tail));
		assert_true(retour_pool_finish(pool));
		GString *got = settings.data;
		g_auto(GStrv) lines = g_strsplit(got->str, "\n", -1);
		assert_true(g_str_has_prefix(lines[0], "echo 1=<echo 1 "));
		assert_true(g_str_has_suffix(lines[0], " 3000006>"));
		assert_string_equal(lines[1], "echo 2=<echo 2 6>");
		assert_true(g_str_has_prefix(lines[2], "unless-first 3=<unless-first 3 "));
		assert_true(g_str_has_suffix(lines[2], " 3000014>"));
		assert_true(g_str_has_suffix(lines[3], " 3000006>"));
		assert_int_equal(g_strv_length(lines), 5);
		g_string_free(got, TRUE);
	}
}

/* Results that pile up behind a slow first one stay with the children. */
static void
test_pile(void **state)
{
	(void)state;
	g_autoptr(GPtrArray) list = make_list(0, "");
	for (guint i = 0; i < 100; i++)
		g_ptr_array_add(list, g_strdup_printf("big 900000 %u", i));
	g_ptr_array_insert(list, 0, g_strdup("sleep 200"));
	struct rusage before, after;
	getrusage(RUSAGE_SELF, &before);
	GString *got = run(3, list);
	getrusage(RUSAGE_SELF, &after);
	if (!g_str_has_prefix(got->str, "sleep 200=<sleep 200 9>\nbig 900000 0=900000:"))
		fail_msg("%.200s", got->str);
#ifndef SANITIZED
	assert_in_range(after.ru_maxrss - before.ru_maxrss, 0, 12 * 1024);
#endif
	g_string_free(got, TRUE);
}

static void
test_memory(void **state)
{
	(void)state;
#ifdef SANITIZED
	skip();
#endif
	GPtrArray *list = make_list(10, "echo");
	g_ptr_array_insert(list, 5, g_strdup("memory 200"));
	g_ptr_array_insert(list, 6, g_strdup("memory 20"));
	RetourPoolSettings settings = settings_for(2, g_string_new(NULL));
	settings.memory_limit = 64 << 20;
	GString *got = run_settings(&settings, list);
	assert_non_null(strstr(got->str, "memory 200=exited with 12\nmemory 20=enough\n"));
	g_string_free(got, TRUE);
	g_ptr_array_unref(list);
}

static void
test_surroundings(void **state)
{
	(void)state;
	g_autoptr(GPtrArray) list = make_list(1, "around");
	int extra = dup(STDERR_FILENO);
	GString *got = run(1, list);
	close(extra);
	assert_string_equal(got->str, "around 0=stdin 0, 0 1 2 3, core 0\n");
	g_string_free(got, TRUE);
}

static void
test_silent(void **state)
{
	(void)state;
	g_autofree char *name = g_strdup("/tmp/retour-pool-XXXXXX");
	int file = g_mkstemp(name), old = dup(STDOUT_FILENO);
	unlink(name);
	fflush(stdout);
	dup2(file, STDOUT_FILENO);
	printf("unflushed");
	g_autoptr(GPtrArray) list = make_list(20, "print");
	g_string_free(run(2, list), TRUE);
	fflush(stdout);
	dup2(old, STDOUT_FILENO);
	close(old);
	assert_int_equal(lseek(file, 0, SEEK_END), strlen("unflushed"));
	close(file);
}

static void
note_start(gpointer data)
{
	(void)data;
	served = 1000;
}

static void
hang_at_start(gpointer data)
{
	(void)data;
	pause();
}

static void
test_start(void **state)
{
	(void)state;
	g_autoptr(GPtrArray) list = make_list(0, "");
	g_ptr_array_add(list, g_strdup("unless-first 1"));
	RetourPoolSettings settings = settings_for(1, g_string_new(NULL));
	settings.start = note_start;
	GString *got = run_settings(&settings, list);
	assert_string_equal(got->str, "unless-first 1=killed by signal 11\n");
	g_string_truncate(got, 0);
	settings.start = hang_at_start;
	got = run_settings(&settings, list);
	assert_string_equal(got->str, "unless-first 1=passed the deadline of 300 ms\n");
	g_string_free(got, TRUE);
}

static void
end_hopeless(gpointer data)
{
	(void)data;
	_exit(86);
}

/* No job is blamed for it, and no other child is tried. */
static void
test_hopeless(void **state)
{
	(void)state;
	g_autoptr(GString) out = g_string_new(NULL);
	RetourPoolSettings settings = settings_for(2, out);
	settings.start = end_hopeless;
	settings.hopeless = 86;
	g_autoptr(RetourPool) pool = retour_pool_new(&settings);
	assert_non_null(pool);
	errno = 0;
	assert_false(retour_pool_push(pool, "a", 1, NULL) && retour_pool_finish(pool));
	assert_int_equal(errno, ELIBACC);
	assert_string_equal(out->str, "");
}

static gboolean
done_five(const char *job, gsize job_length, const char *result, gsize length, const char *cause,
          gpointer data)
{
	(void)job, (void)job_length, (void)result, (void)length, (void)cause;
	return ++*(guint *)data < 5;
}

static void
test_stop(void **state)
{
	(void)state;
	guint count = 0;
	RetourPoolSettings settings = settings_for(2, NULL);
	settings.done = done_five;
	settings.data = &count;
	g_autoptr(RetourPool) pool = retour_pool_new(&settings);
	guint pushed = 0;
	while (retour_pool_push(pool, "echo 1", 6, NULL))
		assert_in_range(++pushed, 0, 1000);
	assert_false(retour_pool_finish(pool));
	assert_int_equal(count, 5);
}

/* A pool that is waiting for a job for longer than a deadline is not late. */
static void
test_idle(void **state)
{
	(void)state;
	RetourPoolSettings settings = settings_for(1, g_string_new(NULL));
	settings.deadline_ms = 50;
	g_autoptr(RetourPool) pool = retour_pool_new(&settings);
	g_usleep(120 * 1000);
	assert_true(retour_pool_push(pool, "sleep 20", 8, NULL));
	g_usleep(120 * 1000);
	assert_true(retour_pool_push(pool, "sleep 21", 8, NULL));
	assert_true(retour_pool_finish(pool));
	assert_string_equal(((GString *)settings.data)->str, "sleep 20=<sleep 20 8>\nsleep 21=\n");
	g_string_free(settings.data, TRUE);
}

/* A single job that hangs takes one deadline, not two. */
static void
test_hang_alone(void **state)
{
	(void)state;
	g_autoptr(GPtrArray) list = make_list(0, "");
	g_ptr_array_add(list, g_strdup("sleep 5000"));
	RetourPoolSettings settings = settings_for(1, g_string_new(NULL));
	settings.deadline_ms = 1000;
	gint64 begun = g_get_monotonic_time();
	GString *got = run_settings(&settings, list);
	assert_string_equal(got->str, "sleep 5000=passed the deadline of 1 s\n");
	assert_in_range(g_get_monotonic_time() - begun, 1000 * 1000, 1900 * 1000);
	g_string_free(got, TRUE);
}

/* A child that somebody kills while it has nothing to do is replaced unseen. */
static void
test_killed_idle(void **state)
{
	(void)state;
	RetourPoolSettings settings = settings_for(1, g_string_new(NULL));
	g_autoptr(RetourPool) pool = retour_pool_new(&settings);
	GString *got = settings.data;
	for (guint i = 0; i < 3; i++) {
		g_string_truncate(got, 0);
		assert_true(retour_pool_push(pool, "pid 1", 5, NULL));
		assert_true(retour_pool_finish(pool));
		pid_t pid = (pid_t)g_ascii_strtoll(got->str + 6, NULL, 10);
		assert_true(pid > 1);
		assert_int_equal(kill(pid, SIGKILL), 0);
	}
	g_string_free(got, TRUE);
}

/* Children do not outlive a parent that is killed. */
static void
test_parent_dies(void **state)
{
	(void)state;
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	pid_t parent = fork();
	if (parent == 0) {
		RetourPoolSettings settings = settings_for(1, g_string_new(NULL));
		RetourPool *pool = retour_pool_new(&settings);
		retour_pool_push(pool, "pid 1", 5, NULL);
		retour_pool_finish(pool);
		const char *pid = ((GString *)settings.data)->str + 6;
		_exit(write(ends[1], pid, strlen(pid)) < 0);
	}
	close(ends[1]);
	assert_int_equal(waitpid(parent, NULL, 0), parent);
	char text[32] = "";
	assert_true(read(ends[0], text, sizeof text - 1) > 0);
	close(ends[0]);
	pid_t pid = (pid_t)g_ascii_strtoll(text, NULL, 10);
	assert_true(pid > 0);
	g_autofree char *stat = g_strdup_printf("/proc/%d/stat", (int)pid);
	for (guint tries = 0; tries < 200; tries++) {
		g_autofree char *line = NULL;
		if (!g_file_get_contents(stat, &line, NULL, NULL) || strstr(line, ") Z "))
			return;
		g_usleep(10 * 1000);
	}
	fail_msg("%s is still there", text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_poison),       cmocka_unit_test(test_only_poison),
		cmocka_unit_test(test_sizes),        cmocka_unit_test(test_tail),
		cmocka_unit_test(test_pile),         cmocka_unit_test(test_memory),
		cmocka_unit_test(test_surroundings), cmocka_unit_test(test_silent),
		cmocka_unit_test(test_start),        cmocka_unit_test(test_hopeless),
		cmocka_unit_test(test_stop),         cmocka_unit_test(test_idle),
		cmocka_unit_test(test_killed_idle),  cmocka_unit_test(test_hang_alone),
		cmocka_unit_test(test_parent_dies),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
