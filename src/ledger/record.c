/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "address/address.h"
#include "ledger/sql.h"

#define KEY_BYTES 16

const char *
retour_event_kind_to_string(RetourEventKind kind)
{
	static const char *const words[] = { "delay", "delivered", "bounce", "complaint",
		                             "unsubscribe" };
	return words[kind];
}

/* Of two reports of one failure the stronger one holds: a warning gives way to what became of the
 * message, a transient failure to a permanent one. */
static int
strength_of(const RetourLedgerEvent *event)
{
	switch (event->kind) {
	case RETOUR_EVENT_DELAY:
		return 1;
	case RETOUR_EVENT_DELIVERY:
		return 2;
	case RETOUR_EVENT_FAILURE:
		return event->klass == RETOUR_CLASS_HARD ? 5 : event->permanent ? 4 : 3;
	case RETOUR_EVENT_COMPLAINT:
	case RETOUR_EVENT_UNSUBSCRIBE:
		return 6;
	}
	return 0;
}

static gboolean
read_key(const char *text, guint8 key[KEY_BYTES])
{
	for (gsize i = 0; i < KEY_BYTES; i++) {
		int high = g_ascii_xdigit_value(text[2 * i]);
		int low = high < 0 ? -1 : g_ascii_xdigit_value(text[2 * i + 1]);
		if (low < 0)
			return FALSE;
		key[i] = (guint8)(high * 16 + low);
	}
	return text[2 * KEY_BYTES] == '\0';
}

gint64
retour_ledger_find_address(RetourLedger *ledger, const char *text, GError **error)
{
	g_string_truncate(ledger->key, 0);
	retour_address_append_key(retour_span_of(text), ledger->key);
	sqlite3_stmt *find = retour_sql_get(ledger, "SELECT id FROM address WHERE key = ?1", error);
	if (!find)
		return -2;
	retour_sql_bind_text(find, 1, ledger->key->str);
	int row = retour_sql_step(ledger, find, error);
	gint64 id = row > 0 ? sqlite3_column_int64(find, 0) : row - 1;
	sqlite3_reset(find);
	return id;
}

gint64
retour_ledger_add_address(RetourLedger *ledger, const char *text, GError **error)
{
	gint64 id = retour_ledger_find_address(ledger, text, error);
	if (id != -1)
		return id;
	sqlite3_stmt *insert =
	        retour_sql_get(ledger, "INSERT INTO address(key, address) VALUES (?1, ?2)", error);
	if (!insert)
		return -2;
	retour_sql_bind_text(insert, 1, ledger->key->str);
	retour_sql_bind_text(insert, 2, strcmp(text, ledger->key->str) == 0 ? NULL : text);
	return retour_sql_run(ledger, insert, error) ? sqlite3_last_insert_rowid(ledger->db) : -2;
}

/* What is kept of a diagnostic: whole characters, on one line. */
static void
bind_diagnostic(sqlite3_stmt *statement, int at, const char *text)
{
	if (!text) {
		sqlite3_bind_null(statement, at);
		return;
	}
	gsize length = strnlen(text, RETOUR_LEDGER_DIAGNOSTIC_MAX);
	while (length > 0 && ((guchar)text[length] & 0xc0) == 0x80)
		length--;
	char *line = g_strndup(text, length);
	sqlite3_bind_text(statement, at, g_strdelimit(line, "\r\n\t", ' '), -1, g_free);
}

static gboolean
bind_words(RetourLedger *ledger, sqlite3_stmt *statement, const RetourLedgerEvent *event,
           GError **error)
{
	const char *words[] = { event->reason, event->list, event->provider };
	for (int i = 0; i < 3; i++) {
		gint64 word = retour_sql_word(ledger, words[i], error);
		if (word < 0)
			return FALSE;
		sqlite3_bind_int64(statement, 11 + i, word);
	}
	return TRUE;
}

/* ?1 is the key or the number, ?2 the address, ?4 and ?5 first and last. */
static gboolean
bind_event(RetourLedger *ledger, sqlite3_stmt *statement, const RetourLedgerEvent *event,
           GError **error)
{
	char status[RETOUR_STATUS_STRING_SIZE];
	sqlite3_bind_int64(statement, 3, event->time);
	sqlite3_bind_int(statement, 6, (int)event->kind);
	sqlite3_bind_int(statement, 7, (int)event->klass);
	sqlite3_bind_int(statement, 8, (int)event->fault);
	sqlite3_bind_int(statement, 9, event->permanent);
	sqlite3_bind_int(statement, 10, strength_of(event));
	retour_sql_bind_text(statement, 14,
	                     retour_status_is_set(event->status)
	                             ? retour_status_format(event->status, status)
	                             : NULL);
	sqlite3_bind_int(statement, 15, (int)event->reply);
	retour_sql_bind_text(statement, 16, event->original);
	retour_sql_bind_text(statement, 17, event->source);
	bind_diagnostic(statement, 18, event->diagnostic);
	sqlite3_bind_int(statement, 19, (int)event->authentic);
	return bind_words(ledger, statement, event, error);
}

