/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/limits.h"
#include "mime/field.h"
#include "mime/reader.h"

/* Longest boundary that is believed (RFC 2046 5.1.1 allows 70). Bytes. */
#define BOUNDARY 200u
/* Lines that may say "This is a MIME-encapsulated message" before a first delimiter. */
#define PREAMBLE_LINES 4u
/* Empty lines and these may be so long. Bytes. */
#define PREAMBLE (16u * 1024)

/* The line at @at, as far as a delimiter can be long, and where the next one begins. */
static RetourSpan
line_at(RetourReader *reader, const RetourView *view, gsize at, gsize end, gsize *next)
{
	*next = retour_view_next_line(view, at, end);
	RetourSpan line = retour_view_span(view, at, MIN(*next, at + BOUNDARY + 8), reader->joined);
	return retour_span_trim(line);
}

/* What follows the dashes of a line that may be a delimiter; empty if it is none. */
static RetourSpan
delimiter_name(RetourSpan line)
{
	if (line.length < 3 || line.length > BOUNDARY + 4 || line.data[0] != '-' ||
	    line.data[1] != '-')
		return retour_span("", 0);
	return retour_span_from(line, 2);
}

static gboolean
is_closing(RetourSpan name)
{
	return name.length > 2 && retour_span_has_suffix(name, "--");
}

/* Whether a header of a part begins at @at. */
static gboolean
is_part_header(RetourReader *reader, const RetourView *view, gsize at, gsize end)
{
	gsize next;
	RetourSpan line = line_at(reader, view, at, end, &next);
	return retour_field_name_length(line) > 0 && retour_span_has_prefix(line, "Content-");
}

/* Finds the boundary that the lines from @begin to @end speak of: a delimiter with a part's header
 * behind it, else one that is closed later. NULL if there is none. */
static char *
guess_boundary(RetourReader *reader, const RetourView *view, gsize begin, gsize end)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autofree char *closed = NULL;
	gsize next;
	for (gsize at = begin; at < end; at = next) {
		RetourSpan name = delimiter_name(line_at(reader, view, at, end, &next));
		if (name.length == 0)
			continue;
		g_autofree char *boundary = g_strndup(name.data, name.length);
		if (is_part_header(reader, view, next, end))
			return g_steal_pointer(&boundary);
		if (!closed && is_closing(retour_span_of(boundary))) {
			char *opening = g_strndup(boundary, strlen(boundary) - 2);
			if (g_hash_table_contains(seen, opening))
				closed = opening;
			else
				g_free(opening);
		}
		g_hash_table_add(seen, g_steal_pointer(&boundary));
	}
	return g_steal_pointer(&closed);
}

/* The header line with which the region is read again. */
static GString *
type_line(const RetourPart *part, const char *boundary)
{
	gboolean digest = strcmp(part->type, "multipart/digest") == 0;
	GString *line = g_string_new("Content-Type: multipart/");
	g_string_append_printf(line, "%s; boundary=\"", digest ? "digest" : "mixed");
	for (const char *c = boundary; *c; c++) {
		if (*c == '"' || *c == '\\')
			g_string_append_c(line, '\\');
		g_string_append_c(line, *c);
	}
	return g_string_append(line, "\"\n\n");
}

/* Reads the region from @begin to the end of @place as parts between @boundary. FALSE when GMime
 * finds none. */
static gboolean
read_again(RetourReader *reader, const RetourPlace *place, gsize begin, const char *boundary,
           RetourPart *part)
{
	g_autoptr(GString) line = type_line(part, boundary);
	g_auto(RetourView) view;
	retour_view_init(&view);
	retour_view_append(&view, retour_span(line->str, line->len),
	                   retour_view_origin(place->view, begin), TRUE);
	retour_view_append_view(&view, place->view, begin, place->end);
	retour_view_end_line(&view);
	g_autoptr(GMimeMessage) message = retour_reader_parse(&view);
	GMimeObject *mime = message ? g_mime_message_get_mime_part(message) : NULL;
	if (!mime || !GMIME_IS_MULTIPART(mime) ||
	    g_mime_multipart_get_count(GMIME_MULTIPART(mime)) == 0)
		return FALSE;
	RetourPlace again = *place;
	again.view = &view;
	again.end = view.length - view.tail;
	retour_reader_children(reader, &again, GMIME_MULTIPART(mime), line->len, part);
	return TRUE;
}

void
retour_salvage_multipart(RetourReader *reader, const RetourPlace *place, gsize begin,
                         RetourPart *part)
{
	g_autofree char *boundary = guess_boundary(reader, place->view, begin, place->end);
	if (boundary && read_again(reader, place, begin, boundary, part))
		return;
	if (begin >= place->end)
		return;
	RetourPart *child =
	        retour_reader_part(reader, part, retour_reader_section(reader, part, 1));
	if (!child)
		return;
	part->children = retour_arena_alloc(reader->arena, sizeof(RetourPart *));
	part->children[part->n_children++] = child;
	retour_reader_text(reader, place->view, begin, place->end, child);
}

gboolean
retour_salvage_is_multipart(RetourReader *reader, const RetourView *view, gsize begin, gsize end)
{
	gsize next;
	guint lines = 0;
	gsize last = MIN(end, begin + PREAMBLE);
	for (gsize at = begin; at < last && lines < PREAMBLE_LINES; at = next) {
		RetourSpan line = line_at(reader, view, at, end, &next);
		if (delimiter_name(line).length > 0)
			return is_part_header(reader, view, next, end);
		if (line.length == 0)
			continue;
		/* "This is a multi-part message in MIME format." */
		if (retour_span_find(line, 0, "MIME") < 0)
			return FALSE;
		lines++;
	}
	return FALSE;
}
