/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "smtp/reply.h"

/* "CODE STATUS" of each reply found in a text, joined by ", ". */
static const struct {
	const char *text, *replies;
} texts[] = {
	{ "550 5.1.1 User unknown", "550 5.1.1" },
	{ "host x said: 550 Mail rejected", "550" },
	{ "quota: 550 KB of 512 KB", "" },
	{ "550", "550" },
	{ "550 User unknown", "550" },
	{ "550-5.1.1 The account\n550-5.1.1 does not exist\n550 5.1.1 really", "550 5.1.1" },
	{ "550-5.7.1 [192.0.2.1] Messages with 550 5.7.1 many addresses",
	  "550 5.7.1" }, /* joined by blanks */
	{ "550-5.1.1 try 550\n      5.1.1  https://help.example",
	  "550 5.1.1" },                                 /* folded by Postfix */
	{ "550 #5.1.0 Address rejected.", "550 5.1.0" }, /* IronPort */
	{ "5.1.0 - Unknown address error 550-'5.1.1 no such user'", "550 5.1.1" },
	{ "550 (5.7.1) rejected", "550 5.7.1" },
	{ "550-first\n550-second\n550 third", "550" },
	{ "<<< 550-5.1.1 first\n<<< 550 5.1.1 second", "550 5.1.1" },
	{ "<<< 550-first\n<<< 550 second", "550" },
	{ "host mx.example[192.0.2.1] said: 550 5.1.1 no user (in reply to RCPT TO command)",
	  "550 5.1.1" },
	{ "554-5.4.7 [internal] expired (last transfail: 452-4.2.2 inbox out of storage)",
	  "554 5.4.7, 452 4.2.2" },
	{ "Message expired [{LED=450 4.4.316 Connection refused};{MSG=}]", "450 4.4.316" },
	{ "554 4.4.7 Message expired ... <421 4.4.2 Connectio", "554 4.4.7, 421 4.4.2" },
	{ "220-laposte 421 4.2.1 Service refuse", "220, 421 4.2.1" },
	{ "#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##", "550 5.1.1" },
	{ "Remote Server returned '550 5.1.10 RESOLVER'", "550 5.1.10" },
	{ "smtp;550 5.1.1 x", "550 5.1.1" },
	{ "the server said 550 no", "550" },
	{ "it has 550 messages", "" },
	{ "553 5.3.0 flph829 DNSBL:RBL 521<192.0.2.1>_is_blocked", "553 5.3.0" },
	{ "call 555-1234 now", "" },
	{ "since 2024 there are 500 of them", "" },
	{ "mailbox limit is 250 MB, reply 552 5.2.2 over", "552 5.2.2" },
	{ "anna@x.example: [192.0.2.1], 554 Relaying denied", "554" },
	{ "MSEXCH:IMS:Org:SITE:SERVER 3550 (000B09AA) 550 Host unknown", "550" },
	{ "  Mon 07:00:15: <-- 550 no mailbox by that name", "550" },
	{ "the list (see below) 500 names long", "" },
	{ "601 not in range", "" },
	{ "x550 no", "" },
	{ "", "" },
};

static void
test_find(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(GString) got = g_string_new(NULL);
		RetourSpan text = retour_span_of(texts[i].text);
		RetourReply reply;
		for (gsize from = 0; retour_reply_find(text, from, &reply);
		     from = reply.offset + reply.length) {
			char buffer[RETOUR_STATUS_STRING_SIZE];
			g_string_append_printf(got, "%s%u", got->len ? ", " : "", reply.code);
			if (retour_status_is_set(reply.status))
				g_string_append_printf(got, " %s",
				                       retour_status_format(reply.status, buffer));
			assert_true(reply.length >= 3 &&
			            reply.offset + reply.length <= text.length);
		}
		if (strcmp(got->str, texts[i].replies) != 0)
			fail_msg("row %u \"%s\": \"%s\", not \"%s\"", i, texts[i].text, got->str,
			         texts[i].replies);
	}
}

