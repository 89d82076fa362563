/* SPDX-License-Identifier: BSD-2-Clause */
#include "lmtp/server.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_BYTES (64 * 1024)

typedef struct {
	int fd; /* owned */
	RetourLmtpSession *session;
	GByteArray *read; /* owned; not yet taken */
	guint64 steps;
	gint64 stepped; /* when it last did a step, monotonic microseconds */
	guint listener; /* that it came over */
	gboolean gone;
} Connection;

typedef struct {
	const RetourLmtpServerSettings *settings;
	const GArray *listeners;
	GPtrArray *connections; /* of Connection, owned */
	GArray *polls;          /* of struct pollfd: listeners, then connections */
	gsize held;
	gint64 looked;  /* when it was last called, monotonic microseconds */
	gboolean ended; /* by a callback */
	char host[256];
} Server;

static volatile sig_atomic_t ending;

static void
note_end(int signal_number)
{
	ending = signal_number;
}

static void
free_connection(gpointer data)
{
	Connection *connection = data;
	close(connection->fd);
	retour_lmtp_session_free(connection->session);
	g_byte_array_unref(connection->read);
	g_free(connection);
}

static void
send_replies(Connection *connection)
{
	GString *replies = retour_lmtp_session_get_replies(connection->session);
	while (replies->len > 0 && !connection->gone) {
		gssize sent = send(connection->fd, replies->str, replies->len,
		                   MSG_NOSIGNAL | MSG_DONTWAIT);
		if (sent >= 0)
			g_string_erase(replies, 0, sent);
		else if (errno == EAGAIN)
			break;
		else if (errno != EINTR)
			connection->gone = TRUE;
	}
	connection->gone |= replies->len == 0 && retour_lmtp_session_is_over(connection->session);
}

static void
note_step(Connection *connection)
{
	guint64 steps = retour_lmtp_session_get_steps(connection->session);
	if (steps != connection->steps)
		connection->stepped = g_get_monotonic_time();
	connection->steps = steps;
}

/* Goes on as far as the bytes that are there lead. */
static void
advance(Connection *connection)
{
	gsize taken = retour_lmtp_session_feed(
	        connection->session, (const char *)connection->read->data, connection->read->len);
	g_byte_array_remove_range(connection->read, 0, (guint)taken);
	note_step(connection);
	send_replies(connection);
}

static void
receive(Connection *connection)
{
	GByteArray *read = connection->read;
	guint have = read->len;
	g_byte_array_set_size(read, have + READ_BYTES);
	gssize got = recv(connection->fd, read->data + have, READ_BYTES, MSG_DONTWAIT);
	int error = errno;
	g_byte_array_set_size(read, have + (guint)MAX(got, 0));
	if (got > 0)
		advance(connection);
	else if (got == 0 || (error != EAGAIN && error != EINTR))
		connection->gone = TRUE;
}

static gboolean
has_deliveries(const Connection *connection)
{
	guint n;
	return !connection->gone && retour_lmtp_session_get_deliveries(connection->session, &n);
}

static void
add_connection(Server *server, guint listener, int fd)
{
	Connection *connection = g_new0(Connection, 1);
	connection->fd = fd;
	connection->listener = listener;
	connection->session = retour_lmtp_session_new(server->host, &server->held);
	connection->read = g_byte_array_new();
	connection->stepped = g_get_monotonic_time();
	if (server->connections->len >= server->settings->connections) {
		g_string_truncate(retour_lmtp_session_get_replies(connection->session), 0);
		retour_lmtp_session_end(connection->session,
		                        "4.3.2 too many connections, try again");
	}
	g_ptr_array_add(server->connections, connection);
	send_replies(connection);
}

