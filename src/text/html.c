/* SPDX-License-Identifier: BSD-2-Clause */
#include "text/html.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/span.h"
#include "text/convert.h"
#include "text/entities.h"
#include "text/utf8.h"

/* What a construct ends at, as a bit. Once one is found missing it is not searched again: this
 * keeps the pass linear. */
typedef guint64 Mark;
#define MARK_QUOTE ((Mark)1)
#define MARK_APOSTROPHE ((Mark)2)
#define MARK_COMMENT ((Mark)4)
#define MARK_ELEMENT ((Mark)8) /* the end tag of the first of "elements", then upwards */

/* What an element does to the text around it. */
typedef enum {
	FLOW_BLOCK, /* stands on lines of its own */
	FLOW_BREAK, /* ends the line, also an empty one */
	FLOW_SPACE, /* a cell: apart from the one before */
	FLOW_PRE,   /* a block whose line ends are kept */
	FLOW_RAW,   /* not for the reader, with all inside */
} Flow;

typedef struct {
	char name[12]; /* first: compare_element() */
	Flow flow;
} Element;

/* In alphabetical order. Elements that are not here do nothing. */
/* clang-format off */
static const Element elements[] = {
	{ "address", FLOW_BLOCK }, { "article", FLOW_BLOCK }, { "blockquote", FLOW_BLOCK },
	{ "body", FLOW_BLOCK }, { "br", FLOW_BREAK }, { "caption", FLOW_BLOCK },
	{ "center", FLOW_BLOCK }, { "dd", FLOW_BLOCK }, { "dir", FLOW_BLOCK },
	{ "div", FLOW_BLOCK }, { "dl", FLOW_BLOCK }, { "dt", FLOW_BLOCK },
	{ "fieldset", FLOW_BLOCK }, { "footer", FLOW_BLOCK }, { "form", FLOW_BLOCK },
	{ "h1", FLOW_BLOCK }, { "h2", FLOW_BLOCK }, { "h3", FLOW_BLOCK }, { "h4", FLOW_BLOCK },
	{ "h5", FLOW_BLOCK }, { "h6", FLOW_BLOCK }, { "header", FLOW_BLOCK },
	{ "hr", FLOW_BLOCK }, { "li", FLOW_BLOCK }, { "listing", FLOW_PRE },
	{ "main", FLOW_BLOCK }, { "menu", FLOW_BLOCK }, { "ol", FLOW_BLOCK },
	{ "option", FLOW_BLOCK }, { "p", FLOW_BLOCK }, { "pre", FLOW_PRE },
	{ "script", FLOW_RAW }, { "section", FLOW_BLOCK },
	{ "style", FLOW_RAW }, { "table", FLOW_BLOCK }, { "tbody", FLOW_BLOCK },
	{ "td", FLOW_SPACE }, { "tfoot", FLOW_BLOCK }, { "th", FLOW_SPACE },
	{ "thead", FLOW_BLOCK }, { "title", FLOW_RAW }, { "tr", FLOW_BLOCK },
	{ "ul", FLOW_BLOCK }, { "xmp", FLOW_PRE },
};
/* clang-format on */

static int
compare_element(gconstpointer key, gconstpointer row)
{
	return memcmp(key, row, sizeof(elements[0].name));
}

static const Element *
element_lookup(RetourSpan name)
{
	char lower[sizeof(elements[0].name)] = { 0 };
	if (name.length == 0 || name.length >= sizeof(lower))
		return NULL;
	for (gsize i = 0; i < name.length; i++)
		lower[i] = g_ascii_tolower(name.data[i]);
	return bsearch(lower, elements, G_N_ELEMENTS(elements), sizeof(elements[0]),
	               compare_element);
}

typedef struct {
	RetourSpan html;
	gsize at;
	GString *out;
	gsize start;    /* of our own text in @out */
	gboolean space; /* white space was seen since the last text */
	gboolean pre;   /* line ends count */
	gboolean cdata; /* "]]>" is not text */
	Mark missing;   /* bits of Mark: stands nowhere in the rest */
} Reader;

/* Offset of @needle at or after @from, or -1. */
static gssize
reader_find(Reader *reader, gsize from, Mark mark, const char *needle)
{
	gssize found = -1;
	if (!(reader->missing & mark))
		found = retour_span_find(reader->html, from, needle);
	if (found < 0)
		reader->missing |= mark;
	return found;
}

static void
reader_break(Reader *reader, gboolean always)
{
	GString *out = reader->out;
	reader->space = FALSE;
	if (always || (out->len > reader->start && out->str[out->len - 1] != '\n'))
		g_string_append_c(out, '\n');
}