static const struct {
	const char *reply, *words; /* blanks are written as they are, byte for byte */
} blanked[] = {
	{ "550 5.1.1 User unknown", "          User unknown" },
	{ "550-5.1.1 a\n550 5.1.1 b", "          a\n          b" },
	{ "550-5.7.1 likely 550 5.7.1 bad", "          likely           bad" },
	{ "421-first\n<<< 421 second", "    first\n        second" },
	{ "554", "   " },
	{ "no reply 550 5.1.1", "no reply 550 5.1.1" },
};

static void
test_blank(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(blanked); i++) {
		g_autofree char *text = g_strdup(blanked[i].reply);
		retour_reply_blank(text, strlen(text));
		if (strcmp(text, blanked[i].words) != 0)
			fail_msg("row %u: \"%s\"", i, text);
	}
}

static const struct {
	const char *text;
	RetourCommand command;
} commands[] = {
	{ "(in reply to RCPT TO command)", RETOUR_COMMAND_RCPT },
	{ "(in reply to end of DATA command)", RETOUR_COMMAND_MESSAGE },
	{ "SMTP error from remote mail server after MAIL FROM:<a@b> SIZE=1", RETOUR_COMMAND_MAIL },
	{ "SMTP error from remote mail server after initial connection:", RETOUR_COMMAND_CONNECT },
	{ "(in reply to MAIL FROM\n    command)", RETOUR_COMMAND_MAIL },
	{ "they are not accepting mail from you", RETOUR_COMMAND_NONE },
	{ "Domain not accepted (in reply to MAIL FROM command)", RETOUR_COMMAND_MAIL },
	{ ">>> DATA", RETOUR_COMMAND_DATA },
	{ "(in reply to EHLO command)", RETOUR_COMMAND_EHLO },
	{ "nothing", RETOUR_COMMAND_NONE },
};

static void
test_command(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(commands); i++)
		if (retour_command_find(retour_span_of(commands[i].text)) != commands[i].command)
			fail_msg("row %u \"%s\"", i, commands[i].text);
}

static const struct {
	const char *text, *host;
} hosts[] = {
	{ "host mx1.example.net[192.0.2.1] said: 550", "mx1.example.net" },
	{ "... while talking to mx.example.org.:", "mx.example.org" },
	{ "the ghost mx.example.net", "" },
	{ "host nodots said", "" },
	{ "", "" },
};

static void
test_host(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(hosts); i++) {
		RetourSpan host = retour_host_find(retour_span_of(hosts[i].text));
		if (host.length != strlen(hosts[i].host) ||
		    memcmp(host.data, hosts[i].host, host.length) != 0)
			fail_msg("row %u \"%s\": \"%.*s\"", i, hosts[i].text, (int)host.length,
			         host.data);
	}
}

/* Megabytes of codes, of dashes and of digits are read in linear time: this test would not end
 * otherwise. */
static void
test_long(void **state)
{
	(void)state;
	static const char *const patterns[] = { "550 5.1.1 ", "550-",     "5.5.5.", "550\n",
		                                "421 550 ",   "<<< 550-", "   " };
	for (guint i = 0; i < G_N_ELEMENTS(patterns); i++) {
		g_autoptr(GString) text = g_string_new(NULL);
		while (text->len < 64 * 1024)
			g_string_append(text, patterns[i]);
		RetourSpan span = retour_span(text->str, text->len);
		RetourReply reply;
		guint n = 0;
		for (gsize from = 0; n < 100000 && retour_reply_find(span, from, &reply);
		     from = reply.offset + reply.length)
			n++;
		assert_true(n < 100000);
		retour_reply_blank(text->str, text->len);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),    cmocka_unit_test(test_blank),
		cmocka_unit_test(test_command), cmocka_unit_test(test_host),
		cmocka_unit_test(test_long),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
