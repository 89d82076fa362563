/* SPDX-License-Identifier: BSD-2-Clause */
#include "automation/serve.h"

#include "automation/batch.h"
#include "lmtp/keep.h"

static RetourDoor *
get_door(const RetourServe *serve, guint number)
{
	return &g_array_index(serve->doors, RetourDoor, number);
}

static void
write_entry(const RetourServe *serve, const RetourDoor *door, const RetourRecord *record,
            GString *out)
{
	const RetourEntryRule rule = { serve->books->settings, door->source->keys != NULL };
	retour_entry_write(&rule, &(RetourSource){ .name = door->source->path }, record, out);
}

/* A worker lives for many rounds: its time goes on. */
static void
read_one(const RetourLmtpDelivery *delivery, GString *result, gpointer data)
{
	const RetourServe *serve = data;
	const RetourDoor *door = get_door(serve, delivery->listener);
	retour_books_tick(serve->books);
	const RetourOptions how = { .sender = delivery->sender,
		                    .recipient = delivery->recipient,
		                    .profile = door->source->profile,
		                    .verp = door->source->verp,
		                    .site = serve->site,
		                    .own = door->knowledge,
		                    .now = serve->books->now };
	gsize size;
	const char *mail = g_bytes_get_data(delivery->mail, &size);
	g_autoptr(RetourRecord) record = retour_record_read(mail, size, &how);
	write_entry(serve, door, record, result);
}

/* A round on its way: what its workers have made of the deliveries. */
typedef struct RetourRound {
	RetourServe *serve;
	RetourLmtpDelivery *const *deliveries;
	RetourBatch batch;
	RetourEntry **entries; /* of the batch; NULL: there is none */
} Round;

static void
take_entry(guint number, const char *result, gsize length, const char *cause, gpointer data)
{
	Round *round = ((RetourServe *)data)->round;
	const RetourServe *serve = round->serve;
	const RetourLmtpDelivery *delivery = round->deliveries[number];
	g_autoptr(GString) out = g_string_new(NULL);
	if (cause) {
		g_autoptr(RetourRecord) record = retour_record_new_unreadable(cause);
		write_entry(serve, get_door(serve, delivery->listener), record, out);
		g_autofree char *recipient =
		        retour_books_show_address(serve->books, delivery->recipient);
		retour_cli_complain("a mail of %" G_GSIZE_FORMAT " bytes to %s: %s",
		                    g_bytes_get_size(delivery->mail), recipient, cause);
	}
	RetourEntry *entry = retour_entry_read(cause ? out->str : result, cause ? out->len : length,
	                                       serve->books->now);
	if (entry)
		g_ptr_array_add(round->batch.entries, entry);
	else
		retour_cli_complain("a worker gave no record: its mail is deferred");
	round->entries[number] = entry;
}

/* FALSE: it is not there, of which standard error has been told. */
static gboolean
keep_copy(const char *target, const RetourLmtpDelivery *delivery)
{
	g_autoptr(GError) error = NULL;
	if (retour_keep_mail(target, delivery->mail, &error))
		return TRUE;
	retour_cli_complain("%s; the mail is deferred", error->message);
	return FALSE;
}

/* What the ledger has need not be kept itself, and is where the settings ask for it: behind the
 * events, so that a mail that is deferred has left no copy. */
static RetourLmtpOutcome
settle(const Round *round, const RetourLmtpDelivery *delivery, const RetourEntry *entry,
       gboolean recorded)
{
	const RetourSourceSettings *source = get_door(round->serve, delivery->listener)->source;
	const gboolean events = entry->events->len > 0;
	const char *target = events ? source->file : source->other;
	if (events && !recorded)
		return RETOUR_LMTP_LATER;
	if (target && delivery->cut && !events)
		return RETOUR_LMTP_TOO_LARGE;
	if (target && !delivery->cut && !keep_copy(target, delivery))
		return RETOUR_LMTP_LATER;
	if (round->batch.verbose)
		retour_batch_show(&round->batch, entry, delivery->cut ? NULL : target);
	return RETOUR_LMTP_KEPT;
}

static void
begin_batch(RetourServe *serve, RetourBatch *batch)
{
	*batch = (RetourBatch){ .books = serve->books, .verbose = serve->verbose };
	retour_batch_init(batch);
}

/* A ledger that has failed is opened anew: it may have been mended, or another put in its place.
 * FALSE: nobody hears what is decided. */
