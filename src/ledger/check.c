/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "ledger/sql.h"

/* What the file's own check does not know; each gives a line for each fault. */
static const char *const checks[] = {
	"PRAGMA integrity_check",
	"SELECT 'a row of ' || \"table\" || ' points to nothing in ' || parent"
	" FROM pragma_foreign_key_check",
	"SELECT 'event ' || id || ' has no reason' FROM event WHERE reason = 0",
	"SELECT 'event ' || e.id || ' has a word that is not there' FROM event e WHERE EXISTS"
	" (SELECT 1 FROM (SELECT e.reason AS w UNION SELECT e.list UNION SELECT e.provider)"
	" WHERE w <> 0 AND w NOT IN (SELECT id FROM word))",
	"SELECT 'event ' || id || ' was reported last before it was first' FROM event"
	" WHERE NOT (first <= time AND time <= last)",
	"SELECT 'action ' || id || ' is of no list' FROM action"
	" WHERE list NOT IN (SELECT id FROM word)",
	"SELECT 'action ' || id || ' has a verb or a state that is not there' FROM action"
	" WHERE verb NOT BETWEEN 0 AND 4 OR state NOT BETWEEN 0 AND 5",
};

static gboolean
run_check(RetourLedger *ledger, const char *sql, GString *faults, GError **error)
{
	sqlite3_stmt *rows = retour_sql_get(ledger, sql, error);
	int row = rows ? 1 : -1;
	while (row > 0 && (row = retour_sql_step(ledger, rows, error)) > 0) {
		const char *text = retour_sql_text(rows, 0);
		if (text && strcmp(text, "ok") != 0)
			g_string_append_printf(faults, "%s\n", text);
	}
	return row == 0;
}

gboolean
retour_ledger_check(RetourLedger *ledger, GString *faults, GError **error)
{
	for (guint i = 0; i < G_N_ELEMENTS(checks); i++) {
		if (!run_check(ledger, checks[i], faults, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
fail(const char *path, GError **error)
{
	g_set_error(error, RETOUR_LEDGER_ERROR, RETOUR_LEDGER_ERROR_FAILED,
	            errno == EEXIST ? "%s is there already: give another name" : "%s: %s", path,
	            g_strerror(errno));
	return FALSE;
}

/* SQLite leaves that to the system for what it writes by VACUUM INTO. */
static gboolean
sync_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	gboolean good = fd >= 0 && fsync(fd) == 0;
	return fd >= 0 && close(fd) == 0 && good;
}

gboolean
retour_ledger_backup(RetourLedger *ledger, const char *path, GError **error)
{
	/* SQLite writes over an empty file. */
	if (!retour_sql_create_private(path))
		return fail(path, error);
	sqlite3_stmt *copy = retour_sql_get(ledger, "VACUUM INTO ?1", error);
	if (copy)
		retour_sql_bind_text(copy, 1, path);
	gboolean good = copy && retour_sql_run(ledger, copy, error);
	if (good && sync_file(path))
		return TRUE;
	if (good)
		fail(path, error);
	/* Half a copy would be taken for one. */
	unlink(path);
	return FALSE;
}
