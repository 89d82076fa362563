/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "act/template.h"
#include "base/table.h"

/*
 * List managers, as blocks of data: which call does what, and what its answer means
 * (data/managers.conf tells the fields). A call is one of three: a program is run, a line is
 * appended to a file, an HTTP request is made. Nothing here knows why an address must go.
 */

typedef enum {
	RETOUR_CALL_HOLD, /* the first five are the verbs of an action */
	RETOUR_CALL_REMOVE,
	RETOUR_CALL_RELEASE,
	RETOUR_CALL_RESTORE,
	RETOUR_CALL_REPORT,
	RETOUR_CALL_MEMBER,  /* is the address a member? its answer is done or moot */
	RETOUR_CALL_MEMBERS, /* the same: prints members' addresses, a line each */
	RETOUR_CALL_MEMBERS_2,
	RETOUR_CALL_MEMBERS_3, /* others of them */
	RETOUR_N_CALLS,
} RetourCallName;

typedef enum {
	RETOUR_MEANS_NONE, /* there is no such call */
	RETOUR_MEANS_RUN,
	RETOUR_MEANS_APPEND,
	RETOUR_MEANS_REQUEST,
} RetourMeans;

typedef struct {
	RetourMeans means;
	char *method; /* of a request */
	char *target; /* template of the file's path or the URL */
	char **words; /* templates of the program and its arguments */
	char *body;   /* template; NULL: none */
} RetourCall;         /* strings owned */

/* What an answer is: the exit status of a program, the status of a response. */
typedef enum {
	RETOUR_ANSWER_DONE,
	RETOUR_ANSWER_MOOT,  /* there is no such member */
	RETOUR_ANSWER_AGAIN, /* it cannot tell now, or cannot be reached */
	RETOUR_ANSWER_NO,
	RETOUR_N_ANSWERS,
} RetourCallAnswer;

typedef struct {
	char *name, *source;
	char *url;          /* of its interface; {url} in templates */
	char *credentials;  /* file: user:password, or the value of Authorization */
	char *secret;       /* file: signs what is sent */
	char *ca;           /* file: the certificates to trust, instead of the system's */
	char *user;         /* runs its programs; NULL: who runs us */
	char *id;           /* the name of {id} in the answer to Member */
	char *content;      /* media type of bodies */
	char *by_hand;      /* how a person does what it has no call for; may be NULL */
	GPtrArray *headers; /* of char *: "Name: template" */
	RetourCall calls[RETOUR_N_CALLS];
	char *answers[RETOUR_N_ANSWERS];          /* "200 404 5xx"; NULL: the default */
	guint timeout;                            /* seconds, for one call */
	double interval;                          /* seconds between calls, at least */
	guint removals_per_run, removals_per_day; /* of one list */
	guint line;
} RetourManager; /* strings owned; NULL where they are not given */

/* Seconds for one call by default, and at most. */
#define RETOUR_CALL_TIMEOUT 30u
#define RETOUR_CALL_TIMEOUT_MAX 600u
/* A wrong rule must not empty a list. */
#define RETOUR_REMOVALS_PER_RUN 100u
#define RETOUR_REMOVALS_PER_DAY 500u

typedef struct RetourManagers RetourManagers;

RetourManagers *retour_managers_new(void); /* with the presets (transfer full) */
void retour_managers_free(RetourManagers *managers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetourManagers, retour_managers_free)
/* NULL if there is none */
const RetourManager *retour_managers_find(const RetourManagers *managers, const char *name);
guint retour_managers_get_size(const RetourManagers *managers);
const RetourManager *retour_managers_get(const RetourManagers *managers, guint index);
/* Adds that of @block, whose first field is "Manager". Appends "FILE:LINE: what is wrong: what to
 * do" to @faults for each mistake; nothing is added then. */
void retour_managers_add(RetourManagers *managers, const char *file, const RetourBlock *block,
                         GPtrArray *faults);

/* Bits of the verbs that it has a call for. */
guint retour_manager_get_verbs(const RetourManager *manager);
/* What the status of an answer to @call means. */
RetourCallAnswer retour_manager_judge(const RetourManager *manager, const RetourCall *call,
                                      guint status);
/* What is missing before a list may use it, as one line: "…: …"; NULL: nothing. (transfer full) */
char *retour_manager_check(const RetourManager *manager);
/* Appends its calls, one a line. */
void retour_manager_explain(const RetourManager *manager, GString *out);
