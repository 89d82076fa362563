/* SPDX-License-Identifier: BSD-2-Clause */
#include "text/utf-7.h"

#include <string.h>

#include "text/charset.h"

static int
base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static gsize
base64_length(const char *bytes, gsize length)
{
	gsize at = 0;
	while (at < length && base64_value(bytes[at]) >= 0)
		at++;
	return at;
}

typedef struct {
	GString *out;
	gunichar high; /* first half of a surrogate pair, or 0 */
} Units;

static gboolean
units_append(Units *units, gunichar unit)
{
	if (unit >= 0xD800 && unit < 0xDC00 && !units->high) {
		units->high = unit;
		return TRUE;
	}
	gboolean low = unit >= 0xDC00 && unit < 0xE000;
	if (low != (units->high != 0) || unit == 0 || (!low && unit >= 0xD800 && unit < 0xE000))
		return FALSE;
	if (low)
		unit = 0x10000 + ((units->high - 0xD800) << 10) + (unit - 0xDC00);
	units->high = 0;
	g_string_append_unichar(units->out, unit);
	return TRUE;
}

/* @run is what stands between '+' and its end. FALSE and nothing appended unless it is whole UTF-16
 * units, and nothing but zero bits (fewer than six) beyond them. */
static gboolean
shifted_append(const char *run, gsize length, GString *out)
{
	Units units = { out, 0 };
	gsize start = out->len;
	guint32 bits = 0;
	guint n_bits = 0;
	gboolean good = length > 0;
	for (gsize at = 0; good && at < length; at++) {
		bits = bits << 6 | (guint32)base64_value(run[at]);
		n_bits += 6;
		if (n_bits >= 16) {
			n_bits -= 16;
			good = units_append(&units, bits >> n_bits & 0xFFFF);
			bits &= (1u << n_bits) - 1;
		}
	}
	if (good && n_bits < 6 && bits == 0 && !units.high && out->len > start)
		return TRUE;
	g_string_truncate(out, start);
	return FALSE;
}

void
retour_utf_7_decode(const char *bytes, gsize length, GString *out)
{
	for (gsize at = 0; at < length;) {
		const char *plus = memchr(bytes + at, '+', length - at);
		gsize plain = plus ? (gsize)(plus - bytes) - at : length - at;
		retour_text_repair(bytes + at, plain, out);
		at += plain;
		if (!plus)
			break;
		gsize run = base64_length(plus + 1, length - at - 1);
		char next = at + 1 + run < length ? bytes[at + 1 + run] : '\0';
		/* "user+tag@example.com" in a text that is only said to be UTF-7: encoders shift
		 * the '@' too. */
		gboolean decoded = next != '@' && shifted_append(plus + 1, run, out);
		if (run == 0 && next == '-')
			g_string_append_c(out, '+');
		else if (!decoded)
			g_string_append_len(out, plus, (gssize)run + 1);
		at += 1 + run + ((run == 0 || decoded) && next == '-');
	}
}
