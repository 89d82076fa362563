/* SPDX-License-Identifier: BSD-2-Clause */
#include <retour/smtp.h>

#include "base/span.h"

/* One to three digits at @at; returns how many, 0 for none or for more than three. */
static gsize
take_number(const char *text, gsize length, gsize at, guint16 *value)
{
	gsize digits = 0;
	guint number = 0;
	while (at + digits < length && g_ascii_isdigit(text[at + digits])) {
		if (++digits > 3)
			return 0;
		number = number * 10 + (guint)(text[at + digits - 1] - '0');
	}
	*value = (guint16)number;
	return digits;
}

gsize
retour_status_parse(const char *text, gsize length, RetourStatus *status)
{
	if (length < 5 || (text[0] != '2' && text[0] != '4' && text[0] != '5') || text[1] != '.')
		return 0;
	RetourStatus found = { .klass = (guint8)(text[0] - '0') };
	gsize at = 2;
	gsize digits = take_number(text, length, at, &found.subject);
	at += digits;
	if (digits == 0 || at >= length || text[at] != '.')
		return 0;
	digits = take_number(text, length, ++at, &found.detail);
	at += digits;
	/* "5.1.1.2" and "5.1.1a" are versions or addresses, no status; a sentence may end behind
	 * one. */
	if (digits == 0 || (at < length && g_ascii_isalnum(text[at])) ||
	    (at + 1 < length && text[at] == '.' && g_ascii_isdigit(text[at + 1])))
		return 0;
	*status = found;
	return at;
}

const char *
retour_status_format(RetourStatus status, char buffer[RETOUR_STATUS_STRING_SIZE])
{
	g_snprintf(buffer, RETOUR_STATUS_STRING_SIZE, "%u.%u.%u", status.klass, status.subject,
	           status.detail);
	return buffer;
}
