/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "ledger/sql.h"

/* What is of an address is found by event_address: a bounded number of pages, however large the
 * file is. */
#define EVENT_COLUMNS                                                                            \
	"SELECT e.time, e.first, e.last, e.kind, e.class, e.fault, e.permanent, r.word, l.word," \
	" p.word, e.status, e.reply, e.original, e.source, e.diagnostic, e.undoing, e.id,"       \
	" lower(hex(e.key)), e.authentic,"                                                       \
	" e.kind = 2 AND e.class = 2 AND e.fault = 1 AND EXISTS(SELECT 1 FROM outage o"          \
	" WHERE o.provider = e.provider AND o.day = e.time / 86400)"
#define EVENT_JOINS                                                              \
	" LEFT JOIN word r ON r.id = e.reason LEFT JOIN word l ON l.id = e.list" \
	" LEFT JOIN word p ON p.id = e.provider "
#define EVENT_HISTORY                                                                           \
	EVENT_COLUMNS                                                                           \
	" FROM (SELECT * FROM (SELECT * FROM event INDEXED BY event_address WHERE address = ?1" \
	" AND (undoing = 0 OR ?3) ORDER BY time DESC LIMIT ?2)"                                 \
	" UNION SELECT * FROM event INDEXED BY event_wish WHERE address = ?1 AND kind >= 3"     \
	" AND (undoing = 0 OR ?3)) e" EVENT_JOINS "ORDER BY e.time, e.id"

static void
read_event(sqlite3_stmt *row, RetourLedgerEvent *event)
{
	*event = (RetourLedgerEvent){
		.time = sqlite3_column_int64(row, 0),
		.first = sqlite3_column_int64(row, 1),
		.last = sqlite3_column_int64(row, 2),
		.kind = (RetourEventKind)sqlite3_column_int(row, 3),
		.klass = (RetourClass)sqlite3_column_int(row, 4),
		.fault = (RetourFault)sqlite3_column_int(row, 5),
		.permanent = sqlite3_column_int(row, 6),
		.reason = retour_sql_text(row, 7),
		.list = retour_sql_text(row, 8),
		.provider = retour_sql_text(row, 9),
		.reply = (guint)sqlite3_column_int(row, 11),
		.original = retour_sql_text(row, 12),
		.source = retour_sql_text(row, 13),
		.diagnostic = retour_sql_text(row, 14),
		.key = retour_sql_text(row, 17),
		.authentic = (guint)sqlite3_column_int(row, 18),
		.doubted = sqlite3_column_int(row, 19),
	};
	const char *status = retour_sql_text(row, 10);
	if (status)
		retour_status_parse(status, strlen(status), &event->status);
}

gboolean
retour_ledger_each_event(RetourLedger *ledger, gint64 address, guint max, gboolean undone,
                         RetourLedgerEventFunc func, gpointer data, GError **error)
{
	sqlite3_stmt *find = retour_sql_get(ledger, EVENT_HISTORY, error);
	if (!find)
		return FALSE;
	sqlite3_bind_int64(find, 1, address);
	sqlite3_bind_int64(find, 2, max);
	sqlite3_bind_int(find, 3, undone);
	int row;
	while ((row = retour_sql_step(ledger, find, error)) > 0) {
		RetourLedgerEvent event;
		read_event(find, &event);
		func(&event, sqlite3_column_int64(find, 15) != 0, data);
	}
	return row == 0;
}

char *
retour_ledger_get_address(RetourLedger *ledger, gint64 address, GError **error)
{
	sqlite3_stmt *find = retour_sql_get(
	        ledger, "SELECT ifnull(address, key) FROM address WHERE id = ?1", error);
	if (!find)
		return NULL;
	sqlite3_bind_int64(find, 1, address);
	int row = retour_sql_step(ledger, find, error);
	char *text = row > 0 ? g_strdup(retour_sql_text(find, 0)) : NULL;
	if (row == 0)
		g_set_error(error, RETOUR_LEDGER_ERROR, RETOUR_LEDGER_ERROR_DAMAGED,
		            "ledger %s: an event of no address: look with 'retour ledger check'",
		            ledger->path);
	sqlite3_reset(find);
	return text;
}

#define DECISION_COLUMNS                                                                           \
	"SELECT ifnull(a.address, a.key), ifnull(s.word, ''), d.verdict, d.time, d.until, p.word," \
	" d.grounds, d.code, d.current, d.id FROM "
#define DECISION_JOINS " LEFT JOIN word s ON s.id = d.scope LEFT JOIN word p ON p.id = d.policy "

static void
read_decision(sqlite3_stmt *row, RetourLedgerDecision *decision)
{
	*decision = (RetourLedgerDecision){
		.scope = retour_sql_text(row, 1),
		.verdict = sqlite3_column_int(row, 2),
		.time = sqlite3_column_int64(row, 3),
		.until = sqlite3_column_int64(row, 4),
		.policy = retour_sql_text(row, 5),
		.grounds = retour_sql_text(row, 6),
		.code = (guint)sqlite3_column_int(row, 7),
		.current = sqlite3_column_int(row, 8),
	};
}

