/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/limits.h"
#include "mime/reader.h"
#include "text/charset.h"
#include "text/html.h"

/* Text that is kept of a returned message, for hints when the report says nothing. Bytes. */
#define RETURNED_TEXT (16u * 1024)
/* A part of no certain type is text if it is smaller and begins like text. Bytes. */
#define UNTYPED (64u * 1024)
#define UNTYPED_HEAD 512u
/* A message that came encoded is read up to here. Bytes. */
#define ENCODED_MESSAGE (1024u * 1024)
/* Mending delimiters changes the length of a part by no more. Bytes. */
#define MENDED 64u
/* Decoding goes by so many bytes at a time. */
#define STEP 4096u

/* Types whose content is fields or headers, read like text (RFC 3464, 6533, 5965, 8098, 3885,
 * 2046 5.2). */
static gboolean
is_report_type(const char *type)
{
	static const char *const types[] = {
		"message/delivery-status",
		"message/global-delivery-status",
		"message/feedback-report",
		"message/disposition-notification",
		"message/global-disposition-notification",
		"message/tracking-status",
		"text/rfc822-headers",
		"text/rfc822-header",
		"message/global-headers",
		"message/partial",
		"message/external-body",
	};
	for (guint i = 0; i < G_N_ELEMENTS(types); i++) {
		if (strcmp(type, types[i]) == 0)
			return TRUE;
	}
	return FALSE;
}

static gboolean
is_message_type(const char *type)
{
	return strcmp(type, "message/rfc822") == 0 || strcmp(type, "message/rfc2822") == 0 ||
	       strcmp(type, "message/global") == 0 || strcmp(type, "message/news") == 0;
}

/* A type that says nothing about whether the content is text. */
static gboolean
is_open_type(const char *type)
{
	static const char *const closed[] = { "image/", "audio/", "video/",     "font/",
		                              "model/", "text/",  "multipart/", "application/" };
	if (strcmp(type, "application/octet-stream") == 0)
		return TRUE;
	for (guint i = 0; i < G_N_ELEMENTS(closed); i++) {
		if (g_str_has_prefix(type, closed[i]))
			return FALSE;
	}
	return TRUE;
}

static gboolean
is_binary_name(const char *name)
{
	static const char *const endings[] = { ".pdf",  ".zip", ".gz",   ".doc", ".docx", ".xls",
		                               ".xlsx", ".ppt", ".pptx", ".jpg", ".jpeg", ".png",
		                               ".gif",  ".exe", ".p7s",  ".p7m", ".rar",  ".7z" };
	for (guint i = 0; name && i < G_N_ELEMENTS(endings); i++) {
		if (retour_span_has_suffix(retour_span_of(name), endings[i]))
			return TRUE;
	}
	return FALSE;
}

static gboolean
begins_printable(RetourSpan bytes)
{
	for (gsize i = 0; i < bytes.length && i < UNTYPED_HEAD; i++) {
		guchar c = (guchar)bytes.data[i];
		if ((c < ' ' && !strchr("\t\r\n\f", c)) || c == 127)
			return FALSE;
	}
	return bytes.length > 0;
}

/* Whether @bytes can be base64: some mailers declare it and write plain text. */
static gboolean
is_base64(RetourSpan bytes)
{
	RetourSpan line;
	bytes = retour_span_trim(retour_span_sub(bytes, 0, 1024));
	retour_span_next_line(&bytes, &line);
	line = retour_span_trim(line);
	for (gsize i = 0; i < line.length; i++) {
		if (!g_ascii_isalnum(line.data[i]) && !memchr("+/=", line.data[i], 3))
			return FALSE;
	}
	return TRUE;
}

/* Decodes @bytes into @out until @limit is passed. */
static void
decode_steps(RetourSpan bytes, GMimeContentEncoding encoding, gsize limit, GString *out)
{
	GMimeEncoding decoder;
	g_mime_encoding_init_decode(&decoder, encoding);
	g_string_truncate(out, 0);
	for (gsize at = 0; at < bytes.length && out->len <= limit; at += STEP) {
		gsize n = MIN(STEP, bytes.length - at);
		gsize old = out->len;
		g_string_set_size(out, old + g_mime_encoding_outlen(&decoder, n) + 4);
		n = g_mime_encoding_step(&decoder, bytes.data + at, n, out->str + old);
		g_string_truncate(out, old + n);
	}
}

