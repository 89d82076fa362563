/* SPDX-License-Identifier: BSD-2-Clause */
#include "mime/part.h"

#include "base/limits.h"
#include "mime/header.h"
#include "mime/reader.h"
#include "text/charset.h"

/* All the text that is kept of one message. Bytes. */
#define TEXTS (8u * 1024 * 1024)
/* "This is a MIME-encapsulated message." and its like are shorter; what is longer may be the notice
 * itself. Bytes. */
#define PROLOGUE 200u

/* A message inside that GMime did not read and that the guard edited: a copy is read, up to here.
 * Bytes. */
#define LATE_MESSAGE (1024u * 1024)

RetourPart *
retour_reader_part(RetourReader *reader, RetourPart *parent, const char *section)
{
	if (reader->parts->len >= RETOUR_LIMIT_PARTS) {
		reader->cuts |= RETOUR_CUT_PARTS;
		return NULL;
	}
	RetourPart *part = retour_arena_new0(reader->arena, RetourPart);
	part->section = section;
	part->parent = parent;
	part->type = "text/plain";
	part->head = "";
	g_ptr_array_add(reader->parts, part);
	return part;
}

const char *
retour_reader_section(RetourReader *reader, const RetourPart *parent, guint nth)
{
	char section[16];
	gsize length = (gsize)g_snprintf(section, sizeof(section), "%u", nth);
	gsize above = strlen(parent->section);
	if (above == 0)
		return retour_arena_strndup(reader->arena, section, length);
	char *whole = retour_arena_alloc(reader->arena, above + 1 + length + 1);
	memcpy(whole, parent->section, above);
	whole[above] = '.';
	memcpy(whole + above + 1, section, length);
	return whole;
}

const char *
retour_reader_own(RetourReader *reader, RetourSpan span)
{
	if (retour_header_is_ascii(span) || g_utf8_validate_len(span.data, span.length, NULL))
		return retour_arena_span(reader->arena, span);
	g_string_truncate(reader->text, 0);
	retour_text_repair(span.data, span.length, reader->text);
	return retour_arena_strndup(reader->arena, reader->text->str, reader->text->len);
}

static const char *
own(RetourReader *reader, const char *text)
{
	return text ? retour_reader_own(reader, retour_span_of(text)) : NULL;
}

/* Widens the extent by where those headers of @object begin that GMime is shown. The first one is;
 * behind the last one only fields follow. */
static void
widen(const RetourView *view, GMimeObject *object, gint64 *first, gint64 *last)
{
	GMimeHeaderList *list = g_mime_object_get_header_list(object);
	int n = g_mime_header_list_get_count(list);
	if (n == 0)
		return;
	gint64 begin = g_mime_header_get_offset(g_mime_header_list_get_header_at(list, 0));
	gint64 end = g_mime_header_get_offset(g_mime_header_list_get_header_at(list, n - 1));
	begin = begin < 0 ? begin : (gint64)retour_view_position(view, (gsize)begin);
	end = end < 0 ? end : (gint64)retour_view_position(view, (gsize)end);
	if (begin >= 0 && (*first < 0 || begin < *first))
		*first = begin;
	*last = MAX(*last, end);
}

static gint64
head_begin(const RetourView *view, GMimeObject *object)
{
	gint64 first = -1;
	gint64 last = -1;
	widen(view, object, &first, &last);
	return first;
}

static gboolean
is_line_end(const RetourView *view, gsize at)
{
	char c = retour_view_byte(view, at);
	return c == '\n' || (c == '\r' && retour_view_byte(view, at + 1) == '\n');
}

/* Where the header block ends whose last field begins at @at: at the empty line, or at a delimiter
 * if there is no content. Lines that are no fields may stand before; and where one stands first,
 * GMime gives its place for that of the field. */
static gsize
head_end(const RetourPlace *place, gsize at)
{
	const RetourView *view = place->view;
	do
		at = retour_view_next_line(view, at, place->end);
	while (at < place->end && !is_line_end(view, at) &&
	       (retour_view_byte(view, at) != '-' || retour_view_byte(view, at + 1) != '-'));
	return at;
}

