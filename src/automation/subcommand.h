/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "automation/books.h"

/* The words of "retour ledger", one file for what belongs together. */
extern const RetourCliCommand retour_ledger_show;
extern const RetourCliCommand retour_ledger_list;
extern const RetourCliCommand retour_ledger_stats;
extern const RetourCliCommand retour_ledger_export;
extern const RetourCliCommand retour_ledger_import;
extern const RetourCliCommand retour_ledger_forget_command;
extern const RetourCliCommand retour_ledger_undo_command;
extern const RetourCliCommand retour_ledger_actions;
extern const RetourCliCommand retour_ledger_check_command;
extern const RetourCliCommand retour_ledger_backup_command;

/* Beside those of cli/command.h. */
enum {
	RETOUR_EXIT_FOUND = 1, /* check has found faults; show does not know the address */
	RETOUR_EXIT_DATA = 65, /* a line of what is imported is wrong */
};

/* Parses options and opens the ledger; what it ends with if not 0 is *code. FALSE then. @n: how
 * many arguments are taken at least and at most. */
gboolean retour_subcommand_begin(const RetourCliCommand *command, RetourBooks *books,
                                 const GOptionEntry *entries, RetourLedgerMode mode, int *argc,
                                 char ***argv, int least, int most, int *code);
/* Writes @out to standard output. */
int retour_subcommand_print(const GString *out);
/* Tells standard error; gives the exit code. */
int retour_subcommand_fail(const GError *error);
/* Between what is counted and the time: "2 days", or a time; FALSE told to standard error. */
gboolean retour_subcommand_take_time(const RetourCliCommand *command, const char *option,
                                     const char *text, gint64 now, gint64 *time);
