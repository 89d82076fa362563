/* SPDX-License-Identifier: BSD-2-Clause */
#include "ledger/sql.h"

#define DAY (24 * 60 * 60)

/* How far a provider's past is looked at, and how long an outage is no news. Days. */
#define PAST 28
#define NEWS 7

static gboolean
may_rise(const RetourLedgerEvent *event)
{
	G_STATIC_ASSERT(RETOUR_EVENT_FAILURE == 2 && RETOUR_CLASS_HARD == 2 &&
	                RETOUR_FAULT_RECIPIENT == 1);
	return event->kind == RETOUR_EVENT_FAILURE && event->klass == RETOUR_CLASS_HARD &&
	       event->fault == RETOUR_FAULT_RECIPIENT && event->provider && event->authentic != 1 &&
	       event->authentic != 2;
}

/* One row of one number; @none where there is none. */
static gboolean
get_number(RetourLedger *ledger, sqlite3_stmt *statement, gint64 none, gint64 *number,
           GError **error)
{
	int row = retour_sql_step(ledger, statement, error);
	*number = row > 0 ? sqlite3_column_int64(statement, 0) : none;
	if (row > 0)
		sqlite3_reset(statement);
	return row >= 0;
}

/* How often the address has bounced hard, up to 2. */
static gboolean
count_bounces(RetourLedger *ledger, gint64 address, gint64 *bounces, GError **error)
{
	sqlite3_stmt *find =
	        retour_sql_get(ledger,
	                       "SELECT count(*) FROM (SELECT 1 FROM event"
	                       " INDEXED BY event_address WHERE address = ?1"
	                       " AND undoing = 0 AND " RETOUR_LEDGER_IS_RISE " LIMIT 2)",
	                       error);
	if (!find)
		return FALSE;
	sqlite3_bind_int64(find, 1, address);
	return get_number(ledger, find, 0, bounces, error);
}

static gboolean
add_rise(RetourLedger *ledger, gint64 provider, gint64 day, gint64 *addresses, GError **error)
{
	sqlite3_stmt *add = retour_sql_get(ledger,
	                                   "INSERT INTO rise VALUES (?1, ?2, 1)"
	                                   " ON CONFLICT DO UPDATE SET addresses = addresses + 1"
	                                   " RETURNING addresses",
	                                   error);
	if (!add)
		return FALSE;
	sqlite3_bind_int64(add, 1, provider);
	sqlite3_bind_int64(add, 2, day);
	/* It is done only once it has been stepped to its end. */
	int row = retour_sql_step(ledger, add, error);
	*addresses = row > 0 ? sqlite3_column_int64(add, 0) : 0;
	return row > 0 && retour_sql_step(ledger, add, error) == 0;
}

/* The worst day of the provider's past. Days of an outage are left out until it has lasted as long
 * as it may: then that is how things are. */
static gboolean
get_past(RetourLedger *ledger, gint64 provider, gint64 day, guint days, gint64 *before,
         GError **error)
{
	sqlite3_stmt *find =
	        retour_sql_get(ledger,
	                       "SELECT ifnull(max(r.addresses), 0) FROM rise r"
	                       " LEFT JOIN outage o ON o.provider = r.provider AND o.day = r.day"
	                       " WHERE r.provider = ?1 AND r.day >= ?2 AND r.day < ?3"
	                       " AND (o.day IS NULL OR o.day <= ?4)",
	                       error);
	if (!find)
		return FALSE;
	sqlite3_bind_int64(find, 1, provider);
	sqlite3_bind_int64(find, 2, day - PAST);
	sqlite3_bind_int64(find, 3, day);
	sqlite3_bind_int64(find, 4, day - days);
	return get_number(ledger, find, 0, before, error);
}

