/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <retour/redact.h>

/* One name in every string that a mail fills. */
#define NAME "lena@orchard.example"

static const char *to[] = { NAME, "ada@mill.example", NULL };
static const RetourField fields[] = { { "x-lena@orchard.example", NAME } };
static const RetourCandidate candidates[] = { { NAME, "verp" } };
static RetourBecause because[] = { { "phrase:user-unknown/1", "2", 7, "lena unknown", TRUE } };
static RetourEvidence evidence[] = {
	{ .part = "2", .offset = 7, .length = 12, .text = "lena unknown", .host = NAME },
};

static RetourRecipient
recipient_of(const char *address)
{
	return (RetourRecipient){
		.address = address,
		.final_recipient = NAME,
		.original_recipient = NAME,
		.candidates = candidates,
		.n_candidates = 1,
		.read_by = "dsn",
		.diagnostic = NAME,
		.diagnostic_type = NAME,
		.localized_diagnostic = NAME,
		.remote_mta = NAME,
		.final_log_id = NAME,
		.fields = fields,
		.n_fields = 1,
		.evidence = evidence,
		.n_evidence = 1,
		.key = "0123456789abcdef0123456789abcdef",
	};
}

static RetourRecipient recipients[3];
static RetourVerdict verdicts[3];
static RetourReport report = {
	.kind = RETOUR_KIND_BOUNCE,
	.message_id = "<lena=orchard.example@mx.example>",
	.from = NAME,
	.subject = NAME,
	.to = to,
	.date = 1,
	.envelope_sender = "",
	.envelope_recipient = NAME,
	.type = "dsn",
	.reporting_mta = NAME,
	.received_from_mta = NAME,
	.envelope_id = NAME,
	.feedback_type = NAME,
	.disposition = NAME,
	.fields = fields,
	.n_fields = 1,
	.original = { .message_id = "<1.lena@mx.example>",
	              .from = NAME,
	              .envelope_from = NAME,
	              .subject = NAME,
	              .to = to,
	              .list_id = NAME,
	              .list_unsubscribe = "<mailto:" NAME ">",
	              .list_unsubscribe_post = NAME },
	.recipients = recipients,
	.n_recipients = 3,
};
static const RetourRecord record = { .kind = RETOUR_KIND_BOUNCE,
	                             .report = &report,
	                             .verdicts = verdicts };

static int
set_up(void **state)
{
	(void)state;
	recipients[0] = recipient_of(NAME);
	recipients[1] = recipient_of("leo@orchard.example");
	recipients[2] = recipient_of("ada@mill.example");
	for (guint i = 0; i < 3; i++)
		verdicts[i] = (RetourVerdict){
			.kind = RETOUR_KIND_BOUNCE, .reply = 550, .because = because, .n_because = 1
		};
	return 0;
}

static RetourRecord *
redact(RetourRedactMode mode)
{
	g_autoptr(RetourRedaction) redaction = retour_redaction_new(mode, NULL);
	return retour_redaction_apply(redaction, &record);
}

/* Every pointer of the struct that is a string of ours has another text than before. */
static void
test_masked(void **state)
{
	(void)state;
	g_autoptr(RetourRecord) masked = redact(RETOUR_REDACT_MASK);
	const RetourReport *out = masked->report;
	static const gsize strings[] = {
		G_STRUCT_OFFSET(RetourReport, from),
		G_STRUCT_OFFSET(RetourReport, subject),
		G_STRUCT_OFFSET(RetourReport, envelope_recipient),
		G_STRUCT_OFFSET(RetourReport, reporting_mta),
		G_STRUCT_OFFSET(RetourReport, received_from_mta),
		G_STRUCT_OFFSET(RetourReport, envelope_id),
		G_STRUCT_OFFSET(RetourReport, feedback_type),
		G_STRUCT_OFFSET(RetourReport, disposition),
		G_STRUCT_OFFSET(RetourReport, original.from),
		G_STRUCT_OFFSET(RetourReport, original.envelope_from),
		G_STRUCT_OFFSET(RetourReport, original.subject),
		G_STRUCT_OFFSET(RetourReport, original.list_id),
		G_STRUCT_OFFSET(RetourReport, original.list_unsubscribe_post),
	};
	for (guint i = 0; i < G_N_ELEMENTS(strings); i++)
		assert_string_equal(G_STRUCT_MEMBER(const char *, out, strings[i]),
		                    "l***@orchard.example");
	assert_string_equal(out->message_id, "<l***@orchard.example@mx.example>");
	assert_string_equal(out->original.message_id, "<1.l***@mx.example>");
	assert_string_equal(out->original.list_unsubscribe, "<mailto:l***@orchard.example>");
	assert_string_equal(out->to[0], "l***@orchard.example");
	assert_string_equal(out->to[1], "a***@mill.example");
	assert_null(out->to[2]);
	assert_string_equal(out->envelope_sender, "");
	assert_string_equal(out->type, "dsn");
	assert_string_equal(out->fields[0].name, "x***@orchard.example");
	assert_string_equal(out->fields[0].value, "l***@orchard.example");
}

