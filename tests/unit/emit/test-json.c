/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <string.h>

#include "sample.h"

static void
expect(const Sample *sample, RetourFormat format, gboolean explain, const char *expected)
{
	g_autofree char *line = sample_format(sample, format, explain);
	g_autofree char *wanted = g_strconcat(expected, "\n", NULL);
	assert_string_equal(line, wanted);
}

static void
test_least(void **state)
{
	(void)state;
	Sample sample;
	sample_init(&sample);
	expect(&sample, RETOUR_FORMAT_JSON, FALSE,
	       "{\"schema\":\"retour/1\","
	       "\"source\":{\"name\":\"new/1690.eml\",\"index\":0,\"offset\":0,\"size\":5310},"
	       "\"kind\":\"bounce\",\"never_reply\":true,"
	       "\"recipients\":[{\"address\":\"user@example.com\",\"read_by\":\"dsn\","
	       "\"class\":\"hard\",\"reason\":\"user-unknown\",\"fault\":\"recipient\","
	       "\"advice\":\"suppress\",\"confidence\":\"high\",\"key\":\"1f0c\"}]}");
}

static void
test_no_recipient(void **state)
{
	(void)state;
	Sample sample;
	sample_init(&sample);
	sample.record.kind = sample.report.kind = RETOUR_KIND_AUTO_REPLY;
	sample.report.n_recipients = 0;
	expect(&sample, RETOUR_FORMAT_JSON, FALSE,
	       "{\"schema\":\"retour/1\","
	       "\"source\":{\"name\":\"new/1690.eml\",\"index\":0,\"offset\":0,\"size\":5310},"
	       "\"kind\":\"auto-reply\",\"never_reply\":true}");
	expect(&sample, RETOUR_FORMAT_RECIPIENTS, FALSE,
	       "{\"schema\":\"retour-recipient/1\",\"source\":\"new/1690.eml\",\"index\":0,"
	       "\"kind\":\"auto-reply\",\"never_reply\":true}");
}

static void
test_unreadable(void **state)
{
	(void)state;
	Sample sample;
	sample_init(&sample);
	sample.record =
	        (RetourRecord){ .kind = RETOUR_KIND_UNREADABLE, .error = "killed by signal 11" };
	expect(&sample, RETOUR_FORMAT_JSON, FALSE,
	       "{\"schema\":\"retour/1\","
	       "\"source\":{\"name\":\"new/1690.eml\",\"index\":0,\"offset\":0,\"size\":5310},"
	       "\"kind\":\"unreadable\",\"error\":\"killed by signal 11\"}");
	expect(&sample, RETOUR_FORMAT_RECIPIENTS, FALSE,
	       "{\"schema\":\"retour-recipient/1\",\"source\":\"new/1690.eml\",\"index\":0,"
	       "\"kind\":\"unreadable\",\"error\":\"killed by signal 11\"}");
}

/* Every key there is, in its order. */
static void
fill_message(Sample *sample)
{
	static const char *to[] = { "bounce+u01@list.example", "b@list.example", NULL };
	static const RetourField fields[] = { { "x-postfix-queue-id", "4F" },
		                              { "x-postfix-sender", "rfc822; a@list.example" },
		                              { "x-postfix-queue-id", "second" },
		                              { "x-empty", "" } };
	static const char *const limits[] = { "header-cut", "text-cut" };
	RetourReport *report = &sample->report;
	report->message_id = "<1@mx.example.net>";
	report->date = 1795309323;
	report->from = "MAILER-DAEMON@mx.example.net";
	report->to = to;
	report->subject = "Undelivered";
	report->envelope_sender = "";
	report->envelope_recipient = "bounce+u01@list.example";
	report->type = "dsn";
	report->reporting_mta = "mx.example.net";
	report->received_from_mta = "list.example";
	report->arrival_date = 0;
	report->envelope_id = "ENV1";
	report->feedback_type = "abuse";
	report->disposition = "deleted";
	report->fields = fields;
	report->n_fields = G_N_ELEMENTS(fields);
	report->original =
	        (RetourOriginal){ .message_id = "<o@list.example>",
		                  .from = "news@list.example",
		                  .envelope_from = "bounce@list.example",
		                  .subject = "News",
		                  .to = to,
		                  .date = 1,
		                  .list_id = "<news.list.example>",
		                  .list_unsubscribe = "<https://list.example/u>",
		                  .list_unsubscribe_post = "List-Unsubscribe=One-Click" };
	report->limits = limits;
	report->n_limits = G_N_ELEMENTS(limits);
}