/* The decoded content from @from to @to, of a little more than @limit bytes where there is more.
 * Borrowed from the view or from the reader's scratch. */
static RetourSpan
decode_content(RetourReader *reader, const RetourView *view, gsize from, gsize to,
               GMimeContentEncoding encoding, gsize limit)
{
	/* Quoted-printable takes three bytes for one, and line ends besides. */
	gsize most = limit * 4 + STEP;
	gboolean encoded = encoding == GMIME_CONTENT_ENCODING_BASE64 ||
	                   encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
	RetourSpan bytes = retour_view_span(
	        view, from, MIN(to, from + (encoded ? most : limit + 1)), reader->joined);
	if (!encoded || (encoding == GMIME_CONTENT_ENCODING_BASE64 && !is_base64(bytes)))
		return retour_span_sub(bytes, 0, limit + 1);
	decode_steps(bytes, encoding, limit, reader->raw);
	return retour_span(reader->raw->str, reader->raw->len);
}

/* Cuts @bytes to @limit, at a line end or between characters. */
static RetourSpan
cut_text(RetourSpan bytes, gsize limit)
{
	bytes.length = MIN(bytes.length, limit);
	const char *end = memrchr(bytes.data, '\n', bytes.length);
	if (end && (gsize)(end - bytes.data) + STEP > bytes.length)
		bytes.length = (gsize)(end - bytes.data) + 1;
	else
		while (bytes.length > 0 && (guchar)bytes.data[bytes.length - 1] >= 0x80)
			bytes.length--;
	return bytes;
}

/* CRLF and lone CR become LF. */
static void
mend_line_ends(GString *text)
{
	const char *end = text->str + text->len;
	char *to = memchr(text->str, '\r', text->len);
	for (const char *from = to; from && from < end;) {
		/* At a CR: it goes before a LF, else becomes one; then what stands up to the next
		 * CR. */
		if (from + 1 == end || from[1] != '\n')
			*to++ = '\n';
		from++;
		const char *next = memchr(from, '\r', (gsize)(end - from));
		gsize length = (gsize)((next ? next : end) - from);
		memmove(to, from, length);
		to += length;
		from += length;
	}
	if (to)
		g_string_truncate(text, (gsize)(to - text->str));
}

/* The text of a page is what its reader sees. */
static void
read_page(GString *text)
{
	g_autoptr(GString) seen = g_string_sized_new(text->len);
	retour_text_from_html(text->str, text->len, seen);
	g_string_assign(text, seen->str);
}

/* Makes @bytes, of which there may be more than @limit, the text of @part. */
static void
set_text(RetourReader *reader, RetourSpan bytes, gsize limit, RetourPart *part)
{
	gsize most = MIN(limit, reader->text_left);
	part->text_cut = bytes.length > most;
	if (part->text_cut)
		bytes = cut_text(bytes, most);
	GString *text = reader->text;
	g_string_truncate(text, 0);
	retour_text_decode(bytes.data, bytes.length, part->charset, text);
	mend_line_ends(text);
	if (strcmp(part->type, "text/html") == 0)
		read_page(text);
	RetourSpan whole = retour_span(text->str, text->len);
	if (whole.length > most) {
		whole = cut_text(whole, most);
		part->text_cut = TRUE;
	}
	part->text = retour_arena_span(reader->arena, whole);
	part->text_length = whole.length;
	reader->text_left -= whole.length;
}

/* Names it where the text of @part is not whole, the guard having shown @shown bytes of its
 * content. */
static void
note_cut(RetourReader *reader, gsize shown, RetourPart *part)
{
	part->text_cut = part->text_cut || part->size > shown + MENDED;
	if (part->text_cut)
		reader->cuts |= RETOUR_CUT_TEXT;
}

/* How much text of @part is wanted, 0 for none. */
static gsize
wanted_text(const RetourReader *reader, const RetourPlace *place, const RetourPart *part)
{
	if (is_report_type(part->type))
		return RETOUR_LIMIT_REPORT_TEXT;
	if (!g_str_has_prefix(part->type, "text/"))
		return 0;
	if (place->returned)
		return reader->returned_text ? 0 : RETURNED_TEXT;
	return RETOUR_LIMIT_TEXT;
}

