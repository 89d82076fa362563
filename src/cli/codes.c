/* SPDX-License-Identifier: BSD-2-Clause */
#include <retour/format.h>
#include <stdlib.h>
#include <string.h>

#include "cli/card.h"
#include "cli/codes-filter.h"
#include "cli/command.h"
#include "cli/output.h"

typedef struct {
	char *format_name;
	gboolean replies, enhanced, rules;
	char **others; /* owned; names of sheets */
	RetourCodesFilter filter;

	gboolean table;
	RetourSheetFormat format;
	GPtrArray *sheets; /* owned; names of those asked for, NULL: all */
} Options;

static gboolean
take_format(Options *options)
{
	options->table = !options->format_name || strcmp(options->format_name, "table") == 0;
	return options->table ||
	       retour_sheet_format_parse(options->format_name, &options->format) ||
	       retour_cli_refuse(&retour_cli_codes, "there is no format '%s'",
	                         options->format_name);
}

static void
want(Options *options, const char *sheet)
{
	g_ptr_array_add(options->sheets, (gpointer)sheet);
}

/* What is shown if nothing is asked for: for programs all, for readers what fits what they filter
 * by. */
static void
want_default(Options *options)
{
	if (options->filter.provider)
		want(options, "providers");
	else if (options->filter.command)
		want(options, "commands");
	else if (options->filter.subject)
		want(options, "enhanced");
	else if (options->table || options->format == RETOUR_SHEET_FORMAT_CSV)
		want(options, "enhanced"), want(options, "replies");
	else
		g_clear_pointer(&options->sheets, g_ptr_array_unref);
}

static gboolean
take_sheets(Options *options)
{
	options->sheets = g_ptr_array_new();
	for (char **name = options->others; name && *name; name++) {
		if (!retour_sheet_find(*name))
			return retour_cli_refuse(&retour_cli_codes, "there is no table '%s'",
			                         *name);
		want(options, *name);
	}
	if (options->enhanced)
		want(options, "enhanced");
	if (options->replies)
		want(options, "replies");
	if (options->rules)
		want(options, "providers"), want(options, "phrases");
	if (options->sheets->len == 0)
		want_default(options);
	return TRUE;
}

static gboolean
take_filter(const Options *options)
{
	g_autofree char *wrong = retour_codes_filter_check(&options->filter);
	return !wrong || retour_cli_refuse(&retour_cli_codes, "%s", wrong);
}

static gboolean
take_options(Options *options, int *argc, char ***argv)
{
	RetourCodesFilter *filter = &options->filter;
	const GOptionEntry entries[] = {
		{ "format", 0, 0, G_OPTION_ARG_FILENAME, &options->format_name,
		  "table json csv markdown; default: table", "FORMAT" },
		{ "reason", 0, 0, G_OPTION_ARG_FILENAME, &filter->reason,
		  "Only those that mean this reason", "REASON" },
		{ "class", 0, 0, G_OPTION_ARG_FILENAME, &filter->klass,
		  "Only those of this class: hard, soft, none", "CLASS" },
		{ "subject", 0, 0, G_OPTION_ARG_FILENAME, &filter->subject,
		  "Only enhanced codes of this subject: 0 to 7", "DIGIT" },
		{ "command", 0, 0, G_OPTION_ARG_FILENAME, &filter->command,
		  "Only what may answer this command: RCPT", "COMMAND" },
		{ "provider", 0, 0, G_OPTION_ARG_FILENAME, &filter->provider,
		  "Only the rules for this provider: gmail", "NAME" },
		{ "replies", 0, 0, G_OPTION_ARG_NONE, &options->replies, "SMTP replies", NULL },
		{ "enhanced", 0, 0, G_OPTION_ARG_NONE, &options->enhanced, "Enhanced status codes",
		  NULL },
		{ "rules", 0, 0, G_OPTION_ARG_NONE, &options->rules,
		  "What servers say, with its meaning", NULL },
		{ "sheet", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->others,
		  "Another table; may be given again", "NAME" },
		G_OPTION_ENTRY_NULL,
	};
	if (!retour_cli_parse(&retour_cli_codes, entries, argc, argv) || !take_format(options) ||
	    !take_filter(options) || !take_sheets(options))
		return FALSE;
	return *argc == 1 ||
	       retour_cli_refuse(&retour_cli_codes, "it takes no argument; see 'explain'");
}

static gboolean
is_asked_for(const Options *options, const RetourSheet *sheet)
{
	const char *name = retour_sheet_get_name(sheet);
	/* Too many for a page, and to add one shall be a line in one file. */
	if (!options->sheets)
		return options->format != RETOUR_SHEET_FORMAT_MARKDOWN ||
		       strcmp(name, "phrases") != 0;
	return g_ptr_array_find_with_equal_func(options->sheets, name, g_str_equal, NULL);
}

static gboolean
is_wanted(const RetourSheet *sheet, guint row, gpointer data)
{
	const Options *options = data;
	return is_asked_for(options, sheet) &&
	       retour_codes_filter_wants(&options->filter, sheet, row);
}

/* ---- tables for people ---- */

/* "hard", or "hard/soft" where class 5 and class 4 differ. */
static char *
describe_class(const char *at_5, const char *at_4)
{
	return *at_4 && strcmp(at_5, at_4) != 0 ? g_strconcat(at_5, "/", at_4, NULL)
	                                        : g_strdup(at_5);
}

