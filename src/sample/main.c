/* SPDX-License-Identifier: BSD-2-Clause */

/* retour-sample: a mail that may be shown to strangers. */
#include <errno.h>
#include <retour/return-path.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "address/keys.h"
#include "base/limits.h"
#include "base/write.h"
#include "cli/command.h"
#include "cli/job.h"
#include "cli/reading.h"
#include "cli/site.h"
#include "sample/sample.h"
#include "worker/sandbox.h"
#include "worker/worker.h"

static const RetourCliCommand command;

typedef struct {
	char *key;    /* owned; option */
	char **rules; /* owned; option */
	gboolean anonymize, force;
	RetourKeys *keys; /* owned; NULL: none */
	RetourSite *site; /* owned; NULL: none */
	gboolean opens_mail;

	int code; /* what it ends with */
} Run;

/* What a worker says before the sample itself. */
enum { OUTCOME, KEPT, HEAD };
/* An outcome beyond those of sample/sample.h. */
#define UNREADABLE 'u'

static void
start(gpointer data)
{
	retour_sandbox_enter(((const Run *)data)->opens_mail);
}

static void
append_head(GString *result, char outcome, gboolean kept, const char *fault)
{
	g_string_append_c(result, outcome);
	g_string_append_c(result, kept ? 'k' : '-');
	g_string_append(result, fault);
	g_string_append_c(result, '\0');
}

static void
work(const char *job, gsize length, GString *result, gpointer data)
{
	const Run *run = data;
	RetourIntakeItem item;
	g_autoptr(GByteArray) buffer = g_byte_array_new();
	g_autoptr(GString) sample = g_string_new(NULL), fault = g_string_new(NULL);
	gboolean kept;
	retour_job_decode(job, length, &item);
	const char *cause = retour_intake_load(&item, RETOUR_LIMIT_MESSAGE + 1, FALSE, buffer);
	g_clear_pointer(&item.bytes, g_bytes_unref);
	if (cause == retour_intake_packed)
		cause = "it is packed: give it unpacked, as from zcat";
	if (!cause && buffer->len > RETOUR_LIMIT_MESSAGE)
		cause = "it is larger than what is read of a mail";
	if (!cause && buffer->len == 0)
		cause = "it is empty";
	if (cause) {
		append_head(result, UNREADABLE, FALSE, cause);
		return;
	}
	const RetourOptions options = { .site = run->site };
	RetourSampleOutcome outcome = retour_sample_make(
	        retour_span((const char *)buffer->data, buffer->len), &options,
	        run->keys ? run->keys->keys[0].secret : NULL, sample, &kept, fault);
	append_head(result, (char)('0' + outcome), kept, fault->str);
	g_string_append_len(result, sample->str, (gssize)sample->len);
}

/* FALSE: nothing is written. */
static gboolean
judge(Run *run, const char *name, char outcome, gboolean kept, const char *fault)
{
	if (outcome == UNREADABLE) {
		retour_cli_complain("%s: %s", name, fault);
		run->code = RETOUR_EXIT_NO_INPUT;
		return FALSE;
	}
	if (outcome != '0' + RETOUR_SAMPLE_SAME) {
		run->code = EXIT_FAILURE;
		retour_cli_complain("%s: %s%s", name, fault,
		                    run->force ? "" : "; nothing is written (--force writes it)");
		return run->force;
	}
	if (kept)
		retour_cli_complain("%s: the words of the returned message stay, because the "
		                    "verdict hangs on them: look at it before you show it",
		                    name);
	return TRUE;
}

static gboolean
done(const char *job, gsize job_length, const char *result, gsize length, const char *cause,
     gpointer data)
{
	Run *run = data;
	RetourIntakeItem item;
	retour_job_decode(job, job_length, &item);
	const char *name = strcmp(item.name, "-") == 0 ? "standard input" : item.name;
	if (cause || length < HEAD + 1) {
		retour_cli_complain("%s: %s", name, cause ? cause : "a worker gave nothing");
		run->code = RETOUR_EXIT_TEMPORARY;
	} else if (judge(run, name, result[OUTCOME], result[KEPT] == 'k', result + HEAD)) {
		gsize head = HEAD + strlen(result + HEAD) + 1;
		if (!retour_write_all(STDOUT_FILENO, result + head, length - head)) {
			retour_cli_complain("standard output: %s", g_strerror(errno));
			run->code = RETOUR_EXIT_OUTPUT;
		}
	}
	g_clear_pointer(&item.bytes, g_bytes_unref);
	return TRUE;
}

