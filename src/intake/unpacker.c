/* SPDX-License-Identifier: BSD-2-Clause */
#include "intake/unpacker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Of address space: xz takes 65 MB for what it packs best, zstd 128 MB unless it was told more. */
#define MEMORY_LIMIT (512u * 1024 * 1024)

/* As the shell has it. */
#define EXIT_NO_PROGRAM 127

static const RetourUnpacker unpackers[] = {
	{ "\x1f\x8b\x08", 3, "gzip", 2 },                   /* RFC 1952 2.3 */
	{ "\x28\xb5\x2f\xfd", 4, "zstd", 0 },               /* RFC 8878 3.1.1 */
	{ "\xfd\x37zXZ\x00", 6, "xz", 2 },                  /* The .xz file format 2.1.1.1 */
	{ "BZh?\x31\x41\x59\x26\x53\x59", 10, "bzip2", 0 }, /* '?': the size of its blocks */
	{ "BZh?\x17\x72\x45\x38\x50\x90", 10, "bzip2", 0 }, /* packed nothing */
};

static gboolean
matches(const RetourUnpacker *unpacker, const char *bytes, gsize length)
{
	if (length < unpacker->length)
		return FALSE;
	for (gsize i = 0; i < unpacker->length; i++) {
		if (bytes[i] != unpacker->magic[i] && unpacker->magic[i] != '?')
			return FALSE;
	}
	return TRUE;
}

const RetourUnpacker *
retour_unpacker_find(const char *bytes, gsize length)
{
	for (gsize i = 0; i < G_N_ELEMENTS(unpackers); i++) {
		if (matches(&unpackers[i], bytes, length))
			return &unpackers[i];
	}
	return NULL;
}

/* What it says is of no use to anybody: it does not know the name of what it unpacks. */
static void G_GNUC_NORETURN
live(const RetourUnpacker *unpacker, int in, int out)
{
	char *const arguments[] = { (char *)unpacker->program, (char *)"-dc", NULL };
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_DFL);
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
	    dup2(null, STDERR_FILENO) < 0)
		_exit(EXIT_NO_PROGRAM);
	close_range(STDERR_FILENO + 1, ~0u, 0);
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 0, 0 });
	setrlimit(RLIMIT_AS, &(struct rlimit){ MEMORY_LIMIT, MEMORY_LIMIT });
	execvp(unpacker->program, arguments);
	_exit(EXIT_NO_PROGRAM);
}

gboolean
retour_unpacker_start(const RetourUnpacker *unpacker, RetourUnpacking *unpacking)
{
	int in[2], out[2] = { -1, -1 };
	/* A socket, for a program that ends early must not raise SIGPIPE here. */
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in) != 0)
		return FALSE;
	pid_t pid = pipe2(out, O_CLOEXEC) == 0 ? fork() : -1;
	if (pid == 0)
		live(unpacker, in[1], out[1]);
	int error = errno;
	close(in[1]);
	if (out[1] >= 0)
		close(out[1]);
	*unpacking = (RetourUnpacking){ .pid = pid, .to = in[0], .from = out[0] };
	if (pid > 0)
		return TRUE;
	retour_unpacking_clear(unpacking);
	errno = error;
	return FALSE;
}

static void
close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void
retour_unpacking_close_input(RetourUnpacking *unpacking)
{
	close_end(&unpacking->to);
}

void
retour_unpacking_clear(RetourUnpacking *unpacking)
{
	close_end(&unpacking->to);
	close_end(&unpacking->from);
	if (unpacking->pid <= 0)
		return;
	kill(unpacking->pid, SIGKILL);
	while (waitpid(unpacking->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	unpacking->pid = 0;
}

char *
retour_unpacker_end(const RetourUnpacker *unpacker, RetourUnpacking *unpacking)
{
	int status = 0;
	close_end(&unpacking->to);
	close_end(&unpacking->from);
	while (waitpid(unpacking->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	unpacking->pid = 0;
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	if (code == 0 || (code == unpacker->warns && unpacker->warns != 0))
		return NULL;
	if (code == EXIT_NO_PROGRAM)
		return g_strdup_printf("it is packed by %s, which is not installed here",
		                       unpacker->program);
	if (code < 0)
		return g_strdup_printf("%s was killed by signal %d", unpacker->program,
		                       WTERMSIG(status));
	return g_strdup_printf("%s cannot unpack it: it is damaged or cut short",
	                       unpacker->program);
}
