/* SPDX-License-Identifier: BSD-2-Clause */
#include "act/run.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* Whether it has ended is looked at so often. Milliseconds. */
#define TICK 50

/* A program on its way. */
typedef struct {
	const RetourRun *run;
	pid_t pid;
	int in, out; /* our ends; -1: closed */
	gsize written;
	GString *line; /* of its output, so far */
	gboolean long_line;
	GString *tail;
} Child;

typedef struct {
	int in[2], out[2], fault[2];
} Pipes;

static void
close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void
close_pipes(Pipes *pipes)
{
	for (guint i = 0; i < 2; i++) {
		close_end(&pipes->in[i]);
		close_end(&pipes->out[i]);
		close_end(&pipes->fault[i]);
	}
}

static gboolean
open_pipes(Pipes *pipes)
{
	*pipes = (Pipes){ { -1, -1 }, { -1, -1 }, { -1, -1 } };
	if (pipe2(pipes->in, O_CLOEXEC) == 0 && pipe2(pipes->out, O_CLOEXEC) == 0 &&
	    pipe2(pipes->fault, O_CLOEXEC) == 0)
		return TRUE;
	close_pipes(pipes);
	return FALSE;
}

static gboolean
become(const struct passwd *user)
{
	return !user || (initgroups(user->pw_name, user->pw_gid) == 0 &&
	                 setgid(user->pw_gid) == 0 && setuid(user->pw_uid) == 0);
}

/* In the child: does not come back. */
static void
execute(const RetourRun *run, const struct passwd *user, const Pipes *pipes)
{
	setpgid(0, 0);
	signal(SIGPIPE, SIG_DFL);
	if (become(user) && dup2(pipes->in[0], STDIN_FILENO) >= 0 &&
	    dup2(pipes->out[1], STDOUT_FILENO) >= 0 && dup2(pipes->out[1], STDERR_FILENO) >= 0)
		execvp(run->words[0], run->words);
	int fault = errno;
	gssize told = write(pipes->fault[1], &fault, sizeof fault);
	_exit(told < 0 ? 127 : 126);
}

/* 0, or why it could not be started. */
static int
start(Child *child, const struct passwd *user)
{
	Pipes pipes;
	int fault = 0;
	if (!open_pipes(&pipes))
		return errno;
	child->pid = fork();
	if (child->pid == 0)
		execute(child->run, user, &pipes);
	if (child->pid < 0) {
		fault = errno;
		close_pipes(&pipes);
		return fault;
	}
	setpgid(child->pid, child->pid);
	close_end(&pipes.fault[1]);
	/* Closed by a successful exec. */
	if (read(pipes.fault[0], &fault, sizeof fault) != sizeof fault)
		fault = 0;
	child->in = pipes.in[1];
	child->out = pipes.out[0];
	pipes.in[1] = pipes.out[0] = -1;
	close_pipes(&pipes);
	fcntl(child->in, F_SETFL, O_NONBLOCK);
	fcntl(child->out, F_SETFL, O_NONBLOCK);
	return fault;
}

static void
end_line(Child *child)
{
	if (child->run->line && !child->long_line)
		child->run->line(retour_span(child->line->str, child->line->len), child->run->data);
	g_string_truncate(child->line, 0);
	child->long_line = FALSE;
}

static void
take_output(Child *child, const char *bytes, gsize length)
{
	for (gsize i = 0; i < length; i++) {
		if (bytes[i] == '\n')
			end_line(child);
		else if (child->line->len < RETOUR_RUN_LINE_MAX)
			g_string_append_c(child->line, bytes[i]);
		else
			child->long_line = TRUE;
	}
	g_string_append_len(child->tail, bytes, (gssize)length);
	if (child->tail->len > RETOUR_RUN_TAIL_MAX)
		g_string_erase(child->tail, 0, (gssize)(child->tail->len - RETOUR_RUN_TAIL_MAX));
}

/* FALSE when nothing more is there now. */
static gboolean
read_some(Child *child)
{
	char bytes[4096];
	gssize n = child->out >= 0 ? read(child->out, bytes, sizeof bytes) : -1;
	if (n > 0)
		take_output(child, bytes, (gsize)n);
	if (n == 0)
		close_end(&child->out);
	return n > 0;
}

static void
write_some(Child *child)
{
	gsize left = child->run->input_length - child->written;
	gssize n = left > 0 ? write(child->in, child->run->input + child->written, left) : 0;
	if (n > 0)
		child->written += (gsize)n;
	/* Who does not read its input has no need of it. */
	if ((gsize)MAX(n, 0) == left || (n < 0 && errno != EAGAIN && errno != EINTR))
		close_end(&child->in);
}

/* Feeds it and listens to it until it ends. FALSE: its time is over. */
static gboolean
attend(Child *child, gint64 deadline, int *status)
{
	while (waitpid(child->pid, status, WNOHANG) == 0) {
		struct pollfd ends[] = { { child->in, POLLOUT, 0 }, { child->out, POLLIN, 0 } };
		if (g_get_monotonic_time() >= deadline)
			return FALSE;
		if (poll(ends, G_N_ELEMENTS(ends), TICK) <= 0)
			continue;
		if (ends[0].revents)
			write_some(child);
		if (ends[1].revents)
			read_some(child);
	}
	/* What it has left in the pipe; others that it started may hold that open. */
	for (guint i = 0; i < 64 && read_some(child); i++)
		continue;
	if (child->line->len > 0)
		end_line(child);
	return TRUE;
}

static void
conclude(Child *child, RetourRan *ran)
{
	int status = 0;
	gint64 deadline =
	        g_get_monotonic_time() + (gint64)child->run->timeout * (gint64)G_USEC_PER_SEC;
	ran->started = TRUE;
	if (!attend(child, deadline, &status)) {
		kill(-child->pid, SIGKILL);
		waitpid(child->pid, &status, 0);
		ran->trouble = g_strdup_printf("%s did not end within %u seconds",
		                               child->run->words[0], child->run->timeout);
		return;
	}
	if (WIFEXITED(status)) {
		ran->status = WEXITSTATUS(status);
		g_strstrip(child->tail->str);
		ran->trouble = *child->tail->str ? g_strdup(child->tail->str) : NULL;
	} else {
		ran->trouble = g_strdup_printf("%s was ended by signal %d", child->run->words[0],
		                               WTERMSIG(status));
	}
}

void
retour_run(const RetourRun *run, RetourRan *ran)
{
	*ran = (RetourRan){ .status = -1 };
	const struct passwd *user = run->user ? getpwnam(run->user) : NULL;
	if (run->user && !user) {
		ran->trouble = g_strdup_printf("there is no user \"%s\"", run->user);
		return;
	}
	/* Nothing to become for who is it already. */
	if (user && user->pw_uid == geteuid())
		user = NULL;
	g_autoptr(GString) line = g_string_new(NULL), tail = g_string_new(NULL);
	Child child = { .run = run, .in = -1, .out = -1, .line = line, .tail = tail };
	int fault = start(&child, user);
	if (fault) {
		if (child.pid > 0)
			waitpid(child.pid, NULL, 0);
		ran->trouble = g_strdup_printf("%s cannot be run%s%s: %s", run->words[0],
		                               user ? " as " : "", user ? run->user : "",
		                               g_strerror(fault));
	} else {
		conclude(&child, ran);
	}
	close_end(&child.in);
	close_end(&child.out);
}

void
retour_ran_clear(RetourRan *ran)
{
	g_free(ran->trouble);
}