static void
fill_recipient(Sample *sample)
{
	static const RetourCandidate candidates[] = { { "u01@example.com", "verp" } };
	static const RetourField fields[] = { { "x-display-name", "User" } };
	RetourRecipient *recipient = &sample->recipient;
	recipient->final_recipient = "user@example.com";
	recipient->original_recipient = "u01@example.com";
	recipient->candidates = candidates;
	recipient->n_candidates = G_N_ELEMENTS(candidates);
	recipient->action = RETOUR_ACTION_FAILED;
	recipient->status_field = (RetourStatus){ 5, 0, 0 };
	recipient->diagnostic = "550 5.1.1 User unknown";
	recipient->diagnostic_type = "smtp";
	recipient->localized_diagnostic = "Empfänger unbekannt";
	recipient->remote_mta = "mx1.example.com";
	recipient->final_log_id = "log1";
	recipient->last_attempt = 2;
	recipient->will_retry_until = 3;
	recipient->fields = fields;
	recipient->n_fields = G_N_ELEMENTS(fields);
	RetourVerdict *verdict = &sample->verdict;
	verdict->status = (RetourStatus){ 5, 1, 1 };
	verdict->reply = 550;
	verdict->command = RETOUR_COMMAND_RCPT;
	verdict->permanence = RETOUR_PERMANENCE_PERMANENT;
	sample->because[0] = (RetourBecause){
		.rule = "status:5.1.1", .part = "2", .offset = 0, .text = "5.1.1"
	};
	sample->because[1] = (RetourBecause){ .rule = "phrase:user-unknown/017",
		                              .part = "1.2",
		                              .offset = 812,
		                              .text = "User unknown",
		                              .deciding = TRUE };
	verdict->n_because = 2;
}

#define MESSAGE                                                                                    \
	"{\"schema\":\"retour/1\","                                                                \
	"\"source\":{\"name\":\"new/1690.eml\",\"index\":0,\"offset\":0,\"size\":5310},"           \
	"\"kind\":\"bounce\",\"never_reply\":true,"                                                \
	"\"message\":{\"id\":\"<1@mx.example.net>\",\"date\":\"2026-11-22T01:02:03Z\","            \
	"\"from\":\"MAILER-DAEMON@mx.example.net\",\"to\":[\"bounce+u01@list.example\",\"b@list."  \
	"example\"],"                                                                              \
	"\"subject\":\"Undelivered\"},"                                                            \
	"\"envelope\":{\"sender\":\"\",\"recipient\":\"bounce+u01@list.example\"},"                \
	"\"report\":{\"type\":\"dsn\",\"reporting_mta\":\"mx.example.net\",\"received_from_mta\":" \
	"\"list.example\","                                                                        \
	"\"arrival_date\":\"1970-01-01T00:00:00Z\",\"envelope_id\":\"ENV1\",\"feedback_type\":"    \
	"\"abuse\","                                                                               \
	"\"disposition\":\"deleted\","                                                             \
	"\"fields\":{\"x-postfix-queue-id\":\"4F\",\"x-postfix-sender\":\"rfc822; "                \
	"a@list.example\"}},"                                                                      \
	"\"original\":{\"message_id\":\"<o@list.example>\",\"from\":\"news@list.example\","        \
	"\"envelope_from\":\"bounce@list.example\",\"to\":[\"bounce+u01@list.example\",\"b@list."  \
	"example\"],"                                                                              \
	"\"subject\":\"News\",\"date\":\"1970-01-01T00:00:01Z\",\"list_id\":\"<news.list.example>" \
	"\","                                                                                      \
	"\"list_unsubscribe\":\"<https://list.example/u>\","                                       \
	"\"list_unsubscribe_post\":\"List-Unsubscribe=One-Click\"},"
