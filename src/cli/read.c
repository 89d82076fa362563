/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/only.h"
#include "cli/output.h"
#include "cli/own.h"
#include "cli/progress.h"
#include "cli/reading.h"
#include "cli/redact.h"
#include "cli/site.h"

#define JOBS_MAX 256

typedef struct {
	char *format_name, *jobs_text, *sender, *recipient, *profile;
	char **rules;
	char *files_from;
	char *redact, *redact_key;
	char **only;
	gboolean explain, mbox, message, summary, null;

	RetourFormat format;
	RetourSite *site;           /* owned */
	RetourOnly *wanted;         /* owned; NULL: every record */
	RetourRedaction *redaction; /* owned; NULL: none */
	int list;                   /* descriptor of --files-from; -1 */
	RetourCliOwn own;
	guint jobs;
	gboolean piped; /* it reads standard input alone: a delivery agent may have started it */
} Options;

typedef struct {
	const Options *options;
	RetourOutput output;
	RetourProgressLine progress;
	RetourTally *tally;
	RetourIntake *intake;
	gboolean input_missing, lost;
} Run;

static gboolean
take_format(Options *options)
{
	options->format = isatty(STDOUT_FILENO) ? RETOUR_FORMAT_TABLE : RETOUR_FORMAT_JSON;
	return !options->format_name ||
	       retour_format_parse(options->format_name, &options->format) ||
	       retour_cli_refuse(&retour_cli_read, "there is no format '%s'", options->format_name);
}

/* What only the library can tell: whether there is that profile, whether a template makes sense. */
static gboolean
take_library_options(const Options *options)
{
	g_autoptr(GError) error = NULL;
	const RetourOptions check = { .profile = options->profile, .verp = options->own.verp };
	return retour_options_check(&check, &error) ||
	       retour_cli_refuse(&retour_cli_read, "%s", error->message);
}

static gboolean
take_jobs(Options *options)
{
	guint64 jobs = 0;
	if (options->jobs_text &&
	    !g_ascii_string_to_unsigned(options->jobs_text, 10, 1, JOBS_MAX, &jobs, NULL))
		return retour_cli_refuse(&retour_cli_read, "--jobs takes a number from 1 to %d",
		                         JOBS_MAX);
	options->jobs = (guint)jobs;
	return TRUE;
}

static gboolean
take_only(Options *options)
{
	g_autofree char *fault = NULL;
	if (!options->only)
		return TRUE;
	options->wanted = retour_only_new((const char *const *)options->only, &fault);
	return options->wanted || retour_cli_refuse(&retour_cli_read, "%s", fault);
}

static gboolean
take_list(Options *options, char **argv)
{
	if (!options->files_from)
		return !options->null ||
		       retour_cli_refuse(&retour_cli_read, "--null is for --files-from");
	gboolean stdin_too = strcmp(options->files_from, "-") == 0;
	for (char **path = argv + 1; stdin_too && *path; path++) {
		if (strcmp(*path, "-") == 0)
			return retour_cli_refuse(&retour_cli_read,
			                         "standard input is the list already");
	}
	options->list = stdin_too ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
	                          : open(options->files_from, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	return TRUE;
}

/* @word is "--format" or another whose value follows. */
static gboolean
wants_value(const GOptionEntry *entries, const char *word)
{
	for (; entries->long_name; entries++) {
		if (entries->arg != G_OPTION_ARG_NONE && g_str_has_prefix(word, "--") &&
		    strcmp(word + 2, entries->long_name) == 0)
			return TRUE;
	}
	return FALSE;
}

/* No path among the arguments. Where they have been @refused, options stand among them. */
static gboolean
reads_stdin_alone(const GOptionEntry *entries, gboolean refused, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		gboolean option =
		        refused && (argv[i][0] == '-' || wants_value(entries, argv[i - 1]));
		if (!option && strcmp(argv[i], "-") != 0)
			return FALSE;
	}
	return TRUE;
}

