/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "cli/redact.h"
#include "cli/time.h"
#include "ledger/ledger.h"
#include "settings/settings.h"

/* What the commands around the ledger have in common: options, settings, the file itself, the time.
 */
typedef struct {
	char *config, *ledger_path, *now_text, *wait_text; /* owned; options */
	char *redact, *redact_key;                         /* owned; options of those that show */
	RetourRedaction *redaction;                        /* owned; NULL: addresses are shown */
	RetourSettings *settings;                          /* owned */
	RetourLedger *ledger;                              /* owned; NULL before it is opened */
	gint64 now;                                        /* seconds */
	guint wait_ms;
	guint64 device, inode; /* of the file that is open */
} RetourBooks;

#define RETOUR_BOOKS_OPTIONS(books)                                                            \
	{ "config",                                                                            \
	  0,                                                                                   \
	  0,                                                                                   \
	  G_OPTION_ARG_FILENAME,                                                               \
	  &(books)->config,                                                                    \
	  "Settings; default: $XDG_CONFIG_HOME/retour/retour.conf or /etc/retour/retour.conf", \
	  "FILE" },                                                                            \
	        { "ledger",                                                                    \
		  0,                                                                           \
		  0,                                                                           \
		  G_OPTION_ARG_FILENAME,                                                       \
		  &(books)->ledger_path,                                                       \
		  "The ledger; default: as the settings say",                                  \
		  "FILE" },                                                                    \
	        { "now",                                                                       \
		  0,                                                                           \
		  0,                                                                           \
		  G_OPTION_ARG_FILENAME,                                                       \
		  &(books)->now_text,                                                          \
		  "The time to go by, as 2026-11-24T10:00:00Z; default: the clock",            \
		  "TIME" },                                                                    \
	{                                                                                      \
		"wait", 0, 0, G_OPTION_ARG_FILENAME, &(books)->wait_text,                      \
		        "How long to wait for others who write to the ledger; default: 10",    \
		        "SECONDS"                                                              \
	}

/* Reads time and settings; FALSE where something is wrong, of which standard error has been told.
 */
gboolean retour_books_prepare(RetourBooks *books, const RetourCliCommand *command);
/* What may be shown of an address and of a text about it; NULL of what is NULL. (transfer full) */
char *retour_books_show_address(const RetourBooks *books, const char *address);
char *retour_books_show_text(const RetourBooks *books, const char *about, const char *text);
gboolean retour_books_open(RetourBooks *books, RetourLedgerMode mode);
/* For writing, where it is not open any more, or where another file has taken its place. None is
 * made: whoever has moved it away is about to put a copy there. */
gboolean retour_books_reopen(RetourBooks *books);
void retour_books_close(RetourBooks *books);
/* Goes with the clock, unless a time to go by was given. */
void retour_books_tick(RetourBooks *books);
void retour_books_clear(RetourBooks *books);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RetourBooks, retour_books_clear)
