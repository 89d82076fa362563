/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "base/span.h"

/* Domains that passed, at most so many of one header. */
#define RETOUR_PASSED_MAX 8u

/* What a header Authentication-Results (RFC 8601) says. Spans of the text that was read. */
typedef struct {
	RetourSpan authserv_id;
	RetourSpan passed[RETOUR_PASSED_MAX]; /* domains that DKIM, SPF or DMARC vouches for */
	guint n_passed;
	RetourSpan failed; /* domain whose own policy disowns the mail (DMARC); empty: none */
} RetourTrusted;

/* @text: the value, comments and all; @scratch takes what is read, and must outlive @trusted. */
void retour_trusted_read(RetourSpan text, GString *scratch, RetourTrusted *trusted);