/* The last day of an outage up to @day; far back if there is none. */
static gboolean
get_last_outage(RetourLedger *ledger, gint64 provider, gint64 day, gint64 *last, GError **error)
{
	sqlite3_stmt *find = retour_sql_get(
	        ledger,
	        "SELECT ifnull(max(day), -1000000) FROM outage WHERE provider = ?1 AND day <= ?2",
	        error);
	if (!find)
		return FALSE;
	sqlite3_bind_int64(find, 1, provider);
	sqlite3_bind_int64(find, 2, day);
	return get_number(ledger, find, 0, last, error);
}

static gboolean
add_outage(RetourLedger *ledger, gint64 provider, gint64 day, gint64 before, GError **error)
{
	sqlite3_stmt *insert =
	        retour_sql_get(ledger, "INSERT INTO outage VALUES (?1, ?2, ?3)", error);
	if (!insert)
		return FALSE;
	sqlite3_bind_int64(insert, 1, provider);
	sqlite3_bind_int64(insert, 2, day);
	sqlite3_bind_int64(insert, 3, before);
	return retour_sql_run(ledger, insert, error);
}

static gboolean
find_touched(RetourLedger *ledger, gint64 provider, gint64 day, GArray *addresses, GError **error)
{
	sqlite3_stmt *find = retour_sql_get(
	        ledger,
	        "SELECT DISTINCT address FROM event INDEXED BY event_time WHERE time >= ?2"
	        " AND time < ?3 AND provider = ?1 AND kind = 2 AND class = 2 AND undoing = 0",
	        error);
	if (!find)
		return FALSE;
	sqlite3_bind_int64(find, 1, provider);
	sqlite3_bind_int64(find, 2, day * DAY);
	sqlite3_bind_int64(find, 3, (day + 1) * DAY);
	int row;
	while ((row = retour_sql_step(ledger, find, error)) > 0) {
		gint64 address = sqlite3_column_int64(find, 0);
		g_array_append_val(addresses, address);
	}
	return row == 0;
}

gboolean
retour_ledger_watch(RetourLedger *ledger, const RetourLedgerGuard *guard,
                    const RetourLedgerEvent *event, gint64 address, GArray *addresses,
                    RetourLedgerOutage *outage, gboolean *news, GError **error)
{
	gint64 bounces, risen, before, last, day = event->time / DAY;
	*outage = (RetourLedgerOutage){ 0 };
	*news = FALSE;
	if (!may_rise(event))
		return TRUE;
	gint64 provider = retour_sql_word(ledger, event->provider, error);
	if (provider < 0 || !count_bounces(ledger, address, &bounces, error))
		return FALSE;
	if (bounces != 1)
		return TRUE;
	if (!add_rise(ledger, provider, day, &risen, error))
		return FALSE;
	if (guard->addresses == 0 || risen <= guard->addresses)
		return TRUE;
	if (!get_last_outage(ledger, provider, day, &last, error) ||
	    !get_past(ledger, provider, day, guard->days, &before, error))
		return FALSE;
	if (last == day || risen <= before * guard->times)
		return TRUE;
	*news = last < day - NEWS;
	*outage = (RetourLedgerOutage){ g_strdup(event->provider), day * DAY, (guint)risen,
		                        (guint)before };
	return add_outage(ledger, provider, day, before, error) &&
	       find_touched(ledger, provider, day, addresses, error);
}

gboolean
retour_ledger_count_outage(RetourLedger *ledger, RetourLedgerOutage *outage, GError **error)
{
	gint64 addresses;
	gint64 provider = retour_sql_word(ledger, outage->provider, error);
	sqlite3_stmt *find = retour_sql_get(
	        ledger, "SELECT addresses FROM rise WHERE provider = ?1 AND day = ?2", error);
	if (provider < 0 || !find)
		return FALSE;
	sqlite3_bind_int64(find, 1, provider);
	sqlite3_bind_int64(find, 2, outage->day / DAY);
	if (!get_number(ledger, find, outage->addresses, &addresses, error))
		return FALSE;
	outage->addresses = (guint)addresses;
	return TRUE;
}
