/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#define RULES "id\treason\ttext\tstatus\treply\thost\trank\tlang\tsource\texample\n"

#define REASONS                                                                                \
	"reason\tgroup\tclass\tfault\tadvice\tmeaning\toperator\tsender\tsisimai\tsparkpost\t" \
	"powermta\tses\tkumomta\tpostmark\tsendgrid\n"
#define REST "\tSo.\tDo.\tDo.\t\t\t\t\t\t\t\n"
#define ENHANCED                                         \
	"code\ttitle\tmeaning\treason\tclass_5\tclass_"  \
	"4\treplies\tguidance\tsisimai\tkumomta\tnote\t" \
	"source\n"
#define REPLIES "code\ttitle\tmeaning\treason\tclass\tkind\tcommands\tstatus\tnote\tsource\n"
#define COMMANDS "command\treply\trfc5321\trfc821\textension\tpage\tnote\n"
#define ALIASES "page\tsection\tcommand\tcode\ttext\tclaim\ttag\tcontradiction\tnote\n"
#define CONTRADICTIONS "id\tcodes\ttopic\tclaims\tauthority\tresolution\toutcome\n"

/* A small set of data files that is right; each row of the test puts one other file in place. */
static const struct {
	const char *name, *text;
} FILES[] = {
	{ "sheets.tsv",
	  "sheet\ttitle\tabout\nreasons\t\t\nreplies\t\t\nenhanced\t\t\nsubjects\t\t\n"
	  "commands\t\t\nproviders\t\t\nphrases\t\t\npages\t\t\naliases\t\t\n"
	  "contradictions\t\t\n" },
	{ "reasons.tsv", REASONS "gone\trecipient\thard\trecipient\tsuppress" REST
	                         "asleep\tmailbox\thard at 5\trecipient\tretry-later" REST },
	{ "enhanced.tsv",
	  ENHANCED "X.1.1\tBad\tIt is bad.\tgone\thard\tsoft\t\t\t\t\t\tRFC 3463\n" },
	{ "replies.tsv", REPLIES "250\tOK\tGood.\t\tnone\tstandard\t\t\t\tRFC 5321\n" },
	{ "subjects.tsv", "subject\ttitle\treason\tsource\n0\tOther\tasleep\tRFC 3463\n" },
	{ "commands.tsv", COMMANDS "QUIT\t250\tsuccess\t\t\t\t\n" },
	{ "pages.tsv", "page\torigin\nA page\tsomewhere\n" },
	{ "aliases.tsv", ALIASES "A page\tall\tQUIT\t250\tFine\t\twording\tC01\t\n" },
	{ "contradictions.tsv", CONTRADICTIONS "C01\t250 X.1.1\tall\tyes\tno\tmaybe\tnone\n" },
	{ "profiles.conf", "Profile: default\n" },
	{ "providers.tsv",
	  RULES "acme/gone\tgone\t\t5.1.1\t550\tacme.example\t5\ten\ttest\t550 5.1.1 x\n" },
	{ "phrases.tsv",
	  RULES "gone/001\tgone\tnobody * here\t\t\t\t5\ten\ttest\t550 Nobody lives here\n" },
};

