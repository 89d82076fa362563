/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "ledger/ledger.h"
#include "ledger/sql.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define T0 G_GINT64_CONSTANT(1767571200)
#define HOUR 3600
#define DAY (24 * HOUR)

static void
no_error(GError *error)
{
	if (error)
		fail_msg("%s", error->message);
}

static RetourLedger *
open_memory(void)
{
	GError *error = NULL;
	RetourLedger *ledger = retour_ledger_open("", RETOUR_LEDGER_COPY, 100, &error);
	no_error(error);
	return ledger;
}

/* What a short word stands for. */
static RetourLedgerEvent
event_of(const char *what)
{
	RetourLedgerEvent event = { .kind = RETOUR_EVENT_FAILURE,
		                    .klass = RETOUR_CLASS_SOFT,
		                    .fault = RETOUR_FAULT_RECIPIENT,
		                    .reason = "mailbox-full",
		                    .provider = "one.example",
		                    .list = "news" };
	if (strcmp(what, "delay") == 0) {
		event.kind = RETOUR_EVENT_DELAY;
		event.reason = "delayed";
	} else if (strcmp(what, "hard") == 0) {
		event.klass = RETOUR_CLASS_HARD;
		event.permanent = TRUE;
		event.reason = "user-unknown";
	} else if (strcmp(what, "permanent") == 0) {
		event.permanent = TRUE;
	} else if (strcmp(what, "delivered") == 0) {
		event.kind = RETOUR_EVENT_DELIVERY;
		event.klass = RETOUR_CLASS_NONE;
		event.reason = "delivered";
	} else if (strcmp(what, "complaint") == 0) {
		event.kind = RETOUR_EVENT_COMPLAINT;
		event.klass = RETOUR_CLASS_NONE;
		event.reason = "complaint";
	} else {
		assert_string_equal(what, "soft");
	}
	return event;
}

static gint64
record(RetourLedger *ledger, const char *what, guint key, const char *address, gint64 time,
       const char *provider, RetourRecorded *recorded)
{
	GError *error = NULL;
	char hex[33];
	gint64 id = -1;
	g_snprintf(hex, sizeof hex, "%032x", key);
	RetourLedgerEvent event = event_of(what);
	event.key = hex;
	event.address = address;
	event.time = time;
	if (provider)
		event.provider = provider;
	assert_true(retour_ledger_record(ledger, &event, recorded, &id, &error));
	no_error(error);
	return id;
}

static void
append_event(const RetourLedgerEvent *event, gboolean undone, gpointer data)
{
	g_string_append_printf(data, "%s%s/%s/%s@%d[%d,%d] ", undone ? "-" : "",
	                       retour_event_kind_to_string(event->kind), event->reason,
	                       event->permanent ? "permanent" : "transient",
	                       (int)((event->time - T0) / HOUR), (int)((event->first - T0) / HOUR),
	                       (int)((event->last - T0) / HOUR));
}

static char *
history(RetourLedger *ledger, const char *address)
{
	GError *error = NULL;
	g_autoptr(GString) out = g_string_new(NULL);
	gint64 id = retour_ledger_find_address(ledger, address, &error);
	no_error(error);
	if (id < 0)
		return g_strdup("unknown");
	assert_true(retour_ledger_each_event(ledger, id, 100, TRUE, append_event, out, &error));
	return g_strdup(g_strchomp(out->str));
}

/* Reports of one failure, in every order in which they may come. */
static void
test_once(void **state)
{
	static const struct {
		const char *name, *reports[3]; /* at hours 0, 5 and 9 */
		const char *expected;
	} rows[] = {
		{ "one", { "soft" }, "bounce/mailbox-full/transient@0[0,0]" },
		{ "the same again",
		  { "soft", "soft", "soft" },
		  "bounce/mailbox-full/transient@0[0,9]" },
		{ "warning and final",
		  { "delay", "hard" },
		  "bounce/user-unknown/permanent@5[0,5]" },
		{ "warning and postmaster copies",
		  { "delay", "hard", "hard" },
		  "bounce/user-unknown/permanent@5[0,9]" },
		{ "warnings and delivered",
		  { "delay", "delay", "delivered" },
		  "delivered/delivered/transient@9[0,9]" },
		{ "transient, then permanent",
		  { "soft", "permanent" },
		  "bounce/mailbox-full/permanent@5[0,5]" },
		{ "a failure stands",
		  { "hard", "delivered", "soft" },
		  "bounce/user-unknown/permanent@0[0,9]" },
	};
	static const guint orders[][3] = { { 0, 1, 2 }, { 2, 1, 0 }, { 1, 0, 2 }, { 1, 2, 0 } };
	static const int hours[] = { 0, 5, 9 };
	(void)state;
	guint wrong = 0;
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		for (guint j = 0; j < G_N_ELEMENTS(orders); j++) {
			g_autoptr(RetourLedger) ledger = open_memory();
			RetourRecorded recorded;
			for (guint k = 0; k < 3; k++) {
				guint at = orders[j][k];
				if (rows[i].reports[at])
					record(ledger, rows[i].reports[at], 7, "a@b.example",
					       T0 + hours[at] * HOUR, NULL, &recorded);
			}
			g_autofree char *got = history(ledger, "a@b.example");
			if (strcmp(got, rows[i].expected) != 0) {
				print_error("%s, order %u: %s\n", rows[i].name, j, got);
				wrong++;
			}
		}
	}
	assert_int_equal(wrong, 0);
}

