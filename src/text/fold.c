/* SPDX-License-Identifier: BSD-2-Clause */
#include "text/fold.h"

/* Typographic marks that programs and word processors put where others put ASCII. Sorted. */
static const struct {
	gunichar from, to;
	char ascii;
} MARKS[] = {
	{ 0x00ab, 0x00ab, '"' },  { 0x00bb, 0x00bb, '"' },  { 0x02bc, 0x02bc, '\'' },
	{ 0x2010, 0x2015, '-' },  { 0x2018, 0x201b, '\'' }, { 0x201c, 0x201f, '"' },
	{ 0x2032, 0x2032, '\'' }, { 0x2039, 0x203a, '\'' }, { 0x2212, 0x2212, '-' },
};

typedef struct {
	char *text;
	guint32 *map;
	gsize length;
	guint32 blank_at; /* start of the run of white space before the next character */
	gboolean blank;
} Sink;

static void
put(Sink *sink, const char *bytes, guint n, gsize at)
{
	if (sink->blank && sink->length > 0) {
		sink->map[sink->length] = sink->blank_at;
		sink->text[sink->length++] = ' ';
	}
	sink->blank = FALSE;
	for (guint i = 0; i < n; i++) {
		sink->map[sink->length] = (guint32)at;
		sink->text[sink->length++] = bytes[i];
	}
}

static void
put_blank(Sink *sink, gsize at)
{
	if (!sink->blank)
		sink->blank_at = (guint32)at;
	sink->blank = TRUE;
}

static char
mark_to_ascii(gunichar c)
{
	for (gsize i = 0; i < G_N_ELEMENTS(MARKS) && MARKS[i].from <= c; i++) {
		if (c <= MARKS[i].to)
			return MARKS[i].ascii;
	}
	return '\0';
}

/* A character beyond ASCII. */
static void
put_wide(Sink *sink, gunichar c, gsize at)
{
	if (g_unichar_isspace(c) || c == 0x85) {
		put_blank(sink, at);
		return;
	}
	/* Soft hyphen, zero-width space and joiners, marks of direction, byte order mark. */
	if (c == (gunichar)-1 || g_unichar_type(c) == G_UNICODE_FORMAT)
		return;
	char bytes[6];
	bytes[0] = mark_to_ascii(c);
	put(sink, bytes, bytes[0] ? 1 : (guint)g_unichar_to_utf8(g_unichar_tolower(c), bytes), at);
}

static void
put_ascii(Sink *sink, char c, gsize at)
{
	if (c == ' ' || c == '\0' || (c >= '\t' && c <= '\r')) {
		put_blank(sink, at);
		return;
	}
	char lower = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
	put(sink, &lower, 1, at);
}

/* Lower case takes at most three bytes where upper case took two (U+023A). */
static void
make_room(RetourFolded *folded, gsize length)
{
	gsize need = length + length / 2 + 1;
	if (folded->room >= need)
		return;
	folded->room = need;
	folded->text = g_realloc(folded->text, need);
	folded->map = g_renew(guint32, folded->map, need);
}

void
retour_text_fold(RetourFolded *folded, const char *text, gsize length)
{
	make_room(folded, length);
	Sink sink = { .text = folded->text, .map = folded->map };
	gsize end = 0; /* of the last character kept */
	for (gsize at = 0; at < length;) {
		gsize before = sink.length, step = 1;
		if ((guchar)text[at] < 0x80) {
			put_ascii(&sink, text[at], at);
		} else {
			step = (gsize)g_utf8_skip[(guchar)text[at]];
			if (step > length - at)
				break;
			put_wide(&sink, g_utf8_get_char(text + at), at);
		}
		at += step;
		if (sink.length > before)
			end = at;
	}
	folded->length = sink.length;
	folded->text[sink.length] = '\0';
	folded->map[sink.length] = (guint32)end;
}

void
retour_folded_clear(RetourFolded *folded)
{
	g_free(folded->text);
	g_free(folded->map);
	*folded = (RetourFolded){ 0 };
}