#define RECIPIENT                                                                                 \
	"\"address\":\"user@example.com\",\"final_recipient\":\"user@example.com\","              \
	"\"original_recipient\":\"u01@example.com\","                                             \
	"\"candidates\":[{\"address\":\"u01@example.com\",\"from\":\"verp\"}],\"read_by\":"       \
	"\"dsn\","                                                                                \
	"\"action\":\"failed\",\"status\":\"5.1.1\",\"status_field\":\"5.0.0\",\"reply\":550,"    \
	"\"command\":\"RCPT\","                                                                   \
	"\"diagnostic\":\"550 5.1.1 User unknown\",\"diagnostic_type\":\"smtp\","                 \
	"\"localized_diagnostic\":\"Empfänger unbekannt\",\"remote_mta\":\"mx1.example.com\","   \
	"\"final_log_id\":\"log1\",\"last_attempt\":\"1970-01-01T00:00:02Z\","                    \
	"\"will_retry_until\":\"1970-01-01T00:00:03Z\",\"fields\":{\"x-display-name\":\"User\"}," \
	"\"class\":\"hard\",\"reason\":\"user-unknown\",\"fault\":\"recipient\",\"advice\":"      \
	"\"suppress\","                                                                           \
	"\"confidence\":\"high\",\"permanence\":\"permanent\",\"key\":\"1f0c\","
#define DECIDED                                                                                  \
	"{\"rule\":\"phrase:user-unknown/017\",\"part\":\"1.2\",\"offset\":812,\"text\":\"User " \
	"unknown\""

static void
test_all(void **state)
{
	(void)state;
	Sample sample;
	sample_init(&sample);
	fill_message(&sample);
	fill_recipient(&sample);
	expect(&sample, RETOUR_FORMAT_JSON, FALSE,
	       MESSAGE "\"recipients\":[{" RECIPIENT "\"because\":[" DECIDED "}]}],"
	               "\"limits\":[\"header-cut\",\"text-cut\"]}");
	expect(&sample, RETOUR_FORMAT_JSON, TRUE,
	       MESSAGE
	       "\"recipients\":[{" RECIPIENT "\"because\":["
	       "{\"rule\":\"status:5.1.1\",\"part\":\"2\",\"offset\":0,\"text\":\"5.1.1\"}," DECIDED
	       ",\"deciding\":true}]}],\"limits\":[\"header-cut\",\"text-cut\"]}");
	sample.source.index = 7;
	expect(&sample, RETOUR_FORMAT_RECIPIENTS, FALSE,
	       "{\"schema\":\"retour-recipient/1\",\"source\":\"new/"
	       "1690.eml\",\"index\":7,\"kind\":\"bounce\","
	       "\"never_reply\":true,\"message_id\":\"<1@mx.example.net>\","
	       "\"original_message_id\":\"<o@list.example>\"," RECIPIENT "\"because\":[" DECIDED
	       "}]}");
}

static void
test_rows_have_their_own_kind(void **state)
{
	(void)state;
	Sample sample;
	sample_init(&sample);
	RetourRecipient recipients[] = { sample.recipient, sample.recipient };
	RetourVerdict verdicts[] = { sample.verdict, sample.verdict };
	verdicts[1].kind = RETOUR_KIND_DELIVERED;
	sample.report.recipients = recipients;
	sample.report.n_recipients = 2;
	sample.record.verdicts = verdicts;
	g_autofree char *lines = sample_format(&sample, RETOUR_FORMAT_RECIPIENTS, FALSE);
	const char *second = strchr(lines, '\n') + 1;
	assert_non_null(strstr(lines, "\"kind\":\"bounce\""));
	assert_true(strstr(lines, "\"kind\":\"bounce\"") < second);
	assert_non_null(strstr(second, "\"kind\":\"delivered\""));
}

static void
test_lines_follow_each_other(void **state)
{
	(void)state;
	Sample sample;
	sample_init(&sample);
	g_autofree char *one = sample_format(&sample, RETOUR_FORMAT_JSON, FALSE);
	g_autoptr(GString) out = g_string_new(NULL);
	retour_format_append(RETOUR_FORMAT_JSON, &sample.source, &sample.record, FALSE, out);
	retour_format_append(RETOUR_FORMAT_JSON, &sample.source, &sample.record, FALSE, out);
	g_autofree char *twice = g_strconcat(one, one, NULL);
	assert_string_equal(out->str, twice);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_least),
		cmocka_unit_test(test_no_recipient),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_rows_have_their_own_kind),
		cmocka_unit_test(test_lines_follow_each_other),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
