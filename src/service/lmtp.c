/* SPDX-License-Identifier: BSD-2-Clause */

/* retour-lmtp: mail comes over a socket, and is answered when its record is in safety. */
#include <retour/format.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cli/redact.h"
#include "cli/site.h"
#include "lmtp/keep.h"
#include "service/service.h"

#define JOBS_MAX 256

/* A command that takes the records. Below the 10 minutes that an LMTP client waits. Milliseconds.
 */
#define COMMAND_MS (60 * 1000)

static const RetourCliCommand command;

typedef struct {
	char **listen; /* owned */
	char *output, *other, *format_name, *jobs_text;
	char *profile, *verp; /* owned, like those before */
	char **rules;         /* owned */
	char **argv;          /* the command that takes the records; NULL: the file does */
	RetourService service;
	RetourFormat format;
	char *redact, *redact_key;  /* owned */
	RetourRedaction *redaction; /* owned; NULL: none */
	RetourSite *site;           /* owned */
	/* The round that is under way; its callbacks have the options alone. */
	struct Reading *readings;
} Options;

/* What a worker has made of one delivery. */
typedef struct Reading {
	RetourLmtpDelivery *delivery;
	GString *lines; /* owned */
	RetourKind kind;
	gboolean read; /* there is a record; else its workers died */
} Reading;

static void
read_one(const RetourLmtpDelivery *delivery, GString *result, gpointer data)
{
	const Options *options = data;
	const RetourOptions how = { .sender = delivery->sender,
		                    .recipient = delivery->recipient,
		                    .verp = options->verp,
		                    .profile = options->profile,
		                    .site = options->site };
	gsize size;
	const char *mail = g_bytes_get_data(delivery->mail, &size);
	g_autoptr(RetourRecord) record = retour_record_read(mail, size, &how);
	if (options->redaction) {
		RetourRecord *redacted = retour_redaction_apply(options->redaction, record);
		retour_record_unref(record);
		record = redacted;
	}
	g_string_append_c(result, (char)record->kind);
	retour_format_append(options->format, &(RetourSource){ .size = size }, record, FALSE,
	                     result);
}

static void
take_result(guint number, const char *result, gsize length, const char *cause, gpointer data)
{
	const Options *options = data;
	Reading *reading = &options->readings[number];
	reading->lines = g_string_new(NULL);
	reading->read = !cause && length > 0 && (guchar)result[0] < RETOUR_KIND_UNREADABLE;
	if (reading->read) {
		reading->kind = (RetourKind)result[0];
		g_string_append_len(reading->lines, result + 1, (gssize)length - 1);
		return;
	}
	g_autoptr(RetourRecord) record =
	        retour_record_new_unreadable(cause ? cause : "it cannot be read");
	const RetourSource source = { .size = g_bytes_get_size(reading->delivery->mail) };
	g_autoptr(GString) recipient =
	        g_string_new(options->redaction ? NULL : reading->delivery->recipient);
	if (options->redaction)
		retour_redaction_append_address(options->redaction, reading->delivery->recipient,
		                                recipient);
	retour_cli_complain("a mail of %" G_GUINT64_FORMAT " bytes to %s: %s", source.size,
	                    recipient->str, record->error);
	reading->kind = RETOUR_KIND_UNREADABLE;
	retour_format_append(options->format, &source, record, FALSE, reading->lines);
}

/* Mail whose record tells all that matters; any other one must be kept itself. */
static gboolean
is_told_by_record(RetourKind kind)
{
	return kind == RETOUR_KIND_BOUNCE || kind == RETOUR_KIND_DELAY ||
	       kind == RETOUR_KIND_DELIVERED || kind == RETOUR_KIND_COMPLAINT ||
	       kind == RETOUR_KIND_UNSUBSCRIBE;
}

/* Before its record, which says that it is there. FALSE: it is not to be recorded. */
static gboolean
keep_mail_itself(const Options *options, Reading *reading)
{
	g_autoptr(GError) error = NULL;
	if (!reading->lines)
		return FALSE;
	if (is_told_by_record(reading->kind))
		return TRUE;
	if (!options->other)
		return reading->read;
	if (reading->delivery->cut) {
		reading->delivery->outcome = RETOUR_LMTP_TOO_LARGE;
		return FALSE;
	}
	if (retour_keep_mail(options->other, reading->delivery->mail, &error))
		return TRUE;
	retour_cli_complain("%s", error->message);
	return FALSE;
}