static gboolean
take_options(Options *options, int *argc, char ***argv)
{
	const GOptionEntry entries[] = {
		{ "format", 0, 0, G_OPTION_ARG_FILENAME, &options->format_name,
		  "json recipients csv tsv table headers shell dsn; default: table or json",
		  "FORMAT" },
		{ "jobs", 0, 0, G_OPTION_ARG_FILENAME, &options->jobs_text,
		  "Read with N processes; default: one for each core", "N" },
		{ "profile", 0, 0, G_OPTION_ARG_FILENAME, &options->profile,
		  "Classify by another profile: default, rfc, sisimai, strict", "NAME" },
		{ "explain", 0, 0, G_OPTION_ARG_NONE, &options->explain,
		  "Give every rule that spoke, not only the deciding one", NULL },
		RETOUR_CLI_ENVELOPE(&options->sender, &options->recipient),
		RETOUR_CLI_OWN(&options->own),
		RETOUR_CLI_RULES(&options->rules),
		RETOUR_CLI_REDACT(&options->redact, &options->redact_key),
		{ "mbox", 0, 0, G_OPTION_ARG_NONE, &options->mbox, "Take every file for an mbox",
		  NULL },
		{ "message", 0, 0, G_OPTION_ARG_NONE, &options->message,
		  "Take every file for one message", NULL },
		{ "files-from", 0, 0, G_OPTION_ARG_FILENAME, &options->files_from,
		  "Read the paths in FILE as well, one a line; '-' is standard input", "FILE" },
		{ "null", '0', 0, G_OPTION_ARG_NONE, &options->null,
		  "They are ended by NUL, as 'find -print0' has it", NULL },
		{ "only", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->only,
		  "Print only what fits: class=hard,reason=user-unknown,host-unknown", "FILTER" },
		{ "summary", 0, 0, G_OPTION_ARG_NONE, &options->summary,
		  "Print counts to standard error at the end", NULL },
		G_OPTION_ENTRY_NULL,
	};
	gboolean parsed = retour_cli_parse(&retour_cli_read, entries, argc, argv);
	options->piped = !options->files_from && reads_stdin_alone(entries, !parsed, *argc, *argv);
	if (!parsed || !take_format(options) || !take_jobs(options) ||
	    !take_library_options(options) || !take_only(options) || !take_list(options, *argv) ||
	    !retour_cli_load_own(&retour_cli_read, &options->own) ||
	    !retour_cli_load_site(&retour_cli_read, options->rules, &options->site) ||
	    !retour_cli_take_redaction(&retour_cli_read, options->redact, options->redact_key,
	                               &options->redaction))
		return FALSE;
	if (options->mbox && options->message)
		return retour_cli_refuse(&retour_cli_read,
		                         "--mbox and --message exclude each other");
	return TRUE;
}

static void
clear_options(Options *options)
{
	g_free(options->format_name);
	g_free(options->jobs_text);
	g_free(options->sender);
	g_free(options->recipient);
	g_free(options->profile);
	g_free(options->files_from);
	g_strfreev(options->only);
	g_clear_pointer(&options->wanted, retour_only_free);
	g_strfreev(options->rules);
	g_clear_pointer(&options->site, retour_site_unref);
	g_free(options->redact);
	g_free(options->redact_key);
	retour_redaction_free(options->redaction);
	retour_cli_own_clear(&options->own);
}

static void
note_trouble(const char *path, int error_number, gpointer data)
{
	Run *run = data;
	retour_progress_line_clear(&run->progress);
	retour_cli_complain("%s: %s", strcmp(path, "-") == 0 ? "standard input" : path,
	                    g_strerror(error_number));
	run->input_missing = TRUE;
}

static void
warn(const char *name, const char *error, gpointer data)
{
	Run *run = data;
	retour_progress_line_clear(&run->progress);
	retour_cli_complain("%s: unreadable: %s", strcmp(name, "-") == 0 ? "standard input" : name,
	                    error);
}

static void
render(const RetourSource *source, const RetourRecord *record, GString *out, gpointer data)
{
	const Options *options = ((const Run *)data)->options;
	g_auto(RetourExcerpt) excerpt = { 0 };
	if (options->wanted)
		record = retour_only_take(options->wanted, record, &excerpt);
	if (!record)
		return;
	retour_format_append(options->format, source, record, options->explain, out);
}

static gboolean
deliver(const char *text, gsize length, const char *cause, gpointer data)
{
	Run *run = data;
	run->lost |= cause != NULL;
	retour_progress_line_update(&run->progress, retour_tally_get_messages(run->tally),
	                            retour_tally_get_unreadable(run->tally),
	                            retour_intake_get_share(run->intake));
	return retour_output_add(&run->output, text, length);
}

