/* SPDX-License-Identifier: BSD-2-Clause */

/* Whether rules and dialects do what they are for. */
#include "codes/proof.h"
#include "mime/part.h"
#include "record/site.h"
#include "report/report.h"

typedef struct {
	const RetourSite *site;
	RetourFindingFunc found;
	gpointer data;
	guint n;
} Testing;

static void
note(Testing *testing, const char *file, guint line, const char *what)
{
	testing->n++;
	testing->found(file, line, what, testing->data);
}

/* ---- dialects ---- */

/* "ADDRESS STATUS REPLY" of a recipient, what is not there left out: the form of Expect. */
static void
describe_recipient(const RetourRecipient *recipient, GString *out)
{
	char buffer[RETOUR_STATUS_STRING_SIZE];
	RetourStatus status = RETOUR_STATUS_NONE;
	guint reply = 0;
	g_string_append(out, recipient->address ? recipient->address : "");
	for (guint i = 0; i < recipient->n_evidence; i++) {
		if (!retour_status_is_set(status))
			status = recipient->evidence[i].status;
		if (reply == 0)
			reply = recipient->evidence[i].reply;
	}
	if (retour_status_is_set(status))
		g_string_append_printf(out, " %s", retour_status_format(status, buffer));
	if (reply)
		g_string_append_printf(out, " %u", reply);
	g_string_append_c(out, '\n');
}

/* What comes out of @mail, and by whom. */
static char *
read_example(const char *mail, const RetourDialects *site, const RetourDialects *builtin)
{
	g_autoptr(RetourPartTree) tree = retour_part_tree_read(mail, strlen(mail));
	g_autoptr(RetourReport) report =
	        retour_report_read(tree, &(RetourEnvelope){ .dialects = { site, builtin } });
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < report->n_recipients; i++) {
		g_string_append_printf(out, "%s: ", report->recipients[i].read_by);
		describe_recipient(&report->recipients[i], out);
	}
	return g_string_free(out, FALSE);
}

static char *
write_expected(const RetourDialects *dialects, guint index)
{
	GString *out = g_string_new(NULL);
	const char *const *line = retour_dialects_get_expectations(dialects, index);
	for (; *line; line++)
		g_string_append_printf(out, "%s: %s\n", retour_dialects_get_name(dialects, index),
		                       *line);
	return g_string_free(out, FALSE);
}

/* Only who reads an example is another where no dialect does: that counts for nothing. */
static char *
drop_readers(const char *read)
{
	GString *out = g_string_new(NULL);
	g_auto(GStrv) lines = g_strsplit(read, "\n", -1);
	for (guint i = 0; lines[i] && *lines[i]; i++)
		g_string_append_printf(out, "%s\n", strstr(lines[i], ": ") + 2);
	return g_string_free(out, FALSE);
}

static void
test_dialect(Testing *testing, const RetourDialects *dialects, guint index)
{
	const RetourDialects *site = testing->site ? testing->site->dialects : NULL;
	const char *name = retour_dialects_get_name(dialects, index);
	const char *file = retour_dialects_get_file(dialects, index);
	guint line = retour_dialects_get_line(dialects, index);
	const char *mail = retour_dialects_get_example(dialects, index);
	g_autofree char *expected = write_expected(dialects, index);
	g_autofree char *with = read_example(mail, site, retour_dialects_builtin());
	g_autofree char *without = read_example(mail, NULL, NULL);
	if (strcmp(with, expected) != 0) {
		g_autofree char *what = g_strdup_printf(
		        "dialect:%s reads its example as \"%s\": mend its lines, or what it "
		        "expects",
		        name, g_strdelimit(g_strchomp(with), "\n", ';'));
		note(testing, file, line, what);
		return;
	}
	g_autofree char *said = drop_readers(with), *plain = drop_readers(without);
	if (strcmp(said, plain) == 0) {
		g_autofree char *what =
		        g_strdup_printf("dialect:%s is of no use: its example is read likewise "
		                        "without it: take it away",
		                        name);
		note(testing, file, line, what);
	}
}

static gboolean
has_dialect(const RetourDialects *dialects, const char *name)
{
	for (guint i = 0; dialects && i < retour_dialects_get_size(dialects); i++) {
		if (strcmp(retour_dialects_get_name(dialects, i), name) == 0)
			return TRUE;
	}
	return FALSE;
}

/* The built-in ones whose place is not taken, then the site's. */
static void
test_dialects(Testing *testing)
{
	const RetourDialects *builtin = retour_dialects_builtin();
	const RetourDialects *site = testing->site ? testing->site->dialects : NULL;
	for (guint i = 0; i < retour_dialects_get_size(builtin); i++) {
		if (!has_dialect(site, retour_dialects_get_name(builtin, i)))
			test_dialect(testing, builtin, i);
	}
	for (guint i = 0; site && i < retour_dialects_get_size(site); i++)
		test_dialect(testing, site, i);
}

/* ---- rules ---- */

static void
prove_rules(Testing *testing, char *(*prove)(const RetourRulebook *, const RetourRule *))
{
	const RetourRulebook *rules = testing->site ? testing->site->rules : NULL;
	for (guint i = 0; i < retour_rulebook_get_size(rules); i++) {
		const RetourRule *rule = retour_rulebook_get_rule(rules, i);
		g_autofree char *wrong = prove(rules, rule);
		if (wrong)
			note(testing, retour_rule_get_file(rule), retour_rule_get_line(rule),
			     wrong);
	}
}

guint
retour_site_test(const RetourSite *site, RetourFindingFunc found, gpointer data)
{
	Testing testing = { .site = site, .found = found, .data = data };
	prove_rules(&testing, retour_rule_prove);
	test_dialects(&testing);
	return testing.n;
}

guint
retour_site_lint(const RetourSite *site, RetourFindingFunc found, gpointer data)
{
	Testing testing = { .site = site, .found = found, .data = data };
	prove_rules(&testing, retour_rule_lint);
	return testing.n;
}
