/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "ledger/ledger.h"

/*
 * The outbox: what decisions ask of list managers. An action is planned in the very transaction of
 * the decision, so that neither is there without the other, and stays in the ledger for good: what
 * was done last for an address on a list is what the list manager holds.
 *
 * An action is one verb for one address on one list. Its key is made when it is planned and goes
 * along with each try, so that whoever gets it twice can tell.
 *
 * Only one process at a time works on the outbox (the caller sees to that). Before the call that
 * does the work it marks the action as begun, and that is durable: where a process was killed, the
 * next one knows which call may have had an effect, and makes it again with the same key. A call
 * that fails is made again later and later, for as long as the list manager cannot be reached; what
 * it refuses again and again is left to a person.
 *
 * A new decision drops what is still waiting and plans the way from what the list manager holds to
 * what is wanted now.
 */

typedef enum {
	RETOUR_VERB_HOLD,    /* no mail for a while; the address stays a member */
	RETOUR_VERB_REMOVE,  /* a member no more */
	RETOUR_VERB_RELEASE, /* takes hold back */
	RETOUR_VERB_RESTORE, /* takes remove back */
	RETOUR_VERB_REPORT,  /* passes a failure on: the list manager counts for itself */
	RETOUR_N_VERBS,
} RetourVerb;
#define RETOUR_VERB_BIT(verb) (1u << (verb))

typedef enum {
	RETOUR_OUTBOX_WAITING, /* to be done, or to be tried again, once it is due */
	RETOUR_OUTBOX_DONE,    /* the list manager has confirmed it */
	RETOUR_OUTBOX_MOOT,    /* the address was no member: nothing was done */
	RETOUR_OUTBOX_REFUSED, /* the list manager says no: a person must look */
	RETOUR_OUTBOX_BY_HAND, /* the list manager has no means for it: a person must do it */
	RETOUR_OUTBOX_DROPPED, /* another decision came before */
	RETOUR_N_OUTBOX_STATES,
} RetourOutboxState;
/* The numbers of both are those of the file. */

const char *retour_verb_to_string(RetourVerb verb);
const char *retour_outbox_state_to_string(RetourOutboxState state);

typedef struct {
	gint64 id;
	const char *key; /* 32 hexadecimal digits */
	const char *address, *list;
	RetourVerb verb;
	RetourOutboxState state;
	gint64 planned, due, finished; /* seconds; 0: not yet */
	guint attempts;                /* calls made */
	guint refusals;                /* of them: answered with no */
	gboolean begun;                /* a call may have had its effect */
	const char *trouble;           /* of the last call; may be NULL */
	/* Of the decision, or of the failure that is passed on; may be NULL or 0. */
	const char *decision, *policy, *grounds;
	guint code;
	/* Of the event behind it: the last one, complaints and unsubscribe requests first. */
	const char *event, *class_name, *reason, *diagnostic;
	char status[RETOUR_STATUS_STRING_SIZE]; /* "": none */
	gint64 event_time;
} RetourOutboxAction;

/* What is kept of a list manager's answer; bytes. */
#define RETOUR_OUTBOX_TROUBLE_MAX 256u

/* Plans what the present decisions over @address ask for on @list, by a list manager that has the
 * verbs of the bits @verbs. Where it has none that is needed, a person must do it. */
gboolean retour_outbox_plan(RetourLedger *ledger, gint64 address, const char *list, guint verbs,
                            gint64 now, GError **error);
/* Plans to pass the event of @key on, once. */
gboolean retour_outbox_plan_report(RetourLedger *ledger, gint64 address, const char *list,
                                   const char *key, gint64 now, GError **error);

/* The next action of @list that is due and has a verb of the bits @verbs. 1: there is one, and its
 * strings are of @keep, which is emptied before; 0: none; -1 with @error. */
int retour_outbox_next(RetourLedger *ledger, const char *list, guint verbs, gint64 now,
                       GStringChunk *keep, RetourOutboxAction *action, GError **error);
/* A call is about to be made. Not @wanted: the action was dropped meanwhile, and it must not be. */
gboolean retour_outbox_begin(RetourLedger *ledger, gint64 id, gboolean *wanted, GError **error);
/* What came of it: state, due, attempts, refusals, begun, finished and trouble of @action. */
gboolean retour_outbox_end(RetourLedger *ledger, const RetourOutboxAction *action, GError **error);

/* Members of @list that wait to be cut off (hold, remove) at @now, and those who were since @since.
 */
gboolean retour_outbox_count_removals(RetourLedger *ledger, const char *list, gint64 now,
                                      gint64 since, guint64 *waiting, guint64 *done,
                                      GError **error);

/* Which actions; what is NULL or 0 is no matter. */
typedef struct {
	guint states; /* bits of RetourOutboxState */
	const char *list, *address;
	gint64 id, after; /* this one; those with a higher number */
} RetourOutboxSelection;
#define RETOUR_OUTBOX_BIT(state) (1u << (state))

typedef void (*RetourOutboxFunc)(const RetourOutboxAction *action, gpointer data);
gboolean retour_outbox_each(RetourLedger *ledger, const RetourOutboxSelection *selection,
                            RetourOutboxFunc func, gpointer data, GError **error);
/* The number of the last action that was planned; 0: none was. -1 with @error. */
gint64 retour_outbox_get_last(RetourLedger *ledger, GError **error);
/* Puts those into another state, due at @now. */
gboolean retour_outbox_set(RetourLedger *ledger, const RetourOutboxSelection *selection,
                           RetourOutboxState state, gint64 now, guint *n, GError **error);
