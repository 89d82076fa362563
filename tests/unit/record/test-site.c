/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <retour/record.h>

#include <glib/gstdio.h>
#include <string.h>

#define HEAD "id\treason\ttext\tstatus\treply\thost\trank\tlang\tsource\texample\n"

/* A folder with one file. */
typedef struct {
	char *folder, *file; /* owned */
} Folder;

static void
folder_make(Folder *folder, const char *name, const char *text)
{
	folder->folder = g_dir_make_tmp("retour-site-XXXXXX", NULL);
	assert_non_null(folder->folder);
	folder->file = g_build_filename(folder->folder, name, NULL);
	assert_true(g_file_set_contents(folder->file, text, -1, NULL));
}

static void
folder_remove(Folder *folder)
{
	g_unlink(folder->file);
	g_rmdir(folder->folder);
	g_free(folder->file);
	g_free(folder->folder);
}

static RetourSite *
load(const char *name, const char *text, GError **error)
{
	Folder folder;
	folder_make(&folder, name, text);
	const char *const folders[] = { folder.folder, NULL };
	RetourSite *site = retour_site_load(folders, error);
	folder_remove(&folder);
	return site;
}

static const char *
ask(const RetourSite *site, const char *text, const char *host)
{
	RetourAnswer answers[8];
	RetourQuestion question = { .text = text, .length = strlen(text), .host = host };
	guint n = retour_site_ask(site, &question, answers, G_N_ELEMENTS(answers));
	/* The order in which they are given is the order in which they count. */
	for (guint i = 1; i < n; i++)
		assert_true(retour_rule_is_provider(answers[i - 1].rule) >=
		            retour_rule_is_provider(answers[i].rule));
	return n > 0 ? retour_rule_get_id(answers[0].rule) : "";
}

/* Which of the site's rule and the built-in ones counts first. */
static void
test_precedence(void **state)
{
	(void)state;
	const struct {
		const char *name, *file, *row, *text, *host, *expected;
	} rows[] = {
		{ "new words", "a.tsv",
		  "greylisted/s\tgreylisted\tno cake today\t\t\t\t5\ten\tus\tno cake today",
		  "there is no cake today", NULL, "phrase:greylisted/s" },
		{ "of equal rank the site's", "a.tsv",
		  "greylisted/s\tgreylisted\tmailbox\t\t\t\t9\ten\tus\tmailbox",
		  "552 mailbox is full", NULL, "phrase:greylisted/s" },
		{ "of higher rank the built-in one", "a.tsv",
		  "greylisted/s\tgreylisted\tmailbox\t\t\t\t1\ten\tus\tmailbox",
		  "552 mailbox is full", NULL, NULL },
		{ "a provider rule before any phrase", "providers.tsv",
		  "us/s\tgreylisted\tmailbox\t\t\t\t1\ten\tus\tmailbox", "552 mailbox is full",
		  NULL, "provider:us/s" },
		{ "by its host", "providers.tsv",
		  "us/s\tgreylisted\tmailbox\t\t\tmx.example\t1\ten\tus\tmailbox",
		  "552 mailbox is full", "a.mx.example", "provider:us/s" },
		{ "by no other host", "providers.tsv",
		  "us/s\tgreylisted\tmailbox\t\t\tmx.example\t1\ten\tus\tmailbox",
		  "552 mailbox is full", "mx.example.net", NULL },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = g_strconcat(HEAD, rows[i].row, "\n", NULL);
		g_autoptr(GError) error = NULL;
		g_autoptr(RetourSite) site = load(rows[i].file, text, &error);
		if (!site)
			fail_msg("%s: %s", rows[i].name, error->message);
		const char *got = ask(site, rows[i].text, rows[i].host);
		const char *expected =
		        rows[i].expected ? rows[i].expected : ask(NULL, rows[i].text, rows[i].host);
		if (strcmp(got, expected) != 0)
			fail_msg("%s: %s, not %s", rows[i].name, got, expected);
		assert_int_equal(retour_site_get_n_rules(site), retour_rule_get_count() + 1);
	}
}

/* A rule with the id of a built-in one, for each of these, hides that one and no other. */
static void
test_override(void **state)
{
	(void)state;
	for (guint i = 0; i < retour_rule_get_count(); i += 97) {
		const RetourRule *rule = retour_rule_get(i);
		const char *id = strchr(retour_rule_get_id(rule), ':') + 1;
		g_autofree char *text = g_strdup_printf(
		        HEAD "%s\tgreylisted\tno cake today\t\t\t\t5\ten\tus\tno cake today\n", id);
		g_autoptr(RetourSite) site =
		        load(retour_rule_is_provider(rule) ? "providers.tsv" : "phrases.tsv", text,
		             NULL);
		assert_non_null(site);
		assert_int_equal(retour_site_get_n_rules(site), retour_rule_get_count());
		guint own = 0;
		for (guint j = 0; j < retour_site_get_n_rules(site); j++) {
			const RetourRule *other = retour_site_get_rule(site, j);
			assert_ptr_not_equal(other, rule);
			own += retour_rule_is_site(other);
		}
		assert_int_equal(own, 1);
	}
}

