/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "policy/policy.h"

/* A policy as it is kept: read by read.c, applied by decide.c. */

#define RETOUR_POLICY_WORDS_MAX 16u
#define RETOUR_POLICY_POINTS_MAX 32u
#define RETOUR_POLICY_RULES_MAX 16u

/* What an event is asked: a class, a kind, a fault, or a reason. */
typedef struct {
	enum {
		RETOUR_WORD_HARD,
		RETOUR_WORD_SOFT,
		RETOUR_WORD_COMPLAINT,
		RETOUR_WORD_UNSUBSCRIBE,
		RETOUR_WORD_INFRASTRUCTURE,
		RETOUR_WORD_REASON,
	} what;
	const RetourReason *reason;
} RetourPolicyWord;

typedef struct {
	RetourPolicyWord word;
	double points;
} RetourPolicyPoints;

typedef enum {
	RETOUR_COUNT_EVENTS, /* those that fit its words */
	RETOUR_COUNT_POINTS, /* the sum of points */
	RETOUR_COUNT_MEAN,   /* the mean of points */
} RetourPolicyCount;

typedef struct {
	RetourDecision decision;
	RetourPolicyCount count;
	double amount;
	RetourPolicyWord words[RETOUR_POLICY_WORDS_MAX];
	guint n_words;
	gint64 over, within; /* seconds; 0: no matter */
	guint messages;      /* events must be of so many original messages; 0: no matter */
	gboolean checked;    /* only events that are judged, and authentic as follows, count */
	RetourAuthentic authentic;
	gboolean unless_delivered; /* not for an address that is known to have taken mail */
	guint least;               /* events of a mean */
	gboolean series;           /* of infrastructure: anything else breaks it */
	char *text;                /* owned; as it is written */
} RetourPolicyRule;

struct RetourPolicy {
	char *name, *source; /* owned */
	RetourPolicyPoints points[RETOUR_POLICY_POINTS_MAX];
	guint n_points;
	RetourPolicyRule rules[RETOUR_POLICY_RULES_MAX];
	guint n_rules;
	gboolean daily;          /* at most one event a day counts */
	gboolean consecutive;    /* a delivery wipes what was counted */
	gint64 stale;            /* a gap longer than this wipes it; 0: never. Seconds */
	gint64 decay;            /* points lose half in this time; 0: never. Seconds */
	RetourAuthentic require; /* what is less does not count */
	gboolean strict;         /* nor does what is not judged, where that is plausible or more */
	gint64 probation;        /* how long it lasts. Seconds */
	gint64 expires;          /* how long suppression for failures lasts; 0: for good. Seconds */
};

gboolean retour_policy_word_fits(RetourPolicyWord word, const RetourHistoryEvent *event);
/* Appends to @faults what is wrong with @block; FALSE if anything is. Over a policy that may
 * already hold another's rules. */
gboolean retour_policy_read(RetourPolicy *policy, const char *file, const RetourBlock *block,
                            GPtrArray *faults);
void retour_policy_clear_rules(RetourPolicy *policy);
