/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "outline.h"

#define HEAD "From: a@example.org\nSubject: s\n"
#define MIXED HEAD "Content-Type: multipart/mixed; boundary=b\n\n"

/* Appends @text @n times. */
static void
append_times(GString *mail, const char *text, guint n)
{
	for (guint i = 0; i < n; i++)
		g_string_append(mail, text);
}

static RetourPartTree *
read_mail(const GString *mail)
{
	return retour_part_tree_read(mail->str, mail->len);
}

static void
assert_limits(const RetourPartTree *tree, const char *want)
{
	g_autofree char *got = outline_limits(tree);
	assert_string_equal(got, want);
}

/* At the bound nothing is cut; one more, and it is, and what follows is read all the same. */
static void
test_header_lines(void **state)
{
	(void)state;
	for (guint over = 0; over < 2; over++) {
		g_autoptr(GString) mail = g_string_new(HEAD);
		append_times(mail, "X-A: b\n", RETOUR_LIMIT_HEADER_LINES - 2 + over);
		g_string_append(mail, "\nHello\n");
		g_autoptr(RetourPartTree) tree = read_mail(mail);
		assert_limits(tree, over ? "header-cut" : "");
		assert_int_equal(tree->root->n_headers, RETOUR_LIMIT_HEADER_LINES);
		assert_string_equal(tree->root->text, "Hello\n");
		assert_int_equal(tree->root->offset, mail->len - 6);
	}
}

static void
test_header_block(void **state)
{
	(void)state;
	g_autofree char *line = g_strnfill(8000, 'x');
	for (guint over = 0; over < 2; over++) {
		g_autoptr(GString) mail = g_string_new(HEAD);
		for (guint i = 0; i < (over ? 40 : 30); i++)
			g_string_append_printf(mail, "X-A: %s\n", line);
		g_string_append(mail, "\nHello\n");
		g_autoptr(RetourPartTree) tree = read_mail(mail);
		assert_limits(tree, over ? "header-cut" : "");
		assert_in_range(tree->root->head_length, 200000,
		                RETOUR_LIMIT_HEADER_BLOCK + RETOUR_LIMIT_HEADER_FIELD);
		assert_string_equal(tree->root->text, "Hello\n");
	}
}

/* A field of lines of @line bytes, around @bytes long. */
static void
check_field(const char *name, gsize line, gsize bytes, gsize bound, const char *cut)
{
	g_autoptr(GString) mail = g_string_new(HEAD);
	g_string_append(mail, name);
	g_autofree char *piece = g_strnfill(line, 'x');
	gsize begin = mail->len;
	while (mail->len - begin < bytes)
		g_string_append_printf(mail, " %s\n", piece);
	g_string_append(mail, "To: b@example.org\n\nHello\n");
	g_autoptr(RetourPartTree) tree = read_mail(mail);
	gboolean over = bytes > bound;
	assert_limits(tree, over ? cut : "");
	assert_int_equal(tree->root->n_headers, 4);
	assert_in_range(tree->root->headers[2].length, 1, bound);
	assert_string_equal(retour_part_get_value(tree->root, "To"), "b@example.org");
	assert_string_equal(tree->root->text, "Hello\n");
}

static void
test_header_field(void **state)
{
	(void)state;
	gsize bound = RETOUR_LIMIT_HEADER_FIELD;
	check_field("Subject:", 70, bound - 200, bound, "header-cut");
	check_field("Subject:", 70, bound + 200, bound, "header-cut");
	check_field("Subject:", bound * 2, bound * 2, bound, "header-cut");
	check_field("Subject:", 70, bound * 50, bound, "header-cut");
	bound = RETOUR_LIMIT_ADDRESS_FIELD;
	check_field("Cc:", 70, bound - 200, bound, "address-cut");
	check_field("Cc:", 70, bound + 200, bound, "address-cut");
	check_field("resent-to:", 70, bound + 200, bound, "address-cut");
}

static void
test_address_colons(void **state)
{
	(void)state;
	static const char *const names[] = { "To",          "from",        "Cc",        "Bcc",
		                             "Sender",      "Reply-To",    "Resent-To", "To ",
		                             "Return-Path", "Delivered-To" };
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		for (guint over = 0; over < 2; over++) {
			g_autoptr(GString) mail = g_string_new("Subject: s\n");
			g_string_append_printf(mail, "%s: ", names[i]);
			append_times(mail, "g:\n ", RETOUR_LIMIT_ADDRESS_COLONS / 2);
			append_times(mail, "g:", RETOUR_LIMIT_ADDRESS_COLONS / 2 + over);
			g_string_append(mail, "x\n\nHello\n");
			g_autoptr(RetourPartTree) tree = read_mail(mail);
			assert_limits(tree, over ? "address-cut" : "");
			assert_int_equal(tree->root->n_headers, 2);
			assert_string_equal(tree->root->text, "Hello\n");
		}
	}
	/* No address header: colons are free. */
	g_autoptr(GString) mail = g_string_new("Subject: ");
	append_times(mail, "g:", 1000);
	g_autoptr(RetourPartTree) tree = read_mail(mail);
	assert_limits(tree, "");
}