/* A message that came encoded (base64, quoted-printable), which GMime does not enter. */
static void
read_encoded_message(RetourReader *reader, const RetourPlace *place, RetourSpan bytes,
                     RetourPart *part)
{
	RetourPlace below;
	RetourPart *inside = retour_reader_inside(reader, place, part, &below);
	if (!inside)
		return;
	/* The scratch is used again by what is inside. */
	g_autofree char *copy = g_memdup2(bytes.data, bytes.length);
	g_auto(RetourDoor) door;
	retour_door_open(&door, retour_span(copy, bytes.length));
	retour_reader_door(reader, &below, &door, part->offset, TRUE, inside);
	part->children = inside->children;
	part->n_children = inside->n_children;
}

/* A part of no certain type: text if it looks like that. */
static void
try_text(RetourReader *reader, const RetourView *view, gsize from, gsize to,
         GMimeContentEncoding encoding, RetourPart *part)
{
	if (!is_open_type(part->type) || is_binary_name(part->file_name) || to - from > UNTYPED * 2)
		return;
	RetourSpan bytes = decode_content(reader, view, from, to, encoding, UNTYPED);
	if (bytes.length <= UNTYPED && begins_printable(bytes))
		set_text(reader, bytes, UNTYPED, part);
}

/* The content of a leaf, from @from to @to. */
static void
read_leaf(RetourReader *reader, const RetourPlace *place, gsize from, gsize to,
          GMimeContentEncoding encoding, RetourPart *part)
{
	if (is_message_type(part->type)) {
		if (place->depth >= RETOUR_LIMIT_DEPTH) {
			reader->cuts |= RETOUR_CUT_DEPTH;
			return;
		}
		RetourSpan bytes =
		        decode_content(reader, place->view, from, to, encoding, ENCODED_MESSAGE);
		reader->cuts |= bytes.length > ENCODED_MESSAGE ? RETOUR_CUT_TEXT : 0;
		read_encoded_message(reader, place, bytes, part);
		return;
	}
	gsize limit = wanted_text(reader, place, part);
	if (limit == 0) {
		if (!place->returned)
			try_text(reader, place->view, from, to, encoding, part);
		return;
	}
	set_text(reader, decode_content(reader, place->view, from, to, encoding, limit), limit,
	         part);
	if (limit == RETURNED_TEXT)
		reader->returned_text = TRUE;
	else
		note_cut(reader, to - from, part);
}

/* Whether @part is a message, or the message inside a part, that does not say its type. */
static gboolean
is_untyped_message(const RetourPart *part)
{
	gboolean message = !part->parent || part->parent->message == part;
	return message && !retour_part_get_header(part, "Content-Type");
}

void
retour_reader_leaf(RetourReader *reader, const RetourPlace *place, GMimePart *leaf, gsize begin,
                   RetourPart *part)
{
	gsize from = begin;
	gsize to = begin;
	GMimeDataWrapper *content = g_mime_part_get_content(leaf);
	if (content) {
		GMimeStream *stream = g_mime_data_wrapper_get_stream(content);
		gsize end = retour_view_position(place->view, (gsize)stream->bound_end);
		from = retour_view_position(place->view, (gsize)stream->bound_start);
		to = MAX(from, MIN(end, place->view->length - place->view->tail));
	}
	retour_reader_content(reader, place, from, to, g_mime_part_get_content_encoding(leaf),
	                      part);
}

void
retour_reader_content(RetourReader *reader, const RetourPlace *place, gsize from, gsize to,
                      GMimeContentEncoding encoding, RetourPart *part)
{
	part->offset = retour_view_origin(place->view, from);
	part->size = retour_view_origin(place->view, to) - part->offset;
	if (is_untyped_message(part) && place->depth < RETOUR_LIMIT_DEPTH &&
	    retour_salvage_is_multipart(reader, place->view, from, to)) {
		RetourPlace here = *place;
		here.end = to;
		part->kind = RETOUR_PART_MULTIPART;
		part->type = "multipart/mixed";
		retour_salvage_multipart(reader, &here, from, part);
		return;
	}
	read_leaf(reader, place, from, to, encoding, part);
}

void
retour_reader_text(RetourReader *reader, const RetourView *view, gsize from, gsize to,
                   RetourPart *part)
{
	to = MIN(to, view->length - view->tail);
	part->offset = retour_view_origin(view, MIN(from, to));
	part->size = retour_view_origin(view, to) - part->offset;
	RetourSpan bytes =
	        retour_view_span(view, from, MIN(to, from + RETOUR_LIMIT_TEXT + 1), reader->joined);
	set_text(reader, bytes, RETOUR_LIMIT_TEXT, part);
	note_cut(reader, to - MIN(from, to), part);
}
