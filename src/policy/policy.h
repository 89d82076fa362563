/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/authenticity.h>
#include <retour/codes.h>

#include "base/table.h"

/*
 * The history of one address becomes a decision: a pure function over what happened, a policy and
 * the time. A policy is a block of data (data/policies.conf tells its fields). Nothing here knows
 * where a history is kept or what a list manager makes of a decision.
 */

/* What one event was, for the purpose of counting. */
typedef enum {
	RETOUR_HAPPENED_FAILURE,
	RETOUR_HAPPENED_DELIVERY,    /* proof that the address takes mail */
	RETOUR_HAPPENED_COMPLAINT,   /* "this is spam" */
	RETOUR_HAPPENED_UNSUBSCRIBE, /* "no more of this" */
} RetourHappened;

typedef struct {
	gint64 time; /* seconds since the epoch */
	RetourHappened happened;
	RetourClass klass;
	RetourFault fault;
	const RetourReason *reason; /* NULL: not known */
	gboolean judged;            /* it is known how authentic it is */
	RetourAuthentic authentic;  /* of one that is judged */
	gboolean doubted;           /* of an outage: it is not believed alone */
	guint message;              /* number of the original message; 0: all that show none */
} RetourHistoryEvent;

typedef enum {
	RETOUR_DECISION_KEEP,
	RETOUR_DECISION_PROBATION, /* hold mail, or warn: look again when its time is over */
	RETOUR_DECISION_SUPPRESS,
} RetourDecision;

typedef struct RetourPolicy RetourPolicy;
typedef struct RetourPolicies RetourPolicies;

typedef struct {
	RetourDecision decision;
	gint64 since;                    /* 0 for keep */
	gint64 until;                    /* 0: it does not end by itself */
	const char *grounds;             /* the rule, of the policy; NULL for keep */
	gint64 counted_from, counted_to; /* first and last event that the rule counted */
	guint counted;                   /* events */
	double score;                    /* what they came to */
} RetourOutcome;

/* How long an outage is waited for under a policy without probation. Seconds. */
#define RETOUR_POLICY_DOUBT ((gint64)7 * 24 * 60 * 60)

/* Longer histories are judged by their latest events. */
#define RETOUR_POLICY_HISTORY_MAX 1000u

/* Whether an event that is so authentic, or of which that is not known, counts under @policy. */
gboolean retour_policy_admits(const RetourPolicy *policy, gboolean judged,
                              RetourAuthentic authentic);
/* @level is demanded of every event from now on, of those that are not judged too. */
void retour_policies_require(RetourPolicies *policies, RetourAuthentic level);
/* Whether a policy counts nothing as long as nothing is known of the site's own mail. */
gboolean retour_policy_needs_knowledge(const RetourPolicy *policy);

/* @events: in order of time. Faults of the sender and of the content never count; those of the
 * infrastructure count only for rules over an unbroken series. */
void retour_policy_decide(const RetourPolicy *policy, const RetourHistoryEvent *events,
                          guint n_events, gint64 now, RetourOutcome *outcome);

const char *retour_policy_get_name(const RetourPolicy *policy);
const char *retour_policy_get_source(const RetourPolicy *policy); /* NULL if it names none */
/* Appends its rules, one a line, as sentences. */
void retour_policy_explain(const RetourPolicy *policy, GString *out);

const char *retour_decision_to_string(RetourDecision decision);

/* A set of policies by name: the presets, and blocks of a site's configuration. */

RetourPolicies *retour_policies_new(void); /* with the presets (transfer full) */
void retour_policies_free(RetourPolicies *policies);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetourPolicies, retour_policies_free)
/* NULL if there is none */
const RetourPolicy *retour_policies_find(const RetourPolicies *policies, const char *name);
guint retour_policies_get_size(const RetourPolicies *policies);
const RetourPolicy *retour_policies_get(const RetourPolicies *policies, guint index);
/* Adds the policy of @block, whose first field is "Policy". Appends to @faults, of char *,
 * "FILE:LINE: what is wrong: what to do" for each mistake; nothing is added then. */
void retour_policies_add(RetourPolicies *policies, const char *file, const RetourBlock *block,
                         GPtrArray *faults);
