/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "ledger/sql.h"

/* "RTUR": what the file is, in its header. */
#define APPLICATION 0x52545552

/* Pages kept in memory: keys are random, so that their index is touched everywhere. KiB. */
#define CACHE "PRAGMA cache_size = -65536;"

/* The same pages are touched by one transaction after the other: they are copied from the log into
 * the file less often than by default, which makes recording half as fast again where a ledger
 * holds a million events. Pages: the log grows to 160 MB, and shrinks again. */
#define CHECKPOINT "PRAGMA wal_autocheckpoint = 40000; PRAGMA journal_size_limit = 4194304"

#define OWN (SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)

/* Each brings the file from its place in the list to the next version; one that has gone out is
 * never changed. Numbers of kind, class and fault are those of the enums; strength orders reports
 * of one failure. Times are seconds since the epoch. */
static const char *const migrations[] = {
	"CREATE TABLE word(id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE) STRICT;"
	/* address: as it was written, where that is not the key itself */
	"CREATE TABLE address(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, address TEXT)"
	" STRICT;"
	"CREATE TABLE event(id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE,"
	" address INTEGER NOT NULL REFERENCES address(id),"
	" time INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,"
	" kind INTEGER NOT NULL, class INTEGER NOT NULL, fault INTEGER NOT NULL,"
	" permanent INTEGER NOT NULL, strength INTEGER NOT NULL,"
	" reason INTEGER NOT NULL, list INTEGER NOT NULL, provider INTEGER NOT NULL," /* words or 0
	                                                                               */
	" status TEXT, reply INTEGER NOT NULL, original TEXT, source TEXT, diagnostic TEXT,"
	" undoing INTEGER NOT NULL DEFAULT 0) STRICT;"
	"CREATE INDEX event_address ON event(address, time);"
	"CREATE INDEX event_time ON event(time);"
	"CREATE INDEX event_wish ON event(address) WHERE kind >= 3;"
	"CREATE TABLE decision(id INTEGER PRIMARY KEY,"
	" address INTEGER NOT NULL REFERENCES address(id), scope INTEGER NOT NULL,"
	" verdict INTEGER NOT NULL, time INTEGER NOT NULL, until INTEGER NOT NULL,"
	" policy INTEGER NOT NULL, grounds TEXT, code INTEGER NOT NULL,"
	" current INTEGER NOT NULL) STRICT;"
	"CREATE INDEX decision_address ON decision(address);"
	"CREATE UNIQUE INDEX decision_current ON decision(address, scope) WHERE current = 1;"
	"CREATE INDEX decision_due ON decision(until) WHERE current = 1 AND until > 0;"
	"CREATE TABLE undoing(id INTEGER PRIMARY KEY, time INTEGER NOT NULL,"
	" events INTEGER NOT NULL) STRICT;",
	/* The outbox (outbox.h): verb and state are numbers of its enums. */
	"CREATE TABLE action(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,"
	" address INTEGER NOT NULL REFERENCES address(id), list INTEGER NOT NULL,"
	" verb INTEGER NOT NULL, state INTEGER NOT NULL,"
	" planned INTEGER NOT NULL, due INTEGER NOT NULL, finished INTEGER NOT NULL DEFAULT 0,"
	" attempts INTEGER NOT NULL DEFAULT 0, refusals INTEGER NOT NULL DEFAULT 0,"
	" begun INTEGER NOT NULL DEFAULT 0, trouble TEXT,"
	" decision INTEGER REFERENCES decision(id), event INTEGER REFERENCES event(id)) STRICT;"
	"CREATE INDEX action_address ON action(address, list);"
	"CREATE INDEX action_due ON action(list, due) WHERE state = 0;"
	"CREATE INDEX action_finished ON action(list, finished) WHERE state = 1;"
	"CREATE INDEX action_decision ON action(decision);"
	"CREATE INDEX action_event ON action(event);",

	/* authentic: RetourAuthentic + 1, or 0. rise: addresses of a provider that bounced hard for
	 * the first time on a day (of the epoch); outage: days on which there were too many. */
	"ALTER TABLE event ADD COLUMN authentic INTEGER NOT NULL DEFAULT 0;"
	"CREATE TABLE rise(provider INTEGER NOT NULL, day INTEGER NOT NULL, addresses INTEGER NOT "
	"NULL,"
	" PRIMARY KEY(provider, day)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE outage(provider INTEGER NOT NULL, day INTEGER NOT NULL, before INTEGER NOT "
	"NULL,"
	" PRIMARY KEY(provider, day)) STRICT, WITHOUT ROWID;" RETOUR_LEDGER_RISE,
};

