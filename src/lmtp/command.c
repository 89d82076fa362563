/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lmtp/keep.h"

/* How often an end is looked for once the command has all its lines. Milliseconds. */
#define LOOK_MS 5

/* In the child: it is a leader of its own, so that what it starts can be killed with it, and hears
 * signals that we hold back. */
static void
prepare(gpointer data)
{
	sigset_t none;
	(void)data;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setpgid(0, 0);
}

static int
left(gint64 deadline)
{
	return (int)CLAMP((deadline - g_get_monotonic_time()) / 1000, 0, G_MAXINT);
}

/* A command need not read all of it: how it ends tells whether it was content. */
static void
write_lines(int fd, const GString *lines, gint64 deadline)
{
	gsize at = 0;
	while (at < lines->len && left(deadline) > 0) {
		struct pollfd poll_fd = { .fd = fd, .events = POLLOUT };
		if (poll(&poll_fd, 1, left(deadline)) <= 0)
			continue;
		gssize n = write(fd, lines->str + at, lines->len - at);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return;
		at += (gsize)MAX(n, 0);
	}
}

static gboolean
await_end(GPid pid, int *status, gint64 deadline)
{
	for (;;) {
		pid_t ended = waitpid(pid, status, WNOHANG);
		if (ended == pid)
			return TRUE;
		if (left(deadline) == 0)
			return FALSE;
		g_usleep(LOOK_MS * 1000);
	}
}

gboolean
retour_keep_by_command(char **argv, const GString *lines, guint timeout_ms, GError **error)
{
	const gint64 deadline = g_get_monotonic_time() + (gint64)timeout_ms * 1000;
	GPid pid;
	int in, status;
	if (!g_spawn_async_with_pipes(NULL, argv, NULL,
	                              G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH |
	                                      G_SPAWN_STDOUT_TO_DEV_NULL,
	                              prepare, NULL, &pid, &in, NULL, NULL, error))
		return FALSE;
	fcntl(in, F_SETFL, O_NONBLOCK);
	write_lines(in, lines, deadline);
	close(in);
	gboolean ended = await_end(pid, &status, deadline);
	if (!ended) {
		kill(-pid, SIGKILL);
		waitpid(pid, &status, 0);
		g_set_error(error, G_SPAWN_ERROR, G_SPAWN_ERROR_FAILED,
		            "%s took longer than %u s and was killed", argv[0], timeout_ms / 1000);
	}
	g_spawn_close_pid(pid);
	return ended && g_spawn_check_wait_status(status, error);
}