static void
keep_round(const Options *options, guint n)
{
	g_autoptr(GString) lines = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	g_autofree gboolean *recorded = g_new0(gboolean, n);
	for (guint i = 0; i < n; i++) {
		Reading *reading = &options->readings[i];
		recorded[i] = keep_mail_itself(options, reading);
		if (recorded[i])
			g_string_append_len(lines, reading->lines->str,
			                    (gssize)reading->lines->len);
	}
	if (lines->len > 0 &&
	    !(options->argv ? retour_keep_by_command(options->argv, lines, COMMAND_MS, &error)
	                    : retour_keep_lines(options->output, lines, &error))) {
		retour_cli_complain("%s; the mail is deferred", error->message);
		return;
	}
	for (guint i = 0; i < n; i++) {
		if (recorded[i])
			options->readings[i].delivery->outcome = RETOUR_LMTP_KEPT;
	}
}

static gboolean
keep(RetourLmtpDelivery *const *deliveries, guint n, gpointer data)
{
	Options *options = data;
	g_autofree Reading *readings = g_new0(Reading, n);
	options->readings = readings;
	for (guint i = 0; i < n; i++)
		readings[i].delivery = deliveries[i];
	retour_service_read(&options->service, deliveries, n);
	keep_round(options, n);
	for (guint i = 0; i < n; i++) {
		if (readings[i].lines)
			g_string_free(readings[i].lines, TRUE);
	}
	return TRUE;
}

static gboolean
take_jobs(Options *options)
{
	guint64 jobs = 0;
	if (options->jobs_text &&
	    !g_ascii_string_to_unsigned(options->jobs_text, 10, 1, JOBS_MAX, &jobs, NULL))
		return retour_cli_refuse(&command, "--jobs takes a number from 1 to %d", JOBS_MAX);
	options->service.jobs = (guint)jobs;
	return TRUE;
}

/* One line a message or recipient: others begin with a head, or have no lines. */
static gboolean
take_format(Options *options)
{
	options->format = RETOUR_FORMAT_JSON;
	return !options->format_name ||
	       (retour_format_parse(options->format_name, &options->format) &&
	        (options->format == RETOUR_FORMAT_JSON ||
	         options->format == RETOUR_FORMAT_RECIPIENTS)) ||
	       retour_cli_refuse(&command, "--format takes json or recipients");
}

static gboolean
take_target(Options *options, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GString) nothing = g_string_new(NULL);
	options->argv = *argv ? argv : NULL;
	if (!options->argv == !options->output)
		return retour_cli_refuse(&command, "say where the records go: --output FILE, or a "
		                                   "COMMAND behind --");
	/* What cannot work shall be known before mail comes. */
	if (options->output && !retour_keep_lines(options->output, nothing, &error))
		return retour_cli_refuse(&command, "%s", error->message);
	return TRUE;
}

