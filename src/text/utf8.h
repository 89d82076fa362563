/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>
#include <string.h>

#define RETOUR_REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

/* Has its top bits set where one of the eight bytes is NUL (it borrows) or above 127. */
static inline guint64
retour_ascii_marks(const char *bytes)
{
	guint64 word;
	memcpy(&word, bytes, sizeof(word));
	return (word - G_GUINT64_CONSTANT(0x0101010101010101)) | word;
}

/* Length of the run of plain ASCII (no NUL, no 8-bit byte) at the start of @bytes. Thirty-two bytes
 * at a time: nearly all mail is such a run from end to end. */
static inline gsize
retour_ascii_length(const char *bytes, gsize length)
{
	const guint64 tops = G_GUINT64_CONSTANT(0x8080808080808080);
	gsize at = 0;
	for (; at + 32 <= length; at += 32) {
		const char *block = bytes + at;
		guint64 marks = retour_ascii_marks(block) | retour_ascii_marks(block + 8) |
		                retour_ascii_marks(block + 16) | retour_ascii_marks(block + 24);
		if (marks & tops)
			break;
	}
	while (at + 8 <= length && !(retour_ascii_marks(bytes + at) & tops))
		at += 8;
	while (at < length && bytes[at] != '\0' && (guchar)bytes[at] < 0x80)
		at++;
	return at;
}

/* Length of the valid UTF-8 character (RFC 3629: no overlong form, no surrogate) at the start of
 * @bytes, 0 if none. */
static inline gsize
retour_utf8_length(const char *bytes, gsize length)
{
	const guchar *byte = (const guchar *)bytes;
	if (length == 0)
		return 0;
	guchar lead = byte[0];
	if (lead < 0x80)
		return 1;
	gsize need = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
	if (lead < 0xC2 || lead > 0xF4 || length < need)
		return 0;
	guchar low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
	guchar high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
	if (byte[1] < low || byte[1] > high)
		return 0;
	for (gsize i = 2; i < need; i++)
		if ((byte[i] & 0xC0) != 0x80)
			return 0;
	return need;
}
