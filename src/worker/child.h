/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdatomic.h>
#include <sys/types.h>

#include "worker/worker.h"

/*
 * One child process. Frames go both ways over a socket: a length of four bytes in the machine's
 * order, then so many bytes; a job down, its result up, in the order of the jobs.
 */

/* Where a child stands, in memory that it shares with the parent: results come in bunches, but the
 * parent must know which job killed it and how long the present one has taken. */
typedef struct {
	_Alignas(64) _Atomic guint64 begun; /* jobs */
	_Atomic guint64 ended;              /* jobs */
	_Atomic gint64 since; /* when the last one was begun, monotonic microseconds */
} RetourProgress;

typedef struct {
	pid_t pid; /* 0: there is none */
	int fd;    /* owned; the parent's end */
	RetourProgress *progress;
	gint64 born;
} RetourChild;

typedef struct {
	guint32 length;
} RetourFrameHead;

/* Of a job and of its tail: the length of a frame holds both. Bytes. */
#define RETOUR_JOB_MAX (1024u * 1024 * 1024)

/* No child may make the parent hold more for one job. Bytes. */
#define RETOUR_RESULT_MAX (256u * 1024 * 1024)

/* Forks. @child holds its progress; FALSE with errno set. */
gboolean retour_child_start(RetourChild *child, const RetourPoolSettings *settings);
/* Kills and buries it; its socket stays, for what it has left behind. Says how it had ended;
 * @ended (nullable): its status, as wait(2) has it. (transfer full) */
char *retour_child_end(RetourChild *child, int *ended);
void retour_child_close(RetourChild *child);

/* Takes the next whole frame off the front of @length bytes; its bytes are (*body, *body_length).
 * Returns what it spans, 0 if it is not yet whole. */
gsize retour_frame_take(const char *bytes, gsize length, const char **body, gsize *body_length);

/* The child's life: serves jobs from @fd until the parent closes. */
void retour_child_serve(int fd, const RetourPoolSettings *settings,
                        RetourProgress *progress) G_GNUC_NORETURN;
