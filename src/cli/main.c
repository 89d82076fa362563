/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <retour/version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "worker/sandbox.h"

static const RetourCliCommand *const commands[] = {
	&retour_cli_read,    &retour_cli_is,    &retour_cli_print, &retour_cli_filter,
	&retour_cli_explain, &retour_cli_codes, &retour_cli_rules, &retour_cli_verp,
};

static void
print_help(FILE *out)
{
	fputs("Usage:\n  retour COMMAND [OPTION…] [ARGUMENT…]\n\n"
	      "Reads mail that came back: who failed, why, hard or soft.\n\nCommands:\n",
	      out);
	for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
		fprintf(out, "  %-9s %s\n", commands[i]->name, commands[i]->summary);
	/* Programs of their own, which this one runs. */
	fputs("\nCommands that keep a history:\n"
	      "  process   Records what came back in the ledger, decides by policy, files it away\n"
	      "  ledger    Shows and mends the ledger\n"
	      "  act       Tells list managers what was decided\n"
	      "\nA server:\n"
	      "  lmtp      Takes mail over LMTP and records it: one process for all mails\n"
	      "\nTo send somebody a mail that is read wrongly:\n"
	      "  sample    Takes out of it whom it names, so that it is judged as before\n",
	      out);
	fputs("\nOptions:\n"
	      "  --help     this text; 'retour COMMAND --help' tells more\n"
	      "  --version  the version, and what workers are kept in\n",
	      out);
}

/* What a worker is kept in here, too: an administrator has nowhere else to see it. */
static void
print_version(void)
{
	const RetourSandbox offered = retour_sandbox_probe();
	puts("retour " RETOUR_VERSION_STRING);
	printf("workers read mail with: no new privileges%s%s\n",
	       offered & RETOUR_SANDBOX_SECCOMP ? ", seccomp" : "",
	       offered & RETOUR_SANDBOX_LANDLOCK ? ", Landlock" : "");
	if (!(offered & RETOUR_SANDBOX_SECCOMP))
		puts("missing here: seccomp (Linux on x86-64 or arm64, with "
		     "CONFIG_SECCOMP_FILTER)");
	if (!(offered & RETOUR_SANDBOX_LANDLOCK))
		puts("missing here: Landlock (Linux 5.13 or later, \"landlock\" in its parameter "
		     "lsm=)");
}

/* What was asked for and could not be written is a failure. */
static int
finish(FILE *out)
{
	if (fclose(out) == 0)
		return EXIT_SUCCESS;
	retour_cli_complain("standard output: %s", g_strerror(errno));
	return RETOUR_EXIT_OUTPUT;
}

/* A standard stream that was closed would be the next file or socket that is opened. It is taken in
 * the wrong direction, so that using it fails as before. */
static void
occupy_streams(void)
{
	static const int modes[] = { O_WRONLY, O_RDONLY, O_WRONLY };
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", modes[fd]) != fd)
			exit(RETOUR_EXIT_TEMPORARY);
	}
}

/* A command that needs more than this program loads is a program of its own, "retour-WORD": beside
 * this one in the build, below libexec where it is installed. Comes back if there is none. */
static void
run_other(const char *word, char **argv)
{
	static const char *const places[] = { RETOUR_LIBEXEC, "." };
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	if (!self || !*word || word[strspn(word, "abcdefghijklmnopqrstuvwxyz-")] != '\0')
		return;
	g_autofree char *folder = g_path_get_dirname(self);
	for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
		g_autofree char *path = g_strdup_printf("%s/%s/retour-%s", folder, places[i], word);
		execv(path, argv + 1);
		if (errno != ENOENT)
			retour_cli_complain("%s: %s", path, g_strerror(errno));
	}
}

int
main(int argc, char **argv)
{
	occupy_streams();
	const char *word = argc > 1 ? argv[1] : "";
	for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
		if (strcmp(word, commands[i]->name) == 0)
			return commands[i]->run(argc - 1, argv + 1);
	}
	if (strcmp(word, "--version") == 0) {
		print_version();
		return finish(stdout);
	}
	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0) {
		print_help(stdout);
		return finish(stdout);
	}
	run_other(word, argv);
	if (argc > 1)
		retour_cli_complain("there is no command '%s'", word);
	print_help(stderr);
	return RETOUR_EXIT_USAGE;
}
