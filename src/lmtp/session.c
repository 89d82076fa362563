/* SPDX-License-Identifier: BSD-2-Clause */
#include "lmtp/session.h"

#include <string.h>

#include "base/limits.h"
#include "base/span.h"

/* A line of a mail may be endless: beyond this its pieces are taken as they come. Bytes. */
#define PIECE (RETOUR_LIMIT_LMTP_LINE / 2)

typedef enum { COMMANDS, DATA, ANSWER, OVER } State;

struct RetourLmtpSession {
	State state;
	char *host; /* owned */
	gsize *held;
	GString *replies;      /* owned */
	gboolean greeted;      /* LHLO */
	char *sender;          /* owned; NULL before MAIL */
	GPtrArray *recipients; /* of strings, owned */
	guint64 steps;
	guint mistakes;
	gboolean too_long; /* a command line is being passed over */

	GByteArray *mail;   /* owned; what has come of it */
	gboolean line_open; /* the line before has not ended in CRLF */
	gboolean cut, no_room;
	GBytes *whole;      /* owned; mail, once it is whole */
	GArray *deliveries; /* of RetourLmtpDelivery, owned */
};

RetourLmtpSession *
retour_lmtp_session_new(const char *host, gsize *held)
{
	RetourLmtpSession *session = g_new0(RetourLmtpSession, 1);
	session->host = g_strdup(host);
	session->held = held;
	session->replies = g_string_new(NULL);
	session->recipients = g_ptr_array_new_with_free_func(g_free);
	session->deliveries = g_array_new(FALSE, TRUE, sizeof(RetourLmtpDelivery));
	g_string_printf(session->replies, "220 %s LMTP Retour\r\n", host);
	return session;
}

static void
drop_mail(RetourLmtpSession *session)
{
	gsize size = session->mail    ? session->mail->len
	             : session->whole ? g_bytes_get_size(session->whole)
	                              : 0;
	*session->held -= size;
	g_clear_pointer(&session->mail, g_byte_array_unref);
	g_clear_pointer(&session->whole, g_bytes_unref);
	g_array_set_size(session->deliveries, 0);
}

static void
reset(RetourLmtpSession *session)
{
	drop_mail(session);
	g_clear_pointer(&session->sender, g_free);
	g_ptr_array_set_size(session->recipients, 0);
}

void
retour_lmtp_session_free(RetourLmtpSession *session)
{
	reset(session);
	g_free(session->host);
	g_string_free(session->replies, TRUE);
	g_ptr_array_unref(session->recipients);
	g_array_unref(session->deliveries);
	g_free(session);
}

static void
reply(RetourLmtpSession *session, const char *line)
{
	g_string_append_printf(session->replies, "%s\r\n", line);
}

/* A client that makes nothing but mistakes is none. */
static void
refuse(RetourLmtpSession *session, const char *line)
{
	reply(session, line);
	if (++session->mistakes >= RETOUR_LIMIT_LMTP_MISTAKES)
		retour_lmtp_session_end(session, "4.7.0 too many mistakes");
}

void
retour_lmtp_session_end(RetourLmtpSession *session, const char *why)
{
	g_string_append_printf(session->replies, "421 %s\r\n", why);
	session->state = OVER;
}

/* The argument behind "MAIL FROM:" or "RCPT TO:": what stands between the angle brackets, without a
 * source route (RFC 5321, appendix C). @rest: the parameters. FALSE if it is none. */
static gboolean
take_path(RetourSpan text, RetourSpan *path, RetourSpan *rest)
{
	gsize at = 1;
	gboolean quoted = FALSE;
	text = retour_span_trim(text);
	if (text.length < 2 || text.data[0] != '<')
		return FALSE;
	for (; at < text.length && (quoted || text.data[at] != '>'); at++) {
		if ((guchar)text.data[at] < ' ' || text.data[at] == 0x7F)
			return FALSE;
		if (text.data[at] == '"')
			quoted = !quoted;
		else if (quoted && text.data[at] == '\\')
			at++;
	}
	if (at >= text.length || at - 1 > RETOUR_LIMIT_ADDRESS)
		return FALSE;
	*path = retour_span_sub(text, 1, at - 1);
	*rest = retour_span_trim(retour_span_from(text, at + 1));
	gssize colon =
	        retour_span_has_prefix(*path, "@") ? retour_span_find_char(*path, 0, ':') : -1;
	*path = retour_span_from(*path, (gsize)(colon + 1));
	return TRUE;
}

/* Of MAIL (RFC 1870, 6152, 6531). FALSE: there is one that was not offered. */
static gboolean
take_parameters(RetourSpan rest, guint64 *size)
{
	while (rest.length > 0) {
		gssize space = retour_span_find_char(rest, 0, ' ');
		RetourSpan word = retour_span_sub(rest, 0, space < 0 ? rest.length : (gsize)space);
		rest = retour_span_trim(retour_span_from(rest, word.length));
		g_autofree char *number = g_strndup(word.data, word.length);
		gboolean known = retour_span_equal(word, "BODY=7BIT") ||
		                 retour_span_equal(word, "BODY=8BITMIME") ||
		                 retour_span_equal(word, "SMTPUTF8");
		if (!known &&
		    !(retour_span_has_prefix(word, "SIZE=") &&
		      g_ascii_string_to_unsigned(number + 5, 10, 0, G_MAXUINT64, size, NULL)))
			return FALSE;
	}
	return TRUE;
}