static void
test_recipient(void **state)
{
	(void)state;
	g_autoptr(RetourRecord) masked = redact(RETOUR_REDACT_MASK);
	const RetourRecipient *out = &masked->report->recipients[0];
	static const gsize strings[] = {
		G_STRUCT_OFFSET(RetourRecipient, address),
		G_STRUCT_OFFSET(RetourRecipient, final_recipient),
		G_STRUCT_OFFSET(RetourRecipient, original_recipient),
		G_STRUCT_OFFSET(RetourRecipient, diagnostic),
		G_STRUCT_OFFSET(RetourRecipient, diagnostic_type),
		G_STRUCT_OFFSET(RetourRecipient, localized_diagnostic),
		G_STRUCT_OFFSET(RetourRecipient, remote_mta),
		G_STRUCT_OFFSET(RetourRecipient, final_log_id),
	};
	for (guint i = 0; i < G_N_ELEMENTS(strings); i++)
		assert_string_equal(G_STRUCT_MEMBER(const char *, out, strings[i]),
		                    "l***@orchard.example");
	assert_string_equal(out->read_by, "dsn");
	assert_string_equal(out->candidates[0].address, "l***@orchard.example");
	assert_string_equal(out->candidates[0].from, "verp");
	assert_string_equal(out->evidence[0].text, "l*** unknown");
	assert_string_equal(out->evidence[0].host, "l***@orchard.example");
	assert_int_equal(out->evidence[0].offset, 7);
	assert_int_equal(out->evidence[0].length, 12);
	assert_string_equal(masked->verdicts[0].because[0].text, "l*** unknown");
	assert_int_equal(masked->verdicts[0].because[0].offset, 7);
	assert_int_equal(masked->verdicts[0].reply, 550);
}

/* Without a secret a key made of the address would tell whoever guesses it. */
static void
test_keys(void **state)
{
	(void)state;
	g_autoptr(RetourRecord) masked = redact(RETOUR_REDACT_MASK);
	g_autoptr(RetourRecord) again = redact(RETOUR_REDACT_MASK);
	const RetourRecipient *out = masked->report->recipients;
	for (guint i = 0; i < 3; i++) {
		assert_string_not_equal(out[i].key, recipients[i].key);
		assert_int_equal(strlen(out[i].key), 32);
		assert_string_equal(out[i].key, again->report->recipients[i].key);
	}
	/* lena and leo are l*** both. */
	assert_string_equal(out[0].address, out[1].address);
	assert_string_not_equal(out[0].key, out[1].key);
}

static void
test_dropped(void **state)
{
	(void)state;
	g_autoptr(RetourRecord) dropped = redact(RETOUR_REDACT_DROP);
	const RetourReport *out = dropped->report;
	assert_null(out->from);
	assert_null(out->to[0]);
	assert_null(out->original.list_unsubscribe);
	assert_string_equal(out->envelope_sender, "");
	assert_null(out->recipients[0].address);
	assert_int_equal(out->recipients[0].n_candidates, 0);
	assert_string_equal(out->recipients[0].evidence[0].text, " unknown");
	assert_null(out->recipients[0].evidence[0].host);
}

static void
test_unreadable(void **state)
{
	(void)state;
	g_autoptr(RetourRecord) unreadable = retour_record_new_unreadable("killed by signal 11");
	g_autoptr(RetourRedaction) redaction = retour_redaction_new(RETOUR_REDACT_DROP, NULL);
	g_autoptr(RetourRecord) out = retour_redaction_apply(redaction, unreadable);
	assert_int_equal(out->kind, RETOUR_KIND_UNREADABLE);
	assert_string_equal(out->error, "killed by signal 11");
	assert_null(out->report);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_masked),     cmocka_unit_test(test_recipient),
		cmocka_unit_test(test_keys),       cmocka_unit_test(test_dropped),
		cmocka_unit_test(test_unreadable),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