/* Where no descriptor is left those that knock wait. */
static void
accept_all(Server *server, guint listener)
{
	const int knocked = g_array_index(server->listeners, int, listener);
	int fd;
	while ((fd = accept4(knocked, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0)
		add_connection(server, listener, fd);
}

/* Microseconds until the first of them has stood still for too long. */
static gint64
enforce_timeout(Server *server)
{
	const gint64 limit = (gint64)server->settings->timeout_ms * 1000;
	const gint64 now = g_get_monotonic_time();
	gint64 left = limit;
	for (guint i = 0; i < server->connections->len; i++) {
		Connection *connection = server->connections->pdata[i];
		gint64 rest = connection->stepped + limit - now;
		if (rest <= 0 && retour_lmtp_session_is_over(connection->session)) {
			connection->gone = TRUE;
		} else if (rest <= 0) {
			retour_lmtp_session_end(connection->session, "4.4.2 that took too long");
			send_replies(connection);
			/* It does not read what it is told. */
			connection->gone = TRUE;
		} else {
			left = MIN(left, rest);
		}
	}
	return left;
}

static void
drop_gone(Server *server)
{
	for (guint i = server->connections->len; i > 0; i--) {
		if (((Connection *)server->connections->pdata[i - 1])->gone)
			g_ptr_array_remove_index(server->connections, i - 1);
	}
}

/* A client that does not take its replies is not listened to, nor one that has a mail before us. */
static void
await(Server *server, gint64 microseconds, const sigset_t *mask)
{
	const struct timespec left = { microseconds / G_USEC_PER_SEC,
		                       microseconds % G_USEC_PER_SEC * 1000 };
	g_array_set_size(server->polls, 0);
	for (guint i = 0; i < server->listeners->len; i++) {
		struct pollfd poll = { .fd = g_array_index(server->listeners, int, i),
			               .events = POLLIN };
		g_array_append_val(server->polls, poll);
	}
	for (guint i = 0; i < server->connections->len; i++) {
		Connection *connection = server->connections->pdata[i];
		gsize waiting = retour_lmtp_session_get_replies(connection->session)->len;
		struct pollfd poll = { .fd = has_deliveries(connection) ? -1 : connection->fd,
			               .events = waiting ? POLLOUT : POLLIN };
		g_array_append_val(server->polls, poll);
	}
	if (ppoll((struct pollfd *)server->polls->data, server->polls->len, &left, mask) < 0)
		memset(server->polls->data, 0, server->polls->len * sizeof(struct pollfd));
}

static void
serve_connection(Connection *connection, short events)
{
	if (events & POLLOUT) {
		send_replies(connection);
		advance(connection);
	} else if (events) {
		receive(connection);
	}
}

/* Hands over all that has come whole, together, and answers. Each then goes on with what it had
 * sent ahead: another mail may be in it. */
static void
keep_mail(Server *server)
{
	g_autoptr(GPtrArray) deliveries = g_ptr_array_new();
	for (guint i = 0; i < server->connections->len; i++) {
		Connection *connection = server->connections->pdata[i];
		guint n = 0;
		RetourLmtpDelivery *some =
		        connection->gone
		                ? NULL
		                : retour_lmtp_session_get_deliveries(connection->session, &n);
		for (guint j = 0; some && j < n; j++) {
			some[j].listener = connection->listener;
			g_ptr_array_add(deliveries, &some[j]);
		}
	}
	if (deliveries->len == 0)
		return;
	server->ended |= !server->settings->keep((RetourLmtpDelivery *const *)deliveries->pdata,
	                                         deliveries->len, server->settings->data);
	for (guint i = 0; i < server->connections->len; i++) {
		Connection *connection = server->connections->pdata[i];
		if (!has_deliveries(connection))
			continue;
		retour_lmtp_session_answer(connection->session);
		/* The time that it took was ours. */
		connection->stepped = g_get_monotonic_time();
		if (ending || server->ended)
			retour_lmtp_session_end(connection->session, "4.3.2 the service ends");
		advance(connection);
	}
}

static gboolean
any_deliveries(const Server *server)
{
	for (guint i = 0; i < server->connections->len; i++) {
		if (has_deliveries(server->connections->pdata[i]))
			return TRUE;
	}
	return FALSE;
}

/* Microseconds until the next look. */
static gint64
look(Server *server)
{
	const gint64 pause = (gint64)server->settings->look_ms * 1000;
	const gint64 now = g_get_monotonic_time();
	if (!server->settings->look)
		return G_MAXINT64;
	if (now < server->looked + pause)
		return server->looked + pause - now;
	server->looked = now;
	server->ended |= !server->settings->look(server->settings->data);
	return server->ended ? 0 : pause;
}

static void
turn(Server *server, const sigset_t *mask)
{
	gint64 left = MIN(look(server), enforce_timeout(server));
	drop_gone(server);
	await(server, any_deliveries(server) ? 0 : left, mask);
	guint n = server->listeners->len;
	guint connections = server->connections->len;
	for (guint i = 0; i < connections; i++)
		serve_connection(server->connections->pdata[i],
		                 g_array_index(server->polls, struct pollfd, n + i).revents);
	for (guint i = 0; i < n; i++) {
		if (g_array_index(server->polls, struct pollfd, i).revents)
			accept_all(server, i);
	}
	keep_mail(server);
}

/* Those that are in the midst of something are told to come again. */
static void
end_all(Server *server)
{
	for (guint i = 0; i < server->connections->len; i++) {
		Connection *connection = server->connections->pdata[i];
		if (!retour_lmtp_session_is_over(connection->session))
			retour_lmtp_session_end(connection->session, "4.3.2 the service ends");
		send_replies(connection);
	}
}

/* The signals come while we wait, at no other time. */
static void
prepare_signals(sigset_t *mask)
{
	sigset_t held;
	ending = 0;
	sigaction(SIGTERM, &(struct sigaction){ .sa_handler = note_end }, NULL);
	sigaction(SIGINT, &(struct sigaction){ .sa_handler = note_end }, NULL);
	sigemptyset(&held);
	sigaddset(&held, SIGTERM);
	sigaddset(&held, SIGINT);
	sigprocmask(SIG_BLOCK, &held, mask);
}

gboolean
retour_lmtp_serve(const RetourLmtpServerSettings *settings, const GArray *listeners)
{
	Server server = { .settings = settings,
		          .listeners = listeners,
		          .connections = g_ptr_array_new_with_free_func(free_connection),
		          .polls = g_array_new(FALSE, TRUE, sizeof(struct pollfd)),
		          .looked = g_get_monotonic_time() };
	sigset_t mask;
	if (gethostname(server.host, sizeof server.host - 1) != 0 || !*server.host)
		g_strlcpy(server.host, "localhost", sizeof server.host);
	prepare_signals(&mask);
	while (!ending && !server.ended)
		turn(&server, &mask);
	end_all(&server);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	g_ptr_array_unref(server.connections);
	g_array_unref(server.polls);
	return !server.ended;
}
