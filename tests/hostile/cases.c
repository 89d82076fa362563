/* SPDX-License-Identifier: BSD-2-Clause */
#include "cases.h"

#include <string.h>

#define MB (1000u * 1000)

#define HEAD                                                          \
	"From: Mail Delivery System <MAILER-DAEMON@mx.example.net>\n" \
	"To: bounces@list.example\nSubject: Undelivered Mail Returned to Sender\n"
#define NOTICE HEAD "\nThe mail could not be delivered to:\n\n"
#define WORDS "\n\n<u@example.com>: 550 5.1.1 User unknown\n"
#define MIXED HEAD "Content-Type: multipart/mixed; boundary=b\n\n"
#define RETURNED MIXED "--b\n" WORDS "\n--b\nContent-Type: message/rfc822\n\n"
#define REPORT                                                                      \
	HEAD "Content-Type: multipart/report; report-type=delivery-status; "        \
	     "boundary=b\n\n--b\n" WORDS                                            \
	     "\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; " \
	     "mx.example.net\n"
#define RECIPIENT "\nFinal-Recipient: rfc822; u#@example.com\nAction: failed\nStatus: 5.1.1\n"
#define END "\n--b--\n"
#define TEXT(charset) HEAD "Content-Type: text/plain; charset=" charset "\n\n"

static void
append_times(GString *mail, const char *text, gsize most)
{
	while (mail->len < most)
		g_string_append(mail, text);
}

static void
build_nothing(GString *mail, gsize most)
{
	(void)mail;
	(void)most;
}

static void
build_nuls(GString *mail, gsize most)
{
	gsize size = MIN(most, 10 * MB);
	g_string_set_size(mail, size);
	memset(mail->str, 0, size);
}

static void
build_random(GString *mail, gsize most)
{
	g_autoptr(GRand) dice = g_rand_new_with_seed(20260101);
	for (gsize left = MIN(most, 10 * MB) / sizeof(guint32); left > 0; left--) {
		guint32 bytes = g_rand_int(dice);
		g_string_append_len(mail, (const char *)&bytes, sizeof bytes);
	}
}

/* GMime compares every line that begins "--" with every open boundary. */
static void
build_boundaries(GString *mail, gsize most)
{
	g_string_append(mail, HEAD);
	for (guint i = 0; i < 1000; i++)
		g_string_append_printf(
		        mail, "Content-Type: multipart/mixed; boundary=b%u\n\n--b%u\n", i, i);
	append_times(mail, "--bbbbbbbbbbbbbbbb\n", MIN(most, mail->len + 200000 * 19));
}

/* Puts @mail, encoded, into a message of its own. */
static void
wrap(GString *mail)
{
	g_autofree char *base64 = g_base64_encode((const guchar *)mail->str, mail->len);
	g_string_assign(mail, HEAD "Content-Type: message/rfc822\n"
	                           "Content-Transfer-Encoding: base64\n\n");
	for (gsize at = 0, length = strlen(base64); at < length; at += 76) {
		g_string_append_len(mail, base64 + at, (gssize)MIN(76, length - at));
		g_string_append_c(mail, '\n');
	}
}

static void
build_deep_bomb(GString *mail, gsize most)
{
	g_string_append(mail, HEAD WORDS);
	for (guint i = 0; i < 30 && mail->len < MIN(most, 10 * MB); i++)
		wrap(mail);
}

static void
build_wide_bomb(GString *mail, gsize most)
{
	g_string_append(mail, MIXED);
	append_times(mail, "--b\n\nx\n", MIN(most, 30 * MB) / 2);
	wrap(mail);
	g_autofree char *inside =
	        g_string_free(g_string_new_len(mail->str, (gssize)mail->len), FALSE);
	g_string_assign(mail, MIXED);
	for (guint i = 0; i < 3; i++)
		g_string_append_printf(mail, "--b\n%s\n", strstr(inside, "Content-Type"));
}

