/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/json-line.h"

static void
skip_space(RetourSpan *rest)
{
	while (rest->length > 0 && retour_is_space(rest->data[0]))
		*rest = retour_span_from(*rest, 1);
}

static gboolean
take(RetourSpan *rest, char c)
{
	skip_space(rest);
	if (rest->length == 0 || rest->data[0] != c)
		return FALSE;
	*rest = retour_span_from(*rest, 1);
	return TRUE;
}

/* Four hexadecimal digits. */
static gboolean
take_unit(RetourSpan *rest, guint32 *unit)
{
	*unit = 0;
	if (rest->length < 4)
		return FALSE;
	for (gsize i = 0; i < 4; i++) {
		int digit = g_ascii_xdigit_value(rest->data[i]);
		if (digit < 0)
			return FALSE;
		*unit = *unit * 16 + (guint32)digit;
	}
	*rest = retour_span_from(*rest, 4);
	return TRUE;
}

/* Behind "\u": one character, of two units beyond the first plane. No NUL. */
static gboolean
take_unicode(RetourSpan *rest, GString *out)
{
	guint32 unit, low;
	if (!take_unit(rest, &unit))
		return FALSE;
	if (unit >= 0xd800 && unit < 0xdc00) {
		if (rest->length < 6 || rest->data[0] != '\\' || rest->data[1] != 'u')
			return FALSE;
		*rest = retour_span_from(*rest, 2);
		if (!take_unit(rest, &low) || low < 0xdc00 || low > 0xdfff)
			return FALSE;
		unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
	}
	if (unit == 0 || (unit >= 0xdc00 && unit < 0xe000))
		return FALSE;
	g_string_append_unichar(out, unit);
	return TRUE;
}

static gboolean
take_escape(RetourSpan *rest, GString *out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	if (rest->length == 0)
		return FALSE;
	char c = rest->data[0];
	*rest = retour_span_from(*rest, 1);
	if (c == 'u')
		return take_unicode(rest, out);
	const char *at = c ? strchr(from, c) : NULL;
	if (at)
		g_string_append_c(out, to[at - from]);
	return at != NULL;
}

static gboolean
take_string(RetourSpan *rest, GString *out)
{
	g_string_truncate(out, 0);
	if (!take(rest, '"'))
		return FALSE;
	while (rest->length > 0) {
		char c = rest->data[0];
		*rest = retour_span_from(*rest, 1);
		if (c == '"')
			return g_utf8_validate(out->str, (gssize)out->len, NULL);
		if ((guchar)c < 0x20 || (c == '\\' && !take_escape(rest, out)))
			return FALSE;
		if (c != '\\')
			g_string_append_c(out, c);
	}
	return FALSE;
}

/* A number, true, false or null. */
static gboolean
take_word(RetourSpan *rest, GString *out)
{
	g_string_truncate(out, 0);
	skip_space(rest);
	while (rest->length > 0 &&
	       (g_ascii_isalnum(rest->data[0]) || strchr("+-.", rest->data[0]))) {
		g_string_append_c(out, rest->data[0]);
		*rest = retour_span_from(*rest, 1);
	}
	return out->len > 0;
}

static gboolean
take_value(RetourSpan *rest, GString *value, gboolean *null)
{
	skip_space(rest);
	*null = FALSE;
	if (rest->length > 0 && rest->data[0] == '"')
		return take_string(rest, value);
	gboolean good = take_word(rest, value);
	*null = strcmp(value->str, "null") == 0;
	return good;
}

static void
set(const RetourJsonMember *members, guint n_members, const char *name, const char *value)
{
	for (guint i = 0; i < n_members; i++) {
		if (strcmp(members[i].name, name) == 0 && !*members[i].value)
			*members[i].value = g_strdup(value);
	}
}

gboolean
retour_json_line_read(RetourSpan line, const RetourJsonMember *members, guint n_members)
{
	g_autoptr(GString) name = g_string_new(NULL), value = g_string_new(NULL);
	gboolean first = TRUE, null;
	if (!take(&line, '{'))
		return FALSE;
	while (!take(&line, '}')) {
		if ((!first && !take(&line, ',')) || !take_string(&line, name) ||
		    !take(&line, ':') || !take_value(&line, value, &null))
			return FALSE;
		if (!null)
			set(members, n_members, name->str, value->str);
		first = FALSE;
	}
	skip_space(&line);
	return line.length == 0;
}
