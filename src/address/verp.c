/* SPDX-License-Identifier: BSD-2-Clause */
#include "address/verp.h"

#include "address/address.h"

#define LOCAL "{local}"
#define DOMAIN "{domain}"

/* A template in its pieces: head, first hole, separator, second hole, tail, host. */
typedef struct {
	RetourSpan head, separator, tail, host;
	gboolean local_first;
} Pieces;

static gboolean
take_apart(RetourSpan template, Pieces *pieces, const char **fault)
{
	gssize local = retour_span_find(template, 0, LOCAL);
	gssize domain = retour_span_find(template, 0, DOMAIN);
	gssize at = retour_span_find_char(template, 0, '@');
	if (local < 0 || domain < 0 || retour_span_find(template, (gsize)local + 1, LOCAL) >= 0 ||
	    retour_span_find(template, (gsize)domain + 1, DOMAIN) >= 0) {
		*fault = "it needs {local} and {domain}, each once";
		return FALSE;
	}
	if (at < 0 || at < local || at < domain || (gsize)at + 1 == template.length) {
		*fault = "it needs a host behind an '@', and {local} and {domain} before it";
		return FALSE;
	}
	gssize token = retour_span_find(template, 0, RETOUR_VERP_TOKEN);
	gssize star = retour_span_find_char(template, 0, '*');
	if (token >= 0 &&
	    (token == 0 || token > local || token > domain || (star >= 0 && star < token) ||
	     retour_span_find(template, (gsize)token + 1, RETOUR_VERP_TOKEN) >= 0)) {
		*fault = "{token} stands once, behind literal text and before {local} and {domain}";
		return FALSE;
	}
	pieces->local_first = local < domain;
	gsize first = (gsize)MIN(local, domain), second = (gsize)MAX(local, domain);
	gsize first_end = first + (pieces->local_first ? strlen(LOCAL) : strlen(DOMAIN));
	gsize second_end = second + (pieces->local_first ? strlen(DOMAIN) : strlen(LOCAL));
	pieces->head = retour_span_sub(template, 0, first);
	pieces->separator = retour_span_sub(template, first_end, second - first_end);
	pieces->tail = retour_span_sub(template, second_end, (gsize)at - second_end);
	pieces->host = retour_span_from(template, (gsize)at + 1);
	if (pieces->separator.length == 0 ||
	    retour_span_find_char(pieces->separator, 0, '*') >= 0) {
		*fault = "it needs literal text between {local} and {domain}";
		return FALSE;
	}
	return TRUE;
}

gboolean
retour_verp_check(RetourSpan template, const char **fault)
{
	Pieces pieces;
	return take_apart(template, &pieces, fault);
}

static gboolean
equals(RetourSpan a, RetourSpan b)
{
	return a.length == b.length && g_ascii_strncasecmp(a.data, b.data, a.length) == 0;
}

/* Where @literal stands in @text at or after @from, -1 for nowhere; @last: the last place. */
static gssize
place(RetourSpan text, gsize from, RetourSpan literal, gboolean last)
{
	gssize found = -1;
	for (gsize at = from; at + literal.length <= text.length; at++) {
		if (!equals(retour_span_sub(text, at, literal.length), literal))
			continue;
		found = (gssize)at;
		if (!last)
			break;
	}
	return found;
}

/* Bytes of @text that @pattern takes from its start: literals with stars between them, each star as
 * little as will do. -1 if it does not fit. */
static gssize
take_head(RetourSpan pattern, RetourSpan text)
{
	gsize taken = 0;
	gboolean star = FALSE;
	while (pattern.length > 0) {
		gssize next = retour_span_find_char(pattern, 0, '*');
		RetourSpan literal =
		        retour_span_sub(pattern, 0, next < 0 ? pattern.length : (gsize)next);
		gssize at =
		        literal.length == 0 ? (gssize)taken : place(text, taken, literal, FALSE);
		if (at < 0 || (!star && at != (gssize)taken))
			return -1;
		taken = (gsize)at + literal.length;
		star = next >= 0;
		pattern = retour_span_from(pattern, literal.length + (star ? 1 : 0));
	}
	return (gssize)taken;
}

/* By the template with the token of this very address in it. */
static gboolean
decode_signed(RetourSpan template, gsize place, RetourSpan address, GString *out)
{
	g_autoptr(GString) own = g_string_new_len(template.data, (gssize) template.length);
	if (address.length < place + RETOUR_VERP_TOKEN_LENGTH)
		return FALSE;
	for (gsize i = 0; i < RETOUR_VERP_TOKEN_LENGTH; i++) {
		if (!g_ascii_isalnum(address.data[place + i]))
			return FALSE;
	}
	g_string_erase(own, (gssize)place, strlen(RETOUR_VERP_TOKEN));
	g_string_insert_len(own, (gssize)place, address.data + place, RETOUR_VERP_TOKEN_LENGTH);
	return retour_verp_decode(retour_span(own->str, own->len), address, out);
}

gboolean
retour_verp_decode(RetourSpan template, RetourSpan address, GString *out)
{
	gssize token = retour_span_find(template, 0, RETOUR_VERP_TOKEN);
	if (token >= 0)
		return decode_signed(template, (gsize)token, address, out);
	Pieces pieces;
	const char *fault;
	RetourSpan host = retour_address_domain(address);
	if (!take_apart(template, &pieces, &fault) || host.length == 0 ||
	    (!retour_span_equal(pieces.host, "*") && !equals(pieces.host, host)))
		return FALSE;
	RetourSpan local = retour_span_sub(address, 0, address.length - host.length - 1);
	gssize head = take_head(pieces.head, local);
	if (head < 0)
		return FALSE;
	RetourSpan hidden = retour_span_from(local, (gsize)head);
	if (pieces.tail.length > 0) {
		/* A tail of literal text; with a star it ends at the place where its literal stands
		 * first. */
		gssize star = retour_span_find_char(pieces.tail, 0, '*');
		RetourSpan literal = retour_span_sub(pieces.tail, 0,
		                                     star < 0 ? pieces.tail.length : (gsize)star);
		gssize at = place(hidden, 0, literal, star < 0);
		if (at < 0 || literal.length == 0 ||
		    (star < 0 && (gsize)at + literal.length != hidden.length))
			return FALSE;
		hidden.length = (gsize)at;
	}
	/* A local part may hold the separator itself, a domain may not. */
	gssize middle = place(hidden, 0, pieces.separator, pieces.local_first);
	if (middle <= 0)
		return FALSE;
	RetourSpan first = retour_span_sub(hidden, 0, (gsize)middle);
	RetourSpan second = retour_span_from(hidden, (gsize)middle + pieces.separator.length);
	if (second.length == 0)
		return FALSE;
	RetourSpan user = pieces.local_first ? first : second,
	           domain = pieces.local_first ? second : first;
	g_string_append_len(out, user.data, (gssize)user.length);
	g_string_append_c(out, '@');
	g_string_append_len(out, domain.data, (gssize)domain.length);
	return TRUE;
}