static void
test_recorded(void **state)
{
	(void)state;
	g_autoptr(RetourLedger) ledger = open_memory();
	RetourRecorded recorded;
	record(ledger, "soft", 1, "a@b.example", T0, NULL, &recorded);
	assert_int_equal(recorded, RETOUR_RECORDED_NEW);
	record(ledger, "soft", 1, "a@b.example", T0, NULL, &recorded);
	assert_int_equal(recorded, RETOUR_RECORDED_KNOWN);
	record(ledger, "hard", 1, "a@b.example", T0 + 1, NULL, &recorded);
	assert_int_equal(recorded, RETOUR_RECORDED_UPGRADED);
}

static void
test_addresses(void **state)
{
	static const char *const same[][2] = {
		{ "User@Example.COM", "user@example.com" },
		{ "x@b\303\274cher.example", "x@xn--bcher-kva.example" },
		{ "\"user\"@example.com", "user@example.com" },
	};
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(same); i++) {
		g_autoptr(RetourLedger) ledger = open_memory();
		RetourRecorded recorded;
		gint64 a = record(ledger, "soft", 1, same[i][0], T0, NULL, &recorded);
		gint64 b = record(ledger, "soft", 2, same[i][1], T0, NULL, &recorded);
		assert_int_equal(a, b);
		g_autofree char *text = retour_ledger_get_address(ledger, a, NULL);
		assert_string_equal(text, same[i][0]);
	}
}

static void
test_undo(void **state)
{
	static const struct {
		const char *name;
		RetourLedgerSelection selection;
		guint events, addresses;
	} rows[] = {
		{ "all", { 0 }, 6, 3 },
		{ "window", { .from = T0, .to = T0 + DAY }, 3, 2 },
		{ "provider", { .provider = "One.example" }, 4, 2 },
		{ "window and provider",
		  { .from = T0, .to = T0 + DAY, .provider = "one.example" },
		  2,
		  1 },
		{ "domain", { .domain = "B.example" }, 5, 2 },
		{ "not a suffix of a domain", { .domain = "example" }, 0, 0 },
		{ "reason", { .reason = "user-unknown" }, 2, 2 },
		{ "list", { .list = "other" }, 0, 0 },
		{ "address", { .address = "A@b.example" }, 3, 1 },
		{ "unknown provider", { .provider = "nine.example" }, 0, 0 },
	};
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(RetourLedger) ledger = open_memory();
		g_autoptr(GArray) addresses = g_array_new(FALSE, FALSE, sizeof(gint64));
		g_autoptr(GError) error = NULL;
		RetourRecorded recorded;
		guint events = 0;
		record(ledger, "soft", 1, "a@b.example", T0, NULL, &recorded);
		record(ledger, "hard", 2, "a@b.example", T0 + HOUR, NULL, &recorded);
		record(ledger, "soft", 3, "a@b.example", T0 + DAY, NULL, &recorded);
		record(ledger, "hard", 4, "b@b.example", T0 + DAY, NULL, &recorded);
		record(ledger, "soft", 5, "b@b.example", T0 + 2 * DAY, "two.example", &recorded);
		record(ledger, "soft", 6, "c@c.example", T0, "two.example", &recorded);
		assert_true(retour_ledger_undo(ledger, &rows[i].selection, T0, addresses, &events,
		                               &error));
		if (events != rows[i].events || addresses->len != rows[i].addresses)
			fail_msg("%s: %u events of %u addresses", rows[i].name, events,
			         addresses->len);
		/* What is undone is not recorded anew. */
		record(ledger, "soft", 1, "a@b.example", T0, NULL, &recorded);
		assert_int_equal(recorded, RETOUR_RECORDED_KNOWN);
	}
}

