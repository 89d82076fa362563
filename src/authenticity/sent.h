/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

#include "base/span.h"

/* The Message-IDs that a site has sent, in order, to be asked in logarithmic time. Message-IDs are
 * compared byte by byte (RFC 5322 3.6.4), addresses as mail does it. */
typedef struct RetourSent RetourSent;

/* Of such a file; bytes. It is held in memory. */
#define RETOUR_SENT_FILE_MAX (512u * 1024 * 1024)

/* @path: a line for each: the Message-ID, with brackets or without, and behind a space, where it is
 * told, whom it was sent to. Empty lines and those that begin with '#' are passed over. (transfer
 * full); NULL with @error */
RetourSent *retour_sent_read(const char *path, GError **error);
RetourSent *retour_sent_parse(RetourSpan text); /* (transfer full) */
void retour_sent_free(RetourSent *sent);        /* NULL is accepted */

typedef enum {
	RETOUR_SENT_NOT,
	RETOUR_SENT_SOMEBODY,  /* it does not tell whom, or this one among others */
	RETOUR_SENT_RECIPIENT, /* this one alone */
	RETOUR_SENT_OTHERS,    /* and not this one */
} RetourSentTo;

/* @address: NULL where it is not known. */
RetourSentTo retour_sent_ask(const RetourSent *sent, RetourSpan message_id, const char *address);
