/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <sqlite3.h>

#include "ledger/ledger.h"

/* SQLite as this room uses it. */
struct RetourLedger {
	sqlite3 *db;            /* owned */
	char *path;             /* owned */
	GHashTable *statements; /* SQL text (its pointer) to sqlite3_stmt, owned */
	GHashTable *words;      /* char * to gint64 *, owned; of this transaction and before */
	gint64 seen;            /* PRAGMA data_version: another number, and others have written */
	GString *key;           /* owned; scratch */
};

/* What counts for a rise: addresses by the provider and the day of their first hard bounce. What is
 * unverified is not among it, or anybody could make an outage. */
#define RETOUR_LEDGER_IS_RISE "kind = 2 AND class = 2 AND fault = 1 AND authentic NOT IN (1, 2)"
#define RETOUR_LEDGER_RISE                                                                  \
	"INSERT INTO rise SELECT provider, time / 86400, count(*)"                          \
	" FROM (SELECT provider, min(time) AS time FROM event WHERE " RETOUR_LEDGER_IS_RISE \
	" AND undoing = 0 GROUP BY address) GROUP BY 1, 2;"

/* Sets @error from the last failure of SQLite; always FALSE. */
gboolean retour_sql_fail(const RetourLedger *ledger, GError **error);

/* The statement of a literal, ready to be bound; prepared once. NULL with @error. */
sqlite3_stmt *retour_sql_get(RetourLedger *ledger, const char *literal, GError **error);

/* 1: a row; 0: done, and the statement is reset; -1: @error is set, and it is reset. */
int retour_sql_step(RetourLedger *ledger, sqlite3_stmt *statement, GError **error);

/* Runs a statement that gives no rows. */
gboolean retour_sql_run(RetourLedger *ledger, sqlite3_stmt *statement, GError **error);
/* Runs SQL text. */
gboolean retour_sql_exec(RetourLedger *ledger, const char *sql, GError **error);

void retour_sql_bind_text(sqlite3_stmt *statement, int at, const char *text); /* NULL is null */
/* Makes an empty file that nobody else may read: it will hold addresses of people. FALSE with errno
 * set, EEXIST too. */
gboolean retour_sql_create_private(const char *path);
const char *retour_sql_text(sqlite3_stmt *statement, int column); /* until the next step */

/* The number of a word, which is added where it is new; NULL is 0. -1 with @error. */
gint64 retour_sql_word(RetourLedger *ledger, const char *word, GError **error);