static RetourIntakeMode
mode_of(const Options *options)
{
	return options->mbox      ? RETOUR_INTAKE_MBOX
	       : options->message ? RETOUR_INTAKE_MESSAGE
	                          : RETOUR_INTAKE_AUTO;
}

static int
exit_code(const Run *run, gboolean finished)
{
	if (run->options->piped)
		return finished && !run->input_missing && !run->lost ? EXIT_SUCCESS
		                                                     : RETOUR_EXIT_TEMPORARY;
	if (!finished)
		return RETOUR_EXIT_TEMPORARY;
	return run->input_missing ? RETOUR_EXIT_NO_INPUT : EXIT_SUCCESS;
}

static int
read_paths(const Options *options, char **paths)
{
	g_autoptr(RetourTally) tally = retour_tally_new();
	Run run = { .options = options, .tally = tally };
	RetourReading reading = {
		.options = { .sender = options->sender,
		             .recipient = options->recipient,
		             .profile = options->profile,
		             .site = options->site },
		.jobs = options->jobs,
		.opens_mail = !options->piped,
		.single = options->piped,
		.render = render,
		.deliver = deliver,
		.warn = warn,
		.data = &run,
		.tally = tally,
		.details = options->summary,
		.redaction = options->redaction,
	};
	retour_cli_own_set(&options->own, &reading.options);
	g_autoptr(RetourIntake) intake =
	        retour_intake_new((const char *const *)paths, mode_of(options), note_trouble, &run);
	run.intake = intake;
	if (options->list >= 0)
		retour_intake_add_list(intake, options->list, options->null ? '\0' : '\n');
	retour_output_init(&run.output);
	retour_progress_line_init(&run.progress);
	retour_format_append_head(options->format, run.output.text);
	gboolean finished = retour_reading_run(&reading, intake);
	if (!finished && !run.output.error)
		retour_cli_complain("no worker process can be started: %s", g_strerror(errno));
	retour_progress_line_clear(&run.progress);
	int code =
	        retour_output_finish(&run.output, exit_code(&run, finished),
	                             options->piped ? RETOUR_EXIT_TEMPORARY : RETOUR_EXIT_OUTPUT);
	if (options->summary)
		retour_tally_print(tally, stderr);
	return code;
}

static int
run_read(int argc, char **argv)
{
	Options options = { .list = -1 };
	int code;
	if (!take_options(&options, &argc, &argv)) {
		code = options.piped ? retour_cli_drain_and_defer() : RETOUR_EXIT_USAGE;
	} else if (options.files_from && options.list < 0) {
		retour_cli_complain("%s: %s", options.files_from, g_strerror(errno));
		code = RETOUR_EXIT_NO_INPUT;
	} else {
		if (argc == 1 && !options.files_from && isatty(STDIN_FILENO))
			retour_cli_complain("reading one message from the terminal; Ctrl-D ends it "
			                    "('retour read --help' tells more)");
		/* A delivery agent that does not listen must not see a signal. */
		if (options.piped)
			signal(SIGPIPE, SIG_IGN);
		code = read_paths(&options, argv + 1);
	}
	clear_options(&options);
	return code;
}

const RetourCliCommand retour_cli_read = {
	.name = "read",
	.arguments = "[PATH…]",
	.summary = "Reads message files, directories, Maildirs, mboxes; prints a record for each",
	.description = "Without a PATH, or for '-', one message is read from standard input. A "
	               "file is an mbox if it\n"
	               "begins with a From_ line and holds another one after an empty line.\n\n"
	               "Exit status: 0 all was read; 66 an input is missing (the others are read); "
	               "74 output error;\n"
	               "64 wrong usage. From standard input alone: 0, or 75 in any trouble.\n\n"
	               "Examples:\n"
	               "  retour read --format table --summary ~/Maildir\n"
	               "  retour read --only class=hard --format tsv ~/Maildir\n"
	               "  retour read --redact mask ~/Maildir >for-others.json\n"
	               "  find /var/mail -name '*.gz' -print0 | retour read -0 --files-from -",
	.run = run_read,
};
