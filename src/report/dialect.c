/* SPDX-License-Identifier: BSD-2-Clause */

/* Applies a dialect to the notices of a mail. */

#include "report/dialects.h"
#include "report/reading.h"

/* A sign in the text stands near its beginning. Lines. */
#define SIGN_LINES 200u

static gboolean
holds_in_text(const RetourReading *reading, const RetourPattern *pattern)
{
	RetourCapture capture;
	for (guint i = 0; i < reading->notices->len; i++) {
		RetourSpan rest = retour_notice_text(
		                   &g_array_index(reading->notices, RetourNotice, i)),
		           line;
		for (guint n = 0; n < SIGN_LINES && retour_span_next_line(&rest, &line); n++)
			if (retour_pattern_match(pattern, line, 0, &capture))
				return TRUE;
	}
	return FALSE;
}

static gboolean
holds(const RetourReading *reading, const RetourDialectLine *sign)
{
	if (strcmp(sign->header, "text") == 0)
		return holds_in_text(reading, &sign->pattern);
	const RetourHeader *header;
	RetourCapture capture;
	for (guint nth = 0;
	     (header = retour_part_get_header_nth(reading->tree->root, sign->header, nth)); nth++)
		if (retour_pattern_match(&sign->pattern, retour_span_of(header->value), 0,
		                         &capture))
			return TRUE;
	return FALSE;
}

static gboolean
is_spoken(const RetourReading *reading, const RetourDialect *dialect)
{
	for (guint i = 0; i < dialect->n_lines; i++)
		if (dialect->lines[i].role == RETOUR_DIALECT_SIGN &&
		    !holds(reading, &dialect->lines[i]))
			return FALSE;
	return TRUE;
}

/* A dialect of the same name on a shelf before @shelf stands in its place. */
static gboolean
is_replaced(const RetourReading *reading, guint shelf, const RetourDialect *dialect)
{
	for (guint before = 0; before < shelf; before++) {
		const RetourDialects *dialects = reading->dialects[before];
		for (guint i = 0; dialects && i < dialects->list->len; i++) {
			const RetourDialect *other = dialects->list->pdata[i];
			if (strcmp(other->name, dialect->name) == 0)
				return TRUE;
		}
	}
	return FALSE;
}

const RetourDialect *
retour_dialect_recognise(const RetourReading *reading)
{
	for (guint shelf = 0; shelf < G_N_ELEMENTS(reading->dialects); shelf++) {
		const RetourDialects *dialects = reading->dialects[shelf];
		for (guint i = 0; dialects && i < dialects->list->len; i++) {
			const RetourDialect *dialect = dialects->list->pdata[i];
			if (is_spoken(reading, dialect) && !is_replaced(reading, shelf, dialect))
				return dialect;
		}
	}
	return NULL;
}

typedef struct {
	RetourReading *reading;
	const RetourDialect *dialect;
	const RetourPart *part;
	RetourDraft *current;
} Reader;

static void
take_recipient(Reader *reader, const RetourCapture *capture)
{
	RetourReading *reading = reader->reading;
	if (capture->address.length == 0 || capture->address.length > RETOUR_LIMIT_ADDRESS)
		return;
	reader->current = retour_draft_find(reading, capture->address);
	if (reader->current)
		return;
	/* A site's dialects may be gone before the report. */
	reader->current = retour_draft_add(
	        reading, retour_arena_strdup(reading->arena, reader->dialect->name));
	if (!reader->current)
		return;
	RetourRecipient *recipient = &reader->current->recipient;
	recipient->address = retour_arena_span(reading->arena, capture->address);
	recipient->action = reader->dialect->action;
	retour_draft_name(reading, reader->current, recipient->address);
	retour_draft_add_candidate(reading, reader->current, recipient->address, "body");
}

static void
add_statement(Reader *reader, RetourDraft *draft, RetourSpan words, const RetourCapture *capture)
{
	RetourEvidence base = { .source = RETOUR_EVIDENCE_TEXT, .depth = 1 };
	if (capture->host.length > 0)
		base.host = retour_arena_span(reader->reading->arena, capture->host);
	gsize begin = (gsize)(words.data - reader->part->text);
	retour_draft_add_statement(reader->reading, draft, reader->part, begin,
	                           begin + words.length, &base);
}

/* What a line says: its {diagnostic}, or the whole match where it holds a {status} alone. */
static void
take_statement(Reader *reader, RetourSpan line, const RetourCapture *capture)
{
	RetourSpan words = capture->diagnostic;
	if (words.length == 0)
		words = retour_span_sub(line, capture->begin, capture->end - capture->begin);
	if (capture->diagnostic.length == 0 && !retour_status_is_set(capture->status))
		return;
	GPtrArray *drafts = reader->reading->drafts;
	if (reader->current)
		add_statement(reader, reader->current, words, capture);
	for (guint i = 0; !reader->current && i < drafts->len; i++)
		add_statement(reader, drafts->pdata[i], words, capture);
}

/* The pattern that matches first at or after @from, the longest of those that begin there; NULL if
 * none does. */
static const RetourDialectLine *
next_match(const RetourDialect *dialect, RetourSpan line, gsize from, RetourCapture *best)
{
	const RetourDialectLine *found = NULL;
	for (guint i = 0; i < dialect->n_lines; i++) {
		RetourCapture capture;
		if (dialect->lines[i].role == RETOUR_DIALECT_SIGN ||
		    !retour_pattern_match(&dialect->lines[i].pattern, line, from, &capture) ||
		    capture.end <= from)
			continue;
		if (found && (capture.begin > best->begin ||
		              (capture.begin == best->begin && capture.end <= best->end)))
			continue;
		found = &dialect->lines[i];
		*best = capture;
	}
	return found;
}

/* Matches in one line beyond which it is made to be slow. */
#define LINE_MATCHES 256u

/* FALSE at the border. */
static gboolean
read_line(Reader *reader, RetourSpan line)
{
	RetourCapture capture = { 0 };
	gsize from = 0;
	for (guint n = 0; n < LINE_MATCHES; n++) {
		const RetourDialectLine *match = next_match(reader->dialect, line, from, &capture);
		if (!match)
			return TRUE;
		if (match->role == RETOUR_DIALECT_BORDER)
			return FALSE;
		if (match->role == RETOUR_DIALECT_RECIPIENT)
			take_recipient(reader, &capture);
		take_statement(reader, line, &capture);
		from = capture.end;
	}
	return TRUE;
}

void
retour_read_dialect(RetourReading *reading, const RetourDialect *dialect)
{
	for (guint i = 0; i < reading->notices->len; i++) {
		RetourNotice *notice = &g_array_index(reading->notices, RetourNotice, i);
		Reader reader = { .reading = reading, .dialect = dialect, .part = notice->part };
		RetourSpan rest = retour_notice_text(notice), line;
		while (retour_span_next_line(&rest, &line)) {
			if (read_line(&reader, line))
				continue;
			notice->end = (gsize)(line.data - notice->part->text);
			break;
		}
	}
}
