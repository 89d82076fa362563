/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "ledger/sql.h"

#include <glib/gstdio.h>

#define DAY (24 * 60 * 60)
/* Midnight, UTC. */
#define START G_GINT64_CONSTANT(1793491200)

static const RetourLedgerGuard guard = { .addresses = 10, .times = 4, .days = 3 };

static RetourLedger *
open_memory(void)
{
	RetourLedger *ledger = retour_ledger_open("", RETOUR_LEDGER_COPY, 100, NULL);
	assert_non_null(ledger);
	return ledger;
}

typedef struct {
	guint key;
	const char *address, *provider;
	gint64 time;
	RetourClass klass;
	guint authentic; /* 1 suspicious, 2 unverified, 4 verified */
} Bounce;

static gint64
record(RetourLedger *ledger, const Bounce *bounce, RetourLedgerEvent *event, char key[33])
{
	gint64 id = -1;
	RetourRecorded recorded;
	g_snprintf(key, 33, "%032x", bounce->key);
	*event = (RetourLedgerEvent){ .key = key,
		                      .address = bounce->address,
		                      .kind = RETOUR_EVENT_FAILURE,
		                      .klass = bounce->klass,
		                      .fault = RETOUR_FAULT_RECIPIENT,
		                      .reason = "user-unknown",
		                      .time = bounce->time,
		                      .provider = bounce->provider,
		                      .authentic = bounce->authentic };
	assert_true(retour_ledger_record(ledger, event, &recorded, &id, NULL));
	return id;
}

/* What is seen at one bounce: 0 nothing, 1 an outage that is no news, 2 one that is. */
static guint
see(RetourLedger *ledger, const Bounce *bounce, guint *addresses)
{
	RetourLedgerEvent event;
	RetourLedgerOutage outage;
	gboolean news;
	char key[33];
	g_autoptr(GArray) touched = g_array_new(FALSE, FALSE, sizeof(gint64));
	gint64 id = record(ledger, bounce, &event, key);
	assert_true(retour_ledger_watch(ledger, &guard, &event, id, touched, &outage, &news, NULL));
	guint seen = outage.provider ? news ? 2 : 1 : 0;
	*addresses = touched->len;
	g_free(outage.provider);
	return seen;
}

/* On each day so many addresses that had never bounced; "2:12 3:50" is day 2 with 12 of them. What
 * is expected: the days on which an outage is seen, those that are news with '!'. */
static const struct {
	const char *name, *days, *expected;
} rows[] = {
	{ "ten are none", "0:10", "" },
	{ "eleven are one", "0:11", "0!" },
	{ "as many as ever", "0:10 1:10 2:40", "" },
	{ "four times as many, and one", "0:10 1:10 2:41", "2!" },
	{ "the next day is no news", "0:10 1:60 2:60", "1! 2" },
	{ "nor the third", "0:10 1:60 2:60 3:60", "1! 2 3" },
	{ "then that is how things are", "0:10 1:60 2:60 3:60 4:60 5:60", "1! 2 3" },
	{ "a week later it is news", "0:10 1:60 9:241", "1! 9!" },
	{ "what was longer ago than four weeks", "0:10 29:11", "29!" },
	{ "what was four weeks ago", "0:10 28:11", "" },
};

static void
test_days(void **state)
{
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(RetourLedger) ledger = open_memory();
		g_autoptr(GString) seen = g_string_new(NULL);
		g_auto(GStrv) days = g_strsplit(rows[i].days, " ", -1);
		guint key = 0;
		for (guint d = 0; days[d]; d++) {
			int day = 0, n = 0;
			assert_int_equal(sscanf(days[d], "%d:%d", &day, &n), 2);
			for (int k = 0; k < n; k++) {
				guint addresses;
				g_autofree char *address =
				        g_strdup_printf("u%u@one.example", ++key);
				const Bounce bounce = { key,
					                address,
					                "one.example",
					                START + day * DAY + k,
					                RETOUR_CLASS_HARD,
					                0 };
				guint what = see(ledger, &bounce, &addresses);
				if (what > 0)
					g_string_append_printf(seen, "%s%d%s", seen->len ? " " : "",
					                       day, what == 2 ? "!" : "");
			}
		}
		if (strcmp(seen->str, rows[i].expected) != 0)
			fail_msg("%s: \"%s\", not \"%s\"", rows[i].name, seen->str,
			         rows[i].expected);
	}
}

