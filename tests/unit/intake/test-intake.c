/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "intake/intake.h"

#define FROM "From a@b.example Sat Jan  3 01:05:34 1996\n"
#define MAIL "A: b\n\nc\n"
#define TWO FROM MAIL "\n" FROM MAIL
#define MIXED FROM "A: b\r\n\r\nc\r\n\r\n" FROM MAIL

/* What the tests read; a path that ends in '/' is a directory, a text that begins with "->" a link.
 */
static const char *const tree[][2] = {
	{ "plain", MAIL },
	{ "one", FROM MAIL },
	{ "two", TWO },
	{ "mixed", MIXED },
	{ "empty", "" },
	{ "d/", NULL },
	{ "d/b", MAIL },
	{ "d/a", TWO },
	{ "d/a.c/", NULL },
	{ "d/a.c/z", MAIL },
	{ "d/\xc3\xa4", MAIL },
	{ "d/B", MAIL },
	{ "d/.hidden", MAIL },
	{ "d/.git/", NULL },
	{ "d/.git/x", MAIL },
	{ "loop/", NULL },
	{ "loop/in/", NULL },
	{ "loop/in/up", "->.." },
	{ "loop/in/x", MAIL },
	{ "loop/link", "->in" },
	{ "loop/gone", "->nowhere" },
	{ "loop/self", "->self" },
	{ "loop/y", "->in/x" },
	{ "m/", NULL },
	{ "m/new/", NULL },
	{ "m/cur/", NULL },
	{ "m/tmp/", NULL },
	{ "m/new/2.x", MAIL },
	{ "m/new/4.x", TWO },
	{ "m/cur/1.x:2,S", MAIL },
	{ "m/cur/3.x:2,", MAIL },
	{ "m/cur/2.x", MAIL },
	{ "m/tmp/0.x", MAIL },
	{ "m/dovecot-uidlist", MAIL },
	{ "m/.Sent/", NULL },
	{ "m/.Sent/x", MAIL },
	{ "m/.Sent/cur/", NULL },
	{ "m/.Lists.Bounces/", NULL },
	{ "m/.Lists.Bounces/new/", NULL },
	{ "m/.Lists.Bounces/cur/", NULL },
	{ "m/.Lists.Bounces/tmp/", NULL },
	{ "m/.Lists.Bounces/cur/0.x", MAIL },
	{ "m/sub/", NULL },
	{ "m/sub/new/", NULL },
	{ "m/sub/cur/", NULL },
	{ "m/sub/tmp/", NULL },
	{ "m/sub/new/9.x", MAIL },
	{ "m/attic/", NULL },
	{ "m/attic/x", MAIL },
	{ "mh/", NULL },
	{ "mh/.mh_sequences", "cur: 2\n" },
	{ "mh/10", TWO },
	{ "mh/9", MAIL },
	{ "mh/,8", MAIL },
	{ "mh/note", MAIL },
	{ "mh/100/", NULL },
	{ "mh/100/7", MAIL },
	{ "mh/inbox/", NULL },
	{ "mh/inbox/.mh_sequences", "" },
	{ "mh/inbox/2", MAIL },
	{ "mh/inbox/1", MAIL },
	{ "near/", NULL },
	{ "near/new/", NULL },
	{ "near/new/x", TWO },
	{ "none/", NULL },
};

static char *root;

static int
set_up(void **state)
{
	(void)state;
	root = g_dir_make_tmp("retour-intake-XXXXXX", NULL);
	if (!root || g_chdir(root) != 0)
		return 1;
	int bad = mkfifo("d-fifo", 0600);
	for (gsize i = 0; i < G_N_ELEMENTS(tree); i++) {
		const char *path = tree[i][0], *text = tree[i][1];
		if (!text)
			bad |= g_mkdir(path, 0700);
		else if (g_str_has_prefix(text, "->"))
			bad |= symlink(text + 2, path);
		else
			bad |= !g_file_set_contents(path, text, -1, NULL);
	}
	bad |= mkfifo("none/fifo", 0600);
	return bad;
}

static int
tear_down(void **state)
{
	(void)state;
	g_unlink("none/fifo");
	g_unlink("d-fifo");
	for (gsize i = G_N_ELEMENTS(tree); i-- > 0;)
		g_remove(tree[i][0]);
	int bad = g_chdir("/");
	bad |= g_rmdir(root);
	g_free(root);
	return bad;
}

static void
note_trouble(const char *path, int error_number, gpointer data)
{
	g_string_append_printf(data, "?%s=%s ", path, error_number == ENOENT ? "none" : "shut");
}

/* "name#index@offset+length" of each message, "q" where quoting is taken off, "b" where the bytes
 * travel. */
