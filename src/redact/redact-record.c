/* SPDX-License-Identifier: BSD-2-Clause */
#include <stddef.h>

#include "base/arena.h"
#include "record/new.h"
#include "redact/redaction.h"
#include "report/new.h"

/* What a string of the record is, beside our own words, which stay. */
typedef void (*Append)(const RetourRedactor *redactor, RetourSpan text, GString *out);

typedef struct {
	gsize offset; /* of a const char * in its struct */
	Append append;
} Member;

#define TEXT retour_redactor_append_text
#define ADDRESS retour_redactor_append_address
#define MESSAGE_ID retour_redactor_append_message_id
#define LINKS retour_redactor_append_links

#define MEMBER(type, name, append)           \
	{                                    \
		offsetof(type, name), append \
	}

static const Member of_report[] = {
	MEMBER(RetourReport, message_id, MESSAGE_ID),
	MEMBER(RetourReport, from, ADDRESS),
	MEMBER(RetourReport, subject, TEXT),
	MEMBER(RetourReport, envelope_sender, ADDRESS),
	MEMBER(RetourReport, envelope_recipient, ADDRESS),
	MEMBER(RetourReport, reporting_mta, TEXT),
	MEMBER(RetourReport, received_from_mta, TEXT),
	MEMBER(RetourReport, envelope_id, TEXT),
	MEMBER(RetourReport, feedback_type, TEXT),
	MEMBER(RetourReport, disposition, TEXT),
	MEMBER(RetourReport, original.message_id, MESSAGE_ID),
	MEMBER(RetourReport, original.from, ADDRESS),
	MEMBER(RetourReport, original.envelope_from, ADDRESS),
	MEMBER(RetourReport, original.subject, TEXT),
	MEMBER(RetourReport, original.list_id, TEXT),
	MEMBER(RetourReport, original.list_unsubscribe, LINKS),
	MEMBER(RetourReport, original.list_unsubscribe_post, TEXT),
};

static const Member of_recipient[] = {
	MEMBER(RetourRecipient, address, ADDRESS),
	MEMBER(RetourRecipient, final_recipient, ADDRESS),
	MEMBER(RetourRecipient, original_recipient, ADDRESS),
	MEMBER(RetourRecipient, diagnostic, TEXT),
	MEMBER(RetourRecipient, diagnostic_type, TEXT),
	MEMBER(RetourRecipient, localized_diagnostic, TEXT),
	MEMBER(RetourRecipient, remote_mta, TEXT),
	MEMBER(RetourRecipient, final_log_id, TEXT),
};

static const Member of_candidate[] = { MEMBER(RetourCandidate, address, ADDRESS) };
static const Member of_evidence[] = { MEMBER(RetourEvidence, text, TEXT),
	                              MEMBER(RetourEvidence, host, TEXT) };
static const Member of_because[] = { MEMBER(RetourBecause, text, TEXT) };
static const Member of_ground[] = { MEMBER(RetourGround, text, TEXT) };
static const Member of_field[] = { MEMBER(RetourField, name, TEXT),
	                           MEMBER(RetourField, value, TEXT) };

/* The copy under way: what it knows, and where its strings are laid down. */
typedef struct {
	RetourRedactor redactor;
	RetourArena *arena; /* of the copy */
} Copy;

/* NULL where nothing is left; what was empty before (the null sender) stays so. */
static const char *
redact(const Copy *copy, Append append, const char *text)
{
	if (!text)
		return NULL;
	g_autoptr(GString) out = g_string_new(NULL);
	append(&copy->redactor, retour_span_of(text), out);
	if (out->len == 0 && *text)
		return NULL;
	return retour_arena_strndup(copy->arena, out->str, out->len);
}

/* In a struct that has been copied as it was. */
static void
redact_members(const Copy *copy, gpointer object, const Member *members, guint n)
{
	for (guint i = 0; i < n; i++) {
		const char **text = (const char **)(gpointer)((char *)object + members[i].offset);
		*text = redact(copy, members[i].append, *text);
	}
}

