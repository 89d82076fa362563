/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/limits.h"
#include "lmtp/session.h"

#define HELLO "LHLO client.example\r\n"
#define ONE HELLO "MAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nDATA\r\n"

typedef struct {
	const char *name;
	const char *client;
	const char *codes; /* of the replies behind the greeting and the offer, "250 354" */
	const char *mails; /* "sender>recipient:mail|…" of all that was handed over */
} Row;

static const Row rows[] = {
	{ "one mail", ONE "Subject: a\r\n\r\nhello\r\n.\r\nQUIT\r\n", "250 250 354 250 221",
	  ">a@b.example:Subject: a\n\nhello\n|" },
	{ "each recipient is answered",
	  HELLO
	  "MAIL FROM:<x@y.example> BODY=8BITMIME SIZE=12 SMTPUTF8\r\nRCPT TO:<a@b.example>\r\n"
	  "RCPT TO:<c@d.example>\r\nDATA\r\nh\r\n.\r\n",
	  "250 250 250 354 250 250", "x@y.example>a@b.example:h\n|x@y.example>c@d.example:h\n|" },
	{ "two mails sent ahead",
	  ONE "1\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n2\r\n.\r\n",
	  "250 250 354 250 250 250 354 250", ">a@b.example:1\n|>c@d.example:2\n|" },
	{ "dots are taken off", ONE "..\r\n.x\r\n...\r\n.\r\n", "250 250 354 250",
	  ">a@b.example:.\nx\n..\n|" },
	{ "an empty mail", ONE ".\r\n", "250 250 354 250", ">a@b.example:|" },
	{ "LF dot CRLF ends no mail", ONE "a\n.\r\nb\r\n.\r\n", "250 250 354 250",
	  ">a@b.example:a\n.\nb\n|" },
	{ "CRLF dot LF ends no mail", ONE "a\r\n.\nb\r\n.\r\n", "250 250 354 250",
	  ">a@b.example:a\n\nb\n|" },
	{ "CR dot CR ends no mail", ONE "a\r.\rb\r\n.\r\n", "250 250 354 250",
	  ">a@b.example:a\r.\rb\n|" },
	{ "commands in small letters, ended by LF, spaces before the path",
	  "lhlo x\nmail from: <a@b.example>\nrcpt to: <c@d.example>\ndata\nx\r\n.\r\n",
	  "250 250 354 250", "a@b.example>c@d.example:x\n|" },
	{ "a source route is dropped, a quoted '>' is not the end",
	  HELLO
	  "MAIL FROM:<@x.example,@y.example:\"a>b\"@c.example>\r\nRCPT TO:<\"\\\">\"@d.example>\r\n"
	  "DATA\r\nx\r\n.\r\n",
	  "250 250 354 250", "\"a>b\"@c.example>\"\\\">\"@d.example:x\n|" },
	{ "UTF-8 in an address",
	  HELLO "MAIL FROM:<>\r\nRCPT TO:<j\xc3\xb6rg@b.example>\r\nDATA\r\n.\r\n",
	  "250 250 354 250", ">j\xc3\xb6rg@b.example:|" },
	{ "RSET forgets",
	  HELLO "MAIL FROM:<x@y.example>\r\nRCPT TO:<a@b.example>\r\nRSET\r\nDATA\r\n"
	        "MAIL FROM:<>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n.\r\n",
	  "250 250 250 503 250 250 354 250", ">c@d.example:|" },
	{ "no LHLO", "MAIL FROM:<>\r\n", "503", "" },
	{ "HELO and EHLO are of SMTP", "EHLO x\r\nHELO x\r\n", "500 500", "" },
	{ "LHLO without a name", "LHLO\r\n", "501", "" },
	{ "two senders", HELLO "MAIL FROM:<>\r\nMAIL FROM:<>\r\n", "250 503", "" },
	{ "no sender", HELLO "RCPT TO:<a@b.example>\r\n", "503", "" },
	{ "no recipient", HELLO "MAIL FROM:<>\r\nDATA\r\n", "250 503", "" },
	{ "the null address receives nothing", HELLO "MAIL FROM:<>\r\nRCPT TO:<>\r\n", "250 501",
	  "" },
	{ "no brackets, no end, controls",
	  HELLO "MAIL FROM:a@b.example\r\nMAIL FROM:<a\r\nMAIL FROM:<a\x01@b>\r\n", "501 501 501",
	  "" },
	{ "a parameter that is not offered",
	  HELLO "MAIL FROM:<> RET=HDRS\r\nMAIL FROM:<> SIZE=x\r\n", "555 555", "" },
	{ "words that only begin alike", HELLO "DATABASE\r\nQUITTER\r\n\r\n", "500 500 500", "" },
	{ "NOOP, VRFY", HELLO "NOOP\r\nVRFY a\r\nNOOP x\r\n", "250 252 250", "" },
	{ "what follows QUIT is not heard", "QUIT\r\nNOOP\r\n", "221", "" },
};

