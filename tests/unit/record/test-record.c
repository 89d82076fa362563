/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <retour/record.h>

#include "base/limits.h"
#include "mime/part.h"
#include "report/report.h"

#include <string.h>

typedef void (*MailFunc)(const char *path, const char *bytes, gsize length);

static guint
walk(const char *folder, MailFunc func)
{
	guint n = 0;
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	for (const char *name; dir && (name = g_dir_read_name(dir));) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		g_autofree char *bytes = NULL;
		gsize length;
		if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
			n += walk(path, func);
		} else if (!g_str_has_suffix(name, ".json") &&
		           g_file_get_contents(path, &bytes, &length, NULL)) {
			func(path, bytes, length);
			n++;
		}
	}
	return n;
}

/* The fixtures, and the labelled mail that RETOUR_CORPUS names. */
static void
walk_all(MailFunc func)
{
	assert_true(walk(RETOUR_FIXTURES, func) > 50);
	const char *corpus = g_getenv("RETOUR_CORPUS");
	if (corpus)
		assert_true(walk(corpus, func) > 0);
}

static const RetourPart *
find_part(const RetourPartTree *tree, const char *section)
{
	for (guint i = 0; i < tree->n_parts; i++)
		if (strcmp(*tree->parts[i]->section ? tree->parts[i]->section : "1", section) ==
		            0 &&
		    tree->parts[i]->text)
			return tree->parts[i];
	return NULL;
}

/* Every fact stands where it says that it stands. */
static void
check_extents(const char *path, const char *bytes, gsize length)
{
	g_autoptr(RetourPartTree) tree = retour_part_tree_read(bytes, length);
	g_autoptr(RetourReport) report = retour_report_read(tree, NULL);
	for (guint i = 0; i < report->n_recipients; i++) {
		for (guint k = 0; k < report->recipients[i].n_evidence; k++) {
			const RetourEvidence *evidence = &report->recipients[i].evidence[k];
			const RetourPart *part = find_part(tree, evidence->part);
			if (!part || evidence->offset + evidence->length > part->text_length ||
			    strlen(evidence->text) != evidence->length ||
			    memcmp(part->text + evidence->offset, evidence->text,
			           evidence->length) != 0)
				fail_msg("%s: evidence %u of recipient %u: part %s at %zu", path, k,
				         i, evidence->part, evidence->offset);
		}
	}
}

static void
test_extents(void **state)
{
	(void)state;
	walk_all(check_extents);
}

/* So does every rule of a verdict; one rule decided, and a hard verdict names it. */
static void
check_because(const char *path, const char *bytes, gsize length)
{
	g_autoptr(RetourPartTree) tree = retour_part_tree_read(bytes, length);
	g_autoptr(RetourRecord) record = retour_record_read(bytes, length, NULL);
	for (guint i = 0; record->report && i < record->report->n_recipients; i++) {
		const RetourVerdict *verdict = &record->verdicts[i];
		guint deciding = 0;
		for (guint k = 0; k < verdict->n_because; k++) {
			const RetourBecause *because = &verdict->because[k];
			deciding += because->deciding;
			if (!because->text)
				continue;
			const RetourPart *part = find_part(tree, because->part);
			if (!part || because->offset + strlen(because->text) > part->text_length ||
			    memcmp(part->text + because->offset, because->text,
			           strlen(because->text)) != 0)
				fail_msg("%s: rule %s of recipient %u", path, because->rule, i);
		}
		if (deciding != 1)
			fail_msg("%s: %u rules decided for recipient %u", path, deciding, i);
	}
}

static void
test_because(void **state)
{
	(void)state;
	walk_all(check_because);
}

/* What is no mail is a record all the same. */
static void
test_unreadable(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		gsize length;
		RetourKind kind;
	} rows[] = {
		{ "", 0, RETOUR_KIND_UNREADABLE },
		{ "\0\1\2\3\4\5\6\7\10\16\17\20\21\22\23\24", 16, RETOUR_KIND_UNREADABLE },
		{ "\n", 1, RETOUR_KIND_OTHER },
		{ "hello\n", 6, RETOUR_KIND_OTHER },
		{ "Subject: hello\n\nhello\n", 22, RETOUR_KIND_OTHER },
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(RetourRecord) record =
		        retour_record_read(rows[i].bytes, rows[i].length, NULL);
		if (record->kind != rows[i].kind ||
		    (record->error != NULL) != (record->kind == RETOUR_KIND_UNREADABLE))
			fail_msg("row %u: %s", i, retour_kind_to_string(record->kind));
	}
}

static const char dsn[] =
        "From: MAILER-DAEMON@mx.example\nSubject: Undelivered\nMIME-Version: 1.0\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\n\n%s\n"
        "--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n%s\n"
        "--x\nContent-Type: text/rfc822-headers\n\nMessage-ID: <m1@list.example>\nTo: "
        "u@example.com\n\n--x--\n";

static RetourRecord *
read_report(const char *notice, const char *groups)
{
	g_autofree char *text = g_strdup_printf(dsn, notice, groups);
	return retour_record_read(text, strlen(text), NULL);
}

/* The same failure has the same key whether it comes as a warning, as a failure, or with the
 * address written otherwise. */
