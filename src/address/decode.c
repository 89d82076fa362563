/* SPDX-License-Identifier: BSD-2-Clause */
#include "address/address.h"

/* RFC 3461 4: hexadecimal digits of xtext are capitals. "+ab" is a tag of the user's. */
static int
xtext_digit(char c)
{
	return c >= 'a' && c <= 'f' ? -1 : g_ascii_xdigit_value(c);
}

/* Appends the run of "+HH" at the start of @text, if it is printable UTF-8. Bytes read; 0 if none.
 */
static gsize
xtext_run(RetourSpan text, GString *out)
{
	gsize start = out->len, at = 0;
	for (; at + 2 < text.length && text.data[at] == '+'; at += 3) {
		int high = xtext_digit(text.data[at + 1]), low = xtext_digit(text.data[at + 2]);
		if (high < 0 || low < 0)
			break;
		int byte = high << 4 | low;
		if (byte < ' ' || byte == 0x7F)
			break;
		g_string_append_c(out, (char)byte);
	}
	if (g_utf8_validate_len(out->str + start, out->len - start, NULL))
		return at;
	g_string_truncate(out, start);
	g_string_append_len(out, text.data, (gssize)at);
	return at;
}

void
retour_address_decode_xtext(RetourSpan text, GString *out)
{
	for (gsize at = 0; at < text.length;) {
		gssize plus = retour_span_find_char(text, at, '+');
		gsize plain = (plus < 0 ? text.length : (gsize)plus) - at;
		g_string_append_len(out, text.data + at, (gssize)plain);
		at += plain;
		if (at == text.length)
			break;
		gsize run = xtext_run(retour_span_from(text, at), out);
		if (run == 0)
			g_string_append_c(out, '+');
		at += MAX(run, 1);
	}
}

/* "\x{5C}" at the start of @text: its length, 0 if it is not valid. */
static gsize
embedded_character(RetourSpan text, gunichar *character)
{
	gsize at = strlen("\\x{");
	gunichar c = 0;
	for (; at < text.length && at < strlen("\\x{10FFFF"); at++) {
		int digit = g_ascii_xdigit_value(text.data[at]);
		if (digit < 0)
			break;
		c = c << 4 | (gunichar)digit;
	}
	*character = c;
	gboolean valid = at > strlen("\\x{") && at < text.length && text.data[at] == '}' &&
	                 c >= ' ' && c != 0x7F && g_unichar_validate(c);
	return valid ? at + 1 : 0;
}

void
retour_address_decode_utf8(RetourSpan text, GString *out)
{
	gsize start = out->len;
	for (gsize at = 0; at < text.length;) {
		gssize next = retour_span_find_char(text, at, '\\');
		gsize plain = (next < 0 ? text.length : (gsize)next) - at;
		g_string_append_len(out, text.data + at, (gssize)plain);
		at += plain;
		RetourSpan rest = retour_span_from(text, at);
		if (rest.length == 0)
			break;
		if (!retour_span_has_prefix(rest, "\\x{")) {
			g_string_append_c(out, '\\');
			at++;
			continue;
		}
		gunichar character;
		gsize length = embedded_character(rest, &character);
		if (length == 0) {
			g_string_truncate(out, start);
			g_string_append_len(out, text.data, (gssize)text.length);
			return;
		}
		g_string_append_unichar(out, character);
		at += length;
	}
}
