/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/record.h>

#include "cli/command.h"

/* What a site tells of its own mail, on the command line of whatever reads mail. */
typedef struct {
	char *verp, *keys, *sent, *now_text;         /* owned; options */
	char **message_ids, **hosts, **authserv_ids; /* likewise */
	RetourOwnMail *mail;                         /* owned; NULL: nothing is known */
	gint64 now;                                  /* seconds; 0: the clock */
} RetourCliOwn;

/* What is so for every source. */
#define RETOUR_CLI_OWN_FACTS(own)                                                                 \
	{ "message-id",                                                                           \
	  0,                                                                                      \
	  0,                                                                                      \
	  G_OPTION_ARG_FILENAME_ARRAY,                                                            \
	  &(own)->message_ids,                                                                    \
	  "Your Message-IDs, as '*@lists.example'; may be given again",                           \
	  "PATTERN" },                                                                            \
	        { "sent",                                                                         \
		  0,                                                                              \
		  0,                                                                              \
		  G_OPTION_ARG_FILENAME,                                                          \
		  &(own)->sent,                                                                   \
		  "The Message-IDs that you have sent, one a line, and to whom where it is told", \
		  "FILE" },                                                                       \
	        { "own-host",                                                                     \
		  0,                                                                              \
		  0,                                                                              \
		  G_OPTION_ARG_FILENAME_ARRAY,                                                    \
		  &(own)->hosts,                                                                  \
		  "Hosts that send for you, as '*.lists.example'; may be given again",            \
		  "PATTERN" },                                                                    \
	{                                                                                         \
		"authserv-id", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &(own)->authserv_ids,           \
		        "Whose Authentication-Results are believed; may be given again", "NAME"   \
	}

#define RETOUR_CLI_OWN(own)                                                             \
	{ "verp",                                                                       \
	  0,                                                                            \
	  0,                                                                            \
	  G_OPTION_ARG_FILENAME,                                                        \
	  &(own)->verp,                                                                 \
	  "Your own return paths, as 'bounces-*-{local}={domain}@lists.example'",       \
	  "TEMPLATE" },                                                                 \
	        { "keys",                                                               \
		  0,                                                                    \
		  0,                                                                    \
		  G_OPTION_ARG_FILENAME,                                                \
		  &(own)->keys,                                                         \
		  "Keys of your signed return paths, in the form of --verp or as BATV", \
		  "FILE" },                                                             \
	        RETOUR_CLI_OWN_FACTS(own),                                              \
	{                                                                               \
		"now", 0, 0, G_OPTION_ARG_FILENAME, &(own)->now_text,                   \
		        "The time to check them by; default: the clock", "TIME"         \
	}

/* Makes @own->mail of the options. FALSE where something is wrong, of which standard error has been
 * told. */
gboolean retour_cli_load_own(const RetourCliCommand *command, RetourCliOwn *own);
/* Adds to @mail what is so for every source. */
gboolean retour_cli_add_facts(const RetourCliOwn *own, RetourOwnMail *mail, GError **error);
/* The form of return paths, what is known, and the time. */
void retour_cli_own_set(const RetourCliOwn *own, RetourOptions *options);
void retour_cli_own_clear(RetourCliOwn *own);
