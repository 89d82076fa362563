/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <retour/codes.h>

#include "smtp/reply.h"
#include "text/fold.h"

#include <string.h>

/* Folds @text, takes its codes and asks. */
static guint
ask(const char *text, const char *host, RetourAnswer *answers, guint room)
{
	g_auto(RetourFolded) folded = { 0 };
	retour_text_fold(&folded, text, strlen(text));
	RetourQuestion question = { .text = folded.text, .length = folded.length, .host = host };
	RetourReply reply;
	if (retour_reply_find(retour_span_of(text), 0, &reply)) {
		question.reply = reply.code;
		question.status = reply.status;
	}
	guint n = retour_rules_ask(&question, answers, room);
	for (guint i = 0; i < n; i++)
		assert_true(answers[i].offset + answers[i].length <= folded.length);
	return n;
}

/* What a program folds for itself is what rules are matched against. */
static void
test_fold(void **state)
{
	(void)state;
	const struct {
		const char *text, *folded;
	} rows[] = {
		{ "  User \t\n UNKNOWN ", "user unknown" },
		{ "ПОЛЬЗОВАТЕЛЬ не найден", "пользователь не найден" },
		{ "can\xe2\x80\x99t", "can't" },
		{ "", "" },
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *folded = retour_rules_fold(rows[i].text, -1);
		assert_string_equal(folded, rows[i].folded);
	}
	g_autofree char *broken = retour_rules_fold("User\xff unknown and more", 13);
	assert_non_null(strstr(broken, " unknown"));
	assert_null(strstr(broken, "and"));
}

/* Text that means one thing beside text that means another. */
static void
test_traps(void **state)
{
	(void)state;
	const struct {
		const char *text, *host, *reason;
	} rows[] = {
		{ "550 5.1.1 <anna@example.com>: User unknown", NULL, "user-unknown" },
		{ "553 5.1.8 <b@x.example>... Domain of sender address b@x.example does not exist",
		  NULL, "sender-rejected" },
		{ "550 <b@x.example>: Sender address rejected: User unknown in virtual alias table",
		  NULL, "sender-rejected" },
		{ "550 Mailbox refused: sender domain does not exist", NULL, "sender-rejected" },
		{ "554 5.7.1 <anna@example.com>: Relay access denied", NULL, "relay-denied" },
		{ "550 User unknown; relay access denied", NULL, "relay-denied" },
		{ "550 5.7.1 <anna@example.com>: Recipient address rejected: Greylisted", NULL,
		  "greylisted" },
		{ "550 User unknown or mailbox is full", NULL, "mailbox-full" },
		{ "552 5.2.2 mailbox full", NULL, "mailbox-full" },
		{ "552 5.3.4 message too large", NULL, "message-too-large" },
		{ "452 4.3.1 insufficient disk space", NULL, "system-full" },
		{ "Host or domain name not found. Name service error for name=x.example type=A: "
		  "Host "
		  "not found",
		  NULL, "host-unknown" },
		{ "Host or domain name not found. Name service error for name=x.example type=MX: "
		  "Host "
		  "not found, try again",
		  NULL, "dns-failure" },
		{ "450 Client host rejected: cannot find your hostname, [192.0.2.1]", NULL,
		  "missing-ptr" },
		{ "550 5.4.1 Recipient address rejected: Access denied. [x.outlook.com]", NULL,
		  "user-unknown" },
		{ "554 5.7.1 <anna@example.com>: Recipient address rejected: Access denied", NULL,
		  "recipient-rejected" },
		{ "552 1 Requested mail action aborted, mailbox not found", NULL, "user-unknown" },
		{ "550 5.2.1 The user you are trying to contact is receiving mail at a rate that",
		  NULL, "recipient-rate-limited" },
		{ "451 4.7.23 See the page. gsmtp", "alt1.aspmx.l.google.com", "missing-ptr" },
		{ "521 5.2.1 Not today", "ff-ip4-mx-vip1.prodigy.net", "blocklisted" },
		{ "550 5.7.1 Nachricht als Spam erkannt", NULL, "spam-content" },
		{ "550 Der Empfänger existiert nicht", NULL, "user-unknown" },
		{ "550 用户不存在", NULL, "user-unknown" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		RetourAnswer answers[8];
		guint n = ask(rows[i].text, rows[i].host, answers, G_N_ELEMENTS(answers));
		const char *got =
		        n > 0 ? retour_reason_get_name(retour_rule_get_reason(answers[0].rule))
		              : "-";
		if (strcmp(got, rows[i].reason) != 0)
			fail_msg("\"%s\": got %s (%s), expected %s", rows[i].text, got,
			         n > 0 ? retour_rule_get_id(answers[0].rule) : "", rows[i].reason);
	}
}

static void
test_silence(void **state)
{
	(void)state;
	const char *rows[] = { "", " ", "550", "550 5.0.0",
		               "Dear reader, thank you for your letter." };
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		RetourAnswer answers[8];
		if (ask(rows[i], NULL, answers, 8) > 0)
			fail_msg("\"%s\": %s", rows[i], retour_rule_get_id(answers[0].rule));
	}
}

