/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Messages that are built as the standards say (RFC 5322, RFC 2045, RFC 2046 5.1): their structure
 * is plain to see. Most are, and reading them here costs a fraction of what GMime's objects do. A
 * message that is not, in whatever line of it, is left to GMime as a whole. What is read here is
 * read as GMime reads it: fuzz-part-tree reads every message both ways.
 */
#include "base/limits.h"
#include "mime/header.h"
#include "mime/parameter.h"
#include "mime/reader.h"

/* Longest line of a header, longest boundary, text before a first delimiter. Bytes. */
#define LINE 998u
#define BOUNDARY 70u
#define PREAMBLE 150u
/* Entities inside one another, and all together. */
#define DEPTH 8u
#define ENTITIES 64u

/* The fields of a header that say how its content is built. */
enum { FIELD_TYPE = 1, FIELD_ENCODING = 2, FIELD_DISPOSITION = 4 };

typedef struct Entity Entity;
struct Entity {
	Entity *parent, *first, *next;
	guint depth;
	gsize head, head_end; /* header block; the same where there is none */
	gsize begin, end;     /* content, without the line end before a delimiter */
	guint fields;
	RetourSpan type, subtype; /* empty where not given */
	RetourSpan boundary, charset, report_type, name;
	RetourSpan disposition, file_name;
	GMimeContentEncoding encoding;
};

typedef struct {
	RetourArena *arena;
	RetourSpan bytes;
	guint n_entities;
} Scan;

static Entity *
entity_new(Scan *scan, Entity *parent, gsize head)
{
	if (++scan->n_entities > ENTITIES || (parent && parent->depth == DEPTH))
		return NULL;
	Entity *entity = retour_arena_new0(scan->arena, Entity);
	entity->parent = parent;
	entity->depth = parent ? parent->depth + 1 : 0;
	entity->head = head;
	return entity;
}

static gsize
next_line(const Scan *scan, gsize at, gsize stop)
{
	const char *hit = memchr(scan->bytes.data + at, '\n', stop - at);
	return hit ? (gsize)(hit - scan->bytes.data) + 1 : stop;
}

/* Sets @wanted where the parameter has that name; FALSE where it has been there before. */
static gboolean
take(RetourSpan name, const char *wanted, RetourSpan value, RetourSpan *into)
{
	if (!retour_span_equal(name, wanted))
		return TRUE;
	if (into->data)
		return FALSE;
	*into = value;
	return TRUE;
}

static gboolean
read_type(RetourSpan value, Entity *entity)
{
	entity->type = retour_parameter_token(&value);
	if (entity->type.length == 0 || value.data != entity->type.data + entity->type.length ||
	    value.length == 0 || value.data[0] != '/')
		return FALSE;
	value = retour_span_from(value, 1);
	entity->subtype = retour_parameter_token(&value);
	if (entity->subtype.length == 0)
		return FALSE;
	RetourSpan name;
	RetourSpan text;
	RetourParameter found;
	while ((found = retour_parameter_next(&value, &name, &text)) == RETOUR_PARAMETER_READ) {
		if (!take(name, "boundary", text, &entity->boundary) ||
		    !take(name, "charset", text, &entity->charset) ||
		    !take(name, "report-type", text, &entity->report_type) ||
		    !take(name, "name", text, &entity->name))
			return FALSE;
	}
	return found == RETOUR_PARAMETER_NONE;
}

static gboolean
read_disposition(RetourSpan value, Entity *entity)
{
	entity->disposition = retour_parameter_token(&value);
	if (entity->disposition.length == 0)
		return FALSE;
	RetourSpan name;
	RetourSpan text;
	RetourParameter found;
	while ((found = retour_parameter_next(&value, &name, &text)) == RETOUR_PARAMETER_READ) {
		if (!take(name, "filename", text, &entity->file_name))
			return FALSE;
	}
	return found == RETOUR_PARAMETER_NONE;
}

