/* SPDX-License-Identifier: BSD-2-Clause */
#include "worker/window.h"

/* Only a pipe's jobs hold a whole mail each. */
#define JOB_BYTES (4u * 1024 * 1024)

void
retour_window_init(RetourWindow *window, guint size)
{
	*window = (RetourWindow){ .ring = g_new0(RetourJob, size), .size = size };
}

static void
clear_job(RetourJob *job)
{
	g_free(job->bytes);
	g_clear_pointer(&job->tail, g_bytes_unref);
	g_free(job->result);
	g_free(job->cause);
	*job = (RetourJob){ 0 };
}

void
retour_window_clear(RetourWindow *window)
{
	for (guint i = 0; i < window->size; i++)
		clear_job(&window->ring[i]);
	g_clear_pointer(&window->ring, g_free);
}

gboolean
retour_window_is_full(const RetourWindow *window)
{
	return window->tail - window->head == window->size || window->job_bytes >= JOB_BYTES;
}

gsize
retour_job_get_size(const RetourJob *job)
{
	return job->length + (job->tail ? g_bytes_get_size(job->tail) : 0);
}

void
retour_window_add(RetourWindow *window, const char *bytes, gsize length, GBytes *tail)
{
	RetourJob *job = retour_window_get(window, window->tail++);
	job->state = RETOUR_JOB_TODO;
	job->bytes = g_memdup2(bytes, length);
	job->length = length;
	job->tail = tail ? g_bytes_ref(tail) : NULL;
	window->job_bytes += retour_job_get_size(job);
}

gboolean
retour_window_find_todo(RetourWindow *window, guint64 *number)
{
	window->todo = MAX(window->todo, window->head);
	while (window->todo < window->tail &&
	       retour_window_get(window, window->todo)->state != RETOUR_JOB_TODO)
		window->todo++;
	*number = window->todo;
	return window->todo < window->tail;
}

void
retour_window_return(RetourWindow *window, guint64 number)
{
	retour_window_get(window, number)->state = RETOUR_JOB_TODO;
	window->todo = MIN(window->todo, number);
}

void
retour_window_set_result(RetourWindow *window, guint64 number, const char *result, gsize length)
{
	RetourJob *job = retour_window_get(window, number);
	job->state = RETOUR_JOB_DONE;
	job->result = g_memdup2(result, length);
	job->result_length = length;
	window->held += length;
}

void
retour_window_give_up(RetourWindow *window, guint64 number, const char *cause)
{
	RetourJob *job = retour_window_get(window, number);
	job->state = RETOUR_JOB_DONE;
	job->cause = g_strdup(cause);
}

const RetourJob *
retour_window_first_done(const RetourWindow *window)
{
	if (retour_window_is_empty(window))
		return NULL;
	const RetourJob *job = retour_window_get(window, window->head);
	return job->state == RETOUR_JOB_DONE ? job : NULL;
}

void
retour_window_drop_first(RetourWindow *window)
{
	RetourJob *job = retour_window_get(window, window->head++);
	window->job_bytes -= retour_job_get_size(job);
	window->held -= job->result_length;
	clear_job(job);
}
