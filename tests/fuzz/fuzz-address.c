/* SPDX-License-Identifier: BSD-2-Clause */

/* Mailboxes: found, taken from fields, decoded, unveiled, compared. */

#include "address/address.h"
#include "address/verp.h"
#include "base/limits.h"
#include "fuzz.h"

static RetourSpan
span_of(const GString *string)
{
	return retour_span(string->str, string->len);
}

/* A mailbox by itself. The '>' tells that the label ends there, not a word of Chinese behind it. */
static gboolean
is_mailbox(RetourSpan address)
{
	g_autofree char *bracketed = g_strdup_printf("%.*s>", (int)address.length, address.data);
	return retour_address_match(retour_span_of(bracketed)) == address.length;
}

static GString *
key_of(RetourSpan address)
{
	GString *key = g_string_new("k");
	retour_address_append_key(address, key);
	fuzz_require(key->str[0] == 'k' && fuzz_is_text(key->str, key->len), "key of %.*s",
	             (int)address.length, address.data);
	return key;
}

/* Equal mailboxes have one key, and equality has no direction. */
static void
check_pair(RetourSpan a, RetourSpan b)
{
	gboolean equal = retour_address_equal(a, b);
	fuzz_require(equal == retour_address_equal(b, a), "%.*s and %.*s are equal one way",
	             (int)a.length, a.data, (int)b.length, b.data);
	g_autoptr(GString) key_a = key_of(a);
	g_autoptr(GString) key_b = key_of(b);
	fuzz_require(equal == g_string_equal(key_a, key_b), "%.*s and %.*s: keys %s and %s",
	             (int)a.length, a.data, (int)b.length, b.data, key_a->str, key_b->str);
}

static void
check_unveiled(RetourSpan address)
{
	g_autoptr(GString) under = g_string_new("u");
	RetourDisguise disguise = retour_address_unveil(address, under);
	fuzz_require((disguise == RETOUR_DISGUISE_NONE) == (under->len == 1),
	             "disguise %u with %zu bytes under it", disguise, under->len - 1);
	if (disguise == RETOUR_DISGUISE_NONE)
		return;
	RetourSpan hidden = retour_span_from(span_of(under), 1);
	fuzz_require(fuzz_is_text(hidden.data, hidden.length) && is_mailbox(hidden),
	             "under %.*s is no mailbox: %s", (int)address.length, address.data,
	             hidden.data);
	fuzz_require(hidden.length <= address.length, "%s is longer than what hid it", hidden.data);
}

/* A line as a site's template, and another one as the return path. */
static void
check_template(RetourSpan template, RetourSpan address)
{
	const char *fault = NULL;
	g_autoptr(GString) hidden = g_string_new("h");
	gboolean valid = retour_verp_check(template, &fault);
	fuzz_require(valid == (fault == NULL), "%s", fault);
	if (!valid)
		return;
	gboolean found = retour_verp_decode(template, address, hidden);
	fuzz_require(found == (hidden->len > 1), "found %d, %zu bytes", found, hidden->len - 1);
	fuzz_require(!found || (hidden->len <= address.length + 1 &&
	                        fuzz_is_text(hidden->str, hidden->len) && strchr(hidden->str, '@')),
	             "%s", hidden->str);
}

static void
check_found(RetourSpan text)
{
	gsize offset, length;
	RetourSpan last = text;
	for (gsize from = 0; retour_address_find(text, from, &offset, &length);) {
		RetourSpan address = retour_span_sub(text, offset, length);
		fuzz_require(offset >= from && length >= 3 && offset + length <= text.length,
		             "address at %zu, %zu bytes, from %zu", offset, length, from);
		fuzz_require(length <= RETOUR_LIMIT_ADDRESS, "an address of %zu bytes", length);
		fuzz_require(fuzz_is_text(address.data, length) && is_mailbox(address),
		             "found what is none: %.*s", (int)length, address.data);
		fuzz_require(retour_address_domain(address).length > 0, "no domain");
		check_unveiled(address);
		check_pair(address, address);
		check_pair(address, last);
		retour_address_is_daemon(address);
		last = address;
		from = offset + length;
	}
}

/* What decoding gives is text, is no longer than what was written, and is that where nothing was
 * encoded. */
static void
check_decoded(RetourSpan text, void (*decode)(RetourSpan, GString *), const char *mark)
{
	g_autoptr(GString) out = g_string_new("d");
	decode(text, out);
	RetourSpan decoded = retour_span_from(span_of(out), 1);
	fuzz_require(fuzz_is_text(decoded.data, decoded.length) && decoded.length <= text.length,
	             "%zu bytes of %zu", decoded.length, text.length);
	g_autofree char *before = g_strndup(text.length ? text.data : "", text.length);
	fuzz_require(retour_span_find(text, 0, mark) >= 0 || strcmp(before, decoded.data) == 0,
	             "plain text was changed");
}

/* The mailbox of a field stands in it, or in what it says decoded and without comments. */
static void
check_field(RetourSpan value)
{
	RetourSpan type;
	g_autoptr(GString) out = g_string_new("f");
	gboolean found = retour_address_from_field(value, &type, out);
	fuzz_require(found == (out->len > 1), "found %d, %zu bytes", found, out->len - 1);
	fuzz_require(type.length == 0 || fuzz_is_text(type.data, type.length), "type");
	RetourSpan address = retour_span_from(span_of(out), 1);
	if (!found)
		return;
	fuzz_require(fuzz_is_text(address.data, address.length) &&
	                     address.length <= RETOUR_LIMIT_ADDRESS,
	             "address of a field: %s", address.data);
	g_autoptr(GString) decoded = g_string_new(NULL);
	retour_address_decode_utf8(value, decoded);
	gboolean commented = strchr(decoded->str, '(') != NULL;
	fuzz_require(commented || strstr(decoded->str, address.data) ||
	                     retour_span_find(value, 0, address.data) >= 0,
	             "%s does not stand in %.*s", address.data, (int)value.length, value.data);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	gsize length;
	g_autofree char *exact = fuzz_text(data, size, &length);
	RetourSpan text = retour_span(exact, length);
	gsize match = retour_address_match(text);
	fuzz_require(match <= MIN(text.length, RETOUR_LIMIT_ADDRESS), "matched %zu of %zu", match,
	             text.length);
	check_found(text);
	check_unveiled(text);
	check_decoded(text, retour_address_decode_xtext, "+");
	check_decoded(text, retour_address_decode_utf8, "\\x{");
	RetourSpan rest = text, line, before = text;
	check_field(text);
	while (retour_span_next_line(&rest, &line)) {
		check_field(line);
		check_template(before, line);
		before = line;
	}
	return 0;
}
