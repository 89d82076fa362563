/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/*
 * The server's half of one LMTP dialogue (RFC 2033), without a socket: bytes of the client in,
 * replies out, and in between mails that somebody must keep before they are answered. LMTP gives
 * each recipient of a mail a reply of its own.
 */
typedef enum {
	RETOUR_LMTP_LATER,     /* 451: some trouble here; the client tries again */
	RETOUR_LMTP_KEPT,      /* 250: it is on the disk, or in somebody else's hands */
	RETOUR_LMTP_TOO_LARGE, /* 552: it could be kept only in part, and must be kept whole */
} RetourLmtpOutcome;

/* One mail for one recipient. */
typedef struct {
	const char *sender, *recipient; /* of the session; "" is the null sender */
	GBytes *mail;                   /* of the session; lines end in LF where CRLF was sent */
	gboolean cut;                   /* it is the head of a mail beyond RETOUR_LIMIT_MESSAGE */
	RetourLmtpOutcome outcome;      /* LATER until whoever keeps it says otherwise */
	guint listener;                 /* of the server: the socket that it came over, from 0 */
} RetourLmtpDelivery;

typedef struct RetourLmtpSession RetourLmtpSession;

/* @host: our name in the greeting. @held: bytes of mail that all sessions together hold, which each
 * counts its own into; beyond RETOUR_LIMIT_LMTP_HELD mail is deferred. The greeting waits among the
 * replies. (transfer full) */
RetourLmtpSession *retour_lmtp_session_new(const char *host, gsize *held);
void retour_lmtp_session_free(RetourLmtpSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetourLmtpSession, retour_lmtp_session_free)

/* Takes what it can of the client's bytes, and returns how many: the rest, less than
 * RETOUR_LIMIT_LMTP_LINE bytes unless there are deliveries to be answered or the session is over,
 * is to be given again with what follows. */
gsize retour_lmtp_session_feed(RetourLmtpSession *session, const char *bytes, gsize length);

/* What has to be sent; the caller takes off what it has sent. */
GString *retour_lmtp_session_get_replies(RetourLmtpSession *session);

/* A mail that has come whole: @n deliveries, one for each recipient, whose outcomes are to be set.
 * NULL: there is none. Until it is answered no more is taken. */
RetourLmtpDelivery *retour_lmtp_session_get_deliveries(RetourLmtpSession *session, guint *n);
void retour_lmtp_session_answer(RetourLmtpSession *session);

/* How many commands and mails have come whole: one that stands still for too long is to be ended.
 */
guint64 retour_lmtp_session_get_steps(const RetourLmtpSession *session);
/* 421 with the words, and no more is taken. */
void retour_lmtp_session_end(RetourLmtpSession *session, const char *why);
/* Once its replies are sent the connection is to be closed. */
gboolean retour_lmtp_session_is_over(const RetourLmtpSession *session);
