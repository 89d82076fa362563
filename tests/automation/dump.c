/* SPDX-License-Identifier: BSD-2-Clause */

/* Prints what a ledger holds, without the numbers that depend on the order in which it came:
 * dump LEDGER. */
#include <sqlite3.h>
#include <stdio.h>

static const char *const queries[] = {
	"SELECT 'event', hex(e.key), a.key, e.time, e.first, e.last, e.kind, e.class, e.fault,"
	" e.permanent, e.strength, r.word, l.word, p.word, e.status, e.reply, e.original,"
	" e.source, e.diagnostic, e.undoing FROM event e JOIN address a ON a.id = e.address"
	" LEFT JOIN word r ON r.id = e.reason LEFT JOIN word l ON l.id = e.list"
	" LEFT JOIN word p ON p.id = e.provider ORDER BY e.key",
	"SELECT 'address', key, address FROM address ORDER BY key",
	"SELECT 'decision', a.key, s.word, d.verdict, d.time, d.until, p.word, d.grounds, d.code,"
	" d.current FROM decision d JOIN address a ON a.id = d.address LEFT JOIN word s"
	" ON s.id = d.scope LEFT JOIN word p ON p.id = d.policy ORDER BY a.key, s.word, d.id",
	"PRAGMA integrity_check",
};

static int
print_row(void *data, int n, char **values, char **names)
{
	(void)data;
	(void)names;
	for (int i = 0; i < n; i++)
		printf("%s%c", values[i] ? values[i] : "-", i + 1 < n ? '|' : '\n');
	return 0;
}

int
main(int argc, char **argv)
{
	sqlite3 *db;
	if (argc != 2 || sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
		return 1;
	for (unsigned i = 0; i < sizeof queries / sizeof *queries; i++) {
		if (sqlite3_exec(db, queries[i], print_row, NULL, NULL) != SQLITE_OK) {
			fprintf(stderr, "%s: %s\n", argv[1], sqlite3_errmsg(db));
			return 1;
		}
	}
	return sqlite3_close(db) != SQLITE_OK;
}
