/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/authenticity.h>

#include "authenticity/sent.h"
#include "base/span.h"

struct _RetourOwnMail {
	RetourKeys *keys;        /* owned; NULL: none */
	char *form;              /* owned; NULL: BATV */
	RetourSent *sent;        /* owned; NULL: no list */
	GPtrArray *message_ids;  /* owned; of char *: patterns */
	GPtrArray *hosts;        /* likewise */
	GPtrArray *authserv_ids; /* likewise */
};

/* Whether @text fits one of them. */
gboolean retour_own_mail_fits(const GPtrArray *patterns, RetourSpan text);
