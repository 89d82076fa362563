/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "cli/command.h"
#include "lmtp/server.h"
#include "worker/worker.h"

/*
 * What the programs that serve LMTP have in common: their options, the descriptors that they need,
 * and deliveries read by workers that stay from one round to the next.
 */
typedef struct {
	char *connections_text, *timeout_text; /* owned; options */
	guint64 connections, timeout;          /* timeout: seconds */
	guint jobs;                            /* worker processes; 0: one for each core */
	/* In a worker: appends what the parent shall have of the delivery; not nothing. */
	void (*read)(const RetourLmtpDelivery *delivery, GString *result, gpointer data);
	/* In the parent, in the order of the deliveries: @number is the place of this one. @cause
	 * is NULL, or why its workers were given up; then there is no @result. */
	void (*done)(guint number, const char *result, gsize length, const char *cause,
	             gpointer data);
	gpointer data; /* handed to both */

	RetourPool *pool; /* owned; NULL: it has to be started */
	guint n_done;     /* of the round that the pool is at */
} RetourService;

#define RETOUR_SERVICE_OPTIONS(service)                                                           \
	{ "connections",                                                                          \
	  0,                                                                                      \
	  0,                                                                                      \
	  G_OPTION_ARG_FILENAME,                                                                  \
	  &(service)->connections_text,                                                           \
	  "Of LMTP, at once; default: 64",                                                        \
	  "N" },                                                                                  \
	{                                                                                         \
		"timeout", 0, 0, G_OPTION_ARG_FILENAME, &(service)->timeout_text,                 \
		        "Of LMTP, for one command or mail to come whole; default: 300", "SECONDS" \
	}

/* FALSE: they are wrong, of which standard error has been told. */
gboolean retour_service_take_numbers(RetourService *service, const RetourCliCommand *command);

/* Serves until SIGTERM or SIGINT, or until @keep says so. */
gboolean retour_service_run(const RetourService *service, const GArray *listeners,
                            const RetourLmtpServerSettings *settings);

/* Reads the deliveries of a round: "done" has been called for each, or for none behind the one at
 * which no worker could be had any more, of which standard error has been told. Then the next round
 * tries it anew. */
void retour_service_read(RetourService *service, RetourLmtpDelivery *const *deliveries, guint n);

void retour_service_clear(RetourService *service);