static gboolean
read_encoding(RetourSpan value, Entity *entity)
{
	static const struct {
		const char *word;
		GMimeContentEncoding encoding;
	} words[] = {
		{ "7bit", GMIME_CONTENT_ENCODING_7BIT },
		{ "8bit", GMIME_CONTENT_ENCODING_8BIT },
		{ "binary", GMIME_CONTENT_ENCODING_BINARY },
		{ "base64", GMIME_CONTENT_ENCODING_BASE64 },
		{ "quoted-printable", GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE },
	};
	for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
		if (retour_span_equal(value, words[i].word)) {
			entity->encoding = words[i].encoding;
			return TRUE;
		}
	}
	return FALSE;
}

/* Reads the field @whole if it is one of the three, none of which may be there twice. */
static gboolean
read_field(RetourSpan whole, gsize name, Entity *entity)
{
	static const struct {
		const char *name;
		guint field;
		gboolean (*read)(RetourSpan value, Entity *entity);
	} fields[] = {
		{ "Content-Type", FIELD_TYPE, read_type },
		{ "Content-Transfer-Encoding", FIELD_ENCODING, read_encoding },
		{ "Content-Disposition", FIELD_DISPOSITION, read_disposition },
	};
	if (!retour_may_equal(whole.data[0], 'C') || whole.data[7 % whole.length] != '-')
		return TRUE;
	for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
		if (!retour_span_equal(retour_span_sub(whole, 0, name), fields[i].name))
			continue;
		if (entity->fields & fields[i].field)
			return FALSE;
		entity->fields |= fields[i].field;
		return fields[i].read(retour_span_trim(retour_span_from(whole, name + 1)), entity);
	}
	return TRUE;
}

/* Length of the name of the field that @line is; 0 where it is not plainly one. */
static gsize
name_length(RetourSpan line)
{
	gsize n = 0;
	while (n < line.length &&
	       (g_ascii_isalnum(line.data[n]) || line.data[n] == '-' || line.data[n] == '_'))
		n++;
	return n < line.length && line.data[n] == ':' && g_ascii_isalnum(line.data[0]) ? n : 0;
}

/* Where the field that begins at @at ends, the lines that go on with it included; 0 where one of
 * them is empty or too long. */
static gsize
field_end(const Scan *scan, gsize at, gsize stop)
{
	gsize next = next_line(scan, at, stop);
	if (next - at > LINE)
		return 0;
	while (next < stop && retour_is_blank(scan->bytes.data[next])) {
		gsize after = next_line(scan, next, stop);
		RetourSpan line = retour_span_sub(scan->bytes, next, after - next);
		if (line.length > LINE || retour_span_trim(line).length == 0)
			return 0;
		next = after;
	}
	return next;
}

/* Reads the header block at entity->head, which ends at an empty line before @stop. */
static gboolean
scan_head(const Scan *scan, gsize stop, Entity *entity)
{
	const char *data = scan->bytes.data;
	gsize at = entity->head;
	while (at < stop && !retour_is_line_end(data[at])) {
		gsize name = name_length(retour_span_sub(scan->bytes, at, stop - at));
		gsize next = name > 0 ? field_end(scan, at, stop) : 0;
		if (next == 0 ||
		    !read_field(retour_span_sub(scan->bytes, at, next - at), name, entity))
			return FALSE;
		at = next;
	}
	entity->head_end = at;
	entity->begin = at < stop ? next_line(scan, at, stop) : at;
	RetourSpan empty = retour_span_sub(scan->bytes, at, entity->begin - at);
	return empty.length > 0 && retour_span_trim(empty).length == 0;
}

static gboolean scan_entity(Scan *scan, Entity *entity, gsize end, gsize stop);

typedef struct {
	gsize at, next; /* the delimiter's line */
	gboolean closing;
} Delimiter;

typedef enum { FOUND_NONE, FOUND_DELIMITER, FOUND_IRREGULAR } Found;

