/* SPDX-License-Identifier: BSD-2-Clause */
#include "address/address.h"
#include "address/verp.h"
#include "report/reading.h"

const char *const *
retour_failed_recipients(RetourReading *reading)
{
	const char **list =
	        retour_arena_alloc(reading->arena, (RETOUR_LIMIT_NAMED + 1) * sizeof(char *));
	guint n = 0;
	for (guint i = 0; i < reading->tree->root->n_headers; i++) {
		const RetourHeader *header = &reading->tree->root->headers[i];
		/* Fields of a report that stand in the header of the mail: seen with RS mail
		 * servers */
		if (g_ascii_strcasecmp(header->name, "x-failed-recipients") != 0 &&
		    g_ascii_strcasecmp(header->name, "final-recipient") != 0)
			continue;
		RetourSpan text = retour_span_of(header->value);
		gsize from = 0, offset, length;
		while (retour_address_find(text, from, &offset, &length)) {
			if (n == RETOUR_LIMIT_NAMED) {
				reading->recipients_cut = TRUE;
				return list;
			}
			list[n++] = retour_arena_span(reading->arena,
			                              retour_span_sub(text, offset, length));
			from = offset + length;
		}
	}
	return list;
}

static void
add_bystander(GHashTable *keys, const char *address)
{
	if (!address || !*address)
		return;
	g_autoptr(GString) key = g_string_new(NULL);
	retour_address_append_key(retour_span_of(address), key);
	g_hash_table_add(keys, g_strndup(key->str, key->len));
}

static GHashTable *
collect_bystanders(const RetourReport *report)
{
	GHashTable *keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	const char *known[] = { report->from, report->envelope_sender, report->envelope_recipient,
		                report->original.from, report->original.envelope_from };
	for (guint i = 0; i < G_N_ELEMENTS(known); i++)
		add_bystander(keys, known[i]);
	for (guint i = 0; report->to && report->to[i]; i++)
		add_bystander(keys, report->to[i]);
	return keys;
}

gboolean
retour_is_bystander(RetourReading *reading, RetourSpan address)
{
	if (retour_address_is_daemon(address))
		return TRUE;
	if (!reading->bystanders)
		reading->bystanders = collect_bystanders(reading->report);
	g_autoptr(GString) key = g_string_new(NULL);
	retour_address_append_key(address, key);
	return g_hash_table_contains(reading->bystanders, key->str);
}

static const char *const disguises[] = {
	[RETOUR_DISGUISE_VERP] = "verp",
	[RETOUR_DISGUISE_BATV] = "batv",
	[RETOUR_DISGUISE_SRS] = "srs",
	[RETOUR_DISGUISE_IMCEA] = "imcea",
};

/* The mailbox that a VERP return path hides, or NULL. A disguise may be worn over another one: at
 * most three are taken off. */
static const char *
unveil_recipient(RetourReading *reading, const char *address)
{
	g_autofree char *under = g_strdup(address);
	for (guint i = 0; under && i < 3; i++) {
		g_autoptr(GString) next = g_string_new(NULL);
		RetourDisguise disguise = retour_address_unveil(retour_span_of(under), next);
		if (disguise == RETOUR_DISGUISE_NONE)
			return NULL;
		if (disguise == RETOUR_DISGUISE_VERP)
			return retour_arena_strndup(reading->arena, next->str, next->len);
		g_free(under);
		under = g_strndup(next->str, next->len);
	}
	return NULL;
}

/* What the site's own template finds in a return path is what it wrote to, and goes before all. */
static const char *
unveil_by_template(RetourReading *reading, const char *address)
{
	g_autoptr(GString) hidden = g_string_new(NULL);
	if (!reading->verp ||
	    !retour_verp_decode(retour_span_of(reading->verp), retour_span_of(address), hidden))
		return NULL;
	return retour_arena_strndup(reading->arena, hidden->str, hidden->len);
}

static RetourDraft *
draft_of(RetourReading *reading, const char *address)
{
	RetourDraft *draft = retour_draft_find(reading, retour_span_of(address));
	return draft || reading->drafts->len != 1 ? draft : reading->drafts->pdata[0];
}

/* A bounce goes back to the return path of one message: what its VERP hides is the one recipient it
 * was sent to. */
static void
read_return_path(RetourReading *reading)
{
	const RetourReport *report = reading->report;
	const char *paths[] = { report->envelope_recipient, report->to ? report->to[0] : NULL,
		                report->original.envelope_from };
	for (guint i = 0; i < G_N_ELEMENTS(paths); i++) {
		const char *own = paths[i] ? unveil_by_template(reading, paths[i]) : NULL;
		const char *hidden = paths[i] ? unveil_recipient(reading, paths[i]) : NULL;
		RetourDraft *draft = own ? draft_of(reading, own) : NULL;
		if (draft) {
			if (draft->recipient.address)
				retour_draft_add_candidate(reading, draft, draft->recipient.address,
				                           "body");
			draft->recipient.address = own;
			retour_draft_name(reading, draft, own);
		}
		draft = hidden ? draft_of(reading, hidden) : NULL;
		if (draft)
			retour_draft_add_candidate(reading, draft, hidden, "verp");
	}
}