static char *
walk(const char *paths, RetourIntakeMode mode)
{
	g_auto(GStrv) list = g_strsplit(paths, " ", -1);
	GString *out = g_string_new(NULL);
	g_autoptr(RetourIntake) intake =
	        retour_intake_new((const char *const *)list, mode, note_trouble, out);
	RetourIntakeItem item;
	while (retour_intake_next(intake, &item)) {
		g_string_append(out, item.name);
		if (item.index || item.offset)
			g_string_append_printf(out, "#%u@%u", (guint)item.index,
			                       (guint)item.offset);
		g_string_append_printf(out, "+%u%s%s ", (guint)item.length, item.mboxrd ? "q" : "",
		                       item.bytes ? "b" : "");
		if (item.error)
			g_string_append_printf(out, "!%s ", item.error);
		assert_int_equal((item.bytes != NULL) + (item.path != NULL) + (item.error != NULL),
		                 1);
	}
	g_string_truncate(out, out->len ? out->len - 1 : 0);
	return g_string_free(out, FALSE);
}

typedef struct {
	const char *name, *paths;
	RetourIntakeMode mode;
	const char *want;
} Row;

static const Row rows[] = {
	{ "one mail", "plain", RETOUR_INTAKE_AUTO, "plain+8" },
	{ "one mail with From_", "one", RETOUR_INTAKE_AUTO, "one+50" },
	{ "an mbox", "two", RETOUR_INTAKE_AUTO, "two+51q two#1@51+50q" },
	{ "an mbox of mixed ends", "mixed", RETOUR_INTAKE_AUTO, "mixed+55q mixed#1@55+50q" },
	{ "an mbox called a mail", "two", RETOUR_INTAKE_MESSAGE, "two+101" },
	{ "a mail called an mbox", "plain one", RETOUR_INTAKE_MBOX, "plain+8q one+50q" },
	{ "empty", "empty", RETOUR_INTAKE_AUTO, "empty+0" },
	{ "empty mbox", "empty", RETOUR_INTAKE_MBOX, "" },
	{ "missing", "plain nope one", RETOUR_INTAKE_AUTO, "plain+8 ?nope=none one+50" },
	{ "twice", "plain plain", RETOUR_INTAKE_AUTO, "plain+8 plain+8" },
	{ "directory in byte order", "d", RETOUR_INTAKE_AUTO,
	  "d/B+8 d/a+51q d/a#1@51+50q d/a.c/z+8 d/b+8 d/\xc3\xa4+8" },
	{ "directory of mails", "d/", RETOUR_INTAKE_MESSAGE,
	  "d/B+8 d/a+101 d/a.c/z+8 d/b+8 d/\xc3\xa4+8" },
	{ "links", "loop", RETOUR_INTAKE_AUTO, "loop/in/x+8 loop/y+8" },
	{ "named link", "loop/link loop/y", RETOUR_INTAKE_AUTO,
	  "loop/link/up/y+8 loop/link/x+8 loop/y+8" },
	{ "named loop", "loop/self", RETOUR_INTAKE_AUTO, "?loop/self=shut" },
	{ "Maildir", "m", RETOUR_INTAKE_AUTO,
	  "m/cur/1.x:2,S+8 m/cur/2.x+8 m/new/2.x+8 m/cur/3.x:2,+8 m/new/4.x+101 "
	  "m/.Lists.Bounces/cur/0.x+8 m/sub/new/9.x+8" },
	{ "MH folder", "mh", RETOUR_INTAKE_AUTO, "mh/9+8 mh/10+101 mh/inbox/1+8 mh/inbox/2+8" },
	{ "new of a Maildir", "m/new", RETOUR_INTAKE_AUTO, "m/new/2.x+8 m/new/4.x+101" },
	{ "Maildir of mboxes", "m/new", RETOUR_INTAKE_MBOX,
	  "m/new/2.x+8q m/new/4.x+51q m/new/4.x#1@51+50q" },
	{ "no Maildir", "near", RETOUR_INTAKE_AUTO, "near/new/x+51q near/new/x#1@51+50q" },
	{ "nothing but a FIFO", "none", RETOUR_INTAKE_AUTO, "" },
	{ "a device", "/dev/null", RETOUR_INTAKE_AUTO, "/dev/null+0b" },
};

static void
test_rows(void **state)
{
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = walk(rows[i].paths, rows[i].mode);
		if (!g_str_equal(got, rows[i].want))
			fail_msg("row \"%s\":\n%s\nnot\n%s", rows[i].name, got, rows[i].want);
	}
}

