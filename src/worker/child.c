/* SPDX-License-Identifier: BSD-2-Clause */
#include "worker/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* The child's end stands here, and nothing behind it: it needs neither its siblings' sockets nor
 * the files that the parent has open. */
#define SERVE_FD 3

/* Address space of the program itself, where /proc does not tell. Bytes. */
#define ASSUMED_SIZE (256u * 1024 * 1024)

static guint64
own_size(void)
{
	char text[64] = "";
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return ASSUMED_SIZE;
	gssize got = read(fd, text, sizeof text - 1);
	close(fd);
	if (got <= 0)
		return ASSUMED_SIZE;
	return g_ascii_strtoull(text, NULL, 10) * (guint64)sysconf(_SC_PAGESIZE);
}

static void
limit_resources(guint64 memory)
{
	/* A core would lay somebody's mail on the disk. */
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	if (memory == 0)
		return;
	rlim_t most = own_size() + memory;
	setrlimit(RLIMIT_AS, &(struct rlimit){ most, most });
}

/* Mail is on neither of them, and nothing that a library prints may come between the records. */
static void
detach_streams(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0)
		_exit(EXIT_FAILURE);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
}

static void G_GNUC_NORETURN
live(int fd, pid_t parent, const RetourPoolSettings *settings, RetourProgress *progress)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
	detach_streams();
	if (fd != SERVE_FD && dup2(fd, SERVE_FD) < 0)
		_exit(EXIT_FAILURE);
	close_range(SERVE_FD + 1, ~0u, 0);
	limit_resources(settings->memory_limit);
	if (settings->start)
		settings->start(settings->data);
	retour_child_serve(SERVE_FD, settings, progress);
}

gboolean
retour_child_start(RetourChild *child, const RetourPoolSettings *settings)
{
	int ends[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return FALSE;
	atomic_store(&child->progress->begun, 0);
	atomic_store(&child->progress->ended, 0);
	pid_t parent = getpid();
	pid_t pid = fork();
	if (pid == 0)
		live(ends[1], parent, settings, child->progress);
	int error = errno;
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		errno = error;
		return FALSE;
	}
	child->pid = pid;
	child->fd = ends[0];
	child->born = g_get_monotonic_time();
	return TRUE;
}

char *
retour_child_end(RetourChild *child, int *ended)
{
	int status = 0;
	kill(child->pid, SIGKILL);
	while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	child->pid = 0;
	if (ended)
		*ended = status;
	if (WIFSIGNALED(status))
		return g_strdup_printf("killed by signal %d", WTERMSIG(status));
	return g_strdup_printf("exited with %d", WEXITSTATUS(status));
}

void
retour_child_close(RetourChild *child)
{
	if (child->pid != 0)
		g_free(retour_child_end(child, NULL));
	if (child->fd >= 0)
		close(child->fd);
	child->fd = -1;
}

gsize
retour_frame_take(const char *bytes, gsize length, const char **body, gsize *body_length)
{
	RetourFrameHead head;
	if (length < sizeof head)
		return 0;
	memcpy(&head, bytes, sizeof head);
	if (length - sizeof head < head.length)
		return 0;
	*body = bytes + sizeof head;
	*body_length = head.length;
	return sizeof head + head.length;
}
