/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <retour/record.h>

#include <glib/gstdio.h>
#include <string.h>

#include "base/limits.h"

/* 2026-11-10T12:00:00Z */
#define NOW G_GINT64_CONSTANT(1794312000)
#define DAY (24 * 60 * 60)
#define FORM "news-bounces+{token}-{local}={domain}@list.example"

/* What of a bounce may be otherwise; NULL: as usual. */
typedef struct {
	const char *to, *heads, *sent_on, *message_id, *trace, *groups;
} Mail;

typedef struct {
	const char *name;
	const char *facts; /* "message-id *@list.example, host *.list.example" */
	Mail mail;
	const char *expected; /* "plausible: message-id-ours single-recipient", of the first
	                         recipient */
} Row;

static char *folder, *keys_path, *sent_path;
static RetourKeys *keys;

#define GROUP(address)                             \
	"\nFinal-Recipient: rfc822; " address "\n" \
	"Action: failed\n"                         \
	"Status: 5.1.1\n"                          \
	"Remote-MTA: dns; mx.one.example\n"        \
	"Diagnostic-Code: smtp; 550 5.1.1 User unknown\n"

static char *
write_mail(const Mail *mail)
{
	return g_strdup_printf(
	        "Return-Path: <>\n%sFrom: MAILER-DAEMON@mx.list.example\nTo: %s\n"
	        "Subject: Undelivered Mail Returned to Sender\nMessage-ID: <b@mx.list.example>\n"
	        "Date: Tue, 10 Nov 2026 10:00:00 +0000\nMIME-Version: 1.0\n"
	        "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n"
	        "--b\nContent-Type: text/plain\n\nIt failed.\n\n"
	        "--b\nContent-Type: message/delivery-status\n\n"
	        "Reporting-MTA: dns; mx.list.example\n%s\n"
	        "--b\nContent-Type: text/rfc822-headers\n\n"
	        "%sFrom: news@list.example\nDate: %s\n%s\n--b--\n",
	        mail->heads ? mail->heads : "", mail->to ? mail->to : "news-bounces@list.example",
	        mail->groups ? mail->groups : GROUP("ada@one.example"),
	        mail->trace ? mail->trace : "",
	        mail->sent_on ? mail->sent_on : "Tue, 10 Nov 2026 09:00:00 +0000",
	        mail->message_id ? mail->message_id : "Message-ID: <1@list.example>\n");
}

static void
add_fact(RetourOwnMail *own, const char *name, const char *value)
{
	static const char *const names[] = { "keys", "return-path", "message-id",
		                             "sent", "host",        "authserv-id" };
	guint fact = 0;
	g_autoptr(GError) error = NULL;
	while (strcmp(names[fact], name) != 0)
		assert_true(++fact < G_N_ELEMENTS(names));
	if (strcmp(value, "FILE") == 0)
		value = fact == RETOUR_OWN_MAIL_KEYS ? keys_path : sent_path;
	gboolean added = retour_own_mail_add(own, (RetourOwnMailFact)fact, value, &error);
	if (!added)
		print_error("%s\n", error->message);
	assert_true(added);
}

static RetourOwnMail *
read_facts(const char *facts)
{
	RetourOwnMail *own = retour_own_mail_new();
	g_auto(GStrv) list = g_strsplit(facts, ", ", -1);
	for (guint i = 0; list[i]; i++) {
		char *space = strchr(list[i], ' ');
		*space = '\0';
		add_fact(own, list[i], space + 1);
	}
	return own;
}

static char *
show(const RetourAuthenticity *verdict)
{
	GString *out = g_string_new(retour_authentic_to_string(verdict->level));
	g_string_append_c(out, ':');
	for (guint i = 0; i < verdict->n_grounds; i++)
		g_string_append_printf(out, " %s", verdict->grounds[i].word);
	return g_string_free(out, FALSE);
}

static RetourRecord *
read_mail(const Mail *mail, const RetourOwnMail *own)
{
	g_autofree char *text = write_mail(mail);
	const RetourOptions options = { .own = own, .now = NOW };
	return retour_record_read(text, strlen(text), &options);
}

