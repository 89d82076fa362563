/* SPDX-License-Identifier: BSD-2-Clause */
#include "sample/fields.h"

#include "address/address.h"
#include "base/arena.h"
#include "mime/part.h"
#include "report/marks.h"
#include "sample/encode.h"
#include "sample/words.h"
#include "text/charset.h"
#include "text/entities.h"
#include "text/utf8.h"

/* What the value of a field is. */
typedef enum {
	TEXT,      /* words, with addresses and hosts among them */
	ADDRESSES, /* with display names */
	SUBJECT,   /* what a person wrote */
	IDS,       /* Message-IDs */
	LINKS,     /* <https://…>, <mailto:…> */
	TRACE,     /* Received */
	CONTENT,   /* a type with parameters */
	OPAQUE,    /* signatures and marks of filters */
	WORDS,     /* of a standard */
} Value;

typedef struct {
	const char *name; /* lower case; with '*' at its end a beginning */
	Value value;
} Row;

/* The first one counts. */
static const Row rows[] = {
	{ "from", ADDRESSES },
	{ "to", ADDRESSES },
	{ "cc", ADDRESSES },
	{ "bcc", ADDRESSES },
	{ "reply-to", ADDRESSES },
	{ "sender", ADDRESSES },
	{ "resent-message-id", IDS },
	{ "resent-date", TEXT },
	{ "resent-*", ADDRESSES },
	{ "errors-to", ADDRESSES },
	{ "return-receipt-to", ADDRESSES },
	{ "disposition-notification-to", ADDRESSES },
	{ "x-display-name", ADDRESSES },
	{ "x-original-from", ADDRESSES },
	{ "x-sender", ADDRESSES },
	{ "x-from", ADDRESSES },
	{ "x-to", ADDRESSES },
	{ "apparently-to", ADDRESSES },
	{ "subject", SUBJECT },
	{ "thread-topic", SUBJECT },
	{ "comments", SUBJECT },
	{ "keywords", SUBJECT },
	{ "organization", SUBJECT },
	{ "x-organization", SUBJECT },
	{ "message-id", IDS },
	{ "in-reply-to", IDS },
	{ "references", IDS },
	{ "content-id", IDS },
	{ "original-message-id", IDS },
	{ "x-original-message-id", IDS },
	{ "x-message-id", IDS },
	{ "list-id", TEXT },
	{ "list-unsubscribe-post", TEXT },
	{ "list-*", LINKS },
	{ "received", TRACE },
	{ "x-received", TRACE },
	{ "content-type", CONTENT },
	{ "content-disposition", CONTENT },
	{ "content-location", OPAQUE },
	{ "content-description", TEXT },
	{ "content-transfer-encoding", WORDS },
	{ "content-*", TEXT },
	{ "feedback-type", WORDS },
	{ "auth-failure", WORDS },
	{ "action", WORDS },
	{ "status", WORDS },
	{ "disposition", WORDS },
	{ "mime-version", WORDS },
	{ "date", TEXT },
	{ "return-path", TEXT },
	{ "auto-submitted", WORDS },
	{ "precedence", TEXT },
	{ "importance", WORDS },
	{ "x-priority", WORDS },
	{ "dkim-signature", OPAQUE },
	{ "domainkey-signature", OPAQUE },
	{ "x-google-dkim-signature", OPAQUE },
	{ "x-gm-message-state", OPAQUE },
	{ "x-google-smtp-source", OPAQUE },
	{ "arc-*", OPAQUE },
	{ "authentication-results", OPAQUE },
	{ "received-spf", OPAQUE },
	{ "thread-index", OPAQUE },
	{ "x-ms-exchange-*", OPAQUE },
	{ "x-microsoft-antispam*", OPAQUE },
	{ "x-forefront-antispam*", OPAQUE },
};

static Value
value_of(RetourSpan name, RetourFieldOwner owner)
{
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		gsize length = strlen(rows[i].name);
		gboolean star = rows[i].name[length - 1] == '*';
		g_autofree char *begin = g_strndup(rows[i].name, length - star);
		if (star ? retour_span_has_prefix(name, begin) : retour_span_equal(name, begin))
			return rows[i].value;
	}
	return owner == RETOUR_FIELD_OF_RETURNED ? OPAQUE : TEXT;
}

