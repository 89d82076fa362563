/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/*
 * The jobs under way, numbered from 0 in the order in which they were given: those to be handed to
 * a child, those in a child's hands, and those that are done but wait for one before them. Bounded,
 * so that the parent's memory is flat.
 */
typedef enum {
	RETOUR_JOB_TODO,
	RETOUR_JOB_GIVEN,
	RETOUR_JOB_DONE,
} RetourJobState;

typedef struct {
	RetourJobState state;
	guint deaths; /* of children, over it: the second is its last */
	guint kills;  /* of children by somebody else, while they were at it */
	char *bytes;  /* owned */
	gsize length; /* of bytes */
	GBytes *tail; /* owned; goes behind them; may be NULL */
	char *result; /* owned */
	gsize result_length;
	char *cause; /* owned; NULL if there is a result */
} RetourJob;

typedef struct {
	RetourJob *ring; /* owned */
	guint size;
	guint64 head;    /* the first not yet delivered */
	guint64 tail;    /* behind the last */
	guint64 todo;    /* no job before it is TODO */
	gsize job_bytes; /* of all */
	gsize held;      /* bytes of results that wait */
} RetourWindow;

void retour_window_init(RetourWindow *window, guint size);
void retour_window_clear(RetourWindow *window);
gboolean retour_window_is_full(const RetourWindow *window);
static inline gboolean
retour_window_is_empty(const RetourWindow *window)
{
	return window->head == window->tail;
}
static inline RetourJob *
retour_window_get(const RetourWindow *window, guint64 number)
{
	return &window->ring[number % window->size];
}

void retour_window_add(RetourWindow *window, const char *bytes, gsize length, GBytes *tail);
/* What a child gets: bytes and tail. */
gsize retour_job_get_size(const RetourJob *job);
/* The first job to be done into @number; FALSE if there is none. */
gboolean retour_window_find_todo(RetourWindow *window, guint64 *number);
/* Back to those to be done. */
void retour_window_return(RetourWindow *window, guint64 number);
void retour_window_set_result(RetourWindow *window, guint64 number, const char *result,
                              gsize length);
void retour_window_give_up(RetourWindow *window, guint64 number, const char *cause);
/* The next job to be delivered, NULL if it is not done. */
const RetourJob *retour_window_first_done(const RetourWindow *window);
void retour_window_drop_first(RetourWindow *window);
