/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "worker/child.h"

/* Results are sent when so many wait, or so long, or when there is nothing else to do: a system
 * call for each would cost as much as a tenth of the reading. */
#define BUNCH_RESULTS 40
#define BUNCH_BYTES (96 * 1024)
#define BUNCH_MICROSECONDS (20 * 1000)

/* Memory that one large result has taken is given back. Bytes. */
#define KEEP_BYTES (1024 * 1024)

#define READ_BYTES (64 * 1024)

typedef struct {
	int fd;
	GByteArray *jobs; /* frames, whole and partial */
	gsize at;         /* in jobs: served up to here */
	GString *results; /* frames that wait to be sent */
	guint n_results;
	gint64 sent; /* when the last bunch was */
} Service;

static void
empty(GString **string)
{
	if ((*string)->allocated_len > KEEP_BYTES) {
		g_string_free(*string, TRUE);
		*string = g_string_new(NULL);
	}
	g_string_truncate(*string, 0);
}

static void
send_results(Service *service)
{
	const char *bytes = service->results->str;
	gsize rest = service->results->len;
	while (rest > 0) {
		gssize sent = send(service->fd, bytes, rest, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			_exit(EXIT_FAILURE);
		bytes += sent;
		rest -= (gsize)sent;
	}
	empty(&service->results);
	service->n_results = 0;
	service->sent = g_get_monotonic_time();
}

/* FALSE when the parent has closed. */
static gboolean
read_jobs(Service *service)
{
	g_byte_array_remove_range(service->jobs, 0, (guint)service->at);
	service->at = 0;
	guint have = service->jobs->len;
	g_byte_array_set_size(service->jobs, have + READ_BYTES);
	gssize got;
	do {
		got = read(service->fd, service->jobs->data + have, READ_BYTES);
	} while (got < 0 && errno == EINTR);
	g_byte_array_set_size(service->jobs, have + (guint)MAX(got, 0));
	return got > 0;
}

static void
next_job(Service *service, const char **job, gsize *length)
{
	gsize span;
	while ((span = retour_frame_take((char *)service->jobs->data + service->at,
	                                 service->jobs->len - service->at, job, length)) == 0) {
		send_results(service);
		if (!read_jobs(service))
			_exit(EXIT_SUCCESS);
	}
	service->at += span;
}

static void
add_result(Service *service, const GString *result)
{
	if (result->len > RETOUR_RESULT_MAX)
		_exit(EXIT_FAILURE);
	const RetourFrameHead head = { (guint32)result->len };
	g_string_append_len(service->results, (const char *)&head, sizeof head);
	g_string_append_len(service->results, result->str, (gssize)result->len);
	service->n_results++;
	if (service->n_results >= BUNCH_RESULTS || service->results->len >= BUNCH_BYTES ||
	    g_get_monotonic_time() - service->sent >= BUNCH_MICROSECONDS)
		send_results(service);
}

void
retour_child_serve(int fd, const RetourPoolSettings *settings, RetourProgress *progress)
{
	Service service = { .fd = fd,
		            .jobs = g_byte_array_sized_new(READ_BYTES),
		            .results = g_string_new(NULL),
		            .sent = g_get_monotonic_time() };
	GString *result = g_string_new(NULL);
	for (;;) {
		const char *job;
		gsize length;
		next_job(&service, &job, &length);
		atomic_store(&progress->since, g_get_monotonic_time());
		atomic_fetch_add(&progress->begun, 1);
		settings->work(job, length, result, settings->data);
		atomic_fetch_add(&progress->ended, 1);
		add_result(&service, result);
		empty(&result);
	}
}