gsize
retour_field_name(RetourSpan line)
{
	gsize at = 0;
	while (at < line.length && line.data[at] > ' ' && line.data[at] != ':' &&
	       line.data[at] < 0x7f)
		at++;
	gsize name = at;
	while (at < line.length && retour_is_blank(line.data[at]))
		at++;
	return name > 0 && at < line.length && line.data[at] == ':' ? name : 0;
}

/* ---- charsets ---- */

/* Bytes of @out in @charset; FALSE where it cannot hold them. */
static gboolean
convert_back(const GString *text, const char *charset, GString *out)
{
	gsize written;
	g_autofree char *bytes =
	        g_convert(text->str, (gssize)text->len, charset, "UTF-8", NULL, &written, NULL);
	if (!bytes)
		return FALSE;
	g_string_append_len(out, bytes, (gssize)written);
	return TRUE;
}

/* Letters that a page writes as entities are letters. */
static void
read_entities(RetourSpan text, GString *out)
{
	while (text.length > 0) {
		gssize end = text.data[0] == '&' ? retour_span_find_char(text, 0, ';') : -1;
		gunichar c = 0;
		if (end > 2 && end < 10) {
			g_autofree char *name = g_strndup(text.data + 1, (gsize)end - 1);
			if (name[0] == '#')
				c = (gunichar)g_ascii_strtoull(name + (name[1] == 'x' ? 2 : 1),
				                               NULL, name[1] == 'x' ? 16 : 10);
			else
				c = retour_entity_lookup(name, strlen(name));
		}
		if (c >= 0x80 && c < 0x110000 && g_unichar_isalpha(c)) {
			g_string_append_unichar(out, c);
			text = retour_span_from(text, (gsize)end + 1);
		} else {
			g_string_append_c(out, text.data[0]);
			text = retour_span_from(text, 1);
		}
	}
}

/* What is not ASCII as entities. */
static void
append_entities(const GString *text, GString *out)
{
	for (const char *at = text->str; at < text->str + text->len; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);
		if (c < 0x80)
			g_string_append_c(out, *at);
		else
			g_string_append_printf(out, "&#%u;", c);
	}
}

void
retour_line_append(RetourSpan line, const char *charset, gboolean html, RetourLineFunc append,
                   gpointer data, GString *out)
{
	RetourSpan text = retour_line_text(line);
	g_autoptr(GString) utf8 = g_string_new(NULL), same = g_string_new(NULL);
	g_autoptr(GString) read = g_string_new(NULL), other = g_string_new(NULL);
	const char *used = retour_text_decode(text.data, text.length, charset, utf8);
	gboolean ascii = retour_ascii_length(text.data, text.length) == text.length &&
	                 !memchr(text.data, '\033', text.length);
	gboolean wide = !ascii && convert_back(utf8, used, same) && same->len == text.length &&
	                memcmp(same->str, text.data, same->len) == 0;
	RetourSpan source = wide ? retour_span(utf8->str, utf8->len) : text;
	if (html)
		read_entities(source, read);
	if (html && g_utf8_validate(read->str, (gssize)read->len, NULL))
		source = retour_span(read->str, read->len);
	append(data, source, other);
	if (other->len == source.length && memcmp(other->str, source.data, other->len) == 0)
		g_string_append_len(out, text.data, (gssize)text.length);
	else if (html && (!wide || !convert_back(other, used, out)) &&
	         g_utf8_validate(other->str, (gssize)other->len, NULL))
		append_entities(other, out);
	else if (!html && (!wide || !convert_back(other, used, out)))
		g_string_append_len(out, other->str, (gssize)other->len);
	else if (html && !g_utf8_validate(other->str, (gssize)other->len, NULL))
		g_string_append_len(out, other->str, (gssize)other->len);
	g_string_append_len(out, text.data + text.length, (gssize)(line.length - text.length));
}

/* ---- values ---- */

