/* SPDX-License-Identifier: BSD-2-Clause */
#include "emit/character.h"

#include <string.h>

#define REPLACEMENT 0xfffd

/* The character at @at, or REPLACEMENT with *@valid FALSE. */
static gunichar
peek(const char *at, const char *end, gboolean *valid)
{
	gunichar c = g_utf8_get_char_validated(at, end - at);
	*valid = c < (gunichar)-2;
	return *valid ? c : REPLACEMENT;
}

gunichar
retour_character_next(const char **at, const char *end)
{
	const char *p = *at;
	if ((guchar)*p < 0x80) {
		*at = p + 1;
		return (guchar)*p;
	}
	gboolean valid;
	gunichar c = peek(p, end, &valid);
	if (valid) {
		*at = p + g_utf8_skip[(guchar)*p];
		return c;
	}
	while (!valid && ++p < end)
		(void)peek(p, end, &valid);
	*at = p;
	return REPLACEMENT;
}

gboolean
retour_character_is_control(gunichar c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
}

void
retour_character_append_line(GString *out, const char *text, gsize limit)
{
	const char *end = text + strlen(text);
	gsize start = out->len;
	while (text < end) {
		gunichar c = retour_character_next(&text, end);
		gsize length = out->len;
		if (retour_character_is_control(c))
			g_string_append_c(out, ' ');
		else
			g_string_append_unichar(out, c);
		if (limit && out->len - start > limit) {
			g_string_truncate(out, length);
			return;
		}
	}
}
