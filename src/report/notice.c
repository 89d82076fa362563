/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/border.h"
#include "report/marks.h"
#include "report/reading.h"

/* Header fields that only a message's own header block begins its lines with. */
static const char *const header_names[] = {
	"received:", "return-path:", "message-id:",     "mime-version:", "from:",
	"to:",       "subject:",     "date:",           "content-type:", "reply-to:",
	"sender:",   "x-mailer:",    "dkim-signature:",
};

/* Of these a header block has at least one; a notice that lists To and Subject of the lost message
 * has none. */
#define TELLING_NAMES 4

/* Lines of a header block, one after the other, that make a border. */
#define HEADER_RUN 3
/* The longest name of a field that is believed in there. Bytes. */
#define FIELD_NAME_MAX 40u

static gint
header_name(RetourSpan line, guint32 firsts)
{
	if (line.length < 3 || !retour_may_begin(firsts, line.data[0]))
		return -1;
	for (guint i = 0; i < G_N_ELEMENTS(header_names); i++)
		if (retour_span_has_prefix(line, header_names[i]))
			return (gint)i;
	return -1;
}

/* "X-Original-To: u@x", a folded line: what may stand between the known fields of a header block.
 */
static gboolean
continues_block(RetourSpan line)
{
	if (line.length == 0 || retour_is_blank(line.data[0]))
		return line.length > 0;
	gboolean hyphen = FALSE;
	for (gsize i = 0; i < line.length && i < FIELD_NAME_MAX; i++) {
		if (line.data[i] == ':')
			return hyphen;
		if (!g_ascii_isalnum(line.data[i]) && line.data[i] != '-')
			return FALSE;
		hyphen |= line.data[i] == '-';
	}
	return FALSE;
}

/* Offset of the line at which the returned message begins, or the text's length. @marked is where
 * words say so. */
static gsize
find_border(RetourSpan text, gsize marked)
{
	RetourSpan rest = text, line;
	gsize run_begin = 0;
	guint run = 0;
	gboolean telling = FALSE;
	guint32 firsts = retour_firsts(header_names, G_N_ELEMENTS(header_names));
	while (retour_span_next_line(&rest, &line)) {
		gsize at = (gsize)(line.data - text.data);
		if (at + line.length > marked)
			return at;
		gint name = header_name(line, firsts);
		if (name < 0 && !(run > 0 && continues_block(line))) {
			run = 0;
			telling = FALSE;
			continue;
		}
		if (name < 0)
			continue;
		if (run++ == 0)
			run_begin = at;
		telling |= name < TELLING_NAMES;
		if (run >= HEADER_RUN && telling)
			return run_begin;
	}
	return text.length;
}

gsize
retour_notice_find_border(RetourSpan text, guint *marks)
{
	/* What the returned message says is no word of the notice: its own header goes first, then
	 * the words that announce it. */
	RetourSpan own = retour_span_sub(text, 0, find_border(text, text.length));
	gsize marked = own.length;
	*marks = retour_marks_scan(RETOUR_MARK_IN_TEXT, own, &marked);
	return marked < own.length ? find_border(own, marked) : marked;
}

/* The header block that stands behind a border, if one does. */
static void
take_pasted_headers(RetourReading *reading, const RetourPart *part, gsize border)
{
	RetourSpan rest = retour_span_from(retour_span(part->text, part->text_length), border),
	           line;
	guint32 firsts = retour_firsts(header_names, G_N_ELEMENTS(header_names));
	for (guint skipped = 0; skipped < 8; skipped++) {
		RetourSpan before = rest;
		if (!retour_span_next_line(&rest, &line))
			return;
		if (header_name(line, firsts) < 0)
			continue;
		reading->returned_headers = retour_headers_parse(
		        reading->arena, before.data, before.length, &reading->n_returned_headers);
		return;
	}
}

static gboolean
is_readable(const RetourPart *part)
{
	return part->kind == RETOUR_PART_LEAF && part->text &&
	       g_str_has_prefix(part->type, "text/") &&
	       !g_str_has_prefix(part->type, "text/rfc822-header") &&
	       !(part->disposition && strcmp(part->disposition, "attachment") == 0);
}

/* Of a multipart/alternative the plain text speaks; the page beside it says the same again. */
static gboolean
is_second_version(const RetourPart *part)
{
	const RetourPart *up = part->parent;
	if (!up || strcmp(up->type, "multipart/alternative") != 0)
		return FALSE;
	for (guint i = 0; i < up->n_children && up->children[i] != part; i++)
		if (is_readable(up->children[i]) &&
		    retour_span_trim(
		            retour_span(up->children[i]->text, up->children[i]->text_length))
		                    .length > 0)
			return TRUE;
	return FALSE;
}

static gboolean
is_inside(const RetourPart *part, RetourPartKind kind)
{
	for (const RetourPart *up = part->parent; up; up = up->parent)
		if (up->kind == kind)
			return TRUE;
	return FALSE;
}

void
retour_notices_find(RetourReading *reading)
{
	for (guint i = 0; i < reading->tree->n_parts; i++) {
		const RetourPart *part = reading->tree->parts[i];
		if (!is_readable(part) || is_inside(part, RETOUR_PART_MESSAGE) ||
		    is_second_version(part))
			continue;
		RetourSpan text = retour_span(part->text, part->text_length);
		guint marks;
		gsize border = retour_notice_find_border(text, &marks);
		RetourNotice notice = { part, 0, border, marks };
		g_array_append_val(reading->notices, notice);
		if (border < text.length && !reading->returned && !reading->returned_headers)
			take_pasted_headers(reading, part, border);
	}
}

RetourSpan
retour_notice_text(const RetourNotice *notice)
{
	return retour_span(notice->part->text + notice->begin, notice->end - notice->begin);
}