static gboolean
give_decisions(RetourLedger *ledger, sqlite3_stmt *rows, RetourLedgerDecisionFunc func,
               gpointer data, GError **error)
{
	int row;
	while ((row = retour_sql_step(ledger, rows, error)) > 0) {
		RetourLedgerDecision decision;
		read_decision(rows, &decision);
		func(retour_sql_text(rows, 0), &decision, data);
	}
	return row == 0;
}

gboolean
retour_ledger_each_decision(RetourLedger *ledger, gint64 address, RetourLedgerDecisionFunc func,
                            gpointer data, GError **error)
{
	sqlite3_stmt *find = retour_sql_get(
	        ledger,
	        DECISION_COLUMNS "decision d JOIN address a ON a.id = d.address" DECISION_JOINS
	                         "WHERE d.address = ?1 ORDER BY d.id",
	        error);
	if (!find)
		return FALSE;
	sqlite3_bind_int64(find, 1, address);
	return give_decisions(ledger, find, func, data, error);
}

gboolean
retour_ledger_each_standing(RetourLedger *ledger, RetourLedgerDecisionFunc func, gpointer data,
                            GError **error)
{
	sqlite3_stmt *find = retour_sql_get(
	        ledger,
	        DECISION_COLUMNS "decision d JOIN address a ON a.id = d.address" DECISION_JOINS
	                         "WHERE d.current = 1 ORDER BY a.key, s.word",
	        error);
	return find && give_decisions(ledger, find, func, data, error);
}

/* Whether the present decision of that scope is this one already; none is "keep". -1 with @error.
 */
static int
is_standing(RetourLedger *ledger, gint64 address, gint64 scope,
            const RetourLedgerDecision *decision, GError **error)
{
	sqlite3_stmt *find = retour_sql_get(
	        ledger,
	        DECISION_COLUMNS "decision d JOIN address a ON a.id = d.address" DECISION_JOINS
	                         "WHERE d.address = ?1 AND d.scope = ?2 AND d.current = 1",
	        error);
	if (!find)
		return -1;
	sqlite3_bind_int64(find, 1, address);
	sqlite3_bind_int64(find, 2, scope);
	int row = retour_sql_step(ledger, find, error);
	RetourLedgerDecision known = { 0 };
	if (row > 0)
		read_decision(find, &known);
	int same = row < 0 ? -1
	                   : known.verdict == decision->verdict &&
	                             (known.verdict == 0 ||
	                              (known.until == decision->until &&
	                               g_strcmp0(known.policy, decision->policy) == 0 &&
	                               g_strcmp0(known.grounds, decision->grounds) == 0));
	sqlite3_reset(find);
	return same;
}

static gboolean
replace(RetourLedger *ledger, gint64 address, gint64 scope, const RetourLedgerDecision *decision,
        GError **error)
{
	gint64 policy = retour_sql_word(ledger, decision->policy, error);
	sqlite3_stmt *end = retour_sql_get(ledger,
	                                   "UPDATE decision SET current = 0"
	                                   " WHERE address = ?1 AND scope = ?2 AND current = 1",
	                                   error);
	if (policy < 0 || !end)
		return FALSE;
	sqlite3_bind_int64(end, 1, address);
	sqlite3_bind_int64(end, 2, scope);
	sqlite3_stmt *insert =
	        retour_sql_run(ledger, end, error)
	                ? retour_sql_get(
	                          ledger,
	                          "INSERT INTO decision(address, scope, verdict, time, until,"
	                          " policy, grounds, code, current)"
	                          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1)",
	                          error)
	                : NULL;
	if (!insert)
		return FALSE;
	sqlite3_bind_int64(insert, 1, address);
	sqlite3_bind_int64(insert, 2, scope);
	sqlite3_bind_int(insert, 3, decision->verdict);
	sqlite3_bind_int64(insert, 4, decision->time);
	sqlite3_bind_int64(insert, 5, decision->until);
	sqlite3_bind_int64(insert, 6, policy);
	retour_sql_bind_text(insert, 7, decision->grounds);
	sqlite3_bind_int(insert, 8, (int)decision->code);
	return retour_sql_run(ledger, insert, error);
}

gboolean
retour_ledger_decide(RetourLedger *ledger, gint64 address, const RetourLedgerDecision *decision,
                     gboolean *changed, GError **error)
{
	gint64 scope = retour_sql_word(ledger, decision->scope, error);
	int same = scope < 0 ? -1 : is_standing(ledger, address, scope, decision, error);
	*changed = same == 0;
	return same == 1 || (same == 0 && replace(ledger, address, scope, decision, error));
}

gboolean
retour_ledger_find_due(RetourLedger *ledger, gint64 now, GArray *addresses, GError **error)
{
	sqlite3_stmt *find = retour_sql_get(ledger,
	                                    "SELECT DISTINCT address FROM decision"
	                                    " WHERE current = 1 AND until > 0 AND until <= ?1"
	                                    " AND verdict > 0",
	                                    error);
	if (!find)
		return FALSE;
	sqlite3_bind_int64(find, 1, now);
	int row;
	while ((row = retour_sql_step(ledger, find, error)) > 0) {
		gint64 address = sqlite3_column_int64(find, 0);
		g_array_append_val(addresses, address);
	}
	return row == 0;
}
