/* SPDX-License-Identifier: BSD-2-Clause */

/* retour-process: the unattended run. It ends with 0 or 75, whatever happens. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "automation/batch.h"
#include "automation/file-away.h"
#include "automation/serve.h"
#include "cli/own.h"
#include "cli/reading.h"
#include "cli/site.h"

#define BATCH_DEFAULT 1000
#define BATCH_MAX 100000
#define JOBS_MAX 256

/* How often a server looks for what has run out. Seconds. */
#define REVIEW_DEFAULT 60
#define REVIEW_MAX 86400

static const RetourCliCommand command;

typedef struct {
	RetourBooks books;
	char *jobs_text, *batch_text, *profile, *verp, *file, *other, *keys, *require; /* owned */
	char *review_text;                                                             /* owned */
	char **rules;                                                                  /* owned */
	RetourCliOwn own;
	RetourSite *site; /* owned; NULL: none */
	gboolean check, dry, verbose, serve;
	guint jobs, batch, review;
	RetourServe server;
	gboolean missing; /* a source or a mail cannot be read; standard error has been told */
} Options;

/* Reading one source, in the parent; the settings also in the workers. */
typedef struct {
	Options *options;
	RetourEntryRule rule;
	RetourBatch batch;
} Run;

static void
note_trouble(const char *path, int error_number, gpointer data)
{
	Options *options = data;
	/* A mail that has gone meanwhile was another's. */
	if (error_number == ENOENT && retour_file_is_maildir_mail(path))
		return;
	retour_cli_complain("%s: %s", path, g_strerror(error_number));
	options->missing = TRUE;
}

static void
render(const RetourSource *source, const RetourRecord *record, GString *out, gpointer data)
{
	const Run *run = data;
	retour_entry_write(&run->rule, source, record, out);
}

static gboolean
deliver(const char *text, gsize length, const char *cause, gpointer data)
{
	Run *run = data;
	(void)cause;
	RetourEntry *entry = retour_entry_read(text, length, run->options->books.now);
	if (entry)
		return retour_batch_add(&run->batch, entry);
	retour_cli_complain("a worker gave no record: its mail stays where it is");
	run->batch.failed = TRUE;
	return FALSE;
}

/* Of a Maildir what is new: what lies in cur has been seen. */
static char *
path_to_read(const RetourSourceSettings *source)
{
	g_autofree char *new = g_build_filename(source->path, "new", NULL);
	g_autofree char *cur = g_build_filename(source->path, "cur", NULL);
	gboolean maildir =
	        g_file_test(new, G_FILE_TEST_IS_DIR) && g_file_test(cur, G_FILE_TEST_IS_DIR);
	return maildir ? g_steal_pointer(&new) : g_strdup(source->path);
}

static gboolean
make_targets(const Options *options, const RetourSourceSettings *source)
{
	const char *targets[] = { source->file, source->other };
	for (gsize i = 0; i < G_N_ELEMENTS(targets) && !options->dry; i++) {
		if (targets[i] && strcmp(targets[i], "cur") != 0 &&
		    !retour_file_make_target(targets[i])) {
			retour_cli_complain("%s: %s", targets[i], g_strerror(errno));
			return FALSE;
		}
	}
	return TRUE;
}

static gboolean
add_facts(const Options *options, RetourOwnMail *own, GError **error)
{
	const RetourSettings *settings = options->books.settings;
	for (guint i = 0; i < settings->facts->len; i++) {
		const RetourFactSettings *fact = g_ptr_array_index(settings->facts, i);
		if (retour_own_mail_add(own, fact->fact, fact->value, error))
			continue;
		g_prefix_error(error, "%s:%u: ", settings->file, fact->line);
		return FALSE;
	}
	return retour_cli_add_facts(&options->own, own, error);
}

/* A form that cannot be signed would let nothing through. */
static gboolean
add_keys(const Options *options, const RetourSourceSettings *source, RetourOwnMail *own,
         GError **error)
{
	const RetourSettings *settings = options->books.settings;
	if (!source->keys)
		return TRUE;
	if (retour_own_mail_add(own, RETOUR_OWN_MAIL_KEYS, source->keys, error) &&
	    (!source->verp ||
	     retour_own_mail_add(own, RETOUR_OWN_MAIL_RETURN_PATH, source->verp, error)) &&
	    retour_own_mail_check(own, error))
		return TRUE;
	if (source->line > 0)
		g_prefix_error(error, "%s:%u: ", settings->file, source->line);
	return FALSE;
}