static void
add_mails(GString *mails, const RetourLmtpDelivery *deliveries, guint n)
{
	for (guint i = 0; i < n; i++) {
		gsize size;
		const char *mail = g_bytes_get_data(deliveries[i].mail, &size);
		g_string_append_printf(mails, "%s>%s:", deliveries[i].sender,
		                       deliveries[i].recipient);
		g_string_append_len(mails, mail, (gssize)size);
		g_string_append_c(mails, '|');
	}
}

/* Gives the client's bytes in steps, answers what is handed over with @outcome. */
static void
talk(RetourLmtpSession *session, const char *client, gsize length, gsize step,
     RetourLmtpOutcome outcome, GString *mails)
{
	gsize at = 0, end = 0;
	while (end < length || at < end) {
		end = MIN(end + step, length);
		gsize taken = retour_lmtp_session_feed(session, client + at, end - at);
		guint n;
		RetourLmtpDelivery *deliveries = retour_lmtp_session_get_deliveries(session, &n);
		at += taken;
		if (deliveries) {
			if (mails)
				add_mails(mails, deliveries, n);
			for (guint i = 0; i < n; i++)
				deliveries[i].outcome = outcome;
			retour_lmtp_session_answer(session);
		} else if (taken == 0 && end == length) {
			break;
		}
	}
}

/* Codes of the last lines of replies, without the greeting and the offer. */
static char *
codes_of(RetourLmtpSession *session)
{
	g_autoptr(GString) codes = g_string_new(NULL);
	g_auto(GStrv) lines = g_strsplit(retour_lmtp_session_get_replies(session)->str, "\r\n", -1);
	for (char **line = lines; *line; line++) {
		if (strlen(*line) < 4 || (*line)[3] == '-' || g_str_has_prefix(*line, "220") ||
		    strcmp(*line, "250 SIZE") == 0)
			continue;
		g_string_append_printf(codes, "%s%.3s", codes->len ? " " : "", *line);
	}
	return g_strdup(codes->str);
}

static void
test_dialogues(void **state)
{
	static const gsize steps[] = { 1, 2, 3, 7, 4096 };
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		for (gsize j = 0; j < G_N_ELEMENTS(steps); j++) {
			gsize held = 0;
			g_autoptr(GString) mails = g_string_new(NULL);
			RetourLmtpSession *session = retour_lmtp_session_new("h", &held);
			talk(session, rows[i].client, strlen(rows[i].client), steps[j],
			     RETOUR_LMTP_KEPT, mails);
			g_autofree char *codes = codes_of(session);
			if (strcmp(codes, rows[i].codes) != 0 ||
			    strcmp(mails->str, rows[i].mails) != 0)
				fail_msg("%s, in steps of %d: %s, %s", rows[i].name, (int)steps[j],
				         codes, mails->str);
			retour_lmtp_session_free(session);
			assert_int_equal(held, 0);
		}
	}
}

static void
test_outcomes(void **state)
{
	static const struct {
		RetourLmtpOutcome outcome;
		const char *codes;
	} outcomes[] = {
		{ RETOUR_LMTP_KEPT, "250 250 354 250" },
		{ RETOUR_LMTP_LATER, "250 250 354 451" },
		{ RETOUR_LMTP_TOO_LARGE, "250 250 354 552" },
	};
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(outcomes); i++) {
		gsize held = 0;
		g_autoptr(RetourLmtpSession) session = retour_lmtp_session_new("h", &held);
		talk(session, ONE ".\r\n", strlen(ONE ".\r\n"), 4096, outcomes[i].outcome, NULL);
		g_autofree char *codes = codes_of(session);
		assert_string_equal(codes, outcomes[i].codes);
	}
}

static void
test_long_lines(void **state)
{
	gsize held = 0;
	g_autoptr(RetourLmtpSession) session = retour_lmtp_session_new("h", &held);
	g_autoptr(GString) text = g_string_new(HELLO "NOOP ");
	(void)state;
	for (guint i = 0; i < 3 * RETOUR_LIMIT_LMTP_LINE; i++)
		g_string_append_c(text, 'x');
	g_string_append(text, "\r\nNOOP\r\n");
	talk(session, text->str, text->len, 1000, RETOUR_LMTP_KEPT, NULL);
	g_autofree char *codes = codes_of(session);
	assert_string_equal(codes, "500 250");
	/* Of a mail a line may have any length, and a CR may stand where a piece ends. */
	for (guint length = RETOUR_LIMIT_LMTP_LINE / 2 - 2; length < RETOUR_LIMIT_LMTP_LINE / 2 + 3;
	     length++) {
		g_autoptr(RetourLmtpSession) other = retour_lmtp_session_new("h", &held);
		g_autoptr(GString) mails = g_string_new(NULL);
		g_autofree char *line = g_strnfill(length, '.');
		g_autofree char *client = g_strconcat(ONE, ".", line, "\r\n.\r\n", NULL);
		g_autofree char *expected = g_strconcat(">a@b.example:", line, "\n|", NULL);
		talk(other, client, strlen(client), 511, RETOUR_LMTP_KEPT, mails);
		assert_string_equal(mails->str, expected);
	}
}