static guint
check(const Row *row)
{
	g_autoptr(RetourOwnMail) own = read_facts(row->facts);
	g_autoptr(RetourRecord) record = read_mail(&row->mail, own);
	const RetourAuthenticity *verdicts = record->authenticity;
	assert_non_null(verdicts);
	g_autofree char *shown = show(&verdicts[0]);
	if (strcmp(shown, row->expected) == 0)
		return 0;
	print_error("%s: got \"%s\", expected \"%s\"\n", row->name, shown, row->expected);
	return 1;
}

#define IDS "message-id *@list.example"
#define HOSTS "host *.list.example"
#define AR "authserv-id mx.list.example"
#define USUAL "times-fit single-recipient reporter-plausible"
#define OURS                                                                                     \
	"Received: from app (localhost [127.0.0.1])\n by out.list.example (Postfix) with ESMTP " \
	"id 1;\n"                                                                                \
	" Tue, 10 Nov 2026 09:00:00 +0000\n"
#define THEIRS \
	"Received: from dial.evil.example by mx.evil.example; Tue, 10 Nov 2026 09:00:00 +0000\n"

static const Row rows[] = {
	{ "our Message-ID", IDS, { 0 }, "plausible: message-id-ours times-fit single-recipient" },
	{ "somebody else's Message-ID",
	  IDS,
	  { .message_id = "Message-ID: <1@evil.example>\n" },
	  "suspicious: message-id-foreign times-fit single-recipient" },
	{ "ours only at its end",
	  IDS,
	  { .message_id = "Message-ID: <1@list.example.evil.example>\n" },
	  "suspicious: message-id-foreign times-fit single-recipient" },
	{ "no Message-ID", IDS, { .message_id = "" }, "unverified: times-fit single-recipient" },
	{ "one of two patterns",
	  "message-id *@other.example, message-id *@list.example",
	  { 0 },
	  "plausible: message-id-ours times-fit single-recipient" },

	{ "nothing returned", HOSTS, { 0 }, "unverified: " USUAL },
	{ "by our host", HOSTS, { .trace = THEIRS OURS }, "plausible: received-ours " USUAL },
	{ "from our host",
	  HOSTS,
	  { .trace = "Received: from out.list.example (out.list.example [192.0.2.1]) by "
	             "mx.one.example; x\n" },
	  "plausible: received-ours " USUAL },
	{ "by none of ours", HOSTS, { .trace = THEIRS }, "suspicious: received-foreign " USUAL },
	{ "our name in a comment",
	  HOSTS,
	  { .trace = "Received: from evil.example (by-way-of out.list.example) by mx.evil.example; "
	             "x\n" },
	  "suspicious: received-foreign " USUAL },

	{ "the recipient's own domain says so",
	  AR,
	  { .heads = "Authentication-Results: mx.list.example; dkim=pass (2048) "
	             "header.d=mail.one.example\n" },
	  "plausible: times-fit single-recipient authenticated" },
	{ "of a host that is not believed",
	  AR,
	  { .heads = "Authentication-Results: mx.evil.example; dkim=pass header.d=one.example\n" },
	  "unverified: times-fit single-recipient" },
	{ "the topmost is believed",
	  AR,
	  { .heads = "Authentication-Results: mx.list.example; dkim=none\n"
	             "Authentication-Results: mx.list.example; dkim=pass header.d=one.example\n" },
	  "unverified: times-fit single-recipient" },
	{ "evil vouches for evil",
	  AR,
	  { .heads = "Authentication-Results: mx.list.example; spf=pass smtp.helo=evil.example\n" },
	  "unverified: times-fit single-recipient" },
	{ "the domain disowns it",
	  AR,
	  { .heads = "Authentication-Results: mx.list.example; dmarc=fail "
	             "header.from=one.example\n" },
	  "suspicious: times-fit single-recipient authentication-failed" },
	{ "our own host vouches",
	  AR ", " HOSTS,
	  { .heads = "Authentication-Results: mx.list.example; spf=pass "
	             "smtp.helo=out.list.example\n" },
	  "plausible: times-fit single-recipient authenticated reporter-plausible" },

	{ "sent to this one alone",
	  "sent FILE",
	  { .message_id = "Message-ID: <ada-1@list.example>\n" },
	  "verified: times-fit single-recipient message-sent-to-recipient" },
	{ "sent to several",
	  "sent FILE",
	  { .message_id = "Message-ID: <all@list.example>\n" },
	  "plausible: times-fit single-recipient message-sent" },
	{ "sent to others",
	  "sent FILE",
	  { .message_id = "Message-ID: <bob-1@list.example>\n" },
	  "suspicious: times-fit single-recipient message-sent-to-others" },
	{ "not told to whom",
	  "sent FILE",
	  { 0 },
	  "plausible: times-fit single-recipient message-sent" },
	{ "never sent",
	  "sent FILE",
	  { .message_id = "Message-ID: <made-up@list.example>\n" },
	  "suspicious: times-fit single-recipient message-not-sent" },

	{ "answered before it was sent",
	  IDS,
	  { .sent_on = "Thu, 12 Nov 2026 09:00:00 +0000" },
	  "suspicious: message-id-ours times-unfit single-recipient" },
	{ "a wrong clock is suffered",
	  IDS,
	  { .sent_on = "Wed, 11 Nov 2026 09:00:00 +0000" },
	  "plausible: message-id-ours times-fit single-recipient" },
	{ "answered after months",
	  IDS,
	  { .sent_on = "Mon, 10 Aug 2026 09:00:00 +0000" },
	  "suspicious: message-id-ours times-unfit single-recipient" },
	{ "no date", IDS, { .sent_on = "-" }, "plausible: message-id-ours single-recipient" },

	{ "doubled",
	  IDS,
	  { .groups = GROUP("ada@one.example") GROUP("ADA@one.example") },
	  "unverified: message-id-ours times-fit single-recipient recipient-doubled" },
	{ "several recipients",
	  IDS,
	  { .groups = GROUP("ada@one.example") GROUP("bob@one.example") },
	  "plausible: message-id-ours times-fit" },
	{ "a Message-ID and no trace of ours",
	  IDS ", " HOSTS,
	  { .trace = THEIRS },
	  "suspicious: message-id-ours received-foreign " USUAL },
};