/* What is known of the mail whose bounces come to that source. NULL with @error. (transfer full) */
static RetourOwnMail *
load_own(const Options *options, const RetourSourceSettings *source, GError **error)
{
	g_autoptr(RetourOwnMail) own = retour_own_mail_new();
	return add_keys(options, source, own, error) && add_facts(options, own, error)
	               ? g_steal_pointer(&own)
	               : NULL;
}

static gboolean
read_source(Options *options, const RetourSourceSettings *source)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(RetourOwnMail) own = load_own(options, source, &error);
	if (!own) {
		retour_cli_complain("%s", error->message);
		return FALSE;
	}
	Run run = { .options = options,
		    .rule = { options->books.settings, source->keys != NULL },
		    .batch = { .books = &options->books,
		               .source = source,
		               .size = options->batch,
		               .dry = options->dry,
		               .verbose = options->verbose } };
	const RetourReading reading = {
		.options = { .profile = source->profile,
		             .verp = source->verp,
		             .site = options->site,
		             .own = own,
		             .now = options->books.now },
		.jobs = options->jobs,
		.opens_mail = TRUE,
		.render = render,
		.deliver = deliver,
		.data = &run,
	};
	g_autofree char *path = path_to_read(source);
	const char *paths[] = { path, NULL };
	if (!make_targets(options, source))
		return FALSE;
	g_autoptr(RetourIntake) intake =
	        retour_intake_new(paths, RETOUR_INTAKE_AUTO, note_trouble, options);
	retour_batch_init(&run.batch);
	gboolean finished = retour_reading_run(&reading, intake);
	if (!finished && !run.batch.failed)
		retour_cli_complain("no worker process can be started: %s", g_strerror(errno));
	gboolean good = retour_batch_flush(&run.batch) && finished && !run.batch.failed;
	options->missing |= run.batch.unreadable > 0;
	retour_batch_clear(&run.batch);
	return good;
}

static gboolean
review(Options *options)
{
	RetourBatch batch = { .books = &options->books, .dry = options->dry };
	retour_batch_init(&batch);
	gboolean good = retour_batch_review(&batch);
	retour_batch_clear(&batch);
	return good;
}

/* Those over LMTP are served by a run of its own, all others are read. FALSE: there is none, of
 * which standard error has been told. */
static gboolean
select_sources(const Options *options)
{
	GPtrArray *sources = options->books.settings->sources;
	for (guint i = sources->len; i > 0; i--) {
		const RetourSourceSettings *source = sources->pdata[i - 1];
		if ((retour_source_settings_get_lmtp(source) != NULL) != options->serve)
			g_ptr_array_remove_index(sources, i - 1);
	}
	if (sources->len == 0)
		retour_cli_complain(
		        options->serve
		                ? "there is no source to serve: name one as lmtp:/run/retour/lmtp, "
		                  "or write \"Source: lmtp:/run/retour/lmtp\" into the settings"
		                : "there is no source: name one, or write \"Source: /path\" into "
		                  "the settings");
	return sources->len > 0;
}

static gboolean
add_door(Options *options, const RetourSourceSettings *source)
{
	g_autoptr(GError) error = NULL;
	RetourOwnMail *own = load_own(options, source, &error);
	if (own)
		retour_serve_add(&options->server, source, own);
	else
		retour_cli_complain("%s", error->message);
	return own && make_targets(options, source);
}

static gboolean
serve_sources(Options *options)
{
	const GPtrArray *sources = options->books.settings->sources;
	RetourServe *server = &options->server;
	server->books = &options->books;
	server->site = options->site;
	server->verbose = options->verbose;
	server->review_s = options->review;
	server->service.jobs = options->jobs;
	gboolean good = select_sources(options);
	for (guint i = 0; good && i < sources->len; i++)
		good = add_door(options, g_ptr_array_index(sources, i));
	return good && retour_books_open(&options->books, RETOUR_LEDGER_CREATE) &&
	       retour_serve_run(server);
}

static gboolean
read_sources(Options *options)
{
	const GPtrArray *sources = options->books.settings->sources;
	if (!select_sources(options))
		return FALSE;
	gboolean good = retour_books_open(&options->books,
	                                  options->dry ? RETOUR_LEDGER_COPY : RETOUR_LEDGER_CREATE);
	for (guint i = 0; good && i < sources->len; i++)
		good = read_source(options, g_ptr_array_index(sources, i));
	good = good && review(options);
	return good && !options->missing;
}