static void
test_recipients(void **state)
{
	gsize held = 0;
	g_autoptr(RetourLmtpSession) session = retour_lmtp_session_new("h", &held);
	g_autoptr(GString) text = g_string_new(HELLO "MAIL FROM:<>\r\n");
	g_autoptr(GString) mails = g_string_new(NULL);
	(void)state;
	for (guint i = 0; i < RETOUR_LIMIT_LMTP_RECIPIENTS + 1; i++)
		g_string_append_printf(text, "RCPT TO:<%u@b.example>\r\n", i);
	g_string_append(text, "DATA\r\n.\r\n");
	talk(session, text->str, text->len, 4096, RETOUR_LMTP_KEPT, mails);
	g_autofree char *codes = codes_of(session);
	g_auto(GStrv) all = g_strsplit(codes, " ", -1);
	assert_int_equal(g_strv_length(all), 1 + 101 + 1 + 100);
	assert_string_equal(all[1 + RETOUR_LIMIT_LMTP_RECIPIENTS], "452");
	assert_non_null(strstr(mails->str, ">99@b.example:"));
	assert_null(strstr(mails->str, ">100@b.example:"));
}

static void
test_mistakes(void **state)
{
	gsize held = 0;
	g_autoptr(RetourLmtpSession) session = retour_lmtp_session_new("h", &held);
	(void)state;
	for (guint i = 0; i < RETOUR_LIMIT_LMTP_MISTAKES; i++) {
		assert_false(retour_lmtp_session_is_over(session));
		retour_lmtp_session_feed(session, "x\r\n", 3);
	}
	assert_true(retour_lmtp_session_is_over(session));
	g_autofree char *codes = codes_of(session);
	assert_true(g_str_has_suffix(codes, " 500 421"));
}

/* Beyond the limit of one mail the rest is dropped; beyond that of all mails it is deferred. */
static void
test_sizes(void **state)
{
	gsize held = 0;
	const gsize megabyte = 1024 * 1024;
	g_autoptr(RetourLmtpSession) session = retour_lmtp_session_new("h", &held);
	g_autofree char *line = g_strnfill(megabyte, 'x');
	guint n;
	(void)state;
	memcpy(line + megabyte - 2, "\r\n", 2);
	retour_lmtp_session_feed(session, ONE, strlen(ONE));
	for (guint i = 0; i < RETOUR_LIMIT_MESSAGE / megabyte + 2; i++)
		assert_int_equal(retour_lmtp_session_feed(session, line, megabyte), megabyte);
	retour_lmtp_session_feed(session, ".\r\n", 3);
	RetourLmtpDelivery *delivery = retour_lmtp_session_get_deliveries(session, &n);
	assert_non_null(delivery);
	assert_true(delivery->cut);
	assert_int_equal(g_bytes_get_size(delivery->mail), RETOUR_LIMIT_MESSAGE + 1);
	assert_int_equal(held, RETOUR_LIMIT_MESSAGE + 1);
	retour_lmtp_session_answer(session);
	assert_int_equal(held, 0);

	held = RETOUR_LIMIT_LMTP_HELD - megabyte;
	g_string_truncate(retour_lmtp_session_get_replies(session), 0);
	const char *large =
	        "MAIL FROM:<> SIZE=2000000\r\nMAIL FROM:<>\r\nRCPT TO:<a@b>\r\nDATA\r\n";
	retour_lmtp_session_feed(session, large, strlen(large));
	retour_lmtp_session_feed(session, line, megabyte);
	retour_lmtp_session_feed(session, line, megabyte);
	retour_lmtp_session_feed(session, ".\r\n", 3);
	assert_null(retour_lmtp_session_get_deliveries(session, &n));
	g_autofree char *codes = codes_of(session);
	assert_string_equal(codes, "452 250 250 354 452");
	assert_int_equal(held, RETOUR_LIMIT_LMTP_HELD - megabyte);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dialogues),  cmocka_unit_test(test_outcomes),
		cmocka_unit_test(test_long_lines), cmocka_unit_test(test_recipients),
		cmocka_unit_test(test_mistakes),   cmocka_unit_test(test_sizes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