/* The same inside: the returned message, and a part. */
static void
test_inside(void **state)
{
	(void)state;
	g_autoptr(GString) mail = g_string_new(MIXED "--b\nContent-Type: message/rfc822\n\nTo: ");
	append_times(mail, "g:", 1000);
	g_string_append(mail, "\n\nHello\n--b\n");
	append_times(mail, "X-A: b\n", RETOUR_LIMIT_HEADER_LINES + 1);
	g_string_append(mail, "\nyou\n--b--\n");
	g_autoptr(RetourPartTree) tree = read_mail(mail);
	assert_limits(tree, "address-cut header-cut");
	g_autofree char *outline = outline_tree(tree);
	assert_string_equal(outline, "- multipart/mixed; 1 message/rfc822; 1 text/plain \"Hello\"; "
	                             "2 text/plain \"you\"");
	assert_int_equal(tree->root->children[1]->n_headers, RETOUR_LIMIT_HEADER_LINES);
}

/* Lines that look like fields are free in a body: no line is lost there. */
static void
test_body_is_free(void **state)
{
	(void)state;
	g_autoptr(GString) mail = g_string_new(HEAD "Content-Type: text/plain\n\n");
	gsize begin = mail->len;
	append_times(mail, "key: value\n", 2 * RETOUR_LIMIT_HEADER_LINES);
	g_string_append(mail, "To: ");
	append_times(mail, "g:", 1000);
	g_string_append(mail, "\n");
	g_autoptr(RetourPartTree) tree = read_mail(mail);
	assert_limits(tree, "");
	assert_string_equal(tree->root->text, mail->str + begin);
}

static void
test_dash_lines(void **state)
{
	(void)state;
	for (guint over = 0; over < 2; over++) {
		g_autoptr(GString) mail = g_string_new(MIXED "--b\n\n");
		append_times(mail, "--x\n", RETOUR_LIMIT_DASH_LINES - 2 + over);
		g_string_append(mail, "--b\n\nlast\n");
		g_autoptr(RetourPartTree) tree = read_mail(mail);
		assert_limits(tree, over ? "parts-cut" : "");
		assert_int_equal(tree->root->n_children, over ? 1 : 2);
	}
}

static void
test_structure_words(void **state)
{
	(void)state;
	for (guint over = 0; over < 2; over++) {
		g_autoptr(GString) mail = g_string_new(MIXED);
		append_times(mail, "--b\nContent-Type: message/rfc822\n\nSubject: s\n\nHello\n",
		             RETOUR_LIMIT_STRUCTURE_WORDS - 1 + over);
		g_string_append(mail, "--b\n\nlast\n--b--\n");
		g_autoptr(RetourPartTree) tree = read_mail(mail);
		assert_limits(tree, over ? "depth-cut" : "");
		assert_int_equal(tree->root->n_children, RETOUR_LIMIT_STRUCTURE_WORDS + over);
		for (guint i = 0; i < tree->root->n_children; i++) {
			gboolean message = tree->root->children[i]->kind == RETOUR_PART_MESSAGE;
			assert_int_equal(message, i < RETOUR_LIMIT_STRUCTURE_WORDS - 1);
		}
	}
}

static guint
depth_of(const RetourPart *part)
{
	guint deepest = 0;
	if (part->message)
		deepest = 1 + depth_of(part->message);
	for (guint i = 0; !part->message && i < part->n_children; i++)
		deepest = MAX(deepest, 1 + depth_of(part->children[i]));
	return deepest;
}

static void
test_depth(void **state)
{
	(void)state;
	for (guint over = 0; over < 2; over++) {
		g_autoptr(GString) mail = g_string_new(HEAD);
		append_times(mail, "Content-Type: message/rfc822\n\n", RETOUR_LIMIT_DEPTH + over);
		g_string_append(mail, HEAD "\nHello\n");
		g_autoptr(RetourPartTree) tree = read_mail(mail);
		assert_limits(tree, over ? "depth-cut" : "");
		assert_int_equal(depth_of(tree->root), RETOUR_LIMIT_DEPTH);
	}
	g_autoptr(GString) mail = g_string_new(HEAD);
	for (guint i = 0; i < 40; i++)
		g_string_append_printf(
		        mail, "Content-Type: multipart/mixed; boundary=b%u\n\n--b%u\n", i, i);
	g_string_append(mail, "\nHello\n");
	g_autoptr(RetourPartTree) tree = read_mail(mail);
	assert_limits(tree, "depth-cut");
	assert_int_equal(depth_of(tree->root), RETOUR_LIMIT_DEPTH);
}