/* Always FALSE. */
static gboolean
complain_of(const RetourSourceSettings *source, const char *file, const char *what)
{
	if (file)
		retour_cli_complain("%s:%u: %s", file, source->line, what);
	else
		retour_cli_complain("%s", what);
	return FALSE;
}

/* Mail is renamed to its target, which must be on the same file system then; what comes over LMTP
 * is written there. */
static gboolean
check_target(const RetourSourceSettings *source, const char *target, const char *file)
{
	struct stat there, here;
	if (!target || strcmp(target, "cur") == 0)
		return TRUE;
	g_autofree char *folder = g_strdup(target);
	while (stat(folder, &there) != 0 && errno == ENOENT && strcmp(folder, "/") != 0) {
		g_autofree char *inner = folder;
		folder = g_path_get_dirname(inner);
	}
	g_autofree char *what = NULL;
	if (access(folder, W_OK) != 0)
		what = g_strdup_printf("%s: %s: %s: make it, or let us write there", target, folder,
		                       g_strerror(errno));
	else if (!retour_source_settings_get_lmtp(source) && stat(source->path, &here) == 0 &&
	         S_ISDIR(here.st_mode) && here.st_dev != there.st_dev)
		what = g_strdup_printf("%s is on another file system than %s: mail cannot be moved "
		                       "there: name one on the same",
		                       target, source->path);
	return !what || complain_of(source, file, what);
}

/* A policy that asks for what nobody can tell would count nothing. */
static gboolean
check_need(const Options *options, const RetourSourceSettings *source, const char *file)
{
	const RetourSettings *settings = options->books.settings;
	const RetourPolicy *policy = settings->policy;
	for (guint i = 0; i < settings->lists->len; i++) {
		const RetourListSettings *list = g_ptr_array_index(settings->lists, i);
		if (list->own && retour_policy_needs_knowledge(list->policy))
			policy = list->policy;
	}
	if (!retour_policy_needs_knowledge(policy))
		return TRUE;
	g_autofree char *what =
	        g_strdup_printf("%s: policy %s requires authentic mail, and nothing is known of "
	                        "yours: add Keys, Message-ID, Sent, Own host or Authserv-Id",
	                        source->path, retour_policy_get_name(policy));
	return complain_of(source, file, what);
}

/* What the settings alone cannot tell. */
static gboolean
check_source(const Options *options, const RetourSourceSettings *source, const char *file)
{
	g_autoptr(GError) error = NULL, fault = NULL, misplaced = NULL;
	const RetourOptions reading = { .profile = source->profile, .verp = source->verp };
	const char *lmtp = retour_source_settings_get_lmtp(source);
	gboolean good =
	        retour_options_check(&reading, &error) || complain_of(source, file, error->message);
	g_autoptr(RetourOwnMail) own = load_own(options, source, &fault);
	if (!own) {
		/* It has its place. */
		retour_cli_complain("%s", fault->message);
		good = FALSE;
	} else if (retour_own_mail_is_empty(own)) {
		good &= check_need(options, source, file);
	}
	if (lmtp && !retour_lmtp_check_address(lmtp, &misplaced))
		good = complain_of(source, file, misplaced->message);
	if (!lmtp && strcmp(source->path, "-") != 0 && access(source->path, R_OK) != 0) {
		g_autofree char *what =
		        g_strdup_printf("%s: %s: see that it is there and may be read",
		                        source->path, g_strerror(errno));
		good = complain_of(source, file, what);
	}
	good &= check_target(source, source->file, file);
	return check_target(source, source->other, file) && good;
}

static gboolean
check_ledger(RetourBooks *books)
{
	if (g_file_test(books->settings->ledger, G_FILE_TEST_EXISTS))
		return retour_books_open(books, RETOUR_LEDGER_READ);
	g_autofree char *folder = g_path_get_dirname(books->settings->ledger);
	if (!books->settings->file || access(folder, W_OK) == 0)
		return TRUE;
	retour_cli_complain("%s: %s: make the folder of the ledger, or let us write there", folder,
	                    g_strerror(errno));
	return FALSE;
}

static gboolean
check(Options *options)
{
	g_autoptr(GString) out = g_string_new(NULL);
	const RetourSettings *settings = options->books.settings;
	retour_settings_explain(settings, out);
	fputs(out->str, stdout);
	gboolean good = fflush(stdout) == 0;
	for (guint i = 0; i < settings->sources->len; i++)
		good &= check_source(options, g_ptr_array_index(settings->sources, i),
		                     settings->file);
	return check_ledger(&options->books) && good;
}

