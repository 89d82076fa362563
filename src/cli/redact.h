/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/redact.h>

#include "cli/command.h"

/* The options of every command that shows records: what becomes of addresses, and the secret that
 * hashes them. */
#define RETOUR_CLI_REDACT(mode, key)                                                           \
	{ "redact", 0,                                                                         \
	  0,        G_OPTION_ARG_FILENAME,                                                     \
	  mode,     "Show no address: mask (l***@orchard.example), hash (needs a key), drop",  \
	  "MODE" },                                                                            \
	{                                                                                      \
		"redact-key", 0, 0, G_OPTION_ARG_FILENAME, key,                                \
		        "The secret for --redact hash; default: /etc/retour/verp.keys", "FILE" \
	}

/* @mode and @key are what the options gave, NULL where they were not given. @redaction is NULL
 * where none is asked for. FALSE where something is wrong, of which standard error has been told.
 */
gboolean retour_cli_take_redaction(const RetourCliCommand *command, const char *mode,
                                   const char *key, RetourRedaction **redaction);