/* A display name that is a mail system's own stays. */
static void
append_phrase(const RetourFieldStyle *style, RetourSpan phrase, GString *out)
{
	static const char *const stay[] = { "undisclosed-recipients",
		                            "undisclosed recipients",
		                            "unlisted-recipients",
		                            "rfc822",
		                            "dns",
		                            "smtp",
		                            "unknown" };
	RetourSpan bare = retour_span_trim(phrase);
	while (bare.length > 0 && strchr("\"'<>(),;:", bare.data[0]))
		bare = retour_span_trim(retour_span_from(bare, 1));
	while (bare.length > 0 && strchr("\"'<>(),;:", bare.data[bare.length - 1]))
		bare = retour_span_trim(retour_span_sub(bare, 0, bare.length - 1));
	gboolean stays = bare.length == 0;
	for (guint i = 0; i < G_N_ELEMENTS(stay); i++)
		stays |= retour_span_equal(bare, stay[i]);
	gboolean own = !stays && retour_marks_scan(RETOUR_MARK_IN_FROM, bare, NULL) != 0;
	if (stays || (own && !memchr(bare.data, ' ', bare.length))) {
		g_string_append_len(out, phrase.data, (gssize)phrase.length);
		return;
	}
	/* Scripts without blanks between words: known as a whole. */
	if (!own && (retour_ascii_length(bare.data, bare.length) < bare.length ||
	             memchr(bare.data, ' ', bare.length)))
		retour_masks_add_phrase(style->masks, bare);
	retour_words_append_names(style->masks, phrase, own, out);
}

/* The words of a phrase are names from now on. */
static void
know_phrase(const RetourFieldStyle *style, RetourSpan phrase)
{
	for (gsize at = 0; at < phrase.length;) {
		gsize end = at;
		while (end < phrase.length && !strchr(" \t\r\n\"'<>(),;:.-_/@", phrase.data[end]))
			end++;
		RetourSpan word = retour_span_sub(phrase, at, end - at);
		if (word.length > 0)
			retour_masks_add_word(
			        style->masks, word,
			        retour_masks_get(style->masks, RETOUR_MASK_NAME, word));
		at = end + 1;
	}
}

static void
append_phrases(const RetourFieldStyle *style, RetourSpan gap, GString *out)
{
	while (gap.length > 0) {
		gsize length = 0;
		while (length < gap.length && gap.data[length] != ',' && gap.data[length] != ';')
			length++;
		RetourSpan phrase = retour_span_sub(gap, 0, length);
		gsize before = out->len;
		append_phrase(style, phrase, out);
		if (out->len - before != length ||
		    memcmp(out->str + before, phrase.data, length) != 0)
			know_phrase(style, phrase);
		if (length < gap.length)
			g_string_append_c(out, gap.data[length++]);
		gap = retour_span_from(gap, length);
	}
}

static void
append_addresses(const RetourFieldStyle *style, RetourSpan text, GString *out)
{
	gsize offset, length;
	while (retour_address_find(text, 0, &offset, &length)) {
		append_phrases(style, retour_span_sub(text, 0, offset), out);
		retour_masks_append_address(style->masks, retour_span_sub(text, offset, length),
		                            "@", out);
		text = retour_span_from(text, offset + length);
	}
	append_phrases(style, text, out);
}

static gboolean
is_servers(const RetourMasks *masks, RetourSpan text)
{
	g_autofree char *valid = g_utf8_make_valid(text.data, (gssize)text.length);
	g_autofree char *lower = g_utf8_strdown(valid, -1);
	for (char *word = lower, *end; *word; word = *end ? end + 1 : end) {
		end = word + strcspn(word, " \t\"'<>(),;:.-_/!?[]");
		char after = *end;
		*end = '\0';
		gboolean other = *word && !retour_masks_is_common(masks, retour_span_of(word));
		*end = after;
		if (other)
			return FALSE;
	}
	return TRUE;
}

/* Of the mail's own subject what a server says stays; the returned one often stands behind it. */
static void
append_subject(const RetourFieldStyle *style, RetourFieldOwner owner, RetourSpan text, GString *out)
{
	gboolean mail = owner != RETOUR_FIELD_OF_RETURNED;
	if (!mail && !style->gentle) {
		if (!is_servers(style->masks, text))
			retour_masks_add_phrase(style->masks, text);
		retour_append_filler(text, out);
		return;
	}
	for (gboolean first = TRUE; text.length > 0; first = FALSE) {
		gssize colon = retour_span_find(text, 0, ": ");
		gsize length = colon < 0 ? text.length : (gsize)colon + 2;
		RetourSpan segment = retour_span_sub(text, 0, length);
		gboolean stays = style->gentle || (first && style->whole_subject) ||
		                 retour_marks_scan(RETOUR_MARK_IN_SUBJECT, segment, NULL) != 0;
		if (stays)
			retour_words_append(style->masks, segment, out);
		else
			retour_words_append_few(style->masks, segment, out);
		text = retour_span_from(text, length);
	}
}