static void
add_code(const RetourSheet *sheet, guint row, GString *out)
{
	const char *klass = retour_sheet_get_text(sheet, row, "class");
	const char *reason = retour_sheet_get_text(sheet, row, "reason");
	g_autofree char *both =
	        *klass ? g_strdup(klass)
	               : describe_class(retour_sheet_get_text(sheet, row, "class_5"),
	                                retour_sheet_get_text(sheet, row, "class_4"));
	g_string_append_printf(out, "%-8s %-10s %-22s %s\n",
	                       retour_sheet_get_text(sheet, row, "code"), both,
	                       *reason ? reason : "-", retour_sheet_get_text(sheet, row, "title"));
}

static void
add_rule(const RetourSheet *sheet, guint row, GString *out)
{
	gboolean provider = strcmp(retour_sheet_get_name(sheet), "providers") == 0;
	const RetourReason *reason =
	        retour_reason_find(retour_sheet_get_text(sheet, row, "reason"));
	g_autofree char *id = g_strconcat(
	        provider ? "provider:" : "phrase:", retour_sheet_get_text(sheet, row, "id"), NULL);
	g_autofree char *klass =
	        describe_class(retour_class_to_string(retour_reason_get_class(reason, 5)),
	                       retour_class_to_string(retour_reason_get_class(reason, 4)));
	g_string_append_printf(out, "%-35s %-10s %s\n", id, klass,
	                       retour_sheet_get_text(sheet, row, "text"));
}

static void
add_command(const RetourSheet *sheet, guint row, GString *out)
{
	g_string_append_printf(out, "%-14s %-5s %-12s %-12s %-22s %s\n",
	                       retour_sheet_get_text(sheet, row, "command"),
	                       retour_sheet_get_text(sheet, row, "reply"),
	                       retour_sheet_get_text(sheet, row, "rfc5321"),
	                       retour_sheet_get_text(sheet, row, "rfc821"),
	                       retour_sheet_get_text(sheet, row, "extension"),
	                       retour_sheet_get_text(sheet, row, "note"));
}

/* Any other one: its rows as cards. */
static void
add_row(const RetourSheet *sheet, guint row, GString *out)
{
	retour_card_add_title(out, retour_sheet_get_cell(sheet, row, 0));
	for (guint i = 1; i < retour_sheet_get_n_columns(sheet); i++)
		retour_card_add(out, retour_sheet_get_column(sheet, i),
		                retour_sheet_get_cell(sheet, row, i));
}

#define CODE_HEAD "CODE     CLASS      REASON                 TITLE\n"
#define RULE_HEAD "RULE                                CLASS      TEXT\n"

static const struct {
	const char *sheet, *head;
	void (*add)(const RetourSheet *sheet, guint row, GString *out);
} tables[] = {
	{ "enhanced", CODE_HEAD, add_code },
	{ "replies", CODE_HEAD, add_code },
	{ "providers", RULE_HEAD, add_rule },
	{ "phrases", RULE_HEAD, add_rule },
	{ "commands",
	  "COMMAND        REPLY RFC 5321     RFC 821      EXTENSION              NOTE\n",
	  add_command },
	{ NULL, "", add_row },
};

/* A head stands once over sheets that share it. */
static void
add_sheet(const Options *options, const char *name, const char **head, GString *out)
{
	const RetourSheet *sheet = retour_sheet_find(name);
	gsize table = 0;
	while (tables[table].sheet && strcmp(tables[table].sheet, name) != 0)
		table++;
	if (*head != tables[table].head && (!*head || strcmp(*head, tables[table].head) != 0))
		g_string_append(out, tables[table].head);
	*head = tables[table].head;
	for (guint row = 0; row < retour_sheet_get_n_rows(sheet); row++) {
		if (retour_codes_filter_wants(&options->filter, sheet, row))
			tables[table].add(sheet, row, out);
	}
}

static void
add_tables(const Options *options, GString *out)
{
	const char *head = NULL;
	for (guint i = 0; i < options->sheets->len; i++)
		add_sheet(options, options->sheets->pdata[i], &head, out);
}

static int
run_codes(int argc, char **argv)
{
	Options options = { 0 };
	int code = RETOUR_EXIT_USAGE;
	if (take_options(&options, &argc, &argv)) {
		RetourOutput output;
		retour_output_init(&output);
		if (options.table)
			add_tables(&options, output.text);
		else
			retour_format_append_sheets(options.format, is_wanted, &options,
			                            output.text);
		code = retour_output_finish(&output, EXIT_SUCCESS, RETOUR_EXIT_OUTPUT);
	}
	g_clear_pointer(&options.sheets, g_ptr_array_unref);
	g_free(options.format_name);
	g_strfreev(options.others);
	retour_codes_filter_clear(&options.filter);
	return code;
}

const RetourCliCommand retour_cli_codes = {
	.name = "codes",
	.arguments = "",
	.summary = "Prints the code database: replies, status codes, and what servers say",
	.description =
	        "Without an option it prints the enhanced status codes and the SMTP replies. X "
	        "stands for the\n"
	        "class digit; 'hard/soft' is hard at class 5 and soft at class 4. A class is that "
	        "of a failure\n"
	        "whose text says nothing better. As json it prints the whole database with its "
	        "sources, as markdown\n"
	        "all but the phrases. Tables for --sheet: reasons digits replies enhanced subjects "
	        "commands\n"
	        "providers phrases pages aliases contradictions remedies.\n\n"
	        "Exit status: 0; 74 output error; 64 wrong usage.\n\n"
	        "Examples:\n"
	        "  retour codes --class hard\n"
	        "  retour codes --command RCPT\n"
	        "  retour codes --rules --reason mailbox-full\n"
	        "  retour codes --sheet aliases --format csv",
	.run = run_codes,
};