/* What is no rise: soft ones, those of another provider, addresses that have bounced before, and
 * what a stranger may have written. */
static void
test_no_rise(void **state)
{
	(void)state;
	g_autoptr(RetourLedger) ledger = open_memory();
	guint addresses, key = 0;
	for (guint i = 0; i < 50; i++) {
		g_autofree char *address = g_strdup_printf("u%u@one.example", i);
		g_autofree char *provider = g_strdup_printf("p%u.example", i);
		const Bounce bounces[] = {
			{ ++key, address, "one.example", START, RETOUR_CLASS_SOFT, 0 },
			{ ++key, address, "one.example", START + 1, RETOUR_CLASS_HARD, 1 },
			{ ++key, address, "one.example", START + 2, RETOUR_CLASS_HARD, 2 },
			{ ++key, address, provider, START + 3, RETOUR_CLASS_HARD, 0 },
			{ ++key, address, "one.example", START + 4, RETOUR_CLASS_HARD, 0 },
			{ ++key, "same@one.example", "one.example", START + 5, RETOUR_CLASS_HARD,
			  0 },
		};
		for (gsize k = 0; k < G_N_ELEMENTS(bounces); k++)
			assert_int_equal(see(ledger, &bounces[k], &addresses), 0);
	}
}

static void
count_doubted(const RetourLedgerEvent *event, gboolean undone, gpointer data)
{
	(void)undone;
	*(guint *)data += event->doubted;
}

static guint
doubted(RetourLedger *ledger, const char *address)
{
	guint n = 0;
	gint64 id = retour_ledger_find_address(ledger, address, NULL);
	assert_true(id >= 0);
	assert_true(retour_ledger_each_event(ledger, id, 100, FALSE, count_doubted, &n, NULL));
	return n;
}

/* Those who came before it was seen are judged anew, and all of that day are doubted. */
static void
test_touched(void **state)
{
	(void)state;
	g_autoptr(RetourLedger) ledger = open_memory();
	guint addresses = 0;
	for (guint i = 0; i < 13; i++) {
		g_autofree char *address = g_strdup_printf("u%u@one.example", i);
		const Bounce bounce = { i + 1,     address,           "one.example",
			                START + i, RETOUR_CLASS_HARD, 0 };
		guint what = see(ledger, &bounce, &addresses);
		assert_int_equal(what, i == 10 ? 2 : 0);
		if (what)
			assert_int_equal(addresses, 11);
	}
	assert_int_equal(doubted(ledger, "u0@one.example"), 1);
	assert_int_equal(doubted(ledger, "u12@one.example"), 1);
	const Bounce next = {
		99, "u0@one.example", "one.example", START + DAY, RETOUR_CLASS_HARD, 0
	};
	see(ledger, &next, &addresses);
	assert_int_equal(doubted(ledger, "u0@one.example"), 1);
}

/* Of reports of one failure: suspicious ones give way to any, then the stronger holds, then the
 * more authentic. */
static void
test_which_holds(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		RetourClass klass[2];
		guint authentic[2], expected;
	} reports[] = {
		{ "suspicious gives way to a weaker one",
		  { RETOUR_CLASS_HARD, RETOUR_CLASS_SOFT },
		  { 1, 4 },
		  4 },
		{ "and does not come in its place",
		  { RETOUR_CLASS_SOFT, RETOUR_CLASS_HARD },
		  { 4, 1 },
		  4 },
		{ "to one that is not judged",
		  { RETOUR_CLASS_HARD, RETOUR_CLASS_SOFT },
		  { 1, 0 },
		  0 },
		{ "the more authentic", { RETOUR_CLASS_HARD, RETOUR_CLASS_HARD }, { 2, 4 }, 4 },
		{ "stays", { RETOUR_CLASS_HARD, RETOUR_CLASS_HARD }, { 4, 2 }, 4 },
		{ "the stronger, though less authentic",
		  { RETOUR_CLASS_SOFT, RETOUR_CLASS_HARD },
		  { 4, 2 },
		  2 },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(reports); i++) {
		g_autoptr(RetourLedger) ledger = open_memory();
		RetourLedgerEvent event;
		char key[33];
		for (guint k = 0; k < 2; k++) {
			const Bounce bounce = {
				1,         "a@one.example",     "one.example",
				START + k, reports[i].klass[k], reports[i].authentic[k]
			};
			record(ledger, &bounce, &event, key);
		}
		sqlite3_stmt *find = retour_sql_get(ledger, "SELECT authentic FROM event", NULL);
		assert_int_equal(retour_sql_step(ledger, find, NULL), 1);
		if ((guint)sqlite3_column_int(find, 0) != reports[i].expected)
			fail_msg("%s: %d", reports[i].name, sqlite3_column_int(find, 0));
		sqlite3_reset(find);
	}
}

