/* SPDX-License-Identifier: BSD-2-Clause */
#include <retour/dsn.h>

#include "address/address.h"
#include "base/limits.h"
#include "fuzz.h"
#include "invariants.h"

/* All that a message says: its bytes, its decoded parts, and what is decoded from these. */
typedef struct {
	const RetourPartTree *tree;
	GPtrArray *texts; /* owned; of GBytes */
	GHashTable
	        *derived; /* owned; addresses that stand nowhere as they are; NULL: not yet made */
	RetourArena *arena; /* owned */
} Sayings;

/* A disguise may be worn over another one. */
#define DISGUISES 4

static void
free_string(gpointer data)
{
	g_string_free(data, TRUE);
}

/* @text as it is, and with each run of white space as one blank: fields are unfolded. */
static void
add_text(Sayings *sayings, const char *text, gsize length)
{
	g_ptr_array_add(sayings->texts, g_string_new_len(text, (gssize)length));
	GString *unfolded = g_string_sized_new(length);
	for (gsize i = 0; i < length; i++) {
		gboolean space = retour_is_space(text[i]);
		if (!space || (i > 0 && !retour_is_space(text[i - 1])))
			g_string_append_c(unfolded, space ? ' ' : text[i]);
	}
	g_ptr_array_add(sayings->texts, unfolded);
}

static void
add_decoded(Sayings *sayings, const char *text, gsize length)
{
	add_text(sayings, text, length);
	const char *decoded = retour_header_decode(sayings->arena, text, length);
	if (strlen(decoded) != length || memcmp(decoded, text, length) != 0)
		add_text(sayings, decoded, strlen(decoded));
}

static void
add_headers(Sayings *sayings, const RetourHeader *headers, guint n)
{
	for (guint i = 0; i < n; i++)
		add_decoded(sayings, headers[i].value, strlen(headers[i].value));
}

/* Header fields may begin at any line of a text: the value of each line, with those that go on with
 * it, is decoded by itself, as an encoded word may seem to begin before it. */
static void
add_lines(Sayings *sayings, RetourSpan text)
{
	RetourSpan rest = text, line;
	while (retour_span_next_line(&rest, &line)) {
		const char *begin = line.data;
		while (rest.length > 0 && retour_is_blank(rest.data[0]))
			retour_span_next_line(&rest, &line);
		const char *end = line.data + line.length;
		const char *colon = memchr(begin, ':', (gsize)(end - begin));
		if (!colon || !memmem(colon, (gsize)(end - colon), "=?", 2))
			continue;
		g_autofree char *field = g_strndup(colon + 1, (gsize)(end - colon - 1));
		g_strdelimit(field, "\n", ' ');
		add_decoded(sayings, field, strlen(field));
	}
}

static void
add_part(Sayings *sayings, const RetourPart *part)
{
	add_headers(sayings, part->headers, part->n_headers);
	if (!part->text)
		return;
	add_decoded(sayings, part->text, part->text_length);
	add_lines(sayings, retour_span(part->text, part->text_length));
	guint n;
	const RetourHeader *headers =
	        retour_headers_parse(sayings->arena, part->text, part->text_length, &n);
	add_headers(sayings, headers, n);
}

static void
sayings_init(Sayings *sayings, RetourSpan bytes, const RetourPartTree *tree)
{
	*sayings = (Sayings){ .tree = tree };
	sayings->texts = g_ptr_array_new_with_free_func(free_string);
	sayings->arena = retour_arena_new();
	add_text(sayings, bytes.data, bytes.length);
	for (guint i = 0; i < tree->n_parts; i++)
		add_part(sayings, tree->parts[i]);
}

static void
sayings_clear(Sayings *sayings)
{
	g_ptr_array_unref(sayings->texts);
	g_clear_pointer(&sayings->derived, g_hash_table_unref);
	retour_arena_free(sayings->arena);
}

/* What @address hides, and what that hides. */
static void
derive_unveiled(Sayings *sayings, RetourSpan address, guint depth)
{
	g_autoptr(GString) under = g_string_new(NULL);
	g_hash_table_add(sayings->derived, g_strndup(address.data, address.length));
	if (depth < DISGUISES && retour_address_unveil(address, under) != RETOUR_DISGUISE_NONE)
		derive_unveiled(sayings, retour_span(under->str, under->len), depth + 1);
}

/* The mailbox of @value, where it is a field's: RFC 6533 and comments are taken off it. */
static void
derive_field(Sayings *sayings, const char *value)
{
	RetourSpan type;
	g_autoptr(GString) address = g_string_new(NULL);
	if (retour_address_from_field(retour_span_of(value), &type, address))
		derive_unveiled(sayings, retour_span(address->str, address->len), 0);
}

