/* SPDX-License-Identifier: BSD-2-Clause */

/* Limits of what is kept of a report: one more than is kept, and the record says what was cut. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <retour/record.h>

#include "base/limits.h"

#define HEAD "From: MAILER-DAEMON@mx.example\nSubject: failure notice\n"
#define REPORT                                                                                    \
	HEAD "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\n" \
	     "It failed.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n"
#define GROUP "\nFinal-Recipient: rfc822; u@example.com\nAction: failed\nStatus: 5.1.1\n"

static guint
count_recipients(const RetourReport *report)
{
	return report->n_recipients;
}

static guint
count_fields(const RetourReport *report)
{
	return report->recipients[0].n_fields;
}

static guint
count_evidence(const RetourReport *report)
{
	return report->recipients[0].n_evidence;
}

static guint
count_candidates(const RetourReport *report)
{
	return report->recipients[0].n_candidates;
}

static guint
count_to(const RetourReport *report)
{
	return g_strv_length((char **)report->to);
}

static guint
count_matched(const RetourReport *report)
{
	gsize longest = 0;
	for (guint i = 0; i < report->recipients[0].n_evidence; i++)
		longest = MAX(longest, report->recipients[0].evidence[i].length);
	return (guint)longest;
}

/* In a piece '#' stands for its number. Three of the fields are no extensions, and of the
 * identities one is the address itself. */
static const struct {
	const char *name, *head, *piece, *tail;
	guint limit;
	guint (*count)(const RetourReport *report);
	const char *word; /* NULL: what is beyond it is nothing of its own */
} rows[] = {
	{ "recipients", REPORT, "\nFinal-Recipient: rfc822; u#@example.com\nStatus: 5.1.1\n",
	  "--b--\n", RETOUR_LIMIT_RECIPIENTS, count_recipients, "recipients-cut" },
	{ "fields", REPORT GROUP, "X-#: y\n", "--b--\n", RETOUR_LIMIT_FIELDS - 3, count_fields,
	  "fields-cut" },
	{ "addresses of a list", HEAD "To: x@example.com", ",\n u#@example.com",
	  "\n\n<u@example.com>:\n550 5.1.1 User unknown\n", RETOUR_LIMIT_LIST, count_to,
	  "address-cut" },
	{ "addresses that a notice names", HEAD "\n",
	  "<u#@example.com>:\n550 5.1.1 User unknown\n\n", "", RETOUR_LIMIT_NAMED, count_recipients,
	  "recipients-cut" },
	{ "facts", HEAD "\n<u@example.com>:\n", "550 5.1.1 <u@example.com> User unknown #\n\n", "",
	  RETOUR_LIMIT_EVIDENCE, count_evidence, "evidence-cut" },
	{ "other identities", HEAD "\n",
	  "<c#@example.com> (expanded from <u@example.com>): 550 5.1.1 User unknown\n\n", "",
	  RETOUR_LIMIT_CANDIDATES - 1, count_candidates, NULL },
	{ "a text to be matched", REPORT GROUP "Diagnostic-Code: smtp; 550 ", "User unknown # ",
	  "\n--b--\n", RETOUR_LIMIT_MATCH_TEXT, count_matched, NULL },
};

/* More than any of the limits above. */
#define PIECES (RETOUR_LIMIT_RECIPIENTS + 1)

static RetourRecord *
read_row(gsize row)
{
	g_autoptr(GString) mail = g_string_new(rows[row].head);
	for (guint i = 0; i < PIECES; i++) {
		for (const char *at = rows[row].piece; *at; at++) {
			if (*at == '#')
				g_string_append_printf(mail, "%u", i);
			else
				g_string_append_c(mail, *at);
		}
	}
	g_string_append(mail, rows[row].tail);
	return retour_record_read(mail->str, mail->len, NULL);
}

static gboolean
names(const RetourReport *report, const char *word)
{
	for (guint i = 0; i < report->n_limits; i++) {
		if (strcmp(report->limits[i], word) == 0)
			return TRUE;
	}
	return FALSE;
}

static void
so_many_are_kept_and_no_more(void **state)
{
	(void)state;
	guint wrong = 0;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(RetourRecord) record = read_row(i);
		if (!record->report || record->report->n_recipients == 0)
			fail_msg("%s: nothing was read", rows[i].name);
		guint n = rows[i].count(record->report);
		gboolean told = !rows[i].word || names(record->report, rows[i].word);
		if (n == rows[i].limit && told)
			continue;
		print_error("%s: %u are kept, not %u; %s\n", rows[i].name, n, rows[i].limit,
		            told ? "told" : "not told");
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(so_many_are_kept_and_no_more) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
