/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* What the files of this room share while one message is read. */

#include <retour/dsn.h>
#include <retour/report.h>

#include "base/limits.h"
#include "report/dialects.h"
#include "report/report.h"

/* A recipient in the making: the lists become plain arrays of the report at the end. */
typedef struct {
	RetourRecipient recipient;
	GArray *evidence;   /* owned; of RetourEvidence */
	GArray *candidates; /* owned; of RetourCandidate */
} RetourDraft;

/* A run of the human-readable text: of a part that is neither report nor returned message, up to
 * where the returned message begins. */
typedef struct {
	const RetourPart *part;
	gsize begin, end;
	guint marks; /* of RetourMark, in what stands before the border */
} RetourNotice;

typedef struct {
	const RetourPartTree *tree;
	RetourArena *arena;   /* the report's */
	RetourReport *report; /* of arena */
	GPtrArray *drafts;    /* owned; of RetourDraft */
	GHashTable *names;    /* owned; comparison key of an address -> RetourDraft, not owned */
	GArray *notices;      /* owned; of RetourNotice */

	const RetourPart *delivery_status, *feedback_report,
	        *disposition; /* NULL where there is none */
	GPtrArray *statuses;  /* owned; of RetourPart: every delivery-status part, in their order */
	gsize status_end;     /* where the fields end in delivery_status; 0: with it */
	gsize status_begin;   /* where the fields begin in delivery_status */
	const RetourPart
	        *returned; /* the returned message's or headers' part; NULL if there is none */
	const RetourHeader *returned_headers; /* its headers, or those pasted behind a notice */
	guint n_returned_headers;
	const char *verp; /* template of the site's return paths, or NULL */
	gboolean trace;   /* Received and Authentication-Results are kept */
	const RetourDialects *dialects[RETOUR_DIALECT_SHELVES]; /* NULL for none */
	const RetourDialect *dialect; /* the one that this mail speaks; NULL */
	RetourAction action;          /* of a notice without fields, as its words tell */
	gboolean recipients_cut, evidence_cut, fields_cut, addresses_cut, text_cut;
	GHashTable *bystanders; /* owned; comparison keys of addresses that are nobody's failure */
} RetourReading;

/* draft.c */
RetourDraft *retour_draft_add(RetourReading *reading, const char *read_by);
/* Makes @draft found by @address (NULL is accepted); who had the name first keeps it. */
void retour_draft_name(RetourReading *reading, RetourDraft *draft, const char *address);
/* The draft that has that name; NULL if none. */
RetourDraft *retour_draft_find(RetourReading *reading, RetourSpan address);
void retour_draft_add_candidate(RetourReading *reading, RetourDraft *draft, const char *address,
                                const char *from);
void retour_draft_add_evidence(RetourReading *reading, RetourDraft *draft,
                               const RetourEvidence *evidence);
/* Every reply, code and word in an extent of @part as evidence for @draft. @base has what is known
 * of all of it: source (TEXT), host, command, depth, field. */
void retour_draft_add_statement(RetourReading *reading, RetourDraft *draft, const RetourPart *part,
                                gsize begin, gsize end, const RetourEvidence *base);
/* Marks evidence that names another recipient and not this one. */
void retour_drafts_mark_foreign(RetourReading *reading);
/* The part's number as evidence gives it: the text of a message without parts is its part "1" (RFC
 * 9051 6.4.5). */
const char *retour_part_name(RetourReading *reading, const RetourPart *part);
/* Moves the drafts into the report. */
void retour_drafts_settle(RetourReading *reading);
void retour_draft_free(gpointer draft);

/* notice.c: where the human-readable text is and where the returned message begins in it */
void retour_notices_find(RetourReading *reading);
RetourSpan retour_notice_text(const RetourNotice *notice);

/* parts.c: which part is what */
void retour_reading_find_parts(RetourReading *reading);
/* Report fields that stand in plain text, where no part has them: a report pasted into a notice,
 * boundaries lost. */
void retour_reading_find_pasted_report(RetourReading *reading);
/* The same behind the border, where the message there is a bounce itself, pasted as it came: a mail
 * system that passes on another one's bounce and names nobody in its own words. */
gboolean retour_reading_find_passed_on_report(RetourReading *reading);

/* gate.c: what kind of message it is, from headers, parts and notices */
RetourKind retour_gate(RetourReading *reading);
gboolean retour_gate_never_reply(const RetourReading *reading, RetourKind kind);

/* delivery-status.c, arf.c, mdn.c, generic.c, auto-reply.c: one reader each */
void retour_read_delivery_status(RetourReading *reading);
void retour_read_feedback_report(RetourReading *reading);
void retour_read_complaint(RetourReading *reading);
void retour_read_disposition(RetourReading *reading);
void retour_read_generic(RetourReading *reading);
void retour_read_auto_reply(RetourReading *reading);

/* dialect.c: the first dialect whose signs hold, NULL if none does; reading by it */
const RetourDialect *retour_dialect_recognise(const RetourReading *reading);
void retour_read_dialect(RetourReading *reading, const RetourDialect *dialect);

/* statement.c: what the notices say, for drafts that exist */
void retour_read_statements(RetourReading *reading);

/* original.c */
/* A copy of @value, as much of it as a string of the record may have; NULL for NULL. */
const char *retour_reading_keep(RetourReading *reading, const char *value);
void retour_read_original(RetourReading *reading);
/* A header of the returned message, its value or NULL. */
const char *retour_returned_value(const RetourReading *reading, const char *name);

/* identity.c: candidates, the address to act on, the key */
void retour_read_identity(RetourReading *reading);
/* Addresses of the "X-Failed-Recipients" headers (Exim, Google, chasquid), of @arena;
 * NULL-terminated. */
const char *const *retour_failed_recipients(RetourReading *reading);
/* TRUE for an address that is nobody's failure here: daemons, the sender of the bounce, the sender
 * of the original. */
gboolean retour_is_bystander(RetourReading *reading, RetourSpan address);
