/* SPDX-License-Identifier: BSD-2-Clause */
#include "address/address.h"
#include "address/mailbox.h"
#include "base/limits.h"
#include "redact/redaction.h"

/* A shorter local part standing alone is no name: "a", "550". */
#define LOCAL_MIN 3
#define DIGITS_MIN 5

/* A disguise may be worn over another one. */
#define DISGUISES_MAX 3

/* Pieces of a word, parted by one of these, that are looked up together: "lena.m.meyer". */
#define PIECES_MAX 6
static const char joints[] = ".=-_+/:";

void
retour_redactor_init(RetourRedactor *redactor, const RetourRedaction *redaction)
{
	redactor->redaction = redaction;
	redactor->locals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	redactor->domains = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

void
retour_redactor_clear(RetourRedactor *redactor)
{
	g_clear_pointer(&redactor->locals, g_hash_table_destroy);
	g_clear_pointer(&redactor->domains, g_hash_table_destroy);
}

static gboolean
is_name(const char *local)
{
	gsize length = strlen(local), digits = 0, letters = 0;
	for (const char *at = local; *at; at++) {
		digits += g_ascii_isdigit(*at) != 0;
		letters += g_ascii_isalpha(*at) || (guchar)*at >= 0x80;
	}
	return length >= LOCAL_MIN && (letters > 0 || digits >= DIGITS_MIN) &&
	       !retour_address_is_daemon(retour_span_of(local)) && !retour_is_server_word(local);
}

static void
know_one(RetourRedactor *redactor, RetourSpan address)
{
	RetourSpan domain = retour_address_domain(address);
	g_autoptr(GString) key = g_string_new(NULL);
	retour_address_append_key(address, key);
	gsize local = key->len;
	char *at = domain.length > 0 ? strrchr(key->str, '@') : NULL;
	if (at) {
		local = (gsize)(at - key->str);
		g_hash_table_add(redactor->domains, g_strdup(at + 1));
	}
	g_autofree char *name = g_strndup(key->str, local);
	if (is_name(name) && !g_hash_table_contains(redactor->locals, name))
		g_hash_table_insert(redactor->locals, g_steal_pointer(&name),
		                    g_strndup(address.data, address.length));
}

void
retour_redactor_know(RetourRedactor *redactor, const char *address)
{
	g_autoptr(GString) under = g_string_new(address);
	for (guint i = 0; under->len > 0 && i <= DISGUISES_MAX; i++) {
		know_one(redactor, retour_span(under->str, under->len));
		g_autoptr(GString) next = g_string_new(NULL);
		if (retour_address_unveil(retour_span(under->str, under->len), next) ==
		    RETOUR_DISGUISE_NONE)
			return;
		g_string_assign(under, next->str);
	}
}

void
retour_redactor_know_text(RetourRedactor *redactor, const char *text)
{
	RetourSpan span = retour_span_of(text);
	gsize from = 0, offset, length;
	while (retour_address_find(span, from, &offset, &length)) {
		g_autofree char *address = g_strndup(text + offset, length);
		retour_redactor_know(redactor, address);
		from = offset + length;
	}
}

/* The '@' as URLs, xtext (RFC 3461 4), HTML and RFC 6533 write it. */
static const char *const at_signs[] = { "%40", "+40", "&#64;", "&#x40;", "\\x{40}" };

static gsize
at_sign_length(RetourSpan text)
{
	for (guint i = 0; i < G_N_ELEMENTS(at_signs); i++) {
		if (retour_span_has_prefix(text, at_signs[i]))
			return strlen(at_signs[i]);
	}
	return 0;
}

/* Each of these between a letter and a domain becomes '@', so that addresses are found as such. */
static void
append_with_at_signs(RetourSpan text, GString *out)
{
	for (gsize at = 0; at < text.length;) {
		gsize sign = strchr("%+&\\", text.data[at]) && text.data[at] != '\0' && at > 0
		                     ? at_sign_length(retour_span_from(text, at))
		                     : 0;
		RetourSpan rest = retour_span_from(text, at + sign);
		gsize domain = sign > 0 ? retour_domain_match(rest) : 0;
		if (domain > 0 &&
		    retour_span_find_char(retour_span_sub(rest, 0, domain), 0, '.') > 0) {
			g_string_append_c(out, '@');
			at += sign;
		} else {
			g_string_append_c(out, text.data[at++]);
		}
	}
}

/* The address of which @word is the local part; NULL: it is of none that is known. */
static const char *
find_local(const RetourRedactor *redactor, RetourSpan word)
{
	if (word.length < LOCAL_MIN || word.length > RETOUR_LIMIT_ADDRESS)
		return NULL;
	g_autoptr(GString) key = g_string_new(NULL);
	retour_address_append_key(word, key);
	return g_hash_table_lookup(redactor->locals, key->str);
}

/* Bytes of a piece at the start of @word, up to a joint or the end. */
static gsize
piece_length(RetourSpan word)
{
	gsize at = 0;
	while (at < word.length && !(strchr(joints, word.data[at]) && word.data[at] != '\0'))
		at++;
	return at;
}

/* The longest run of pieces at the start of @word that is a known local part. */
static const char *
find_pieces(const RetourRedactor *redactor, RetourSpan word, gsize *length)
{
	const char *found = NULL;
	gsize at = 0;
	for (guint i = 0; i < PIECES_MAX && at < word.length; i++) {
		at += piece_length(retour_span_from(word, at));
		const char *address = find_local(redactor, retour_span_sub(word, 0, at));
		if (address) {
			found = address;
			*length = at;
		}
		at += at < word.length ? 1 : 0;
	}
	return found;
}

/* A name of two labels or more of which the last one is of letters: bytes at the start of @text, 0
 * if there is none. */
static gsize
host_length(RetourSpan text)
{
	gsize length = retour_domain_match(text), dot = length;
	while (dot > 0 && text.data[dot - 1] != '.')
		dot--;
	if (dot == 0 || length - dot < 2)
		return 0;
	for (gsize at = dot; at < length; at++) {
		if (g_ascii_isdigit(text.data[at]) &&
		    !retour_span_has_prefix(retour_span_from(text, dot), "xn--"))
			return 0;
	}
	return length;
}

static void
append_known(const RetourRedactor *redactor, const char *address, RetourSpan word, GString *out)
{
	/* Of a mask only as much as stands here; a hash is that of the address, to be joined. */
	retour_redactor_append_address(
	        redactor, retour_redactor_shows_parts(redactor) ? word : retour_span_of(address),
	        out);
}

/* It is the name of a host, which stays, though a label of it may be somebody's name. */
static gboolean
is_host(const RetourRedactor *redactor, RetourSpan word)
{
	gsize label = word.length;
	while (label > 0 && word.data[label - 1] != '.')
		label--;
	return host_length(word) == word.length &&
	       !find_local(redactor, retour_span_from(word, label));
}

/* A word that servers do not part: a local part, or pieces among which there is one. */
static void
append_pieces(const RetourRedactor *redactor, RetourSpan word, GString *out)
{
	const char *address = NULL;
	gboolean known = g_hash_table_size(redactor->locals) > 0;
	gsize trimmed = word.length;
	while (trimmed > 0 && word.data[trimmed - 1] == '.')
		trimmed--;
	if (known)
		address = find_local(redactor, retour_span_sub(word, 0, trimmed));
	if (address) {
		append_known(redactor, address, retour_span_sub(word, 0, trimmed), out);
		word = retour_span_from(word, trimmed);
	}
	if (!known || address || is_host(redactor, retour_span_sub(word, 0, trimmed))) {
		g_string_append_len(out, word.data, (gssize)word.length);
		return;
	}
	while (word.length > 0) {
		gsize length = piece_length(word);
		address = find_pieces(redactor, word, &length);
		if (address)
			append_known(redactor, address, retour_span_sub(word, 0, length), out);
		else
			g_string_append_len(out, word.data, (gssize)length);
		if (length < word.length)
			g_string_append_c(out, word.data[length++]);
		word = retour_span_from(word, length);
	}
}

/* What logs, headers and links write before a domain: "helo=mx.example.com" hides nobody. */
static const char *const names[] = {
	"a",        "b",        "by",       "d",        "dkim",        "domain",    "from",
	"h",        "header",   "header.d", "header.i", "header.from", "helo",      "host",
	"hostname", "i",        "id",       "ip",       "mta",         "mx",        "name",
	"p",        "receiver", "relay",    "s",        "server",      "smtp.helo", "smtp.mailfrom",
	"mailfrom", "spf",      "to",       "url",      "with",
};

static gboolean
is_field_name(RetourSpan left)
{
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		if (retour_span_equal(left, names[i]))
			return TRUE;
	}
	return FALSE;
}

