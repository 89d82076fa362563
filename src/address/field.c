/* SPDX-License-Identifier: BSD-2-Clause */
#include "address/address.h"
#include "address/mailbox.h"
#include "base/limits.h"

/* The words before ';' (RFC 3464 2.1.2), taken off @value. A comment may stand after them, and some
 * say them twice. */
static RetourSpan
take_type(RetourSpan *value)
{
	RetourSpan type = { "", 0 };
	for (guint times = 0; times < 2; times++) {
		gsize at = 0;
		while (at < value->length &&
		       (g_ascii_isalnum(value->data[at]) || strchr("-_/", value->data[at])) &&
		       value->data[at] != '\0')
			at++;
		RetourSpan rest = retour_span_trim(retour_span_from(*value, at));
		if (at == 0 || rest.length == 0 || rest.data[0] != ';')
			break;
		if (times == 0)
			type = retour_span_sub(*value, 0, at);
		*value = retour_span_trim(retour_span_from(rest, 1));
	}
	return type;
}

/* The type in lower case: a static string for those of RFC 3464, RFC 6533 and the wild, else as
 * written. */
static RetourSpan
lower_type(RetourSpan type)
{
	static const char *const known[] = { "rfc822", "utf-8", "unknown", "x400",
		                             "smtp",   "local", "dns",     "x-local",
		                             "mdn",    "notes", "ex" };
	for (guint i = 0; i < G_N_ELEMENTS(known); i++)
		if (retour_span_equal(type, known[i]))
			return retour_span_of(known[i]);
	return type;
}

/* Appends @text without its comments (RFC 5322 3.2.2), which nest; counted, not recursed. One that
 * does not end is text. */
static void
strip_comments(RetourSpan text, GString *out)
{
	gboolean quoted = FALSE;
	gsize depth = 0, open = 0, kept = 0;
	for (gsize at = 0; at < text.length; at++) {
		char c = text.data[at];
		if (c == '\\' && (quoted || depth > 0)) {
			at++;
		} else if (c == '"' && depth == 0) {
			quoted = !quoted;
		} else if (c == '(' && !quoted) {
			if (depth++ == 0)
				open = at;
		} else if (c == ')' && depth > 0 && --depth == 0) {
			g_string_append_len(out, text.data + kept, (gssize)(open - kept));
			g_string_append_c(out, ' ');
			kept = at + 1;
		}
	}
	g_string_append_len(out, text.data + kept, (gssize)(text.length - kept));
}

/* What stands in the first "<>" outside quotes. FALSE if there is none. */
static gboolean
take_bracketed(RetourSpan text, RetourSpan *inside)
{
	gboolean quoted = FALSE;
	gsize start = 0;
	for (gsize at = 0; at < text.length; at++) {
		char c = text.data[at];
		if (c == '\\' && quoted)
			at++;
		else if (c == '"')
			quoted = !quoted;
		else if (c == '<' && !quoted)
			start = at + 1;
		else if (c == '>' && !quoted && start > 0) {
			*inside = retour_span_sub(text, start, at - start);
			return TRUE;
		}
	}
	if (start > 0)
		*inside = retour_span_from(text, start);
	return start > 0;
}

/* "@a,@b:user@d" (RFC 5321 appendix C) is user@d; "mailto:" and "smtp:" are no part of it either.
 */
static RetourSpan
skip_route(RetourSpan text)
{
	gssize colon = retour_span_find_char(text, 0, ':');
	if (colon >= 0 && text.data[0] == '@')
		text = retour_span_from(text, (gsize)colon + 1);
	else if (retour_span_has_prefix(text, "mailto:"))
		text = retour_span_from(text, strlen("mailto:"));
	else if (retour_span_has_prefix(text, "smtp:"))
		text = retour_span_from(text, strlen("smtp:"));
	return retour_span_trim(text);
}

/* A local part and nothing else: "root", "\"John Doe\"". */
static gboolean
is_local_part(RetourSpan text)
{
	return text.length > 0 && text.length <= RETOUR_LIMIT_ADDRESS &&
	       retour_local_match(text) == text.length;
}

static gboolean
append_mailbox(RetourSpan text, gboolean alone, GString *out)
{
	gsize offset = 0, length = 0;
	RetourSpan inside;
	text = skip_route(take_bracketed(text, &inside) ? retour_span_trim(inside) : text);
	length = retour_address_match(text);
	if (length == 0 && !retour_address_find(text, 0, &offset, &length)) {
		if (!alone || !is_local_part(text))
			return FALSE;
		length = text.length;
	}
	g_string_append_len(out, text.data + offset, (gssize)length);
	return TRUE;
}

gboolean
retour_address_from_field(RetourSpan value, RetourSpan *type, GString *out)
{
	if (value.length == 0)
		value = retour_span("", 0); /* no arithmetic on NULL */
	value = retour_span_trim(value);
	*type = lower_type(take_type(&value));
	g_autoptr(GString) decoded = NULL;
	/* Whatever the type: "\\" is no part of a mailbox outside quotes. */
	if (retour_span_find(value, 0, "\\x{") >= 0) {
		decoded = g_string_sized_new(value.length);
		retour_address_decode_utf8(value, decoded);
		value = retour_span(decoded->str, decoded->len);
	}
	g_autoptr(GString) stripped = NULL;
	if (retour_span_find_char(value, 0, '(') >= 0) {
		stripped = g_string_sized_new(value.length);
		strip_comments(value, stripped);
		value = retour_span_trim(retour_span(stripped->str, stripped->len));
	}
	gboolean alone = type->length == 0 || retour_span_equal(*type, "rfc822");
	return append_mailbox(value, alone, out);
}