static void
test_rows(void **state)
{
	(void)state;
	guint wrong = 0;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		wrong += check(&rows[i]);
	assert_int_equal(wrong, 0);
}

/* ---- signed return paths ---- */

static char *
sign(const char *form, const char *address, gint64 now)
{
	char *path = retour_return_path_sign(keys, form, address, now, 7, NULL);
	assert_non_null(path);
	return path;
}

#define SIGNED "keys FILE, return-path " FORM

static void
test_signed(void **state)
{
	(void)state;
	g_autofree char *good = sign(FORM, "ada@one.example", NOW);
	g_autofree char *loud = g_ascii_strup(good, -1);
	g_autofree char *old = sign(FORM, "ada@one.example", NOW - 30 * DAY);
	g_autofree char *eves = sign(FORM, "eve@one.example", NOW);
	g_autofree char *batv = sign(NULL, "news@list.example", NOW);
	g_autofree char *forged = g_strdup(good);
	char *place = strchr(forged, '-') + strlen("-bounces+xxxx");
	*place = *place == 'a' ? 'b' : 'a';
	const Row signed_rows[] = {
		{ "signed",
		  SIGNED,
		  { .to = good },
		  "verified: times-fit single-recipient return-path-signed" },
		{ "in upper case",
		  SIGNED,
		  { .to = loud },
		  "verified: times-fit single-recipient return-path-signed" },
		{ "expired",
		  SIGNED ", " IDS,
		  { .to = old },
		  "unverified: message-id-ours times-fit single-recipient return-path-expired" },
		{ "a byte is another one",
		  SIGNED ", " IDS,
		  { .to = forged },
		  "suspicious: message-id-ours times-fit single-recipient return-path-forged" },
		{ "Eve's",
		  SIGNED,
		  { .to = eves },
		  "suspicious: times-fit single-recipient return-path-of-another" },
		{ "unsigned",
		  SIGNED ", " IDS,
		  { 0 },
		  "unverified: message-id-ours times-fit single-recipient return-path-unsigned" },
		{ "BATV is good for anybody",
		  "keys FILE",
		  { .to = batv },
		  "plausible: times-fit single-recipient sender-signed" },
		{ "a signature outweighs the rest",
		  SIGNED ", " IDS,
		  { .to = good, .message_id = "Message-ID: <1@evil.example>\n" },
		  "verified: message-id-foreign times-fit single-recipient return-path-signed" },
	};
	guint wrong = 0;
	for (gsize i = 0; i < G_N_ELEMENTS(signed_rows); i++)
		wrong += check(&signed_rows[i]);
	assert_int_equal(wrong, 0);
}

