/* SPDX-License-Identifier: BSD-2-Clause */

/* retour-lmtp: mail comes over a socket, and is answered when its record is in safety. */
#include <errno.h>
#include <retour/format.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "cli/command.h"
#include "cli/reading.h"
#include "cli/redact.h"
#include "cli/site.h"
#include "lmtp/keep.h"
#include "lmtp/server.h"
#include "worker/sandbox.h"
#include "worker/worker.h"

#define CONNECTIONS_DEFAULT 64
#define CONNECTIONS_MAX 1024
#define JOBS_MAX 256

/* RFC 5321 4.5.3.2.7 asks a server for 5 minutes. Seconds. */
#define TIMEOUT_DEFAULT 300
#define TIMEOUT_MAX 3600

/* A command that takes the records. Below the 10 minutes that an LMTP client waits. Milliseconds.
 */
#define COMMAND_MS (60 * 1000)

/* Beside the connections: listeners, workers, files. */
#define DESCRIPTORS_MORE 300

static const RetourCliCommand command;

typedef struct {
	char **listen; /* owned */
	char *output, *other, *format_name, *connections_text, *timeout_text, *jobs_text;
	char *profile, *verp; /* owned, like those before */
	char **rules;         /* owned */
	char **argv;          /* the command that takes the records; NULL: the file does */
	guint64 connections, timeout, jobs;
	RetourFormat format;
	char *redact, *redact_key;  /* owned */
	RetourRedaction *redaction; /* owned; NULL: none */
	RetourSite *site;           /* owned */
	RetourPool *pool;           /* owned; NULL: it has to be started */
} Options;

/* What a worker has made of one delivery. */
typedef struct {
	RetourLmtpDelivery *delivery;
	GString *lines; /* owned */
	RetourKind kind;
	gboolean read; /* there is a record; else its workers died */
} Reading;

/* A round of deliveries on its way through the workers, which answer in their order. */
typedef struct {
	const Options *options;
	Reading *readings;
	guint n, n_done;
} Round;

/* The round that the pool is at: its callbacks have the options alone. */
static Round *round_now;

/* Mail comes over the socket: a worker opens none. */
static void
start(gpointer data)
{
	(void)data;
	retour_sandbox_enter(FALSE);
}

