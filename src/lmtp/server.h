/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "lmtp/session.h"

/*
 * Sockets and the dialogues on them, in one thread. It goes in rounds: whatever mail has come whole
 * on any connection is handed over together, and answered when that returns. So one write to the
 * disk serves all who wait for it; and while it is under way clients wait, which LMTP's time limits
 * of minutes allow.
 */
typedef struct {
	guint connections; /* at once, at least 1; those beyond are told to come again */
	guint timeout_ms;  /* for one command, or one mail, to come whole */
	/* Keeps the mails: those whose outcome is set to KEPT must be in safety when it returns.
	 * FALSE: once they are answered the service ends. */
	gboolean (*keep)(RetourLmtpDelivery *const *deliveries, guint n, gpointer data);
	/* Called every @look_ms, between the rounds. FALSE: the service ends. May be NULL. */
	gboolean (*look)(gpointer data);
	guint look_ms;
	gpointer data;
} RetourLmtpServerSettings;

/* Serves the sockets @listeners (array of int, bound, listening) until SIGTERM or SIGINT: then what
 * has come whole is still kept and answered. FALSE: a callback has ended it. */
gboolean retour_lmtp_serve(const RetourLmtpServerSettings *settings, const GArray *listeners);

/* A socket to serve: @address is the path of a Unix socket, or "host:port" of the loopback
 * interface. A socket that nobody serves any more is replaced. -1 with @error (a sentence) set;
 * errors are of G_FILE_ERROR. */
int retour_lmtp_listen(const char *address, GError **error);
/* Whether @address is one that could be listened at; FALSE with @error set. */
gboolean retour_lmtp_check_address(const char *address, GError **error);
/* Whether the socket @fd is bound to @address. */
gboolean retour_lmtp_is_at(int fd, const char *address);
/* Takes the Unix socket's name away. */
void retour_lmtp_unlisten(const char *address);

/* Sockets that systemd has opened (sd_listen_fds(3)), appended to @listeners (array of int). */
void retour_lmtp_take_activated(GArray *listeners);