static gboolean
take_options(Options *options, int *argc, char ***argv)
{
	const GOptionEntry entries[] = {
		{ "listen", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->listen,
		  "Unix socket, or 127.0.0.1:PORT; may be given again; default: what systemd "
		  "opened",
		  "ADDRESS" },
		{ "output", 0, 0, G_OPTION_ARG_FILENAME, &options->output,
		  "Append the records to this file", "FILE" },
		{ "other", 0, 0, G_OPTION_ARG_FILENAME, &options->other,
		  "Where mail itself goes that no record can stand for: letters, automatic replies",
		  "MAILDIR" },
		{ "format", 0, 0, G_OPTION_ARG_FILENAME, &options->format_name,
		  "json or recipients; default: json", "FORMAT" },
		RETOUR_SERVICE_OPTIONS(&options->service),
		{ "jobs", 0, 0, G_OPTION_ARG_FILENAME, &options->jobs_text,
		  "Read with N processes; default: one for each core", "N" },
		{ "profile", 0, 0, G_OPTION_ARG_FILENAME, &options->profile,
		  "Classify by another profile: default, rfc, sisimai, strict", "NAME" },
		{ "verp", 0, 0, G_OPTION_ARG_FILENAME, &options->verp,
		  "Your own return paths, as 'bounces-*-{local}={domain}@lists.example'",
		  "TEMPLATE" },
		RETOUR_CLI_RULES(&options->rules),
		RETOUR_CLI_REDACT(&options->redact, &options->redact_key),
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GError) error = NULL;
	if (!retour_cli_parse(&command, entries, argc, argv) || !take_jobs(options) ||
	    !retour_service_take_numbers(&options->service, &command) || !take_format(options))
		return FALSE;
	const RetourOptions check = { .profile = options->profile, .verp = options->verp };
	if (!retour_options_check(&check, &error))
		return retour_cli_refuse(&command, "%s", error->message);
	return retour_cli_load_site(&command, options->rules, &options->site) &&
	       retour_cli_take_redaction(&command, options->redact, options->redact_key,
	                                 &options->redaction) &&
	       take_target(options, *argv + 1);
}

static gboolean
open_listeners(const Options *options, GArray *listeners)
{
	g_autoptr(GError) error = NULL;
	retour_lmtp_take_activated(listeners);
	for (char **address = options->listen; address && *address; address++) {
		int fd = retour_lmtp_listen(*address, &error);
		if (fd < 0) {
			retour_cli_complain("%s", error->message);
			return FALSE;
		}
		g_array_append_val(listeners, fd);
	}
	return listeners->len > 0 ||
	       retour_cli_refuse(&command, "say where to listen: --listen ADDRESS");
}

static int
serve(Options *options)
{
	g_autoptr(GArray) listeners = g_array_new(FALSE, FALSE, sizeof(int));
	const RetourLmtpServerSettings settings = { .keep = keep, .data = options };
	signal(SIGPIPE, SIG_IGN);
	options->service.read = read_one;
	options->service.done = take_result;
	options->service.data = options;
	if (!open_listeners(options, listeners))
		return RETOUR_EXIT_TEMPORARY;
	gboolean served = retour_service_run(&options->service, listeners, &settings);
	for (char **address = options->listen; address && *address; address++)
		retour_lmtp_unlisten(*address);
	return served ? EXIT_SUCCESS : RETOUR_EXIT_TEMPORARY;
}

static int
run_lmtp(int argc, char **argv)
{
	Options options = { 0 };
	int code = take_options(&options, &argc, &argv) ? serve(&options) : RETOUR_EXIT_USAGE;
	retour_service_clear(&options.service);
	g_clear_pointer(&options.site, retour_site_unref);
	g_strfreev(options.listen);
	g_strfreev(options.rules);
	g_free(options.output);
	g_free(options.other);
	g_free(options.format_name);
	g_free(options.jobs_text);
	g_free(options.profile);
	g_free(options.verp);
	g_free(options.redact);
	g_free(options.redact_key);
	retour_redaction_free(options.redaction);
	return code;
}

static const RetourCliCommand command = {
	.name = "lmtp",
	.arguments = "[-- COMMAND [ARGUMENT…]]",
	.summary = "Takes mail over LMTP and records it: one process for all mails",
	.description =
	        "A mail is accepted (250) once its record is on the disk, or the COMMAND, which "
	        "gets "
	        "records as\n"
	        "lines on its standard input, has ended with 0 within 60 s. In any trouble it is "
	        "deferred (451).\n"
	        "Each recipient of a mail gets a record. Without --other, nothing but its record "
	        "is "
	        "kept of a mail\n"
	        "that is no bounce.\n\n"
	        "Exit status: 0 ended by SIGTERM or SIGINT; 64 wrong usage; 75 it cannot "
	        "listen.\n\n"
	        "Examples:\n"
	        "  retour lmtp --listen /run/retour/lmtp --output /var/lib/retour/records.json\n"
	        "  retour lmtp --listen 127.0.0.1:2424 -- /usr/local/bin/take-records",
	.run = run_lmtp,
};

int
main(int argc, char **argv)
{
	return command.run(argc, argv);
}
