/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Preloaded into a program, it counts the calls by which the program writes, and kills it at the
 * one whose number RETOUR_DIE_AT gives: before the call, or in the middle of it if RETOUR_DIE_HALF
 * is set. RETOUR_DIE_COUNT names a file that receives the number of calls at the end. Children that
 * the program forks are left alone.
 */
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

static pid_t program;
static long calls, die_at;
static int half;

__attribute__((constructor)) static void
begin(void)
{
	const char *at = getenv("RETOUR_DIE_AT");
	program = getpid();
	die_at = at ? strtol(at, NULL, 10) : 0;
	half = getenv("RETOUR_DIE_HALF") != NULL;
}

__attribute__((destructor)) static void
end(void)
{
	const char *path = getenv("RETOUR_DIE_COUNT");
	FILE *file = path && getpid() == program ? fopen(path, "w") : NULL;
	if (file) {
		fprintf(file, "%ld\n", calls);
		fclose(file);
	}
}

static int
is_last(void)
{
	if (getpid() != program)
		return 0;
	calls++;
	return calls == die_at;
}

#define DIE kill(getpid(), SIGKILL)
#define REAL(name)                     \
	static __typeof__(&name) real; \
	if (!real)                     \
	real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t
write(int fd, const void *bytes, size_t length)
{
	REAL(write);
	/* Sockets to the workers too: no call may be a bad moment. */
	if (is_last()) {
		if (half)
			real(fd, bytes, length / 2);
		DIE;
	}
	return real(fd, bytes, length);
}

ssize_t
pwrite64(int fd, const void *bytes, size_t length, off64_t offset)
{
	REAL(pwrite64);
	if (is_last()) {
		if (half)
			real(fd, bytes, length / 2, offset);
		DIE;
	}
	return real(fd, bytes, length, offset);
}

#define WRAP(name, parameters, arguments)    \
	int name parameters                  \
	{                                    \
		REAL(name);                  \
		int last = is_last();        \
		if (last && !half)           \
			DIE;                 \
		int result = real arguments; \
		if (last)                    \
			DIE;                 \
		return result;               \
	}

WRAP(fsync, (int fd), (fd))
WRAP(fdatasync, (int fd), (fd))
WRAP(ftruncate64, (int fd, off64_t length), (fd, length))
WRAP(fallocate64, (int fd, int mode, off64_t offset, off64_t length), (fd, mode, offset, length))
WRAP(rename, (const char *from, const char *to), (from, to))
WRAP(renameat2, (int a, const char *from, int b, const char *to, unsigned int flags),
     (a, from, b, to, flags))
WRAP(unlink, (const char *path), (path))