static void
test_key(void **state)
{
	(void)state;
	g_autoptr(RetourRecord) late = read_report(
	        "late", "Final-Recipient: rfc822; u@example.com\nAction: delayed\nStatus: 4.4.1\n");
	g_autoptr(RetourRecord) failed = read_report(
	        "gone",
	        "Final-Recipient: rfc822; <U@EXAMPLE.com>\nAction: failed\nStatus: 5.1.1\n");
	g_autoptr(RetourRecord) other = read_report(
	        "gone", "Final-Recipient: rfc822; v@example.com\nAction: failed\nStatus: 5.1.1\n");
	const char *key = late->report->recipients[0].key;
	assert_string_equal(key, failed->report->recipients[0].key);
	assert_string_not_equal(key, other->report->recipients[0].key);
}

/* A string that is too long is cut between characters, and the record says so. */
static void
test_long_strings(void **state)
{
	(void)state;
	g_autoptr(GString) wide = g_string_new("x");
	while (wide->len <= RETOUR_LIMIT_STRING)
		g_string_append(wide, "\303\251");
	const char *names[] = { "Diagnostic-Code: smtp; 550 ", "Remote-MTA: dns; ", "X-Any: " };
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *group =
		        g_strconcat("Final-Recipient: u@x\n", names[i], wide->str, "\n", NULL);
		g_autoptr(RetourRecord) record = read_report("", group);
		const RetourRecipient *recipient = &record->report->recipients[0];
		const char *kept = i == 0   ? recipient->diagnostic
		                   : i == 1 ? recipient->remote_mta
		                            : recipient->fields[0].value;
		if (!g_utf8_validate(kept, -1, NULL) || strlen(kept) > RETOUR_LIMIT_STRING ||
		    record->report->n_limits != 1 ||
		    strcmp(record->report->limits[0], "text-cut") != 0)
			fail_msg("%s", names[i]);
	}
}

/* A group that comes twice is one recipient; two addresses that forward to one are two. */
static void
test_groups(void **state)
{
	(void)state;
#define ONE "Final-Recipient: z@y\nOriginal-Recipient: rfc822; a@x\nAction: failed\n"
#define TWO "Final-Recipient: z@y\nOriginal-Recipient: rfc822; b@x\nAction: failed\n"
	static const struct {
		const char *groups;
		guint n;
	} rows[] = {
		{ ONE "\n" ONE, 1 },
		{ ONE "\n" TWO, 2 },
		{ ONE "\n" TWO "\n" TWO "\n" ONE, 2 },
		{ ONE "\nFinal-Recipient: Z@Y\nAction: failed\n", 1 },
		{ ONE "\nFinal-Recipient: z@y\nAction: delayed\n", 2 },
	};
#undef ONE
#undef TWO
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(RetourRecord) record = read_report("", rows[i].groups);
		if (record->report->n_recipients != rows[i].n)
			fail_msg("row %u: %u recipients", i, record->report->n_recipients);
	}
}

/* The most serious recipient decides what the message is. */
static void
test_worst(void **state)
{
	(void)state;
	static const struct {
		const char *groups;
		RetourKind kind;
		gint worst;
	} rows[] = {
		{ "Final-Recipient: a@x\nAction: delivered\n\nFinal-Recipient: b@x\nAction: "
		  "failed\nStatus: 5.1.1\n",
		  RETOUR_KIND_BOUNCE, 1 },
		{ "Final-Recipient: a@x\nAction: delayed\n\nFinal-Recipient: b@x\nAction: "
		  "delivered\n",
		  RETOUR_KIND_DELAY, 0 },
		{ "Final-Recipient: a@x\nAction: failed\nStatus: 5.2.2\n\n"
		  "Final-Recipient: b@x\nAction: failed\nStatus: 5.1.1\n",
		  RETOUR_KIND_BOUNCE, 1 },
		{ "Final-Recipient: a@x\nAction: relayed\n", RETOUR_KIND_DELIVERED, 0 },
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(RetourRecord) record = read_report("", rows[i].groups);
		if (record->kind != rows[i].kind ||
		    retour_record_get_worst(record) != rows[i].worst)
			fail_msg("row %u: %s, worst %d", i, retour_kind_to_string(record->kind),
			         retour_record_get_worst(record));
	}
}

/* What the delivery agent tells goes before what the message says. */
static void
test_envelope(void **state)
{
	(void)state;
	static const char mail[] = "Return-Path: <a@x>\nDelivered-To: b@x\nSubject: s\n\nhello\n";
	g_autoptr(RetourRecord) told = retour_record_read(
	        mail, sizeof mail - 1, &(RetourOptions){ .sender = "", .recipient = "c@x" });
	g_autoptr(RetourRecord) untold = retour_record_read(mail, sizeof mail - 1, NULL);
	assert_string_equal(told->report->envelope_sender, "");
	assert_string_equal(told->report->envelope_recipient, "c@x");
	assert_string_equal(untold->report->envelope_sender, "a@x");
	assert_string_equal(untold->report->envelope_recipient, "b@x");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_extents),    cmocka_unit_test(test_because),
		cmocka_unit_test(test_unreadable), cmocka_unit_test(test_key),
		cmocka_unit_test(test_groups),     cmocka_unit_test(test_long_strings),
		cmocka_unit_test(test_worst),      cmocka_unit_test(test_envelope),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