static void
append_ids(const RetourFieldStyle *style, RetourSpan text, GString *out)
{
	while (text.length > 0) {
		gsize at = 0;
		while (at < text.length && strchr(" \t<>,\"", text.data[at]))
			at++;
		g_string_append_len(out, text.data, (gssize)at);
		text = retour_span_from(text, at);
		for (at = 0; at < text.length && !strchr(" \t<>,\"", text.data[at]);)
			at++;
		if (at > 0)
			retour_masks_append_id(style->masks, retour_span_sub(text, 0, at), out);
		text = retour_span_from(text, at);
	}
}

static void
append_links(const RetourFieldStyle *style, RetourSpan text, GString *out)
{
	while (text.length > 0) {
		gsize end = 0;
		while (end < text.length && !strchr("<>,", text.data[end]))
			end++;
		RetourSpan link = retour_span_sub(text, 0, end);
		gssize host = retour_span_find(link, 0, "://");
		gsize common = host < 0 ? 0 : (gsize)host + 3;
		while (common < link.length && !strchr(host < 0 ? "?" : "/?#", link.data[common]))
			common++;
		retour_words_append(style->masks, retour_span_sub(link, 0, common), out);
		retour_append_filler(retour_span_from(link, common), out);
		if (end < text.length)
			g_string_append_c(out, text.data[end++]);
		text = retour_span_from(text, end);
	}
}

/* A file's name, but its ending. */
static void
append_file_name(RetourSpan value, GString *out)
{
	gsize dot = value.length;
	while (dot > 0 && value.data[dot - 1] != '.')
		dot--;
	gsize kept = dot > 0 && value.length - dot < 6 ? dot : value.length;
	retour_append_filler(retour_span_sub(value, 0, kept), out);
	g_string_append_len(out, value.data + kept, (gssize)(value.length - kept));
}

/* Each parameter by its name. */
static void
append_content(const RetourFieldStyle *style, RetourSpan text, GString *out)
{
	while (text.length > 0) {
		gsize end = 0;
		gboolean quoted = FALSE;
		while (end < text.length && (quoted || text.data[end] != ';')) {
			quoted ^= text.data[end] == '"';
			end++;
		}
		RetourSpan parameter = retour_span_sub(text, 0, end);
		RetourSpan name = retour_span_trim(parameter);
		gssize equals = retour_span_find_char(parameter, 0, '=');
		gsize at = equals < 0 ? parameter.length : (gsize)equals + 1;
		gboolean boundary = retour_span_has_prefix(name, "boundary");
		gboolean file = retour_span_has_prefix(name, "name") ||
		                retour_span_has_prefix(name, "filename");
		while (at < parameter.length && strchr(" \t\"", parameter.data[at]))
			at++;
		gsize stop = parameter.length;
		while (stop > at && strchr(" \t\"\r\n", parameter.data[stop - 1]))
			stop--;
		RetourSpan value = retour_span_sub(parameter, at, stop - at);
		g_string_append_len(out, parameter.data, (gssize)at);
		if (boundary && value.length > 0)
			retour_words_append_boundary(style->masks, value, out);
		else if (file)
			append_file_name(value, out);
		else if (memchr(value.data, '@', value.length) || retour_is_host(value))
			retour_words_append(style->masks, value, out);
		else
			g_string_append_len(out, value.data, (gssize)value.length);
		g_string_append_len(out, parameter.data + stop, (gssize)(parameter.length - stop));
		if (end < text.length)
			g_string_append_c(out, text.data[end++]);
		text = retour_span_from(text, end);
	}
}

char *
retour_field_get_parameter(RetourSpan field, const char *name)
{
	gsize length = strlen(name);
	for (gssize at = -1; (at = retour_span_find_char(field, (gsize)(at + 1), ';')) >= 0;) {
		RetourSpan rest = retour_span_trim(retour_span_from(field, (gsize)at + 1));
		if (!retour_span_has_prefix(rest, name))
			continue;
		rest = retour_span_trim(retour_span_from(rest, length));
		if (rest.length == 0 || rest.data[0] != '=')
			continue;
		rest = retour_span_trim(retour_span_from(rest, 1));
		gboolean quoted = rest.length > 0 && rest.data[0] == '"';
		rest = retour_span_from(rest, quoted);
		gsize end = 0;
		while (end < rest.length && !strchr(quoted ? "\"\r\n" : "; \t\r\n", rest.data[end]))
			end++;
		return g_strndup(rest.data, end);
	}
	return NULL;
}