static gboolean
check_way(const Options *options, const RetourSourceSettings *source)
{
	const gboolean lmtp = retour_source_settings_get_lmtp(source) != NULL;
	const char *what = retour_source_settings_check(source);
	if (what)
		return retour_cli_refuse(&command, "%s: %s", source->path, what);
	return lmtp == options->serve || options->check ||
	       retour_cli_refuse(&command,
	                         lmtp ? "%s is served, not read: add --serve"
	                              : "%s is read, not served: take --serve out",
	                         source->path);
}

/* Sources of the command line take the place of those of the settings. */
static gboolean
take_paths(Options *options, char **paths)
{
	GPtrArray *sources = options->books.settings->sources;
	gboolean good = TRUE;
	if (*paths)
		g_ptr_array_set_size(sources, 0);
	for (; *paths; paths++) {
		RetourSourceSettings *source = retour_source_settings_new(*paths);
		source->profile = g_strdup(options->profile);
		source->verp = g_strdup(options->verp);
		source->keys = g_strdup(options->keys);
		if (options->file) {
			g_free(source->file);
			source->file = strcmp(options->file, "leave") == 0
			                       ? NULL
			                       : g_strdup(options->file);
		}
		source->other = options->other && strcmp(options->other, "leave") != 0
		                        ? g_strdup(options->other)
		                        : NULL;
		g_ptr_array_add(sources, source);
		good &= check_source(options, source, NULL) && check_way(options, source);
	}
	return good;
}

static gboolean
take_numbers(Options *options)
{
	guint64 jobs = 0, batch = BATCH_DEFAULT, review = REVIEW_DEFAULT;
	if (options->jobs_text &&
	    !g_ascii_string_to_unsigned(options->jobs_text, 10, 1, JOBS_MAX, &jobs, NULL))
		return retour_cli_refuse(&command, "--jobs takes a number from 1 to %d", JOBS_MAX);
	if (options->batch_text &&
	    !g_ascii_string_to_unsigned(options->batch_text, 10, 1, BATCH_MAX, &batch, NULL))
		return retour_cli_refuse(&command, "--batch takes a number from 1 to %d",
		                         BATCH_MAX);
	if (options->review_text &&
	    !g_ascii_string_to_unsigned(options->review_text, 10, 1, REVIEW_MAX, &review, NULL))
		return retour_cli_refuse(&command, "--review takes seconds, from 1 to %d",
		                         REVIEW_MAX);
	if (options->serve && options->dry)
		return retour_cli_refuse(&command,
		                         "--dry-run reads what is there: it cannot serve");
	options->review = (guint)review;
	options->jobs = (guint)jobs;
	options->batch = (guint)batch;
	return TRUE;
}

static gboolean
take_level(Options *options)
{
	RetourAuthentic level;
	if (!options->require)
		return TRUE;
	if (!retour_authentic_parse(options->require, &level))
		return retour_cli_refuse(&command, "--require-authentic takes verified, plausible, "
		                                   "unverified or suspicious");
	retour_policies_require(options->books.settings->policies, level);
	return TRUE;
}