static void
note_trouble(const char *path, int error_number, gpointer data)
{
	retour_cli_complain("%s: %s", strcmp(path, "-") == 0 ? "standard input" : path,
	                    g_strerror(error_number));
	((Run *)data)->code = RETOUR_EXIT_NO_INPUT;
}

/* The one message of @path. */
static void
sample_path(Run *run, RetourIntake *intake)
{
	const RetourPoolSettings settings = {
		.jobs = 1,
		.deadline_ms = RETOUR_READING_DEADLINE_MS,
		.memory_limit = RETOUR_READING_MEMORY,
		.start = start,
		.work = work,
		.done = done,
		.data = run,
	};
	RetourIntakeItem item;
	g_autoptr(GString) job = g_string_new(NULL);
	g_autoptr(RetourPool) pool = retour_pool_new(&settings);
	if (!pool || !retour_intake_next(intake, &item)) {
		if (!pool)
			retour_cli_complain("no worker process can be started: %s",
			                    g_strerror(errno));
		else if (run->code == EXIT_SUCCESS)
			retour_cli_complain("there is no message");
		run->code = pool ? RETOUR_EXIT_NO_INPUT : RETOUR_EXIT_TEMPORARY;
		return;
	}
	retour_job_encode(&item, job);
	if (!retour_pool_push(pool, job->str, job->len, item.bytes) || !retour_pool_finish(pool))
		run->code = RETOUR_EXIT_TEMPORARY;
}

static gboolean
take_options(Run *run, int *argc, char ***argv)
{
	const GOptionEntry entries[] = {
		{ "anonymize", 0, 0, G_OPTION_ARG_NONE, &run->anonymize,
		  "Placeholders for whoever is named, filler for what a person wrote", NULL },
		{ "key", 0, 0, G_OPTION_ARG_FILENAME, &run->key,
		  "The same placeholders in every mail: a secret from 'retour verp rotate'",
		  "FILE" },
		{ "force", 0, 0, G_OPTION_ARG_NONE, &run->force,
		  "Write the sample even if it is not read as the original", NULL },
		RETOUR_CLI_RULES(&run->rules),
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GError) error = NULL;
	if (!retour_cli_parse(&command, entries, argc, argv))
		return FALSE;
	if (!run->anonymize)
		return retour_cli_refuse(&command,
		                         "say --anonymize: nothing else is made of a mail");
	if (*argc > 2)
		return retour_cli_refuse(&command, "it takes one message");
	run->keys = run->key ? retour_keys_read(run->key, &error) : NULL;
	if (error)
		return retour_cli_refuse(&command, "%s", error->message);
	return retour_cli_load_site(&command, run->rules, &run->site);
}

static int
run_sample(int argc, char **argv)
{
	Run run = { .code = RETOUR_EXIT_USAGE };
	signal(SIGPIPE, SIG_IGN);
	if (take_options(&run, &argc, &argv)) {
		const char *const paths[] = { argc > 1 ? argv[1] : "-", NULL };
		run.opens_mail = strcmp(paths[0], "-") != 0;
		run.code = EXIT_SUCCESS;
		g_autoptr(RetourIntake) intake =
		        retour_intake_new(paths, RETOUR_INTAKE_MESSAGE, note_trouble, &run);
		sample_path(&run, intake);
	}
	retour_keys_free(run.keys);
	g_clear_pointer(&run.site, retour_site_unref);
	g_strfreev(run.rules);
	g_free(run.key);
	return run.code;
}

static const RetourCliCommand command = {
	.name = "sample",
	.arguments = "--anonymize [PATH|-]",
	.summary = "Rewrites a message so that it can be shown to others and is judged as before",
	.description =
	        "Parts, line ends and the words of servers stay. Addresses, hosts, IP addresses, "
	        "Message-IDs and the\n"
	        "names in address fields become placeholders; subjects, bodies and files of the "
	        "returned message become\n"
	        "filler. Domains that rules look at (google.com) stay. Names that stand in free "
	        "words alone are not known:\n"
	        "look at the sample before you send it. The result is read again; where it is not "
	        "judged as the original,\n"
	        "nothing is written.\n\n"
	        "Exit status: 0; 1 another verdict, or an address is left; 64 wrong usage; 66 the "
	        "input cannot be read;\n"
	        "74 output error; 75 any other trouble.\n\n"
	        "Examples:\n"
	        "  retour sample --anonymize bounce.eml >sample.eml\n"
	        "  retour sample --anonymize --key ./verp.keys - <bounce.eml",
	.run = run_sample,
};

int
main(int argc, char **argv)
{
	return command.run(argc, argv);
}
