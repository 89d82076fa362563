/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/card.h"
#include "cli/command.h"
#include "cli/explanation.h"
#include "cli/output.h"
#include "cli/reading.h"
#include "cli/redact.h"
#include "cli/site.h"

typedef struct {
	RetourOutput output;
	char **folders;             /* owned */
	char *redact, *redact_key;  /* owned */
	RetourRedaction *redaction; /* owned; NULL: none */
	RetourSite *site;           /* owned */
	const char *text;           /* what is explained, if it is no file */
	gboolean input_missing;
} Run;

static void
render_file(const RetourSource *source, const RetourRecord *record, GString *out, gpointer data)
{
	const Run *run = data;
	g_autofree char *title = source->index > 0 ? g_strdup_printf("%s#%" G_GUINT64_FORMAT,
	                                                             source->name, source->index)
	                                           : g_strdup(source->name);
	retour_card_add_title(out, title);
	retour_explanation_add_record(record, run->site, out);
	g_string_append_c(out, '\n');
}

static void
render_text(const RetourSource *source, const RetourRecord *record, GString *out, gpointer data)
{
	const Run *run = data;
	gint worst = retour_record_get_worst(record);
	(void)source;
	retour_card_add_title(out, run->text);
	if (worst >= 0)
		retour_explanation_add_verdict(&record->verdicts[worst], run->site, out);
	else
		retour_card_add(out, "error", record->error);
}

static gboolean
deliver(const char *text, gsize length, const char *cause, gpointer data)
{
	Run *run = data;
	(void)cause;
	return retour_output_add(&run->output, text, length);
}

static void
note_trouble(const char *path, int error_number, gpointer data)
{
	Run *run = data;
	retour_cli_complain("%s: %s", path, g_strerror(error_number));
	run->input_missing = TRUE;
}

static int
explain_file(Run *run, const char *path)
{
	const char *const paths[] = { path, NULL };
	const RetourReading reading = { .options = { .site = run->site },
		                        .opens_mail = TRUE,
		                        .redaction = run->redaction,
		                        .render = render_file,
		                        .deliver = deliver,
		                        .data = run };
	g_autoptr(RetourIntake) intake =
	        retour_intake_new(paths, RETOUR_INTAKE_AUTO, note_trouble, run);
	if (!retour_reading_run(&reading, intake))
		return RETOUR_EXIT_TEMPORARY;
	return run->input_missing ? RETOUR_EXIT_NO_INPUT : EXIT_SUCCESS;
}

/* A server's words as the only evidence of a report, which is then read like any other: what is
 * said here is what "retour read" would say. */
static GBytes *
write_report(const char *text)
{
	g_autofree char *line = g_strdelimit(g_strdup(text), "\r\n", ' ');
	char *report = g_strdup_printf("MIME-Version: 1.0\n"
	                               "Content-Type: multipart/report; "
	                               "report-type=delivery-status; boundary=\"=_explain\"\n"
	                               "\n"
	                               "--=_explain\n"
	                               "Content-Type: message/delivery-status; charset=utf-8\n"
	                               "Content-Transfer-Encoding: 8bit\n"
	                               "\n"
	                               "Reporting-MTA: dns; localhost\n"
	                               "\n"
	                               "Final-Recipient: rfc822; recipient@example.com\n"
	                               "Action: failed\n"
	                               "Diagnostic-Code: smtp; %s\n"
	                               "\n"
	                               "--=_explain--\n",
	                               line);
	return g_bytes_new_take(report, strlen(report));
}

static int
explain_text(Run *run)
{
	const RetourReading reading = { .options = { .site = run->site },
		                        .jobs = 1,
		                        .single = TRUE,
		                        .render = render_text,
		                        .deliver = deliver,
		                        .data = run };
	g_autoptr(GBytes) report = write_report(run->text);
	return retour_reading_run_bytes(&reading, "-", report) ? EXIT_SUCCESS
	                                                       : RETOUR_EXIT_TEMPORARY;
}

/* Whoever meant a file shall not be told what its name means. */
static gboolean
looks_like_path(const char *text)
{
	return !strpbrk(text, " \t\r\n") && (strchr(text, '/') || g_str_has_suffix(text, ".eml"));
}

/* Numbers and dots are meant for a code, not for a server's words. */
static gboolean
looks_like_code(const char *text)
{
	return strpbrk(text, "0123456789") && text[strspn(text, "0123456789.xX")] == '\0';
}

static int
explain(Run *run, const char *text)
{
	run->text = text;
	if (access(text, F_OK) == 0 || strcmp(text, "-") == 0)
		return explain_file(run, text);
	if (looks_like_path(text)) {
		retour_cli_complain("%s: %s", text, g_strerror(errno));
		return RETOUR_EXIT_NO_INPUT;
	}
	if (retour_explanation_add_word(text, run->site, run->output.text))
		return EXIT_SUCCESS;
	if (looks_like_code(text)) {
		retour_cli_complain("%s: no such code: a reply is three digits from 2 to 5, as "
		                    "550; a status code is 2, 4 or 5, subject and detail, as 5.1.1",
		                    text);
		return RETOUR_EXIT_USAGE;
	}
	return explain_text(run);
}

static gboolean
has_words(char **arguments)
{
	g_autofree char *text = g_strjoinv("", arguments);
	return *g_strstrip(text) != '\0';
}

static gboolean
take_options(Run *run, int *argc, char ***argv)
{
	const GOptionEntry entries[] = { RETOUR_CLI_RULES(&run->folders),
		                         RETOUR_CLI_REDACT(&run->redact, &run->redact_key),
		                         G_OPTION_ENTRY_NULL };
	return retour_cli_parse(&retour_cli_explain, entries, argc, argv) &&
	       ((*argc > 1 && has_words(*argv + 1)) ||
	        retour_cli_refuse(&retour_cli_explain, "what?")) &&
	       retour_cli_load_site(&retour_cli_explain, run->folders, &run->site) &&
	       retour_cli_take_redaction(&retour_cli_explain, run->redact, run->redact_key,
	                                 &run->redaction);
}

static int
run_explain(int argc, char **argv)
{
	Run run = { 0 };
	int code = RETOUR_EXIT_USAGE;
	if (take_options(&run, &argc, &argv)) {
		g_autofree char *text = g_strjoinv(" ", argv + 1);
		retour_output_init(&run.output);
		code = retour_output_finish(&run.output, explain(&run, g_strstrip(text)),
		                            RETOUR_EXIT_OUTPUT);
	}
	g_strfreev(run.folders);
	g_clear_pointer(&run.site, retour_site_unref);
	g_free(run.redact);
	g_free(run.redact_key);
	retour_redaction_free(run.redaction);
	return code;
}

const RetourCliCommand retour_cli_explain = {
	.name = "explain",
	.arguments = "CODE|TEXT|FILE",
	.summary = "Tells what a code, a server's words or a message mean, and which rule says so",
	.description =
	        "What is there as a file is read as mail. A code is an SMTP reply (550) or an "
	        "enhanced status code\n"
	        "(5.1.1, X.7.26), or a group of them (4xx, x5z). A command (RCPT), a reason "
	        "(mailbox-full) and a\n"
	        "contradiction (C07) have their cards too. Anything else is taken for what a "
	        "server said.\n\n"
	        "Exit status: 0; 66 there is no such file; 74 output error; 64 wrong usage.\n\n"
	        "Examples:\n"
	        "  retour explain 5.7.26\n"
	        "  retour explain '550 5.1.1 User unknown'\n"
	        "  retour explain bounce.eml",
	.run = run_explain,
};
