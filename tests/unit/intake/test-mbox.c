/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "intake/mbox.h"

#define FROM "From a@b.example Sat Jan  3 01:05:34 1996"

static int
memory_file(const char *text, gsize length)
{
	int fd = memfd_create("mbox", MFD_CLOEXEC);
	assert_int_equal(write(fd, text, length), length);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* "0+10 10+5" */
static char *
split(const char *text, gsize length, guint64 size)
{
	g_autoptr(RetourStream) stream = retour_stream_new(memory_file(text, length));
	g_autoptr(RetourMbox) mbox = retour_mbox_new(stream, size, 0);
	GString *out = g_string_new(NULL);
	RetourMboxMessage message;
	while (retour_mbox_next(mbox, &message, NULL))
		g_string_append_printf(out, "%s%" G_GUINT64_FORMAT "+%" G_GUINT64_FORMAT "%s",
		                       out->len ? " " : "", message.offset, message.length,
		                       message.first && message.last ? "!" : "");
	assert_int_equal(errno, 0);
	return g_string_free(out, FALSE);
}

typedef struct {
	const char *name, *text, *want;
} Row;

static const Row rows[] = {
	{ "nothing", "", "" },
	{ "no From_", "Subject: x\n\ny\n", "0+14!" },
	{ "one", FROM "\nA: b\n\nc\n", "0+50!" },
	{ "one, no end of line", FROM, "0+41!" },
	{ "two", FROM "\nA: b\n\nc\n\n" FROM "\nA: d\n\ne\n", "0+51 51+50" },
	{ "two, CRLF", FROM "\r\nA: b\r\n\r\nc\r\n\r\n" FROM "\r\nA: d\r\n", "0+56 56+49" },
	{ "two, CR", FROM "\rA: b\r\rc\r\r" FROM "\rA: d\r", "0+51 51+47" },
	{ "mixed ends", FROM "\nc\r\n\n" FROM "\rd\n\r\n" FROM "\r\ne", "0+46 46+46 92+44" },
	{ "only From_ lines", FROM "\n\n" FROM "\n\n" FROM "\n", "0+43 43+43 86+42" },
	{ "no empty line before", FROM "\nc\n" FROM "\nd\n", "0+88!" },
	{ "blank line is not empty", FROM "\nc\n \n" FROM "\nd\n", "0+90!" },
	{ "not well-formed", FROM "\nc\n\nFrom me to you\n\nFrom \n", "0+67!" },
	{ "quoted", FROM "\nc\n\n>" FROM "\nd\n", "0+90!" },
	{ "in the line", FROM "\nc\n\nx " FROM "\nd\n", "0+91!" },
	{ "empty lines in front", "\n\r\n" FROM "\nc\n\n" FROM "\nd\n", "3+45 48+44" },
	{ "only empty lines", "\n\n\r\n", "" },
	{ "junk in front", "x\n\n" FROM "\nc\n", "0+3 3+44" },
	{ "From From", FROM "\n\nFrom " FROM "\n\n" FROM, "0+43 43+48 91+41" },
};

/* A message of which its Content-Length tells the end; its body holds a border. Of 90 bytes up to
 * the second From_ line, of 41 this line has; the body is 47 bytes from byte 62. */
#define TOLD(length) FROM "\nContent-Length: " length "\n\nb\n\n" FROM "\nc\n"

static const Row told[] = {
	{ "leads to a border", TOLD("47") "\n" FROM "\n", "0+110 110+42" },
	{ "the empty line is counted", TOLD("48") "\n" FROM "\n", "0+110 110+42" },
	{ "no empty line", TOLD("47") FROM "\n", "0+109 109+42" },
	{ "leads to the end", TOLD("47"), "0+109!" },
	{ "CRLF behind", TOLD("47") "\r\n" FROM "\r\n", "0+111 111+43" },
	{ "leads into a line", TOLD("46") "x\n" FROM "\n", "0+65 65+88" },
	{ "leads nowhere", TOLD("48") "xyz\n\n" FROM "\n", "0+65 65+49 114+42" },
	{ "leads behind the end", TOLD("4700"), "0+67 67+44" },
	{ "no number", TOLD("4x"), "0+65 65+44" },
	{ "negative", TOLD("-7"), "0+65 65+44" },
	{ "more than there is", TOLD("99999999999999999999"), "0+83 83+44" },
	{ "not of this message", FROM "\nA: b\n\nContent-Length: 45\n\n" FROM "\nc\n",
	  "0+68 68+44" },
	{ "lines of CR alone", FROM "\rContent-Length: 2\r\rb\r\r" FROM "\rContent-Length: 1\n\nx",
	  "0+64 64+62" },
};

static void
test_content_length(void **state)
{
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(told); i++) {
		gsize length = strlen(told[i].text);
		g_autofree char *got = split(told[i].text, length, length);
		if (!g_str_equal(got, told[i].want))
			fail_msg("row \"%s\": %s, not %s", told[i].name, got, told[i].want);
	}
}