static gboolean
take_options(Options *options, int *argc, char ***argv)
{
	const GOptionEntry entries[] = {
		RETOUR_BOOKS_OPTIONS(&options->books),
		RETOUR_CLI_REDACT(&options->books.redact, &options->books.redact_key),
		{ "check", 0, 0, G_OPTION_ARG_NONE, &options->check,
		  "Explain the settings, find their mistakes, and do nothing else", NULL },
		{ "dry-run", 0, 0, G_OPTION_ARG_NONE, &options->dry,
		  "Say what would happen, and change nothing", NULL },
		{ "verbose", 0, 0, G_OPTION_ARG_NONE, &options->verbose,
		  "Print a line for each mail as well", NULL },
		{ "jobs", 0, 0, G_OPTION_ARG_FILENAME, &options->jobs_text,
		  "Read with N processes; default: one for each core", "N" },
		{ "batch", 0, 0, G_OPTION_ARG_FILENAME, &options->batch_text,
		  "Mails to one transaction; default: 1000", "N" },
		{ "profile", 0, 0, G_OPTION_ARG_FILENAME, &options->profile,
		  "Classify by another profile: default, rfc, sisimai, strict", "NAME" },
		{ "verp", 0, 0, G_OPTION_ARG_FILENAME, &options->verp,
		  "Your own return paths, as 'bounces-*-{local}={domain}@lists.example'",
		  "TEMPLATE" },
		{ "keys", 0, 0, G_OPTION_ARG_FILENAME, &options->keys,
		  "Count only what came to return paths signed by these keys", "FILE" },
		{ "file", 0, 0, G_OPTION_ARG_FILENAME, &options->file,
		  "Where mail goes that was recorded: cur (default), leave, or a Maildir",
		  "WHERE" },
		{ "other", 0, 0, G_OPTION_ARG_FILENAME, &options->other,
		  "Where other mail goes: leave (default), cur, or a Maildir", "WHERE" },
		{ "serve", 0, 0, G_OPTION_ARG_NONE, &options->serve,
		  "Serve the sources over LMTP (lmtp:ADDRESS) until SIGTERM, and read no others",
		  NULL },
		{ "review", 0, 0, G_OPTION_ARG_FILENAME, &options->review_text,
		  "Of a server: how often to look for what has run out; default: 60", "SECONDS" },
		RETOUR_SERVICE_OPTIONS(&options->server.service),
		RETOUR_CLI_OWN_FACTS(&options->own),
		{ "require-authentic", 0, 0, G_OPTION_ARG_FILENAME, &options->require,
		  "Count only what is so or better: verified, plausible, unverified, suspicious",
		  "LEVEL" },
		RETOUR_CLI_RULES(&options->rules),
		G_OPTION_ENTRY_NULL,
	};
	return retour_cli_parse(&command, entries, argc, argv) && take_numbers(options) &&
	       retour_service_take_numbers(&options->server.service, &command) &&
	       retour_cli_load_site(&command, options->rules, &options->site) &&
	       retour_books_prepare(&options->books, &command) && take_level(options) &&
	       take_paths(options, *argv + 1);
}

static void
clear(Options *options)
{
	retour_serve_clear(&options->server);
	retour_books_clear(&options->books);
	g_free(options->jobs_text);
	g_free(options->batch_text);
	g_free(options->review_text);
	g_free(options->profile);
	g_free(options->verp);
	g_free(options->keys);
	g_free(options->require);
	g_free(options->file);
	g_free(options->other);
	g_strfreev(options->rules);
	g_clear_pointer(&options->site, retour_site_unref);
	retour_cli_own_clear(&options->own);
}

/* What came over standard input must not be cut off, or its sender sees a failure of its own. */
static gboolean
reads_stdin(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-") == 0)
			return TRUE;
	}
	return FALSE;
}

static int
run_process(int argc, char **argv)
{
	Options options = { 0 };
	retour_serve_init(&options.server);
	gboolean piped = reads_stdin(argc, argv);
	signal(SIGPIPE, SIG_IGN);
	gboolean good =
	        take_options(&options, &argc, &argv) && (options.check   ? check(&options)
	                                                 : options.serve ? serve_sources(&options)
	                                                                 : read_sources(&options));
	clear(&options);
	if (!good && piped)
		return retour_cli_drain_and_defer();
	return good ? EXIT_SUCCESS : RETOUR_EXIT_TEMPORARY;
}

static const RetourCliCommand command = {
	.name = "process",
	.arguments = "[SOURCE…]",
	.summary =
	        "Reads what came back, records it in the ledger, decides by policy, files it away",
	.description =
	        "A SOURCE is a Maildir, of which new mail is read, an mbox, a file or '-' for "
	        "standard "
	        "input;\n"
	        "with --serve it is lmtp:ADDRESS, a Unix socket or 127.0.0.1:PORT at which mail is "
	        "taken over LMTP;\n"
	        "without one, those of the settings are read. Each change of a decision is printed "
	        "as "
	        "a line of\n"
	        "JSON. A run may be killed at any moment and run twice at once: nothing is done "
	        "twice, and no\n"
	        "mail is deleted.\n\n"
	        "Exit status: 0, or 75 in any trouble, of which standard error tells.\n\n"
	        "Examples:\n"
	        "  retour process --check\n"
	        "  retour process --dry-run ~/Maildir\n"
	        "  retour process --ledger ~/ledger.db ~/Maildir\n"
	        "  retour process --serve --other ~/Maildir lmtp:/run/retour/lmtp",
	.run = run_process,
};

int
main(int argc, char **argv)
{
	return command.run(argc, argv);
}