/* The addresses and the place of the mail behind them. */
static void
work(const char *job, gsize length, GString *result, gpointer data)
{
	const Options *options = data;
	const char *sender = job, *recipient = sender + strlen(sender) + 1;
	const char *mail = recipient + strlen(recipient) + 1;
	gsize size = (gsize)(job + length - mail);
	const RetourOptions how = { .sender = sender,
		                    .recipient = recipient,
		                    .verp = options->verp,
		                    .profile = options->profile,
		                    .site = options->site };
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

static gboolean
done(const char *job, gsize job_length, const char *result, gsize length, const char *cause,
     gpointer data)
{
	const Options *options = data;
	Reading *reading = &round_now->readings[round_now->n_done++];
	(void)job;
	(void)job_length;
	reading->lines = g_string_new(NULL);
	reading->read = !cause && length > 0 && (guchar)result[0] < RETOUR_KIND_UNREADABLE;
	if (reading->read) {
		reading->kind = (RetourKind)result[0];
		g_string_append_len(reading->lines, result + 1, (gssize)length - 1);
		return TRUE;
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
	return TRUE;
}

static gboolean
start_pool(Options *options)
{
	const RetourPoolSettings settings = {
		.jobs = options->jobs ? (guint)options->jobs : g_get_num_processors(),
		.deadline_ms = RETOUR_READING_DEADLINE_MS,
		.memory_limit = RETOUR_READING_MEMORY,
		.start = start,
		.work = work,
		.done = done,
		.data = options,
	};
	options->pool = options->pool ? options->pool : retour_pool_new(&settings);
	return options->pool != NULL;
}

/* Where no worker can be had what is not read is deferred, and next time it is tried anew. */
static void
read_all(Options *options, Round *round)
{
	g_autoptr(GString) job = g_string_new(NULL);
	gboolean good = start_pool(options);
	round_now = round;
	for (guint i = 0; good && i < round->n; i++) {
		const RetourLmtpDelivery *delivery = round->readings[i].delivery;
		g_string_assign(job, delivery->sender);
		g_string_append_c(job, '\0');
		g_string_append(job, delivery->recipient);
		g_string_append_c(job, '\0');
		good = retour_pool_push(options->pool, job->str, job->len, delivery->mail);
	}
	if (good && retour_pool_finish(options->pool))
		return;
	retour_cli_complain("no worker process can be started: %s", g_strerror(errno));
	g_clear_pointer(&options->pool, retour_pool_free);
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
keep_round(const Options *options, Round *round)
{
	g_autoptr(GString) lines = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	g_autofree gboolean *recorded = g_new0(gboolean, round->n);
	for (guint i = 0; i < round->n; i++) {
		recorded[i] = keep_mail_itself(options, &round->readings[i]);
		if (recorded[i])
			g_string_append_len(lines, round->readings[i].lines->str,
			                    (gssize)round->readings[i].lines->len);
	}
	if (lines->len > 0 &&
	    !(options->argv ? retour_keep_by_command(options->argv, lines, COMMAND_MS, &error)
	                    : retour_keep_lines(options->output, lines, &error))) {
		retour_cli_complain("%s; the mail is deferred", error->message);
		return;
	}
	for (guint i = 0; i < round->n; i++) {
		if (recorded[i])
			round->readings[i].delivery->outcome = RETOUR_LMTP_KEPT;
	}
}

static void
keep(RetourLmtpDelivery *const *deliveries, guint n, gpointer data)
{
	Options *options = data;
	g_autofree Reading *readings = g_new0(Reading, n);
	Round round = { .options = options, .readings = readings, .n = n };
	for (guint i = 0; i < n; i++)
		readings[i].delivery = deliveries[i];
	read_all(options, &round);
	keep_round(options, &round);
	for (guint i = 0; i < n; i++) {
		if (readings[i].lines)
			g_string_free(readings[i].lines, TRUE);
	}
}

static gboolean
take_number(const char *option, const char *text, guint64 most, guint64 *number)
{
	return !text || g_ascii_string_to_unsigned(text, 10, 1, most, number, NULL) ||
	       retour_cli_refuse(&command, "--%s takes a number from 1 to %d", option, (int)most);
}

static gboolean
take_numbers(Options *options)
{
	options->connections = CONNECTIONS_DEFAULT;
	options->timeout = TIMEOUT_DEFAULT;
	return take_number("connections", options->connections_text, CONNECTIONS_MAX,
	                   &options->connections) &&
	       take_number("timeout", options->timeout_text, TIMEOUT_MAX, &options->timeout) &&
	       take_number("jobs", options->jobs_text, JOBS_MAX, &options->jobs);
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
		{ "connections", 0, 0, G_OPTION_ARG_FILENAME, &options->connections_text,
		  "At once; default: 64", "N" },
		{ "timeout", 0, 0, G_OPTION_ARG_FILENAME, &options->timeout_text,
		  "For one command or one mail to come whole; default: 300", "SECONDS" },
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
	if (!retour_cli_parse(&command, entries, argc, argv) || !take_numbers(options) ||
	    !take_format(options))
		return FALSE;
	const RetourOptions check = { .profile = options->profile, .verp = options->verp };
	if (!retour_options_check(&check, &error))
		return retour_cli_refuse(&command, "%s", error->message);
	return retour_cli_load_site(&command, options->rules, &options->site) &&
	       retour_cli_take_redaction(&command, options->redact, options->redact_key,
	                                 &options->redaction) &&
	       take_target(options, *argv + 1);
}

/* Without a descriptor for it a connection would wait for ever. */
static gboolean
allow_descriptors(const Options *options)
{
	struct rlimit limit;
	rlim_t needed = options->connections + DESCRIPTORS_MORE;
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < needed) {
		limit.rlim_cur = MIN(needed, limit.rlim_max);
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	if (limit.rlim_cur >= needed)
		return TRUE;
	retour_cli_complain("%d connections need %d file descriptors: raise the limit (ulimit -n, "
	                    "LimitNOFILE=) or lower --connections",
	                    (int)options->connections, (int)needed);
	return FALSE;
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
	const RetourLmtpServerSettings settings = {
		.connections = (guint)options->connections,
		.timeout_ms = (guint)options->timeout * 1000,
		.keep = keep,
		.data = options,
	};
	signal(SIGPIPE, SIG_IGN);
	if (!allow_descriptors(options) || !open_listeners(options, listeners))
		return RETOUR_EXIT_TEMPORARY;
	retour_lmtp_serve(&settings, listeners);
	for (char **address = options->listen; address && *address; address++)
		retour_lmtp_unlisten(*address);
	return EXIT_SUCCESS;
}

static int
run_lmtp(int argc, char **argv)
{
	Options options = { 0 };
	int code = take_options(&options, &argc, &argv) ? serve(&options) : RETOUR_EXIT_USAGE;
	g_clear_pointer(&options.pool, retour_pool_free);
	g_clear_pointer(&options.site, retour_site_unref);
	g_strfreev(options.listen);
	g_strfreev(options.rules);
	g_free(options.output);
	g_free(options.other);
	g_free(options.format_name);
	g_free(options.connections_text);
	g_free(options.timeout_text);
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