static gboolean
has_room(const RetourLmtpSession *session, guint64 bytes)
{
	return *session->held + MIN(bytes, RETOUR_LIMIT_MESSAGE) <= RETOUR_LIMIT_LMTP_HELD;
}

static void
greet(RetourLmtpSession *session, RetourSpan argument)
{
	if (argument.length == 0) {
		refuse(session, "501 5.5.4 LHLO wants your name");
		return;
	}
	reset(session);
	session->greeted = TRUE;
	/* SIZE without a number: there is no limit beyond which a mail is refused unseen. */
	g_string_append_printf(session->replies,
	                       "250-%s\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n"
	                       "250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE\r\n",
	                       session->host);
}

static void
take_sender(RetourLmtpSession *session, RetourSpan argument)
{
	RetourSpan path, rest;
	guint64 size = 0;
	if (!session->greeted || session->sender)
		refuse(session, session->greeted ? "503 5.5.1 there is a sender already"
		                                 : "503 5.5.1 LHLO first");
	else if (!take_path(argument, &path, &rest))
		refuse(session, "501 5.1.7 the sender is no <address>");
	else if (!take_parameters(rest, &size))
		refuse(session, "555 5.5.4 a parameter that was not offered");
	else if (!has_room(session, size))
		reply(session, "452 4.3.1 too much mail at once, try again");
	else {
		session->sender = g_strndup(path.data, path.length);
		reply(session, "250 2.1.0 ok");
	}
}

static void
take_recipient(RetourLmtpSession *session, RetourSpan argument)
{
	RetourSpan path, rest;
	if (!session->sender)
		refuse(session, "503 5.5.1 MAIL first");
	else if (!take_path(argument, &path, &rest) || path.length == 0)
		refuse(session, "501 5.1.3 the recipient is no <address>");
	else if (rest.length > 0)
		refuse(session, "555 5.5.4 a parameter that was not offered");
	else if (session->recipients->len >= RETOUR_LIMIT_LMTP_RECIPIENTS)
		reply(session, "452 4.5.3 too many recipients for one mail");
	else {
		g_ptr_array_add(session->recipients, g_strndup(path.data, path.length));
		reply(session, "250 2.1.5 ok");
	}
}

static void
begin_data(RetourLmtpSession *session, RetourSpan argument)
{
	(void)argument;
	if (session->recipients->len == 0) {
		refuse(session, "503 5.5.1 there is no recipient");
		return;
	}
	session->mail = g_byte_array_new();
	session->line_open = session->cut = session->no_room = FALSE;
	session->state = DATA;
	reply(session, "354 the mail, then a line with a dot alone");
}

static void
begin_anew(RetourLmtpSession *session, RetourSpan argument)
{
	(void)argument;
	reset(session);
	reply(session, "250 2.0.0 ok");
}

static void
do_nothing(RetourLmtpSession *session, RetourSpan argument)
{
	(void)argument;
	reply(session, "250 2.0.0 ok");
}

static void
not_verify(RetourLmtpSession *session, RetourSpan argument)
{
	(void)argument;
	reply(session, "252 2.5.0 send it and see");
}

static void
quit(RetourLmtpSession *session, RetourSpan argument)
{
	(void)argument;
	reply(session, "221 2.0.0 bye");
	session->state = OVER;
}

static const struct {
	const char *words;
	void (*run)(RetourLmtpSession *session, RetourSpan argument);
	char next; /* what follows the words: ' ' or the end, or a path at once */
} commands[] = {
	{ "LHLO", greet, ' ' },
	{ "MAIL FROM:", take_sender, '<' },
	{ "RCPT TO:", take_recipient, '<' },
	{ "DATA", begin_data, ' ' },
	{ "RSET", begin_anew, ' ' },
	{ "NOOP", do_nothing, ' ' },
	{ "VRFY", not_verify, ' ' },
	{ "QUIT", quit, ' ' },
};

static void
obey(RetourLmtpSession *session, RetourSpan line)
{
	session->steps++;
	line = retour_span_trim(line);
	for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
		RetourSpan rest = retour_span_from(line, strlen(commands[i].words));
		if (retour_span_has_prefix(line, commands[i].words) &&
		    (commands[i].next == '<' || rest.length == 0 || rest.data[0] == ' ')) {
			commands[i].run(session, retour_span_trim(rest));
			return;
		}
	}
	/* HELO and EHLO too (RFC 2033, 4.1). */
	refuse(session, "500 5.5.1 this is LMTP: LHLO MAIL RCPT DATA RSET NOOP VRFY QUIT");
}

