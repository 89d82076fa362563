/* SPDX-License-Identifier: BSD-2-Clause */
#include "automation/subcommand.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/write.h"

#define DAY (24 * 60 * 60)

gboolean
retour_subcommand_begin(const RetourCliCommand *command, RetourBooks *books,
                        const GOptionEntry *entries, RetourLedgerMode mode, int *argc, char ***argv,
                        int least, int most, int *code)
{
	*code = RETOUR_EXIT_USAGE;
	if (!retour_cli_parse(command, entries, argc, argv))
		return FALSE;
	if (*argc - 1 < least || *argc - 1 > most)
		return retour_cli_refuse(command, "it takes %s",
		                         most == 0       ? "no arguments"
		                         : least == most ? "one argument"
		                                         : "at most one argument");
	if (!retour_books_prepare(books, command))
		return FALSE;
	*code = RETOUR_EXIT_TEMPORARY;
	return retour_books_open(books, mode);
}

int
retour_subcommand_print(const GString *out)
{
	if (retour_write_all(STDOUT_FILENO, out->str, out->len))
		return EXIT_SUCCESS;
	if (errno != EPIPE)
		retour_cli_complain("standard output: %s", g_strerror(errno));
	return RETOUR_EXIT_OUTPUT;
}

int
retour_subcommand_fail(const GError *error)
{
	retour_cli_complain("%s", error->message);
	return RETOUR_EXIT_TEMPORARY;
}

gboolean
retour_subcommand_take_time(const RetourCliCommand *command, const char *option, const char *text,
                            gint64 now, gint64 *time)
{
	guint64 days;
	g_auto(GStrv) words = g_strsplit(text, " ", 3);
	if (words[0] && words[1] && g_str_has_prefix(words[1], "day") && !words[2] &&
	    g_ascii_string_to_unsigned(words[0], 10, 0, 36500, &days, NULL)) {
		*time = now - (gint64)days * DAY;
		return TRUE;
	}
	return retour_time_parse(text, time) ||
	       retour_cli_refuse(command,
	                         "--%s takes a time as 2026-11-24T10:00:00Z, or \"7 days\" before "
	                         "now",
	                         option);
}
