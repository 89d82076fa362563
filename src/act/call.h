/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "act/manager.h"

/* Making a call of a list manager. */

/* An HTTP request, and what comes of it. Who is able to make one is handed in: libcurl is of one
 * program alone. */
typedef struct {
	const char *method, *url;
	GPtrArray *headers;        /* of char *: "Name: value" */
	const char *body;          /* NULL: none */
	const char *credentials;   /* "user:password"; NULL: none */
	const char *authorization; /* the value of the header, instead; NULL: none */
	const char *ca;            /* file; NULL: the system's */
	guint timeout;             /* seconds, for all of it */
} RetourRequest;

typedef struct {
	guint status;      /* of HTTP; 0: there was none, and @trouble says why */
	gboolean sent;     /* it may have been acted on */
	guint retry_after; /* seconds, as the answer asks for; 0: it does not */
	char *trouble;     /* owned; why there is no whole answer; may be NULL */
	GString *body;     /* of the caller: the head of the answer's body is appended */
} RetourResponse;

/* Of an answer's body so much is looked at, bytes. */
#define RETOUR_RESPONSE_MAX (64u * 1024)

typedef void (*RetourRequestFunc)(const RetourRequest *request, RetourResponse *response);

typedef struct {
	RetourCallAnswer answer;
	gboolean begun;       /* it may have had its effect */
	gboolean unreachable; /* others of this list need not be tried now */
	guint retry_after;    /* seconds; 0: not told */
	char *trouble;        /* owned; may be NULL */
	char *id;             /* owned; {id} of the answer, where the manager has one */
} RetourCallReply;

/* Makes the call @name of @manager, which it has. @request: NULL where there is no HTTP. */
void retour_call_make(const RetourManager *manager, RetourCallName name, const RetourValues *values,
                      RetourRequestFunc request, RetourCallReply *reply);
void retour_call_reply_clear(RetourCallReply *reply);

/* Whether @manager can tell members from others. */
gboolean retour_call_knows_members(const RetourManager *manager);
/* Asks it. RETOUR_ANSWER_DONE: the address is a member; RETOUR_ANSWER_MOOT: it is not. */
void retour_call_ask_member(const RetourManager *manager, const RetourValues *values,
                            RetourRequestFunc request, RetourCallReply *reply);
