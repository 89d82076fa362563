/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "outline.h"

/* What reading may take beyond the input, bytes. */
#define MEMORY (32ul * 1024 * 1024)
/* Callers may have small stacks. */
#define STACK (256u * 1024)

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif
/* Under a sanitizer the large ones are a tenth as large. */
#define LARGE(n) (SANITIZED ? (n) / 10 : (n))

#define HEAD "From: a@example.org\nSubject: s\n"
#define MIXED HEAD "Content-Type: multipart/mixed; boundary=b\n\n"

static void
append_times(GString *mail, const char *text, guint n)
{
	for (guint i = 0; i < n; i++)
		g_string_append(mail, text);
}

/* GMime calls itself for each group colon: 4 KB overflow a stack of 256 KB. */
static void
nested_groups(GString *mail)
{
	g_string_append(mail, "To: ");
	append_times(mail, "g:", LARGE(1000000) / 2);
	g_string_append(mail, "\n\nHello\n");
}

static void
nested_groups_folded(GString *mail)
{
	g_string_append(mail, "Subject: s\nFROM :\n");
	append_times(mail, " g:g:g:g:g:g:g:g:g:g:g:g:g:g:g:g:\n", LARGE(20000));
	g_string_append(mail, "\nHello\n");
}

static void
nested_groups_inside(GString *mail)
{
	g_string_append(mail, MIXED "--b\nContent-Type: message/rfc822\n\nCc: ");
	append_times(mail, "g:", 4000);
	g_string_append(mail, "\n\nHello\n--b--\n");
}

/* Where only the door of a multipart/digest leads to the header block. */
static void
nested_groups_in_digest(GString *mail)
{
	g_string_append(mail,
	                HEAD "Content-Type: multipart/\n (x) DIGEST; boundary=b\n\n--b\n\nCc: ");
	append_times(mail, "g:", 4000);
	g_string_append(mail, "\n\nHello\n--b--\n");
}

/* GMime takes "--b" for a delimiter also amid a line that is longer than its buffer of 4 KB, where
 * the buffer begins: one plain field in each head, as it is shown no more. */
static void
nested_groups_behind_hidden_delimiter(GString *mail)
{
	g_string_append(mail, "From: a@example.org\n"
	                      "Content-Type: multipart/digest; boundary=b\n\n--b\n\n"
	                      "From: a@example.org\n\n");
	while (mail->len < 4096)
		g_string_append_c(mail, 'x');
	g_string_append(mail, "--b\n\nTo: ");
	append_times(mail, "g:", 4000);
	g_string_append(mail, "\n\nHello\n");
}

/* A line that looks like a delimiter ends no header block for GMime, which heeds the first of equal
 * headers. */
static void
nested_groups_behind_false_delimiters(GString *mail)
{
	g_string_append(mail, MIXED "--b\nContent-Type: message/rfc822\n--x\n"
	                            "Content-Type: text/plain\n\nTo: ");
	append_times(mail, "g:", 4000);
	g_string_append(mail,
	                "\n\nHello\n--b\nContent-Transfer-Encoding: 7bit\n--x\n"
	                "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nTo: ");
	append_times(mail, "g:", 4000);
	g_string_append(mail, "\n\nHello\n--b\nContent-Transfer-Encoding: base64\n--b\n"
	                      "Content-Type: message/rfc822\n\nTo: ");
	append_times(mail, "g:", 4000);
	g_string_append(mail, "\n\nHello\n--b--\n");
}

/* GMime allows blanks before the colon, any number. */
static void
nested_groups_behind_blanks(GString *mail)
{
	g_string_append(mail, "Subject: s\nTo");
	append_times(mail, " ", 1500);
	g_string_append(mail, ": ");
	append_times(mail, "g:", 4000);
	g_string_append(mail, "\n\nHello\n");
}

/* In a digest what is no type leads to a message. */
static void
nested_groups_behind_no_type(GString *mail)
{
	g_string_append(mail, HEAD "Content-Type: multipart/digest; boundary=b\n\n--b\n"
	                           "Content-Type-Of: text/plain\n\nTo: ");
	append_times(mail, "g:", 4000);
	g_string_append(mail, "\n\nHello\n--b\nContent-Type: text/\n\nTo: ");
	append_times(mail, "g:", 4000);
	g_string_append(mail, "\n\nHello\n--b--\n");
}

