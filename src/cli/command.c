/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/command.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "intake/intake.h"

/* A file's name may hold what a terminal obeys: controls of ASCII, and of Latin-1 in UTF-8. */
static void
disarm(char *text)
{
	for (guchar *at = (guchar *)text; *at; at++) {
		gboolean c1 = at[0] == 0xC2 && at[1] >= 0x80 && at[1] < 0xA0;
		if (*at < ' ' || *at == 0x7F || c1)
			*at = '?';
		if (c1)
			*++at = '?';
	}
}

static void G_GNUC_PRINTF(2, 0) complain(const char *prefix, const char *format, va_list arguments)
{
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	disarm(text);
	fprintf(stderr, "%s: %s\n", prefix, text);
}

void
retour_cli_complain(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	complain("retour", format, arguments);
	va_end(arguments);
}

gboolean
retour_cli_refuse(const RetourCliCommand *command, const char *format, ...)
{
	g_autofree char *prefix = g_strconcat("retour ", command->name, NULL);
	va_list arguments;
	va_start(arguments, format);
	complain(prefix, format, arguments);
	va_end(arguments);
	fprintf(stderr, "Try 'retour %s --help'.\n", command->name);
	return FALSE;
}

/* What looks like an option and was not taken as one. */
static const char *
find_unknown_option(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (argv[i][0] == '-' && argv[i][1] != '\0')
			return argv[i];
	}
	return NULL;
}

static void
drop_double_dash(int *argc, char **argv)
{
	int at = 1;
	while (at < *argc && strcmp(argv[at], "--") != 0)
		at++;
	if (at == *argc)
		return;
	memmove(argv + at, argv + at + 1, (gsize)(*argc - at) * sizeof *argv);
	--*argc;
}

/* GLib would print it in the charset of the locale, where "…" may not exist. */
static void G_GNUC_NORETURN
print_help(GOptionContext *context)
{
	g_autofree char *help = g_option_context_get_help(context, TRUE, NULL);
	fputs(help, stdout);
	exit(fflush(stdout) == 0 ? EXIT_SUCCESS : RETOUR_EXIT_OUTPUT);
}

gboolean
retour_cli_parse(const RetourCliCommand *command, const GOptionEntry *entries, int *argc,
                 char ***argv)
{
	gboolean help = FALSE;
	const GOptionEntry common[] = {
		{ "help", 'h', 0, G_OPTION_ARG_NONE, &help, "Print this text", NULL },
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GOptionContext) context = g_option_context_new(command->arguments);
	g_autoptr(GError) error = NULL;
	g_autofree char *name = g_strconcat("retour ", command->name, NULL);
	g_set_prgname(name);
	g_option_context_set_summary(context, command->summary);
	g_option_context_set_description(context, command->description);
	g_option_context_add_main_entries(context, entries, NULL);
	g_option_context_add_main_entries(context, common, NULL);
	g_option_context_set_help_enabled(context, FALSE);
	/* Unknown ones stay, so that the arguments beside them are known: whether there is a path
	 * decides over the exit code of "read". */
	g_option_context_set_ignore_unknown_options(context, TRUE);
	if (!g_option_context_parse(context, argc, argv, &error))
		return retour_cli_refuse(command, "%s", error->message);
	if (help)
		print_help(context);
	const char *unknown = find_unknown_option(*argc, *argv);
	if (unknown)
		return retour_cli_refuse(command, "unknown option %s", unknown);
	drop_double_dash(argc, *argv);
	return TRUE;
}

int
retour_cli_drain_and_defer(void)
{
	g_autoptr(GByteArray) nothing = g_byte_array_new();
	if (!isatty(STDIN_FILENO))
		retour_intake_drain(STDIN_FILENO, 0, nothing);
	return RETOUR_EXIT_TEMPORARY;
}
