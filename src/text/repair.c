/* SPDX-License-Identifier: BSD-2-Clause */
#include "text/charset.h"
#include "text/utf8.h"

/* Bytes from @at that belong to valid characters above ASCII. */
static gsize
wide_length(const char *bytes, gsize length)
{
	gsize at = 0, step;
	while (at < length && (guchar)bytes[at] >= 0x80 &&
	       (step = retour_utf8_length(bytes + at, length - at)) > 0)
		at += step;
	return at;
}

static gsize
invalid_length(const char *bytes, gsize length)
{
	gsize at = 0;
	while (at < length && retour_utf8_length(bytes + at, length - at) == 0)
		at++;
	return at;
}

void
retour_text_repair(const char *bytes, gsize length, GString *out)
{
	gsize at = 0;
	while (at < length) {
		const char *rest = bytes + at;
		gsize good = retour_ascii_length(rest, length - at);
		good += wide_length(rest + good, length - at - good);
		if (good > 0)
			g_string_append_len(out, rest, (gssize)good);
		at += good;
		if (at < length && bytes[at] == '\0') {
			g_string_append_c(out, ' ');
			at++;
			continue;
		}
		gsize bad = invalid_length(bytes + at, length - at);
		if (bad > 0)
			g_string_append(out, RETOUR_REPLACEMENT);
		at += bad;
	}
}
