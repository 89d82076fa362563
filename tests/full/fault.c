/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Preloaded into retour, it does from outside what a fault would do: RETOUR_FAULT, or the file
 * /fault where programs are started without an environment, says which.
 *
 *   crash   the worker dies of every mail
 *   hang    the worker never ends
 *   memory  no memory is to be had
 *   missing a library that is loaded late is not there
 *   die     the program is killed before it has begun
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static char fault[16];

static void
read_file(void)
{
	int fd = open("/fault", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd >= 0 ? read(fd, fault, sizeof fault - 1) : -1;
	fault[got > 0 ? got : 0] = '\0';
	fault[strcspn(fault, "\n")] = '\0';
	if (fd >= 0)
		close(fd);
}

/* Other programs are started with it as well. */
static int
is_retour(void)
{
	char path[256];
	ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
	path[length > 0 ? length : 0] = '\0';
	const char *name = strrchr(path, '/');
	return name && strncmp(name + 1, "retour", 6) == 0;
}

__attribute__((constructor)) static void
begin(void)
{
	const char *wanted = getenv("RETOUR_FAULT");
	if (!is_retour())
		return;
	if (wanted)
		strncpy(fault, wanted, sizeof fault - 1);
	else
		read_file();
	if (strcmp(fault, "die") == 0)
		kill(getpid(), SIGKILL);
	if (strcmp(fault, "memory") == 0)
		setrlimit(RLIMIT_AS, &(struct rlimit){ 1, 1 });
}

/* The program itself, not a worker of it. */
static pid_t parent;

__attribute__((constructor)) static void
note_parent(void)
{
	parent = getpid();
}

/* Of GLib, what a worker calls for each mail and for nothing else. */
void *g_ptr_array_new(void);

void *
g_ptr_array_new(void)
{
	static void *(*real)(void);
	int worker = getpid() != parent;
	if (worker && strcmp(fault, "crash") == 0)
		abort();
	while (worker && strcmp(fault, "hang") == 0)
		pause();
	if (!real)
		real = (__typeof__(real))dlsym(RTLD_NEXT, "g_ptr_array_new");
	return real();
}

void *
dlopen(const char *name, int flags)
{
	static void *(*real)(const char *, int);
	if (!real)
		real = (__typeof__(real))dlsym(RTLD_NEXT, "dlopen");
	return real(strcmp(fault, "missing") == 0 ? "libmissing.so.0" : name, flags);
}
