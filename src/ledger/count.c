/* SPDX-License-Identifier: BSD-2-Clause */
#include "ledger/sql.h"

/* provider, reason, day, class, fault, kind, events, addresses, first, last, diagnostic */
#define NUMBERS " count(*), count(DISTINCT e.address), min(e.time), max(e.time)"
#define FROM                                                                                      \
	" FROM event e LEFT JOIN word p ON p.id = e.provider LEFT JOIN word r ON r.id = e.reason" \
	" WHERE e.undoing = 0 AND e.time >= ?1 AND e.time < ?2"
#define MOST " ORDER BY count(*) DESC, p.word, r.word"

static const char *const queries[] = {
	[RETOUR_COUNT_BY_PROVIDER] =
	        "SELECT p.word, NULL, '', e.class, 0, e.kind," NUMBERS ", NULL" FROM
	        " AND e.kind >= 2 GROUP BY e.provider, e.class, e.kind" MOST,
	[RETOUR_COUNT_BY_REASON] =
	        "SELECT NULL, r.word, '', e.class, e.fault, e.kind," NUMBERS ", NULL" FROM
	        " AND e.kind >= 2 GROUP BY e.reason, e.class, e.fault, e.kind" MOST,
	[RETOUR_COUNT_BY_DAY] =
	        "SELECT NULL, NULL, date(e.time, 'unixepoch'), e.class, 0, e.kind," NUMBERS
	        ", NULL" FROM " GROUP BY e.time / 86400, e.class, e.kind"
	        " ORDER BY e.time / 86400, e.kind, e.class",
	/* What a sender can mend, and what only time does but one wants to know of. Delays too:
	 * they tell of a block before the first message is lost. */
	[RETOUR_COUNT_SENDER_SIDE] =
	        "SELECT p.word, r.word, '', e.class, e.fault, e.kind," NUMBERS
	        ", max(e.diagnostic)" FROM " AND e.kind IN (0, 2) AND e.fault IN (2, 3, 4)"
	        " GROUP BY e.provider, e.reason, e.fault, e.kind" MOST,
	[RETOUR_COUNT_NEW] =
	        "SELECT p.word, r.word, '', e.class, e.fault, e.kind," NUMBERS
	        ", max(e.diagnostic)" FROM " AND e.kind >= 2 AND (e.provider, e.reason) NOT IN"
	        " (SELECT o.provider, o.reason FROM event o WHERE o.time < ?1)"
	        " GROUP BY e.provider, e.reason, e.kind" MOST,
};

static void
read_count(sqlite3_stmt *row, RetourLedgerCount *count)
{
	*count = (RetourLedgerCount){
		.provider = retour_sql_text(row, 0),
		.reason = retour_sql_text(row, 1),
		.klass = (RetourClass)sqlite3_column_int(row, 3),
		.fault = (RetourFault)sqlite3_column_int(row, 4),
		.kind = (RetourEventKind)sqlite3_column_int(row, 5),
		.events = (guint64)sqlite3_column_int64(row, 6),
		.addresses = (guint64)sqlite3_column_int64(row, 7),
		.first = sqlite3_column_int64(row, 8),
		.last = sqlite3_column_int64(row, 9),
		.diagnostic = retour_sql_text(row, 10),
	};
	g_strlcpy(count->day, retour_sql_text(row, 2), sizeof count->day);
}

gboolean
retour_ledger_count(RetourLedger *ledger, RetourLedgerGrouping grouping, gint64 from, gint64 to,
                    RetourLedgerCountFunc func, gpointer data, GError **error)
{
	G_STATIC_ASSERT(RETOUR_FAULT_SENDER == 2 && RETOUR_FAULT_INFRASTRUCTURE == 4);
	sqlite3_stmt *rows = retour_sql_get(ledger, queries[grouping], error);
	if (!rows)
		return FALSE;
	sqlite3_bind_int64(rows, 1, from);
	sqlite3_bind_int64(rows, 2, to);
	int row;
	while ((row = retour_sql_step(ledger, rows, error)) > 0) {
		RetourLedgerCount count;
		read_count(rows, &count);
		func(&count, data);
	}
	return row == 0;
}
