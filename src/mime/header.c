/* SPDX-License-Identifier: BSD-2-Clause */
#include "mime/header.h"

#include <gmime/gmime.h>

#include "mime/field.h"
#include "text/charset.h"

/* Longest encoded word that is believed: RFC 2047 2 allows 75 bytes, real ones run over. */
#define ENCODED_WORD 4096u
/* More headers than this are counted before they are read. */
#define USUAL_HEADERS 48u

void
retour_mime_init(void)
{
	static gsize done = 0;
	if (g_once_init_enter(&done)) {
		g_mime_init();
		g_once_init_leave(&done, 1);
	}
}

gboolean
retour_header_is_ascii(RetourSpan text)
{
	gsize at = 0;
	guint64 seen = 0;
	for (guint64 word; at + sizeof(word) <= text.length; at += sizeof(word)) {
		memcpy(&word, text.data + at, sizeof(word));
		/* The second term has the high bit of a byte that is NUL, and perhaps of others
		 * behind it. */
		seen |= word | ((word - 0x0101010101010101u) & ~word);
	}
	for (; at < text.length; at++)
		seen |= text.data[at] == 0 ? 0x80 : (guchar)text.data[at];
	return (seen & 0x8080808080808080u) == 0;
}

const char *
retour_header_lower(RetourArena *arena, const char *text, gsize length)
{
	char *copy = retour_arena_alloc(arena, length + 1);
	for (gsize i = 0; i < length; i++)
		copy[i] = g_ascii_tolower(text[i]);
	return copy;
}

typedef struct {
	RetourSpan charset, text; /* of the input */
	char encoding;            /* 'b' or 'q' */
	gsize length;             /* of the whole word */
} EncodedWord;

/* Reads the encoded word that begins at @at ("=?charset*language?B?text?="). Blanks inside the text
 * are suffered. */
static gboolean
read_word(RetourSpan in, gsize at, EncodedWord *word)
{
	RetourSpan rest = retour_span_sub(in, at + 2, ENCODED_WORD);
	gssize mark = retour_span_find_char(rest, 0, '?');
	if (mark <= 0 || (gsize)mark + 3 > rest.length || rest.data[mark + 2] != '?')
		return FALSE;
	word->charset = retour_span_sub(rest, 0, (gsize)mark);
	gssize star = retour_span_find_char(word->charset, 0, '*');
	if (star >= 0)
		word->charset.length = (gsize)star;
	for (gsize i = 0; i < word->charset.length; i++) {
		if (!g_ascii_isgraph(word->charset.data[i]))
			return FALSE;
	}
	word->encoding = g_ascii_tolower(rest.data[mark + 1]);
	RetourSpan text = retour_span_from(rest, (gsize)mark + 3);
	const char *end = memmem(text.data, text.length, "?=", 2);
	if (!end || (word->encoding != 'b' && word->encoding != 'q'))
		return FALSE;
	word->text = retour_span_sub(text, 0, (gsize)(end - text.data));
	word->length = (gsize)(end + 2 - (in.data + at));
	return TRUE;
}

