/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/format.h>
#include <retour/redact.h>

#include "cli/tally.h"
#include "intake/intake.h"

/* For one message, below the 10 s after which Sieve gives up. Milliseconds. */
#define RETOUR_READING_DEADLINE_MS 8000

/* Beyond what a worker has at its start: for the largest message, its parts and its record. Bytes.
 */
#define RETOUR_READING_MEMORY (1024u * 1024 * 1024)

/*
 * Messages through supervised workers: whatever touches the bytes of mail happens there. What a
 * worker makes of a message comes back in the order of the messages.
 */
typedef struct {
	RetourOptions options;
	guint jobs;          /* worker processes; 0: one for each core */
	gboolean opens_mail; /* there is mail in files: workers may open them */
	gboolean single;     /* one mail alone: its worker loads a library if it needs one */
	/* In the worker; in the parent for a message over which workers died. Appends to @out. */
	void (*render)(const RetourSource *source, const RetourRecord *record, GString *out,
	               gpointer data);
	/* In the parent. @cause: why there is no more than a record that says so; NULL if all went
	 * well. FALSE ends the reading. */
	gboolean (*deliver)(const char *text, gsize length, const char *cause, gpointer data);
	/* In the parent, before such a record is delivered: @name cannot be read. (nullable) */
	void (*warn)(const char *name, const char *error, gpointer data);
	gpointer data;
	RetourTally *tally;               /* (nullable) */
	gboolean details;                 /* it shall know remote hosts and unknown texts */
	const RetourRedaction *redaction; /* (nullable): nothing below sees an address */
} RetourReading;

/* Loads GMime, for a program that reads mail itself or starts a pool of its own. FALSE:
 * it is not there, standard error has been told, and errno is ELIBACC. */
gboolean retour_reading_load(void);

/* Reads every message of @intake. FALSE if @deliver ended it, or with errno set if no worker could
 * be had; if for want of a library, standard error has been told which. */
gboolean retour_reading_run(const RetourReading *reading, RetourIntake *intake);
/* The same for one message that is in memory. */
gboolean retour_reading_run_bytes(const RetourReading *reading, const char *name, GBytes *bytes);
