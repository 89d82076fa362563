/* SPDX-License-Identifier: BSD-2-Clause */
#include "address/address.h"
#include "report/reading.h"
#include "smtp/reply.h"

/* Bytes of a statement that are looked at; evidence holds less (RETOUR_LIMIT_MATCH_TEXT). */
#define STATEMENT_MAX (32u * 1024)

RetourDraft *
retour_draft_add(RetourReading *reading, const char *read_by)
{
	if (reading->drafts->len >= RETOUR_LIMIT_RECIPIENTS) {
		reading->recipients_cut = TRUE;
		return NULL;
	}
	RetourDraft *draft = g_new0(RetourDraft, 1);
	draft->recipient.read_by = read_by;
	draft->recipient.last_attempt = draft->recipient.will_retry_until = -1;
	draft->evidence = g_array_new(FALSE, FALSE, sizeof(RetourEvidence));
	draft->candidates = g_array_new(FALSE, FALSE, sizeof(RetourCandidate));
	g_ptr_array_add(reading->drafts, draft);
	return draft;
}

void
retour_draft_free(gpointer data)
{
	RetourDraft *draft = data;
	g_array_free(draft->evidence, TRUE);
	g_array_free(draft->candidates, TRUE);
	g_free(draft);
}

void
retour_draft_name(RetourReading *reading, RetourDraft *draft, const char *address)
{
	if (!address)
		return;
	g_autoptr(GString) key = g_string_new(NULL);
	retour_address_append_key(retour_span_of(address), key);
	if (!g_hash_table_contains(reading->names, key->str))
		g_hash_table_insert(reading->names, g_strndup(key->str, key->len), draft);
}

RetourDraft *
retour_draft_find(RetourReading *reading, RetourSpan address)
{
	if (reading->drafts->len == 0)
		return NULL;
	g_autoptr(GString) key = g_string_new(NULL);
	retour_address_append_key(address, key);
	return g_hash_table_lookup(reading->names, key->str);
}

void
retour_draft_add_candidate(RetourReading *reading, RetourDraft *draft, const char *address,
                           const char *from)
{
	if (draft->candidates->len >= RETOUR_LIMIT_CANDIDATES)
		return;
	for (guint i = 0; i < draft->candidates->len; i++)
		if (retour_address_equal(
		            retour_span_of(
		                    g_array_index(draft->candidates, RetourCandidate, i).address),
		            retour_span_of(address)))
			return;
	RetourCandidate candidate = { retour_arena_strdup(reading->arena, address), from };
	g_array_append_val(draft->candidates, candidate);
}

void
retour_draft_add_evidence(RetourReading *reading, RetourDraft *draft,
                          const RetourEvidence *evidence)
{
	for (guint i = 0; i < draft->evidence->len; i++) {
		const RetourEvidence *known = &g_array_index(draft->evidence, RetourEvidence, i);
		if (known->source == evidence->source && known->offset == evidence->offset &&
		    known->length == evidence->length && strcmp(known->part, evidence->part) == 0)
			return;
	}
	if (draft->evidence->len >= RETOUR_LIMIT_EVIDENCE) {
		reading->evidence_cut = TRUE;
		return;
	}
	g_array_append_val(draft->evidence, *evidence);
}

const char *
retour_part_name(RetourReading *reading, const RetourPart *part)
{
	return *part->section ? retour_arena_strdup(reading->arena, part->section) : "1";
}

/* Copies the extent's bytes into the evidence: @begin and @end are of the part's text. */
static void
add_extent(RetourReading *reading, RetourDraft *draft, const RetourPart *part, gsize begin,
           gsize end, RetourEvidence evidence)
{
	RetourSpan text =
	        retour_span_sub(retour_span(part->text, part->text_length), begin, end - begin);
	gsize before = text.length;
	while (text.length > 0 && retour_is_space(text.data[0]))
		text = retour_span_from(text, 1);
	begin += before - text.length;
	text = retour_span_trim(text);
	if (text.length == 0)
		return;
	text = retour_span_cut(text, RETOUR_LIMIT_MATCH_TEXT);
	evidence.part = retour_part_name(reading, part);
	evidence.offset = begin;
	evidence.length = text.length;
	evidence.text = retour_arena_span(reading->arena, text);
	retour_draft_add_evidence(reading, draft, &evidence);
}

/* Of a failure, success replies are the greeting or an accepted command before it ("220-laposte
 * 421 4.2.1 Service refuse"). */
static gboolean
is_noise(const RetourDraft *draft, const RetourReply *reply)
{
	RetourAction action = draft->recipient.action;
	return reply->code < 400 && action != RETOUR_ACTION_DELIVERED &&
	       action != RETOUR_ACTION_RELAYED && action != RETOUR_ACTION_EXPANDED;
}