static void
test_faults(void **state)
{
	(void)state;
	const struct {
		const char *file, *text, *expected;
	} rows[] = {
		{ "a.tsv", "", "a.tsv:1: no line of column names" },
		{ "a.tsv", "id\treason\n", "a.tsv:1: column \"text\" is missing" },
		{ "a.tsv", HEAD "x\n", "a.tsv:2: 1 cells where" },
		{ "a.tsv", HEAD "x/1\tsleepy\tno cake\t\t\t\t5\ten\tus\tno cake\n",
		  "a.tsv:2: unknown reason \"sleepy\": use one of" },
		{ "a.tsv",
		  HEAD "x/1\texpired\tno cake\t\t\t\t5\ten\tus\tno cake\n"
		       "x/1\texpired\tno tea\t\t\t\t5\ten\tus\tno tea\n",
		  "a.tsv:3: the same id as in line 2: take one away" },
		{ "a.tsv",
		  HEAD "x/1\texpired\tno cake\t\t\t\t5\ten\tus\tno cake\n"
		       "x/2\texpired\tno cake\t\t\t\t5\ten\tus\tno cake\n",
		  "a.tsv:3: the same text and conditions as in line 2: take one away" },
		{ "a.tsv", HEAD "x/1\texpired\t* *\t\t\t\t5\ten\tus\tx\n",
		  "a.tsv:2: pattern \"* *\"" },
		{ "a.tsv", HEAD "x/1\texpired\t\xff\xfe\t\t\t\t5\ten\tus\tx\n",
		  "a.tsv:2: not UTF-8" },
		{ "a.conf", "Dialect: X\n", "a.conf:1: a block without a name" },
		{ "a.conf", "x\n", "a.conf:1: not a \"Field: value\" line" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(RetourSite) site = load(rows[i].file, rows[i].text, &error);
		if (site || !strstr(error->message, rows[i].expected))
			fail_msg("expected \"%s\", got \"%s\"", rows[i].expected,
			         site ? "nothing" : error->message);
		assert_true(g_error_matches(error, RETOUR_SITE_ERROR, RETOUR_SITE_ERROR_FILES));
	}
	const char *const nowhere[] = { "/nonexistent/rules.d", NULL };
	g_autoptr(GError) error = NULL;
	assert_null(retour_site_load(nowhere, &error));
	assert_true(g_error_matches(error, RETOUR_SITE_ERROR, RETOUR_SITE_ERROR_FOLDER));
}

/* What is neither is passed over; so is what an editor leaves behind. */
static void
test_other_files(void **state)
{
	(void)state;
	static const char *const names[] = { "README", "a.tsv~", ".a.tsv", ".a.conf", "a.txt" };
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autoptr(RetourSite) site = load(names[i], "nonsense", NULL);
		assert_non_null(site);
		assert_int_equal(retour_site_get_n_rules(site), retour_rule_get_count());
	}
}

/* Verdicts keep what they need of a site that has gone. */
static void
test_lifetime(void **state)
{
	(void)state;
	const char mail[] = "From: MAILER-DAEMON@mx.example\nSubject: failure notice\n\n"
	                    "<user@example.com>:\n550 no cake today\n";
	RetourSite *site = load(
	        "a.tsv",
	        HEAD "greylisted/s\tgreylisted\tno cake today\t\t\t\t9\ten\tus\tno cake today\n",
	        NULL);
	g_autoptr(RetourRecord) record =
	        retour_record_read(mail, sizeof mail - 1, &(RetourOptions){ .site = site });
	retour_site_unref(site);
	assert_int_equal(record->report->n_recipients, 1);
	const RetourVerdict *verdict = &record->verdicts[0];
	assert_string_equal(retour_reason_get_name(verdict->reason), "greylisted");
	gboolean told = FALSE;
	for (guint i = 0; i < verdict->n_because; i++)
		told |= verdict->because[i].deciding &&
		        strcmp(verdict->because[i].rule, "phrase:greylisted/s") == 0;
	assert_true(told);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_precedence), cmocka_unit_test(test_override),
		cmocka_unit_test(test_faults),     cmocka_unit_test(test_other_files),
		cmocka_unit_test(test_lifetime),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
