/* SPDX-License-Identifier: BSD-2-Clause */
#include "service/service.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "cli/reading.h"
#include "worker/sandbox.h"

#define CONNECTIONS_DEFAULT 64
#define CONNECTIONS_MAX 1024

/* RFC 5321 4.5.3.2.7 asks a server for 5 minutes. Seconds. */
#define TIMEOUT_DEFAULT 300
#define TIMEOUT_MAX 3600

/* Beside the connections: listeners, workers, files. */
#define DESCRIPTORS_MORE 300

static gboolean
take_number(const RetourCliCommand *command, const char *option, const char *text, guint64 most,
            guint64 *number)
{
	return !text || g_ascii_string_to_unsigned(text, 10, 1, most, number, NULL) ||
	       retour_cli_refuse(command, "--%s takes a number from 1 to %d", option, (int)most);
}

gboolean
retour_service_take_numbers(RetourService *service, const RetourCliCommand *command)
{
	service->connections = CONNECTIONS_DEFAULT;
	service->timeout = TIMEOUT_DEFAULT;
	return take_number(command, "connections", service->connections_text, CONNECTIONS_MAX,
	                   &service->connections) &&
	       take_number(command, "timeout", service->timeout_text, TIMEOUT_MAX,
	                   &service->timeout);
}

/* Without a descriptor for it a connection would wait for ever. */
static gboolean
allow_descriptors(const RetourService *service)
{
	struct rlimit limit;
	rlim_t needed = service->connections + DESCRIPTORS_MORE;
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < needed) {
		limit.rlim_cur = MIN(needed, limit.rlim_max);
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	if (limit.rlim_cur >= needed)
		return TRUE;
	retour_cli_complain("%d connections need %d file descriptors: raise the limit (ulimit -n, "
	                    "LimitNOFILE=) or lower --connections",
	                    (int)service->connections, (int)needed);
	return FALSE;
}

gboolean
retour_service_run(const RetourService *service, const GArray *listeners,
                   const RetourLmtpServerSettings *settings)
{
	RetourLmtpServerSettings all = *settings;
	all.connections = (guint)service->connections;
	all.timeout_ms = (guint)service->timeout * 1000;
	return retour_reading_load() && allow_descriptors(service) &&
	       retour_lmtp_serve(&all, listeners);
}

/* Mail comes over the socket: a worker opens none. */
static void
start(gpointer data)
{
	(void)data;
	retour_sandbox_enter(FALSE);
}

/* A job is the number of the listener, the addresses, and the mail behind them. */
static void
encode(const RetourLmtpDelivery *delivery, GString *job)
{
	g_string_truncate(job, 0);
	g_string_append_len(job, (const char *)&delivery->listener, sizeof delivery->listener);
	g_string_append_len(job, delivery->sender, (gssize)strlen(delivery->sender) + 1);
	g_string_append_len(job, delivery->recipient, (gssize)strlen(delivery->recipient) + 1);
}

static void
work(const char *job, gsize length, GString *result, gpointer data)
{
	const RetourService *service = data;
	RetourLmtpDelivery delivery = { 0 };
	memcpy(&delivery.listener, job, sizeof delivery.listener);
	delivery.sender = job + sizeof delivery.listener;
	delivery.recipient = delivery.sender + strlen(delivery.sender) + 1;
	const char *mail = delivery.recipient + strlen(delivery.recipient) + 1;
	delivery.mail = g_bytes_new_static(mail, (gsize)(job + length - mail));
	service->read(&delivery, result, service->data);
	g_bytes_unref(delivery.mail);
}

static gboolean
done(const char *job, gsize job_length, const char *result, gsize length, const char *cause,
     gpointer data)
{
	RetourService *service = data;
	(void)job;
	(void)job_length;
	service->done(service->n_done++, result, length, cause, service->data);
	return TRUE;
}

static gboolean
start_pool(RetourService *service)
{
	const RetourPoolSettings settings = {
		.jobs = service->jobs ? service->jobs : g_get_num_processors(),
		.deadline_ms = RETOUR_READING_DEADLINE_MS,
		.memory_limit = RETOUR_READING_MEMORY,
		.start = start,
		.work = work,
		.done = done,
		.data = service,
	};
	service->pool = service->pool ? service->pool : retour_pool_new(&settings);
	return service->pool != NULL;
}

void
retour_service_read(RetourService *service, RetourLmtpDelivery *const *deliveries, guint n)
{
	g_autoptr(GString) job = g_string_new(NULL);
	gboolean good = start_pool(service);
	service->n_done = 0;
	for (guint i = 0; good && i < n; i++) {
		encode(deliveries[i], job);
		good = retour_pool_push(service->pool, job->str, job->len, deliveries[i]->mail);
	}
	if (good && retour_pool_finish(service->pool))
		return;
	retour_cli_complain("no worker process can be started: %s", g_strerror(errno));
	g_clear_pointer(&service->pool, retour_pool_free);
}

void
retour_service_clear(RetourService *service)
{
	g_clear_pointer(&service->pool, retour_pool_free);
	g_free(service->connections_text);
	g_free(service->timeout_text);
}
