/* SPDX-License-Identifier: BSD-2-Clause */
#include "automation/batch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "automation/dispatch.h"
#include "automation/file-away.h"
#include "automation/judge.h"
#include "base/write.h"
#include "emit/json-writer.h"
#include "record/no-mail.h"

static void
free_entry(gpointer entry)
{
	retour_entry_free(entry);
}

static void
free_outage(gpointer data)
{
	RetourLedgerOutage *outage = data;
	g_free(outage->provider);
	g_free(outage);
}

void
retour_batch_init(RetourBatch *batch)
{
	batch->entries = g_ptr_array_new_with_free_func(free_entry);
	batch->decisions = g_string_new(NULL);
	batch->outages = g_ptr_array_new_with_free_func(free_outage);
}

void
retour_batch_clear(RetourBatch *batch)
{
	g_ptr_array_unref(batch->entries);
	g_string_free(batch->decisions, TRUE);
	g_ptr_array_unref(batch->outages);
}

static gboolean
fail(RetourBatch *batch, const GError *error)
{
	retour_cli_complain("%s", error->message);
	retour_cli_complain("mail that is not recorded stays where it is");
	g_string_truncate(batch->decisions, 0);
	g_ptr_array_set_size(batch->outages, 0);
	batch->failed = TRUE;
	return FALSE;
}

static void
note_decision(const char *address, RetourDecision was, const RetourLedgerDecision *is,
              gpointer data)
{
	RetourBatch *batch = data;
	g_autofree char *shown = retour_books_show_address(batch->books, address);
	retour_judge_append(batch->decisions, shown, was, is);
}

static void
note_outage(const RetourLedgerOutage *outage, GString *out)
{
	g_autoptr(GString) json = g_string_new(NULL);
	RetourJsonScope line = retour_json_begin(json, NULL, '{');
	retour_json_add(json, "warning", "outage");
	retour_json_add(json, "provider", outage->provider);
	retour_json_add_time(json, "since", outage->day);
	retour_json_add_number(json, "addresses", outage->addresses);
	retour_json_add_number(json, "before", outage->before);
	retour_json_end(json, line);
	g_string_append_printf(out, "%s\n", json->str);
}

/* Where it is seen for the first time. The number is that of the end of the transaction. */
static gboolean
note_outages(RetourBatch *batch, GError **error)
{
	for (guint i = 0; i < batch->outages->len; i++) {
		RetourLedgerOutage *outage = g_ptr_array_index(batch->outages, i);
		if (!retour_ledger_count_outage(batch->books->ledger, outage, error))
			return FALSE;
		note_outage(outage, batch->decisions);
	}
	return TRUE;
}

static void
warn_of_outages(RetourBatch *batch)
{
	for (guint i = 0; i < batch->outages->len; i++) {
		const RetourLedgerOutage *outage = g_ptr_array_index(batch->outages, i);
		g_autoptr(GDateTime) day = g_date_time_new_from_unix_utc(outage->day);
		g_autofree char *text = day ? g_date_time_format(day, "%Y-%m-%d") : NULL;
		retour_cli_complain(
		        "%s calls %u addresses dead on %s that had never bounced, and at most %u "
		        "on a day before: taken for an outage; its addresses are on probation and "
		        "none is suppressed for it; to set them free: retour ledger undo "
		        "--provider %s --since %s",
		        outage->provider, outage->addresses, text ? text : "?", outage->before,
		        outage->provider, text ? text : "?");
	}
	g_ptr_array_set_size(batch->outages, 0);
}

/* What is written is durable before it is told: whoever acts on a decision may ask the ledger. */
gboolean
retour_batch_tell(RetourBatch *batch)
{
	gboolean told =
	        retour_write_all(STDOUT_FILENO, batch->decisions->str, batch->decisions->len);
	if (!told && !batch->failed)
		retour_cli_complain("standard output: %s; the ledger has the decisions",
		                    g_strerror(errno));
	batch->failed |= !told;
	batch->unheard |= !told;
	g_string_truncate(batch->decisions, 0);
	warn_of_outages(batch);
	return told;
}

/* Once an outage is seen, all of that day are judged anew. */
static gboolean
watch(RetourBatch *batch, const RetourLedgerEvent *event, gint64 address, GArray *touched,
      GError **error)
{
	RetourLedgerOutage outage;
	gboolean news;
	const RetourGuardSettings *settings = &batch->books->settings->guard;
	const RetourLedgerGuard guard = { settings->addresses, settings->times, settings->days };
	if (!retour_ledger_watch(batch->books->ledger, &guard, event, address, touched, &outage,
	                         &news, error)) {
		g_free(outage.provider);
		return FALSE;
	}
	if (news)
		g_ptr_array_add(batch->outages, g_memdup2(&outage, sizeof outage));
	else
		g_free(outage.provider);
	return TRUE;
}

