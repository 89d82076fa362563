/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/smtp.h>

#include "base/span.h"

/*
 * Replies in free text. A number of three digits is a reply only where its surroundings say so: at
 * the start of a line, behind a colon, semicolon, bracket, quote or '#', behind words such as
 * "said" and "error", or before an enhanced code.
 */

/* The next reply at or after @from, its offset relative to @text. A multi-line reply is one. It
 * ends where @text ends, or before the next reply of another code. FALSE if there is none. */
gboolean retour_reply_find(RetourSpan text, gsize from, RetourReply *reply);

/* The next enhanced code at or after @from that stands alone or in brackets ("(#5.1.1)",
 * "[5.7.1]"). FALSE if none. */
gboolean retour_status_find(RetourSpan text, gsize from, RetourStatus *status, gsize *offset,
                            gsize *length);

/* The SMTP command that @text names: "in reply to RCPT TO command", "after end of data", "RCPT
 * TO:<", ">>> DATA" … */
RetourCommand retour_command_find(RetourSpan text);

/* The host in "host NAME[ADDRESS] said", "while talking to NAME", "remote server NAME",
 * "Reporting-MTA"-like values: an empty span if none is named. */
RetourSpan retour_host_find(RetourSpan text);
