/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "base/span.h"

/* Running a program, never through a shell. */
typedef struct {
	char **words; /* the program and its arguments; a name without '/' is looked up in PATH */
	const char *user;  /* who runs it; NULL: who runs us */
	const char *input; /* NULL: none */
	gsize input_length;
	guint timeout; /* seconds; then it is killed with all that it has started */
	/* Each line of its output. (nullable) */
	void (*line)(RetourSpan line, gpointer data);
	gpointer data;
} RetourRun;

/* Of a line of output so much is looked at, bytes; the rest of it is passed over. */
#define RETOUR_RUN_LINE_MAX 4096u
/* Of what it said last so much is kept, bytes. */
#define RETOUR_RUN_TAIL_MAX 256u

typedef struct {
	int status;       /* exit status; -1: it has none, and @trouble says why */
	gboolean started; /* it may have done something */
	char *trouble;    /* owned; what it said last, or why it gave no status; may be NULL */
} RetourRan;

/* Waits for its end. Runs in the calling process's environment. */
void retour_run(const RetourRun *run, RetourRan *ran);
void retour_ran_clear(RetourRan *ran);
