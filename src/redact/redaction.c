/* SPDX-License-Identifier: BSD-2-Clause */
#include "redact/redaction.h"

#include "address/address.h"
#include "address/keys.h"

/* Hexadecimal digits shown: 128 bits. */
#define HASH_DIGITS 32

/* RFC 2606: no mail can go there. */
#define HASH_DOMAIN "@redacted.invalid"

/* The same secrets sign return paths: what is hashed here can be nothing that is signed there. */
#define HASH_PURPOSE "retour redact\n"

struct _RetourRedaction {
	RetourRedactMode mode;
	RetourKeys *keys; /* owned; NULL: none */
};

gboolean
retour_redact_mode_parse(const char *name, RetourRedactMode *mode)
{
	static const char *const names[] = { "mask", "hash", "drop" };
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		if (strcmp(names[i], name) == 0) {
			*mode = (RetourRedactMode)i;
			return TRUE;
		}
	}
	return FALSE;
}

RetourRedaction *
retour_redaction_new(RetourRedactMode mode, RetourKeys *keys)
{
	g_return_val_if_fail(mode != RETOUR_REDACT_HASH || keys, NULL);
	RetourRedaction *redaction = g_new(RetourRedaction, 1);
	*redaction = (RetourRedaction){ .mode = mode, .keys = keys };
	return redaction;
}

void
retour_redaction_free(RetourRedaction *redaction)
{
	if (!redaction)
		return;
	retour_keys_free(redaction->keys);
	g_free(redaction);
}

/* The first letter or digit, unless there is no other, and the domain. */
static void
append_masked(RetourSpan address, GString *out)
{
	RetourSpan domain = retour_address_domain(address);
	gsize local = address.length - domain.length - (domain.length > 0 ? 1 : 0);
	gsize first = local > 1 && g_ascii_isalnum(address.data[0]) ? 1 : 0;
	g_string_append_len(out, address.data, (gssize)first);
	g_string_append(out, "***");
	if (domain.length > 0) {
		g_string_append_c(out, '@');
		g_string_append_len(out, domain.data, (gssize)domain.length);
	}
}

static void
append_digest(const RetourRedaction *redaction, const char *text, GString *out)
{
	const char *secret = redaction->keys->keys[0].secret;
	GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA256, (const guchar *)secret, strlen(secret));
	g_hmac_update(hmac, (const guchar *)HASH_PURPOSE, strlen(HASH_PURPOSE));
	g_hmac_update(hmac, (const guchar *)text, (gssize)strlen(text));
	g_string_append_len(out, g_hmac_get_string(hmac), HASH_DIGITS);
	g_hmac_unref(hmac);
}

static void
append_hashed(const RetourRedaction *redaction, RetourSpan address, GString *out)
{
	g_autoptr(GString) key = g_string_new(NULL);
	retour_address_append_key(address, key);
	append_digest(redaction, key->str, out);
	g_string_append(out, HASH_DOMAIN);
}

gboolean
retour_redactor_shows_parts(const RetourRedactor *redactor)
{
	return redactor->redaction->mode == RETOUR_REDACT_MASK;
}

void
retour_redactor_append_address(const RetourRedactor *redactor, RetourSpan address, GString *out)
{
	if (address.length == 0)
		return;
	switch (redactor->redaction->mode) {
	case RETOUR_REDACT_MASK:
		append_masked(address, out);
		return;
	case RETOUR_REDACT_HASH:
		append_hashed(redactor->redaction, address, out);
		return;
	case RETOUR_REDACT_DROP:
		return;
	}
}

/* Bytes of the link that are the same for everybody: scheme and host, or all but the query. */
static gsize
common_length(RetourSpan link)
{
	static const char *const schemes[] = { "https://", "http://" };
	for (guint i = 0; i < G_N_ELEMENTS(schemes); i++) {
		if (!retour_span_has_prefix(link, schemes[i]))
			continue;
		gsize end = strlen(schemes[i]);
		while (end < link.length && !strchr("/?#", link.data[end]))
			end++;
		return end;
	}
	gssize query = retour_span_find_char(link, 0, '?');
	return query < 0 ? link.length : (gsize)query;
}

/* Who has a link that was sent to somebody may act for him. */
static void
append_link(const RetourRedactor *redactor, RetourSpan link, GString *out)
{
	gsize end = common_length(link);
	retour_redactor_append_text(redactor, retour_span_sub(link, 0, end), out);
	if (end == link.length)
		return;
	g_string_append_c(out, link.data[end]);
	if (redactor->redaction->mode == RETOUR_REDACT_MASK) {
		g_string_append(out, "***");
		return;
	}
	g_autofree char *whole = g_strndup(link.data, link.length);
	append_digest(redactor->redaction, whole, out);
}

void
retour_redactor_append_links(const RetourRedactor *redactor, RetourSpan links, GString *out)
{
	gsize start = out->len;
	gssize open = retour_span_find_char(links, 0, '<');
	if (redactor->redaction->mode == RETOUR_REDACT_DROP)
		return;
	if (open < 0)
		append_link(redactor, retour_span_trim(links), out);
	while (open >= 0) {
		links = retour_span_from(links, (gsize)open + 1);
		gssize close = retour_span_find_char(links, 0, '>');
		RetourSpan link = close < 0 ? links : retour_span_sub(links, 0, (gsize)close);
		g_string_append(out, out->len > start ? ", <" : "<");
		append_link(redactor, link, out);
		g_string_append_c(out, '>');
		links = retour_span_from(links, link.length);
		open = retour_span_find_char(links, 0, '<');
	}
}

/* What is kept of the key of a recipient: without a secret, a key that is made of the address would
 * tell whoever guesses it. */
void
retour_redactor_append_key(const RetourRedactor *redactor, const char *key, const char *rest,
                           GString *out)
{
	if (redactor->redaction->mode == RETOUR_REDACT_HASH) {
		append_digest(redactor->redaction, key, out);
		return;
	}
	g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, rest, -1);
	g_string_append_len(out, sum, HASH_DIGITS);
}

void
retour_redaction_append_address(const RetourRedaction *redaction, const char *address, GString *out)
{
	const RetourRedactor redactor = { .redaction = redaction };
	retour_redactor_append_address(&redactor, retour_span_of(address), out);
}

void
retour_redaction_append_text(const RetourRedaction *redaction, const char *about, const char *text,
                             GString *out)
{
	RetourRedactor redactor;
	retour_redactor_init(&redactor, redaction);
	if (about)
		retour_redactor_know(&redactor, about);
	retour_redactor_know_text(&redactor, text);
	retour_redactor_append_text(&redactor, retour_span_of(text), out);
	retour_redactor_clear(&redactor);
}
