/* SPDX-License-Identifier: BSD-2-Clause */
#include "automation/resolve.h"

#include <string.h>

#include "address/address.h"
#include "address/verp.h"

#define PLACE "{address}"

/* "https://lists.example/u?e={address}": up to what ends a value of a URL, percent-encoded. */
static gboolean
match_place(const char *form, RetourSpan text, GString *out)
{
	gsize head = (gsize)(strstr(form, PLACE) - form);
	if (text.length <= head || memcmp(text.data, form, head) != 0)
		return FALSE;
	RetourSpan rest = retour_span_from(text, head);
	gsize length = 0;
	while (length < rest.length && !strchr("&;#/?", rest.data[length]))
		length++;
	g_autofree char *address = g_uri_unescape_segment(rest.data, rest.data + length, NULL);
	RetourSpan span = retour_span_of(address);
	if (span.length == 0 || !g_utf8_validate(address, -1, NULL) ||
	    retour_address_match(span) != span.length)
		return FALSE;
	g_string_append_len(out, span.data, (gssize)span.length);
	return TRUE;
}

static gboolean
match(const RetourListSettings *list, RetourSpan text, GString *out)
{
	static const char mailto[] = "mailto:";
	for (guint i = 0; i < list->recipients->len; i++) {
		const char *form = g_ptr_array_index(list->recipients, i);
		if (strstr(form, PLACE)) {
			if (match_place(form, text, out))
				return TRUE;
			continue;
		}
		RetourSpan bare = retour_span_has_prefix(text, mailto)
		                          ? retour_span_from(text, sizeof mailto - 1)
		                          : text;
		gssize query = retour_span_find_char(bare, 0, '?');
		if (query >= 0)
			bare.length = (gsize)query;
		if (retour_verp_decode(retour_span_of(form), bare, out))
			return TRUE;
	}
	return FALSE;
}

/* Each "<…>" of a header. */
static gboolean
match_any(const RetourListSettings *list, const char *value, GString *out)
{
	RetourSpan rest = retour_span_of(value);
	gssize open, close;
	while ((open = retour_span_find_char(rest, 0, '<')) >= 0 &&
	       (close = retour_span_find_char(rest, (gsize)open, '>')) >= 0) {
		if (match(list, retour_span_sub(rest, (gsize)open + 1, (gsize)(close - open - 1)),
		          out))
			return TRUE;
		rest = retour_span_from(rest, (gsize)close + 1);
	}
	return FALSE;
}

gboolean
retour_resolve_recipient(const RetourListSettings *list, const RetourOriginal *original,
                         GString *out)
{
	return list && (match_any(list, original->message_id, out) ||
	                match_any(list, original->list_unsubscribe, out));
}
