/* SPDX-License-Identifier: BSD-2-Clause */

/* A client of the LMTP server: however its bytes are cut up, the dialogue is the same. */

#include "base/limits.h"
#include "fuzz.h"
#include "lmtp/session.h"

#define HOST "mx.example"

static gboolean
is_valid_address(const char *address)
{
	for (const char *at = address; *at; at++)
		if ((guchar)*at < ' ' || *at == 0x7F)
			return FALSE;
	return strlen(address) <= RETOUR_LIMIT_ADDRESS;
}

/* Every recipient gets an outcome of its own; @log tells what was handed over. */
static gboolean
take_mail(RetourLmtpSession *session, const gsize *held, GString *log)
{
	guint n;
	RetourLmtpDelivery *deliveries = retour_lmtp_session_get_deliveries(session, &n);
	if (!deliveries)
		return FALSE;
	fuzz_require(n >= 1 && n <= RETOUR_LIMIT_LMTP_RECIPIENTS, "%u deliveries", n);
	for (guint i = 0; i < n; i++) {
		RetourLmtpDelivery *delivery = &deliveries[i];
		gsize size;
		const char *mail = g_bytes_get_data(delivery->mail, &size);
		fuzz_require(size <= *held && !delivery->cut, "%zu bytes, %zu are held", size,
		             *held);
		fuzz_require(is_valid_address(delivery->sender) &&
		                     is_valid_address(delivery->recipient),
		             "<%s> to <%s>", delivery->sender, delivery->recipient);
		g_string_append_printf(log, "<%s> <%s> ", delivery->sender, delivery->recipient);
		g_string_append_len(log, mail, (gssize)size);
		delivery->outcome = (RetourLmtpOutcome)((i + size) % 3);
	}
	retour_lmtp_session_answer(session);
	return TRUE;
}

/* Feeds @text, at most @piece bytes more at a time (0: all), and returns the whole dialogue.
 * (transfer full) */
static GString *
talk(RetourSpan text, gsize piece)
{
	gsize held = 0, at = 0, shown = piece ? 0 : text.length;
	GString *log = g_string_new(NULL);
	RetourLmtpSession *session = retour_lmtp_session_new(HOST, &held);
	while (!retour_lmtp_session_is_over(session)) {
		at += retour_lmtp_session_feed(session, text.data + at, shown - at);
		fuzz_require(at <= shown, "%zu bytes of %zu taken", at, shown);
		if (take_mail(session, &held, log))
			continue;
		fuzz_require(shown - at < RETOUR_LIMIT_LMTP_LINE ||
		                     retour_lmtp_session_is_over(session),
		             "%zu bytes are left", shown - at);
		if (shown == text.length)
			break;
		shown = MIN(text.length, shown + piece);
	}
	GString *replies = retour_lmtp_session_get_replies(session);
	g_string_append_len(log, replies->str, (gssize)replies->len);
	retour_lmtp_session_free(session);
	fuzz_require(held == 0, "%zu bytes are held by nobody", held);
	return log;
}

/* Each reply is a line of ours, with none of the client's words in it. */
static void
check_replies(RetourSpan text)
{
	gsize held = 0;
	g_autoptr(RetourLmtpSession) session = retour_lmtp_session_new(HOST, &held);
	retour_lmtp_session_feed(session, text.data, text.length);
	const GString *replies = retour_lmtp_session_get_replies(session);
	g_auto(GStrv) lines = g_strsplit(replies->str, "\r\n", -1);
	fuzz_require(strlen(replies->str) == replies->len, "a NUL in the replies");
	for (guint i = 0; lines[i] && lines[i + 1]; i++)
		fuzz_require(strlen(lines[i]) > 4 && g_ascii_isdigit(lines[i][0]) &&
		                     strchr(" -", lines[i][3]) && g_str_is_ascii(lines[i]) &&
		                     !strpbrk(lines[i], "\r\n\033"),
		             "a reply: %s", lines[i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	gsize piece = 1 + fuzz_take(&data, &size, 64);
	RetourSpan text = retour_span((const char *)data, size);
	g_autoptr(GString) whole = talk(text, 0);
	g_autoptr(GString) pieces = talk(text, piece);
	fuzz_require(g_string_equal(whole, pieces), "in pieces of %zu:\n%s\nas a whole:\n%s", piece,
	             pieces->str, whole->str);
	check_replies(text);
	return 0;
}
