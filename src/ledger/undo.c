/* SPDX-License-Identifier: BSD-2-Clause */
#include "address/address.h"
#include "ledger/sql.h"

#define SELECTED                                                                  \
	" FROM event e JOIN address a ON a.id = e.address"                        \
	" WHERE e.undoing = 0 AND e.time >= ?1 AND e.time < ?2"                   \
	" AND (?3 IS NULL OR e.provider = (SELECT id FROM word WHERE word = ?3))" \
	" AND (?4 IS NULL OR substr(a.key, -length(?4) - 1) = '@' || ?4)"         \
	" AND (?5 IS NULL OR e.reason = (SELECT id FROM word WHERE word = ?5))"   \
	" AND (?6 IS NULL OR e.list = (SELECT id FROM word WHERE word = ?6))"     \
	" AND (?7 IS NULL OR a.key = ?7)"

static char *
key_of(const char *text)
{
	g_autoptr(GString) key = g_string_new(NULL);
	retour_address_append_key(retour_span_of(text), key);
	return g_strdup(key->str);
}

/* A domain as it stands in keys. */
static char *
domain_key(const char *domain)
{
	g_autofree char *ascii = g_hostname_to_ascii(domain);
	return g_ascii_strdown(ascii ? ascii : domain, -1);
}

static void
bind_selection(sqlite3_stmt *statement, const RetourLedgerSelection *selection)
{
	g_autofree char *domain = selection->domain ? domain_key(selection->domain) : NULL;
	g_autofree char *provider = selection->provider ? domain_key(selection->provider) : NULL;
	g_autofree char *address = selection->address ? key_of(selection->address) : NULL;
	sqlite3_bind_int64(statement, 1, selection->from);
	sqlite3_bind_int64(statement, 2, selection->to ? selection->to : G_MAXINT64);
	retour_sql_bind_text(statement, 3, provider);
	retour_sql_bind_text(statement, 4, domain);
	retour_sql_bind_text(statement, 5, selection->reason);
	retour_sql_bind_text(statement, 6, selection->list);
	retour_sql_bind_text(statement, 7, address);
}

static gboolean
collect(RetourLedger *ledger, sqlite3_stmt *rows, GArray *numbers, GError **error)
{
	int row;
	while ((row = retour_sql_step(ledger, rows, error)) > 0) {
		gint64 number = sqlite3_column_int64(rows, 0);
		g_array_append_val(numbers, number);
	}
	return row == 0;
}

/* A decision that was brought from elsewhere follows from no event. */
static gboolean
drop_imported(RetourLedger *ledger, const char *text, GArray *addresses, GError **error)
{
	gint64 address = retour_ledger_find_address(ledger, text, error);
	if (address == -2)
		return FALSE;
	sqlite3_stmt *end = retour_sql_get(
	        ledger,
	        "UPDATE decision SET current = 0 WHERE address = ?1 AND current = 1"
	        " AND policy = (SELECT id FROM word WHERE word = '" RETOUR_LEDGER_IMPORTED "')",
	        error);
	if (!end)
		return FALSE;
	sqlite3_bind_int64(end, 1, address);
	if (!retour_sql_run(ledger, end, error))
		return FALSE;
	if (address >= 0 && addresses->len == 0)
		g_array_append_val(addresses, address);
	return TRUE;
}

/* What was undone is no rise any more. */
static gboolean
count_rises_anew(RetourLedger *ledger, GError **error)
{
	return retour_sql_exec(ledger, "DELETE FROM rise; " RETOUR_LEDGER_RISE, error);
}

static gint64
add_undoing(RetourLedger *ledger, gint64 now, GError **error)
{
	sqlite3_stmt *insert =
	        retour_sql_get(ledger, "INSERT INTO undoing(time, events) VALUES (?1, 0)", error);
	if (!insert)
		return -1;
	sqlite3_bind_int64(insert, 1, now);
	return retour_sql_run(ledger, insert, error) ? sqlite3_last_insert_rowid(ledger->db) : -1;
}

gboolean
retour_ledger_undo(RetourLedger *ledger, const RetourLedgerSelection *selection, gint64 now,
                   GArray *addresses, guint *n_events, GError **error)
{
	sqlite3_stmt *find = retour_sql_get(ledger, "SELECT DISTINCT e.address" SELECTED, error);
	gint64 number = find ? add_undoing(ledger, now, error) : -1;
	if (number < 0)
		return FALSE;
	bind_selection(find, selection);
	if (!collect(ledger, find, addresses, error))
		return FALSE;
	sqlite3_stmt *mark = retour_sql_get(
	        ledger, "UPDATE event SET undoing = ?8 WHERE id IN (SELECT e.id" SELECTED ")",
	        error);
	if (!mark)
		return FALSE;
	bind_selection(mark, selection);
	sqlite3_bind_int64(mark, 8, number);
	if (!retour_sql_run(ledger, mark, error))
		return FALSE;
	*n_events = (guint)sqlite3_changes(ledger->db);
	sqlite3_stmt *count =
	        retour_sql_get(ledger, "UPDATE undoing SET events = ?2 WHERE id = ?1", error);
	if (!count)
		return FALSE;
	sqlite3_bind_int64(count, 1, number);
	sqlite3_bind_int64(count, 2, *n_events);
	return retour_sql_run(ledger, count, error) && count_rises_anew(ledger, error) &&
	       (!selection->address || drop_imported(ledger, selection->address, addresses, error));
}

gboolean
retour_ledger_forget(RetourLedger *ledger, const char *text, GError **error)
{
	static const char *const removals[] = {
		/* The name of its provider may be its own. */
		"DELETE FROM word WHERE id IN (SELECT provider FROM event WHERE address = ?1)"
		" AND NOT EXISTS (SELECT 1 FROM event e WHERE e.address <> ?1"
		" AND word.id IN (e.provider, e.list, e.reason))"
		" AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.address <> ?1"
		" AND word.id IN (d.scope, d.policy))"
		" AND NOT EXISTS (SELECT 1 FROM action c WHERE c.list = word.id)",
		"DELETE FROM action WHERE address = ?1",
		"DELETE FROM decision WHERE address = ?1",
		"DELETE FROM event WHERE address = ?1",
		"DELETE FROM address WHERE id = ?1",
		/* A number of a word that is gone may be given to another one. */
		"DELETE FROM rise WHERE provider NOT IN (SELECT id FROM word)",
		"DELETE FROM outage WHERE provider NOT IN (SELECT id FROM word)",
	};
	gint64 address = retour_ledger_find_address(ledger, text, error);
	if (address < 0)
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(removals); i++) {
		sqlite3_stmt *remove = retour_sql_get(ledger, removals[i], error);
		if (!remove)
			return FALSE;
		sqlite3_bind_int64(remove, 1, address);
		if (!retour_sql_run(ledger, remove, error))
			return FALSE;
	}
	g_hash_table_remove_all(ledger->words);
	return TRUE;
}
