/* SPDX-License-Identifier: BSD-2-Clause */
#include "address/address.h"
#include "address/mailbox.h"
#include "base/limits.h"

/* Written before an address without a blank, in characters that a local part may hold. */
static const char *const leads[] = {
	"to=",        "from=",      "rcpt=",          "rcptto=",        "orig_to=",     "for=",
	"recipient=", "addr=",      "address=",       "email=",         "user=",        "mail=",
	"mailfrom=",  "smtp.mail=", "smtp.mailfrom=", "envelope-from=", "header.from=",
};

/* Where the local part that ends before @end begins; not before @least. */
static gsize
local_start(RetourSpan text, gsize least, gsize end)
{
	gsize at = end;
	gboolean ascii =
	        FALSE; /* the side of the '@' is ASCII: text in CJK before it is not part of it */
	while (at > least && end - at < RETOUR_LIMIT_ADDRESS) {
		gsize before = at - 1;
		while (before > least && ((guchar)text.data[before] & 0xC0) == 0x80 &&
		       at - before < 4)
			before--;
		gunichar c = 0;
		if (retour_local_character(retour_span_sub(text, before, at - before)) !=
		            at - before ||
		    retour_character(retour_span_from(text, before), &c) == 0 ||
		    (ascii && retour_is_cjk(c)))
			break;
		ascii = ascii || c < 0x80;
		at = before;
	}
	return at;
}

/* A backslash that is none itself stands before @at. */
static gboolean
is_escaped(RetourSpan text, gsize least, gsize at)
{
	gsize backslashes = 0;
	while (at - backslashes > least && text.data[at - backslashes - 1] == '\\')
		backslashes++;
	return backslashes % 2 == 1;
}

/* The opening quote of a quoted local part whose closing one stands before @end; @end if there is
 * none. */
static gsize
quoted_start(RetourSpan text, gsize least, gsize end)
{
	gsize at = end - 1;
	gboolean closes = !is_escaped(text, least, at);
	while (closes && at > least && end - at < RETOUR_LIMIT_ADDRESS) {
		char c = text.data[--at];
		if (c == '\n' || c == '\r')
			break;
		if (c == '"' && !is_escaped(text, least, at))
			return at;
	}
	return end;
}

/* Past what stands before an address in free text and is none of it: quotes and marks, the name of
 * a log's field, the rest of a URL, an ellipsis. */
static gsize
skip_lead(RetourSpan text, gsize start, gsize end)
{
	RetourSpan local = retour_span_sub(text, start, end - start);
	if (retour_span_has_prefix(local, "//"))
		for (gsize at = start; at < end; at++)
			if (strchr("/?&=", text.data[at]))
				start = at + 1;
	while (start < end && strchr("'`*|{", text.data[start]))
		start++;
	local = retour_span_sub(text, start, end - start);
	for (guint i = 0; i < G_N_ELEMENTS(leads); i++)
		if (retour_span_has_prefix(local, leads[i]))
			return start + strlen(leads[i]);
	for (gsize at = start; at + 3 <= end; at++)
		if (memcmp(text.data + at, "...", 3) == 0)
			start = at + 3;
	return start;
}

/* The address around the '@' at @at. */
static gboolean
address_around(RetourSpan text, gsize least, gsize at, gsize *offset, gsize *length)
{
	if (at == least)
		return FALSE;
	gsize start;
	if (text.data[at - 1] == '"') {
		start = quoted_start(text, least, at);
	} else {
		start = local_start(text, least, at);
		/* "<a@b>" holds nothing that would have to be skipped */
		if (start < at && (start == 0 || text.data[start - 1] != '<'))
			start = skip_lead(text, start, at);
	}
	if (start >= at)
		return FALSE;
	gsize domain = retour_domain_match(retour_span_from(text, at + 1));
	gsize whole = at + 1 + domain - start;
	if (domain == 0 || whole > RETOUR_LIMIT_ADDRESS)
		return FALSE;
	*offset = start;
	*length = whole;
	return TRUE;
}

gboolean
retour_address_find(RetourSpan text, gsize from, gsize *offset, gsize *length)
{
	gssize at = (gssize)from - 1;
	gboolean found = FALSE;
	while (!found && (at = retour_span_find_char(text, (gsize)(at + 1), '@')) >= 0)
		found = address_around(text, from, (gsize)at, offset, length);
	if (!found)
		return FALSE;
	/* "\"a@b\"@c": that '@' was inside a quoted local part. */
	gsize end = *offset + *length;
	gboolean quoted = *offset > from && text.data[*offset - 1] == '"' &&
	                  end + 1 < text.length && text.data[end] == '"' &&
	                  text.data[end + 1] == '@';
	if (quoted)
		address_around(text, from, end + 1, offset, length);
	return TRUE;
}