/* Far behind the window: a file is believed, and a pipe is split at the border. */
static void
test_far_content_length(void **state)
{
	(void)state;
	const gsize body = 512 * 1024;
	g_autoptr(GString) text = g_string_new(FROM "\nContent-Length: 524288\n\n");
	gsize begin = text->len;
	g_string_append(text, "\n" FROM "\n");
	while (text->len < begin + body)
		g_string_append_c(text, text->len % 70 == 0 ? '\n' : 'F');
	gsize end = text->len + 2;
	g_string_append(text, "\n\n" FROM "\nx\n");
	g_autofree char *file = split(text->str, text->len, text->len);
	g_autofree char *want = g_strdup_printf("0+%zu %zu+44", end, end);
	assert_string_equal(file, want);

	int ends[2];
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(fcntl(ends[1], F_SETPIPE_SZ, 2 * body), 2 * body);
	assert_int_equal(write(ends[1], text->str, text->len), text->len);
	close(ends[1]);
	g_autoptr(RetourStream) stream = retour_stream_new(ends[0]);
	g_autoptr(RetourMbox) mbox = retour_mbox_new(stream, G_MAXUINT64, 0);
	RetourMboxMessage message;
	guint n = 0;
	while (retour_mbox_next(mbox, &message, NULL))
		n++;
	assert_int_equal(n, 3);
}

static void
test_rows(void **state)
{
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = split(rows[i].text, strlen(rows[i].text), G_MAXUINT64);
		if (!g_str_equal(got, rows[i].want))
			fail_msg("row \"%s\": %s, not %s", rows[i].name, got, rows[i].want);
	}
}

/* Not a byte beyond the size that was told, however long the file has grown. */
static void
test_size(void **state)
{
	(void)state;
	const char text[] = FROM "\nc\n\n" FROM "\nd\n\n" FROM "\ne\n";
	g_autofree char *two = split(text, strlen(text), 90);
	assert_string_equal(two, "0+45 45+45");
	g_autofree char *cut = split(text, strlen(text), 60);
	assert_string_equal(cut, "0+60!");
	g_autofree char *none = split(text, strlen(text), 0);
	assert_string_equal(none, "");
}

/* A border at every place around the end of a window. */
static void
test_windows(void **state)
{
	(void)state;
	const gsize around = 256 * 1024;
	for (gsize at = around - 1100; at < around + 1100; at += at < around - 60 ? 41 : 1) {
		g_autoptr(GString) text = g_string_new(FROM "\n");
		while (text->len < at - 2)
			g_string_append_c(text, text->len % 70 == 0 ? '\n' : 'F');
		g_string_append(text, "\n\n" FROM "\nx\n");
		g_autofree char *got = split(text->str, text->len, G_MAXUINT64);
		g_autofree char *want = g_strdup_printf("0+%zu %zu+44", at, at);
		if (!g_str_equal(got, want))
			fail_msg("border at %zu: %s", at, got);
	}
}

static void
test_kept_bytes(void **state)
{
	(void)state;
	g_autoptr(GString) text = g_string_new(NULL);
	for (gsize i = 0; i < 40; i++) {
		g_string_append(text, FROM "\n");
		for (gsize n = 0; n < i * 1999; n++)
			g_string_append_c(text, (char)('a' + (i + n) % 26));
		g_string_append(text, "\n\n");
	}
	g_autoptr(RetourStream) stream = retour_stream_new(memory_file(text->str, text->len));
	g_autoptr(RetourMbox) mbox = retour_mbox_new(stream, G_MAXUINT64, 60000);
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	RetourMboxMessage message;
	guint64 sum = 0;
	guint n = 0;
	for (; retour_mbox_next(mbox, &message, bytes); n++) {
		assert_int_equal(message.offset, sum);
		assert_int_equal(bytes->len, MIN(message.length, 60000));
		assert_memory_equal(bytes->data, text->str + sum, bytes->len);
		sum += message.length;
	}
	assert_int_equal(n, 40);
	assert_int_equal(sum, text->len);
}

static void
test_trouble(void **state)
{
	(void)state;
	g_autoptr(RetourStream) stream = retour_stream_new(open("/", O_RDONLY));
	g_autoptr(RetourMbox) mbox = retour_mbox_new(stream, G_MAXUINT64, 0);
	RetourMboxMessage message;
	assert_false(retour_mbox_next(mbox, &message, NULL));
	assert_int_equal(errno, EISDIR);
}

static const Row unquoted[] = {
	{ "nothing", "", "" },
	{ "one level", ">From a\n>>From b\n>>>From c", "From a\n>From b\n>>From c" },
	{ "line starts alone", "x >From a\n>From b", "x >From a\nFrom b" },
	{ "all ends", "x\r\n>From a\r>From b\n\n>From c\n", "x\r\nFrom a\rFrom b\n\nFrom c\n" },
	{ "other quotes", ">from a\n>From\n> From b\n>FromX\n",
	  ">from a\n>From\n> From b\n>FromX\n" },
	{ "cut", "a\n>From", "a\n>From" },
	{ "cut behind one", ">From a\n>From", "From a\n>From" },
	{ "quotes alone", ">From a\n>>>>", "From a\n>>>>" },
};

static void
test_unquote(void **state)
{
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(unquoted); i++) {
		g_autoptr(GByteArray) bytes = g_byte_array_new();
		g_byte_array_append(bytes, (const guint8 *)unquoted[i].text,
		                    (guint)strlen(unquoted[i].text));
		retour_mbox_unquote(bytes);
		g_autofree char *got = g_strdup_printf("%.*s", (int)bytes->len, bytes->data);
		if (!g_str_equal(got, unquoted[i].want))
			fail_msg("row \"%s\": \"%s\"", unquoted[i].name, got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_content_length),
		cmocka_unit_test(test_far_content_length),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_windows),
		cmocka_unit_test(test_kept_bytes),
		cmocka_unit_test(test_trouble),
		cmocka_unit_test(test_unquote),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
