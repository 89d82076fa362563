/* SPDX-License-Identifier: BSD-2-Clause */
#include "ledger/sql.h"

G_DEFINE_QUARK(retour - ledger - error - quark, retour_ledger_error)

/* The log of another file, left by somebody killed, would be written into the copy. */
#define PUT_COPY                                                                              \
	"take it away with its companions -wal and -shm, while nothing runs, and put a copy " \
	"made by 'retour ledger backup' in its place"

typedef struct {
	int code; /* primary result code of SQLite */
	RetourLedgerError error;
	const char *remedy;
} Trouble;

static const Trouble troubles[] = {
	{ SQLITE_BUSY, RETOUR_LEDGER_ERROR_BUSY,
	  "another process holds it: run again when that one has ended, or give --wait a longer "
	  "time" },
	{ SQLITE_LOCKED, RETOUR_LEDGER_ERROR_BUSY,
	  "another process holds it: run again when that one has ended" },
	{ SQLITE_FULL, RETOUR_LEDGER_ERROR_FULL,
	  "there is no room on the disk: make room and run again; nothing was half written" },
	{ SQLITE_IOERR, RETOUR_LEDGER_ERROR_FULL,
	  "the disk does not read or write: see that there is room on it and that it is sound, and "
	  "run again; nothing was half written" },
	{ SQLITE_CORRUPT, RETOUR_LEDGER_ERROR_DAMAGED,
	  "the file is damaged: look with 'retour ledger check'; " PUT_COPY },
	{ SQLITE_NOTADB, RETOUR_LEDGER_ERROR_DAMAGED,
	  "the file is no ledger: see that the path is right, or " PUT_COPY },
	{ SQLITE_READONLY, RETOUR_LEDGER_ERROR_FAILED,
	  "it may not be written: see who owns the file and its folder" },
	{ SQLITE_PERM, RETOUR_LEDGER_ERROR_FAILED,
	  "it may not be opened: see who owns the file and its folder" },
	{ SQLITE_CANTOPEN, RETOUR_LEDGER_ERROR_FAILED,
	  "it cannot be opened: see that the folder is there and who may write to it" },
	{ SQLITE_NOMEM, RETOUR_LEDGER_ERROR_FAILED, "there is no memory: run again later" },
};

gboolean
retour_sql_fail(const RetourLedger *ledger, GError **error)
{
	int code = ledger->db ? sqlite3_errcode(ledger->db) & 0xff : SQLITE_NOMEM;
	const Trouble *trouble = NULL;
	for (guint i = 0; i < G_N_ELEMENTS(troubles); i++) {
		if (troubles[i].code == code)
			trouble = &troubles[i];
	}
	g_set_error(error, RETOUR_LEDGER_ERROR,
	            trouble ? (int)trouble->error : RETOUR_LEDGER_ERROR_FAILED,
	            "ledger %s: %s (%s)", ledger->path,
	            trouble ? trouble->remedy : "it does not work: see the words in brackets",
	            ledger->db ? sqlite3_errmsg(ledger->db) : "out of memory");
	return FALSE;
}

sqlite3_stmt *
retour_sql_get(RetourLedger *ledger, const char *literal, GError **error)
{
	sqlite3_stmt *statement = g_hash_table_lookup(ledger->statements, literal);
	if (statement) {
		sqlite3_reset(statement);
		sqlite3_clear_bindings(statement);
		return statement;
	}
	if (sqlite3_prepare_v3(ledger->db, literal, -1, SQLITE_PREPARE_PERSISTENT, &statement,
	                       NULL) != SQLITE_OK) {
		retour_sql_fail(ledger, error);
		return NULL;
	}
	g_hash_table_insert(ledger->statements, (gpointer)literal, statement);
	return statement;
}

int
retour_sql_step(RetourLedger *ledger, sqlite3_stmt *statement, GError **error)
{
	int code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		return 1;
	if (code != SQLITE_DONE)
		retour_sql_fail(ledger, error);
	sqlite3_reset(statement);
	return code == SQLITE_DONE ? 0 : -1;
}

gboolean
retour_sql_run(RetourLedger *ledger, sqlite3_stmt *statement, GError **error)
{
	int rows;
	do
		rows = retour_sql_step(ledger, statement, error);
	while (rows > 0);
	return rows == 0;
}

gboolean
retour_sql_exec(RetourLedger *ledger, const char *sql, GError **error)
{
	return sqlite3_exec(ledger->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
	       retour_sql_fail(ledger, error);
}

void
retour_sql_bind_text(sqlite3_stmt *statement, int at, const char *text)
{
	if (text)
		sqlite3_bind_text(statement, at, text, -1, SQLITE_TRANSIENT);
	else
		sqlite3_bind_null(statement, at);
}

const char *
retour_sql_text(sqlite3_stmt *statement, int column)
{
	return (const char *)sqlite3_column_text(statement, column);
}

static gint64
add_word(RetourLedger *ledger, const char *word, GError **error)
{
	sqlite3_stmt *insert =
	        retour_sql_get(ledger, "INSERT OR IGNORE INTO word(word) VALUES (?1)", error);
	if (!insert)
		return -1;
	retour_sql_bind_text(insert, 1, word);
	sqlite3_stmt *find =
	        retour_sql_run(ledger, insert, error)
	                ? retour_sql_get(ledger, "SELECT id FROM word WHERE word = ?1", error)
	                : NULL;
	if (!find)
		return -1;
	retour_sql_bind_text(find, 1, word);
	if (retour_sql_step(ledger, find, error) <= 0)
		return -1;
	gint64 id = sqlite3_column_int64(find, 0);
	sqlite3_reset(find);
	return id;
}

/* Words that are kept in memory; an attacker may name a new provider in each mail. */
#define WORDS_MAX 10000

gint64
retour_sql_word(RetourLedger *ledger, const char *word, GError **error)
{
	if (!word || !*word)
		return 0;
	const gint64 *known = g_hash_table_lookup(ledger->words, word);
	if (known)
		return *known;
	gint64 id = add_word(ledger, word, error);
	if (id < 0)
		return -1;
	if (g_hash_table_size(ledger->words) >= WORDS_MAX)
		g_hash_table_remove_all(ledger->words);
	g_hash_table_insert(ledger->words, g_strdup(word), g_memdup2(&id, sizeof id));
	return id;
}