static gboolean
end_batch(RetourServe *serve, RetourBatch *batch)
{
	gboolean heard = !batch->unheard;
	if (batch->failed)
		retour_books_close(serve->books);
	retour_batch_clear(batch);
	return heard;
}

static gboolean
keep(RetourLmtpDelivery *const *deliveries, guint n, gpointer data)
{
	RetourServe *serve = data;
	g_autofree RetourEntry **entries = g_new0(RetourEntry *, n);
	Round round = { .serve = serve, .deliveries = deliveries, .entries = entries };
	retour_books_tick(serve->books);
	if (!retour_books_reopen(serve->books))
		return TRUE;
	begin_batch(serve, &round.batch);
	serve->round = &round;
	retour_service_read(&serve->service, deliveries, n);
	gboolean recorded = retour_batch_record(&round.batch);
	for (guint i = 0; i < n; i++) {
		if (entries[i])
			deliveries[i]->outcome =
			        settle(&round, deliveries[i], entries[i], recorded);
	}
	retour_batch_tell(&round.batch);
	return end_batch(serve, &round.batch);
}

static gboolean
review(gpointer data)
{
	RetourServe *serve = data;
	RetourBatch batch;
	retour_books_tick(serve->books);
	if (!retour_books_reopen(serve->books))
		return TRUE;
	begin_batch(serve, &batch);
	retour_batch_review(&batch);
	return end_batch(serve, &batch);
}

/* The socket of systemd that is bound to the address; it goes out of @activated. -1: there is none.
 */
static int
take_activated(GArray *activated, const char *address)
{
	for (guint i = 0; i < activated->len; i++) {
		int fd = g_array_index(activated, int, i);
		if (!retour_lmtp_is_at(fd, address))
			continue;
		g_array_remove_index(activated, i);
		return fd;
	}
	return -1;
}

static gboolean
open_door(RetourDoor *door, GArray *activated, GArray *listeners)
{
	g_autoptr(GError) error = NULL;
	const char *address = retour_source_settings_get_lmtp(door->source);
	int fd = take_activated(activated, address);
	door->own = fd < 0;
	if (door->own)
		fd = retour_lmtp_listen(address, &error);
	if (fd >= 0) {
		g_array_append_val(listeners, fd);
		return TRUE;
	}
	door->own = FALSE;
	retour_cli_complain("%s", error->message);
	return FALSE;
}

/* The listeners are in the order of the doors. */
static gboolean
open_doors(RetourServe *serve, GArray *listeners)
{
	g_autoptr(GArray) activated = g_array_new(FALSE, FALSE, sizeof(int));
	gboolean good = TRUE;
	retour_lmtp_take_activated(activated);
	for (guint i = 0; good && i < serve->doors->len; i++)
		good = open_door(get_door(serve, i), activated, listeners);
	if (good && activated->len > 0)
		retour_cli_complain("systemd has opened a socket that no source names: write what "
		                    "stands behind ListenStream= as \"Source: lmtp:…\"");
	return good && activated->len == 0;
}

void
retour_serve_init(RetourServe *serve)
{
	serve->doors = g_array_new(FALSE, FALSE, sizeof(RetourDoor));
}

void
retour_serve_add(RetourServe *serve, const RetourSourceSettings *source, RetourOwnMail *own)
{
	const RetourDoor door = { .source = source, .knowledge = own };
	g_array_append_val(serve->doors, door);
}

gboolean
retour_serve_run(RetourServe *serve)
{
	g_autoptr(GArray) listeners = g_array_new(FALSE, FALSE, sizeof(int));
	const RetourLmtpServerSettings settings = {
		.keep = keep,
		.look = review,
		.look_ms = serve->review_s * 1000,
		.data = serve,
	};
	serve->service.read = read_one;
	serve->service.done = take_entry;
	serve->service.data = serve;
	gboolean good = open_doors(serve, listeners) &&
	                retour_service_run(&serve->service, listeners, &settings);
	for (guint i = 0; i < serve->doors->len; i++) {
		if (get_door(serve, i)->own)
			retour_lmtp_unlisten(
			        retour_source_settings_get_lmtp(get_door(serve, i)->source));
	}
	return good;
}

void
retour_serve_clear(RetourServe *serve)
{
	for (guint i = 0; i < serve->doors->len; i++)
		retour_own_mail_free(get_door(serve, i)->knowledge);
	g_array_unref(serve->doors);
	retour_service_clear(&serve->service);
}
