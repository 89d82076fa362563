/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "address/address.h"
#include "ledger/outbox.h"
#include "ledger/sql.h"

#define ACTION_COLUMNS                                                                             \
	"SELECT c.id, c.key, ifnull(a.address, a.key), l.word, c.verb, c.state, c.planned, c.due," \
	" c.finished, c.attempts, c.refusals, c.begun, c.trouble, d.verdict, p.word, d.grounds,"   \
	" d.code, e.kind, e.class, r.word, e.diagnostic, e.status, e.time, e.reply"
#define ACTION_FROM                                                                      \
	" FROM action c JOIN address a ON a.id = c.address JOIN word l ON l.id = c.list" \
	" LEFT JOIN decision d ON d.id = c.decision LEFT JOIN word p ON p.id = d.policy" \
	" LEFT JOIN event e ON e.id = c.event LEFT JOIN word r ON r.id = e.reason "

static const char *
word_of_verdict(int verdict)
{
	static const char *const words[] = { "keep", "probation", "suppress" };
	return words[CLAMP(verdict, 0, 2)];
}

static void
read_event(sqlite3_stmt *row, RetourOutboxAction *action)
{
	if (sqlite3_column_type(row, 17) == SQLITE_NULL)
		return;
	action->event = retour_event_kind_to_string((RetourEventKind)sqlite3_column_int(row, 17));
	action->class_name = retour_class_to_string((RetourClass)sqlite3_column_int(row, 18));
	action->reason = retour_sql_text(row, 19);
	action->diagnostic = retour_sql_text(row, 20);
	action->event_time = sqlite3_column_int64(row, 22);
	if (action->code == 0)
		action->code = (guint)sqlite3_column_int(row, 23);
	const char *status = retour_sql_text(row, 21);
	g_strlcpy(action->status, status ? status : "", sizeof action->status);
}

static void
read_action(sqlite3_stmt *row, RetourOutboxAction *action)
{
	*action = (RetourOutboxAction){
		.id = sqlite3_column_int64(row, 0),
		.key = retour_sql_text(row, 1),
		.address = retour_sql_text(row, 2),
		.list = retour_sql_text(row, 3),
		.verb = (RetourVerb)CLAMP(sqlite3_column_int(row, 4), 0, RETOUR_N_VERBS - 1),
		.state = (RetourOutboxState)CLAMP(sqlite3_column_int(row, 5), 0,
		                                  RETOUR_N_OUTBOX_STATES - 1),
		.planned = sqlite3_column_int64(row, 6),
		.due = sqlite3_column_int64(row, 7),
		.finished = sqlite3_column_int64(row, 8),
		.attempts = (guint)sqlite3_column_int(row, 9),
		.refusals = (guint)sqlite3_column_int(row, 10),
		.begun = sqlite3_column_int(row, 11),
		.trouble = retour_sql_text(row, 12),
		.policy = retour_sql_text(row, 14),
		.grounds = retour_sql_text(row, 15),
		.code = (guint)sqlite3_column_int(row, 16),
	};
	if (sqlite3_column_type(row, 13) != SQLITE_NULL)
		action->decision = word_of_verdict(sqlite3_column_int(row, 13));
	read_event(row, action);
}

static void
keep_strings(RetourOutboxAction *action, GStringChunk *keep)
{
	const char **strings[] = { &action->key,    &action->address,   &action->list,
		                   &action->policy, &action->grounds,   &action->trouble,
		                   &action->reason, &action->diagnostic };
	for (guint i = 0; i < G_N_ELEMENTS(strings); i++) {
		if (*strings[i])
			*strings[i] = g_string_chunk_insert(keep, *strings[i]);
	}
}

int
retour_outbox_next(RetourLedger *ledger, const char *list, guint verbs, gint64 now,
                   GStringChunk *keep, RetourOutboxAction *action, GError **error)
{
	/* What was planned earlier for the same address comes first, and holds the later up. */
	sqlite3_stmt *find = retour_sql_get(
	        ledger,
	        ACTION_COLUMNS ACTION_FROM
	        "WHERE c.state = 0 AND c.list = ?1 AND c.due <= ?2 AND (?3 >> c.verb) & 1"
	        " AND NOT EXISTS (SELECT 1 FROM action o WHERE o.address = c.address"
	        " AND o.list = c.list AND o.state IN (0, 3, 4) AND o.id < c.id)"
	        " ORDER BY c.due, c.id LIMIT 1",
	        error);
	gint64 word = find ? retour_sql_word(ledger, list, error) : -1;
	if (word < 0)
		return -1;
	sqlite3_bind_int64(find, 1, word);
	sqlite3_bind_int64(find, 2, now);
	sqlite3_bind_int64(find, 3, verbs);
	int row = retour_sql_step(ledger, find, error);
	if (row > 0) {
		g_string_chunk_clear(keep);
		read_action(find, action);
		keep_strings(action, keep);
	}
	sqlite3_reset(find);
	return row;
}

gboolean
retour_outbox_begin(RetourLedger *ledger, gint64 id, gboolean *wanted, GError **error)
{
	sqlite3_stmt *update = retour_sql_get(
	        ledger, "UPDATE action SET begun = 1 WHERE id = ?1 AND state = 0", error);
	if (!update)
		return FALSE;
	sqlite3_bind_int64(update, 1, id);
	if (!retour_sql_run(ledger, update, error))
		return FALSE;
	*wanted = sqlite3_changes(ledger->db) > 0;
	return TRUE;
}