/* The part of a domain that is one of an address of the record: bytes, 0 if none. */
static gsize
known_domain_length(const RetourRedactor *redactor, RetourSpan text)
{
	gsize length = retour_domain_match(text);
	for (guint i = 0; i < PIECES_MAX && length > 0; i++) {
		g_autofree char *domain = g_ascii_strdown(text.data, (gssize)length);
		if (g_hash_table_contains(redactor->domains, domain))
			return length;
		while (length > 0 && text.data[length - 1] != '.')
			length--;
		length -= length > 0 ? 1 : 0;
	}
	return 0;
}

/* VERP: user=domain. @certain: only of a domain that is known. TRUE with the extent of it in @word.
 */
static gboolean
find_equals(const RetourRedactor *redactor, gboolean certain, RetourSpan word, gsize *start,
            gsize *end, gsize *equals)
{
	gssize at = -1;
	gsize least = 0;
	while ((at = retour_span_find_char(word, (gsize)(at + 1), '=')) >= 0) {
		RetourSpan right = retour_span_from(word, (gsize)at + 1);
		gsize domain = certain ? known_domain_length(redactor, right) : host_length(right);
		*start = (gsize)at;
		while (*start > least && !strchr("/?&=", word.data[*start - 1]))
			--*start;
		*equals = (gsize)at;
		*end = (gsize)at + 1 + domain;
		if (domain > 0 && *start < *equals &&
		    !is_field_name(retour_span_sub(word, *start, *equals - *start)))
			return TRUE;
		least = (gsize)at + 1;
	}
	return FALSE;
}

