/* SPDX-License-Identifier: BSD-2-Clause */
#include "authenticity/trusted.h"

/* Which property of a method names the domain that it vouches for (RFC 8601 2.7). */
static const struct {
	const char *method, *property;
} methods[] = {
	{ "dkim", "header.d" }, { "dkim", "header.i" },     { "spf", "smtp.mailfrom" },
	{ "spf", "smtp.helo" }, { "dmarc", "header.from" },
};

/* Comments may hold anything, semicolons too, and may be nested. */
static void
drop_comments(RetourSpan text, GString *out)
{
	guint depth = 0;
	for (gsize i = 0; i < text.length; i++) {
		char c = text.data[i];
		if (c == '(')
			depth++;
		else if (c == ')' && depth > 0)
			depth--;
		else if (depth == 0)
			g_string_append_c(out, c);
	}
}

static gboolean
next_word(RetourSpan *rest, RetourSpan *word)
{
	*rest = retour_span_trim(*rest);
	gsize end = 0;
	while (end < rest->length && !retour_is_space(rest->data[end]))
		end++;
	*word = retour_span_sub(*rest, 0, end);
	*rest = retour_span_from(*rest, end);
	return end > 0;
}

static RetourSpan
unquote(RetourSpan value)
{
	if (value.length >= 2 && value.data[0] == '"' && value.data[value.length - 1] == '"')
		return retour_span_sub(value, 1, value.length - 2);
	return value;
}

/* "name=value" */
static gboolean
split(RetourSpan word, RetourSpan *name, RetourSpan *value)
{
	gssize equals = retour_span_find_char(word, 0, '=');
	if (equals <= 0)
		return FALSE;
	*name = retour_span_sub(word, 0, (gsize)equals);
	*value = unquote(retour_span_from(word, (gsize)equals + 1));
	return TRUE;
}

/* Of an address its domain. */
static RetourSpan
domain_in(RetourSpan value)
{
	gssize at = retour_span_find_char(value, 0, '@');
	return at >= 0 ? retour_span_from(value, (gsize)at + 1) : value;
}

static gboolean
names_domain(RetourSpan method, RetourSpan property)
{
	for (guint i = 0; i < G_N_ELEMENTS(methods); i++) {
		if (retour_span_equal(method, methods[i].method) &&
		    retour_span_equal(property, methods[i].property))
			return TRUE;
	}
	return FALSE;
}

/* "dkim=pass header.d=example.com header.s=a" */
static void
read_result(RetourSpan text, RetourTrusted *trusted)
{
	RetourSpan word, method, result, property, value;
	if (!next_word(&text, &word) || !split(word, &method, &result))
		return;
	gboolean pass = retour_span_equal(result, "pass");
	gboolean disowned = retour_span_equal(method, "dmarc") && retour_span_equal(result, "fail");
	while (next_word(&text, &word)) {
		if (!split(word, &property, &value) || !names_domain(method, property))
			continue;
		value = domain_in(value);
		if (pass && value.length > 0 && trusted->n_passed < RETOUR_PASSED_MAX)
			trusted->passed[trusted->n_passed++] = value;
		if (disowned)
			trusted->failed = value;
	}
}

void
retour_trusted_read(RetourSpan text, GString *scratch, RetourTrusted *trusted)
{
	*trusted = (RetourTrusted){ 0 };
	g_string_truncate(scratch, 0);
	drop_comments(text, scratch);
	RetourSpan rest = retour_span(scratch->str, scratch->len);
	for (gboolean first = TRUE; rest.length > 0; first = FALSE) {
		gssize end = retour_span_find_char(rest, 0, ';');
		RetourSpan piece = retour_span_sub(rest, 0, end >= 0 ? (gsize)end : rest.length);
		rest = retour_span_from(rest, piece.length + 1);
		/* A version may stand behind the authserv-id. */
		if (first)
			next_word(&piece, &trusted->authserv_id);
		else
			read_result(piece, trusted);
	}
}