static void
write_file(const char *folder, const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* Runs the tool over the good files with @text as @name in place; returns what it says, and whether
 * it took them. */
static char *
compile(const char *name, const char *text, gboolean *taken)
{
	g_autofree char *folder = g_dir_make_tmp("retour-codes-XXXXXX", NULL);
	assert_non_null(folder);
	for (gsize i = 0; i < G_N_ELEMENTS(FILES); i++)
		write_file(folder, FILES[i].name, FILES[i].text);
	if (name && text)
		write_file(folder, name, text);
	g_autofree char *removed = name ? g_build_filename(folder, name, NULL) : NULL;
	if (name && !text)
		g_unlink(removed);
	g_autofree char *out = g_build_filename(folder, "tables.c", NULL);
	char *argv[] = { (char *)COMPILER, folder, out, NULL };
	char *said = NULL;
	int status = 0;
	assert_true(g_spawn_sync(NULL, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, &said,
	                         &status, NULL));
	*taken = g_spawn_check_wait_status(status, NULL);
	assert_int_equal(*taken, g_file_test(out, G_FILE_TEST_EXISTS));
	g_unlink(out);
	for (gsize i = 0; i < G_N_ELEMENTS(FILES); i++) {
		g_autofree char *path = g_build_filename(folder, FILES[i].name, NULL);
		g_unlink(path);
	}
	g_rmdir(folder);
	return said;
}

static void
test_good(void **state)
{
	(void)state;
	gboolean taken;
	g_autofree char *said = compile(NULL, NULL, &taken);
	if (!taken)
		fail_msg("%s", said);
	assert_string_equal(said, "");
}

#define PHRASE(cells) RULES cells "\n"
#define GOOD "gone/001\tgone\tnobody * here\t\t\t\t5\ten\ttest\t550 Nobody lives here\n"

static void
test_broken(void **state)
{
	(void)state;
	const struct {
		const char *file, *text, *expected;
	} rows[] = {
		{ "phrases.tsv", NULL, "phrases.tsv" },
		{ "phrases.tsv", RULES GOOD "gone/002\tgone\tx\n", "phrases.tsv:3: 3 cells where" },
		{ "phrases.tsv", "id\treason\n",
		  "phrases.tsv:1: column \"text\" is missing: add it" },
		{ "phrases.tsv", RULES "gone/001\tgone\t\xe9\t\t\t\t5\ten\ttest\tx\n",
		  "phrases.tsv:2: not UTF-8: save the file as UTF-8" },
		{ "phrases.tsv", PHRASE("lost/001\tlost\tnobody\t\t\t\t5\ten\ttest\tnobody"),
		  "phrases.tsv:2: unknown reason \"lost\": use one of reasons.tsv, or add it "
		  "there" },
		{ "phrases.tsv", PHRASE("asleep/001\tgone\tnobody\t\t\t\t5\ten\ttest\tnobody"),
		  "phrases.tsv:2: id \"asleep/001\" is not of its reason: begin it with "
		  "\"gone/\"" },
		{ "phrases.tsv", PHRASE("gone\tgone\tnobody\t\t\t\t5\ten\ttest\tnobody"),
		  "phrases.tsv:2: \"gone\" is no id: write group/name in lower case" },
		{ "phrases.tsv", RULES GOOD "gone/001\tgone\tno one\t\t\t\t5\ten\ttest\tno one\n",
		  "phrases.tsv:3: the same id as in line 2: take one away" },
		{ "phrases.tsv",
		  RULES GOOD "gone/002\tgone\tnobody * here\t\t\t\t5\ten\ttest\tNobody here\n",
		  "phrases.tsv:3: the same text and conditions as in line 2: take one away" },
		{ "phrases.tsv", PHRASE("gone/001\tgone\tnobody\t5.1\t\t\t5\ten\ttest\tnobody"),
		  "phrases.tsv:2: \"5.1\" is no status: write 5.7.1" },
		{ "phrases.tsv", PHRASE("gone/001\tgone\tnobody\t3.1.1\t\t\t5\ten\ttest\tnobody"),
		  "phrases.tsv:2: \"3.1.1\" is no status" },
		{ "phrases.tsv", PHRASE("gone/001\tgone\tnobody\t5.1.1|\t\t\t5\ten\ttest\tnobody"),
		  "phrases.tsv:2: \"5.1.1|\" is no status" },
		{ "phrases.tsv", PHRASE("gone/001\tgone\tnobody\t5.1.9-2\t\t\t5\ten\ttest\tnobody"),
		  "phrases.tsv:2: \"5.1.9-2\" is no status" },
		{ "phrases.tsv", PHRASE("gone/001\tgone\tnobody\t\t5x0\t\t5\ten\ttest\tnobody"),
		  "phrases.tsv:2: \"5x0\" is no reply: write 550, 55x or 5xx" },
		{ "phrases.tsv", PHRASE("gone/001\tgone\tnobody\t\t5500\t\t5\ten\ttest\tnobody"),
		  "phrases.tsv:2: \"5500\" is no reply" },
		{ "phrases.tsv",
		  PHRASE("gone/001\tgone\tnobody\t\t\tAcme.example\t5\ten\ttest\tnobody"),
		  "phrases.tsv:2: \"Acme.example\" is no list of hosts: write suffixes in lower "
		  "case" },
		{ "phrases.tsv",
		  PHRASE("gone/001\tgone\tnobody\t\t\ta.example,\t5\ten\ttest\tnobody"),
		  "phrases.tsv:2: \"a.example,\" is no list of hosts" },
		{ "phrases.tsv", PHRASE("gone/001\tgone\tnobody\t\t\t\t10\ten\ttest\tnobody"),
		  "phrases.tsv:2: \"10\" is no rank: write 1 to 9" },
		{ "phrases.tsv", PHRASE("gone/001\tgone\tnobody\t\t\t\t5\ten\t\tnobody"),
		  "phrases.tsv:2: \"source\" is empty: fill it in" },
		{ "phrases.tsv", PHRASE("gone/001\tgone\tnobody\t\t\t\t5\ten\ttest\t"),
		  "phrases.tsv:2: \"example\" is empty: fill it in" },
		{ "phrases.tsv", PHRASE("gone/001\tgone\tnobody\t\t\t\t5\ten\ttest\tsomebody"),
		  "phrases.tsv:2: the example does not hold the text \"nobody\": mend one of "
		  "them" },
		{ "phrases.tsv", PHRASE("gone/001\tgone\tNo  Body\t\t\t\t5\ten\ttest\tno body"),
		  "phrases.tsv:2: text is not in folded form: write \"no body\"" },
		{ "phrases.tsv", PHRASE("gone/001\tgone\tno*body\t\t\t\t5\ten\ttest\tnobody"),
		  "phrases.tsv:2: pattern \"no*body\": a star inside a word" },
		{ "phrases.tsv", PHRASE("gone/001\tgone\t\t\t550\ta.example\t5\ten\ttest\t550"),
		  "phrases.tsv:2: a phrase without text: write what servers say" },
		{ "providers.tsv", PHRASE("acme/x\tgone\t\t\t\tacme.example\t5\ten\ttest\t550"),
		  "providers.tsv:2: a rule without text needs a host and a status or reply: add "
		  "them" },
		{ "providers.tsv", PHRASE("acme/x\tgone\t\t5.1.1\t\t\t5\ten\ttest\t550 5.1.1"),
		  "providers.tsv:2: a rule without text needs a host" },
		{ "reasons.tsv", REASONS "gone\trecipient\tsolid\tnobody\tsuppress" REST,
		  "reasons.tsv:2: \"solid\" is no class: write hard, soft or none" },
		{ "reasons.tsv", REASONS "gone\trecipient\thard\tnobody\tsuppress" REST,
		  "reasons.tsv:2: \"nobody\" is not known: write one of none, recipient" },
		{ "reasons.tsv",
		  REASONS "gone\trecipient\thard\tnone\tsuppress\tSo.\t\tDo.\t\t\t\t\t\t\t\n",
		  "reasons.tsv:2: \"operator\" is empty: fill it in" },
		{ "enhanced.tsv",
		  ENHANCED "X.1.2\tBad\tIt is bad.\tgone\thard\tsoft\t\t\t\t\t\tRFC 3463\n"
		           "X.1.1\tBad\tIt is bad.\tgone\thard\tsoft\t\t\t\t\t\tRFC 3463\n",
		  "enhanced.tsv:3: code X.1.1 is out of order or stands twice: keep the rows in "
		  "ascending order" },
		{ "enhanced.tsv",
		  ENHANCED "5.1.1\tBad\tIt is bad.\tgone\thard\tsoft\t\t\t\t\t\tRFC 3463\n",
		  "enhanced.tsv:2: \"5.1.1\" is no code: write X.1.1" },
		{ "replies.tsv", REPLIES "25\tOK\tGood.\t\tnone\tstandard\t\t\t\tRFC\n",
		  "replies.tsv:2: \"25\" is no reply: write three digits" },
		{ "replies.tsv", REPLIES "250\tOK\tGood.\t\tnone\tusual\t\t\t\tRFC\n",
		  "replies.tsv:2: \"usual\" in \"kind\": write one of standard extension draft "
		  "wild" },
		{ "replies.tsv", REPLIES "447\tLate\tBad.\tgone\tsoft\twild\t\tfour\t\tlists\n",
		  "replies.tsv:2: \"four\" is no code: write 550, 5xx, X.1.1" },
		{ "commands.tsv", COMMANDS "QUIT\t251\tsuccess\t\t\t\t\n",
		  "commands.tsv:2: \"251\" is not known: take one of replies/code, or add it "
		  "there" },
		{ "aliases.tsv", ALIASES "No page\tall\t\t250\tFine\t\twording\t\t\n",
		  "aliases.tsv:2: \"No page\" is not known: take one of pages/page" },
		{ "aliases.tsv", ALIASES "A page\tall\t\t250\tFine\t\twording\tC01 C02\t\n",
		  "aliases.tsv:2: \"C02\" is not known: take one of contradictions/id" },
		{ "contradictions.tsv",
		  CONTRADICTIONS
		  "C01\t250\tall\tyes\tno\tmaybe\tnone\nC01\t250\tall\tyes\tno\tmaybe\tnone\n",
		  "contradictions.tsv:3: \"C01\" as in line 2: take one away" },
		{ "sheets.tsv", "sheet\ttitle\tabout\nfoo\t\t\n",
		  "sheets.tsv:2: sheet \"foo\" is not known" },
		{ "subjects.tsv", "subject\ttitle\treason\tsource\n1\tOther\tasleep\tRFC 3463\n",
		  "subjects.tsv:2: subject \"1\" where 0 is due" },
		{ "profiles.conf", "Profile: mine\n",
		  "profiles.conf:1: the first profile must be \"default\": put it first" },
		{ "profiles.conf", "Profile: default\n\nReason: gone soft\n",
		  "profiles.conf:3: a profile without a name: add \"Profile: NAME\"" },
		{ "profiles.conf", "Profile: default\nReason: gone\n",
		  "profiles.conf:2: \"gone\" is no override: write a reason, a space and a class" },
		{ "profiles.conf", "Profile: default\nColour: red\n",
		  "profiles.conf:2: \"Colour: red\" is not understood" },
		{ "profiles.conf", "Profile: default\n\nProfile: default\n",
		  "profiles.conf:3: profile \"default\" twice: remove one" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		gboolean taken;
		g_autofree char *said = compile(rows[i].file, rows[i].text, &taken);
		if (taken || !strstr(said, rows[i].expected))
			fail_msg("expected \"%s\", got \"%s\"", rows[i].expected, said);
	}
}

static void
test_usage(void **state)
{
	(void)state;
	char *argv[] = { (char *)COMPILER, NULL };
	g_autofree char *said = NULL;
	int status = 0;
	assert_true(g_spawn_sync(NULL, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, &said,
	                         &status, NULL));
	assert_false(g_spawn_check_wait_status(status, NULL));
	assert_non_null(strstr(said, "usage:"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_usage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