static void
test_forget(void **state)
{
	(void)state;
	g_autoptr(GError) error = NULL;
	g_autofree char *folder = g_dir_make_tmp("retour-ledger-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "l.db", NULL);
	RetourRecorded recorded;
	gboolean changed;
	RetourLedger *ledger = retour_ledger_open(path, RETOUR_LEDGER_CREATE, 100, &error);
	assert_non_null(ledger);
	gint64 id = record(ledger, "hard", 1, "secretperson@b.example", T0, "secretperson.example",
	                   &recorded);
	record(ledger, "soft", 2, "other@b.example", T0, NULL, &recorded);
	RetourLedgerDecision decision = { .scope = "", .verdict = 2, .time = T0, .policy = "p" };
	assert_true(retour_ledger_decide(ledger, id, &decision, &changed, &error));
	assert_true(retour_ledger_forget(ledger, "SecretPerson@b.example", &error));
	assert_false(retour_ledger_forget(ledger, "nobody@b.example", &error));
	assert_null(error);
	g_autofree char *gone = history(ledger, "secretperson@b.example");
	assert_string_equal(gone, "unknown");
	retour_ledger_free(ledger);
	g_autofree char *bytes = NULL;
	gsize length;
	assert_true(g_file_get_contents(path, &bytes, &length, NULL));
	assert_null(memmem(bytes, length, "secretperson", 12));
	assert_non_null(memmem(bytes, length, "other@b.example", 15));
	g_unlink(path);
	g_rmdir(folder);
}

static void
note_provider(const RetourLedgerEvent *event, gboolean undone, gpointer data)
{
	(void)undone;
	*(char **)data = g_strdup(event->provider);
}

/* Its number is remembered by another who writes: it must not be used when the word has gone. */
static void
test_forgotten_word(void **state)
{
	(void)state;
	g_autoptr(GError) error = NULL;
	g_autofree char *folder = g_dir_make_tmp("retour-ledger-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "l.db", NULL);
	g_autofree char *provider = NULL;
	RetourRecorded recorded;
	RetourLedger *a = retour_ledger_open(path, RETOUR_LEDGER_CREATE, 100, &error);
	RetourLedger *b = retour_ledger_open(path, RETOUR_LEDGER_WRITE, 100, &error);
	assert_true(a && b && retour_ledger_begin(a, &error));
	record(a, "soft", 1, "person@own.example", T0, "own.example", &recorded);
	assert_true(retour_ledger_commit(a, &error) && retour_ledger_begin(b, &error));
	assert_true(retour_ledger_forget(b, "person@own.example", &error));
	record(b, "soft", 2, "other@b.example", T0, "another.example", &recorded);
	assert_true(retour_ledger_commit(b, &error) && retour_ledger_begin(a, &error));
	gint64 id = record(a, "soft", 3, "third@b.example", T0, "own.example", &recorded);
	assert_true(retour_ledger_each_event(a, id, 10, TRUE, note_provider, &provider, &error));
	assert_string_equal(provider, "own.example");
	assert_true(retour_ledger_commit(a, &error));
	retour_ledger_free(a);
	retour_ledger_free(b);
	g_unlink(path);
	g_rmdir(folder);
}

static void
append_decision(const char *address, const RetourLedgerDecision *decision, gpointer data)
{
	g_string_append_printf(data, "%s:%s:%d%s ", address, decision->scope, decision->verdict,
	                       decision->current ? "" : "-");
}

static void
test_decisions(void **state)
{
	(void)state;
	g_autoptr(RetourLedger) ledger = open_memory();
	g_autoptr(GError) error = NULL;
	g_autoptr(GString) all = g_string_new(NULL), standing = g_string_new(NULL);
	gboolean changed;
	gint64 id = retour_ledger_add_address(ledger, "a@b.example", &error);
	RetourLedgerDecision decision = { .scope = "", .verdict = 0, .policy = "p" };
	assert_true(retour_ledger_decide(ledger, id, &decision, &changed, &error));
	assert_false(changed); /* to keep is what is without a decision */
	decision = (RetourLedgerDecision){ "", 1, T0, T0 + DAY, "p", "1 hard", 0, TRUE };
	assert_true(retour_ledger_decide(ledger, id, &decision, &changed, &error));
	assert_true(changed);
	assert_true(retour_ledger_decide(ledger, id, &decision, &changed, &error));
	assert_false(changed);
	decision.verdict = 2;
	assert_true(retour_ledger_decide(ledger, id, &decision, &changed, &error));
	assert_true(changed);
	decision.scope = "news";
	assert_true(retour_ledger_decide(ledger, id, &decision, &changed, &error));
	assert_true(changed);
	assert_true(retour_ledger_each_decision(ledger, id, append_decision, all, &error));
	assert_string_equal(all->str, "a@b.example::1- a@b.example::2 a@b.example:news:2 ");
	assert_true(retour_ledger_each_standing(ledger, append_decision, standing, &error));
	assert_string_equal(standing->str, "a@b.example::2 a@b.example:news:2 ");
}

/* The latest are read, and wishes however old. */
static void
test_long_history(void **state)
{
	(void)state;
	g_autoptr(RetourLedger) ledger = open_memory();
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	RetourRecorded recorded;
	gint64 id = record(ledger, "complaint", 9999, "a@b.example", T0, NULL, &recorded);
	for (guint i = 0; i < 50; i++)
		record(ledger, "soft", i, "a@b.example", T0 + HOUR * (gint64)(i + 1), NULL,
		       &recorded);
	assert_true(retour_ledger_each_event(ledger, id, 2, FALSE, append_event, out, &error));
	assert_string_equal(out->str, "complaint/complaint/transient@0[0,0] "
	                              "bounce/mailbox-full/transient@49[49,49] "
	                              "bounce/mailbox-full/transient@50[50,50] ");
}

static void
test_rollback(void **state)
{
	(void)state;
	g_autoptr(RetourLedger) ledger = open_memory();
	g_autoptr(GError) error = NULL;
	RetourRecorded recorded;
	assert_true(retour_ledger_begin(ledger, &error));
	record(ledger, "soft", 1, "a@b.example", T0, "new.example", &recorded);
	retour_ledger_rollback(ledger);
	/* A word that went with it is written again. */
	record(ledger, "soft", 1, "a@b.example", T0, "new.example", &recorded);
	assert_int_equal(recorded, RETOUR_RECORDED_NEW);
	g_autoptr(GString) faults = g_string_new(NULL);
	assert_true(retour_ledger_check(ledger, faults, &error));
	assert_string_equal(faults->str, "");
}

/* No statement over one address may walk the file. */
static void
test_plans(void **state)
{
	(void)state;
	g_autoptr(RetourLedger) ledger = open_memory();
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	RetourRecorded recorded;
	gboolean changed;
	gint64 id = record(ledger, "soft", 1, "a@b.example", T0, NULL, &recorded);
	RetourLedgerDecision decision = { "", 1, T0, 0, "p", "g", 0, TRUE };
	assert_true(retour_ledger_decide(ledger, id, &decision, &changed, &error));
	assert_true(retour_ledger_each_event(ledger, id, 9, TRUE, append_event, out, &error));
	assert_true(retour_ledger_each_decision(ledger, id, append_decision, out, &error));
	g_autofree char *text = retour_ledger_get_address(ledger, id, &error);
	assert_string_equal(text, "a@b.example");
	guint seen = 0, walks = 0;
	GHashTableIter iter;
	gpointer literal;
	g_hash_table_iter_init(&iter, ledger->statements);
	while (g_hash_table_iter_next(&iter, &literal, NULL)) {
		if (g_str_has_prefix(literal, "PRAGMA"))
			continue;
		g_autofree char *sql = g_strconcat("EXPLAIN QUERY PLAN ", literal, NULL);
		sqlite3_stmt *plan;
		assert_int_equal(sqlite3_prepare_v2(ledger->db, sql, -1, &plan, NULL), SQLITE_OK);
		while (sqlite3_step(plan) == SQLITE_ROW) {
			const char *step = (const char *)sqlite3_column_text(plan, 3);
			seen++;
			if (strstr(step, "SCAN event") || strstr(step, "SCAN address") ||
			    strstr(step, "SCAN word") || strstr(step, "SCAN decision") ||
			    strstr(step, "SCAN a") || strstr(step, "SCAN d")) {
				print_error("%s: %s\n", (const char *)literal, step);
				walks++;
			}
		}
		sqlite3_finalize(plan);
	}
	assert_true(seen > 5);
	/* Making the tables and looking whether there are any reads the schema alone. */
	assert_int_equal(walks, 0);
}

static void
test_open(void **state)
{
	static const struct {
		const char *name, *bytes, *sql;
		RetourLedgerMode mode;
		int code;
		const char *says;
	} rows[] = {
		{ "not there", NULL, NULL, RETOUR_LEDGER_READ, RETOUR_LEDGER_ERROR_FAILED,
		  "it is not there: see that the path is right" },
		{ "no database", "hello, this is a text and no database at all\n", NULL,
		  RETOUR_LEDGER_CREATE, RETOUR_LEDGER_ERROR_DAMAGED, "the file is no ledger" },
		{ "another's", NULL, "CREATE TABLE t(x)", RETOUR_LEDGER_CREATE,
		  RETOUR_LEDGER_ERROR_DAMAGED, "the file is no ledger" },
		{ "newer", NULL,
		  "CREATE TABLE t(x); PRAGMA application_id=1381258578; PRAGMA user_version=99",
		  RETOUR_LEDGER_WRITE, RETOUR_LEDGER_ERROR_VERSION, "newer version" },
		{ "empty, to read", "", NULL, RETOUR_LEDGER_READ, RETOUR_LEDGER_ERROR_DAMAGED,
		  "the file is no ledger" },
	};
	(void)state;
	g_autofree char *folder = g_dir_make_tmp("retour-ledger-XXXXXX", NULL);
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_build_filename(folder, "l.db", NULL);
		g_autoptr(GError) error = NULL;
		if (rows[i].bytes)
			assert_true(g_file_set_contents(path, rows[i].bytes, -1, NULL));
		if (rows[i].sql) {
			sqlite3 *db;
			assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
			assert_int_equal(sqlite3_exec(db, rows[i].sql, NULL, NULL, NULL),
			                 SQLITE_OK);
			sqlite3_close(db);
		}
		g_autoptr(RetourLedger) ledger =
		        retour_ledger_open(path, rows[i].mode, 100, &error);
		if (ledger || !error || error->code != rows[i].code ||
		    !strstr(error->message, rows[i].says))
			fail_msg("%s: %s", rows[i].name, error ? error->message : "it was opened");
		g_unlink(path);
	}
	g_rmdir(folder);
}

/* Opened again it is what it was; two that make it at once do not meet. */
static void
test_reopen(void **state)
{
	(void)state;
	g_autofree char *folder = g_dir_make_tmp("retour-ledger-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "l.db", NULL);
	g_autofree char *copy = g_build_filename(folder, "copy.db", NULL);
	g_autoptr(GError) error = NULL;
	RetourRecorded recorded;
	RetourLedger *a = retour_ledger_open(path, RETOUR_LEDGER_CREATE, 100, &error);
	RetourLedger *b = retour_ledger_open(path, RETOUR_LEDGER_CREATE, 100, &error);
	no_error(error);
	GStatBuf status;
	assert_int_equal(g_stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	record(a, "hard", 1, "a@b.example", T0, NULL, &recorded);
	assert_true(retour_ledger_begin(b, &error));
	assert_false(retour_ledger_begin(a, &error));
	assert_int_equal(error->code, RETOUR_LEDGER_ERROR_BUSY);
	retour_ledger_rollback(b);
	g_autoptr(GError) second = NULL;
	assert_true(retour_ledger_backup(a, copy, &second));
	assert_false(retour_ledger_backup(a, copy, &second));
	retour_ledger_free(a);
	retour_ledger_free(b);
	g_autoptr(GError) third = NULL;
	a = retour_ledger_open(copy, RETOUR_LEDGER_READ, 100, &third);
	no_error(third);
	g_autofree char *got = history(a, "a@b.example");
	assert_string_equal(got, "bounce/user-unknown/permanent@0[0,0]");
	retour_ledger_free(a);
	g_unlink(path);
	g_unlink(copy);
	g_rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_once),      cmocka_unit_test(test_recorded),
		cmocka_unit_test(test_addresses), cmocka_unit_test(test_undo),
		cmocka_unit_test(test_forget),    cmocka_unit_test(test_forgotten_word),
		cmocka_unit_test(test_decisions), cmocka_unit_test(test_long_history),
		cmocka_unit_test(test_rollback),  cmocka_unit_test(test_plans),
		cmocka_unit_test(test_open),      cmocka_unit_test(test_reopen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
