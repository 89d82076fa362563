/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Text that is made to be slow is read in linear time: 250 KB of each row's piece, over and over,
 * as a notice or as a report. What is measured is processor time, and the bound is ten times what a
 * build with sanitizers takes; a quadratic reader needs longer.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <retour/record.h>
#include <string.h>
#include <time.h>

#define SIZE (250u * 1024)
#define SECONDS 4.0

#define NOTICE                                                                                 \
	"From: MAILER-DAEMON@mx.example.net\nSubject: Undelivered Mail Returned to Sender\n\n" \
	"The following addresses failed:\n"
#define REPORT                                                                     \
	"From: MAILER-DAEMON@mx.example.net\nSubject: Undelivered\nContent-Type: " \
	"multipart/report; "                                                       \
	"report-type=delivery-status; boundary=b\n\n--b\n\n"
#define STATUS                                                                                     \
	"\n--b\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; u@example.com\n" \
	"Action: failed\n"

/* In a piece '#' stands for its number. A tail of blanks fills the second half. */
static const struct {
	const char *name, *head, *piece, *tail;
} rows[] = {
	{ "addresses in a line", NOTICE, "a@b ", "\n" },
	{ "different addresses in a line", NOTICE, "a#@b ", "\n" },
	{ "addresses in a line that ends in blanks", NOTICE, "a@b ", " " },
	{ "different addresses, a line each", NOTICE, "<a#@b>\n", "" },
	{ "different domains beyond ASCII", NOTICE, "x <a@\303\251#>\n", "" },
	{ "addresses in a reply", NOTICE "550 ", "5.1.1 a@b.1 ", "\n" },
	{ "addresses with replies", NOTICE, "a#@b: 550 no\n", "" },
	{ "addresses with ellipses", NOTICE, "a@b...", "\n" },
	{ "at signs", NOTICE, "a@", "\n" },
	{ "quoted at signs", NOTICE, "\"@", "\n" },
	{ "escaped quotes", NOTICE, "\\\"@", "\n" },
	{ "address literals without end", NOTICE, "(a@[1:", "\n" },
	{ "replies of one code", REPORT "<u@example.com>: ", "550 ", STATUS },
	{ "replies of two codes", REPORT "<u@example.com>: ", "550 x 551 ", STATUS },
	{ "enhanced codes", REPORT "<u@example.com>: ", "4.# x ", STATUS },
	{ "hosts", REPORT "<u@example.com>: ", "host ", STATUS },
	{ "blanks", REPORT "<u@example.com>: ", "          ", STATUS },
	{ "commands", REPORT, ">>> RCPT TO:<u@example.com>\n", STATUS },
	{ "header lines", REPORT, "To: a@b\n", STATUS },
	{ "recipients", REPORT STATUS "\n", "Final-Recipient: a#@\303\251\nStatus: 5.1.1\n\n", "" },
	{ "halves of a recipient", REPORT STATUS "\nFinal-Recipient: v@example.com\n\n",
	  "Diagnostic-Code: #\n\n", "" },
	{ "replies in a field", REPORT STATUS "Diagnostic-Code: smtp;", " 5#0 5.1.# x\n", "" },
	{ "fields", REPORT STATUS, "X-#: x\n", "" },
	{ "braces of JSON", "From: a@sns.amazonaws.com\n\nnotificationType\": \"Bounce\"\n",
	  "emailAddress\": \"", "\n" },
};

static void
fill(GString *mail, const char *piece, gsize size)
{
	for (guint n = 0; *piece && mail->len < size; n++)
		for (const char *c = piece; *c; c++)
			if (*c == '#')
				g_string_append_printf(mail, "%u", n);
			else
				g_string_append_c(mail, *c);
}

static char *
make_mail(guint row)
{
	GString *mail = g_string_new(rows[row].head);
	gboolean blanks = strcmp(rows[row].tail, " ") == 0;
	fill(mail, rows[row].piece, blanks ? SIZE / 2 : SIZE);
	fill(mail, rows[row].tail, blanks ? SIZE : mail->len + 1);
	return g_string_free(mail, FALSE);
}

static void
test_rows(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *mail = make_mail(i);
		clock_t begin = clock();
		g_autoptr(RetourRecord) record = retour_record_read(mail, strlen(mail), NULL);
		double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
		print_message("%s: %.2f s, %s\n", rows[i].name, seconds,
		              retour_kind_to_string(record->kind));
		if (seconds > SECONDS)
			fail_msg("%s: %.2f s", rows[i].name, seconds);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
