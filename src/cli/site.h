/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/site.h>

#include "cli/command.h"

/* The option --rules of every command that reads or explains. */
#define RETOUR_CLI_RULES(folders)                                                               \
	{                                                                                       \
		"rules", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, folders,                            \
		        "Rules of your own, beside those of /etc/retour/rules.d; may be given " \
		        "again",                                                                \
		        "DIR"                                                                   \
	}

/* Loads the site's own rules: those of /etc/retour/rules.d and $XDG_CONFIG_HOME/retour/rules.d
 * where they exist, then those of @folders (nullable). @site is NULL where there are none: then
 * nothing has been read. FALSE where something is wrong, of which standard error has been told. */
gboolean retour_cli_load_site(const RetourCliCommand *command, char **folders, RetourSite **site);