/* What stands before the header of a message inside is passed over by ourselves. */
static void
nested_groups_behind_late_door(GString *mail)
{
	static const char *const doors[] = { "\n\n", "  \n\n", "From a b\n\n", "junk\n",
		                             "\xef\xbb\xbf" };
	g_string_append(mail, MIXED);
	for (gsize i = 0; i < G_N_ELEMENTS(doors); i++) {
		g_string_append_printf(mail,
		                       "--b\nContent-Type: message/rfc822\n\n%sTo: ", doors[i]);
		append_times(mail, "g:", 4000);
		g_string_append(mail, "\n\nHello\n");
	}
}

/* Where the middle of a long body is left out, its two sides must not make a delimiter. */
static void
nested_groups_behind_seam(GString *mail)
{
	g_string_append(mail, MIXED);
	gsize body = mail->len;
	append_times(mail, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n", 100000);
	memcpy(mail->str + body + 2 * 1024 * 1024 - 2, "\n-", 2);
	g_string_append(mail, "x-b\nContent-Type: message/rfc822\n");
	while ((mail->len - body) % 32 != 0)
		g_string_append_c(mail, 'x');
	append_times(mail, "X: xxxxxxxxxxxxxxxxxxxxxxxxxxxx\n", 20);
	g_string_append(mail, "X:\n");
	gsize seam = mail->len - 512;
	memcpy(mail->str + seam, "-b\nContent-Type: message/rfc822\nX: ", 35);
	g_string_append(mail, "--x\n\nTo: ");
	append_times(mail, "g:", 4000);
	g_string_append(mail, "\n\nHello\n");
}

static void
nested_groups_encoded(GString *mail)
{
	g_autoptr(GString) inside = g_string_new("To: ");
	append_times(inside, "g:", 100000);
	g_autofree char *base64 = g_base64_encode((const guchar *)inside->str, inside->len);
	g_string_append(mail, MIXED "--b\nContent-Type: message/rfc822\n"
	                            "Content-Transfer-Encoding: base64\n\n");
	g_string_append(mail, base64);
	g_string_append(mail, "\n--b--\n");
}

static void
nested_multiparts(GString *mail)
{
	g_string_append(mail, HEAD);
	for (guint i = 0; i < LARGE(100000); i++)
		g_string_append_printf(
		        mail, "Content-Type: multipart/mixed; boundary=b%u\n\n--b%u\n", i, i);
	g_string_append(mail, "\nHello\n");
}

/* The same without the word that opens a level: each is mended by itself. */
static void
nested_multiparts_without_boundary(GString *mail)
{
	g_string_append(mail, HEAD);
	for (guint i = 0; i < 10000; i++)
		g_string_append_printf(mail, "Content-Type: multipart/mixed\n\n--b%u\n", i);
	g_string_append(mail, "\nHello\n");
}

/* Delimiters let the guard show more of a region. */
static void
append_region(GString *mail)
{
	for (guint i = 0; i < 900; i++) {
		g_string_append(mail, "--x\n");
		append_times(mail, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n",
		             LARGE(1300));
	}
}

/* And a large region, which GMime copies for each. */
static void
nested_multiparts_without_boundary_large(GString *mail)
{
	g_string_append(mail, HEAD);
	for (guint i = 0; i < 16; i++)
		g_string_append_printf(mail, "Content-Type: multipart/mixed\n\n--b%u\n", i);
	g_string_append(mail, "\n");
	append_region(mail);
}

static void
nested_messages_without_header(GString *mail)
{
	g_string_append(mail, HEAD);
	append_times(mail, "Content-Type: message/rfc822\n\n\n", 20);
	append_times(mail, "X: y\n", 30000);
	append_times(mail, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n", LARGE(1200000));
}

static void
nested_messages(GString *mail)
{
	g_string_append(mail, HEAD);
	append_times(mail, "Content-Type: message/rfc822\n\n", 10000);
	g_string_append(mail, HEAD "\nHello\n");
}

static void
nested_encoded_messages(GString *mail)
{
	g_string_append(mail, HEAD "\nHello\n");
	for (guint i = 0; i < 25; i++) {
		g_autofree char *base64 = g_base64_encode((const guchar *)mail->str, mail->len);
		g_string_assign(mail, HEAD "Content-Type: message/rfc822\n"
		                           "Content-Transfer-Encoding: base64\n\n");
		g_string_append(mail, base64);
		g_string_append(mail, "\n");
	}
}

static void
many_parts(GString *mail)
{
	g_string_append(mail, MIXED);
	append_times(mail, "--b\n\nx\n", LARGE(1000000));
}

static void
many_headers(GString *mail)
{
	append_times(mail, "Subject: s\n", LARGE(1000000));
	g_string_append(mail, "\nHello\n");
}

/* Lines between that are no fields end nothing for GMime. */
static void
many_headers_and_junk(GString *mail)
{
	g_string_append(mail, HEAD);
	append_times(mail, "X: y\nno field\n", LARGE(500000));
}

static void
many_headers_in_each_part(GString *mail)
{
	g_string_append(mail, MIXED);
	for (guint i = 0; i < LARGE(900); i++) {
		g_string_append(mail, "--b\n");
		append_times(mail, "a:\n", 1900);
		g_string_append(mail, "\nx\n");
	}
}

static void
many_content_types(GString *mail)
{
	g_string_append(mail, HEAD);
	append_times(mail, "Content-Type: multipart/mixed; boundary=b\n", LARGE(100000));
	g_string_append(mail, "\n--b\n\nHello\n--b--\n");
}

static void
long_header(GString *mail)
{
	g_string_append(mail, "Subject: ");
	append_times(mail, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", LARGE(2000000));
	g_string_append(mail, "\n\nHello\n");
}

static void
long_folded_header(GString *mail)
{
	g_string_append(mail, "Subject: s\n");
	append_times(mail, " =?utf-8?q?xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx?=\n", LARGE(1000000));
	g_string_append(mail, "\nHello\n");
}

/* GMime gives up a message when its buffer holds no colon. */
static void
long_line_in_header(GString *mail)
{
	g_string_append(mail, HEAD);
	append_times(mail, "xxxxxxxxxx", 1000);
	g_string_append(mail, "\nTo: b@example.org\n\nHello\n");
}

static void
long_line(GString *mail)
{
	g_string_append(mail, MIXED);
	append_times(mail, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx ", LARGE(1200000));
}

/* GMime copies what stands before a first delimiter, here all of it. */
static void
large_prologue(GString *mail)
{
	g_string_append(mail, MIXED);
	append_times(mail, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n", LARGE(1200000));
}

static void
large_prologue_with_dashes(GString *mail)
{
	g_string_append(mail, MIXED);
	append_region(mail);
}

/* GMime compares every line that begins "--" with every open boundary. */
static void
many_dashes(GString *mail)
{
	g_string_append(mail, HEAD);
	for (guint i = 0; i < 1000; i++)
		g_string_append_printf(
		        mail, "Content-Type: multipart/mixed; boundary=b%u\n\n--b%u\n", i, i);
	append_times(mail, "--bbbbbbbbbbbbbbbb\n", LARGE(200000));
}

static void
many_damaged_delimiters(GString *mail)
{
	g_string_append(mail, HEAD);
	for (guint i = 0; i < 60; i++)
		g_string_append_printf(
		        mail, "Content-Type: multipart/mixed; boundary=b%u\n\n--b%u\n", i, i);
	g_string_append(mail, "\n");
	append_times(mail, "-b\n ---b\n", LARGE(2000000));
}

static void
many_parameters(GString *mail)
{
	g_string_append(mail, HEAD "Content-Type: text/plain");
	append_times(mail, ";\n a*0=b", LARGE(500000));
	g_string_append(mail, "\n\nHello\n");
}

static void
many_comments(GString *mail)
{
	g_string_append(mail, HEAD "To: ");
	append_times(mail, "((((((((((\n ", LARGE(500000));
	g_string_append(mail, "\n\nHello\n");
}

static void
many_texts(GString *mail)
{
	g_string_append(mail, MIXED);
	for (guint i = 0; i < 250; i++) {
		g_string_append(mail, "--b\nContent-Type: text/plain; charset=iso-8859-1\n\n");
		append_times(mail,
		             "\xe4\xe4\xe4\xe4\xe4\xe4\xe4\xe4\xe4\xe4\xe4\xe4\xe4\xe4\xe4\xe4\n",
		             LARGE(14000));
	}
}

static void
many_crs(GString *mail)
{
	append_times(mail, "Subject: s\r", LARGE(3000000));
}

static void
doubled_crs(GString *mail)
{
	append_times(mail, "X: y\r\r\r\r\r\n", LARGE(3000000));
}

static void
junk_before(GString *mail)
{
	append_times(mail, "X-not a field\nNote: x\n", 100000);
	g_string_append(mail, HEAD "\nHello\n");
}

static void
nothing(GString *mail)
{
	(void)mail;
}

static void
nuls(GString *mail)
{
	g_string_set_size(mail, LARGE(10000000));
	memset(mail->str, 0, mail->len);
}

static void
random_bytes(GString *mail)
{
	g_autoptr(GRand) dice = g_rand_new_with_seed(17);
	for (guint i = 0; i < LARGE(5000000); i++)
		g_string_append_c(mail, (char)g_rand_int_range(dice, 0, 256));
}

/* Random pieces of what mail is made of. */
static void
random_mail(GString *mail)
{
	static const char *const pieces[] = {
		"\n",
		"\r\n",
		"\r",
		"--b",
		"--",
		"--b--",
		"-",
		" ",
		"\n\n",
		"Content-Type: ",
		"message/rfc822",
		"multipart/digest",
		"multipart/mixed",
		"; boundary=b",
		"text/plain",
		"To: ",
		"g:",
		"x",
		"Content-Transfer-Encoding: base64",
		"quoted-printable",
		"=?utf-8?q?a?=",
		"\xff",
		"RnJvbTog",
	};
	g_autoptr(GRand) dice = g_rand_new_with_seed(4711);
	g_string_append(mail, MIXED);
	for (guint i = 0; i < LARGE(1000000); i++)
		g_string_append(mail, pieces[g_rand_int_range(dice, 0, G_N_ELEMENTS(pieces))]);
}

static const struct {
	const char *name;
	void (*build)(GString *mail);
	const char *limits; /* NULL: any */
} cases[] = {
	{ "nested groups", nested_groups, "address-cut" },
	{ "nested groups, folded", nested_groups_folded, "address-cut" },
	{ "nested groups inside", nested_groups_inside, "address-cut" },
	{ "nested groups in a digest", nested_groups_in_digest, "address-cut" },
	{ "nested groups behind a hidden delimiter", nested_groups_behind_hidden_delimiter,
	  "address-cut" },
	{ "nested groups behind false delimiters", nested_groups_behind_false_delimiters,
	  "address-cut text-cut" },
	{ "nested groups behind blanks", nested_groups_behind_blanks, "header-cut" },
	{ "nested groups behind no type", nested_groups_behind_no_type, "address-cut" },
	{ "nested groups behind a late door", nested_groups_behind_late_door, "address-cut" },
	{ "nested groups behind a seam", nested_groups_behind_seam, "text-cut" },
	{ "nested groups, encoded", nested_groups_encoded, "address-cut" },
	{ "nested multiparts", nested_multiparts, "depth-cut parts-cut" },
	{ "nested multiparts without boundary", nested_multiparts_without_boundary,
	  "depth-cut parts-cut" },
	{ "nested multiparts without boundary, large", nested_multiparts_without_boundary_large,
	  NULL },
	{ "nested messages without header", nested_messages_without_header, NULL },
	{ "nested messages", nested_messages, "depth-cut" },
	{ "nested encoded messages", nested_encoded_messages, "depth-cut" },
	{ "many parts", many_parts, "parts-cut" },
	{ "many headers", many_headers, "header-cut" },
	{ "many headers and junk", many_headers_and_junk, "header-cut" },
	{ "many headers in each part", many_headers_in_each_part, NULL },
	{ "many content types", many_content_types, NULL },
	{ "long header", long_header, NULL },
	{ "long folded header", long_folded_header, "header-cut" },
	{ "long line in the header", long_line_in_header, "header-cut" },
	{ "long line", long_line, "text-cut" },
	{ "large prologue", large_prologue, "text-cut" },
	{ "large prologue with dashes", large_prologue_with_dashes, NULL },
	{ "many dashes", many_dashes, "depth-cut parts-cut" },
	{ "many damaged delimiters", many_damaged_delimiters, NULL },
	{ "many parameters", many_parameters, "header-cut" },
	{ "many comments", many_comments, "address-cut" },
	{ "many texts", many_texts, "text-cut" },
	{ "many CRs", many_crs, NULL },
	{ "doubled CRs", doubled_crs, NULL },
	{ "junk before", junk_before, NULL },
	{ "nothing", nothing, "" },
	{ "NULs", nuls, NULL },
	{ "random bytes", random_bytes, NULL },
	{ "random mail", random_mail, NULL },
};

/* Bytes of memory that the process has now, and had at most. */
static gsize
memory_now(void)
{
	unsigned long size = 0;
	unsigned long pages = 0;
	FILE *file = fopen("/proc/self/statm", "r");
	if (file && fscanf(file, "%lu %lu", &size, &pages) != 2)
		pages = 0;
	if (file)
		fclose(file);
	return pages * (gsize)sysconf(_SC_PAGESIZE);
}

static gsize
memory_most(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return (gsize)usage.ru_maxrss * 1024;
}

static gboolean
read_case(gsize i, const GString *mail)
{
	g_autoptr(RetourPartTree) tree = retour_part_tree_read(mail->str, mail->len);
	g_autofree char *limits = outline_limits(tree);
	if (cases[i].limits && strcmp(limits, cases[i].limits) != 0) {
		print_error("%s: limits \"%s\"\n", cases[i].name, limits);
		return FALSE;
	}
	for (guint n = 0; n < tree->n_parts; n++) {
		const RetourPart *part = tree->parts[n];
		if (part->offset + part->size > mail->len)
			return FALSE;
		if (part->text && !g_utf8_validate(part->text, (gssize)part->text_length, NULL))
			return FALSE;
	}
	return TRUE;
}

/* In a child of its own, so that its memory is its own too. */
static void
run_case(gsize i)
{
	g_autoptr(GString) mail = g_string_sized_new(110 * 1024 * 1024);
	cases[i].build(mail);
	gsize before = memory_now();
	gboolean good = read_case(i, mail);
	gsize took = memory_most() - MIN(before, memory_most());
	if (!SANITIZED && took > MEMORY) {
		print_error("%s: %zu MB\n", cases[i].name, took / 1024 / 1024);
		good = FALSE;
	}
	_exit(good ? 0 : 1);
}

static void
test_hostile(void **state)
{
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		pid_t child = fork();
		if (child == 0)
			run_case(i);
		int status = 0;
		assert_int_equal(waitpid(child, &status, 0), child);
		if (status != 0)
			fail_msg("%s: status %d", cases[i].name, status);
	}
}

static void *
run_all(void *good)
{
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) mail = g_string_new(NULL);
		cases[i].build(mail);
		if (!read_case(i, mail))
			*(gboolean *)good = FALSE;
	}
	return NULL;
}

static void
test_small_stack(void **state)
{
	(void)state;
	pthread_attr_t attributes;
	pthread_t thread;
	gboolean good = TRUE;
	assert_int_equal(pthread_attr_init(&attributes), 0);
	assert_int_equal(pthread_attr_setstacksize(&attributes, STACK), 0);
	assert_int_equal(pthread_create(&thread, &attributes, run_all, &good), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	pthread_attr_destroy(&attributes);
	assert_true(good);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_small_stack),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
