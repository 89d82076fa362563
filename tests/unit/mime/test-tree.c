/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "outline.h"

#define HEAD "From: a@example.org\nSubject: s\n"
#define MIXED HEAD "Content-Type: multipart/mixed; boundary=\"b\"\n\n"
#define REPORT \
	HEAD "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n"
#define TEXT "--b\nContent-Type: text/plain\n\n"
#define LONG_PROLOGUE                                                                            \
	"This is the notice, and as it stands where nobody looks, it would be lost. It goes on " \
	"for a while so that it is longer than what mail programs put there on their own, and "  \
	"says: user unknown. And a few words more."

typedef struct {
	const char *name;
	const char *mail;
	const char *outline;
} Row;

static const Row rows[] = {
	/* The door. */
	{ "empty", "", "- text/plain \"\"" },
	{ "plain", HEAD "\nHello\n", "- text/plain \"Hello\n\"" },
	{ "no last line end", HEAD "\nHello", "- text/plain \"Hello\"" },
	{ "header alone", HEAD, "- text/plain \"\"" },
	{ "cut amid a header name", HEAD "Conte", "- text/plain \"\"" },
	{ "From_ line", "From a@b Thu Jan  1 00:00:00 1970\n" HEAD "\nHello\n",
	  "- text/plain \"Hello\n\"" },
	{ ">From_ lines", ">From a@b Thu Jan  1\n>From a@b Thu\n" HEAD "\nHello\n",
	  "- text/plain \"Hello\n\"" },
	{ "empty lines first", "\n\n  \n" HEAD "\nHello\n", "- text/plain \"Hello\n\"" },
	{ "byte order mark", "\xef\xbb\xbf" HEAD "\nHello\n", "- text/plain \"Hello\n\"" },
	{ "junk lines first", "250 ok\nmore junk\n" HEAD "\nHello\n", "- text/plain \"Hello\n\"" },
	{ "no mail", "Just a text.\nAnd more.\n", "- text/plain \"Just a text.\nAnd more.\n\"" },
	{ "no mail, a colon in it", "Error: it failed\nfor good\n\nBye\n",
	  "- text/plain \"Error: it failed\nfor good\n\nBye\n\"" },
	{ "no mail, then fields", "Some words\n\nFrom: a\nTo: b\n",
	  "- text/plain \"Some words\n\nFrom: a\nTo: b\n\"" },

	/* Types. */
	{ "type without subtype", HEAD "Content-Type: text\n\nHello\n",
	  "- text/plain \"Hello\n\"" },
	{ "upper case", HEAD "CONTENT-TYPE: TEXT/ENRICHED\n\nHi\n", "- text/enriched \"Hi\n\"" },
	{ "unknown multipart",
	  HEAD "Content-Type: multipart/mx6d; boundary=b\n\n" TEXT "Hello\n--b--\n",
	  "- multipart/mixed; 1 text/plain \"Hello\"" },
	{ "Latin-1",
	  HEAD "Content-Type: text/plain; charset=iso-8859-1\n\nB\xfc"
	       "cher\n",
	  "- text/plain \"Bücher\n\"" },
	{ "quoted-printable",
	  HEAD
	  "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
	  "B=C3=BCcher and =\nmore\n",
	  "- text/plain \"Bücher and more\n\"" },
	{ "base64",
	  HEAD "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nSGVsbG8K\n",
	  "- text/plain \"Hello\n\"" },
	{ "base64 that is none",
	  HEAD
	  "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nUser unknown, sorry\n",
	  "- text/plain \"User unknown, sorry\n\"" },
	{ "image", HEAD "Content-Type: image/png\n\nabc\n", "- image/png" },
	{ "octet-stream that is text",
	  HEAD "Content-Type: application/octet-stream\n\nReporting-MTA: dns; x\n",
	  "- application/octet-stream \"Reporting-MTA: dns; x\n\"" },
	{ "octet-stream that is not", HEAD "Content-Type: application/octet-stream\n\nabc\001\n",
	  "- application/octet-stream" },
	{ "octet-stream, name of a binary",
	  HEAD "Content-Type: application/octet-stream; name=x.pdf\n\nabc\n",
	  "- application/octet-stream" },

	/* Multiparts and reports. */
	{ "report",
	  REPORT TEXT
	  "Sorry\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n"
	  "Final-Recipient: rfc822; a@b\n\n--b\nContent-Type: text/rfc822-headers\n\n"
	  "Subject: s\n--b--\n",
	  "- multipart/report; 1 text/plain \"Sorry\"; 2 message/delivery-status \"Reporting-MTA: "
	  "dns; x\n\nFinal-Recipient: rfc822; a@b\n\"; 3 text/rfc822-headers \"Subject: s\"" },
	{ "returned message: its first text alone",
	  REPORT TEXT "Sorry\n--b\nContent-Type: message/rfc822\n\n" HEAD
	              "Content-Type: multipart/alternative; boundary=c\n\n--c\n\nHi\n--c\n"
	              "Content-Type: text/enriched\n\nHi\n--c--\n\n--b--\n",
	  "- multipart/report; 1 text/plain \"Sorry\"; 2 message/rfc822; 2 multipart/alternative; "
	  "2.1 text/plain \"Hi\"; 2.2 text/enriched" },
	{ "forwarded message: all its texts",
	  MIXED TEXT "See below\n--b\nContent-Type: message/rfc822\n\n" HEAD
	             "Content-Type: multipart/alternative; boundary=c\n\n--c\n\nHi\n--c\n"
	             "Content-Type: text/enriched\n\nHi\n--c--\n\n--b--\n",
	  "- multipart/mixed; 1 text/plain \"See below\"; 2 message/rfc822; 2 "
	  "multipart/alternative; "
	  "2.1 text/plain \"Hi\"; 2.2 text/enriched \"Hi\"" },
	{ "nested",
	  MIXED
	  "--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\none\n--c\n\ntwo\n--c--\n"
	  "--b\n\nthree\n--b--\n",
	  "- multipart/mixed; 1 multipart/alternative; 1.1 text/plain \"one\"; 1.2 text/plain "
	  "\"two\"; "
	  "2 text/plain \"three\"" },
	{ "digest",
	  HEAD "Content-Type: multipart/digest; boundary=b\n\n--b\n\n" HEAD "\none\n--b\n\n" HEAD
	       "\ntwo\n--b--\n",
	  "- multipart/digest; 1 message/rfc822; 1 text/plain \"one\"; 2 message/rfc822; "
	  "2 text/plain \"two\"" },
	{ "the message is a message", HEAD "Content-Type: message/rfc822\n\n" HEAD "\nHello\n",
	  "- message/rfc822; - text/plain \"Hello\n\"" },
	{ "prologue that is a notice", MIXED LONG_PROLOGUE "\n" TEXT "Hello\n--b--\n",
	  "- multipart/mixed; 0 text/plain \"" LONG_PROLOGUE "\"; 1 text/plain \"Hello\"" },
	{ "usual prologue", MIXED "This is a MIME-encapsulated message.\n\n" TEXT "Hello\n--b--\n",
	  "- multipart/mixed; 1 text/plain \"Hello\"" },

	/* Messages inside that GMime does not read. */
	{ "base64 message",
	  REPORT TEXT
	  "Sorry\n--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
	  "RnJvbTogYUBleGFtcGxlLm9yZwpTdWJqZWN0OiBzCgpIZWxsbwo=\n--b--\n",
	  "- multipart/report; 1 text/plain \"Sorry\"; 2 message/rfc822; 2 text/plain "
	  "\"Hello\n\"" },
	{ "quoted-printable message",
	  REPORT
	  "--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\n" HEAD
	  "Content-Type: multipart/mixed; boundary=3Dc\n\n--c\n\nHello=\n there\n--c--\n\n--b--\n",
	  "- multipart/report; 1 message/rfc822; 1 multipart/mixed; 1.1 text/plain \"Hello "
	  "there\"" },
	{ "message behind empty lines",
	  REPORT "--b\nContent-Type: message/rfc822\n\n\n\n" HEAD "\nHello\n--b--\n",
	  "- multipart/report; 1 message/rfc822; 1 text/plain \"Hello\"" },
	{ "message without header",
	  REPORT "--b\nContent-Type: message/rfc822\n\n[removed]\n--b--\n",
	  "- multipart/report; 1 message/rfc822; 1 text/plain \"[removed]\"" },
	{ "empty message", REPORT "--b\nContent-Type: message/rfc822\n\n--b--\n",
	  "- multipart/report; 1 message/rfc822" },

	/* Salvage. */
	{ "no boundary parameter", HEAD "Content-Type: multipart/mixed\n\n" TEXT "Hello\n--b--\n",
	  "- multipart/mixed; 1 text/plain \"Hello\"" },
	{ "empty boundary",
	  HEAD "Content-Type: multipart/mixed; boundary=\"\"\n\n" TEXT "Hello\n--b--\n",
	  "- multipart/mixed; 1 text/plain \"Hello\"" },
	{ "other boundary",
	  HEAD "Content-Type: multipart/mixed; boundary=other\n\n" TEXT
	       "Hello\n--b\n\nyou\n--b--\n",
	  "- multipart/mixed; 1 text/plain \"Hello\"; 2 text/plain \"you\"" },
	{ "other boundary, parts without header",
	  HEAD "Content-Type: multipart/mixed; boundary=other\n\n--b\n\nHello\n--b--\n",
	  "- multipart/mixed; 1 text/plain \"Hello\"" },
	{ "other boundary inside",
	  MIXED "--b\nContent-Type: multipart/mixed; boundary=c\n\n--d\nContent-Type: "
	        "text/plain\n\nHello\n"
	        "--d--\n--b\n\nyou\n--b--\n",
	  "- multipart/mixed; 1 multipart/mixed; 1.1 text/plain \"Hello\"; 2 text/plain \"you\"" },
	{ "no delimiter at all", MIXED "Hello\n", "- multipart/mixed; 1 text/plain \"Hello\n\"" },
	{ "junk amid the header",
	  "From: a@example.org\njunk line\nContent-Type: text/enriched\nmore\n\nHi\n",
	  "- text/enriched \"Hi\n\"" },
	{ "junk before the header of a part",
	  MIXED "--b\njunk line\nContent-Type: text/enriched\n\nHi\n--b--\n",
	  "- multipart/mixed; 1 text/enriched \"Hi\"" },
	{ "no empty line behind the header of a part",
	  MIXED "--b\nContent-Type: text/plain\n--b\n\nHi\n--b--\n",
	  "- multipart/mixed; 1 text/plain \"\"; 2 text/plain \"Hi\"" },
	{ "no end", MIXED TEXT "Hello\n", "- multipart/mixed; 1 text/plain \"Hello\n\"" },
	{ "damaged delimiters",
	  MIXED "-b\n\none\n---b\n\ntwo\n --b\n\nthree\n--b\n\nfour\n-b--\nepilogue\n",
	  "- multipart/mixed; 1 text/plain \"one\"; 2 text/plain \"two\"; 3 text/plain \"three\"; "
	  "4 text/plain \"four\"" },
	{ "dashes that are no delimiter", MIXED TEXT "-bc\n----b\n- b\nHello\n--b--\n",
	  "- multipart/mixed; 1 text/plain \"-bc\n----b\n- b\nHello\"" },
	{ "Content-Type lost",
	  HEAD "\n" TEXT "Hello\n--b\nContent-Type: text/enriched\n\nyou\n--b--\n",
	  "- multipart/mixed; 1 text/plain \"Hello\"; 2 text/enriched \"you\"" },
	{ "Content-Type lost, prologue there",
	  HEAD "\nThis is a multi-part message in MIME format.\n\n" TEXT "Hello\n--b--\n",
	  "- multipart/mixed; 1 text/plain \"Hello\"" },
	{ "a text with a delimiter in it", HEAD "\nLook:\n" TEXT "Hello\n--b--\n",
	  "- text/plain \"Look:\n--b\nContent-Type: text/plain\n\nHello\n--b--\n\"" },
};