static void
test_unreadable(void **state)
{
	(void)state;
	if (geteuid() == 0)
		skip();
	assert_int_equal(g_chmod("d/b", 0), 0);
	assert_int_equal(g_chmod("d/a.c", 0), 0);
	g_autofree char *got = walk("plain d d/b", RETOUR_INTAKE_AUTO);
	g_chmod("d/b", 0600);
	g_chmod("d/a.c", 0700);
	assert_string_equal(got, "plain+8 d/B+8 d/a+51q d/a#1@51+50q ?d/a.c=shut d/b+8 "
	                         "d/\xc3\xa4+8 ?d/b=shut");
}

/* Runs @walk with @path, or a pipe that holds @text, as standard input. */
static char *
walk_stdin(const char *text, const char *path, const char *paths, RetourIntakeMode mode)
{
	int ends[2] = { -1, -1 };
	int old = dup(STDIN_FILENO);
	if (path) {
		ends[0] = open(path, O_RDONLY | O_CLOEXEC);
	} else {
		assert_int_equal(pipe(ends), 0);
		assert_int_equal(write(ends[1], text, strlen(text)), strlen(text));
		close(ends[1]);
	}
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	char *got = paths ? walk(paths, mode) : walk("-", mode);
	dup2(old, STDIN_FILENO);
	close(old);
	return got;
}

static void
test_stdin(void **state)
{
	(void)state;
	static const struct {
		const char *name, *text, *file, *paths;
		RetourIntakeMode mode;
		const char *want;
	} inputs[] = {
		{ "pipe", MAIL, NULL, "-", RETOUR_INTAKE_AUTO, "-+8b" },
		{ "pipe, always one mail", TWO, NULL, "-", RETOUR_INTAKE_AUTO, "-+101b" },
		{ "pipe, an mbox", TWO, NULL, "-", RETOUR_INTAKE_MBOX, "-+51qb -#1@51+50qb" },
		{ "pipe, nothing", "", NULL, "-", RETOUR_INTAKE_AUTO, "-+0b" },
		{ "pipe by name", MAIL, NULL, "plain /dev/stdin", RETOUR_INTAKE_AUTO,
		  "plain+8 /dev/stdin+8b" },
		{ "file", NULL, "two", "-", RETOUR_INTAKE_AUTO, "-+101b" },
		{ "file by name", NULL, "plain", "/dev/stdin", RETOUR_INTAKE_AUTO,
		  "/dev/stdin+8b" },
		{ "directory", NULL, "d", "- plain", RETOUR_INTAKE_AUTO, "?-=shut plain+8" },
		{ "directory, an mbox", NULL, "d", "- two", RETOUR_INTAKE_MBOX,
		  "?-=shut two+51q two#1@51+50q" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(inputs); i++) {
		g_autofree char *got =
		        walk_stdin(inputs[i].text, inputs[i].file, inputs[i].paths, inputs[i].mode);
		if (!g_str_equal(got, inputs[i].want))
			fail_msg("row \"%s\":\n%s\nnot\n%s", inputs[i].name, got, inputs[i].want);
	}
}

/* No path at all is standard input, and the bytes are those that came. */
static void
test_bytes(void **state)
{
	(void)state;
	int old = dup(STDIN_FILENO), file = open("two", O_RDONLY | O_CLOEXEC);
	dup2(file, STDIN_FILENO);
	close(file);
	static const char *const none[] = { NULL };
	g_autoptr(RetourIntake) intake = retour_intake_new(none, RETOUR_INTAKE_MBOX, NULL, NULL);
	RetourIntakeItem item;
	for (gsize at = 0; retour_intake_next(intake, &item); at += 51) {
		gsize size;
		const char *bytes = g_bytes_get_data(item.bytes, &size);
		assert_memory_equal(bytes, &TWO[at], size);
		assert_int_equal(size, item.length);
		assert_string_equal(item.name, "-");
	}
	dup2(old, STDIN_FILENO);
	close(old);
}

static void
test_fifo(void **state)
{
	(void)state;
	/* Both ends are open here, so that nobody waits; the writer's is gone before the reader
	 * comes. */
	int both = open("d-fifo", O_RDWR | O_CLOEXEC);
	assert_int_equal(write(both, MAIL, strlen(MAIL)), strlen(MAIL));
	int reader = open("d-fifo", O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	close(both);
	g_autofree char *path = g_strdup_printf("/dev/fd/%d", reader);
	g_autofree char *got = walk(path, RETOUR_INTAKE_AUTO);
	g_autofree char *want = g_strconcat(path, "+8b", NULL);
	assert_string_equal(got, want);
	close(reader);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),  cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_stdin), cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_fifo),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