/* Appends the bytes of @word to @bytes. */
static void
decode_word(const EncodedWord *word, GString *bytes)
{
	gboolean base64 = word->encoding == 'b';
	GMimeEncoding decoder;
	g_mime_encoding_init_decode(&decoder, base64 ? GMIME_CONTENT_ENCODING_BASE64
	                                             : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
	g_autofree char *text = g_strndup(word->text.data, word->text.length);
	if (!base64)
		g_strdelimit(text, "_", ' ');
	gsize old = bytes->len;
	g_string_set_size(bytes, old + g_mime_encoding_outlen(&decoder, word->text.length) + 4);
	gsize n = g_mime_encoding_flush(&decoder, text, word->text.length, bytes->str + old);
	g_string_truncate(bytes, old + n);
}

/* A run of encoded words in one charset: their bytes are joined before they become characters, as
 * mailers split characters between words though RFC 2047 5 forbids it. */
typedef struct {
	RetourSpan charset;
	GString *bytes;
	GString *out;
} WordRun;

static void
end_run(WordRun *run)
{
	if (run->bytes->len == 0)
		return;
	g_autofree char *charset = g_strndup(run->charset.data, run->charset.length);
	retour_text_decode(run->bytes->str, run->bytes->len, charset, run->out);
	g_string_truncate(run->bytes, 0);
}

static gboolean
same_charset(RetourSpan one, RetourSpan other)
{
	return one.length == other.length &&
	       (one.length == 0 || g_ascii_strncasecmp(one.data, other.data, one.length) == 0);
}

/* Appends @in with its encoded words decoded. */
static void
decode_words(RetourSpan in, GString *out)
{
	g_autoptr(GString) bytes = g_string_new(NULL);
	WordRun run = { .bytes = bytes, .out = out };
	gsize plain = 0; /* what stands before is done with */
	gboolean after_word = FALSE;
	const char *mark;
	for (gsize at = 0; (mark = memmem(in.data + at, in.length - at, "=?", 2));) {
		EncodedWord word;
		at = (gsize)(mark - in.data);
		if (!read_word(in, at, &word)) {
			at += 2;
			continue;
		}
		RetourSpan between = retour_span_sub(in, plain, at - plain);
		gboolean joined = after_word && retour_span_trim(between).length == 0;
		if (!joined || !same_charset(run.charset, word.charset))
			end_run(&run);
		if (!joined)
			g_string_append_len(out, between.data, (gssize)between.length);
		run.charset = word.charset;
		decode_word(&word, bytes);
		at = plain = at + word.length;
		after_word = TRUE;
	}
	end_run(&run);
	g_string_append_len(out, in.data + plain, (gssize)(in.length - plain));
}

static const char *
decode(RetourArena *arena, RetourSpan in)
{
	g_autoptr(GString) out = g_string_sized_new(in.length + 16);
	decode_words(in, out);
	/* An encoded word can bring line ends and other controls that no header may hold. */
	for (gsize i = 0; i < out->len; i++) {
		if ((guchar)out->str[i] < ' ' || out->str[i] == 127)
			out->str[i] = ' ';
	}
	return retour_arena_span(arena, retour_span_trim(retour_span(out->str, out->len)));
}

static gboolean
has_word(RetourSpan in)
{
	gssize at = -1;
	while ((at = retour_span_find_char(in, (gsize)(at + 1), '=')) >= 0) {
		if ((gsize)at + 1 < in.length && in.data[at + 1] == '?')
			return TRUE;
	}
	return FALSE;
}

const char *
retour_header_decode(RetourArena *arena, const char *text, gsize length)
{
	RetourSpan in = retour_span(text, length);
	return has_word(in) ? decode(arena, in) : retour_arena_span(arena, in);
}

/* Value of a field as people read it. */
static const char *
field_value(RetourArena *arena, RetourSpan raw)
{
	gboolean folded = raw.length > 0 && (memchr(raw.data, '\n', raw.length) != NULL ||
	                                     memchr(raw.data, '\r', raw.length) != NULL);
	if (!folded)
		return has_word(raw) ? decode(arena, raw) : retour_arena_span(arena, raw);
	char *value = retour_arena_alloc(arena, raw.length + 1);
	gsize n = 0;
	for (gsize i = 0; i < raw.length; i++) {
		if (raw.data[i] != '\n' && raw.data[i] != '\r')
			value[n++] = raw.data[i];
	}
	RetourSpan unfolded = retour_span(value, n);
	return has_word(unfolded) ? decode(arena, unfolded) : value;
}

typedef struct {
	gsize name;       /* length of it, from begin on */
	RetourSpan value; /* trimmed */
} Field;

/* Takes the next field off @rest; FALSE at the empty line or the end. Lines that are no field are
 * passed over. */
static gboolean
next_field(RetourSpan *rest, Field *field, RetourSpan *whole)
{
	while (rest->length > 0) {
		RetourSpan begin = *rest;
		RetourSpan line;
		retour_span_next_line(rest, &line);
		if (line.length == 0)
			return FALSE;
		gsize name = retour_field_name_length(line);
		while (rest->length > 0 && retour_is_blank(rest->data[0]))
			retour_span_next_line(rest, &line);
		if (name == 0)
			continue;
		*whole = retour_span_sub(begin, 0, begin.length - rest->length);
		gsize colon = (gsize)retour_span_find_char(*whole, name, ':');
		field->name = name;
		field->value = retour_span_trim(retour_span_from(*whole, colon + 1));
		return TRUE;
	}
	return FALSE;
}

static RetourHeader
read_header(RetourArena *arena, const char *text, const Field *field, RetourSpan whole)
{
	return (RetourHeader){
		.name = retour_arena_strndup(arena, whole.data, field->name),
		.value = field_value(arena, field->value),
		.offset = (gsize)(field->value.data - text),
		.length = field->value.length,
	};
}

const RetourHeader *
retour_headers_parse(RetourArena *arena, const char *text, gsize length, guint *n_headers)
{
	RetourSpan rest = retour_span(text, length);
	RetourSpan whole;
	Field field;
	RetourHeader few[USUAL_HEADERS];
	guint n = 0;
	while (n < USUAL_HEADERS && next_field(&rest, &field, &whole))
		few[n++] = read_header(arena, text, &field, whole);
	RetourSpan more = rest;
	guint all = n;
	while (n == USUAL_HEADERS && next_field(&more, &field, &whole))
		all++;
	RetourHeader *headers = retour_arena_alloc(arena, all * sizeof(RetourHeader));
	memcpy(headers, few, n * sizeof(RetourHeader));
	while (n < all && next_field(&rest, &field, &whole))
		headers[n++] = read_header(arena, text, &field, whole);
	*n_headers = n;
	return headers;
}

const RetourHeader *
retour_part_get_header_nth(const RetourPart *part, const char *name, guint nth)
{
	for (guint i = 0; i < part->n_headers; i++) {
		if (retour_header_is(&part->headers[i], name) && nth-- == 0)
			return &part->headers[i];
	}
	return NULL;
}

const RetourHeader *
retour_part_get_header(const RetourPart *part, const char *name)
{
	return retour_part_get_header_nth(part, name, 0);
}

const char *
retour_part_get_value(const RetourPart *part, const char *name)
{
	const RetourHeader *header = retour_part_get_header(part, name);
	return header ? header->value : NULL;
}