/* Finds the next delimiter from the line at @at on. */
static Found
find_delimiter(const Scan *scan, const Entity *entity, gsize at, Delimiter *delimiter)
{
	char dashed[2 + BOUNDARY] = "--";
	gsize length = 2 + entity->boundary.length;
	memcpy(dashed + 2, entity->boundary.data, entity->boundary.length);
	const char *data = scan->bytes.data;
	for (const char *hit; at < entity->end; at = delimiter->at + 2) {
		hit = memmem(data + at, entity->end - at, dashed, length);
		if (!hit)
			return FOUND_NONE;
		delimiter->at = (gsize)(hit - data);
		if (delimiter->at > 0 && hit[-1] != '\n')
			continue;
		delimiter->next = next_line(scan, delimiter->at, entity->end);
		RetourSpan rest =
		        retour_span_trim(retour_span_sub(scan->bytes, delimiter->at + length,
		                                         delimiter->next - delimiter->at - length));
		delimiter->closing = retour_span_equal(rest, "--");
		return delimiter->closing || rest.length == 0 ? FOUND_DELIMITER : FOUND_IRREGULAR;
	}
	return FOUND_NONE;
}

/* Whether the boundary can be mistaken for none of those around it. */
static gboolean
is_certain_boundary(const Entity *entity)
{
	RetourSpan own = entity->boundary;
	if (own.length == 0 || own.length > BOUNDARY || own.data[own.length - 1] == ' ')
		return FALSE;
	for (const Entity *above = entity->parent; above; above = above->parent) {
		RetourSpan other = above->boundary;
		if (other.data && memcmp(own.data, other.data, MIN(own.length, other.length)) == 0)
			return FALSE;
	}
	return TRUE;
}

/* Where the content before @delimiter ends, which begins at @from or later. FALSE where the two
 * lines end otherwise: what belongs to the content then is anybody's guess. */
static gboolean
content_end(const Scan *scan, gsize from, const Delimiter *delimiter, gsize *end)
{
	const char *data = scan->bytes.data;
	gsize at = *end = delimiter->at;
	if (at <= from)
		return TRUE;
	gboolean crlf = at - from >= 2 && data[at - 2] == '\r';
	gsize next = delimiter->next;
	gboolean delimiter_crlf = next >= 2 && data[next - 1] == '\n' && data[next - 2] == '\r';
	*end = at - (crlf ? 2 : 1);
	return crlf == delimiter_crlf || (delimiter->closing && data[next - 1] != '\n');
}

static gboolean
scan_multipart(Scan *scan, Entity *entity, gsize stop)
{
	Delimiter delimiter = { 0 };
	if (entity->encoding > GMIME_CONTENT_ENCODING_BINARY || !is_certain_boundary(entity) ||
	    find_delimiter(scan, entity, entity->begin, &delimiter) != FOUND_DELIMITER ||
	    delimiter.closing || delimiter.at - entity->begin > PREAMBLE)
		return FALSE;
	Entity **last = &entity->first;
	for (Found found = FOUND_DELIMITER; found == FOUND_DELIMITER && !delimiter.closing;) {
		Entity *child = entity_new(scan, entity, delimiter.next);
		found = find_delimiter(scan, entity, delimiter.next, &delimiter);
		if (!child || found == FOUND_IRREGULAR)
			return FALSE;
		gsize end = entity->end;
		if (found == FOUND_DELIMITER && !content_end(scan, child->head, &delimiter, &end))
			return FALSE;
		if (!scan_entity(scan, child, end, found == FOUND_NONE ? stop : delimiter.at))
			return FALSE;
		*last = child;
		last = &child->next;
	}
	Delimiter more;
	return !delimiter.closing ||
	       find_delimiter(scan, entity, delimiter.next, &more) == FOUND_NONE;
}

/* Types of a leaf of which no reader makes anything else. */
static gboolean
is_leaf_type(const Entity *entity)
{
	if (entity->type.length == 0)
		return TRUE;
	if (!retour_span_equal(entity->type, "message"))
		return !retour_span_equal(entity->type, "multipart");
	return retour_span_equal(entity->subtype, "delivery-status") ||
	       retour_span_equal(entity->subtype, "global-delivery-status") ||
	       retour_span_equal(entity->subtype, "feedback-report") ||
	       retour_span_equal(entity->subtype, "disposition-notification");
}

static gboolean
is_message(const Entity *entity)
{
	return retour_span_equal(entity->type, "message") &&
	       retour_span_equal(entity->subtype, "rfc822");
}

static gboolean
is_multipart(const Entity *entity)
{
	return retour_span_equal(entity->type, "multipart");
}

