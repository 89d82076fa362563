/* SPDX-License-Identifier: BSD-2-Clause */
#include <retour/codes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/output.h"

typedef struct {
	char *reason_name, *class_name;
	gboolean replies, enhanced, rules;

	const RetourReason *reason; /* NULL: any */
	int klass;                  /* -1: any */
} Options;

static gboolean
take_filter(Options *options)
{
	options->klass = -1;
	for (int i = RETOUR_CLASS_NONE; i <= RETOUR_CLASS_HARD; i++) {
		if (g_strcmp0(options->class_name, retour_class_to_string((RetourClass)i)) == 0)
			options->klass = i;
	}
	if (options->class_name && options->klass < 0)
		return retour_cli_refuse(&retour_cli_codes, "there is no class '%s'",
		                         options->class_name);
	if (options->reason_name)
		options->reason = retour_reason_find(options->reason_name);
	if (options->reason_name && !options->reason)
		return retour_cli_refuse(&retour_cli_codes, "there is no reason '%s'",
		                         options->reason_name);
	return TRUE;
}

static gboolean
take_options(Options *options, int *argc, char ***argv)
{
	const GOptionEntry entries[] = {
		{ "reason", 0, 0, G_OPTION_ARG_FILENAME, &options->reason_name,
		  "Only those that mean this reason", "REASON" },
		{ "class", 0, 0, G_OPTION_ARG_FILENAME, &options->class_name,
		  "Only those of this class: hard, soft, none", "CLASS" },
		{ "replies", 0, 0, G_OPTION_ARG_NONE, &options->replies, "SMTP replies", NULL },
		{ "enhanced", 0, 0, G_OPTION_ARG_NONE, &options->enhanced, "Enhanced status codes",
		  NULL },
		{ "rules", 0, 0, G_OPTION_ARG_NONE, &options->rules,
		  "What servers say, with its meaning", NULL },
		G_OPTION_ENTRY_NULL,
	};
	if (!retour_cli_parse(&retour_cli_codes, entries, argc, argv) || !take_filter(options))
		return FALSE;
	if (*argc > 1)
		return retour_cli_refuse(&retour_cli_codes, "it takes no argument; see 'explain'");
	if (!options->replies && !options->enhanced && !options->rules)
		options->replies = options->enhanced = TRUE;
	return TRUE;
}

static gboolean
is_wanted(const Options *options, const RetourReason *reason, RetourClass at_5, RetourClass at_4)
{
	if (options->reason && reason != options->reason)
		return FALSE;
	return options->klass < 0 || (int)at_5 == options->klass || (int)at_4 == options->klass;
}

/* "hard", or "hard/soft" where class 5 and class 4 differ. */
static char *
describe_class(RetourClass at_5, RetourClass at_4)
{
	const char *word = retour_class_to_string(at_5);
	return at_5 == at_4 ? g_strdup(word)
	                    : g_strconcat(word, "/", retour_class_to_string(at_4), NULL);
}

static void
add_code(const Options *options, const RetourCode *code, GString *out)
{
	const RetourReason *reason = retour_code_get_reason(code);
	RetourClass at_5 = reason ? retour_code_get_class(code, 5) : RETOUR_CLASS_NONE;
	RetourClass at_4 = reason ? retour_code_get_class(code, 4) : RETOUR_CLASS_NONE;
	if (!is_wanted(options, reason, at_5, at_4))
		return;
	g_autofree char *klass = describe_class(at_5, at_4);
	g_string_append_printf(out, "%-8s %-10s %-22s %s\n", retour_code_get_name(code), klass,
	                       reason ? retour_reason_get_name(reason) : "-",
	                       retour_code_get_title(code));
}

static void
add_codes(const Options *options, GString *out)
{
	g_string_append(out, "CODE     CLASS      REASON                 TITLE\n");
	for (guint i = 0; i < retour_code_get_count(); i++) {
		const RetourCode *code = retour_code_get(i);
		if (retour_code_is_reply(code) ? options->replies : options->enhanced)
			add_code(options, code, out);
	}
}

static void
add_rules(const Options *options, GString *out)
{
	g_string_append(out, "RULE                                CLASS      TEXT\n");
	for (guint i = 0; i < retour_rule_get_count(); i++) {
		const RetourRule *rule = retour_rule_get(i);
		const RetourReason *reason = retour_rule_get_reason(rule);
		RetourClass at_5 = retour_reason_get_class(reason, 5);
		RetourClass at_4 = retour_reason_get_class(reason, 4);
		if (!is_wanted(options, reason, at_5, at_4))
			continue;
		g_autofree char *klass = describe_class(at_5, at_4);
		g_string_append_printf(out, "%-35s %-10s %s\n", retour_rule_get_id(rule), klass,
		                       retour_rule_get_text(rule));
	}
}

static int
run_codes(int argc, char **argv)
{
	Options options = { 0 };
	int code = RETOUR_EXIT_USAGE;
	if (take_options(&options, &argc, &argv)) {
		RetourOutput output;
		retour_output_init(&output);
		if (options.replies || options.enhanced)
			add_codes(&options, output.text);
		if (options.rules)
			add_rules(&options, output.text);
		code = retour_output_finish(&output, EXIT_SUCCESS, RETOUR_EXIT_OUTPUT);
	}
	g_free(options.reason_name);
	g_free(options.class_name);
	return code;
}

const RetourCliCommand retour_cli_codes = {
	.name = "codes",
	.arguments = "",
	.summary = "Prints the code database: replies, status codes, and what servers say",
	.description = "Without an option it prints the SMTP replies and the enhanced status "
	               "codes. X stands for the\n"
	               "class digit; 'hard/soft' is hard at class 5 and soft at class 4. A class "
	               "is that of a failure\n"
	               "whose text says nothing better.\n\n"
	               "Exit status: 0; 74 output error; 64 wrong usage.\n\n"
	               "Examples:\n"
	               "  retour codes --class hard\n"
	               "  retour codes --rules --reason mailbox-full",
	.run = run_codes,
};