/* One command line off the front. Returns its bytes; 0 if it is not whole. */
static gsize
take_command(RetourLmtpSession *session, RetourSpan text)
{
	gssize end = retour_span_find_char(text, 0, '\n');
	if (end < 0 && text.length < RETOUR_LIMIT_LMTP_LINE)
		return 0;
	gsize taken = end < 0 ? text.length : (gsize)end + 1;
	gboolean too_long = session->too_long || taken > RETOUR_LIMIT_LMTP_LINE || end < 0;
	session->too_long = too_long && end < 0;
	if (too_long && end >= 0)
		refuse(session, "500 5.5.2 the line is too long");
	else if (!too_long)
		obey(session, retour_span_sub(text, 0, taken));
	return taken;
}

/* What goes beyond the limit of one mail is read and dropped; what finds no room defers it. */
static void
keep(RetourLmtpSession *session, RetourSpan piece)
{
	gsize room = RETOUR_LIMIT_MESSAGE + 1 - MIN(session->mail->len, RETOUR_LIMIT_MESSAGE + 1);
	session->cut |= piece.length > room;
	piece = retour_span_sub(piece, 0, room);
	if (!session->no_room && *session->held + piece.length > RETOUR_LIMIT_LMTP_HELD) {
		session->no_room = TRUE;
		drop_mail(session);
		session->mail = g_byte_array_new();
	}
	if (session->no_room || piece.length == 0)
		return;
	*session->held += piece.length;
	g_byte_array_append(session->mail, (const guint8 *)piece.data, (guint)piece.length);
}

static void
hand_over(RetourLmtpSession *session)
{
	session->steps++;
	session->state = ANSWER;
	session->whole = g_byte_array_free_to_bytes(g_steal_pointer(&session->mail));
	for (guint i = 0; i < session->recipients->len; i++) {
		RetourLmtpDelivery delivery = { .sender = session->sender,
			                        .recipient = session->recipients->pdata[i],
			                        .mail = session->whole,
			                        .cut = session->cut };
		g_array_append_val(session->deliveries, delivery);
	}
	if (session->no_room)
		retour_lmtp_session_answer(session);
}

/* One line of the mail, or a piece of one. Only CRLF ends a line: whoever took a bare LF for it
 * would see the end of a mail where the client saw none. */
static gsize
take_data(RetourLmtpSession *session, RetourSpan text)
{
	gssize end = retour_span_find_char(text, 0, '\n');
	gsize taken = end < 0 ? text.length : (gsize)end + 1;
	if (end < 0 && taken < PIECE)
		return 0;
	gboolean begins = !session->line_open;
	gboolean crlf = end > 0 && text.data[end - 1] == '\r';
	/* Its LF may follow. */
	if (end < 0 && text.data[taken - 1] == '\r')
		taken--;
	RetourSpan line = retour_span_sub(text, 0, taken);
	session->line_open = !crlf;
	if (begins && line.length == 3 && crlf && line.data[0] == '.') {
		hand_over(session);
		return taken;
	}
	if (begins && line.data[0] == '.')
		line = retour_span_from(line, 1);
	keep(session, retour_span_sub(line, 0, line.length - (crlf ? 2 : 0)));
	if (crlf)
		keep(session, RETOUR_SPAN_LITERAL("\n"));
	return taken;
}

gsize
retour_lmtp_session_feed(RetourLmtpSession *session, const char *bytes, gsize length)
{
	RetourSpan text = retour_span(bytes, length);
	gsize taken = 1;
	while (taken > 0 && text.length > 0 &&
	       (session->state == COMMANDS || session->state == DATA)) {
		taken = session->state == COMMANDS ? take_command(session, text)
		                                   : take_data(session, text);
		text = retour_span_from(text, taken);
	}
	return length - text.length;
}

GString *
retour_lmtp_session_get_replies(RetourLmtpSession *session)
{
	return session->replies;
}

RetourLmtpDelivery *
retour_lmtp_session_get_deliveries(RetourLmtpSession *session, guint *n)
{
	*n = session->state == ANSWER ? session->deliveries->len : 0;
	return *n > 0 ? (RetourLmtpDelivery *)session->deliveries->data : NULL;
}

static const char *
answer_to(const RetourLmtpSession *session, RetourLmtpOutcome outcome)
{
	if (session->no_room)
		return "452 4.3.1 too much mail at once, try again";
	return outcome == RETOUR_LMTP_KEPT        ? "250 2.0.0 kept"
	       : outcome == RETOUR_LMTP_TOO_LARGE ? "552 5.3.4 too large to be kept"
	                                          : "451 4.3.0 trouble here, try again";
}

void
retour_lmtp_session_answer(RetourLmtpSession *session)
{
	for (guint i = 0; i < session->deliveries->len; i++)
		reply(session,
		      answer_to(session,
		                g_array_index(session->deliveries, RetourLmtpDelivery, i).outcome));
	reset(session);
	session->state = COMMANDS;
}

guint64
retour_lmtp_session_get_steps(const RetourLmtpSession *session)
{
	return session->steps;
}

gboolean
retour_lmtp_session_is_over(const RetourLmtpSession *session)
{
	return session->state == OVER;
}
