/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/card.h"

#include <stdarg.h>
#include <string.h>

#define WIDTH 88
#define LABEL 12

/* Controls, and format characters that turn the direction of reading. */
static gunichar
neutral(gunichar c)
{
	GUnicodeType type = g_unichar_type(c);
	return type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT ? 0xfffd : c;
}

static guint
add_word(GString *card, const char *word, const char *end)
{
	guint cells = 0;
	for (; word < end; word = g_utf8_next_char(word)) {
		gunichar c = neutral(g_utf8_get_char(word));
		g_string_append_unichar(card, c);
		cells += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
	}
	return cells;
}

static void
add_spaces(GString *card, guint n)
{
	for (guint i = 0; i < n; i++)
		g_string_append_c(card, ' ');
}

static gboolean
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* One paragraph whose lines begin at @indent, where the output stands already. */
static void
add_wrapped(GString *card, const char *text, guint indent)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	guint at = indent;
	for (const char *word = valid; *word;) {
		if (is_blank(*word)) {
			word++;
			continue;
		}
		const char *end = word;
		while (*end && !is_blank(*end))
			end++;
		if (at > indent && at + 1 + (guint)g_utf8_strlen(word, end - word) > WIDTH) {
			g_string_append_c(card, '\n');
			add_spaces(card, indent);
			at = indent;
		} else if (at > indent) {
			g_string_append_c(card, ' ');
			at++;
		}
		at += add_word(card, word, end);
		word = end;
	}
	g_string_append_c(card, '\n');
}

void
retour_card_add_title(GString *card, const char *text)
{
	add_wrapped(card, text, 0);
}

void
retour_card_add(GString *card, const char *label, const char *text)
{
	if (!text || !*text)
		return;
	g_string_append_printf(card, "  %-*s ", LABEL, label);
	add_wrapped(card, text, LABEL + 3);
}

void
retour_card_add_format(GString *card, const char *label, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	retour_card_add(card, label, text);
}