/* On one line, whole characters. */
static void
bind_trouble(sqlite3_stmt *statement, int at, const char *text)
{
	if (!text) {
		sqlite3_bind_null(statement, at);
		return;
	}
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	RetourSpan head = retour_span_cut(retour_span_of(valid), RETOUR_OUTBOX_TROUBLE_MAX);
	char *line = g_strndup(head.data, head.length);
	for (char *c = line; *c; c++) {
		if (g_ascii_iscntrl(*c))
			*c = ' ';
	}
	sqlite3_bind_text(statement, at, line, -1, g_free);
}

gboolean
retour_outbox_end(RetourLedger *ledger, const RetourOutboxAction *action, GError **error)
{
	/* It may have been dropped meanwhile: then only what the call has done is written down. */
	sqlite3_stmt *update = retour_sql_get(
	        ledger,
	        "UPDATE action SET state = CASE WHEN state = 0 OR ?2 = 1 THEN ?2 ELSE state END,"
	        " due = ?3, attempts = ?4, refusals = ?5, finished = ?6, trouble = ?7, begun = ?8"
	        " WHERE id = ?1",
	        error);
	if (!update)
		return FALSE;
	sqlite3_bind_int64(update, 1, action->id);
	sqlite3_bind_int(update, 2, (int)action->state);
	sqlite3_bind_int64(update, 3, action->due);
	sqlite3_bind_int64(update, 4, action->attempts);
	sqlite3_bind_int64(update, 5, action->refusals);
	sqlite3_bind_int64(update, 6, action->finished);
	bind_trouble(update, 7, action->trouble);
	sqlite3_bind_int(update, 8, action->begun);
	return retour_sql_run(ledger, update, error);
}

gboolean
retour_outbox_count_removals(RetourLedger *ledger, const char *list, gint64 now, gint64 since,
                             guint64 *waiting, guint64 *done, GError **error)
{
	sqlite3_stmt *count = retour_sql_get(
	        ledger,
	        "SELECT (SELECT count(*) FROM action WHERE state = 0 AND list = ?1 AND due <= ?2"
	        " AND verb IN (0, 1)), (SELECT count(*) FROM action WHERE state = 1 AND list = ?1"
	        " AND finished > ?3 AND verb IN (0, 1))",
	        error);
	gint64 word = count ? retour_sql_word(ledger, list, error) : -1;
	if (word < 0)
		return FALSE;
	sqlite3_bind_int64(count, 1, word);
	sqlite3_bind_int64(count, 2, now);
	sqlite3_bind_int64(count, 3, since);
	if (retour_sql_step(ledger, count, error) < 0)
		return FALSE;
	*waiting = (guint64)sqlite3_column_int64(count, 0);
	*done = (guint64)sqlite3_column_int64(count, 1);
	sqlite3_reset(count);
	return TRUE;
}

#define SELECTED                                                                    \
	"((?1 >> c.state) & 1 AND (?2 IS NULL OR c.list = (SELECT id FROM word"     \
	" WHERE word = ?2)) AND (?3 IS NULL OR c.address = (SELECT id FROM address" \
	" WHERE key = ?3)) AND (?4 = 0 OR c.id = ?4) AND c.id > ?5)"

static void
bind_selection(sqlite3_stmt *statement, const RetourOutboxSelection *selection)
{
	g_autoptr(GString) key = g_string_new(NULL);
	if (selection->address)
		retour_address_append_key(retour_span_of(selection->address), key);
	sqlite3_bind_int64(statement, 1, selection->states);
	retour_sql_bind_text(statement, 2, selection->list);
	retour_sql_bind_text(statement, 3, selection->address ? key->str : NULL);
	sqlite3_bind_int64(statement, 4, selection->id);
	sqlite3_bind_int64(statement, 5, selection->after);
}

gboolean
retour_outbox_each(RetourLedger *ledger, const RetourOutboxSelection *selection,
                   RetourOutboxFunc func, gpointer data, GError **error)
{
	sqlite3_stmt *rows = retour_sql_get(
	        ledger, ACTION_COLUMNS ACTION_FROM "WHERE " SELECTED " ORDER BY c.id", error);
	if (!rows)
		return FALSE;
	bind_selection(rows, selection);
	int row;
	while ((row = retour_sql_step(ledger, rows, error)) > 0) {
		RetourOutboxAction action;
		read_action(rows, &action);
		func(&action, data);
	}
	return row == 0;
}

gint64
retour_outbox_get_last(RetourLedger *ledger, GError **error)
{
	sqlite3_stmt *find = retour_sql_get(ledger, "SELECT ifnull(max(id), 0) FROM action", error);
	if (!find || retour_sql_step(ledger, find, error) < 0)
		return -1;
	gint64 last = sqlite3_column_int64(find, 0);
	sqlite3_reset(find);
	return last;
}

gboolean
retour_outbox_set(RetourLedger *ledger, const RetourOutboxSelection *selection,
                  RetourOutboxState state, gint64 now, guint *n, GError **error)
{
	sqlite3_stmt *update =
	        retour_sql_get(ledger,
	                       "UPDATE action AS c SET state = ?6, due = ?7, refusals = 0,"
	                       " finished = CASE WHEN ?6 = 0 THEN 0 ELSE ?7 END WHERE " SELECTED,
	                       error);
	if (!update)
		return FALSE;
	bind_selection(update, selection);
	sqlite3_bind_int(update, 6, (int)state);
	sqlite3_bind_int64(update, 7, now);
	if (!retour_sql_run(ledger, update, error))
		return FALSE;
	*n = (guint)sqlite3_changes(ledger->db);
	return TRUE;
}