void
retour_reader_head(RetourReader *reader, const RetourPlace *place, gsize from, gsize to,
                   RetourPart *part)
{
	RetourSpan head = retour_view_span(place->view, from, to, reader->joined);
	part->head = retour_reader_own(reader, head);
	part->head_length = strlen(part->head);
	part->headers = retour_headers_parse(reader->arena, part->head, part->head_length,
	                                     &part->n_headers);
}

/* Reads the headers of an entity, @inner being the part of a message that holds its Content-*
 * headers. Returns where the content begins, -1 if there is no header. */
static gssize
read_head(RetourReader *reader, const RetourPlace *place, GMimeObject *object, GMimeObject *inner,
          RetourPart *part)
{
	gint64 first = -1;
	gint64 last = -1;
	widen(place->view, object, &first, &last);
	if (inner)
		widen(place->view, inner, &first, &last);
	if (first < 0)
		return -1;
	gsize end = head_end(place, (gsize)last);
	retour_reader_head(reader, place, (gsize)first, end, part);
	gboolean empty_line = end < place->end && is_line_end(place->view, end);
	return (gssize)(empty_line ? retour_view_next_line(place->view, end, place->end) : end);
}

const char *
retour_reader_multipart_type(RetourReader *reader, RetourSpan subtype)
{
	/* RFC 2046 5.1.3: any other is treated as mixed. */
	static const char *const known[] = { "mixed",       "report",        "alternative",
		                             "related",     "signed",        "encrypted",
		                             "digest",      "parallel",      "form-data",
		                             "appledouble", "voice-message", "byteranges" };
	for (guint i = 0; i < G_N_ELEMENTS(known); i++) {
		if (retour_span_equal(subtype, known[i])) {
			g_autofree char *type = g_strconcat("multipart/", known[i], NULL);
			return retour_arena_strdup(reader->arena, type);
		}
	}
	return "multipart/mixed";
}

static const char *
media_type(RetourReader *reader, GMimeObject *object, const RetourPart *part)
{
	GMimeContentType *type = g_mime_object_get_content_type(object);
	const char *subtype = g_mime_content_type_get_media_subtype(type);
	if (GMIME_IS_MULTIPART(object))
		return retour_reader_multipart_type(reader, retour_span_of(subtype));
	/* GMime calls what it cannot read application/octet-stream: "text", "text/". */
	const char *value = retour_part_get_value(part, "Content-Type");
	gboolean binary = g_mime_content_type_is_type(type, "application", "octet-stream");
	if (value && binary && g_ascii_strncasecmp(value, "application", 11) != 0)
		return "text/plain";
	const char *top = g_mime_content_type_get_media_type(type);
	g_autofree char *whole =
	        g_strconcat(top ? top : "text", "/", subtype ? subtype : "plain", NULL);
	return retour_header_lower(reader->arena, whole, strlen(whole));
}

static void
read_type(RetourReader *reader, GMimeObject *object, RetourPart *part)
{
	part->type = media_type(reader, object, part);
	const char *report = g_mime_object_get_content_type_parameter(object, "report-type");
	if (report)
		part->report_type = retour_header_lower(reader->arena, report, strlen(report));
	const char *disposition = g_mime_object_get_disposition(object);
	if (disposition)
		part->disposition =
		        retour_header_lower(reader->arena, disposition, strlen(disposition));
	part->charset = own(reader, g_mime_object_get_content_type_parameter(object, "charset"));
	if (GMIME_IS_PART(object))
		part->file_name = own(reader, g_mime_part_get_filename(GMIME_PART(object)));
}

/* Whether the line at @at is the delimiter, or the closing one, of @boundary. */
static gboolean
is_delimiter(RetourReader *reader, const RetourView *view, gsize at, gsize next,
             const char *boundary)
{
	if (retour_view_byte(view, at) != '-' || retour_view_byte(view, at + 1) != '-')
		return FALSE;
	gsize length = strlen(boundary);
	RetourSpan line =
	        retour_view_span(view, at + 2, MIN(next, at + 2 + length + 80), reader->joined);
	if (line.length < length || memcmp(line.data, boundary, length) != 0)
		return FALSE;
	line = retour_span_trim(retour_span_from(line, length));
	return line.length == 0 || retour_span_equal(line, "--");
}