static gboolean
asked_id(const RetourQuestion *question, const char *id)
{
	RetourAnswer answers[16];
	guint n = retour_rules_ask(question, answers, G_N_ELEMENTS(answers));
	for (guint i = 0; i < n; i++) {
		if (strcmp(retour_rule_get_id(answers[i].rule), id) == 0)
			return TRUE;
	}
	return FALSE;
}

/* A rule without text: host and code decide. */
static void
test_conditions(void **state)
{
	(void)state;
	const char *id = "provider:att/521";
	const struct {
		const char *host;
		guint reply;
		gboolean holds;
	} rows[] = {
		{ "att.net", 521, TRUE },     { "mx.att.net", 521, TRUE },
		{ "MX.ATT.NET.", 521, TRUE }, { "x.prodigy.net", 521, TRUE },
		{ "flatt.net", 521, FALSE },  { "att.net.example", 521, FALSE },
		{ "tt.net", 521, FALSE },     { "", 521, FALSE },
		{ ".", 521, FALSE },          { NULL, 521, FALSE },
		{ "mx.att.net", 520, FALSE }, { "mx.att.net", 0, FALSE },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		RetourQuestion question = { .host = rows[i].host, .reply = rows[i].reply };
		if (asked_id(&question, id) != rows[i].holds)
			fail_msg("row %zu: %s %u", i, rows[i].host, rows[i].reply);
	}
}

static void
test_status_range(void **state)
{
	(void)state;
	const struct {
		RetourStatus status;
		gboolean holds;
	} rows[] = {
		{ { 5, 7, 605 }, FALSE }, { { 5, 7, 606 }, TRUE },  { { 5, 7, 649 }, TRUE },
		{ { 5, 7, 650 }, FALSE }, { { 4, 7, 606 }, FALSE }, { { 5, 6, 606 }, FALSE },
		{ { 0, 0, 0 }, FALSE },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		RetourQuestion question = { .host = "x.protection.outlook.com",
			                    .status = rows[i].status };
		if (asked_id(&question, "provider:exchange/banned-codes") != rows[i].holds)
			fail_msg("row %zu", i);
	}
}

/* Whatever the room, the best ones are stored, each once, best first. */
static void
test_order(void **state)
{
	(void)state;
	const char *text =
	        "user unknown user unknown blocked using spamhaus, greylisted, mailbox full, "
	        "virus, spam, relay access denied, rejected, denied, transaction failed";
	RetourAnswer all[64], few[3];
	guint n = ask(text, NULL, all, G_N_ELEMENTS(all));
	assert_true(n > 10 && n < 64);
	for (guint i = 1; i < n; i++) {
		const RetourRule *a = all[i - 1].rule, *b = all[i].rule;
		assert_true(a != b);
		assert_true(retour_rule_is_provider(a) >= retour_rule_is_provider(b));
		if (retour_rule_is_provider(a) == retour_rule_is_provider(b))
			assert_true(retour_rule_get_rank(a) >= retour_rule_get_rank(b));
	}
	assert_int_equal(ask(text, NULL, few, 3), 3);
	for (guint i = 0; i < 3; i++)
		assert_ptr_equal(few[i].rule, all[i].rule);
	assert_int_equal(ask(text, NULL, few, 0), 0);
}

static void
test_offsets(void **state)
{
	(void)state;
	const char *text = "550 5.1.1 anna... user unknown, go";
	RetourQuestion question = { .text = text, .length = strlen(text) };
	RetourAnswer answers[1];
	assert_int_equal(retour_rules_ask(&question, answers, 1), 1);
	assert_int_equal(answers[0].offset, 18);
	assert_int_equal(answers[0].length, 12);
}

static void
test_all_rules(void **state)
{
	(void)state;
	assert_true(retour_rule_get_count() > 600);
	for (guint i = 0; i < retour_rule_get_count(); i++) {
		const RetourRule *rule = retour_rule_get(i);
		gboolean provider = retour_rule_is_provider(rule);
		assert_true(g_str_has_prefix(retour_rule_get_id(rule),
		                             provider ? "provider:" : "phrase:"));
		assert_true(*retour_rule_get_source(rule) && *retour_rule_get_example(rule));
		assert_true(provider || *retour_rule_get_text(rule));
		assert_true(retour_rule_get_rank(rule) >= 1 && retour_rule_get_rank(rule) <= 9);
	}
}

/* A long text that is made of phrases stays cheap and safe. */
static void
test_hostile(void **state)
{
	(void)state;
	static const char *const pieces[] = { "user ",    "does not exist ", "mailbox ", "full ",
		                              "\xff\xfe", "account is ",     "disabled", "*" };
	g_autoptr(GRand) random = g_rand_new_with_seed(3);
	g_autoptr(GString) text = g_string_new(NULL);
	while (text->len < 100000)
		g_string_append(text, pieces[g_rand_int(random) % G_N_ELEMENTS(pieces)]);
	RetourQuestion question = { .text = text->str, .length = text->len };
	RetourAnswer answers[4];
	assert_true(retour_rules_ask(&question, answers, 4) > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fold),         cmocka_unit_test(test_traps),
		cmocka_unit_test(test_silence),      cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_status_range), cmocka_unit_test(test_order),
		cmocka_unit_test(test_offsets),      cmocka_unit_test(test_all_rules),
		cmocka_unit_test(test_hostile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