/* Reads the entity whose header begins at entity->head: its content ends at @end, and what follows
 * that at @stop is a delimiter, or nothing. */
static gboolean
scan_entity(Scan *scan, Entity *entity, gsize end, gsize stop)
{
	if (!scan_head(scan, stop, entity))
		return FALSE;
	entity->end = MAX(end, entity->begin);
	if (is_multipart(entity))
		return !retour_span_equal(entity->subtype, "digest") &&
		       scan_multipart(scan, entity, stop);
	if (!is_message(entity))
		return is_leaf_type(entity);
	entity->first = entity_new(scan, entity, entity->begin);
	return entity->first && entity->encoding <= GMIME_CONTENT_ENCODING_BINARY &&
	       scan_entity(scan, entity->first, entity->end, stop) &&
	       entity->first->head_end > entity->first->head;
}

static const char *
lower(RetourReader *reader, RetourSpan text)
{
	return text.data ? retour_header_lower(reader->arena, text.data, text.length) : NULL;
}

static const char *
own(RetourReader *reader, RetourSpan text)
{
	return text.data ? retour_reader_own(reader, text) : NULL;
}

static void
set_type(RetourReader *reader, const Entity *entity, RetourPart *part)
{
	part->report_type = lower(reader, entity->report_type);
	part->disposition = lower(reader, entity->disposition);
	part->charset = own(reader, entity->charset);
	if (!entity->first)
		part->file_name =
		        own(reader, entity->file_name.data ? entity->file_name : entity->name);
	RetourSpan type = entity->type;
	type.length += 1 + entity->subtype.length;
	if (is_multipart(entity))
		part->type = retour_reader_multipart_type(reader, entity->subtype);
	else if (entity->type.length > 0)
		part->type = lower(reader, type);
}

static void build(RetourReader *reader, const RetourPlace *place, const Entity *entity,
                  RetourPart *part);

static void
build_multipart(RetourReader *reader, const RetourPlace *place, const Entity *entity,
                RetourPart *part)
{
	RetourPlace below = *place;
	below.depth++;
	below.report = place->report || strcmp(part->type, "multipart/report") == 0;
	guint n = 0;
	for (const Entity *child = entity->first; child; child = child->next)
		n++;
	part->kind = RETOUR_PART_MULTIPART;
	part->children = retour_arena_alloc(reader->arena, n * sizeof(RetourPart *));
	for (const Entity *child = entity->first; child; child = child->next) {
		const char *section = retour_reader_section(reader, part, part->n_children + 1);
		RetourPart *below_part = retour_reader_part(reader, part, section);
		if (!below_part)
			return;
		part->children[part->n_children++] = below_part;
		build(reader, &below, child, below_part);
	}
}

/* Makes @part of @entity. */
static void
build(RetourReader *reader, const RetourPlace *place, const Entity *entity, RetourPart *part)
{
	RetourPlace here = *place;
	here.end = entity->end;
	if (entity->head_end > entity->head)
		retour_reader_head(reader, &here, entity->head, entity->head_end, part);
	set_type(reader, entity, part);
	if (!entity->first) {
		retour_reader_content(reader, &here, entity->begin, entity->end, entity->encoding,
		                      part);
		return;
	}
	retour_reader_extent(place->view, entity->begin, entity->end, part);
	if (is_multipart(entity)) {
		build_multipart(reader, &here, entity, part);
		return;
	}
	RetourPlace below;
	RetourPart *inside = retour_reader_inside(reader, &here, part, &below);
	if (inside) {
		build(reader, &below, entity->first, inside);
		part->children = inside->children;
		part->n_children = inside->n_children;
	}
}

gboolean
retour_regular_read(RetourReader *reader, const RetourPlace *place, RetourPart *part)
{
	RetourSpan bytes;
	if (place->depth + DEPTH > RETOUR_LIMIT_DEPTH || !retour_view_is_whole(place->view, &bytes))
		return FALSE;
	Scan scan = { .arena = reader->arena, .bytes = bytes };
	Entity *root = entity_new(&scan, NULL, 0);
	if (!scan_entity(&scan, root, place->end, bytes.length))
		return FALSE;
	build(reader, place, root, part);
	return TRUE;
}
