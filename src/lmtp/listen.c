/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "lmtp/server.h"

/* sd_listen_fds(3): the first one, and most that are believed. */
#define ACTIVATED_FIRST 3
#define ACTIVATED_MAX 16

typedef union {
	struct sockaddr any;
	struct sockaddr_un un;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
} Address;

static gboolean
is_path(const char *address)
{
	return strchr(address, '/') != NULL;
}

static gboolean
fail(GError **error, const char *address)
{
	int error_number = errno;
	g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(error_number), "%s: %s",
	            address, g_strerror(error_number));
	return FALSE;
}

/* "127.0.0.1:24", "[::1]:24", "localhost:24". */
static gboolean
take_host_and_port(const char *address, Address *result, socklen_t *size)
{
	const char *colon = strrchr(address, ':');
	guint64 port;
	if (!colon || !g_ascii_string_to_unsigned(colon + 1, 10, 1, G_MAXUINT16, &port, NULL))
		return FALSE;
	g_autofree char *host = g_strndup(address, (gsize)(colon - address));
	*result = (Address){ 0 };
	if (strcmp(host, "[::1]") == 0) {
		result->in6.sin6_family = AF_INET6;
		result->in6.sin6_addr = in6addr_loopback;
		result->in6.sin6_port = htons((guint16)port);
		*size = sizeof result->in6;
		return TRUE;
	}
	gboolean named = strcmp(host, "localhost") == 0;
	result->in.sin_family = AF_INET;
	result->in.sin_port = htons((guint16)port);
	*size = sizeof result->in;
	return inet_pton(AF_INET, named ? "127.0.0.1" : host, &result->in.sin_addr) == 1 &&
	       ntohl(result->in.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

static gboolean
take_address(const char *address, Address *result, socklen_t *size, GError **error)
{
	if (!is_path(address)) {
		if (take_host_and_port(address, result, size))
			return TRUE;
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		            "%s is no address to listen at: it is the path of a Unix socket, or "
		            "127.0.0.1:PORT or [::1]:PORT; LMTP has no place on a network",
		            address);
		return FALSE;
	}
	*result = (Address){ .un = { .sun_family = AF_UNIX } };
	*size = sizeof result->un;
	if (strlen(address) >= sizeof result->un.sun_path) {
		errno = ENAMETOOLONG;
		return fail(error, address);
	}
	memcpy(result->un.sun_path, address, strlen(address) + 1);
	return TRUE;
}

/* A name that a server has left behind, killed: nobody answers at it. */
static gboolean
is_stale(const char *address, const Address *at, socklen_t size)
{
	struct stat status;
	if (!is_path(address) || lstat(address, &status) != 0 || !S_ISSOCK(status.st_mode))
		return FALSE;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	gboolean stale = fd >= 0 && connect(fd, &at->any, size) != 0 && errno == ECONNREFUSED;
	if (fd >= 0)
		close(fd);
	return stale;
}

static gboolean
bind_and_listen(int fd, const char *address, const Address *at, socklen_t size)
{
	/* Of a port: connections of a server before may still be closing. */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int));
	gboolean bound = bind(fd, &at->any, size) == 0;
	if (!bound && errno == EADDRINUSE && is_stale(address, at, size)) {
		unlink(address);
		bound = bind(fd, &at->any, size) == 0;
	}
	return bound && listen(fd, SOMAXCONN) == 0;
}

int
retour_lmtp_listen(const char *address, GError **error)
{
	Address at;
	socklen_t size;
	if (!take_address(address, &at, &size, error))
		return -1;
	int fd = socket(at.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && bind_and_listen(fd, address, &at, size))
		return fd;
	fail(error, address);
	if (fd >= 0)
		close(fd);
	return -1;
}

gboolean
retour_lmtp_check_address(const char *address, GError **error)
{
	Address at;
	socklen_t size;
	return take_address(address, &at, &size, error);
}

gboolean
retour_lmtp_is_at(int fd, const char *address)
{
	Address wanted, is = { 0 };
	socklen_t size, got = sizeof is;
	if (!take_address(address, &wanted, &size, NULL) || getsockname(fd, &is.any, &got) != 0 ||
	    is.any.sa_family != wanted.any.sa_family)
		return FALSE;
	return is_path(address) ? strcmp(is.un.sun_path, wanted.un.sun_path) == 0
	                        : memcmp(&is, &wanted, size) == 0;
}

void
retour_lmtp_unlisten(const char *address)
{
	if (is_path(address))
		unlink(address);
}

void
retour_lmtp_take_activated(GArray *listeners)
{
	const char *pid_text = g_getenv("LISTEN_PID"), *n_text = g_getenv("LISTEN_FDS");
	guint64 pid, n;
	if (!pid_text || !n_text ||
	    !g_ascii_string_to_unsigned(pid_text, 10, 1, G_MAXINT, &pid, NULL) ||
	    !g_ascii_string_to_unsigned(n_text, 10, 1, ACTIVATED_MAX, &n, NULL) ||
	    (pid_t)pid != getpid())
		return;
	for (int fd = ACTIVATED_FIRST; fd < ACTIVATED_FIRST + (int)n; fd++) {
		fcntl(fd, F_SETFD, FD_CLOEXEC);
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
		g_array_append_val(listeners, fd);
	}
	/* They are not for those that we start. */
	g_unsetenv("LISTEN_PID");
	g_unsetenv("LISTEN_FDS");
	g_unsetenv("LISTEN_FDNAMES");
}