static void
reader_text(Reader *reader, const char *text, gsize length)
{
	GString *out = reader->out;
	if (reader->space && out->len > reader->start && out->str[out->len - 1] != '\n')
		g_string_append_c(out, ' ');
	reader->space = FALSE;
	g_string_append_len(out, text, (gssize)length);
}

static void
reader_character(Reader *reader, gunichar c)
{
	char bytes[6];
	if (c == 0xA0 || c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f')
		reader->space = TRUE;
	else
		reader_text(reader, bytes, (gsize)g_unichar_to_utf8(c, bytes));
}

/* HTML 13.2.5.80: 0x80 to 0x9F are meant as windows-1252. */
static gunichar
number_to_character(guint32 number)
{
	gunichar western =
	        number >= 0x80 && number < 0xA0 ? retour_windows_1252((guchar)number) : 0;
	if (western)
		return western;
	return number == 0 || number > 0x10FFFF || (number & 0xFFFFF800) == 0xD800 ? 0xFFFD
	                                                                           : number;
}

/* Length of "#38", "#x26" at @text, 0 if it is none. */
static gsize
number_read(RetourSpan text, gunichar *character)
{
	gsize at = 1;
	guint base = 10;
	if (text.length > 2 && (text.data[1] | 0x20) == 'x') {
		base = 16;
		at = 2;
	}
	gsize first = at;
	guint32 number = 0;
	for (; at < text.length; at++) {
		int digit = g_ascii_xdigit_value(text.data[at]);
		if (digit < 0 || digit >= (int)base)
			break;
		number = MIN(number * base + (guint32)digit, 0x110000);
	}
	*character = number_to_character(number);
	return at > first ? at : 0;
}

static void
read_entity(Reader *reader)
{
	RetourSpan text = retour_span_from(reader->html, reader->at + 1);
	gunichar character = 0;
	gsize length = 0;
	if (text.length > 0 && text.data[0] == '#') {
		length = number_read(text, &character);
	} else {
		while (length < text.length && length < 10 && g_ascii_isalnum(text.data[length]))
			length++;
		character = retour_entity_lookup(text.data, length);
	}
	if (length == 0 || character == 0) {
		reader_text(reader, "&", 1);
		reader->at++;
		return;
	}
	reader_character(reader, character);
	reader->at += 1 + length + (length < text.length && text.data[length] == ';');
}

static gboolean
is_name(char c)
{
	return g_ascii_isalnum(c) || c == '-' || c == ':' || c == '_';
}

/* "<user@example.com>": notices are put into HTML without care. Length up to and with '>', 0 if it
 * is a tag. */
static gsize
bracketed_address_length(RetourSpan text)
{
	gboolean at_sign = FALSE;
	for (gsize i = 1; i < text.length && i <= RETOUR_LIMIT_ADDRESS; i++) {
		char c = text.data[i];
		if (c == '>')
			return at_sign ? i + 1 : 0;
		if (c == '=' || c == '<' || retour_is_space(c))
			return 0;
		at_sign = at_sign || c == '@';
	}
	return 0;
}

/* Offset of the quote that closes the one at @at; @at if none does. */
static gsize
closing_quote(Reader *reader, gsize at)
{
	char quote = reader->html.data[at];
	Mark mark = quote == '"' ? MARK_QUOTE : MARK_APOSTROPHE;
	gssize close = -1;
	if (!(reader->missing & mark))
		close = retour_span_find_char(reader->html, at + 1, quote);
	if (close < 0)
		reader->missing |= mark;
	return close < 0 ? at : (gsize)close;
}

/* Offset behind the tag that goes on at @from. A '>' inside quotes after '=' does not end it. */
static gsize
tag_end(Reader *reader, gsize from)
{
	const char *html = reader->html.data;
	gboolean value = FALSE; /* an attribute's value begins here */
	gsize at = from;
	for (; at < reader->html.length; at++) {
		char c = html[at];
		if (c == '>')
			return at + 1;
		if (value && (c == '"' || c == '\''))
			at = closing_quote(reader, at);
		value = c == '=' || (value && retour_is_space(c));
	}
	return at;
}

/* Passes over what stands between <script>, <style> or <title> and its end tag; without one it is
 * shown. */
static void
skip_raw(Reader *reader, const Element *element)
{
	char end[2 + sizeof(element->name)];
	g_snprintf(end, sizeof(end), "</%s", element->name);
	gssize found = reader_find(reader, reader->at, MARK_ELEMENT << (element - elements), end);
	if (found >= 0)
		reader->at = tag_end(reader, (gsize)found);
}

static void
apply_element(Reader *reader, const Element *element, gboolean end)
{
	switch (element->flow) {
	case FLOW_BREAK:
		reader_break(reader, TRUE);
		break;
	case FLOW_SPACE:
		reader->space = TRUE;
		break;
	case FLOW_PRE:
		reader->pre = !end;
		reader_break(reader, FALSE);
		break;
	case FLOW_BLOCK:
		reader_break(reader, FALSE);
		break;
	case FLOW_RAW:
		if (!end)
			skip_raw(reader, element);
		break;
	}
}

/* "<!-- … -->", "<![CDATA[ … ]]>", whose text is shown, "<!DOCTYPE …>" and "<? … >". */
static void
read_declaration(Reader *reader)
{
	RetourSpan text = retour_span_from(reader->html, reader->at);
	if (retour_span_has_prefix(text, "<![CDATA[")) {
		reader->at += strlen("<![CDATA[");
		reader->cdata = TRUE;
		return;
	}
	if (retour_span_has_prefix(text, "<!--")) {
		/* "<!-->" is a whole comment. */
		gssize end = reader_find(reader, reader->at + 2, MARK_COMMENT, "-->");
		if (end >= 0) {
			reader->at = (gsize)end + 3;
			return;
		}
	}
	gssize end = retour_span_find_char(reader->html, reader->at, '>');
	reader->at = end < 0 ? reader->html.length : (gsize)end + 1;
}

static void
read_markup(Reader *reader)
{
	RetourSpan text = retour_span_from(reader->html, reader->at);
	char next = text.length > 1 ? text.data[1] : '\0';
	if (next == '!' || next == '?') {
		read_declaration(reader);
		return;
	}
	gsize first = next == '/' ? 2 : 1;
	gboolean tag = first < text.length && g_ascii_isalpha(text.data[first]);
	gsize shown = tag ? bracketed_address_length(text) : next == '/' ? 0 : 1;
	if (shown > 0) {
		reader_text(reader, text.data, shown);
		reader->at += shown;
		return;
	}
	gsize last = first;
	while (last < text.length && is_name(text.data[last]))
		last++;
	reader->at = tag_end(reader, reader->at + last);
	const Element *element = element_lookup(retour_span_sub(text, first, last - first));
	if (element)
		apply_element(reader, element, next == '/');
}

/* Bytes that are not simply text. */
static const guchar special[256] = {
	['<'] = 1,  ['&'] = 1,  [' '] = 1, ['\t'] = 1, ['\n'] = 1,
	['\r'] = 1, ['\f'] = 1, [']'] = 1, [0xC2] = 1,
};

/* Length of the run at the read position that is text as it stands, single blanks in it included.
 */
static gsize
run_length(const Reader *reader)
{
	const guchar *html = (const guchar *)reader->html.data;
	gsize at = reader->at, length = reader->html.length;
	for (; at < length; at++) {
		if (!special[html[at]])
			continue;
		gboolean blank = html[at] == ' ' && at > reader->at && at + 1 < length &&
		                 !special[html[at + 1]];
		gboolean bracket = html[at] == ']' && !(reader->cdata && at + 2 < length &&
		                                        memcmp(html + at, "]]>", 3) == 0);
		if (!blank && !bracket)
			break;
	}
	return at - reader->at;
}

/* A byte that is no text by itself. */
static void
read_special(Reader *reader)
{
	RetourSpan text = retour_span_from(reader->html, reader->at);
	switch (text.data[0]) {
	case '<':
		read_markup(reader);
		break;
	case '&':
		read_entity(reader);
		break;
	case ']':
		reader->at += strlen("]]>");
		reader->cdata = FALSE;
		break;
	case '\xC2':
		if (retour_span_has_prefix(text, "\xC2\xA0"))
			reader->space = TRUE;
		else
			reader_text(reader, text.data, MIN(2, text.length));
		reader->at += MIN(2, text.length);
		break;
	default:
		if (reader->pre && text.data[0] == '\n')
			reader_break(reader, TRUE);
		else
			reader->space = TRUE;
		reader->at++;
	}
}

void
retour_text_from_html(const char *html, gsize length, GString *out)
{
	Reader reader = { .html = { html, length }, .out = out, .start = out->len };
	while (reader.at < length) {
		gsize run = run_length(&reader);
		if (run > 0) {
			reader_text(&reader, html + reader.at, run);
			reader.at += run;
		} else {
			read_special(&reader);
		}
	}
}
