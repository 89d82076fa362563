/* SPDX-License-Identifier: BSD-2-Clause */
#include "sample/encode.h"

#include "text/utf8.h"

/* RFC 2045 6.7 and 6.8: characters in a line. */
#define LINE_MAX_ENCODED 76u
/* RFC 2047 2: an encoded word has 75, of which "=?utf-8?B?" and "?=" take 12; four for three bytes.
 */
#define WORD_BYTES 45u

RetourEncoding
retour_encoding_parse(RetourSpan name)
{
	name = retour_span_trim(name);
	if (retour_span_has_prefix(name, "quoted-printable"))
		return RETOUR_ENCODING_QUOTED;
	return retour_span_has_prefix(name, "base64") ? RETOUR_ENCODING_BASE64
	                                              : RETOUR_ENCODING_PLAIN;
}

gboolean
retour_take_line(RetourSpan *rest, RetourSpan *line)
{
	gsize at = 0;
	while (at < rest->length && !retour_is_line_end(rest->data[at]))
		at++;
	if (at < rest->length)
		at += rest->data[at] == '\r' && at + 1 < rest->length && rest->data[at + 1] == '\n'
		              ? 2
		              : 1;
	*line = retour_span_sub(*rest, 0, at);
	*rest = retour_span_from(*rest, at);
	return at > 0;
}

RetourSpan
retour_line_text(RetourSpan line)
{
	while (line.length > 0 && retour_is_line_end(line.data[line.length - 1]))
		line.length--;
	return line;
}

static void
decode_quoted_line(RetourSpan text, gboolean *soft, GString *out)
{
	while (text.length > 0 && retour_is_blank(text.data[text.length - 1]))
		text.length--;
	*soft = text.length > 0 && text.data[text.length - 1] == '=';
	text.length -= *soft;
	for (gsize at = 0; at < text.length; at++) {
		gboolean escape = text.data[at] == '=' && at + 2 < text.length &&
		                  g_ascii_isxdigit(text.data[at + 1]) &&
		                  g_ascii_isxdigit(text.data[at + 2]);
		if (escape) {
			g_string_append_c(out, (char)(g_ascii_xdigit_value(text.data[at + 1]) * 16 +
			                              g_ascii_xdigit_value(text.data[at + 2])));
			at += 2;
		} else {
			g_string_append_c(out, text.data[at]);
		}
	}
}

static void
decode_base64(RetourSpan content, GString *out)
{
	gint state = 0;
	guint save = 0;
	gsize start = out->len;
	g_string_set_size(out, start + content.length / 4 * 3 + 6);
	gsize got = g_base64_decode_step(content.data, content.length, (guchar *)out->str + start,
	                                 &state, &save);
	g_string_truncate(out, start + got);
}

void
retour_encoding_decode(RetourEncoding encoding, RetourSpan content, GString *out)
{
	RetourSpan line;
	gboolean soft;
	if (encoding == RETOUR_ENCODING_BASE64) {
		decode_base64(content, out);
		return;
	}
	if (encoding == RETOUR_ENCODING_PLAIN) {
		g_string_append_len(out, content.data, (gssize)content.length);
		return;
	}
	while (retour_take_line(&content, &line)) {
		RetourSpan text = retour_line_text(line);
		decode_quoted_line(text, &soft, out);
		if (!soft)
			g_string_append_len(out, text.data + text.length,
			                    (gssize)(line.length - text.length));
	}
}

/* How the lines of @model end, and how long the first one is. */
static const char *
form_of(RetourSpan model, gsize *length)
{
	RetourSpan line;
	*length = LINE_MAX_ENCODED;
	if (!retour_take_line(&model, &line))
		return "\n";
	RetourSpan text = retour_line_text(line);
	gsize whole = text.length / 4 * 4;
	*length = model.length > 0 && whole > 0 && whole <= 4 * LINE_MAX_ENCODED ? whole
	                                                                         : LINE_MAX_ENCODED;
	return line.length - text.length == 2                          ? "\r\n"
	       : line.length > 0 && line.data[line.length - 1] == '\r' ? "\r"
	                                                               : "\n";
}

static void
encode_base64(RetourSpan bytes, RetourSpan model, GString *out)
{
	gsize length;
	const char *end = form_of(model, &length);
	gsize step = length / 4 * 3;
	gboolean ended = model.length > 0 && retour_is_line_end(model.data[model.length - 1]);
	for (gsize at = 0; at < bytes.length; at += step) {
		gsize n = MIN(step, bytes.length - at);
		g_autofree char *line = g_base64_encode((const guchar *)bytes.data + at, n);
		g_string_append(out, line);
		if (at + n < bytes.length || ended)
			g_string_append(out, end);
	}
}

static void
encode_quoted_line(RetourSpan text, const char *end, GString *out)
{
	gsize start = out->len;
	for (gsize at = 0; at < text.length; at++) {
		guchar c = (guchar)text.data[at];
		gboolean last = at + 1 == text.length;
		gboolean plain =
		        (c > ' ' && c < 0x7f && c != '=') || (!last && retour_is_blank((char)c));
		if (out->len - start + (plain ? 1 : 3) > LINE_MAX_ENCODED - (last ? 0 : 1)) {
			g_string_append_printf(out, "=%s", end);
			start = out->len;
		}
		if (plain)
			g_string_append_c(out, (char)c);
		else
			g_string_append_printf(out, "=%02X", c);
	}
}

void
retour_encoding_encode(RetourEncoding encoding, RetourSpan bytes, RetourSpan model, GString *out)
{
	gsize length;
	RetourSpan line;
	const char *end = form_of(model, &length);
	if (encoding == RETOUR_ENCODING_PLAIN)
		g_string_append_len(out, bytes.data, (gssize)bytes.length);
	else if (encoding == RETOUR_ENCODING_BASE64)
		encode_base64(bytes, model, out);
	while (encoding == RETOUR_ENCODING_QUOTED && retour_take_line(&bytes, &line)) {
		RetourSpan text = retour_line_text(line);
		encode_quoted_line(text, end, out);
		g_string_append_len(out, text.data + text.length,
		                    (gssize)(line.length - text.length));
	}
}

/* Whole characters of @text, up to WORD_BYTES of them. */
static gsize
word_bytes(RetourSpan text)
{
	gsize at = 0;
	while (at < text.length) {
		gsize size = MAX(retour_utf8_length(text.data + at, text.length - at), 1);
		if (at + size > WORD_BYTES)
			break;
		at += size;
	}
	return at;
}

static void
append_encoded(RetourSpan text, const char *line_end, GString *out)
{
	while (text.length > 0) {
		gsize n = word_bytes(text);
		g_autofree char *code = g_base64_encode((const guchar *)text.data, n);
		g_string_append_printf(out, "=?utf-8?B?%s?=", code);
		text = retour_span_from(text, n);
		if (text.length > 0)
			g_string_append_printf(out, "%s ", line_end);
	}
}

/* From the first word that is not ASCII to the last one. */
void
retour_append_field_text(RetourSpan text, const char *line_end, GString *out)
{
	gsize begin = retour_ascii_length(text.data, text.length), end = text.length;
	while (begin > 0 && begin < text.length && !strchr(" \t<>(),;:\"", text.data[begin - 1]))
		begin--;
	while (end > begin && (guchar)text.data[end - 1] < 0x80)
		end--;
	while (end < text.length && !strchr(" \t<>(),;:\"", text.data[end]))
		end++;
	g_string_append_len(out, text.data, (gssize)begin);
	append_encoded(retour_span_sub(text, begin, end - begin), line_end, out);
	g_string_append_len(out, text.data + end, (gssize)(text.length - end));
}