/* Where the entity that begins at @begin ends: before the line end before the next delimiter. */
static gsize
entity_end(RetourReader *reader, const RetourPlace *place, gsize begin, const char *boundary)
{
	const RetourView *view = place->view;
	for (gsize at = begin; boundary && at < place->end;) {
		gsize next = retour_view_next_line(view, at, place->end);
		if (!is_delimiter(reader, view, at, next, boundary)) {
			at = next;
			continue;
		}
		if (at > begin && retour_view_byte(view, at - 1) == '\n')
			at--;
		if (at > begin && retour_view_byte(view, at - 1) == '\r')
			at--;
		return at;
	}
	return place->end;
}

void
retour_reader_extent(const RetourView *view, gsize from, gsize to, RetourPart *part)
{
	part->offset = retour_view_origin(view, from);
	gsize end = retour_view_origin(view, to);
	part->size = end > part->offset ? end - part->offset : 0;
}

static void read_part(RetourReader *reader, const RetourPlace *place, GMimeObject *object,
                      RetourPart *part);

/* What stands before the first delimiter, where it is long enough to be the notice. */
static gboolean
read_prologue(RetourReader *reader, const RetourPlace *place, GMimeMultipart *multipart,
              gsize begin, RetourPart *part)
{
	const char *prologue = g_mime_multipart_get_prologue(multipart);
	if (!prologue || strlen(prologue) <= PROLOGUE)
		return FALSE;
	RetourPart *child =
	        retour_reader_part(reader, part, retour_reader_section(reader, part, 0));
	if (!child)
		return FALSE;
	const char *boundary =
	        g_mime_object_get_content_type_parameter(GMIME_OBJECT(multipart), "boundary");
	retour_reader_text(reader, place->view, begin, entity_end(reader, place, begin, boundary),
	                   child);
	part->children[part->n_children++] = child;
	return TRUE;
}

void
retour_reader_children(RetourReader *reader, const RetourPlace *place, GMimeMultipart *multipart,
                       gsize begin, RetourPart *part)
{
	guint n = (guint)g_mime_multipart_get_count(multipart);
	const char *boundary =
	        g_mime_object_get_content_type_parameter(GMIME_OBJECT(multipart), "boundary");
	guint most = MIN(n, RETOUR_LIMIT_PARTS) + 1;
	part->children = retour_arena_alloc(reader->arena, most * sizeof(RetourPart *));
	read_prologue(reader, place, multipart, begin, part);
	RetourPlace below = *place;
	below.depth++;
	below.report = place->report || strcmp(part->type, "multipart/report") == 0;
	for (guint i = 0; i < n; i++) {
		GMimeObject *object = g_mime_multipart_get_part(multipart, (int)i);
		const char *section = retour_reader_section(reader, part, i + 1);
		RetourPart *child = retour_reader_part(reader, part, section);
		if (!child)
			return;
		part->children[part->n_children++] = child;
		below.end = place->end;
		gint64 from = GMIME_IS_PART(object) ? -1 : head_begin(place->view, object);
		if (from >= 0)
			below.end = entity_end(reader, place, (gsize)from, boundary);
		read_part(reader, &below, object, child);
	}
}

static void
read_multipart(RetourReader *reader, const RetourPlace *place, GMimeMultipart *multipart,
               gsize begin, RetourPart *part)
{
	part->kind = RETOUR_PART_MULTIPART;
	retour_reader_extent(place->view, begin, place->end, part);
	if (g_mime_multipart_get_count(multipart) > 0) {
		retour_reader_children(reader, place, multipart, begin, part);
		return;
	}
	/* A copy of the whole region, which may be mended within mended ones. */
	g_mime_multipart_set_prologue(multipart, NULL);
	retour_salvage_multipart(reader, place, begin, part);
}

static void read_message(RetourReader *reader, const RetourPlace *place, GMimeMessage *message,
                         RetourPart *part);

