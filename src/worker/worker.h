/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/*
 * Work on mail happens in supervised child processes: one mechanism for a single mail and for a
 * batch. A job is a run of bytes that says what to do; the child turns it into a result, another
 * run of bytes; results come back in the order in which the jobs were given. A child that dies,
 * passes its deadline or its memory is replaced; its job is tried once more alone, and then given
 * up with the cause; up to five times where somebody else has killed the child. Nothing here knows
 * mail.
 */
typedef struct {
	guint jobs;           /* child processes, at least 1 */
	guint deadline_ms;    /* for one job; 0: none */
	guint64 memory_limit; /* bytes of address space a child may take beyond what it has at its
	                         start; 0: no limit */
	int hopeless; /* a child that ends with this status could not work, nor could another one:
	                 the pool ends with errno ELIBACC; 0: there is none */
	/* In the child, once, before its first job. May be NULL. */
	void (*start)(gpointer data);
	/* In the child: appends the result of @job to @result. */
	void (*work)(const char *job, gsize length, GString *result, gpointer data);
	/* In the parent, in order of the jobs. @cause is NULL for a result; else the job was given
	 * up twice: "killed by signal 11", "passed the deadline of 8 s", "exited with 1" …, and
	 * @result is empty. FALSE stops the pool. */
	gboolean (*done)(const char *job, gsize job_length, const char *result, gsize length,
	                 const char *cause, gpointer data);
	gpointer data;
} RetourPoolSettings;

typedef struct RetourPool RetourPool;

/* Starts the children. NULL with errno set. (transfer full) */
RetourPool *retour_pool_new(const RetourPoolSettings *settings);
/* Hands in a job; blocks while enough are under way, delivering results meanwhile. The child gets
 * @job and behind it the bytes of @tail (nullable), which are not copied here; "done" gets @job
 * alone. FALSE: stopped, or errno tells. */
gboolean retour_pool_push(RetourPool *pool, const char *job, gsize length, GBytes *tail);
/* Delivers what is left. Further jobs may follow. */
gboolean retour_pool_finish(RetourPool *pool);
void retour_pool_free(RetourPool *pool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetourPool, retour_pool_free)
