/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/* One file for each subcommand; main.c walks the table. */
typedef struct {
	const char *name;
	const char *arguments;   /* as the help shows them: "[PATH…]" */
	const char *summary;     /* one line */
	const char *description; /* below the options in its help */
	/* What it ends with. argv[0] is the subcommand's name. */
	int (*run)(int argc, char **argv);
} RetourCliCommand;

extern const RetourCliCommand retour_cli_read;
extern const RetourCliCommand retour_cli_is;
extern const RetourCliCommand retour_cli_print;
extern const RetourCliCommand retour_cli_filter;
extern const RetourCliCommand retour_cli_explain;
extern const RetourCliCommand retour_cli_codes;
extern const RetourCliCommand retour_cli_rules;
extern const RetourCliCommand retour_cli_verp;

/* Exit codes (sysexits.h). What a delivery agent runs ends with RETOUR_EXIT_TEMPORARY in any
 * trouble: Postfix returns the mail on any other code but 0. */
enum {
	RETOUR_EXIT_USAGE = 64,
	RETOUR_EXIT_NO_INPUT = 66,
	RETOUR_EXIT_OUTPUT = 74,
	RETOUR_EXIT_TEMPORARY = 75,
};

/* The envelope, as a delivery agent knows it: of every command that reads one mail. */
#define RETOUR_CLI_ENVELOPE(sender, recipient)                                                \
	{ "sender", 0,                                                                        \
	  0,        G_OPTION_ARG_FILENAME,                                                    \
	  sender,   "Envelope sender, as the delivery agent knows it; '' is the null sender", \
	  "ADDRESS" },                                                                        \
	{                                                                                     \
		"recipient", 0, 0, G_OPTION_ARG_FILENAME, recipient,                          \
		        "Envelope recipient, likewise", "ADDRESS"                             \
	}

/*
 * Parses the options of @command out of @argc and @argv, where the arguments stay. FALSE on wrong
 * usage, of which standard error has been told. --help prints and ends the program. Strings are
 * taken as they are (G_OPTION_ARG_FILENAME): an address in UTF-8 must pass in any locale.
 */
gboolean retour_cli_parse(const RetourCliCommand *command, const GOptionEntry *entries, int *argc,
                          char ***argv);

/* "retour: …" to standard error. */
void retour_cli_complain(const char *format, ...) G_GNUC_PRINTF(1, 2);
/* "retour NAME: …" and where help is to be had. Always FALSE. */
gboolean retour_cli_refuse(const RetourCliCommand *command, const char *format, ...)
        G_GNUC_PRINTF(2, 3);

/* Wrong usage by a delivery agent: reads all of its mail, so that it sees no write error, and gives
 * the exit code. */
int retour_cli_drain_and_defer(void);
