/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "worker/sandbox.h"

#define PAGE 4096

/* Each call returns what its system call does: -1 with errno set where it is refused. */
static long
open_network(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static long
open_local_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0);
}

static long
run_program(void)
{
	return execl("/bin/true", "true", (char *)NULL);
}

static long
make_process(void)
{
	pid_t pid = fork();
	if (pid == 0)
		_exit(EXIT_SUCCESS);
	return pid;
}

static long
kill_parent(void)
{
	return kill(getppid(), 0);
}

static long
trace_parent(void)
{
	return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
}

static long
write_file(void)
{
	return open("/dev/null", O_WRONLY);
}

static long
make_file(void)
{
	return open("sandbox-test", O_RDONLY | O_CREAT, 0600);
}

static long
make_nameless_file(void)
{
	return open(".", O_TMPFILE | O_RDWR, 0600);
}

static long
remove_file(void)
{
	return unlink("/nonexistent/file");
}

static long
rename_file(void)
{
	return rename("/nonexistent/file", "/nonexistent/other");
}

static long
make_code(void)
{
	void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC,
	                  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return page == MAP_FAILED ? -1 : 0;
}

static long
turn_data_into_code(void)
{
	static _Alignas(PAGE) char page[PAGE];
	return mprotect(page, PAGE, PROT_READ | PROT_EXEC);
}

static long
raise_limit(void)
{
	return setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 16, 16 });
}

static long
name_process(void)
{
	return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

static long
read_account_file(void)
{
	return open("/etc/passwd", O_RDONLY);
}

static long
read_library(void)
{
	return open("/usr/lib", O_RDONLY | O_DIRECTORY);
}

static long
take_memory(void)
{
	g_autofree char *memory = g_malloc0(8 * 1024 * 1024);
	return memory ? 0 : -1;
}

/* What a row needs beside seccomp, and with which leave to open mail it is tried. */
typedef enum { ANY, MAIL, NO_MAIL } Leave;

static const struct {
	const char *name;
	long (*call)(void);
	gboolean allowed;
	RetourSandbox fence;
	Leave leave;
} rows[] = {
	{ "a network socket", open_network, FALSE, RETOUR_SANDBOX_SECCOMP, ANY },
	{ "a local socket", open_local_socket, FALSE, RETOUR_SANDBOX_SECCOMP, ANY },
	{ "another program", run_program, FALSE, RETOUR_SANDBOX_SECCOMP, ANY },
	{ "another program, by Landlock alone", run_program, FALSE, RETOUR_SANDBOX_LANDLOCK, ANY },
	{ "another process", make_process, FALSE, RETOUR_SANDBOX_SECCOMP, ANY },
	{ "a signal to the parent", kill_parent, FALSE, RETOUR_SANDBOX_SECCOMP, ANY },
	{ "a look into the parent", trace_parent, FALSE, RETOUR_SANDBOX_SECCOMP, ANY },
	{ "a file to write", write_file, FALSE, RETOUR_SANDBOX_SECCOMP, ANY },
	{ "a file to write, by Landlock", write_file, FALSE, RETOUR_SANDBOX_LANDLOCK, ANY },
	{ "a new file", make_file, FALSE, RETOUR_SANDBOX_SECCOMP, ANY },
	{ "a new file without a name", make_nameless_file, FALSE, RETOUR_SANDBOX_SECCOMP, ANY },
	{ "a file less", remove_file, FALSE, RETOUR_SANDBOX_SECCOMP, ANY },
	{ "another name", rename_file, FALSE, RETOUR_SANDBOX_SECCOMP, ANY },
	{ "code made at run time", make_code, FALSE, RETOUR_SANDBOX_SECCOMP, ANY },
	{ "data that becomes code", turn_data_into_code, FALSE, RETOUR_SANDBOX_SECCOMP, ANY },
	{ "other limits", raise_limit, FALSE, RETOUR_SANDBOX_SECCOMP, ANY },
	{ "other attributes", name_process, FALSE, RETOUR_SANDBOX_SECCOMP, ANY },
	{ "a file of the system, with mail in a pipe", read_account_file, FALSE,
	  RETOUR_SANDBOX_LANDLOCK, NO_MAIL },
	{ "a file, with mail in files", read_account_file, TRUE, 0, MAIL },
	{ "the system's libraries", read_library, TRUE, 0, ANY },
	{ "memory", take_memory, TRUE, 0, ANY },
};

/* In a child: 0 if it came as the row has it. */
static int
try_row(gsize i, gboolean opens_mail)
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		retour_sandbox_enter(opens_mail);
		errno = 0;
		gboolean allowed = rows[i].call() >= 0;
		gboolean refused = errno == EPERM || errno == EACCES;
		_exit(rows[i].allowed ? !allowed : !refused);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
forbidden_calls_fail_and_needed_ones_do_not(void **state)
{
	(void)state;
	const RetourSandbox offered = retour_sandbox_probe();
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		for (gboolean opens_mail = FALSE; opens_mail <= TRUE; opens_mail++) {
			if ((offered & rows[i].fence) != rows[i].fence ||
			    (rows[i].leave == MAIL && !opens_mail) ||
			    (rows[i].leave == NO_MAIL && opens_mail))
				continue;
			if (try_row(i, opens_mail) != 0)
				fail_msg("%s, %s", rows[i].name,
				         rows[i].allowed ? "refused" : "allowed");
		}
	}
}

/* So the rows above show what the sandbox refuses, not what fails anyway. */
static void
calls_are_free_outside(void **state)
{
	(void)state;
	assert_true(open_network() >= 0);
	assert_true(open_local_socket() >= 0);
	assert_int_equal(kill_parent(), 0);
	assert_true(write_file() >= 0);
	assert_true(read_account_file() >= 0);
	assert_int_equal(remove_file(), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(rename_file(), -1);
	assert_int_equal(errno, ENOENT);
}

static void
it_dies_as_before(void **state)
{
	(void)state;
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		retour_sandbox_enter(FALSE);
		signal(SIGABRT, SIG_DFL);
		abort();
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_are_free_outside),
		cmocka_unit_test(forbidden_calls_fail_and_needed_ones_do_not),
		cmocka_unit_test(it_dies_as_before),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
