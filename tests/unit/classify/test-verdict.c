/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "classify/classify.h"

#include <string.h>

/* One recipient with one diagnostic and a Status field, and what must come of it. */
typedef struct {
	const char *diagnostic; /* reply or words of the report's field; NULL: none */
	const char *status;     /* Status field; NULL: none */
	RetourAction action;
	const char *host;
	const char *klass, *reason;
} Row;

#define FAILED RETOUR_ACTION_FAILED
#define DELAYED RETOUR_ACTION_DELAYED

static RetourEvidence
make_evidence(const char *text, const char *host, RetourEvidenceSource source)
{
	RetourEvidence evidence = {
		.source = source,
		.part = source == RETOUR_EVIDENCE_STATUS_FIELD ? "3" : "2",
		.length = strlen(text),
		.text = text,
		.host = host,
		.depth = source == RETOUR_EVIDENCE_REPLY ? 1 : 0,
		.field = TRUE,
	};
	RetourReply reply;
	if (retour_reply_parse(text, strlen(text), &reply) > 0) {
		evidence.reply = reply.code;
		evidence.status = reply.status;
	} else {
		evidence.source = source == RETOUR_EVIDENCE_REPLY ? RETOUR_EVIDENCE_TEXT : source;
		retour_status_parse(text, strlen(text), &evidence.status);
	}
	return evidence;
}

static void
judge(const Row *row, const char *profile, RetourArena *arena, RetourVerdict *verdict)
{
	RetourEvidence evidence[2];
	RetourRecipient recipient = { .address = "u@example.com",
		                      .action = row->action,
		                      .evidence = evidence };
	if (row->diagnostic)
		evidence[recipient.n_evidence++] =
		        make_evidence(row->diagnostic, row->host, RETOUR_EVIDENCE_REPLY);
	if (row->status) {
		evidence[recipient.n_evidence] =
		        make_evidence(row->status, NULL, RETOUR_EVIDENCE_STATUS_FIELD);
		recipient.status_field = evidence[recipient.n_evidence++].status;
	}
	RetourReport report = { .kind = RETOUR_KIND_BOUNCE,
		                .recipients = &recipient,
		                .n_recipients = 1 };
	retour_verdict_make(&report, &recipient, retour_profile_row_find(profile), NULL, arena,
	                    verdict);
}