#define REDACT(copy, object, members) redact_members(copy, object, members, G_N_ELEMENTS(members))

static gpointer
copy_array(const Copy *copy, gconstpointer items, gsize size)
{
	gpointer array = retour_arena_alloc(copy->arena, size);
	if (size > 0)
		memcpy(array, items, size);
	return array;
}

static const char **
redact_list(const Copy *copy, const char **list)
{
	if (!list)
		return NULL;
	guint kept = 0;
	const char **out = retour_arena_alloc(copy->arena,
	                                      (g_strv_length((char **)list) + 1) * sizeof(char *));
	for (; *list; list++) {
		const char *address = redact(copy, ADDRESS, *list);
		if (address)
			out[kept++] = address;
	}
	return out;
}

static const RetourField *
redact_fields(const Copy *copy, const RetourField *fields, guint n)
{
	RetourField *out = copy_array(copy, fields, n * sizeof *fields);
	for (guint i = 0; i < n; i++)
		REDACT(copy, &out[i], of_field);
	return out;
}

static void
redact_candidates(const Copy *copy, RetourRecipient *recipient)
{
	RetourCandidate *out =
	        copy_array(copy, recipient->candidates, recipient->n_candidates * sizeof *out);
	guint kept = 0;
	for (guint i = 0; i < recipient->n_candidates; i++) {
		REDACT(copy, &out[i], of_candidate);
		out[i].from = retour_arena_strdup(copy->arena, out[i].from);
		if (out[i].address)
			out[kept++] = out[i];
	}
	recipient->candidates = out;
	recipient->n_candidates = kept;
}

/* An evidence without its words would be no fact: they are empty. */
static void
redact_evidence(const Copy *copy, RetourRecipient *recipient)
{
	recipient->evidence = copy_array(copy, recipient->evidence,
	                                 recipient->n_evidence * sizeof(RetourEvidence));
	for (guint i = 0; i < recipient->n_evidence; i++) {
		RetourEvidence *evidence = &recipient->evidence[i];
		const char *part = retour_arena_strdup(copy->arena, evidence->part);
		REDACT(copy, evidence, of_evidence);
		evidence->part = part;
		if (!evidence->text)
			evidence->text = "";
	}
}

static void
redact_verdict(const Copy *copy, RetourVerdict *verdict)
{
	verdict->because =
	        copy_array(copy, verdict->because, verdict->n_because * sizeof(RetourBecause));
	for (guint i = 0; i < verdict->n_because; i++) {
		RetourBecause *because = &verdict->because[i];
		because->rule = retour_arena_strdup(copy->arena, because->rule);
		because->part = retour_arena_strdup(copy->arena, because->part);
		REDACT(copy, because, of_because);
	}
}

static void
redact_authenticity(const Copy *copy, RetourAuthenticity *authenticity)
{
	RetourGround *grounds = copy_array(copy, authenticity->grounds,
	                                   authenticity->n_grounds * sizeof(RetourGround));
	for (guint i = 0; i < authenticity->n_grounds; i++)
		REDACT(copy, &grounds[i], of_ground);
	authenticity->grounds = grounds;
}

/* Two recipients of which the same is left are told apart by their order. */
static void
redact_key(const Copy *copy, const RetourReport *report, RetourRecipient *recipient,
           GHashTable *seen)
{
	const char *message = report->original.message_id ? report->original.message_id
	                      : report->envelope_id       ? report->envelope_id
	                      : report->message_id        ? report->message_id
	                                                  : "";
	const char *address = recipient->address ? recipient->address : "";
	guint nth = GPOINTER_TO_UINT(g_hash_table_lookup(seen, address));
	g_hash_table_insert(seen, (gpointer)address, GUINT_TO_POINTER(nth + 1));
	g_autofree char *rest = g_strdup_printf("%s\n%s\n%u", message, address, nth);
	g_autoptr(GString) key = g_string_new(NULL);
	retour_redactor_append_key(&copy->redactor, recipient->key, rest, key);
	recipient->key = retour_arena_strndup(copy->arena, key->str, key->len);
}

