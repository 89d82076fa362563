/* SPDX-License-Identifier: BSD-2-Clause */
#include "text/fold.h"

#include <string.h>

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

/* What an ASCII byte becomes; 0 is white space. */
static const char ascii_folds[] = "\0\001\002\003\004\005\006\007\010\0\0\0\0\0\016\017"
                                  "\020\021\022\023\024\025\026\027\030\031\032\033\034\035\036\037"
                                  "\0!\"#$%&'()*+,-./0123456789:;<=>?"
                                  "@abcdefghijklmnopqrstuvwxyz[\\]^_"
                                  "`abcdefghijklmnopqrstuvwxyz{|}~\177";
G_STATIC_ASSERT(sizeof(ascii_folds) == 128 + 1);

/* Most text is ASCII that is printed, words with one space between them: eight bytes of it at once.
 */
#define BLOCK 8u
/* A byte in each of the eight, and a mark in the last. */
#define EACH(byte) (G_GUINT64_CONSTANT(0x0101010101010101) * (byte))
#define LAST GUINT64_FROM_LE(G_GUINT64_CONSTANT(0x80) << 56)

typedef guint32 Offsets __attribute__((vector_size(16)));

/* FALSE: a byte of the block is not printed ASCII, or is white space twice or at its end. */
static inline gboolean
fold_block(guint64 *block)
{
	guint64 controls = (*block - EACH(0x20u)) & ~*block;
	guint64 spaces = ~((*block ^ EACH(0x20u)) + EACH(0x7fu));
	/* What stands behind the last byte is not known: it counts as a space. */
	guint64 twice = spaces & ((spaces << 8) | LAST);
	if (((*block | controls | twice) & EACH(0x80u)) != 0)
		return FALSE;
	guint64 from_a = *block + EACH(0x80u - 'A'), beyond_z = *block + EACH(0x7fu - 'Z');
	*block |= (from_a & ~beyond_z & EACH(0x80u)) >> 2;
	return TRUE;
}

/* Folds the blocks that stand at @at; returns the bytes of them. */
static gsize
put_blocks(const char *text, gsize at, gsize length, char *out, guint32 *map)
{
	Offsets offsets = (Offsets){ 0, 1, 2, 3 } + (guint32)at;
	const char *from = text + at, *end = text + length - BLOCK;
	guint64 block;
	for (; from <= end; from += BLOCK, out += BLOCK) {
		memcpy(&block, from, BLOCK);
		if (!fold_block(&block))
			break;
		memcpy(out, &block, BLOCK);
		for (guint half = 0; half < 2; half++, map += 4, offsets += 4u)
			memcpy(map, &offsets, sizeof offsets);
	}
	return (gsize)(from - text) - at;
}

/* Folds the ASCII bytes that stand at @at and behind; returns the place after them. Nearly all text
 * is ASCII, so this keeps what it counts in registers. @end becomes the end of the last byte kept.
 */
static gsize
put_ascii(Sink *sink, const char *text, gsize at, gsize length, gsize *end)
{
	gsize n = sink->length;
	gboolean blank = sink->blank;
	guint32 blank_at = sink->blank_at;
	char *out = sink->text;
	guint32 *map = sink->map;
	gsize kept = *end;
	for (; at < length && (guchar)text[at] < 0x80; at++) {
		if (!blank && length - at >= BLOCK && (n > 0 || text[at] != ' ')) {
			gsize done = put_blocks(text, at, length, out + n, map + n);
			n += done;
			at += done;
			kept = done > 0 ? at : kept;
			if (at == length || (guchar)text[at] >= 0x80)
				break;
		}
		char c = ascii_folds[(guchar)text[at]];
		if (c == '\0') {
			blank_at = blank ? blank_at : (guint32)at;
			blank = TRUE;
			continue;
		}
		if (blank && n > 0) {
			map[n] = blank_at;
			out[n++] = ' ';
		}
		blank = FALSE;
		map[n] = (guint32)at;
		out[n++] = c;
		kept = at + 1;
	}
	*end = kept;
	sink->length = n;
	sink->blank = blank;
	sink->blank_at = blank_at;
	return at;
}

/* The memory of the last text is kept for the next one: pieces as large as these, freed and taken
 * again for each message, make the C library consolidate its free lists each time. */
#define SPARE_ROOM (16u * 1024)

static void
spare_free(gpointer data)
{
	RetourFolded *spare = data;
	g_free(spare->text);
	g_free(spare->map);
	g_free(spare);
}

static GPrivate private_spare = G_PRIVATE_INIT(spare_free);

static gboolean
take_spare(RetourFolded *folded)
{
	RetourFolded *spare = g_private_get(&private_spare);
	if (!spare || spare->room == 0)
		return FALSE;
	*folded = *spare;
	*spare = (RetourFolded){ 0 };
	return TRUE;
}

static gboolean
keep_spare(const RetourFolded *folded)
{
	RetourFolded *spare = g_private_get(&private_spare);
	if (folded->room != SPARE_ROOM || (spare && spare->room > 0))
		return FALSE;
	if (!spare)
		g_private_set(&private_spare, spare = g_new(RetourFolded, 1));
	*spare = *folded;
	return TRUE;
}

/* Lower case takes at most three bytes where upper case took two (U+023A). */
static void
make_room(RetourFolded *folded, gsize length)
{
	gsize need = MAX(length + length / 2 + 1, SPARE_ROOM);
	if (folded->room >= need)
		return;
	if (folded->room == 0 && need == SPARE_ROOM && take_spare(folded))
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
		at = put_ascii(&sink, text, at, length, &end);
		if (at == length)
			break;
		gsize before = sink.length, step = (gsize)g_utf8_skip[(guchar)text[at]];
		if (step > length - at)
			break;
		put_wide(&sink, g_utf8_get_char(text + at), at);
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
	if (!keep_spare(folded)) {
		g_free(folded->text);
		g_free(folded->map);
	}
	*folded = (RetourFolded){ 0 };
}
