/* SPDX-License-Identifier: BSD-2-Clause */
#include "sample/rewrite.h"

#include "base/limits.h"
#include "sample/encode.h"
#include "sample/words.h"

/* Lines before the first field that are no fields: junk of gateways, empty lines. */
#define JUNK_MAX 5u

/* Where the reading of one mail is. */
typedef struct {
	RetourRewrite *rewrite;
	RetourSpan rest;
	RetourEntity entity;
	gboolean returned;
	guint depth;
	GString *out;
} Walk;

static RetourSpan
peek_line(RetourSpan rest)
{
	RetourSpan line = { NULL, 0 };
	retour_take_line(&rest, &line);
	return line;
}

static RetourSpan
trim_end(RetourSpan text)
{
	while (text.length > 0 && retour_is_space(text.data[text.length - 1]))
		text.length--;
	return text;
}

/* The boundary of a delimiter line; empty if it is none. @known: one that a field has named. */
static RetourSpan
delimiter_of(const Walk *walk, RetourSpan line, gboolean *known, gboolean *closing)
{
	RetourSpan text = trim_end(retour_line_text(line));
	*known = *closing = FALSE;
	if (text.length < 3 || text.data[0] != '-' || text.data[1] != '-')
		return retour_span("", 0);
	text = retour_span_from(text, 2);
	for (guint i = 0; i < 2; i++) {
		g_autofree char *boundary = g_strndup(text.data, text.length);
		if (g_hash_table_contains(walk->rewrite->boundaries, boundary)) {
			*known = TRUE;
			return text;
		}
		if (text.length < 3 || memcmp(text.data + text.length - 2, "--", 2) != 0)
			break;
		text.length -= 2;
		*closing = TRUE;
	}
	return text;
}

/* A delimiter that no field has named is one where fields of a part follow. */
static gboolean
is_delimiter(const Walk *walk, RetourSpan line, RetourSpan behind)
{
	gboolean known, closing;
	RetourSpan boundary = delimiter_of(walk, line, &known, &closing);
	return known ||
	       (boundary.length > 0 && retour_span_has_prefix(peek_line(behind), "content-"));
}

/* A field with the lines that continue it. */
static RetourSpan
take_field(RetourSpan *rest)
{
	RetourSpan field = *rest, line;
	retour_take_line(rest, &line);
	gsize length = line.length;
	while (rest->length > 0 && retour_is_blank(rest->data[0])) {
		RetourSpan before = *rest;
		retour_take_line(rest, &line);
		if (retour_line_text(line).length == 0 || before.length == rest->length)
			break;
		length += line.length;
	}
	return retour_span_sub(field, 0, length);
}

static void
note_type(Walk *walk, RetourSpan value)
{
	RetourSpan type = retour_span_trim(value);
	gsize length = 0;
	while (length < type.length && !strchr("; \t\r\n", type.data[length]))
		length++;
	if (walk->entity.type)
		return;
	walk->entity.type = g_ascii_strdown(type.data, (gssize)length);
	walk->entity.charset = retour_field_get_parameter(value, "charset");
	g_autofree char *boundary = retour_field_get_parameter(value, "boundary");
	if (boundary && *boundary)
		g_hash_table_insert(walk->rewrite->boundaries, g_steal_pointer(&boundary),
		                    GUINT_TO_POINTER(walk->returned + 1u));
}

static void
append_field(Walk *walk, RetourSpan field)
{
	RetourSpan name = retour_span_sub(field, 0, retour_field_name(field));
	gssize colon = retour_span_find_char(field, (gsize)name.length, ':');
	RetourSpan value = retour_span_from(field, (gsize)colon + 1);
	if (retour_span_equal(name, "content-type"))
		note_type(walk, value);
	else if (retour_span_equal(name, "content-transfer-encoding") &&
	         walk->entity.encoding.length == 0)
		walk->entity.encoding = value;
	retour_field_append(&walk->rewrite->style,
	                    walk->returned ? RETOUR_FIELD_OF_RETURNED : RETOUR_FIELD_OF_MAIL, field,
	                    walk->out);
}

static void
append_words(gpointer data, RetourSpan text, GString *out)
{
	retour_words_append(data, text, out);
}

static void
append_plain_line(Walk *walk, RetourSpan line)
{
	retour_line_append(line, NULL, FALSE, append_words, walk->rewrite->style.masks, walk->out);
}

static void
clear_entity(RetourEntity *entity)
{
	g_free(entity->type);
	g_free(entity->charset);
	*entity = (RetourEntity){ 0 };
}

