/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/marks.h"

#include "base/limits.h"
#include "report/marks-tables.h"
#include "text/fold.h"
#include "text/matcher.h"

typedef struct {
	RetourMarkPlace place;
	guint marks;
	gsize border; /* in the folded text: behind the border's words; 0 if none was found */
} Scan;

static gboolean
take(const RetourMatch *match, gpointer data)
{
	Scan *scan = data;
	const RetourMarkRow *row = &retour_mark_rows[match->pattern];
	/* "Undeliverable: Re: your order" is no answer: a person's mark heads the subject. */
	if (row->place == scan->place && (row->mark != RETOUR_MARK_PERSON || match->offset == 0))
		scan->marks |= row->mark;
	if (!(scan->marks & RETOUR_MARK_BORDER))
		return TRUE;
	scan->border = match->offset + match->length;
	return FALSE;
}

const char *
retour_marks_get_texts(void)
{
	return retour_mark_texts;
}

guint
retour_marks_scan(RetourMarkPlace place, RetourSpan text, gsize *border)
{
	g_auto(RetourFolded) folded = { 0 };
	gsize length = MIN(text.length, RETOUR_LIMIT_MATCH_TEXT);
	while (length > 0 && length < text.length && ((guchar)text.data[length] & 0xC0) == 0x80)
		length--;
	retour_text_fold(&folded, text.data, length);
	Scan scan = { .place = place };
	retour_matcher_scan(retour_matcher_over(retour_mark_numbers), folded.text, folded.length,
	                    take, &scan);
	if (border && scan.border > 0)
		*border = folded.map[scan.border - 1];
	return scan.marks;
}
