/* SPDX-License-Identifier: BSD-2-Clause */
#include <retour/codes.h>

#include "report/border.h"
#include "report/marks.h"
#include "sample/encode.h"
#include "sample/rewrite.h"
#include "sample/words.h"
#include "text/charset.h"

/* Empty lines and words between the line that announces a returned message and its header. */
#define ANNOUNCEMENT_LINES 8u

/* Where in a text a line stands. */
typedef enum {
	OF_NOTICE,
	OF_ANNOUNCEMENT, /* behind the border, before the returned header */
	OF_HEADER,
	OF_RETURNED,
} Place;

typedef struct {
	RetourRewrite *rewrite;
	const RetourEntity *entity;
	gboolean html, fill; /* fill: somebody's words, of which what tells the kind stays */
	GString *out;
} Text;

static gboolean
is_type(const RetourEntity *entity, const char *const *types, guint n)
{
	for (guint i = 0; i < n; i++) {
		if (g_str_has_prefix(entity->type ? entity->type : "text/plain", types[i]))
			return TRUE;
	}
	return FALSE;
}

/* ---- lines ---- */

static void
append_words(gpointer data, RetourSpan text, GString *out)
{
	const Text *body = data;
	gboolean stays = !body->fill || retour_marks_scan(RETOUR_MARK_IN_TEXT, text, NULL) != 0;
	if (stays)
		retour_words_append(body->rewrite->style.masks, text, out);
	else
		retour_words_append_few(body->rewrite->style.masks, text, out);
}

static void
append_filler(gpointer data, RetourSpan text, GString *out)
{
	(void)data;
	retour_append_filler(text, out);
}

static void
append_line(Text *text, RetourSpan line, RetourLineFunc append)
{
	retour_line_append(line, text->entity->charset, text->html, append, text, text->out);
}

/* "> To: Lena": bytes of what a quotation puts before a line. */
static gsize
quotation_length(RetourSpan line)
{
	gsize at = 0;
	while (at < line.length && strchr("> \t|*", line.data[at]) && line.data[at] != '\0')
		at++;
	return at;
}

/* Fields that a notice repeats of the returned message. */
static gboolean
is_repeated_field(RetourSpan line)
{
	static const char *const names[] = { "from:",
		                             "to:",
		                             "cc:",
		                             "subject:",
		                             "reply-to:",
		                             "sender:",
		                             "received:",
		                             "message-id:",
		                             "return-path:",
		                             "x-display-name:",
		                             "thread-topic:",
		                             "references:",
		                             "in-reply-to:",
		                             "organization:",
		                             "dkim-signature:",
		                             "list-unsubscribe:",
		                             "bcc:" };
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		if (retour_span_has_prefix(line, names[i]))
			return TRUE;
	}
	return FALSE;
}

static void
append_field(Text *text, RetourFieldOwner owner, RetourSpan field)
{
	gsize quotation = owner == RETOUR_FIELD_OF_REPORT ? 0 : quotation_length(field);
	g_string_append_len(text->out, field.data, (gssize)quotation);
	retour_field_append(&text->rewrite->style, owner, retour_span_from(field, quotation),
	                    text->out);
}

/* A field with the lines that continue it, @indent bytes of quotation before each. */
static RetourSpan
take_field(RetourSpan *rest)
{
	RetourSpan field = *rest, line;
	gsize length = 0;
	do {
		retour_take_line(rest, &line);
		length += line.length;
	} while (rest->length > 0 && retour_is_blank(rest->data[0]) &&
	         retour_span_trim(line).length > 0);
	return retour_span_sub(field, 0, length);
}

/* A block of fields, as reports and text/rfc822-headers have it. */
static void
append_fields(Text *text, RetourFieldOwner owner, RetourSpan content)
{
	RetourSpan line;
	while (content.length > 0) {
		RetourSpan before = content;
		retour_take_line(&content, &line);
		if (retour_field_name(line) == 0) {
			append_line(text, line, append_words);
			continue;
		}
		content = before;
		append_field(text, owner, take_field(&content));
	}
}

/* How many lines stand before the returned message. */
static guint
find_border_line(const Text *text, RetourSpan content)
{
	g_autoptr(GString) plain = g_string_new(NULL), utf8 = g_string_new(NULL);
	RetourSpan line;
	guint marks, lines = 0;
	if (text->html || text->fill)
		return G_MAXUINT;
	while (retour_take_line(&content, &line)) {
		RetourSpan bare = retour_line_text(line);
		g_string_append_len(plain, bare.data, (gssize)bare.length);
		g_string_append_c(plain, '\n');
	}
	retour_text_decode(plain->str, plain->len, text->entity->charset, utf8);
	gsize border = retour_notice_find_border(retour_span(utf8->str, utf8->len), &marks);
	if (border >= utf8->len)
		return G_MAXUINT;
	for (gsize at = 0; at < border; at++)
		lines += utf8->str[at] == '\n';
	return lines;
}

static void
append_notice_line(Text *text, RetourSpan *content, RetourSpan before, RetourSpan line)
{
	RetourSpan bare = retour_span_from(line, quotation_length(line));
	if (text->html || !is_repeated_field(bare)) {
		append_line(text, line, append_words);
		return;
	}
	*content = before;
	append_field(text, RETOUR_FIELD_OF_RETURNED, take_field(content));
}