/* The fields of an entity and the empty line behind them. */
static void
read_head(Walk *walk, gboolean first)
{
	guint fields = 0, junk = 0;
	gboolean known, closing;
	clear_entity(&walk->entity);
	while (walk->rest.length > 0) {
		RetourSpan before = walk->rest, line;
		retour_take_line(&walk->rest, &line);
		gboolean empty = trim_end(line).length == 0;
		gboolean field = retour_field_name(line) > 0;
		delimiter_of(walk, line, &known, &closing);
		gboolean from = fields == 0 && (retour_span_has_prefix(line, "from ") ||
		                                retour_span_has_prefix(line, ">from "));
		if (known || (fields == 0 && !field && is_delimiter(walk, line, walk->rest))) {
			walk->rest = before;
			return;
		}
		if (field && !from) {
			walk->rest = before;
			append_field(walk, take_field(&walk->rest));
			fields++;
		} else if (empty && (fields > 0 || !first || ++junk > JUNK_MAX)) {
			g_string_append_len(walk->out, line.data, (gssize)line.length);
			return;
		} else if (empty || from || fields > 0 ||
		           (first && ++junk <= JUNK_MAX &&
		            retour_field_name(peek_line(walk->rest)) > 0)) {
			append_plain_line(walk, line);
		} else {
			walk->rest = before;
			return;
		}
	}
}

/* What stands before the next delimiter. */
static RetourSpan
take_content(Walk *walk)
{
	RetourSpan begin = walk->rest, line;
	while (walk->rest.length > 0) {
		RetourSpan before = walk->rest;
		retour_take_line(&walk->rest, &line);
		if (line.length > 2 && line.data[0] == '-' && line.data[1] == '-' &&
		    is_delimiter(walk, line, walk->rest)) {
			walk->rest = before;
			break;
		}
	}
	return retour_span_sub(begin, 0, begin.length - walk->rest.length);
}

/* FALSE: it closes its multipart, behind which no fields stand. */
static gboolean
append_delimiter(Walk *walk)
{
	RetourSpan line;
	gboolean known, closing;
	retour_take_line(&walk->rest, &line);
	RetourSpan boundary = delimiter_of(walk, line, &known, &closing);
	g_autofree char *name = g_strndup(boundary.data, boundary.length);
	guint returned = GPOINTER_TO_UINT(g_hash_table_lookup(walk->rewrite->boundaries, name));
	if (known)
		walk->returned = returned > 1;
	g_string_append(walk->out, "--");
	retour_words_append_boundary(walk->rewrite->style.masks, boundary, walk->out);
	RetourSpan behind =
	        retour_span(boundary.data + boundary.length,
	                    (gsize)(line.data + line.length - boundary.data) - boundary.length);
	g_string_append_len(walk->out, behind.data, (gssize)behind.length);
	return !closing;
}

static gboolean
is_message(const RetourEntity *entity)
{
	static const char *const types[] = { "message/rfc822", "message/rfc2822", "message/global",
		                             "message/news" };
	for (guint i = 0; entity->type && i < G_N_ELEMENTS(types); i++) {
		if (strcmp(entity->type, types[i]) == 0)
			return TRUE;
	}
	return FALSE;
}

void
retour_rewrite_mail(RetourRewrite *rewrite, RetourSpan mail, gboolean returned, guint depth,
                    GString *out)
{
	Walk walk = {
		.rewrite = rewrite, .rest = mail, .returned = returned, .depth = depth, .out = out
	};
	gboolean head = TRUE, first = TRUE;
	while (walk.rest.length > 0) {
		if (head)
			read_head(&walk, first);
		else
			clear_entity(&walk.entity);
		first = head && is_message(&walk.entity) &&
		        retour_encoding_parse(walk.entity.encoding) == RETOUR_ENCODING_PLAIN;
		if (first) {
			walk.returned = TRUE;
			continue;
		}
		RetourSpan content = take_content(&walk);
		if (is_message(&walk.entity) && depth < RETOUR_LIMIT_DEPTH) {
			RetourEncoding encoding = retour_encoding_parse(walk.entity.encoding);
			g_autoptr(GString) plain = g_string_new(NULL), other = g_string_new(NULL);
			retour_encoding_decode(encoding, content, plain);
			retour_rewrite_mail(rewrite, retour_span(plain->str, plain->len), TRUE,
			                    depth + 1, other);
			retour_encoding_encode(encoding, retour_span(other->str, other->len),
			                       content, out);
		} else {
			retour_rewrite_body(rewrite, &walk.entity, content, walk.returned, depth,
			                    out);
		}
		head = walk.rest.length > 0 && append_delimiter(&walk);
	}
	clear_entity(&walk.entity);
}
