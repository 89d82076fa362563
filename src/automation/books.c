/* SPDX-License-Identifier: BSD-2-Clause */
#include "automation/books.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define WAIT_MAX 3600

static gboolean
take_times(RetourBooks *books, const RetourCliCommand *command)
{
	guint64 wait = 10;
	books->now = (gint64)time(NULL);
	if (books->now_text && !retour_time_parse(books->now_text, &books->now))
		return retour_cli_refuse(command, "--now takes a time as 2026-11-24T10:00:00Z");
	if (books->wait_text &&
	    !g_ascii_string_to_unsigned(books->wait_text, 10, 0, WAIT_MAX, &wait, NULL))
		return retour_cli_refuse(command, "--wait takes seconds, up to %d", WAIT_MAX);
	books->wait_ms = (guint)wait * 1000;
	return TRUE;
}

gboolean
retour_books_prepare(RetourBooks *books, const RetourCliCommand *command)
{
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
	if (!take_times(books, command))
		return FALSE;
	books->settings = retour_settings_read(books->config, faults);
	for (guint i = 0; i < faults->len; i++)
		retour_cli_complain("%s", (const char *)g_ptr_array_index(faults, i));
	if (books->ledger_path) {
		g_free(books->settings->ledger);
		books->settings->ledger = g_strdup(books->ledger_path);
	}
	return faults->len == 0;
}

/* The default's own folder; one that is named must be there. */
static void
make_folder(const RetourBooks *books)
{
	if (books->ledger_path || books->settings->file)
		return;
	g_autofree char *folder = g_path_get_dirname(books->settings->ledger);
	g_mkdir_with_parents(folder, 0700);
}

gboolean
retour_books_open(RetourBooks *books, RetourLedgerMode mode)
{
	g_autoptr(GError) error = NULL;
	if (mode == RETOUR_LEDGER_CREATE)
		make_folder(books);
	books->ledger = retour_ledger_open(books->settings->ledger, mode, books->wait_ms, &error);
	if (!books->ledger)
		retour_cli_complain("%s", error->message);
	return books->ledger != NULL;
}

void
retour_books_clear(RetourBooks *books)
{
	g_free(books->config);
	g_free(books->ledger_path);
	g_free(books->now_text);
	g_free(books->wait_text);
	retour_ledger_free(books->ledger);
	retour_settings_free(books->settings);
}