static gboolean
get_number(RetourLedger *ledger, const char *sql, gint64 *number, GError **error)
{
	sqlite3_stmt *statement = retour_sql_get(ledger, sql, error);
	if (!statement || retour_sql_step(ledger, statement, error) < 0)
		return FALSE;
	*number = sqlite3_column_int64(statement, 0);
	sqlite3_reset(statement);
	return TRUE;
}

static gboolean
refuse(const RetourLedger *ledger, RetourLedgerError code, const char *what, GError **error)
{
	g_set_error(error, RETOUR_LEDGER_ERROR, (int)code, "ledger %s: %s", ledger->path, what);
	return FALSE;
}

/* A file that is not empty must be ours. */
static gboolean
check_identity(RetourLedger *ledger, gint64 version, gboolean may_be_empty, GError **error)
{
	gint64 application, tables;
	if (!get_number(ledger, "PRAGMA application_id", &application, error) ||
	    !get_number(ledger, "SELECT count(*) FROM sqlite_schema", &tables, error))
		return FALSE;
	if (application == APPLICATION && version > 0)
		return version <= (gint64)G_N_ELEMENTS(migrations) ||
		       refuse(ledger, RETOUR_LEDGER_ERROR_VERSION,
		              "it was written by a newer version of retour: use that one", error);
	if (tables == 0 && version == 0 && application == 0 && may_be_empty)
		return TRUE;
	return refuse(ledger, RETOUR_LEDGER_ERROR_DAMAGED,
	              "the file is no ledger: see that the path is right", error);
}

static gboolean
migrate(RetourLedger *ledger, gint64 version, GError **error)
{
	for (gsize i = (gsize)version; i < G_N_ELEMENTS(migrations); i++) {
		if (!retour_sql_exec(ledger, migrations[i], error))
			return FALSE;
	}
	g_autofree char *stamp =
	        g_strdup_printf("PRAGMA application_id = %d; PRAGMA user_version = %d", APPLICATION,
	                        (int)G_N_ELEMENTS(migrations));
	return retour_sql_exec(ledger, stamp, error);
}

/* Another process may do the same at the same time: who comes second finds it done. */
static gboolean
upgrade(RetourLedger *ledger, RetourLedgerMode mode, GError **error)
{
	gint64 version;
	if (!get_number(ledger, "PRAGMA user_version", &version, error) ||
	    !check_identity(ledger, version,
	                    mode == RETOUR_LEDGER_CREATE || mode == RETOUR_LEDGER_COPY, error))
		return FALSE;
	if (version == (gint64)G_N_ELEMENTS(migrations))
		return TRUE;
	if (mode == RETOUR_LEDGER_READ)
		return refuse(ledger, RETOUR_LEDGER_ERROR_VERSION,
		              "it is of an older version: the next 'retour process' brings it up",
		              error);
	if (!retour_ledger_begin(ledger, error) ||
	    !get_number(ledger, "PRAGMA user_version", &version, error))
		return FALSE;
	return migrate(ledger, version, error) && retour_ledger_commit(ledger, error);
}

/* Readers do not wait for a writer then. SQLite does not wait by itself for this one. */
static gboolean
set_wal(RetourLedger *ledger, guint wait_ms, GError **error)
{
	const gint64 deadline = g_get_monotonic_time() + (gint64)wait_ms * 1000;
	while (sqlite3_exec(ledger->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL) !=
	       SQLITE_OK) {
		if ((sqlite3_errcode(ledger->db) & 0xff) != SQLITE_BUSY ||
		    g_get_monotonic_time() >= deadline)
			return retour_sql_fail(ledger, error);
		g_usleep(5000);
	}
	return TRUE;
}

static gboolean
prepare(RetourLedger *ledger, RetourLedgerMode mode, guint wait_ms, GError **error)
{
	gint64 mark;
	/* Damage shows at the first read, before anything is written. */
	if (!get_number(ledger, "PRAGMA schema_version", &mark, error))
		return FALSE;
	if ((mode == RETOUR_LEDGER_WRITE || mode == RETOUR_LEDGER_CREATE) &&
	    !set_wal(ledger, wait_ms, error))
		return FALSE;
	return retour_sql_exec(ledger,
	                       "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
	                       "PRAGMA secure_delete = ON; " CACHE CHECKPOINT,
	                       error) &&
	       upgrade(ledger, mode, error);
}

