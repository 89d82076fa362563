/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What a ledger of many events costs: budget FOLDER [EVENTS]. Fails where the file takes more than
 * 500 bytes an event, or where showing one address reads more than a few pages. The rate is printed
 * and not judged: it is the machine's as well.
 */
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "ledger/ledger.h"
#include "ledger/sql.h"

#define BATCH 1000
#define BYTES_MAX 500
#define PAGES_MAX 80
/* A history that is shown: the busiest address has about so many. */
#define PER_ADDRESS 4

static void
die(const GError *error)
{
	fprintf(stderr, "%s\n", error->message);
	exit(1);
}

/* Events as mail makes them: keys without order, words that repeat, texts that do not. */
static void
record(RetourLedger *ledger, guint number, guint n)
{
	static const char *const reasons[] = { "user-unknown", "mailbox-full", "blocklisted",
		                               "connection-failed" };
	GError *error = NULL;
	char key[33], address[64], provider[32], original[64], source[64], text[200];
	guint64 mixed = (number + 1) * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
	RetourRecorded recorded;
	gint64 id;
	g_snprintf(key, sizeof key, "%016" G_GINT64_MODIFIER "x%016x", mixed, number);
	g_snprintf(address, sizeof address, "reader.%08x@domain%u.example",
	           (guint)(mixed >> 32) % (n / PER_ADDRESS + 1), (guint)(mixed % 5000));
	g_snprintf(provider, sizeof provider, "provider%u.example", (guint)(mixed % 300));
	g_snprintf(original, sizeof original, "<%u.%08x.1764@lists.example.org>", number,
	           (guint)mixed);
	g_snprintf(source, sizeof source, "1764%06u.M%06uP%05u.mx1.lists.example.org", number,
	           (guint)(mixed % 999999), number % 32768);
	g_snprintf(text, sizeof text,
	           "550 5.1.1 <%s>: Recipient address rejected: User unknown in virtual mailbox "
	           "table (in reply to RCPT TO command)",
	           address);
	const RetourLedgerEvent event = {
		.key = key,
		.address = address,
		.kind = RETOUR_EVENT_FAILURE,
		.klass = number % 4 ? RETOUR_CLASS_SOFT : RETOUR_CLASS_HARD,
		.fault = RETOUR_FAULT_RECIPIENT,
		.permanent = TRUE,
		.reason = reasons[number % G_N_ELEMENTS(reasons)],
		.status = { 5, 1, 1 },
		.reply = 550,
		.time = 1764000000 + number * G_GINT64_CONSTANT(3),
		.list = "news",
		.provider = provider,
		.original = original,
		.source = source,
		.diagnostic = text,
	};
	if (!retour_ledger_record(ledger, &event, &recorded, &id, &error))
		die(error);
}

static void
fill(RetourLedger *ledger, guint n)
{
	GError *error = NULL;
	for (guint i = 0; i < n; i++) {
		if (i % BATCH == 0 && !retour_ledger_begin(ledger, &error))
			die(error);
		record(ledger, i, n);
		if ((i % BATCH == BATCH - 1 || i + 1 == n) && !retour_ledger_commit(ledger, &error))
			die(error);
	}
}

static void
count(const RetourLedgerEvent *event, gboolean undone, gpointer data)
{
	(void)event;
	(void)undone;
	++*(guint *)data;
}

/* Pages that one look at an address reads from the file, with nothing in memory. */
static int
show(const char *path, gint64 address, guint *events)
{
	GError *error = NULL;
	int pages, most;
	RetourLedger *ledger = retour_ledger_open(path, RETOUR_LEDGER_READ, 1000, &error);
	if (!ledger ||
	    !retour_ledger_each_event(ledger, address, 1000, TRUE, count, events, &error))
		die(error);
	sqlite3_db_status(ledger->db, SQLITE_DBSTATUS_CACHE_MISS, &pages, &most, 0);
	retour_ledger_free(ledger);
	return pages;
}

int
main(int argc, char **argv)
{
	guint n = argc > 2 ? (guint)g_ascii_strtoull(argv[2], NULL, 10) : 20000;
	GError *error = NULL;
	GStatBuf status;
	g_autofree char *path =
	        g_build_filename(argc > 1 ? argv[1] : ".", "retour-budget.db", NULL);
	g_unlink(path);
	gint64 begun = g_get_monotonic_time();
	RetourLedger *ledger = retour_ledger_open(path, RETOUR_LEDGER_CREATE, 1000, &error);
	if (!ledger)
		die(error);
	fill(ledger, n);
	double seconds = (double)(g_get_monotonic_time() - begun) / G_USEC_PER_SEC;
	double busy = (double)clock() / CLOCKS_PER_SEC;
	retour_ledger_free(ledger);
	g_stat(path, &status);
	guint events = 0;
	int pages = 0;
	for (gint64 address = 1; address <= 10; address++)
		pages = MAX(pages, show(path, address, &events));
	double bytes = (double)status.st_size / n;
	printf("%u events: %.0f a second, %.0f a second of CPU time, %.0f bytes each, at most %d "
	       "pages to show an address "
	       "(%u events of 10)\n",
	       n, n / seconds, n / busy, bytes, pages, events);
	g_unlink(path);
	return bytes < BYTES_MAX && pages < PAGES_MAX && events > 0 ? 0 : 1;
}