static void
redact_recipients(const Copy *copy, RetourRecord *record)
{
	RetourReport *report = record->report;
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	report->recipients = copy_array(copy, report->recipients,
	                                report->n_recipients * sizeof(RetourRecipient));
	record->verdicts =
	        copy_array(copy, record->verdicts, report->n_recipients * sizeof(RetourVerdict));
	if (record->authenticity)
		record->authenticity =
		        copy_array(copy, record->authenticity,
		                   report->n_recipients * sizeof(RetourAuthenticity));
	for (guint i = 0; i < report->n_recipients; i++) {
		if (record->authenticity)
			redact_authenticity(copy, &record->authenticity[i]);
		RetourRecipient *recipient = &report->recipients[i];
		REDACT(copy, recipient, of_recipient);
		recipient->read_by = retour_arena_strdup(copy->arena, recipient->read_by);
		recipient->fields = redact_fields(copy, recipient->fields, recipient->n_fields);
		redact_candidates(copy, recipient);
		redact_evidence(copy, recipient);
		redact_key(copy, report, recipient, seen);
		redact_verdict(copy, &record->verdicts[i]);
	}
}

static void
know_members(RetourRedactor *redactor, gconstpointer object, const Member *members, guint n)
{
	for (guint i = 0; i < n; i++) {
		const char *text = *(const char *const *)(gconstpointer)((const char *)object +
		                                                         members[i].offset);
		if (text && members[i].append == ADDRESS)
			retour_redactor_know(redactor, text);
		else if (text && members[i].append == TEXT)
			retour_redactor_know_text(redactor, text);
	}
}

static void
know_list(RetourRedactor *redactor, const char **list)
{
	for (; list && *list; list++)
		retour_redactor_know(redactor, *list);
}

/* Whoever is named anywhere in the record is named everywhere. */
static void
know_report(RetourRedactor *redactor, const RetourReport *report)
{
	know_members(redactor, report, of_report, G_N_ELEMENTS(of_report));
	know_list(redactor, report->to);
	know_list(redactor, report->original.to);
	for (guint i = 0; i < report->n_recipients; i++) {
		const RetourRecipient *recipient = &report->recipients[i];
		know_members(redactor, recipient, of_recipient, G_N_ELEMENTS(of_recipient));
		for (guint k = 0; k < recipient->n_candidates; k++)
			retour_redactor_know(redactor, recipient->candidates[k].address);
	}
}

/* Into the copy's own arena, so that nothing of it points into the record. */
static RetourReport *
redact_report(Copy *copy, const RetourReport *report)
{
	RetourReport *out = retour_report_new();
	gpointer arena = out->arena;
	*out = *report;
	out->arena = arena;
	know_report(&copy->redactor, report);
	REDACT(copy, out, of_report);
	out->to = redact_list(copy, report->to);
	out->original.to = redact_list(copy, report->original.to);
	out->type = retour_arena_strdup(copy->arena, report->type);
	/* The way of a mail is full of hosts and addresses, and nothing prints it. */
	out->authentication_results = NULL;
	out->original.received = NULL;
	out->fields = redact_fields(copy, report->fields, report->n_fields);
	const char **limits = retour_arena_alloc(copy->arena, report->n_limits * sizeof(char *));
	for (guint i = 0; i < report->n_limits; i++)
		limits[i] = retour_arena_strdup(copy->arena, report->limits[i]);
	out->limits = limits;
	return out;
}

RetourRecord *
retour_redaction_apply(const RetourRedaction *redaction, const RetourRecord *record)
{
	RetourRecord *out = retour_record_new();
	Copy copy = { .arena = out->arena };
	retour_redactor_init(&copy.redactor, redaction);
	out->kind = record->kind;
	out->error = retour_arena_strdup(copy.arena, record->error);
	if (record->report) {
		out->verdicts = record->verdicts;
		out->authenticity = record->authenticity;
		out->report = redact_report(&copy, record->report);
		redact_recipients(&copy, out);
	}
	retour_redactor_clear(&copy.redactor);
	return out;
}