static void
finalize(gpointer statement)
{
	sqlite3_finalize(statement);
}

/* SQLite gives its companions the mode of the file. */
gboolean
retour_sql_create_private(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return fd >= 0 && close(fd) == 0;
}

static gboolean
connect_to(RetourLedger *ledger, const char *path, int flags, guint wait_ms, GError **error)
{
	if (sqlite3_open_v2(path, &ledger->db, flags, NULL) != SQLITE_OK)
		return retour_sql_fail(ledger, error);
	sqlite3_busy_timeout(ledger->db, (int)wait_ms);
	sqlite3_extended_result_codes(ledger->db, 1);
	return TRUE;
}

/* From the file into a database of SQLite's own that is gone when it is closed: others write to the
 * file meanwhile. */
static gboolean
copy(RetourLedger *ledger, guint wait_ms, GError **error)
{
	gboolean there = g_file_test(ledger->path, G_FILE_TEST_EXISTS);
	if (!connect_to(ledger, there ? ledger->path : "", there ? SQLITE_OPEN_READONLY : OWN,
	                wait_ms, error))
		return FALSE;
	if (!there)
		return TRUE;
	sqlite3 *file = g_steal_pointer(&ledger->db);
	gboolean good = connect_to(ledger, "", OWN, wait_ms, error);
	sqlite3_backup *backup =
	        good ? sqlite3_backup_init(ledger->db, "main", file, "main") : NULL;
	if (backup) {
		sqlite3_backup_step(backup, -1);
		good = sqlite3_backup_finish(backup) == SQLITE_OK;
	}
	sqlite3_close(file);
	return good && (backup || retour_sql_fail(ledger, error));
}

RetourLedger *
retour_ledger_open(const char *path, RetourLedgerMode mode, guint wait_ms, GError **error)
{
	const int flags[] = {
		[RETOUR_LEDGER_READ] = SQLITE_OPEN_READONLY,
		[RETOUR_LEDGER_WRITE] = SQLITE_OPEN_READWRITE,
		[RETOUR_LEDGER_CREATE] = OWN,
	};
	g_autoptr(RetourLedger) ledger = g_new0(RetourLedger, 1);
	ledger->path = g_strdup(path);
	ledger->statements = g_hash_table_new_full(NULL, NULL, NULL, finalize);
	ledger->words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	ledger->key = g_string_new(NULL);
	if (mode == RETOUR_LEDGER_CREATE) {
		retour_sql_create_private(path);
	} else if (mode != RETOUR_LEDGER_COPY && access(path, F_OK) != 0 && errno == ENOENT) {
		refuse(ledger, RETOUR_LEDGER_ERROR_FAILED,
		       "it is not there: see that the path is right; 'retour process' makes it",
		       error);
		return NULL;
	}
	gboolean open = mode == RETOUR_LEDGER_COPY
	                        ? copy(ledger, wait_ms, error)
	                        : connect_to(ledger, path, flags[mode], wait_ms, error);
	return open && prepare(ledger, mode, wait_ms, error) ? g_steal_pointer(&ledger) : NULL;
}

void
retour_ledger_free(RetourLedger *ledger)
{
	if (!ledger)
		return;
	g_hash_table_unref(ledger->statements);
	g_hash_table_unref(ledger->words);
	g_string_free(ledger->key, TRUE);
	sqlite3_close(ledger->db);
	g_free(ledger->path);
	g_free(ledger);
}

/* Others may have taken words away whose numbers are remembered here. */
gboolean
retour_ledger_begin(RetourLedger *ledger, GError **error)
{
	gint64 version;
	if (!retour_sql_exec(ledger, "BEGIN IMMEDIATE", error) ||
	    !get_number(ledger, "PRAGMA data_version", &version, error))
		return FALSE;
	if (version != ledger->seen)
		g_hash_table_remove_all(ledger->words);
	ledger->seen = version;
	return TRUE;
}

gboolean
retour_ledger_commit(RetourLedger *ledger, GError **error)
{
	return retour_sql_exec(ledger, "COMMIT", error);
}

void
retour_ledger_rollback(RetourLedger *ledger)
{
	/* A failure of SQLite may have ended it already; words that it took along are gone. */
	sqlite3_exec(ledger->db, "ROLLBACK", NULL, NULL, NULL);
	g_hash_table_remove_all(ledger->words);
}