static gboolean
insert_event(RetourLedger *ledger, const RetourLedgerEvent *event, const guint8 *key,
             gint64 *address, GError **error)
{
	*address = retour_ledger_add_address(ledger, event->address, error);
	if (*address < 0)
		return FALSE;
	sqlite3_stmt *insert = retour_sql_get(
	        ledger,
	        "INSERT INTO event(key, address, time, first, last, kind, class, fault, permanent,"
	        " strength, reason, list, provider, status, reply, original, source, diagnostic,"
	        " authentic)"
	        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"
	        " ?17, ?18, ?19)",
	        error);
	if (!insert)
		return FALSE;
	sqlite3_bind_blob(insert, 1, key, KEY_BYTES, SQLITE_TRANSIENT);
	sqlite3_bind_int64(insert, 2, *address);
	sqlite3_bind_int64(insert, 4, event->time);
	sqlite3_bind_int64(insert, 5, event->time);
	return bind_event(ledger, insert, event, error) && retour_sql_run(ledger, insert, error);
}

typedef struct {
	gint64 id, address, time, first, last;
	int strength;
	guint authentic;
} Known;

/* 1 found, 0 not, -1 with @error */
static int
find_event(RetourLedger *ledger, const guint8 *key, Known *known, GError **error)
{
	sqlite3_stmt *find = retour_sql_get(ledger,
	                                    "SELECT id, address, time, first, last, strength,"
	                                    " authentic FROM event WHERE key = ?1",
	                                    error);
	if (!find)
		return -1;
	sqlite3_bind_blob(find, 1, key, KEY_BYTES, SQLITE_TRANSIENT);
	int row = retour_sql_step(ledger, find, error);
	if (row > 0)
		*known = (Known){ sqlite3_column_int64(find, 0),     sqlite3_column_int64(find, 1),
			          sqlite3_column_int64(find, 2),     sqlite3_column_int64(find, 3),
			          sqlite3_column_int64(find, 4),     sqlite3_column_int(find, 5),
			          (guint)sqlite3_column_int(find, 6) };
	sqlite3_reset(find);
	return row;
}

static gboolean
upgrade_event(RetourLedger *ledger, const RetourLedgerEvent *event, const Known *known,
              GError **error)
{
	sqlite3_stmt *update = retour_sql_get(
	        ledger,
	        "UPDATE event SET time = ?3, first = ?4, last = ?5, kind = ?6, class = ?7,"
	        " fault = ?8, permanent = ?9, strength = ?10, reason = ?11, list = ?12,"
	        " provider = ?13, status = ?14, reply = ?15, original = ?16, source = ?17,"
	        " diagnostic = ?18, authentic = ?19 WHERE id = ?1 AND address = ?2",
	        error);
	if (!update)
		return FALSE;
	sqlite3_bind_int64(update, 1, known->id);
	sqlite3_bind_int64(update, 2, known->address);
	sqlite3_bind_int64(update, 4, MIN(known->first, event->time));
	sqlite3_bind_int64(update, 5, MAX(known->last, event->time));
	return bind_event(ledger, update, event, error) && retour_sql_run(ledger, update, error);
}

static gboolean
widen_event(RetourLedger *ledger, const RetourLedgerEvent *event, const Known *known,
            GError **error)
{
	if (event->time >= known->first && event->time <= known->last)
		return TRUE;
	sqlite3_stmt *update = retour_sql_get(
	        ledger, "UPDATE event SET first = ?2, last = ?3 WHERE id = ?1", error);
	if (!update)
		return FALSE;
	sqlite3_bind_int64(update, 1, known->id);
	sqlite3_bind_int64(update, 2, MIN(known->first, event->time));
	sqlite3_bind_int64(update, 3, MAX(known->last, event->time));
	return retour_sql_run(ledger, update, error);
}

/* What is suspicious gives way to anything, so that nobody can put a forged report in the place of
 * a real one. Of the same strength the more authentic holds, and then the earliest, so that the
 * order of reading is no matter. */
static gboolean
is_better(const RetourLedgerEvent *event, int strength, const Known *known)
{
	gboolean suspicious = event->authentic == 1, was = known->authentic == 1;
	if (suspicious != was)
		return was;
	if (strength != known->strength)
		return strength > known->strength;
	if (event->authentic != known->authentic)
		return event->authentic > known->authentic;
	return event->time < known->time;
}

gboolean
retour_ledger_record(RetourLedger *ledger, const RetourLedgerEvent *event, RetourRecorded *recorded,
                     gint64 *address, GError **error)
{
	guint8 key[KEY_BYTES];
	Known known;
	g_return_val_if_fail(read_key(event->key, key), FALSE);
	int found = find_event(ledger, key, &known, error);
	*recorded = RETOUR_RECORDED_NEW;
	if (found <= 0)
		return found == 0 && insert_event(ledger, event, key, address, error);
	*address = known.address;
	int strength = strength_of(event);
	if (is_better(event, strength, &known)) {
		*recorded = RETOUR_RECORDED_UPGRADED;
		return upgrade_event(ledger, event, &known, error);
	}
	*recorded = RETOUR_RECORDED_KNOWN;
	return widen_event(ledger, event, &known, error);
}