/* A message inside in which GMime finds no header: headers behind empty lines, which it takes for
 * the end of an empty header block, or none at all ("[original message removed]"), which it drops
 * as bad header lines. It goes through door and guard of its own, as the guard took its headers for
 * a body. */
static gboolean
read_late_message(RetourReader *reader, const RetourPlace *place, gsize begin, RetourPart *part)
{
	if (begin >= place->end)
		return FALSE;
	gsize origin = retour_view_origin(place->view, begin);
	RetourSpan bytes = retour_view_span(place->view, begin, place->end, reader->joined);
	gboolean true_offsets =
	        retour_view_origin(place->view, place->end) - origin == bytes.length;
	g_autofree char *copy = NULL;
	if (bytes.data == reader->joined->str) {
		reader->cuts |= bytes.length > LATE_MESSAGE ? RETOUR_CUT_TEXT : 0;
		bytes.length = MIN(bytes.length, LATE_MESSAGE);
		bytes.data = copy = g_memdup2(bytes.data, bytes.length);
		true_offsets = FALSE;
	}
	RetourDoor door = { .bytes = bytes };
	retour_door_find(&door, bytes);
	retour_reader_door(reader, place, &door, origin, !true_offsets, part);
	return TRUE;
}

RetourPart *
retour_reader_inside(RetourReader *reader, const RetourPlace *place, RetourPart *part,
                     RetourPlace *below)
{
	*below = *place;
	below->depth++;
	below->returned = place->report;
	RetourPart *inside = retour_reader_part(reader, part, part->section);
	if (!inside)
		return NULL;
	part->kind = RETOUR_PART_MESSAGE;
	part->message = inside;
	if (!place->returned)
		reader->returned_text = FALSE;
	return inside;
}

static void
read_message_part(RetourReader *reader, const RetourPlace *place, GMimeMessagePart *object,
                  gsize begin, RetourPart *part)
{
	part->kind = RETOUR_PART_MESSAGE;
	retour_reader_extent(place->view, begin, place->end, part);
	GMimeMessage *message = g_mime_message_part_get_message(object);
	if (!message)
		return;
	RetourPlace below;
	RetourPart *inside = retour_reader_inside(reader, place, part, &below);
	if (!inside)
		return;
	GMimeObject *mime = g_mime_message_get_mime_part(message);
	gboolean headless = head_begin(place->view, GMIME_OBJECT(message)) < 0 &&
	                    (!mime || head_begin(place->view, mime) < 0);
	if (!headless || !read_late_message(reader, &below, begin, inside))
		read_message(reader, &below, message, inside);
	part->children = inside->children;
	part->n_children = inside->n_children;
}

/* Reads the content of an entity, which begins at @begin. */
static void
read_content(RetourReader *reader, const RetourPlace *place, GMimeObject *object, gsize begin,
             RetourPart *part)
{
	read_type(reader, object, part);
	if (GMIME_IS_PART(object)) {
		retour_reader_leaf(reader, place, GMIME_PART(object), begin, part);
	} else if (place->depth >= RETOUR_LIMIT_DEPTH) {
		reader->cuts |= RETOUR_CUT_DEPTH;
		retour_reader_extent(place->view, begin, place->end, part);
	} else if (GMIME_IS_MULTIPART(object)) {
		read_multipart(reader, place, GMIME_MULTIPART(object), begin, part);
	} else if (GMIME_IS_MESSAGE_PART(object)) {
		read_message_part(reader, place, GMIME_MESSAGE_PART(object), begin, part);
	}
}

static void
read_part(RetourReader *reader, const RetourPlace *place, GMimeObject *object, RetourPart *part)
{
	gssize begin = read_head(reader, place, object, NULL, part);
	if (begin < 0 && GMIME_IS_MESSAGE_PART(object)) {
		/* Without a header, as in a multipart/digest: an empty line, then the message. */
		GMimeMessage *message = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
		begin = message ? head_begin(place->view, GMIME_OBJECT(message)) : -1;
	}
	read_content(reader, place, object, begin < 0 ? place->end : (gsize)begin, part);
}