static const char *
host_of(RetourReading *reading, RetourSpan text, const char *known)
{
	RetourSpan host = retour_host_find(text);
	return host.length > 0 ? retour_arena_span(reading->arena, host) : known;
}

/* Nothing more can be said of it, and that is told. */
static gboolean
is_full(const RetourReading *reading, const RetourDraft *draft)
{
	return reading->evidence_cut && draft->evidence->len >= RETOUR_LIMIT_EVIDENCE;
}

void
retour_draft_add_statement(RetourReading *reading, RetourDraft *draft, const RetourPart *part,
                           gsize begin, gsize end, const RetourEvidence *base)
{
	RetourSpan text =
	        retour_span_sub(retour_span(part->text, part->text_length), begin, end - begin);
	if (text.length > STATEMENT_MAX) {
		text = retour_span_cut(text, STATEMENT_MAX);
		reading->evidence_cut = TRUE;
	}
	RetourEvidence evidence = *base;
	if (is_full(reading, draft))
		return;
	if (evidence.command == RETOUR_COMMAND_NONE)
		evidence.command = retour_command_find(text);
	gsize from = 0, words = 0;
	guint replies = 0;
	RetourReply reply;
	while (!is_full(reading, draft) && retour_reply_find(text, from, &reply)) {
		RetourSpan before = retour_span_sub(text, from, reply.offset - from);
		from = reply.offset + reply.length;
		if (is_noise(draft, &reply))
			continue;
		RetourEvidence said = evidence;
		said.source = RETOUR_EVIDENCE_REPLY;
		said.reply = reply.code;
		said.status = reply.status;
		said.depth = base->depth + replies;
		said.host = host_of(reading, before, base->host);
		if (replies++ == 0)
			words = reply.offset;
		add_extent(reading, draft, part, begin + reply.offset, begin + from, said);
	}
	if (replies > 0 && retour_span_trim(retour_span_sub(text, 0, words)).length == 0)
		return;
	/* Words without a reply, or those before the first one ("Delivery expired: …"). */
	gsize offset, length;
	RetourSpan rest = replies > 0 ? retour_span_sub(text, 0, words) : text;
	evidence.source = RETOUR_EVIDENCE_TEXT;
	evidence.host = host_of(reading, rest, base->host);
	if (!retour_status_find(rest, 0, &evidence.status, &offset, &length))
		evidence.status = RETOUR_STATUS_NONE;
	add_extent(reading, draft, part, begin, begin + rest.length, evidence);
}

static gboolean
is_foreign(RetourReading *reading, const RetourDraft *draft, const RetourEvidence *evidence)
{
	RetourSpan text = retour_span(evidence->text, evidence->length);
	gsize from = 0, offset, length;
	gboolean other = FALSE;
	while (retour_address_find(text, from, &offset, &length)) {
		const RetourDraft *named =
		        retour_draft_find(reading, retour_span_sub(text, offset, length));
		if (named == draft)
			return FALSE;
		other |= named != NULL;
		from = offset + length;
	}
	return other;
}

void
retour_drafts_mark_foreign(RetourReading *reading)
{
	if (reading->drafts->len < 2)
		return;
	for (guint i = 0; i < reading->drafts->len; i++) {
		RetourDraft *draft = reading->drafts->pdata[i];
		for (guint k = 0; k < draft->evidence->len; k++) {
			RetourEvidence *evidence =
			        &g_array_index(draft->evidence, RetourEvidence, k);
			evidence->foreign = is_foreign(reading, draft, evidence);
		}
	}
}

static gpointer
keep_array(RetourArena *arena, const GArray *array, gsize element)
{
	gsize size = array->len * element;
	return size > 0 ? memcpy(retour_arena_alloc(arena, size), array->data, size) : NULL;
}

void
retour_drafts_settle(RetourReading *reading)
{
	guint n = reading->drafts->len;
	RetourRecipient *recipients =
	        retour_arena_alloc(reading->arena, n * sizeof(RetourRecipient));
	for (guint i = 0; i < n; i++) {
		RetourDraft *draft = reading->drafts->pdata[i];
		RetourRecipient *recipient = &recipients[i];
		*recipient = draft->recipient;
		recipient->evidence =
		        keep_array(reading->arena, draft->evidence, sizeof(RetourEvidence));
		recipient->n_evidence = draft->evidence->len;
		recipient->candidates =
		        keep_array(reading->arena, draft->candidates, sizeof(RetourCandidate));
		recipient->n_candidates = draft->candidates->len;
	}
	reading->report->recipients = recipients;
	reading->report->n_recipients = n;
}