static void
check(const char *name, const char *variant, const char *mail, gsize length, const char *want)
{
	g_autoptr(RetourPartTree) tree = retour_part_tree_read(mail, length);
	g_autofree char *got = outline_tree(tree);
	if (strcmp(got, want) != 0)
		fail_msg("%s (%s):\n  %s\nwant\n  %s", name, variant, got, want);
	if (tree->n_limits > 0)
		fail_msg("%s (%s): %s", name, variant, tree->limits[0]);
}

/* Every row comes out the same with each kind of line end. */
static void
test_outlines(void **state)
{
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const Row *row = &rows[i];
		check(row->name, "LF", row->mail, strlen(row->mail), row->outline);
		g_autofree char *crlf = outline_replace(row->mail, "\n", "\r\n");
		check(row->name, "CRLF", crlf, strlen(crlf), row->outline);
		g_autofree char *cr = outline_replace(row->mail, "\n", "\r");
		check(row->name, "CR", cr, strlen(cr), row->outline);
	}
}

/* A raw extent holds the bytes of which the text was made. */
static void
test_extents(void **state)
{
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const Row *row = &rows[i];
		if (strstr(row->mail, "Content-Transfer-Encoding") || strstr(row->mail, "charset"))
			continue;
		g_autoptr(RetourPartTree) tree =
		        retour_part_tree_read(row->mail, strlen(row->mail));
		for (guint n = 0; n < tree->n_parts; n++) {
			const RetourPart *part = tree->parts[n];
			if (part->offset + part->size > strlen(row->mail))
				fail_msg("%s: part %s ends behind the message", row->name,
				         part->section);
			if (!part->text || part->text_length == 0)
				continue;
			if (part->size != part->text_length ||
			    memcmp(row->mail + part->offset, part->text, part->size) != 0)
				fail_msg("%s: extent of part %s (%s)", row->name, part->section,
				         part->text);
		}
	}
}