/* ---- one field ---- */

typedef struct {
	const RetourFieldStyle *style;
	RetourFieldOwner owner;
	Value value;
} Field;

static void
append_value(gpointer data, RetourSpan text, GString *out)
{
	const Field *field = data;
	const RetourFieldStyle *style = field->style;
	switch (field->value) {
	case WORDS:
		if (memchr(text.data, '@', text.length))
			retour_words_append(style->masks, text, out);
		else
			g_string_append_len(out, text.data, (gssize)text.length);
		return;
	case TEXT:
		retour_words_append(style->masks, text, out);
		return;
	case ADDRESSES:
		append_addresses(style, text, out);
		return;
	case SUBJECT:
		append_subject(style, field->owner, text, out);
		return;
	case IDS:
		append_ids(style, text, out);
		return;
	case LINKS:
		append_links(style, text, out);
		return;
	case TRACE:
		retour_words_append_trace(style->masks, text, out);
		return;
	case CONTENT:
		append_content(style, text, out);
		return;
	case OPAQUE:
		if (style->gentle)
			retour_words_append(style->masks, text, out);
		else
			retour_append_filler(text, out);
		return;
	}
}

static const char *
line_end_of(RetourSpan field)
{
	RetourSpan line;
	if (!retour_take_line(&field, &line))
		return "\n";
	RetourSpan text = retour_line_text(line);
	return line.length - text.length == 2                          ? "\r\n"
	       : line.length > 0 && line.data[line.length - 1] == '\r' ? "\r"
	                                                               : "\n";
}

/* A value with encoded words: as one line, decoded, and what is left of it encoded again. */
static void
append_decoded(const Field *field, RetourSpan value, GString *out)
{
	g_autoptr(RetourArena) arena = retour_arena_new();
	g_autoptr(GString) unfolded = g_string_new(NULL), other = g_string_new(NULL);
	RetourSpan rest = value, line;
	while (retour_take_line(&rest, &line)) {
		RetourSpan text = retour_line_text(line);
		g_string_append_len(unfolded, text.data, (gssize)text.length);
	}
	const char *text = retour_header_decode(arena, unfolded->str, unfolded->len);
	append_value((gpointer)field, retour_span_of(text), other);
	/* Behind the last line there is an end, unless the mail is cut there. */
	const char *end = line_end_of(value);
	retour_append_field_text(retour_span(other->str, other->len), end, out);
	if (value.length > 0 && retour_is_line_end(value.data[value.length - 1]))
		g_string_append(out, end);
}

static gboolean
is_encoded(RetourSpan value)
{
	return retour_span_find(value, 0, "=?") >= 0 ||
	       retour_ascii_length(value.data, value.length) < value.length;
}

void
retour_field_append(const RetourFieldStyle *style, RetourFieldOwner owner, RetourSpan field,
                    GString *out)
{
	gsize name = retour_field_name(field);
	gsize colon = name;
	while (colon < field.length && field.data[colon] != ':')
		colon++;
	RetourSpan value = retour_span_from(field, colon + 1), line;
	Field one = { style, owner, value_of(retour_span_sub(field, 0, name), owner) };
	/* A name of a field is a word of a standard, unless somebody put an address there. */
	if (memchr(field.data, '@', name))
		retour_words_append(style->masks, retour_span_sub(field, 0, name), out);
	else
		g_string_append_len(out, field.data, (gssize)name);
	g_string_append_len(out, field.data + name, (gssize)(MIN(colon + 1, field.length) - name));
	gboolean encoded = retour_span_find(value, 0, "=?") >= 0 ||
	                   (owner != RETOUR_FIELD_OF_REPORT && is_encoded(value));
	if (encoded) {
		append_decoded(&one, value, out);
		return;
	}
	while (retour_take_line(&value, &line))
		retour_line_append(line, NULL, FALSE, append_value, &one, out);
}