/* A co-recipient of a mail that was signed for one is not believed to be meant. */
static void
test_co_recipient(void **state)
{
	(void)state;
	g_autofree char *path = sign(FORM, "ada@one.example", NOW);
	g_autoptr(RetourOwnMail) own = read_facts(SIGNED);
	const Mail mail = { .to = path,
		            .groups = GROUP("ada@one.example") GROUP("bob@one.example") };
	g_autoptr(RetourRecord) record = read_mail(&mail, own);
	const RetourAuthenticity *verdicts = record->authenticity;
	assert_int_equal(record->report->n_recipients, 2);
	assert_int_equal(verdicts[0].level, RETOUR_AUTHENTIC_VERIFIED);
	assert_true(verdicts[0].signed_for);
	assert_int_equal(verdicts[1].level, RETOUR_AUTHENTIC_SUSPICIOUS);
	assert_false(verdicts[1].signed_for);
}

/* Where nothing is known, nothing is said; nor of a letter. */
static void
test_silence(void **state)
{
	(void)state;
	static const char letter[] = "From: ada@one.example\nTo: news@list.example\n"
	                             "Subject: Hello\nMessage-ID: <1@one.example>\n\nHello.\n";
	g_autoptr(RetourOwnMail) nothing = retour_own_mail_new();
	g_autoptr(RetourOwnMail) own = read_facts(IDS);
	const RetourOptions options = { .own = own, .now = NOW };
	const Mail mail = { 0 };
	g_autoptr(RetourRecord) one = read_mail(&mail, nothing);
	g_autoptr(RetourRecord) other = read_mail(&mail, NULL);
	g_autoptr(RetourRecord) third = retour_record_read(letter, sizeof letter - 1, &options);
	assert_int_equal(one->report->n_recipients, 1);
	assert_null(one->authenticity);
	assert_null(other->authenticity);
	assert_int_equal(third->kind, RETOUR_KIND_OTHER);
	assert_null(third->authenticity);
}

/* Of many Received lines the earliest hops are kept: ours is the first one, at the bottom. */
static void
test_limits(void **state)
{
	(void)state;
	g_autoptr(GString) trace = g_string_new(NULL);
	for (guint i = 0; i < RETOUR_LIMIT_TRACE; i++)
		g_string_append(trace, THEIRS);
	g_string_append(trace, "Received: by out.list.example ");
	for (guint i = 0; i < RETOUR_LIMIT_GROUND; i++)
		g_string_append(trace, "x");
	g_string_append(trace, "; then\n");
	g_autoptr(RetourOwnMail) own = read_facts(HOSTS);
	const Mail mail = { .trace = trace->str };
	g_autoptr(RetourRecord) record = read_mail(&mail, own);
	assert_int_equal(g_strv_length((char **)record->report->original.received),
	                 RETOUR_LIMIT_TRACE);
	const RetourAuthenticity *verdict = record->authenticity;
	assert_int_equal(verdict->level, RETOUR_AUTHENTIC_PLAUSIBLE);
	assert_int_equal(strlen(verdict->grounds[0].text), RETOUR_LIMIT_GROUND);
}

static int
set_up(void **state)
{
	(void)state;
	static const char sent[] =
	        "# sent in November\n<ada-1@list.example> ada@one.example\n\n"
	        "<all@list.example>\tada@one.example\n<all@list.example> bob@one.example\n"
	        "bob-1@list.example bob@one.example\n<1@list.example>\n";
	folder = g_dir_make_tmp("retour-judge-XXXXXX", NULL);
	keys_path = g_build_filename(folder, "keys", NULL);
	sent_path = g_build_filename(folder, "sent", NULL);
	return folder && retour_keys_rotate(keys_path, NULL) &&
	                       (keys = retour_keys_read(keys_path, NULL)) &&
	                       g_file_set_contents(sent_path, sent, -1, NULL)
	               ? 0
	               : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	g_unlink(keys_path);
	g_unlink(sent_path);
	g_rmdir(folder);
	retour_keys_free(keys);
	g_free(keys_path);
	g_free(sent_path);
	g_free(folder);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),         cmocka_unit_test(test_signed),
		cmocka_unit_test(test_co_recipient), cmocka_unit_test(test_silence),
		cmocka_unit_test(test_limits),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
