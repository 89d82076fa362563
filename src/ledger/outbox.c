/* SPDX-License-Identifier: BSD-2-Clause */
#include "ledger/outbox.h"

#include <string.h>

#include "ledger/sql.h"

const char *
retour_verb_to_string(RetourVerb verb)
{
	static const char *const words[] = { "hold", "remove", "release", "restore", "report" };
	return words[verb];
}

const char *
retour_outbox_state_to_string(RetourOutboxState state)
{
	static const char *const words[] = { "waiting", "done",    "moot",
		                             "refused", "by-hand", "dropped" };
	return words[state];
}

/* What stands in the way of mail from a list: the numbers of decisions. */
enum {
	MEMBER,
	HELD,
	REMOVED,
};

static RetourVerb
verb_towards(int present, int wanted)
{
	if (wanted == REMOVED)
		return RETOUR_VERB_REMOVE;
	if (present == REMOVED)
		return RETOUR_VERB_RESTORE;
	return wanted == HELD ? RETOUR_VERB_HOLD : RETOUR_VERB_RELEASE;
}

static int
result_of(RetourVerb verb)
{
	return verb == RETOUR_VERB_REMOVE ? REMOVED : verb == RETOUR_VERB_HOLD ? HELD : MEMBER;
}

/* One pair of an address and a list, on the way to a plan. */
typedef struct {
	RetourLedger *ledger;
	gint64 address, list; /* numbers */
	const char *list_name;
	guint verbs;
	gint64 now;
	gint64 decision; /* number of the one that holds; 0: none */
	int wanted, present;
	int open;      /* what the open actions lead to; -1: there is none */
	gboolean moot; /* there was nothing to do for this very decision */
} Pair;

static gboolean
find_wanted(Pair *pair, GError **error)
{
	sqlite3_stmt *find = retour_sql_get(
	        pair->ledger,
	        "SELECT id, CASE WHEN until > 0 AND until <= ?3 THEN 0 ELSE verdict END AS now"
	        " FROM decision WHERE address = ?1 AND current = 1 AND scope IN (0, ?2)"
	        " ORDER BY now DESC, id DESC LIMIT 1",
	        error);
	if (!find)
		return FALSE;
	sqlite3_bind_int64(find, 1, pair->address);
	sqlite3_bind_int64(find, 2, pair->list);
	sqlite3_bind_int64(find, 3, pair->now);
	int row = retour_sql_step(pair->ledger, find, error);
	if (row > 0) {
		pair->decision = sqlite3_column_int64(find, 0);
		pair->wanted = sqlite3_column_int(find, 1);
	}
	sqlite3_reset(find);
	/* Where mail cannot be held it goes on. */
	if (pair->wanted == HELD && !(pair->verbs & RETOUR_VERB_BIT(RETOUR_VERB_HOLD)))
		pair->wanted = MEMBER;
	return row >= 0;
}

/* What the list manager holds, as far as is known, and where open actions lead. */
static gboolean
find_present(Pair *pair, GError **error)
{
	sqlite3_stmt *rows =
	        retour_sql_get(pair->ledger,
	                       "SELECT verb, state, begun, decision FROM action"
	                       " WHERE address = ?1 AND list = ?2 AND verb <> 4 AND state <> 5"
	                       " ORDER BY id",
	                       error);
	if (!rows)
		return FALSE;
	sqlite3_bind_int64(rows, 1, pair->address);
	sqlite3_bind_int64(rows, 2, pair->list);
	pair->open = -1;
	int row;
	while ((row = retour_sql_step(pair->ledger, rows, error)) > 0) {
		RetourVerb verb = (RetourVerb)sqlite3_column_int(rows, 0);
		int state = sqlite3_column_int(rows, 1);
		gboolean closed = state == RETOUR_OUTBOX_DONE || state == RETOUR_OUTBOX_MOOT;
		pair->moot = state == RETOUR_OUTBOX_MOOT &&
		             sqlite3_column_int64(rows, 3) == pair->decision;
		if (state == RETOUR_OUTBOX_DONE || (!closed && sqlite3_column_int(rows, 2)))
			pair->present = result_of(verb);
		pair->open = closed ? -1 : result_of(verb);
	}
	return row == 0;
}

static gboolean
drop_open(const Pair *pair, GError **error)
{
	sqlite3_stmt *drop = retour_sql_get(
	        pair->ledger,
	        "UPDATE action SET state = 5, finished = ?3 WHERE address = ?1 AND list = ?2"
	        " AND verb <> 4 AND state IN (0, 3, 4)",
	        error);
	if (!drop)
		return FALSE;
	sqlite3_bind_int64(drop, 1, pair->address);
	sqlite3_bind_int64(drop, 2, pair->list);
	sqlite3_bind_int64(drop, 3, pair->now);
	return retour_sql_run(pair->ledger, drop, error);
}