/* "Received: … for <u@x>": whom a server on the way was told to deliver to. */
static const char *
received_for(RetourReading *reading, const char *received)
{
	RetourSpan text = retour_span_of(received);
	gsize offset, length;
	gssize at = retour_span_find(text, 0, " for ");
	if (at < 0 || !retour_address_find(text, (gsize)at, &offset, &length) ||
	    offset > (gsize)at + 6)
		return NULL;
	return retour_arena_strndup(reading->arena, received + offset, length);
}

/* Where somebody forwards, the last server's recipient is a stranger: the headers of the returned
 * message tell whom the sender wrote to, and where it went on the way. They are candidates for a
 * single recipient. */
static void
read_returned_way(RetourReading *reading)
{
	if (reading->drafts->len != 1)
		return;
	RetourDraft *draft = reading->drafts->pdata[0];
	const RetourOriginal *original = &reading->report->original;
	if (original->to && original->to[0] && !original->to[1])
		retour_draft_add_candidate(reading, draft, original->to[0], "returned-to");
	for (guint i = 0; i < reading->n_returned_headers; i++) {
		const RetourHeader *header = &reading->returned_headers[i];
		gboolean received = g_ascii_strcasecmp(header->name, "received") == 0;
		const char *address = received ? received_for(reading, header->value) : NULL;
		if (address)
			retour_draft_add_candidate(reading, draft, address, "returned-for");
	}
}

/* A recipient's own address may be a disguise of another one (forwarders, Exchange). */
static void
read_own_disguise(RetourReading *reading, RetourDraft *draft)
{
	if (!draft->recipient.address)
		return;
	g_autoptr(GString) under = g_string_new(NULL);
	RetourDisguise disguise =
	        retour_address_unveil(retour_span_of(draft->recipient.address), under);
	if (disguise != RETOUR_DISGUISE_NONE && under->len > 0)
		retour_draft_add_candidate(reading, draft, under->str, disguises[disguise]);
}

/* The ladder: what the sender wrote to, then what the last server saw. An unverified VERP is a
 * candidate only. */
static void
choose_address(RetourReading *reading, RetourDraft *draft)
{
	RetourRecipient *recipient = &draft->recipient;
	if (recipient->final_recipient)
		retour_draft_add_candidate(reading, draft, recipient->final_recipient,
		                           "final-recipient");
	if (recipient->original_recipient)
		retour_draft_add_candidate(reading, draft, recipient->original_recipient,
		                           "original-recipient");
	if (recipient->original_recipient &&
	    retour_address_domain(retour_span_of(recipient->original_recipient)).length > 0)
		recipient->address = recipient->original_recipient;
	else if (recipient->final_recipient)
		recipient->address = recipient->final_recipient;
}

/* Recipients that the report names by a header or the returned message alone (Google Groups sends
 * an empty report). */
static void
name_the_nameless(RetourReading *reading)
{
	const char *const *failed = retour_failed_recipients(reading);
	const RetourOriginal *original = &reading->report->original;
	guint next = 0;
	for (guint i = 0; i < reading->drafts->len; i++) {
		RetourDraft *draft = reading->drafts->pdata[i];
		RetourRecipient *recipient = &draft->recipient;
		if (recipient->address)
			continue;
		if (failed[next]) {
			recipient->address = failed[next++];
			retour_draft_name(reading, draft, recipient->address);
			retour_draft_add_candidate(reading, draft, recipient->address,
			                           "x-failed-recipients");
		} else if (reading->drafts->len == 1 && original->to && original->to[0] &&
		           !original->to[1]) {
			recipient->address = original->to[0];
			retour_draft_name(reading, draft, recipient->address);
			retour_draft_add_candidate(reading, draft, recipient->address,
			                           "returned-to");
		}
	}
}

/* The other candidates; the chosen address is not listed again. */
static void
drop_chosen(RetourDraft *draft)
{
	for (guint i = 0; i < draft->candidates->len; i++) {
		const RetourCandidate *candidate =
		        &g_array_index(draft->candidates, RetourCandidate, i);
		if (!draft->recipient.address ||
		    strcmp(candidate->address, draft->recipient.address) != 0)
			continue;
		g_array_remove_index(draft->candidates, i);
		return;
	}
}

/* Same message, same address: same key, whoever reports it and how often. A message without
 * identity is known by the envelope identifier, and at last by the bounce itself. */
static void
make_key(RetourReading *reading, RetourDraft *draft)
{
	const RetourReport *report = reading->report;
	const char *message = report->original.message_id ? report->original.message_id
	                      : report->envelope_id       ? report->envelope_id
	                      : report->message_id        ? report->message_id
	                                                  : "";
	g_autoptr(GString) text = g_string_new(message);
	g_string_append_c(text, '\n');
	if (draft->recipient.address)
		retour_address_append_key(retour_span_of(draft->recipient.address), text);
	g_autofree char *digest = g_compute_checksum_for_data(G_CHECKSUM_SHA256,
	                                                      (const guchar *)text->str, text->len);
	draft->recipient.key = retour_arena_strndup(reading->arena, digest, 32);
}

void
retour_read_identity(RetourReading *reading)
{
	for (guint i = 0; i < reading->drafts->len; i++)
		choose_address(reading, reading->drafts->pdata[i]);
	name_the_nameless(reading);
	read_return_path(reading);
	read_returned_way(reading);
	for (guint i = 0; i < reading->drafts->len; i++) {
		RetourDraft *draft = reading->drafts->pdata[i];
		read_own_disguise(reading, draft);
		drop_chosen(draft);
		make_key(reading, draft);
	}
}