static gboolean
record(RetourBatch *batch, const RetourEntry *entry, GArray *touched, GError **error)
{
	for (guint i = 0; i < entry->events->len; i++) {
		RetourRecorded recorded;
		gint64 address;
		const RetourBooks *books = batch->books;
		const RetourLedgerEvent *event =
		        &g_array_index(entry->events, RetourLedgerEvent, i);
		if (!retour_ledger_record(books->ledger, event, &recorded, &address, error))
			return FALSE;
		if (recorded == RETOUR_RECORDED_KNOWN)
			continue;
		g_array_append_val(touched, address);
		if (!watch(batch, event, address, touched, error) ||
		    !retour_dispatch_report(books->ledger, books->settings, address, event,
		                            books->now, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
judge(RetourBatch *batch, const GArray *addresses, GError **error)
{
	const RetourBooks *books = batch->books;
	for (guint i = 0; i < addresses->len; i++) {
		if (!retour_judge(books->ledger, books->settings,
		                  g_array_index(addresses, gint64, i), books->now, note_decision,
		                  batch, error))
			return FALSE;
	}
	return TRUE;
}

/* Each mail is judged by itself: what was decided on the way does not hang on where a batch ended,
 * or on when a run was killed. */
static gboolean
write_down(RetourBatch *batch, GError **error)
{
	g_autoptr(GArray) touched = g_array_new(FALSE, FALSE, sizeof(gint64));
	if (!retour_ledger_begin(batch->books->ledger, error))
		return FALSE;
	for (guint i = 0; i < batch->entries->len; i++) {
		g_array_set_size(touched, 0);
		if (!record(batch, g_ptr_array_index(batch->entries, i), touched, error) ||
		    !judge(batch, touched, error))
			return FALSE;
	}
	return note_outages(batch, error) && retour_ledger_commit(batch->books->ledger, error);
}

/* It may be read another time, or by another program. What is no mail at all is mail like any
 * other.
 */
static gboolean
is_unread(const RetourEntry *entry)
{
	return entry->kind == RETOUR_KIND_UNREADABLE && !retour_record_is_no_mail(entry->error);
}

/* What the ledger keeps, or a letter that is none of its business. */
static const char *
target_of(const RetourBatch *batch, const RetourEntry *entry)
{
	if (is_unread(entry))
		return NULL;
	return entry->events->len > 0 ? batch->source->file : batch->source->other;
}

void
retour_batch_show(const RetourBatch *batch, const RetourEntry *entry, const char *place)
{
	g_autofree char *mail = retour_books_show_text(batch->books, NULL, entry->path);
	g_autofree char *to = retour_books_show_text(batch->books, NULL, place);
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GString) json = g_string_new(NULL);
	RetourJsonScope line = retour_json_begin(json, NULL, '{');
	retour_json_add(json, "mail", mail);
	retour_json_add(json, "kind", retour_kind_to_string(entry->kind));
	retour_json_add(json, "signature", entry->signature);
	retour_json_add_number(json, "events", entry->events->len);
	retour_json_add(json, "to", to);
	retour_json_end(json, line);
	g_string_append_printf(out, "%s\n", json->str);
	retour_write_all(STDOUT_FILENO, out->str, out->len);
}

static void
move(RetourBatch *batch, const RetourEntry *entry)
{
	const char *target = target_of(batch, entry);
	gboolean movable = target && retour_file_is_maildir_mail(entry->path);
	g_autofree char *place = movable ? retour_file_get_place(entry->path, target) : NULL;
	if (batch->dry || batch->verbose)
		retour_batch_show(batch, entry, place);
	if (!place || batch->dry)
		return;
	if (retour_file_away(entry->path, place) == RETOUR_FILED_NOT) {
		retour_cli_complain("%s cannot be moved to %s: %s; it is recorded and stays",
		                    entry->path, place, g_strerror(errno));
		batch->failed = TRUE;
	}
}

gboolean
retour_batch_record(RetourBatch *batch)
{
	g_autoptr(GError) error = NULL;
	if (batch->entries->len == 0 || write_down(batch, &error))
		return TRUE;
	retour_ledger_rollback(batch->books->ledger);
	return fail(batch, error);
}

gboolean
retour_batch_flush(RetourBatch *batch)
{
	if (batch->failed || !retour_batch_record(batch))
		return FALSE;
	gboolean told = retour_batch_tell(batch);
	for (guint i = 0; i < batch->entries->len; i++)
		move(batch, g_ptr_array_index(batch->entries, i));
	g_ptr_array_set_size(batch->entries, 0);
	return told && !batch->failed;
}

/* Another process has taken it meanwhile. */
static gboolean
is_gone(const RetourEntry *entry)
{
	return entry->kind == RETOUR_KIND_UNREADABLE && strcmp(entry->path, "-") != 0 &&
	       access(entry->path, F_OK) != 0;
}

gboolean
retour_batch_add(RetourBatch *batch, RetourEntry *entry)
{
	if (is_gone(entry)) {
		retour_entry_free(entry);
		return TRUE;
	}
	batch->mails++;
	if (is_unread(entry)) {
		retour_cli_complain("%s cannot be read: %s; it stays where it is", entry->path,
		                    entry->error);
		batch->unreadable++;
	}
	g_ptr_array_add(batch->entries, entry);
	return batch->entries->len < batch->size || retour_batch_flush(batch);
}

gboolean
retour_batch_review(RetourBatch *batch)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) due = g_array_new(FALSE, FALSE, sizeof(gint64));
	RetourBooks *books = batch->books;
	if (batch->failed)
		return FALSE;
	gboolean good = retour_ledger_find_due(books->ledger, books->now, due, &error);
	if (good && due->len == 0)
		return TRUE;
	good = good && retour_ledger_begin(books->ledger, &error) && judge(batch, due, &error);
	good = good && retour_ledger_commit(books->ledger, &error);
	if (good)
		return retour_batch_tell(batch);
	retour_ledger_rollback(books->ledger);
	return fail(batch, error);
}
