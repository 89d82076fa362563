/* SPDX-License-Identifier: BSD-2-Clause */
#include "text/guess.h"

#include "text/utf8.h"

/* What a text would be, read as one of the two-byte charsets. */
typedef struct {
	gboolean valid; /* every byte fits; a character cut off by the end does too */
	gsize pairs;    /* two-byte characters */
	gsize kana;     /* of these, hiragana and katakana: no Japanese sentence without */
	gsize symbols;  /* of these, punctuation and full-width letters */
	gsize hangul;   /* of these, in the rows of Korean syllables: B0 to C8 of KS X 1001 */
	gsize hanzi;  /* of these, in the rows of common Chinese characters: B0 to D7 of GB 2312 */
	gsize halves; /* half-width katakana, one byte each */
} Pairs;

static gboolean
within(guchar byte, guchar low, guchar high)
{
	return byte >= low && byte <= high;
}

static Pairs
read_shift_jis(const guchar *bytes, gsize length)
{
	Pairs pairs = { .valid = TRUE };
	for (gsize at = 0; at < length; at++) {
		at += retour_ascii_length((const char *)bytes + at, length - at);
		if (at == length)
			break;
		guchar lead = bytes[at];
		if (lead < 0x80)
			continue;
		if (within(lead, 0xA1, 0xDF)) {
			pairs.halves++;
			continue;
		}
		if (!within(lead, 0x81, 0x9F) && !within(lead, 0xE0, 0xFC))
			return (Pairs){ .valid = FALSE };
		if (++at == length)
			break;
		guchar trail = bytes[at];
		if (!within(trail, 0x40, 0x7E) && !within(trail, 0x80, 0xFC))
			return (Pairs){ .valid = FALSE };
		pairs.pairs++;
		pairs.kana += (lead == 0x82 && within(trail, 0x9F, 0xF1)) ||
		              (lead == 0x83 && within(trail, 0x40, 0x96));
	}
	return pairs;
}

static void
count_euc(Pairs *pairs, guchar lead)
{
	pairs->pairs++;
	pairs->kana += lead == 0xA4 || lead == 0xA5;
	pairs->symbols += lead < 0xA4;
	pairs->hangul += within(lead, 0xB0, 0xC8);
	pairs->hanzi += within(lead, 0xB0, 0xD7);
}

/* EUC-JP, EUC-KR and EUC-CN: two bytes with the top bit; Japanese has single shifts beside them. */
static Pairs
read_euc(const guchar *bytes, gsize length)
{
	Pairs pairs = { .valid = TRUE };
	for (gsize at = 0; at < length; at++) {
		at += retour_ascii_length((const char *)bytes + at, length - at);
		if (at == length)
			break;
		guchar lead = bytes[at];
		if (lead < 0x80)
			continue;
		gsize trails = lead == 0x8F ? 2 : 1;
		if (lead != 0x8E && lead != 0x8F && !within(lead, 0xA1, 0xFE))
			return (Pairs){ .valid = FALSE };
		for (; trails > 0 && at + 1 < length; trails--)
			if (!within(bytes[++at], 0xA1, 0xFE))
				return (Pairs){ .valid = FALSE };
		if (trails == 0 && lead >= 0xA1)
			count_euc(&pairs, lead);
	}
	return pairs;
}

/* Cyrillic: nearly all bytes above 127 are letters, 0xC0 to 0xFF and io, in runs as long as words.
 * KOI8 has the small letters first, windows-1251 last; a text has more small ones than capitals. */
static const char *
guess_cyrillic(const guchar *bytes, gsize length)
{
	gsize high = 0, letters = 0, runs = 0, first = 0, last = 0;
	for (gsize at = 0; at < length; at++) {
		at += retour_ascii_length((const char *)bytes + at, length - at);
		if (at == length)
			break;
		guchar byte = bytes[at];
		high += byte >= 0x80;
		runs += byte >= 0x80 && (at == 0 || bytes[at - 1] < 0x80);
		first += within(byte, 0xC0, 0xDF) || byte == 0xA3;
		last += within(byte, 0xE0, 0xFF) || byte == 0xB8;
	}
	letters = first + last;
	if (letters < 4 || letters * 10 < high * 9 || letters * 2 < runs * 5)
		return NULL;
	return first > last ? "koi8r" : "windows1251";
}

const char *
retour_charset_guess(const char *bytes, gsize length, gboolean japanese)
{
	const guchar *text = (const guchar *)bytes;
	Pairs euc = read_euc(text, length);
	Pairs sjis = read_shift_jis(text, length);
	if (euc.pairs >= 2 && euc.kana * 8 >= euc.pairs)
		return "eucjp";
	if (sjis.pairs >= 2 && sjis.kana * 8 >= sjis.pairs)
		return "shiftjis";
	/* Text in EUC reads as a row of half-width katakana in Shift_JIS. */
	if (japanese && euc.valid && (!sjis.valid || sjis.halves > sjis.pairs))
		return "eucjp";
	if (japanese && sjis.valid)
		return "shiftjis";
	const char *cyrillic = guess_cyrillic(text, length);
	if (cyrillic)
		return cyrillic;
	if (euc.pairs >= 2 && euc.hangul > 0 && euc.hangul * 10 >= (euc.pairs - euc.symbols) * 9)
		return "euckr";
	if (euc.pairs >= 2 && euc.hanzi * 2 >= euc.pairs)
		return "gb18030";
	return NULL;
}
