/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/reading.h"

#include <errno.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/command.h"
#include "cli/job.h"
#include "late/late.h"
#include "worker/sandbox.h"
#include "worker/worker.h"

/* A buffer that a large message has grown is given back. Bytes. */
#define KEEP_BUFFER (4u * 1024 * 1024)

static RetourSource
source_of(const RetourIntakeItem *item)
{
	return (RetourSource){ item->name, item->index, item->offset, item->length };
}

/* One byte more than is read of a message shows the reader that it was cut. */
#define LOADED (RETOUR_LIMIT_MESSAGE + 1)

/* NULL: it is packed, and a worker may not start the program that unpacks it. */
static RetourRecord *
load_and_read(const RetourIntakeItem *item, const RetourOptions *options)
{
	static GByteArray *buffer;
	if (item->bytes && !item->mboxrd) {
		gsize size;
		const char *bytes = g_bytes_get_data(item->bytes, &size);
		return retour_record_read(bytes, size, options);
	}
	if (!buffer)
		buffer = g_byte_array_new();
	const char *fault = retour_intake_load(item, LOADED, FALSE, buffer);
	if (fault == retour_intake_packed)
		return NULL;
	if (fault)
		return retour_record_new_unreadable(fault);
	RetourRecord *record = retour_record_read((const char *)buffer->data, buffer->len, options);
	if (buffer->len > KEEP_BUFFER)
		g_clear_pointer(&buffer, g_byte_array_unref);
	return record;
}

static void
append_all(const RetourReading *reading, const RetourSource *source, const RetourRecord *record,
           GString *out)
{
	retour_tally_append(record, reading->details, out);
	reading->render(source, record, out, reading->data);
}

/* Every command's records pass here: what is to be redacted is so before any form is given to it.
 */
static void
render(const RetourReading *reading, const RetourIntakeItem *item, const RetourRecord *record,
       GString *out)
{
	RetourSource source = source_of(item);
	if (!reading->redaction) {
		append_all(reading, &source, record, out);
		return;
	}
	g_autoptr(RetourRecord) redacted = retour_redaction_apply(reading->redaction, record);
	g_autoptr(GString) name = g_string_new(NULL);
	if (source.name)
		retour_redaction_append_text(reading->redaction, NULL, source.name, name);
	source.name = name->str;
	append_all(reading, &source, redacted, out);
}

static void
work(const char *job, gsize length, GString *result, gpointer data)
{
	const RetourReading *reading = data;
	RetourIntakeItem item;
	retour_job_decode(job, length, &item);
	g_autoptr(RetourRecord) record = load_and_read(&item, &reading->options);
	if (record)
		render(reading, &item, record, result);
	g_clear_pointer(&item.bytes, g_bytes_unref);
}

static gboolean
deliver(const RetourReading *reading, const char *job, gsize job_length, const char *result,
        gsize length, const char *cause)
{
	const char *error;
	gsize head = retour_tally_take(reading->tally, result, length, &error);
	if (error && reading->warn) {
		RetourIntakeItem item;
		retour_job_decode(job, job_length, &item);
		reading->warn(item.name, error, reading->data);
		g_clear_pointer(&item.bytes, g_bytes_unref);
	}
	return reading->deliver(result + head, length - head, cause, reading->data);
}

gboolean
retour_reading_load(void)
{
	g_autoptr(GError) error = NULL;
	if (retour_late_load(&error))
		return TRUE;
	retour_cli_complain("%s", error->message);
	errno = ELIBACC;
	return FALSE;
}

static void
start(gpointer data)
{
	const RetourReading *reading = data;
	if (!retour_late_may_wait() && !retour_late_load(NULL))
		_exit(RETOUR_LATE_MISSING);
	retour_sandbox_enter(reading->opens_mail);
}

static RetourPool *start_pool(const RetourReading *reading, guint jobs);

static gboolean
push(RetourPool *pool, const RetourIntakeItem *item, GString *job)
{
	retour_job_encode(item, job);
	return retour_pool_push(pool, job->str, job->len, item->bytes);
}

/* Mail that was packed in its place is rare: unpacked here, read by a worker for it alone. */
static gboolean
read_packed(const RetourReading *reading, const char *job, gsize length)
{
	RetourIntakeItem item;
	retour_job_decode(job, length, &item);
	GByteArray *buffer = g_byte_array_new();
	item.error = retour_intake_load(&item, LOADED, TRUE, buffer);
	g_autoptr(GBytes) bytes = g_byte_array_free_to_bytes(buffer);
	item.bytes = item.error ? NULL : bytes;
	g_autoptr(RetourPool) pool = start_pool(reading, 1);
	g_autoptr(GString) unpacked = g_string_new(NULL);
	return pool && push(pool, &item, unpacked) && retour_pool_finish(pool);
}

static gboolean
done(const char *job, gsize job_length, const char *result, gsize length, const char *cause,
     gpointer data)
{
	const RetourReading *reading = data;
	if (!cause && length == 0)
		return read_packed(reading, job, job_length);
	if (!cause)
		return deliver(reading, job, job_length, result, length, NULL);
	RetourIntakeItem item;
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(RetourRecord) record = retour_record_new_unreadable(cause);
	retour_job_decode(job, job_length, &item);
	render(reading, &item, record, out);
	g_clear_pointer(&item.bytes, g_bytes_unref);
	return deliver(reading, job, job_length, out->str, out->len, cause);
}

static RetourPool *
start_pool(const RetourReading *reading, guint jobs)
{
	const RetourPoolSettings settings = {
		.jobs = jobs ? jobs : g_get_num_processors(),
		.deadline_ms = RETOUR_READING_DEADLINE_MS,
		.memory_limit = RETOUR_READING_MEMORY,
		.hopeless = RETOUR_LATE_MISSING,
		.start = start,
		.work = work,
		.done = done,
		.data = (gpointer)reading,
	};
	return reading->single || retour_reading_load() ? retour_pool_new(&settings) : NULL;
}

/* What a worker could not load the parent cannot load either, and says so. */
static gboolean
finish(RetourPool *pool, gboolean pushed)
{
	if (pushed && retour_pool_finish(pool))
		return TRUE;
	if (errno == ELIBACC)
		retour_reading_load();
	return FALSE;
}

gboolean
retour_reading_run(const RetourReading *reading, RetourIntake *intake)
{
	g_autoptr(RetourPool) pool = start_pool(reading, reading->jobs);
	g_autoptr(GString) job = g_string_new(NULL);
	gboolean pushed = TRUE;
	RetourIntakeItem item;
	if (!pool)
		return FALSE;
	while (pushed && retour_intake_next(intake, &item))
		pushed = push(pool, &item, job);
	return finish(pool, pushed);
}

gboolean
retour_reading_run_bytes(const RetourReading *reading, const char *name, GBytes *bytes)
{
	g_autoptr(RetourPool) pool = start_pool(reading, reading->jobs);
	g_autoptr(GString) job = g_string_new(NULL);
	const RetourIntakeItem item = { .name = name,
		                        .length = g_bytes_get_size(bytes),
		                        .bytes = bytes };
	return pool && finish(pool, push(pool, &item, job));
}
