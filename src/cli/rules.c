/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "cli/output.h"
#include "cli/reading.h"
#include "cli/site.h"

typedef struct {
	char **folders;   /* owned */
	RetourSite *site; /* owned */
	RetourOutput output;
} Run;

static const char *
kind_of(const RetourRule *rule)
{
	return retour_rule_is_site(rule) ? "site" : "built-in";
}

/* Best first, as they count. */
static int
list(Run *run)
{
	GString *out = run->output.text;
	g_string_append(out, "RULE                                RANK FROM      WHERE\n");
	for (guint i = 0; i < retour_site_get_n_rules(run->site); i++) {
		const RetourRule *rule = retour_site_get_rule(run->site, i);
		g_string_append_printf(out, "%-35s %4u %-9s %s:%u\n", retour_rule_get_id(rule),
		                       retour_rule_get_rank(rule), kind_of(rule),
		                       retour_rule_get_file(rule), retour_rule_get_line(rule));
	}
	return EXIT_SUCCESS;
}

static void
add_finding(const char *file, guint line, const char *what, gpointer data)
{
	Run *run = data;
	g_string_append_printf(run->output.text, "%s:%u: %s\n", file, line, what);
}

static int
tell(Run *run, guint findings, const char *good)
{
	if (findings == 0)
		g_string_append_printf(run->output.text, "%u rules: %s\n",
		                       retour_site_get_n_rules(run->site), good);
	return findings == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int
test(Run *run)
{
	if (!retour_reading_load())
		return RETOUR_EXIT_TEMPORARY;
	return tell(run, retour_site_test(run->site, add_finding, run),
	            "each wins its own example");
}

static int
lint(Run *run)
{
	return tell(run, retour_site_lint(run->site, add_finding, run),
	            "none twice, none out of reach");
}

static const struct {
	const char *name;
	int (*run)(Run *run);
} actions[] = { { "list", list }, { "test", test }, { "lint", lint } };

static int
run_action(Run *run, const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(actions); i++) {
		if (strcmp(actions[i].name, name) != 0)
			continue;
		if (!retour_cli_load_site(&retour_cli_rules, run->folders, &run->site))
			return EXIT_FAILURE;
		retour_output_init(&run->output);
		int code = actions[i].run(run);
		return retour_output_finish(&run->output, code, RETOUR_EXIT_OUTPUT);
	}
	retour_cli_refuse(&retour_cli_rules, "there is no '%s'", name);
	return RETOUR_EXIT_USAGE;
}

static int
run_rules(int argc, char **argv)
{
	Run run = { 0 };
	const GOptionEntry entries[] = { RETOUR_CLI_RULES(&run.folders), G_OPTION_ENTRY_NULL };
	int code = RETOUR_EXIT_USAGE;
	gboolean parsed = retour_cli_parse(&retour_cli_rules, entries, &argc, &argv);
	if (parsed && argc == 2)
		code = run_action(&run, argv[1]);
	else if (parsed)
		retour_cli_refuse(&retour_cli_rules, "list, test or lint?");
	g_strfreev(run.folders);
	g_clear_pointer(&run.site, retour_site_unref);
	return code;
}

const RetourCliCommand retour_cli_rules = {
	.name = "rules",
	.arguments = "list|test|lint",
	.summary = "Lists and tries the built-in rules and those of your site",
	.description =
	        "Rules of a site stand in /etc/retour/rules.d, $XDG_CONFIG_HOME/retour/rules.d "
	        "and the folders\n"
	        "of --rules: *.tsv in the columns of phrases.tsv (providers*.tsv: provider rules), "
	        "*.conf with\n"
	        "dialects. A later folder goes before an earlier one, and all before the built-in "
	        "rules of equal\n"
	        "rank. A rule with the id of another one takes its place.\n\n"
	        "  list  the rules in force, best first\n"
	        "  test  each example must be won by its own rule, and each dialect must be of "
	        "use\n"
	        "  lint  no rule says the same as another one, or can never win\n\n"
	        "Exit status: 0; 1 something was found; 64 wrong usage; 74 output error.\n\n"
	        "Example:\n"
	        "  retour rules test --rules ./rules.d",
	.run = run_rules,
};