static void
read_message(RetourReader *reader, const RetourPlace *place, GMimeMessage *message,
             RetourPart *part)
{
	GMimeObject *mime = g_mime_message_get_mime_part(message);
	gssize begin = read_head(reader, place, GMIME_OBJECT(message), mime, part);
	if (mime)
		read_content(reader, place, mime, begin < 0 ? place->end : (gsize)begin, part);
}

/* One parser for each thread; making one costs as much as reading a tenth of a message. */
static GPrivate parsers = G_PRIVATE_INIT(g_object_unref);

GMimeMessage *
retour_reader_parse(const RetourView *view)
{
	retour_mime_init();
	g_autoptr(GMimeStream) stream = retour_view_stream(view);
	GMimeParser *parser = g_private_get(&parsers);
	if (!parser) {
		parser = g_mime_parser_new();
		g_mime_parser_set_persist_stream(parser, TRUE);
		g_private_set(&parsers, parser);
	}
	g_mime_parser_init_with_stream(parser, stream);
	return g_mime_parser_construct_message(parser, NULL);
}

void
retour_reader_door(RetourReader *reader, const RetourPlace *place, const RetourDoor *door,
                   gsize origin, gboolean decoded, RetourPart *part)
{
	g_auto(RetourView) view;
	retour_view_init(&view);
	if (door->headless)
		retour_view_append(&view, RETOUR_SPAN_LITERAL("\n"), door->begin, TRUE);
	reader->cuts |=
	        retour_guard_scan(door->bytes, door->begin, door->headless, &reader->budget, &view);
	reader->cuts |= door->cut ? RETOUR_CUT_MESSAGE : 0;
	retour_view_end_line(&view);
	for (guint i = 0; i < view.pieces->len; i++) {
		RetourPiece *piece = &g_array_index(view.pieces, RetourPiece, i);
		piece->origin = origin + (decoded ? 0 : piece->origin);
		piece->literal = piece->literal || decoded;
	}
	RetourPlace inside = *place;
	inside.view = &view;
	inside.end = view.length - view.tail;
	if (retour_regular_read(reader, &inside, part))
		return;
	g_autoptr(GMimeMessage) message = retour_reader_parse(&view);
	if (message)
		read_message(reader, &inside, message, part);
	else
		retour_reader_text(reader, &view, 0, inside.end, part);
}

/* Names of the RetourCut flags, in alphabetical order. */
static const char *const cut_names[] = { "address-cut", "depth-cut", "header-cut",
	                                 "message-cut", "parts-cut", "text-cut" };

static void
name_cuts(RetourPartTree *tree, guint cuts)
{
	const char **names = retour_arena_alloc(tree->arena, sizeof(cut_names));
	for (guint i = 0; i < G_N_ELEMENTS(cut_names); i++) {
		if (cuts & 1u << i)
			names[tree->n_limits++] = cut_names[i];
	}
	tree->limits = names;
}

RetourPartTree *
retour_part_tree_read(const char *bytes, gsize length)
{
	RetourPartTree *tree = g_new0(RetourPartTree, 1);
	tree->arena = retour_arena_new();
	g_autoptr(GPtrArray) parts = g_ptr_array_new();
	g_autoptr(GString) joined = g_string_new(NULL);
	g_autoptr(GString) raw = g_string_new(NULL);
	g_autoptr(GString) text = g_string_new(NULL);
	RetourReader reader = { .arena = tree->arena,
		                .parts = parts,
		                .text_left = TEXTS,
		                .joined = joined,
		                .raw = raw,
		                .text = text };
	tree->root = retour_reader_part(&reader, NULL, "");
	RetourPlace place = { 0 };
	g_auto(RetourDoor) door;
	retour_door_open(&door, retour_span(bytes, length));
	retour_reader_door(&reader, &place, &door, 0, FALSE, tree->root);
	tree->n_parts = parts->len;
	gpointer all = retour_arena_alloc(tree->arena, parts->len * sizeof(RetourPart *));
	memcpy(all, parts->pdata, parts->len * sizeof(RetourPart *));
	tree->parts = all;
	name_cuts(tree, reader.cuts);
	return tree;
}

void
retour_part_tree_free(RetourPartTree *tree)
{
	if (!tree)
		return;
	retour_arena_free(tree->arena);
	g_free(tree);
}
