/* SPDX-License-Identifier: BSD-2-Clause */
#include "emit/json-writer.h"

#include <string.h>
#include <time.h>

#include "emit/character.h"

/* 9999-12-31T23:59:59Z: RFC 3339 has four digits for the year. */
#define LAST_SECOND G_GINT64_CONSTANT(253402300799)

/* The characters that have a short escape (RFC 8259 7). */
static const char short_escapes[0x80] = {
	['"'] = '"',  ['\\'] = '\\', ['\b'] = 'b', ['\f'] = 'f',
	['\n'] = 'n', ['\r'] = 'r',  ['\t'] = 't',
};

static inline gboolean
is_plain(char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static gboolean
needs_escape(gunichar c)
{
	return c == '"' || c == '\\' || retour_character_is_control(c);
}

static void
append_escape(GString *out, gunichar c)
{
	if (c < G_N_ELEMENTS(short_escapes) && short_escapes[c]) {
		g_string_append_c(out, '\\');
		g_string_append_c(out, short_escapes[c]);
	} else {
		g_string_append_printf(out, "\\u%04x", c);
	}
}

/* Runs that may stand as they are go out in one piece; only what lies between them is looked at one
 * by one. */
static void
append_string(GString *out, const char *text)
{
	const char *end = text + strlen(text);
	const char *run = text;
	g_string_append_c(out, '"');
	while (text < end) {
		if (is_plain(*text)) {
			text++;
			continue;
		}
		const char *start = text;
		gunichar c = retour_character_next(&text, end);
		gboolean escape = needs_escape(c);
		if (!escape && c != 0xfffd)
			continue;
		g_string_append_len(out, run, start - run);
		run = text;
		if (escape)
			append_escape(out, c);
		else
			g_string_append(out, "\xef\xbf\xbd");
	}
	g_string_append_len(out, run, end - run);
	g_string_append_c(out, '"');
}

static void
append_key(GString *out, const char *key)
{
	char last = out->len ? out->str[out->len - 1] : '{';
	if (last != '{' && last != '[')
		g_string_append_c(out, ',');
	if (!key)
		return;
	/* One piece, as this is done for every value. */
	gsize length = strlen(key);
	gsize start = out->len;
	g_string_set_size(out, start + length + 3);
	char *at = out->str + start;
	at[0] = '"';
	memcpy(at + 1, key, length);
	memcpy(at + 1 + length, "\":", 2);
}

RetourJsonScope
retour_json_begin(GString *out, const char *key, char open)
{
	RetourJsonScope scope = { .start = out->len, .close = open == '{' ? '}' : ']' };
	append_key(out, key);
	g_string_append_c(out, open);
	return scope;
}

void
retour_json_end(GString *out, RetourJsonScope scope)
{
	/* What ends in the opening bracket is empty: any value ends in a quote, a letter, a digit
	 * or a closing bracket. */
	char last = out->str[out->len - 1];
	if (last == '{' || last == '[')
		g_string_truncate(out, scope.start);
	else
		g_string_append_c(out, scope.close);
}

void
retour_json_add(GString *out, const char *key, const char *value)
{
	if (value && *value)
		retour_json_add_any(out, key, value);
}

void
retour_json_add_any(GString *out, const char *key, const char *value)
{
	if (!value)
		return;
	append_key(out, key);
	append_string(out, value);
}

void
retour_json_add_number(GString *out, const char *key, guint64 value)
{
	char digits[24];
	char *at = digits + sizeof digits;
	append_key(out, key);
	do
		*--at = (char)('0' + value % 10);
	while (value /= 10);
	g_string_append_len(out, at, digits + sizeof digits - at);
}

void
retour_json_add_boolean(GString *out, const char *key, gboolean value)
{
	append_key(out, key);
	g_string_append(out, value ? "true" : "false");
}

void
retour_json_add_time(GString *out, const char *key, gint64 seconds)
{
	char buffer[RETOUR_TIME_SIZE];
	retour_json_add(out, key, retour_time_format(seconds, buffer));
}

void
retour_json_add_foreign(GString *out, const char *key, const char *value)
{
	if (!key || !*key || !value || !*value)
		return;
	append_key(out, NULL);
	append_string(out, key);
	g_string_append_c(out, ':');
	append_string(out, value);
}

const char *
retour_time_format(gint64 seconds, char buffer[RETOUR_TIME_SIZE])
{
	struct tm tm;
	time_t time = (time_t)seconds;
	if (seconds < 0 || seconds > LAST_SECOND || !gmtime_r(&time, &tm))
		return NULL;
	return strftime(buffer, RETOUR_TIME_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm) ? buffer : NULL;
}