static void
test_parts(void **state)
{
	(void)state;
	for (guint over = 0; over < 2; over++) {
		g_autoptr(GString) mail = g_string_new(MIXED);
		append_times(mail, "--b\n\nHello\n", RETOUR_LIMIT_PARTS - 1 + over);
		g_autoptr(RetourPartTree) tree = read_mail(mail);
		assert_limits(tree, over ? "parts-cut" : "");
		assert_int_equal(tree->n_parts, RETOUR_LIMIT_PARTS);
		assert_int_equal(tree->root->n_children, RETOUR_LIMIT_PARTS - 1);
	}
}

static void
check_text(const char *type, gsize bound)
{
	for (guint over = 0; over < 2; over++) {
		g_autoptr(GString) mail = g_string_new(HEAD);
		g_string_append_printf(mail, "Content-Type: %s; charset=utf-8\n\n", type);
		/* A character of two bytes stands across the bound. */
		append_times(mail, "ü", (guint)bound / 2 - 1);
		g_string_append(mail, over ? "xüx" : "xx");
		g_autoptr(RetourPartTree) tree = read_mail(mail);
		assert_limits(tree, over ? "text-cut" : "");
		assert_int_equal(tree->root->text_cut, over);
		assert_in_range(tree->root->text_length, bound - 4, bound);
		assert_true(g_utf8_validate(tree->root->text, -1, NULL));
	}
}

static void
test_text(void **state)
{
	(void)state;
	check_text("text/plain", RETOUR_LIMIT_TEXT);
	check_text("message/delivery-status", RETOUR_LIMIT_REPORT_TEXT);
}

/* All texts together are bounded too. */
static void
test_texts(void **state)
{
	(void)state;
	g_autofree char *text = g_strnfill(RETOUR_LIMIT_TEXT - 1, 'x');
	g_autoptr(GString) mail = g_string_new(MIXED);
	for (guint i = 0; i < 40; i++)
		g_string_append_printf(mail, "--b\n\n%s\n", text);
	g_autoptr(RetourPartTree) tree = read_mail(mail);
	assert_limits(tree, "text-cut");
	gsize all = 0;
	for (guint i = 0; i < tree->n_parts; i++)
		all += tree->parts[i]->text_length;
	assert_in_range(all, 1024 * 1024, 8 * 1024 * 1024);
}

/* Of a long body the middle is not shown to GMime: the parts behind it and its extent stay right.
 */
static void
test_long_body(void **state)
{
	(void)state;
	gsize length = 9 * 1024 * 1024;
	g_autofree char *body = g_strnfill(length, 'x');
	for (gsize i = 76; i < length; i += 77)
		body[i] = '\n';
	g_autoptr(GString) mail = g_string_new(MIXED "--b\nContent-Type: image/png\n\n");
	gsize begin = mail->len;
	g_string_append(mail, body);
	g_string_append(mail, "\n--b\n\nlast\n--b--\n");
	g_autoptr(RetourPartTree) tree = read_mail(mail);
	assert_limits(tree, "");
	assert_int_equal(tree->root->n_children, 2);
	assert_int_equal(tree->root->children[0]->offset, begin);
	assert_int_equal(tree->root->children[0]->size, length);
	assert_string_equal(tree->root->children[1]->text, "last");
}

static void
test_message(void **state)
{
	(void)state;
	gsize length = RETOUR_LIMIT_MESSAGE + 100;
	g_autofree char *mail = g_strnfill(length, 'x');
	memcpy(mail, HEAD "\n", strlen(HEAD "\n"));
	for (guint over = 0; over < 2; over++) {
		g_autoptr(RetourPartTree) tree =
		        retour_part_tree_read(mail, RETOUR_LIMIT_MESSAGE + over);
		assert_limits(tree, over ? "message-cut text-cut" : "text-cut");
		assert_int_equal(tree->root->size, RETOUR_LIMIT_MESSAGE - strlen(HEAD "\n"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header_lines), cmocka_unit_test(test_header_block),
		cmocka_unit_test(test_header_field), cmocka_unit_test(test_address_colons),
		cmocka_unit_test(test_inside),       cmocka_unit_test(test_body_is_free),
		cmocka_unit_test(test_dash_lines),   cmocka_unit_test(test_structure_words),
		cmocka_unit_test(test_depth),        cmocka_unit_test(test_parts),
		cmocka_unit_test(test_text),         cmocka_unit_test(test_texts),
		cmocka_unit_test(test_long_body),    cmocka_unit_test(test_message),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