static void
test_line_ends(void **state)
{
	(void)state;
	static const Row odd[] = {
		{ "CR CR LF", "From: a\r\r\nSubject: s\r\r\n\r\r\nHello\r\r\n",
		  "- text/plain \"\nHello \n\"" },
		{ "CR in the header, LF in the body", "From: a\rSubject: s\r\rHello\nyou\n",
		  "- text/plain \"Hello\nyou\n\"" },
		{ "a stray CR", "From: a\nSubject: s\n\nHel\rlo\n", "- text/plain \"Hel\nlo\n\"" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(odd); i++)
		check(odd[i].name, "", odd[i].mail, strlen(odd[i].mail), odd[i].outline);
	static const char nul[] = "From: a\nSub\0ject: s\nTo: b\n\nHel\0lo\n";
	check("NUL", "", nul, sizeof(nul) - 1, "- text/plain \"Hel lo\n\"");
}

static void
test_fields(void **state)
{
	(void)state;
	static const char mail[] =
	        HEAD "Content-Type: multipart/report; report-type=Delivery-Status; boundary=b\n\n"
	             "--b\nContent-Type: text/plain; charset=\"US-ASCII\"; name=a.txt\n"
	             "Content-Disposition: ATTACHMENT\n\nHello\n--b\nContent-Type: "
	             "message/rfc822\n\n" HEAD "\nHi\n--b--\n";
	g_autoptr(RetourPartTree) tree = retour_part_tree_read(mail, sizeof(mail) - 1);
	const RetourPart *root = tree->root;
	assert_int_equal(root->kind, RETOUR_PART_MULTIPART);
	assert_string_equal(root->report_type, "delivery-status");
	assert_string_equal(retour_part_get_value(root, "SUBJECT"), "s");
	assert_null(retour_part_get_value(root, "To"));
	assert_int_equal(root->n_children, 2);
	assert_int_equal(root->offset + root->size, sizeof(mail) - 1);

	const RetourPart *text = root->children[0];
	assert_int_equal(text->kind, RETOUR_PART_LEAF);
	assert_string_equal(text->charset, "US-ASCII");
	assert_string_equal(text->file_name, "a.txt");
	assert_string_equal(text->disposition, "attachment");
	assert_ptr_equal(text->parent, root);
	assert_int_equal(text->n_headers, 2);

	const RetourPart *message = root->children[1];
	assert_int_equal(message->kind, RETOUR_PART_MESSAGE);
	assert_memory_equal(mail + message->offset, HEAD "\nHi", message->size);
	assert_ptr_equal(message->message->parent, message);
	assert_string_equal(message->message->section, "2");
	assert_string_equal(message->message->head, HEAD);
	assert_int_equal(tree->n_parts, 4);
	assert_ptr_equal(tree->parts[0], root);
	assert_ptr_equal(tree->parts[3], message->message);
}

/* Of a page the text is kept that its reader sees. */
static void
test_page(void **state)
{
	(void)state;
	static const char mail[] = HEAD "Content-Type: text/html\n\n<p>Hi &amp; <b>bye</b></p>\n";
	g_autoptr(RetourPartTree) tree = retour_part_tree_read(mail, sizeof(mail) - 1);
	assert_non_null(strstr(tree->root->text, "Hi & bye"));
	assert_null(strchr(tree->root->text, '<'));
}

/* Text of the returned message is kept up to a bound, without a word in the limits: nobody needs
 * it. */
static void
test_returned_text(void **state)
{
	(void)state;
	g_autofree char *body = g_strnfill(100000, 'x');
	g_autofree char *mail = g_strconcat(
	        REPORT "--b\nContent-Type: message/rfc822\n\n" HEAD "\n", body, "\n--b--\n", NULL);
	g_autoptr(RetourPartTree) tree = retour_part_tree_read(mail, strlen(mail));
	const RetourPart *inside = tree->root->children[0]->message;
	assert_int_equal(inside->text_length, 16 * 1024);
	assert_true(inside->text_cut);
	assert_int_equal(tree->n_limits, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outlines),  cmocka_unit_test(test_extents),
		cmocka_unit_test(test_line_ends), cmocka_unit_test(test_fields),
		cmocka_unit_test(test_page),      cmocka_unit_test(test_returned_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
