/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "authenticity/sent.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

static const char list[] = "<b@x>\r\n"
                           "a@x Ada@One.example\n"
                           "a@x ada@one.example\n"
                           "c@x ada@one.example\nc@x bob@two.example\n"
                           "  d@x   gr\xc3\xbc\xc3\x9f"
                           "e@b\xc3\xbc"
                           "cher.example  \n"
                           "# e@x\n\nC@x eve@three.example\n"
                           "f@x zo\xc3\xab@one.example\nf@x\n"
                           "last@x ada@one.example";

static const struct {
	const char *name, *id, *address;
	RetourSentTo expected;
} rows[] = {
	{ "alone, though twice", "<a@x>", "ada@one.example", RETOUR_SENT_RECIPIENT },
	{ "in other case", "a@x", "ADA@ONE.EXAMPLE", RETOUR_SENT_RECIPIENT },
	{ "to somebody else", "a@x", "bob@two.example", RETOUR_SENT_OTHERS },
	{ "recipient not known", "a@x", NULL, RETOUR_SENT_SOMEBODY },
	{ "not told to whom", "b@x", "ada@one.example", RETOUR_SENT_SOMEBODY },
	{ "the first of two", "c@x", "ada@one.example", RETOUR_SENT_SOMEBODY },
	{ "the last of two", "c@x", "bob@two.example", RETOUR_SENT_SOMEBODY },
	{ "none of two", "c@x", "eve@three.example", RETOUR_SENT_OTHERS },
	{ "an ID has case", "C@x", "eve@three.example", RETOUR_SENT_RECIPIENT },
	{ "a domain as IDNA", "<d@x>",
	  "gr\xc3\xbc\xc3\x9f"
	  "e@xn--bcher-kva.example",
	  RETOUR_SENT_RECIPIENT },
	{ "told and not told", "f@x", "zo\xc3\xab@one.example", RETOUR_SENT_SOMEBODY },
	{ "a comment", "e@x", NULL, RETOUR_SENT_NOT },
	{ "the head of one", "a@", "ada@one.example", RETOUR_SENT_NOT },
	{ "more than one", "a@xx", "ada@one.example", RETOUR_SENT_NOT },
	{ "empty", "", "ada@one.example", RETOUR_SENT_NOT },
	{ "brackets alone", "<>", NULL, RETOUR_SENT_NOT },
	{ "the last line without an end", "<last@x>", "ada@one.example", RETOUR_SENT_RECIPIENT },
};

static void
test_ask(void **state)
{
	(void)state;
	RetourSent *sent = retour_sent_parse(retour_span(list, sizeof list - 1));
	guint wrong = 0;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		RetourSentTo got =
		        retour_sent_ask(sent, retour_span_of(rows[i].id), rows[i].address);
		if (got != rows[i].expected)
			print_error("%s: got %d, expected %d\n", rows[i].name, (int)got,
			            (int)rows[i].expected);
		wrong += got != rows[i].expected;
	}
	retour_sent_free(sent);
	assert_int_equal(wrong, 0);
}

static void
test_empty(void **state)
{
	(void)state;
	RetourSent *sent = retour_sent_parse(retour_span("", 0));
	assert_int_equal(retour_sent_ask(sent, RETOUR_SPAN_LITERAL("a@x"), NULL), RETOUR_SENT_NOT);
	retour_sent_free(sent);
}

/* One byte more than is read: a file with a hole, that takes no room. */
static void
test_too_large(void **state)
{
	(void)state;
	g_autofree char *path = NULL;
	g_autoptr(GError) error = NULL;
	int fd = g_file_open_tmp("retour-sent-XXXXXX", &path, NULL);
	assert_true(fd >= 0 && ftruncate(fd, (off_t)RETOUR_SENT_FILE_MAX + 1) == 0);
	close(fd);
	assert_null(retour_sent_read(path, &error));
	assert_non_null(strstr(error->message, "has more than 512 MB"));
	g_unlink(path);
}

static void
test_missing(void **state)
{
	(void)state;
	g_autoptr(GError) error = NULL;
	assert_null(retour_sent_read("/nowhere/sent", &error));
	assert_non_null(strstr(error->message, "/nowhere/sent"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ask),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_too_large),
		cmocka_unit_test(test_missing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