static void
check_rows(const Row *rows, guint n, const char *profile)
{
	guint wrong = 0;
	for (guint i = 0; i < n; i++) {
		g_autoptr(RetourArena) arena = retour_arena_new();
		RetourVerdict verdict;
		judge(&rows[i], profile, arena, &verdict);
		const char *klass = retour_class_to_string(verdict.klass);
		const char *reason = retour_reason_get_name(verdict.reason);
		if (strcmp(klass, rows[i].klass) == 0 && strcmp(reason, rows[i].reason) == 0)
			continue;
		print_error("row %u \"%s\" %s: %s/%s, not %s/%s\n", i,
		            rows[i].diagnostic ? rows[i].diagnostic : "",
		            rows[i].status ? rows[i].status : "", klass, reason, rows[i].klass,
		            rows[i].reason);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

/* Class 5 that says nothing of the address: whoever calls these hard unsubscribes living people. */
static const Row class_5_but_soft[] = {
	{ "552 5.2.2 Mailbox is full", "5.2.2", FAILED, NULL, "soft", "mailbox-full" },
	{ "550 5.2.2 Over quota", "5.2.2", FAILED, NULL, "soft", "mailbox-full" },
	{ "552 5.3.4 Message size exceeds fixed limit", "5.3.4", FAILED, NULL, "soft",
	  "message-too-large" },
	{ "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using bl.example.org",
	  "5.7.1", FAILED, NULL, "soft", "blocklisted" },
	{ "550 5.7.26 This mail is unauthenticated", "5.7.26", FAILED, NULL, "soft",
	  "auth-failure" },
	{ "550 5.7.25 Client host rejected: cannot find your reverse hostname", "5.7.25", FAILED,
	  NULL, "soft", "missing-ptr" },
	{ "554 5.7.1 <u@example.com>: Relay access denied", "5.7.1", FAILED, NULL, "soft",
	  "relay-denied" },
	{ "550 5.1.8 <b@example.org>: Sender address rejected: Domain not found", "5.1.8", FAILED,
	  NULL, "soft", "sender-rejected" },
	{ "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", "5.0.0", FAILED,
	  NULL, "soft", "relay-denied" },
	{ "554 5.4.6 Too many hops", "5.4.6", FAILED, NULL, "soft", "routing-loop" },
	{ "554 5.6.0 Message contains a virus", "5.6.0", FAILED, NULL, "soft", "virus-detected" },
	{ "530 5.7.0 Must issue a STARTTLS command first", "5.7.0", FAILED, NULL, "soft",
	  "tls-required" },
	{ "550 5.7.515 Access denied, sending domain does not meet the required authentication "
	  "level",
	  "5.7.515", FAILED, NULL, "soft", "auth-failure" },
	{ "554 Transaction failed", "5.0.0", FAILED, NULL, "soft", "undetermined" },
	{ "554", "5.0.0", FAILED, NULL, "soft", "undetermined" },
	{ "550", NULL, FAILED, NULL, "soft", "undetermined" },
	{ NULL, "5.0.0", FAILED, NULL, "soft", "undetermined" },
	{ NULL, NULL, RETOUR_ACTION_NONE, NULL, "soft", "undetermined" },
};

/* Words of another cause beside words that a dead address has: the softer reason is taken. */
static const Row ambiguous_so_soft[] = {
	{ "550 User unknown or over quota", "5.0.0", FAILED, NULL, "soft", "mailbox-full" },
	{ "550 5.1.1 account temporarily disabled", "5.1.1", FAILED, NULL, "soft", "mailbox-busy" },
	{ "550 Suspended due to spam from this sender", "5.0.0", FAILED, NULL, "soft",
	  "sender-reputation" },
	{ "550 Unrouteable address (sender)", "5.0.0", FAILED, NULL, "soft", "sender-rejected" },
	{ "550 5.1.2 Sender domain not found", "5.1.2", FAILED, NULL, "soft", "sender-rejected" },
	{ "550 5.1.2 Name service error for name=b.example type=MX: Host not found, try again",
	  "5.1.2", FAILED, NULL, "soft", "dns-failure" },
	{ "550 5.1.1 Delivery to this address is restricted", "5.1.1", FAILED, NULL, "soft",
	  "recipient-restricted" },
	{ "550 Not a valid recipient for unauthenticated senders", "5.0.0", FAILED, NULL, "soft",
	  "recipient-restricted" },
	{ "550 recipient unknown, temporary directory lookup failure", "5.0.0", FAILED, NULL,
	  "soft", "system-error" },
	{ "550 Recipient unknown, or your host is not permitted to relay", "5.0.0", FAILED, NULL,
	  "soft", "relay-denied" },
	{ "550 rejected by MailServer version 5.1.1", "5.0.0", FAILED, NULL, "soft",
	  "policy-rejected" },
};

/* Hard whatever the code that goes with it. */
static const Row hard_by_words[] = {
	{ "550 5.1.1 User unknown", "5.1.1", FAILED, NULL, "hard", "user-unknown" },
	{ "550 No such user here", "5.0.0", FAILED, NULL, "hard", "user-unknown" },
	{ "554 5.7.1 <u@example.com>: Recipient address rejected: User unknown in virtual mailbox "
	  "table",
	  "5.7.1", FAILED, NULL, "hard", "user-unknown" },
	{ "550 5.2.1 The email account that you tried to reach is disabled", "5.2.1", FAILED, NULL,
	  "hard", "mailbox-disabled" },
	{ "511 sorry, no mailbox here by that name (#5.1.1 - chkuser)", "5.0.0", FAILED, NULL,
	  "hard", "user-unknown" },
	{ "551 5.1.6 User has moved to a new address", "5.1.6", FAILED, NULL, "hard",
	  "mailbox-moved" },
	{ "556 5.1.10 Domain does not accept mail", "5.1.10", FAILED, NULL, "hard", "null-mx" },
	{ NULL, "5.1.1", FAILED, NULL, "hard", "user-unknown" },
};

/* Given up for good with a code of class 4: the address is dead all the same, but repeats are asked
 * for. */
static const Row class_4_but_hard[] = {
	{ "450 4.1.1 <u@example.com>: Recipient address rejected: User unknown in local recipient "
	  "table",
	  "4.1.1", FAILED, NULL, "hard", "user-unknown" },
};

/* Late is not failed. */
static const Row delays[] = {
	{ "450 4.1.1 User unknown", "4.1.1", DELAYED, NULL, "soft", "user-unknown" },
	{ "452 4.2.2 Over quota", "4.2.2", DELAYED, NULL, "soft", "mailbox-full" },
	{ "connect to mx.example.com[192.0.2.1]:25: Connection timed out", "4.4.1", DELAYED, NULL,
	  "soft", "connection-failed" },
	{ NULL, NULL, DELAYED, NULL, "soft", "delayed" },
};

static const Row successes[] = {
	{ "250 2.0.0 Ok", "2.0.0", RETOUR_ACTION_DELIVERED, NULL, "none", "delivered" },
	{ NULL, "2.0.0", RETOUR_ACTION_RELAYED, NULL, "none", "delivered" },
	{ NULL, "2.0.0", RETOUR_ACTION_EXPANDED, NULL, "none", "delivered" },
};

static void
test_default_profile(void **state)
{
	(void)state;
	check_rows(class_5_but_soft, G_N_ELEMENTS(class_5_but_soft), "default");
	check_rows(ambiguous_so_soft, G_N_ELEMENTS(ambiguous_so_soft), "default");
	check_rows(hard_by_words, G_N_ELEMENTS(hard_by_words), "default");
	check_rows(class_4_but_hard, G_N_ELEMENTS(class_4_but_hard), "default");
	check_rows(delays, G_N_ELEMENTS(delays), "default");
	check_rows(successes, G_N_ELEMENTS(successes), "default");
}

static void
test_other_profiles(void **state)
{
	(void)state;
	static const Row sisimai[] = {
		{ "550 5.2.1 The email account is disabled", "5.2.1", FAILED, NULL, "soft",
		  "mailbox-disabled" },
	};
	static const Row rfc[] = {
		{ "552 5.2.2 Mailbox is full", "5.2.2", FAILED, NULL, "hard", "mailbox-full" },
		{ "450 4.1.1 User unknown", "4.1.1", FAILED, NULL, "soft", "user-unknown" },
	};
	check_rows(sisimai, G_N_ELEMENTS(sisimai), "sisimai");
	check_rows(rfc, G_N_ELEMENTS(rfc), "rfc");
}

/* What else a verdict says: permanence by the codes, advice, confidence, the kind. */
static const struct {
	Row row;
	RetourKind kind;
	RetourPermanence permanence;
	RetourAdvice advice;
	RetourConfidence confidence;
} details[] = {
	{ { "550 5.1.1 User unknown", "5.1.1", FAILED, NULL, "hard", "user-unknown" },
	  RETOUR_KIND_BOUNCE,
	  RETOUR_PERMANENCE_PERMANENT,
	  RETOUR_ADVICE_SUPPRESS,
	  RETOUR_CONFIDENCE_HIGH },
	{ { "450 4.1.1 User unknown", "4.1.1", FAILED, NULL, "hard", "user-unknown" },
	  RETOUR_KIND_BOUNCE,
	  RETOUR_PERMANENCE_TRANSIENT,
	  RETOUR_ADVICE_SUPPRESS_AFTER_REPEATS,
	  RETOUR_CONFIDENCE_MEDIUM },
	/* the basic digit wins over the enhanced one on the same line (Gmail's 421 5.7.32) */
	{ { "421 5.7.32 From is not aligned", "5.7.32", FAILED, NULL, "soft", "auth-failure" },
	  RETOUR_KIND_BOUNCE,
	  RETOUR_PERMANENCE_TRANSIENT,
	  RETOUR_ADVICE_FIX_SENDER,
	  RETOUR_CONFIDENCE_LOW },
	/* expiry stays transient whatever returns it */
	{ { "554 4.4.7 Message expired", "4.4.7", FAILED, NULL, "soft", "expired" },
	  RETOUR_KIND_BOUNCE,
	  RETOUR_PERMANENCE_TRANSIENT,
	  RETOUR_ADVICE_SUPPRESS_AFTER_REPEATS,
	  RETOUR_CONFIDENCE_LOW },
	{ { NULL, "5.0.0", FAILED, NULL, "soft", "undetermined" },
	  RETOUR_KIND_BOUNCE,
	  RETOUR_PERMANENCE_PERMANENT,
	  RETOUR_ADVICE_SUPPRESS_AFTER_REPEATS,
	  RETOUR_CONFIDENCE_LOW },
	{ { "452 4.2.2 Over quota", "4.2.2", DELAYED, NULL, "soft", "mailbox-full" },
	  RETOUR_KIND_DELAY,
	  RETOUR_PERMANENCE_TRANSIENT,
	  RETOUR_ADVICE_RETRY_LATER,
	  RETOUR_CONFIDENCE_LOW },
	{ { "Envelope expired", "4.4.7", DELAYED, NULL, "soft", "expired" },
	  RETOUR_KIND_BOUNCE,
	  RETOUR_PERMANENCE_TRANSIENT,
	  RETOUR_ADVICE_SUPPRESS_AFTER_REPEATS,
	  RETOUR_CONFIDENCE_LOW },
};

static void
test_details(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(details); i++) {
		g_autoptr(RetourArena) arena = retour_arena_new();
		RetourVerdict verdict;
		judge(&details[i].row, "default", arena, &verdict);
		if (verdict.kind != details[i].kind ||
		    verdict.permanence != details[i].permanence ||
		    verdict.advice != details[i].advice ||
		    verdict.confidence < details[i].confidence)
			fail_msg("row %u \"%s\": kind %s, permanence %s, advice %s, confidence %s",
			         i, details[i].row.diagnostic, retour_kind_to_string(verdict.kind),
			         retour_permanence_to_string(verdict.permanence),
			         retour_advice_to_string(verdict.advice),
			         retour_confidence_to_string(verdict.confidence));
	}
}

/* A verdict says why: one rule decided, its bytes are those of the evidence. */
static void
test_because(void **state)
{
	(void)state;
	static const Row row = {
		"550-5.7.1 This message is\n550-5.7.1 blocked using\n550 5.7.1 bl.example",
		"5.7.1",
		FAILED,
		NULL,
		"soft",
		"blocklisted"
	};
	g_autoptr(RetourArena) arena = retour_arena_new();
	RetourVerdict verdict;
	judge(&row, "default", arena, &verdict);
	guint deciding = 0;
	for (guint i = 0; i < verdict.n_because; i++) {
		const RetourBecause *because = &verdict.because[i];
		deciding += because->deciding;
		if (because->text && strcmp(because->part, "2") == 0)
			assert_memory_equal(row.diagnostic + because->offset, because->text,
			                    strlen(because->text));
	}
	assert_int_equal(deciding, 1);
}

/* Somebody forwards: the address that was written to may be alive. */
static void
test_forwarded(void **state)
{
	(void)state;
	static const Row unknown = {
		"550 5.1.1 User unknown", "5.1.1", FAILED, NULL, "hard", "user-unknown"
	};
	RetourEvidence evidence = make_evidence(unknown.diagnostic, NULL, RETOUR_EVIDENCE_REPLY);
	RetourRecipient recipient = { .action = FAILED,
		                      .evidence = &evidence,
		                      .n_evidence = 1,
		                      .forwarded = TRUE,
		                      .address = "u@example.com" };
	RetourReport report = { .kind = RETOUR_KIND_BOUNCE,
		                .recipients = &recipient,
		                .n_recipients = 1 };
	g_autoptr(RetourArena) arena = retour_arena_new();
	RetourVerdict verdict;
	retour_verdict_make(&report, &recipient, retour_profile_row_find("default"), NULL, arena,
	                    &verdict);
	assert_int_equal(verdict.klass, RETOUR_CLASS_HARD);
	assert_int_equal(verdict.advice, RETOUR_ADVICE_SUPPRESS_AFTER_REPEATS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_default_profile), cmocka_unit_test(test_other_profiles),
		cmocka_unit_test(test_details),         cmocka_unit_test(test_because),
		cmocka_unit_test(test_forwarded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