/* The line of a pasted message: its header, then what a person wrote. */
static Place
append_returned_line(Text *text, Place place, RetourSpan *content, RetourSpan before,
                     RetourSpan line)
{
	RetourSpan bare = retour_span_from(retour_line_text(line), quotation_length(line));
	gboolean field = retour_field_name(bare) > 0;
	gboolean empty = retour_span_trim(bare).length == 0;
	if (place != OF_RETURNED && field) {
		*content = before;
		append_field(text, RETOUR_FIELD_OF_RETURNED, take_field(content));
		return OF_HEADER;
	}
	if (empty) {
		g_string_append_len(text->out, line.data, (gssize)line.length);
		return place == OF_HEADER ? OF_RETURNED : place;
	}
	append_line(text, line,
	            text->rewrite->style.gentle || place == OF_HEADER ? append_words
	                                                              : append_filler);
	return place == OF_HEADER ? OF_HEADER : place;
}

/* A notice, and the returned message that may be pasted behind it. */
static void
append_notice(Text *text, RetourSpan content)
{
	guint border = find_border_line(text, content);
	Place place = OF_NOTICE;
	RetourSpan line;
	for (guint i = 0; content.length > 0; i++) {
		RetourSpan before = content;
		retour_take_line(&content, &line);
		gboolean announced = place == OF_NOTICE && i >= border;
		if (announced) {
			place = OF_ANNOUNCEMENT;
			/* The line that announces it is the notice's. */
			if (retour_field_name(line) == 0) {
				append_line(text, line, append_words);
				continue;
			}
		}
		if (place == OF_NOTICE)
			append_notice_line(text, &content, before, line);
		else
			place = append_returned_line(text, place, &content, before, line);
	}
}

static void
append_all(Text *text, RetourSpan content, RetourLineFunc append)
{
	RetourSpan line;
	while (retour_take_line(&content, &line))
		append_line(text, line, append);
}

/* ---- contents ---- */

/* Bytes that are no text: as many of them as there were, all the same. */
static void
append_blank(RetourEncoding encoding, RetourSpan content, GString *out)
{
	for (gsize at = 0; at < content.length; at++) {
		char c = content.data[at];
		gboolean keep = retour_is_space(c) || c == '=';
		if (encoding == RETOUR_ENCODING_BASE64)
			g_string_append_c(out, keep ? c : 'A');
		else
			g_string_append_c(out, keep && c != '=' ? c : 'x');
	}
}

static const char *const report_types[] = {
	"message/delivery-status",
	"message/global-delivery-status",
	"message/feedback-report",
	"message/disposition-notification",
	"message/global-disposition-notification",
	"message/tracking-status",
};
static const char *const header_types[] = { "text/rfc822-header", "message/global-headers",
	                                    "message/partial", "message/external-body" };
static const char *const text_types[] = { "text/", "multipart/", "message/" };
static const char *const closed_types[] = { "image/", "audio/", "video/",
	                                    "font/",  "model/", "application/" };

static gboolean
is_printable(RetourSpan bytes)
{
	for (gsize at = 0; at < bytes.length; at++) {
		guchar c = (guchar)bytes.data[at];
		if ((c < ' ' && !strchr("\t\r\n\f\033", c)) || c == 0x7f)
			return FALSE;
	}
	return bytes.length > 0;
}

/* A part without a type that is known may be a notice; a document is none. */
static gboolean
is_text(const RetourEntity *entity, RetourSpan bytes)
{
	if (is_type(entity, text_types, G_N_ELEMENTS(text_types)))
		return TRUE;
	gboolean open = !is_type(entity, closed_types, G_N_ELEMENTS(closed_types)) ||
	                g_strcmp0(entity->type, "application/octet-stream") == 0;
	return open && is_printable(bytes);
}

static void
append_content(Text *text, RetourSpan content, gboolean returned)
{
	gboolean gentle = text->rewrite->style.gentle;
	if (is_type(text->entity, report_types, G_N_ELEMENTS(report_types)))
		append_fields(text, RETOUR_FIELD_OF_REPORT, content);
	else if (is_type(text->entity, header_types, G_N_ELEMENTS(header_types)))
		append_fields(text, RETOUR_FIELD_OF_RETURNED, content);
	else if (returned && !gentle)
		append_all(text, content, append_filler);
	else
		append_notice(text, content);
}

/* Who reports has the words of a server; whatever else there is has those of a person. */
static gboolean
is_by_server(RetourKind kind)
{
	return kind == RETOUR_KIND_BOUNCE || kind == RETOUR_KIND_DELAY ||
	       kind == RETOUR_KIND_DELIVERED || kind == RETOUR_KIND_COMPLAINT ||
	       kind == RETOUR_KIND_DISPOSITION;
}

void
retour_rewrite_body(RetourRewrite *rewrite, const RetourEntity *entity, RetourSpan content,
                    gboolean returned, guint depth, GString *out)
{
	RetourEncoding encoding = retour_encoding_parse(entity->encoding);
	g_autoptr(GString) plain = g_string_new(NULL), other = g_string_new(NULL);
	(void)depth;
	retour_encoding_decode(encoding, content, plain);
	RetourSpan bytes = retour_span(plain->str, plain->len);
	Text text = { .rewrite = rewrite,
		      .entity = entity,
		      .html = entity->type && strcmp(entity->type, "text/html") == 0,
		      .fill = !rewrite->style.gentle && !is_by_server(rewrite->kind),
		      .out = other };
	if (!is_text(entity, bytes)) {
		append_blank(encoding, content, out);
		return;
	}
	append_content(&text, bytes, returned);
	if (other->len == bytes.length && memcmp(other->str, bytes.data, other->len) == 0)
		g_string_append_len(out, content.data, (gssize)content.length);
	else
		retour_encoding_encode(encoding, retour_span(other->str, other->len), content, out);
}
