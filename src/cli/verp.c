/* SPDX-License-Identifier: BSD-2-Clause */
#include <retour/return-path.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/time.h"

#define KEYS "/etc/retour/verp.keys"

/* Beyond the five days that a mail waits in a queue, and what a holiday adds to them. */
#define DAYS_DEFAULT 30

typedef struct Run Run;
struct Run {
	char *path, *template, *days_text, *now_text; /* owned; options */
	guint64 days;
	gint64 now;
	RetourKeys *keys;                               /* owned */
	gboolean (*act)(Run *run, const char *address); /* FALSE: output failed */
	RetourOutput output;
	gboolean refused; /* of some address */
};

static gboolean
print(Run *run, const char *line)
{
	g_autofree char *whole = g_strconcat(line, "\n", NULL);
	return retour_output_add(&run->output, whole, strlen(whole));
}

static gboolean
encode(Run *run, const char *address)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path = retour_return_path_sign(run->keys, run->template, address, run->now,
	                                                (guint)run->days, &error);
	if (path)
		return print(run, path);
	retour_cli_complain("%s", error->message);
	run->refused = TRUE;
	return TRUE;
}

static gboolean
decode(Run *run, const char *address)
{
	g_autoptr(GString) hidden = g_string_new(NULL);
	RetourSignature signature =
	        retour_return_path_check(run->keys, run->template, address, run->now, hidden);
	if (signature == RETOUR_SIGNATURE_VALID)
		return print(run, hidden->str);
	retour_cli_complain("%s: the signature is not valid: %s", address,
	                    retour_signature_to_string(signature));
	run->refused = TRUE;
	return TRUE;
}

static gboolean
check(Run *run, const char *address)
{
	g_autoptr(GString) line = g_string_new(NULL);
	g_autoptr(GString) hidden = g_string_new(NULL);
	RetourSignature signature =
	        retour_return_path_check(run->keys, run->template, address, run->now, hidden);
	run->refused |= signature != RETOUR_SIGNATURE_VALID;
	g_string_append_printf(line, "%s\t%s", retour_signature_to_string(signature), hidden->str);
	return print(run, line->str);
}

/* A line an address. */
static gboolean
read_lines(Run *run)
{
	char *line = NULL;
	size_t size = 0;
	gboolean good = TRUE;
	while (good && getline(&line, &size, stdin) >= 0) {
		char *address = g_strstrip(line);
		good = !*address || run->act(run, address);
	}
	free(line);
	return good;
}

static int
run_over(Run *run, char **addresses)
{
	g_autoptr(GError) error = NULL;
	run->keys = retour_keys_read(run->path, &error);
	if (!run->keys) {
		retour_cli_complain("%s", error->message);
		return RETOUR_EXIT_TEMPORARY;
	}
	/* A template that cannot be signed is wrong for every address. */
	g_autofree char *trial =
	        retour_return_path_sign(run->keys, run->template, "a@a.example", 0, 0, &error);
	if (!trial && g_error_matches(error, RETOUR_KEYS_ERROR, RETOUR_KEYS_ERROR_TEMPLATE)) {
		retour_cli_refuse(&retour_cli_verp, "%s", error->message);
		return RETOUR_EXIT_USAGE;
	}
	retour_output_init(&run->output);
	gboolean good = *addresses || read_lines(run);
	for (; good && *addresses; addresses++)
		good = run->act(run, *addresses);
	return retour_output_finish(&run->output, run->refused ? EXIT_FAILURE : EXIT_SUCCESS,
	                            RETOUR_EXIT_OUTPUT);
}

static int
rotate(const Run *run)
{
	g_autoptr(GError) error = NULL;
	if (retour_keys_rotate(run->path, &error))
		return EXIT_SUCCESS;
	retour_cli_complain("%s", error->message);
	return RETOUR_EXIT_TEMPORARY;
}

static gboolean
take_numbers(Run *run)
{
	run->days = DAYS_DEFAULT;
	run->now = (gint64)time(NULL);
	if (run->days_text &&
	    !g_ascii_string_to_unsigned(run->days_text, 10, 0, RETOUR_RETURN_PATH_DAYS_MAX,
	                                &run->days, NULL))
		return retour_cli_refuse(&retour_cli_verp, "--days takes a number up to %u",
		                         RETOUR_RETURN_PATH_DAYS_MAX);
	return !run->now_text || retour_time_parse(run->now_text, &run->now) ||
	       retour_cli_refuse(&retour_cli_verp, "--now takes a time as 2026-11-24T10:00:00Z");
}

static const struct {
	const char *name;
	gboolean (*act)(Run *run, const char *address);
} actions[] = { { "encode", encode }, { "decode", decode }, { "check", check } };

static int
run_action(Run *run, int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	if (!run->path)
		run->path = g_strdup(KEYS);
	if (argc == 2 && strcmp(name, "rotate") == 0)
		return rotate(run);
	for (gsize i = 0; i < G_N_ELEMENTS(actions); i++) {
		if (strcmp(actions[i].name, name) != 0)
			continue;
		run->act = actions[i].act;
		return run_over(run, argv + 2);
	}
	retour_cli_refuse(&retour_cli_verp, "encode, decode, check or rotate?");
	return RETOUR_EXIT_USAGE;
}

static int
run_verp(int argc, char **argv)
{
	Run run = { 0 };
	const GOptionEntry entries[] = {
		{ "keys", 0, 0, G_OPTION_ARG_FILENAME, &run.path, "The secrets; default: " KEYS,
		  "FILE" },
		{ "verp", 0, 0, G_OPTION_ARG_FILENAME, &run.template,
		  "Form of return path, as 'bounces+{token}-{local}={domain}@lists.example'; "
		  "default: BATV",
		  "TEMPLATE" },
		{ "days", 0, 0, G_OPTION_ARG_FILENAME, &run.days_text,
		  "How long a signature holds, up to 400; default: 30", "N" },
		{ "now", 0, 0, G_OPTION_ARG_FILENAME, &run.now_text,
		  "The time to go by, as 2026-11-24T10:00:00Z; default: the clock", "TIME" },
		G_OPTION_ENTRY_NULL,
	};
	int code = RETOUR_EXIT_USAGE;
	if (retour_cli_parse(&retour_cli_verp, entries, &argc, &argv) && take_numbers(&run))
		code = run_action(&run, argc, argv);
	retour_keys_free(run.keys);
	g_free(run.path);
	g_free(run.template);
	g_free(run.days_text);
	g_free(run.now_text);
	return code;
}

const RetourCliCommand retour_cli_verp = {
	.name = "verp",
	.arguments = "encode|decode|check|rotate [ADDRESS…]",
	.summary = "Signs return paths, so that forged bounces can be told",
	.description =
	        "Addresses are taken from the command line, or from standard input, one a line.\n\n"
	        "  encode  the return path for a recipient; without --verp, for a sender, as BATV\n"
	        "  decode  whom a return path hides, if its signature is valid\n"
	        "  check   valid, expired, unknown-key, forged or none, a tab, and whom it hides\n"
	        "  rotate  puts a new key before those of the file; makes the file\n\n"
	        "Exit status: 0; 1 an address cannot be signed or is not valid; 64 wrong usage; "
	        "74 output error;\n"
	        "75 the keys cannot be had.\n\n"
	        "Examples:\n"
	        "  retour verp rotate --keys ./verp.keys\n"
	        "  retour verp encode --verp 'news-bounces+{token}-{local}={domain}@lists.example' "
	        "<members\n"
	        "  retour verp encode --keys ./verp.keys news@lists.example",
	.run = run_verp,
};
