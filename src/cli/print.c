/* SPDX-License-Identifier: BSD-2-Clause */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/own.h"
#include "cli/reading.h"
#include "cli/redact.h"
#include "cli/site.h"

/* With its line end: procmail cuts what a program prints at 2,048 bytes, Sieve at 4,096. */
#define LINE_BYTES 1999

typedef struct {
	char **fields;              /* owned */
	char *sender, *recipient;   /* owned */
	char **rules;               /* owned */
	char *redact, *redact_key;  /* owned */
	RetourRedaction *redaction; /* owned; NULL: none */
	RetourSite *site;           /* owned */
	RetourCliOwn own;
	RetourOutput output;
	gboolean answered;
} Run;

static gboolean
take_fields(Run *run, int argc, char **argv)
{
	if (argc != 2)
		return retour_cli_refuse(&retour_cli_print, "it takes one list of fields");
	run->fields = g_strsplit(argv[1], ",", -1);
	const char *const *known = retour_format_get_fields();
	for (char **field = run->fields; *field; field++) {
		if (!g_strv_contains(known, *field))
			return retour_cli_refuse(&retour_cli_print, "there is no field '%s'",
			                         *field);
	}
	return TRUE;
}

/* Values are parted by a space; one that is not there is "-", so that those behind it can be
 * counted off, and nothing at the end. */
static void
render(const RetourSource *source, const RetourRecord *record, GString *out, gpointer data)
{
	const Run *run = data;
	gsize begin = out->len, end = out->len;
	(void)source;
	for (char **field = run->fields; *field; field++) {
		if (field != run->fields)
			g_string_append_c(out, ' ');
		gsize at = out->len;
		retour_format_append_field(record, *field, out);
		if (out->len > at)
			end = out->len;
		else
			g_string_append_c(out, '-');
	}
	if (end - begin >= LINE_BYTES) {
		const char *line = out->str + begin;
		const char *cut = g_utf8_find_prev_char(line, line + LINE_BYTES);
		end = begin + (gsize)(cut ? cut - line : 0);
	}
	g_string_truncate(out, end);
	g_string_append_c(out, '\n');
}

static gboolean
deliver(const char *text, gsize length, const char *cause, gpointer data)
{
	Run *run = data;
	run->answered = !cause;
	return cause ? TRUE : retour_output_add(&run->output, text, length);
}

static int
print_fields(Run *run)
{
	RetourReading reading = { .options = { .sender = run->sender,
		                               .recipient = run->recipient,
		                               .site = run->site },
		                  .jobs = 1,
		                  .single = TRUE,
		                  .render = render,
		                  .deliver = deliver,
		                  .data = run,
		                  .redaction = run->redaction };
	g_autoptr(RetourIntake) intake = retour_intake_new(NULL, RETOUR_INTAKE_MESSAGE, NULL, NULL);
	signal(SIGPIPE, SIG_IGN);
	retour_cli_own_set(&run->own, &reading.options);
	retour_output_init(&run->output);
	gboolean read = retour_reading_run(&reading, intake) && run->answered;
	return retour_output_finish(&run->output, read ? EXIT_SUCCESS : RETOUR_EXIT_TEMPORARY,
	                            RETOUR_EXIT_TEMPORARY);
}

static int
run_print(int argc, char **argv)
{
	Run run = { 0 };
	const GOptionEntry entries[] = {
		RETOUR_CLI_ENVELOPE(&run.sender, &run.recipient),
		RETOUR_CLI_OWN(&run.own),
		RETOUR_CLI_RULES(&run.rules),
		RETOUR_CLI_REDACT(&run.redact, &run.redact_key),
		G_OPTION_ENTRY_NULL,
	};
	int code = retour_cli_parse(&retour_cli_print, entries, &argc, &argv) &&
	                           take_fields(&run, argc, argv) &&
	                           retour_cli_load_own(&retour_cli_print, &run.own) &&
	                           retour_cli_load_site(&retour_cli_print, run.rules, &run.site) &&
	                           retour_cli_take_redaction(&retour_cli_print, run.redact,
	                                                     run.redact_key, &run.redaction)
	                   ? print_fields(&run)
	                   : retour_cli_drain_and_defer();
	g_strfreev(run.fields);
	g_free(run.sender);
	g_free(run.recipient);
	g_strfreev(run.rules);
	g_clear_pointer(&run.site, retour_site_unref);
	g_free(run.redact);
	g_free(run.redact_key);
	retour_redaction_free(run.redaction);
	retour_cli_own_clear(&run.own);
	return code;
}

const RetourCliCommand retour_cli_print = {
	.name = "print",
	.arguments = "FIELD[,FIELD…]",
	.summary = "Prints fields of the message on standard input as one short line",
	.description = "The fields are those of the most serious recipient. They are parted by "
	               "spaces; one that is not\n"
	               "there is '-', or nothing at the end. The line is always shorter than 2,000 "
	               "bytes. Fields:\n"
	               "  kind class reason fault advice confidence permanence action status "
	               "status-field reply command\n"
	               "  address final-recipient original-recipient diagnostic diagnostic-type "
	               "remote-mta key because\n"
	               "  read-by never-reply message-id original-message-id date from subject "
	               "sender recipient\n"
	               "  recipients type reporting-mta envelope-id feedback-type disposition "
	               "list-id list-unsubscribe\n"
	               "  last-attempt will-retry-until error authentic\n\n"
	               "Exit status: 0, or 75 in any trouble.\n\n"
	               "Example:\n"
	               "  retour print kind,class,address <mail.eml",
	.run = run_print,
};