static int
count_rows(RetourLedger *ledger, const char *sql)
{
	sqlite3_stmt *find = retour_sql_get(ledger, sql, NULL);
	assert_int_equal(retour_sql_step(ledger, find, NULL), 1);
	int n = sqlite3_column_int(find, 0);
	sqlite3_reset(find);
	return n;
}

/* With the last of its addresses a provider goes, and its past; undo counts it anew. */
static void
test_undo_and_forget(void **state)
{
	(void)state;
	g_autoptr(RetourLedger) ledger = open_memory();
	g_autoptr(GArray) touched = g_array_new(FALSE, FALSE, sizeof(gint64));
	guint addresses, events;
	for (guint i = 0; i < 11; i++) {
		g_autofree char *address = g_strdup_printf("u%u@one.example", i);
		const Bounce bounce = {
			i + 1, address, "one.example", START, RETOUR_CLASS_HARD, 0
		};
		see(ledger, &bounce, &addresses);
	}
	assert_int_equal(count_rows(ledger, "SELECT addresses FROM rise"), 11);
	const RetourLedgerSelection one = { .address = "u3@one.example" };
	assert_true(retour_ledger_undo(ledger, &one, START + DAY, touched, &events, NULL));
	assert_int_equal(count_rows(ledger, "SELECT addresses FROM rise"), 10);
	for (guint i = 0; i < 11; i++) {
		g_autofree char *address = g_strdup_printf("u%u@one.example", i);
		assert_int_equal(count_rows(ledger, "SELECT count(*) FROM outage"), 1);
		assert_true(retour_ledger_forget(ledger, address, NULL));
	}
	assert_int_equal(count_rows(ledger, "SELECT count(*) FROM rise"), 0);
	assert_int_equal(count_rows(ledger, "SELECT count(*) FROM outage"), 0);
}

/* A ledger of the version before is brought up: its past is known then. */
static void
test_migration(void **state)
{
	(void)state;
	g_autofree char *folder = g_dir_make_tmp("retour-outage-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "l.db", NULL);
	RetourLedger *ledger = retour_ledger_open(path, RETOUR_LEDGER_CREATE, 100, NULL);
	assert_non_null(ledger);
	RetourLedgerEvent event;
	char key[33];
	for (guint i = 0; i < 20; i++) {
		g_autofree char *address = g_strdup_printf("u%u@one.example", i);
		const Bounce bounce = {
			i + 1, address, "one.example", START, RETOUR_CLASS_HARD, 0
		};
		record(ledger, &bounce, &event, key);
	}
	assert_true(retour_sql_exec(ledger,
	                            "ALTER TABLE event DROP COLUMN authentic; DROP TABLE rise;"
	                            "DROP TABLE outage; PRAGMA user_version = 2",
	                            NULL));
	retour_ledger_free(ledger);
	assert_null(retour_ledger_open(path, RETOUR_LEDGER_READ, 100, NULL));
	ledger = retour_ledger_open(path, RETOUR_LEDGER_CREATE, 100, NULL);
	assert_non_null(ledger);
	assert_int_equal(count_rows(ledger, "SELECT addresses FROM rise"), 20);
	retour_ledger_free(ledger);
	g_unlink(path);
	assert_int_equal(g_rmdir(folder), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_no_rise),
		cmocka_unit_test(test_touched),
		cmocka_unit_test(test_which_holds),
		cmocka_unit_test(test_undo_and_forget),
		cmocka_unit_test(test_migration),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
