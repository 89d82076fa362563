/* SPDX-License-Identifier: BSD-2-Clause */

/* retour-ledger: what the ledger knows, and what is done to it by hand. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "automation/subcommand.h"

static const RetourCliCommand *const commands[] = {
	&retour_ledger_show,           &retour_ledger_list,           &retour_ledger_stats,
	&retour_ledger_actions,        &retour_ledger_export,         &retour_ledger_import,
	&retour_ledger_undo_command,   &retour_ledger_forget_command, &retour_ledger_check_command,
	&retour_ledger_backup_command,
};

static const char *
word_of(const RetourCliCommand *command)
{
	return command->name + strlen("ledger ");
}

static void
print_help(FILE *out)
{
	fputs("Usage:\n  retour ledger WORD [OPTION…] [ARGUMENT…]\n\n"
	      "What came back from each address, and what was decided.\n\nWords:\n",
	      out);
	for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
		fprintf(out, "  %-7s %s\n", word_of(commands[i]), commands[i]->summary);
	fputs("\n'retour ledger WORD --help' tells more.\n", out);
}

int
main(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";
	signal(SIGPIPE, SIG_IGN);
	for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
		if (strcmp(word, word_of(commands[i])) == 0)
			return commands[i]->run(argc - 1, argv + 1);
	}
	gboolean asked = strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
	if (argc > 1 && !asked)
		retour_cli_complain("there is no word '%s'", word);
	print_help(asked ? stdout : stderr);
	return asked ? EXIT_SUCCESS : RETOUR_EXIT_USAGE;
}
