/* SPDX-License-Identifier: BSD-2-Clause */

/* Automatic answers (RFC 3834) and challenges: who answers is the recipient of what was sent. */

#include "address/address.h"
#include "report/reading.h"

void
retour_read_auto_reply(RetourReading *reading)
{
	const char *from = reading->report->from;
	gsize offset, length;
	/* Where the header holds no mailbox, "from" is all that stands there. */
	if (!from || retour_address_is_daemon(retour_span_of(from)) ||
	    !retour_address_find(retour_span_of(from), 0, &offset, &length) || offset > 0 ||
	    strlen(from) > RETOUR_LIMIT_ADDRESS)
		return;
	RetourDraft *draft = retour_draft_add(reading, "generic");
	draft->recipient.address = from;
	retour_draft_name(reading, draft, from);
}
