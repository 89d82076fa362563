/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "worker/child.h"
#include "worker/window.h"

/* Jobs that a child may have before it: enough that it never waits for the parent. */
#define RETOUR_HAND_DEPTH 128

/*
 * The place of one child in the pool, and the jobs in its hands. A child that ends is replaced in
 * its place.
 */
typedef struct {
	RetourChild child;
	gboolean alone;                   /* it has been started for one job */
	int ended;                        /* the status of the last one that was buried */
	guint64 given[RETOUR_HAND_DEPTH]; /* numbers of the jobs that it owes, in order */
	guint n_given;
	guint n_sent;     /* of these, wholly */
	gsize sent_bytes; /* of the next */
	guint depth;      /* how many it may have, by how long it takes over one */
	gboolean hungry;  /* it has fallen to half of that */
	gint64 given_at; /* when it was given the first while it had none, monotonic microseconds */
	gint64 heard_at; /* when it was given that, or results came last */
	guint64 received; /* results */
	GByteArray *read; /* owned; a result not yet whole */
} RetourHand;

void retour_hand_init(RetourHand *hand, RetourProgress *progress);
void retour_hand_clear(RetourHand *hand);

/* It has no child, or one that has had its one job. */
gboolean retour_hand_is_vacant(const RetourHand *hand);
/* An empty hand gets a fresh child. FALSE with errno set. */
gboolean retour_hand_start(RetourHand *hand, const RetourPoolSettings *settings);
void retour_hand_give(RetourHand *hand, RetourWindow *window, guint64 number);
/* Sends what the socket takes. */
void retour_hand_send(RetourHand *hand, const RetourWindow *window);
/* Takes what has come. FALSE if the child is gone. */
gboolean retour_hand_receive(RetourHand *hand, RetourWindow *window);
/* When the job that it is at was begun; 0 if it is at none. Monotonic microseconds. */
gint64 retour_hand_busy_since(const RetourHand *hand);
/* Its child is dead, or dies now: the job that it was at is tried once more or given up, the others
 * go back. @cause: it was too late; NULL: it ended by itself. */
void retour_hand_bury(RetourHand *hand, RetourWindow *window, const char *cause);