const HostileCase hostile_cases[] = {
	{ "nested-groups", HEAD "Cc: ", "g:", 500000, "\n" WORDS, NULL, "address-cut" },
	{ "nested-groups-folded", HEAD "Cc: ", "g:g:g:g:g:g:g:\n ", 100000, "\n" WORDS, NULL,
	  "address-cut" },
	{ "nested-groups-returned", RETURNED "To: ", "g:", 500000, "\n" WORDS END, NULL,
	  "address-cut" },
	{ "nested-groups-in-headers", MIXED "--b\nContent-Type: text/rfc822-headers\n\nTo: ", "g:",
	  500000, "\n" END, NULL, "text-cut" },
	{ "nested-groups-encoded", NULL, NULL, 0, NULL, build_deep_bomb, "depth-cut" },
	{ "nested-parts", HEAD, "Content-Type: multipart/mixed; boundary=b#\n\n--b#\n", 100000,
	  WORDS, NULL, "depth-cut" },
	{ "nested-messages", HEAD, "Content-Type: message/rfc822\n\n", 100000, HEAD WORDS, NULL,
	  "depth-cut" },
	{ "tiny-parts", MIXED, "--b\n\nx\n", 100000, END, NULL, "parts-cut" },
	{ "tiny-parts-more", MIXED, "--b\n\nx\n", 1000000, END, NULL, "parts-cut" },
	{ "headers", HEAD, "X-#: y\n", 1000000, WORDS, NULL, "header-cut" },
	{ "headers-returned", RETURNED, "X-#: y\n", 1000000, WORDS END, NULL, "header-cut" },
	{ "header-long", HEAD "Comments: ", "xxxxxxxxxxxxxxxxxxxx", 5000000, "\n" WORDS, NULL,
	  "header-cut" },
	{ "header-folded", HEAD "Comments: x\n", " xxxxxxxxxxxxxxxxxx\n", 1000000, WORDS, NULL,
	  "header-cut" },
	{ "header-name", HEAD, "xxxxxxxxxxxxxxxxxxxx", 500000, ": x\n" WORDS, NULL, "header-cut" },
	{ "body-line", NOTICE, "xxxxxxxxxxxxxxxxxxx ", 5000000, WORDS, NULL,
	  "message-cut text-cut" },
	{ "boundaries", NULL, NULL, 0, NULL, build_boundaries, "depth-cut parts-cut" },
	{ "boundary-damaged", MIXED, "-b\n ---b\n", 1000000, WORDS, NULL, "parts-cut" },
	{ "boundary-missing", HEAD "Content-Type: multipart/mixed\n\n", "--b#\n\nx\n", 300000, "\n",
	  NULL, "parts-cut" },
	{ "recipients", REPORT, RECIPIENT, 100000, END, NULL, "recipients-cut" },
	{ "recipients-alike", REPORT, "\nFinal-Recipient: rfc822; u@example.com\nStatus: 5.1.1\n",
	  100000, END, NULL, "text-cut" },
	{ "report-fields", REPORT, "X-#: y\n", 100000, RECIPIENT END, NULL, "text-cut" },
	{ "report-blocks", REPORT, "\nX: y\n", 100000, RECIPIENT END, NULL, "text-cut" },
	{ "comments", HEAD "Cc: ", "((((((((((\n ", 500000, "\n" WORDS, NULL, "address-cut" },
	{ "encoded-words", HEAD "Comments:", " =?utf-8?q?x?=\n", 1000000, WORDS, NULL,
	  "header-cut" },
	{ "encoded-words-open", HEAD "Comments: ", "=?a?q?x", 1000000, "\n" WORDS, NULL,
	  "header-cut" },
	{ "encoded-subjects", HEAD, "Subject: =?iso-2022-jp?b?GyRCJCIbKEI=?=\n", 100000, WORDS,
	  NULL, "header-cut" },
	{ "addresses", HEAD "Cc: ", "u#@example.com,\n ", 500000, "\n" WORDS, NULL, "address-cut" },
	{ "address-long", HEAD "Cc: ", "xxxxxxxxxxxxxxxxxxxx", 500000, "@example.com\n" WORDS, NULL,
	  "address-cut" },
	{ "failed-recipients", HEAD, "X-Failed-Recipients: u#@example.com\n", 250000, WORDS, NULL,
	  "header-cut" },
	{ "content-types", HEAD, "Content-Type: multipart/mixed; boundary=b\n", 100000,
	  "\n--b\n" WORDS END, NULL, "header-cut" },
	{ "parameters", HEAD "Content-Type: text/plain", ";\n a*#=b", 500000, "\n" WORDS, NULL,
	  "header-cut" },
	{ "message-bomb", NULL, NULL, 0, NULL, build_wide_bomb, "parts-cut text-cut" },
	{ "nothing", NULL, NULL, 0, NULL, build_nothing, NULL },
	{ "random", NULL, NULL, 0, NULL, build_random, NULL },
	{ "nuls", NULL, NULL, 0, NULL, build_nuls, NULL },
	{ "newlines", "", "\n", 10 * MB, "", NULL, NULL },
	{ "newlines-crlf", "", "\r\n", 5 * MB, "", NULL, NULL },
	{ "carriage-returns", "", "\r", 10 * MB, "", NULL, NULL },
	{ "letters", "", "a\n", 5 * MB, "", NULL, NULL },
	{ "blanks", NOTICE, "          ", MB, WORDS, NULL, "text-cut" },
	{ "from-lines", "", "From a@example.com\n", 500000, WORDS, NULL, NULL },
	{ "html", HEAD "Content-Type: text/html\n\n", "<", 10 * MB, WORDS, NULL, "text-cut" },
	{ "html-tags", HEAD "Content-Type: text/html\n\n", "<a b='", 2 * MB, WORDS, NULL,
	  "text-cut" },
	{ "html-entities", HEAD "Content-Type: text/html\n\n", "&amp", 2 * MB, WORDS, NULL,
	  "text-cut" },
	{ "charset-escapes", TEXT("iso-2022-jp"), "\033$B", 2 * MB, WORDS, NULL, "text-cut" },
	{ "charset-lie", TEXT("utf-8"), "\351\202a\377", 2 * MB, WORDS, NULL, "text-cut" },
	{ "charset-utf-7", TEXT("utf-7"), "+AGE", 2 * MB, WORDS, NULL, "text-cut" },
	{ "notice-addresses", NOTICE, "u#@example.com ", 16000, "\n", NULL, NULL },
	{ "notice-address-lines", NOTICE, "<u#@example.com>: no\n", 12000, "\n", NULL, NULL },
	{ "notice-replies", NOTICE, "550 5.1.1 ", 25000, "\n", NULL, NULL },
	{ "notice-reply-lines", NOTICE, "<<< 550-\n", 27000, "\n", NULL, NULL },
	{ "notice-commands", NOTICE, ">>> RCPT TO:<u#@example.com>\n<<< 550 no\n", 6000, "\n", NULL,
	  NULL },
	{ "notice-marks", NOTICE, "{\"bounce\":{\"emailAddress\":\"", 9000, "\n", NULL, NULL },
	{ "notice-headers", NOTICE, "Received: from x\nTo: u#@example.com\n", 6000, "\n", NULL,
	  NULL },
};

const guint n_hostile_cases = G_N_ELEMENTS(hostile_cases);

static void
append_piece(GString *mail, const char *piece, guint number)
{
	const char *mark;
	while ((mark = strchr(piece, '#'))) {
		g_string_append_len(mail, piece, mark - piece);
		g_string_append_printf(mail, "%u", number);
		piece = mark + 1;
	}
	g_string_append(mail, piece);
}

GString *
hostile_build(const HostileCase *row, gsize most)
{
	GString *mail = g_string_new(row->head);
	if (row->build) {
		row->build(mail, most);
		return mail;
	}
	for (guint i = 0; i < row->n && mail->len < most; i++)
		append_piece(mail, row->piece, i);
	append_piece(mail, row->tail, row->n);
	return mail;
}