static void
derive_group(Sayings *sayings, const RetourDsnGroup *group)
{
	for (guint i = 0; i < group->n_fields; i++) {
		const char *value = group->fields[i].value;
		derive_field(sayings, value);
		derive_field(sayings, retour_header_decode(sayings->arena, value, strlen(value)));
	}
}

static void
derive_report(Sayings *sayings, const RetourPart *part)
{
	/* Where a report is pasted into a notice, its first field stands behind other words. */
	RetourSpan rest = retour_span(part->text, part->text_length), line;
	RetourSpan from = rest;
	while (retour_span_next_line(&rest, &line)) {
		if (line.length > 0 && retour_span_find_char(line, 0, ':') > 0)
			break;
		from = rest;
	}
	g_autoptr(RetourDsn) dsn = retour_dsn_parse(from.data, from.length);
	derive_group(sayings, &dsn->message);
	for (guint i = 0; i < dsn->n_recipients; i++)
		derive_group(sayings, &dsn->recipients[i]);
}

static void
derive_found(Sayings *sayings, const GString *text)
{
	RetourSpan span = retour_span(text->str, text->len);
	gsize from = 0, offset, length;
	while (retour_address_find(span, from, &offset, &length)) {
		derive_unveiled(sayings, retour_span_sub(span, offset, length), 0);
		from = offset + length;
	}
}

static void
derive(Sayings *sayings)
{
	sayings->derived = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 1; i < sayings->texts->len; i++) { /* 0 are the raw bytes */
		const GString *text = sayings->texts->pdata[i];
		if (!fuzz_is_text(text->str, text->len))
			continue;
		derive_found(sayings, text);
		derive_field(sayings, text->str);
	}
	for (guint i = 0; i < sayings->tree->n_parts; i++)
		if (sayings->tree->parts[i]->text)
			derive_report(sayings, sayings->tree->parts[i]);
}

static gboolean
is_said(Sayings *sayings, const char *address)
{
	gsize length = strlen(address);
	for (guint i = 0; i < sayings->texts->len; i++) {
		const GString *text = sayings->texts->pdata[i];
		if (memmem(text->str, text->len, address, length))
			return TRUE;
	}
	if (!sayings->derived)
		derive(sayings);
	return g_hash_table_contains(sayings->derived, address);
}

static void
check(Sayings *sayings, const char *name, const char *address)
{
	fuzz_require(!address || is_said(sayings, address), "%s \"%s\" stands nowhere", name,
	             address);
}

static void
check_list(Sayings *sayings, const char *name, const char *const *list)
{
	for (; list && *list; list++)
		check(sayings, name, *list);
}

/* The address to act on is one, or a local part alone. */
static void
check_form(const char *address)
{
	if (!address)
		return;
	/* The '>' tells that the domain ends there, not a word of Chinese behind it. */
	g_autofree char *bracketed = g_strconcat(address, ">", NULL);
	gboolean whole = retour_address_match(retour_span_of(bracketed)) == strlen(address);
	fuzz_require(whole || !strchr(address, '@'), "\"%s\" is no address", address);
}

static void
check_recipient(Sayings *sayings, const RetourRecipient *recipient)
{
	check(sayings, "address", recipient->address);
	check(sayings, "final_recipient", recipient->final_recipient);
	check(sayings, "original_recipient", recipient->original_recipient);
	for (guint i = 0; i < recipient->n_candidates; i++)
		check(sayings, recipient->candidates[i].from, recipient->candidates[i].address);
	check_form(recipient->address);
}

void
invariants_check_addresses(RetourSpan bytes, const RetourPartTree *tree, const RetourRecord *record)
{
	Sayings sayings;
	sayings_init(&sayings, bytes, tree);
	const RetourReport *report = record->report;
	check(&sayings, "from", report->from);
	check(&sayings, "envelope_sender", report->envelope_sender);
	check(&sayings, "envelope_recipient", report->envelope_recipient);
	check(&sayings, "original.from", report->original.from);
	check(&sayings, "original.envelope_from", report->original.envelope_from);
	check_list(&sayings, "to", (const char *const *)report->to);
	check_list(&sayings, "original.to", (const char *const *)report->original.to);
	for (guint i = 0; i < report->n_recipients; i++)
		check_recipient(&sayings, &report->recipients[i]);
	sayings_clear(&sayings);
}
