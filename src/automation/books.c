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
	retour_books_tick(books);
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
	if (!take_times(books, command) ||
	    !retour_cli_take_redaction(command, books->redact, books->redact_key,
	                               &books->redaction))
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

/* Zeros where there is none. */
static void
find_file(const RetourBooks *books, guint64 *device, guint64 *inode)
{
	struct stat status;
	gboolean there = stat(books->settings->ledger, &status) == 0;
	*device = there ? (guint64)status.st_dev : 0;
	*inode = there ? (guint64)status.st_ino : 0;
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
	find_file(books, &books->device, &books->inode);
	return books->ledger != NULL;
}

char *
retour_books_show_address(const RetourBooks *books, const char *address)
{
	if (!books->redaction || !address)
		return g_strdup(address);
	g_autoptr(GString) out = g_string_new(NULL);
	retour_redaction_append_address(books->redaction, address, out);
	return g_strdup(out->str);
}

char *
retour_books_show_text(const RetourBooks *books, const char *about, const char *text)
{
	if (!books->redaction || !text)
		return g_strdup(text);
	g_autoptr(GString) out = g_string_new(NULL);
	retour_redaction_append_text(books->redaction, about, text, out);
	return g_strdup(out->str);
}

gboolean
retour_books_reopen(RetourBooks *books)
{
	guint64 device, inode;
	find_file(books, &device, &inode);
	if (books->ledger && device == books->device && inode == books->inode)
		return TRUE;
	retour_books_close(books);
	return retour_books_open(books, RETOUR_LEDGER_WRITE);
}

void
retour_books_close(RetourBooks *books)
{
	g_clear_pointer(&books->ledger, retour_ledger_free);
}

void
retour_books_tick(RetourBooks *books)
{
	if (!books->now_text)
		books->now = (gint64)time(NULL);
}

void
retour_books_clear(RetourBooks *books)
{
	g_free(books->config);
	g_free(books->ledger_path);
	g_free(books->now_text);
	g_free(books->wait_text);
	g_free(books->redact);
	g_free(books->redact_key);
	retour_redaction_free(books->redaction);
	retour_books_close(books);
	retour_settings_free(books->settings);
}