static void
append_equals(const RetourRedactor *redactor, RetourSpan local, RetourSpan domain, GString *out)
{
	/* Under what a list manager puts before it, if it is one that is known. */
	g_autoptr(GString) path = g_string_new_len(local.data, (gssize)local.length);
	g_autoptr(GString) hidden = g_string_new(NULL);
	g_string_append_c(path, '=');
	g_string_append_len(path, domain.data, (gssize)domain.length);
	g_string_append(path, "@a.invalid");
	retour_address_unveil(retour_span(path->str, path->len), hidden);
	if (hidden->len == 0)
		g_string_append_printf(hidden, "%.*s@%.*s", (int)local.length, local.data,
		                       (int)domain.length, domain.data);
	retour_redactor_append_address(redactor, retour_span(hidden->str, hidden->len), out);
}

/* A run of characters that may stand in a local part. */
static void
append_word(const RetourRedactor *redactor, gboolean certain, RetourSpan word, GString *out)
{
	gsize start, end, equals;
	while (find_equals(redactor, certain, word, &start, &end, &equals)) {
		append_pieces(redactor, retour_span_sub(word, 0, start), out);
		append_equals(redactor, retour_span_sub(word, start, equals - start),
		              retour_span_sub(word, equals + 1, end - equals - 1), out);
		word = retour_span_from(word, end);
	}
	append_pieces(redactor, word, out);
}

/* Text that holds no address in its plain form. */
static void
append_words(const RetourRedactor *redactor, gboolean certain, RetourSpan text, GString *out)
{
	while (text.length > 0) {
		gsize at = 0, step;
		while ((step = retour_local_character(retour_span_from(text, at))) > 0)
			at += step;
		append_word(redactor, certain, retour_span_sub(text, 0, at), out);
		if (at < text.length)
			g_string_append_c(out, text.data[at++]);
		text = retour_span_from(text, at);
	}
}

static void
append_text(const RetourRedactor *redactor, gboolean certain, RetourSpan text, GString *out)
{
	g_autoptr(GString) plain = g_string_sized_new(text.length);
	append_with_at_signs(text, plain);
	RetourSpan rest = retour_span(plain->str, plain->len);
	gsize offset, length;
	while (retour_address_find(rest, 0, &offset, &length)) {
		append_words(redactor, certain, retour_span_sub(rest, 0, offset), out);
		retour_redactor_append_address(redactor, retour_span_sub(rest, offset, length),
		                               out);
		rest = retour_span_from(rest, offset + length);
	}
	append_words(redactor, certain, rest, out);
}

void
retour_redactor_append_text(const RetourRedactor *redactor, RetourSpan text, GString *out)
{
	append_text(redactor, FALSE, text, out);
}

void
retour_redactor_append_message_id(const RetourRedactor *redactor, RetourSpan id, GString *out)
{
	gsize at = id.length;
	while (at > 0 && id.data[at - 1] != '@')
		at--;
	/* The identifier may be an address of the record. */
	RetourSpan bare = id.length > 0 && id.data[0] == '<' ? retour_span_from(id, 1) : id;
	gsize address = retour_address_match(bare);
	RetourSpan local =
	        retour_span_sub(bare, 0, at > 0 ? (gsize)(id.data + at - 1 - bare.data) : 0);
	if (address > 0 && find_local(redactor, local)) {
		append_text(redactor, TRUE, id, out);
		return;
	}
	append_text(redactor, TRUE, retour_span_sub(id, 0, at > 0 ? at - 1 : id.length), out);
	if (at > 0)
		g_string_append_len(out, id.data + at - 1, (gssize)(id.length - at + 1));
}