/* A key is of its action alone, and the same wherever the same was done to a ledger. */
static gboolean
make_key(const Pair *pair, RetourVerb verb, const char *what, char key[33], GError **error)
{
	sqlite3_stmt *count =
	        retour_sql_get(pair->ledger,
	                       "SELECT (SELECT key FROM address WHERE id = ?1),"
	                       " (SELECT count(*) FROM action WHERE address = ?1 AND list = ?2)",
	                       error);
	if (!count)
		return FALSE;
	sqlite3_bind_int64(count, 1, pair->address);
	sqlite3_bind_int64(count, 2, pair->list);
	if (retour_sql_step(pair->ledger, count, error) < 0)
		return FALSE;
	g_autofree char *text = g_strdup_printf("%s\n%s\n%s\n%s\n%" G_GINT64_FORMAT "\n%d",
	                                        retour_sql_text(count, 0), pair->list_name,
	                                        retour_verb_to_string(verb), what ? what : "",
	                                        pair->now, sqlite3_column_int(count, 1));
	sqlite3_reset(count);
	g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
	g_strlcpy(key, sum, 33);
	return TRUE;
}

/* The event that tells most of why: a wish of the recipient, or the last one. */
#define EVENT_BEHIND                                                             \
	"(SELECT id FROM event WHERE address = ?2 AND undoing = 0 AND kind <> 1" \
	" ORDER BY kind >= 3 DESC, time DESC, id DESC LIMIT 1)"

static gboolean
add(const Pair *pair, RetourVerb verb, GError **error)
{
	char key[33];
	sqlite3_stmt *insert = retour_sql_get(
	        pair->ledger,
	        "INSERT INTO action(key, address, list, verb, state, planned, due, decision, event)"
	        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, nullif(?7, 0), " EVENT_BEHIND ")",
	        error);
	if (!insert || !make_key(pair, verb, NULL, key, error))
		return FALSE;
	gboolean able = (pair->verbs & RETOUR_VERB_BIT(verb)) != 0;
	retour_sql_bind_text(insert, 1, key);
	sqlite3_bind_int64(insert, 2, pair->address);
	sqlite3_bind_int64(insert, 3, pair->list);
	sqlite3_bind_int(insert, 4, (int)verb);
	sqlite3_bind_int(insert, 5, able ? RETOUR_OUTBOX_WAITING : RETOUR_OUTBOX_BY_HAND);
	sqlite3_bind_int64(insert, 6, pair->now);
	sqlite3_bind_int64(insert, 7, pair->decision);
	return retour_sql_run(pair->ledger, insert, error);
}

gboolean
retour_outbox_plan(RetourLedger *ledger, gint64 address, const char *list, guint verbs, gint64 now,
                   GError **error)
{
	Pair pair = { .ledger = ledger,
		      .address = address,
		      .list = retour_sql_word(ledger, list, error),
		      .list_name = list,
		      .verbs = verbs,
		      .now = now };
	if (pair.list < 0 || !find_wanted(&pair, error) || !find_present(&pair, error))
		return FALSE;
	if (pair.moot || pair.open == pair.wanted || (pair.open < 0 && pair.present == pair.wanted))
		return TRUE;
	if (!drop_open(&pair, error))
		return FALSE;
	if (pair.present == pair.wanted)
		return TRUE;
	RetourVerb verb = verb_towards(pair.present, pair.wanted);
	/* A member again first, and then one who gets no mail. */
	return add(&pair, verb, error) && (pair.wanted != HELD || verb != RETOUR_VERB_RESTORE ||
	                                   add(&pair, RETOUR_VERB_HOLD, error));
}

gboolean
retour_outbox_plan_report(RetourLedger *ledger, gint64 address, const char *list, const char *key,
                          gint64 now, GError **error)
{
	Pair pair = { .ledger = ledger,
		      .address = address,
		      .list = retour_sql_word(ledger, list, error),
		      .list_name = list,
		      .now = now };
	char own[33];
	sqlite3_stmt *insert = retour_sql_get(
	        ledger,
	        "INSERT INTO action(key, address, list, verb, state, planned, due, event)"
	        " SELECT ?1, ?2, ?3, 4, 0, ?4, ?4, id FROM event e WHERE lower(hex(e.key)) = ?5"
	        " AND e.address = ?2 AND NOT EXISTS (SELECT 1 FROM action WHERE address = ?2"
	        " AND list = ?3 AND verb = 4 AND event = e.id)",
	        error);
	if (pair.list < 0 || !insert || !make_key(&pair, RETOUR_VERB_REPORT, key, own, error))
		return FALSE;
	retour_sql_bind_text(insert, 1, own);
	sqlite3_bind_int64(insert, 2, address);
	sqlite3_bind_int64(insert, 3, pair.list);
	sqlite3_bind_int64(insert, 4, now);
	retour_sql_bind_text(insert, 5, key);
	return retour_sql_run(ledger, insert, error);
}
