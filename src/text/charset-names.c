/* SPDX-License-Identifier: BSD-2-Clause */
#include "text/charset-names.h"

#include <string.h>

#define ASCII RETOUR_CHARSET_ASCII
#define SINGLE RETOUR_CHARSET_SINGLE
#define MULTI RETOUR_CHARSET_MULTI
#define WIDE RETOUR_CHARSET_WIDE
#define ISO_2022 RETOUR_CHARSET_ISO_2022

/*
 * The usual ones first. A superset stands for its subset wherever mail uses the names alike (WHATWG
 * Encoding Standard 4.2): windows-1252 for ISO-8859-1, GB18030 for GB2312 and GBK, CP932 for
 * Shift_JIS, CP949 for EUC-KR.
 */
/* clang-format off */
const RetourCharset retour_charsets[] = {
	{ "utf-8", NULL, RETOUR_CHARSET_UTF_8,
	  " utf8 uft8 utf unicode11utf8 unicode20utf8 unicode utf8mb4 utf8bom cp65001 "
	  "unicodeutf8 " },
	{ "us-ascii", NULL, ASCII,
	  " usascii ascii ansix341968 ansix341986 iso646us iso646irv1991 us cp367 ibm367 "
	  "csascii isoir6 7bit 8bit "
	  "unknown8bit unknown xunknown default defaultcharset none charset xuserdefined "
	  "userdefined binary usaskey fakescii7 " },
	{ "windows-1252", NULL, SINGLE,
	  " windows1252 iso88591 latin1 l1 cp1252 xcp1252 win1252 ansi cp819 ibm819 isoir100 "
	  "iso885911987 "
	  "isolatin1 xansi 88591 csisolatin1 iso8859 xsunlatin1 iso88591windows1252 " },
	{ "iso-2022-jp", NULL, ISO_2022,
	  " iso2022jp iso2022jp1 iso2022jp2 iso2022jp3 iso2022jp2004 iso2022jpms cp50220 "
	  "cp50221 cp50222 csiso2022jp "
	  "csiso2022jp2 jis xjis jiscode iso2022 " },
	{ "iso-2022-kr", NULL, ISO_2022, " iso2022kr csiso2022kr " },
	{ "iso-2022-cn", NULL, ISO_2022, " iso2022cn iso2022cnext " },
	{ "utf-7", NULL, RETOUR_CHARSET_UTF_7,
	  " utf7 unicode11utf7 unicode20utf7 csunicode11utf7 cp65000 " },
	{ "shift_jis", "CP932", MULTI,
	  " shiftjis sjis xsjis mskanji csshiftjis cp932 ms932 windows31j cswindows31j "
	  "win31j xmscp932 shiftjisx0213 pck xpck " },
	{ "euc-jp", "EUC-JP-MS", MULTI,
	  " eucjp xeucjp ujis cseucpkdfmtjapanese eucjpms eucjpwin cp51932 "
	  "extendedunixcodepackedformatforjapanese " },
	{ "gb18030", NULL, MULTI,
	  " gb18030 gb2312 gbk xgbk cp936 ms936 windows936 euccn gb231280 csgb2312 "
	  "iso58gb231280 chinese xeuccn gb "
	  "gb23121980 csgb18030 csgbk gb18030new " },
	{ "big5", "BIG5-HKSCS", MULTI,
	  " big5 big5hkscs csbig5 cp950 ms950 windows950 xxbig5 xbig5 cnbig5 big5eten big5et "
	  "chinesebig5 " },
	{ "euc-kr", "CP949", MULTI,
	  " euckr ksc56011987 ksc56011989 ksc5601 ks5601 ks5601c ks56011987 cp949 ms949 "
	  "windows949 uhc korean cseuckr isoir149 "
	  "ksc5601992 xwindows949 " },
	{ "johab", NULL, MULTI, " johab cp1361 ms1361 " },
	{ "euc-tw", NULL, MULTI, " euctw xeuctw cns11643 " },
	{ "iso-8859-2", NULL, SINGLE, " iso88592 latin2 l2 isoir101 csisolatin2 iso885921987 " },
	{ "iso-8859-3", NULL, SINGLE, " iso88593 latin3 l3 isoir109 " },
	{ "iso-8859-4", NULL, SINGLE, " iso88594 latin4 l4 isoir110 " },
	{ "iso-8859-5", NULL, SINGLE, " iso88595 cyrillic isoir144 csisolatincyrillic " },
	{ "iso-8859-6", NULL, SINGLE,
	  " iso88596 arabic isoir127 ecma114 asmo708 iso88596i iso88596e csisolatinarabic " },
	{ "iso-8859-7", NULL, SINGLE,
	  " iso88597 greek greek8 isoir126 ecma118 elot928 csisolatingreek " },
	{ "iso-8859-8", NULL, SINGLE,
	  " iso88598 iso88598i iso88598e hebrew isoir138 visual logical csisolatinhebrew " },
	{ "windows-1254", "CP1254", SINGLE,
	  " windows1254 cp1254 iso88599 latin5 l5 isoir148 turkish csisolatin5 " },
	{ "iso-8859-10", NULL, SINGLE, " iso885910 latin6 l6 isoir157 " },
	{ "windows-874", "CP874", SINGLE,
	  " windows874 cp874 iso885911 tis620 tis6200 thai tis6202533 " },
	{ "iso-8859-13", NULL, SINGLE, " iso885913 latin7 l7 baltic " },
	{ "iso-8859-14", NULL, SINGLE, " iso885914 latin8 l8 celtic " },
	{ "iso-8859-15", NULL, SINGLE, " iso885915 latin9 latin0 l9 csisolatin9 " },
	{ "iso-8859-16", NULL, SINGLE, " iso885916 latin10 l10 " },
	{ "windows-1250", "CP1250", SINGLE, " windows1250 cp1250 xcp1250 win1250 " },
	{ "windows-1251", "CP1251", SINGLE, " windows1251 cp1251 xcp1251 win1251 win " },
	{ "windows-1253", "CP1253", SINGLE, " windows1253 cp1253 win1253 " },
	{ "windows-1255", "CP1255", SINGLE, " windows1255 cp1255 win1255 " },
	{ "windows-1256", "CP1256", SINGLE, " windows1256 cp1256 win1256 " },
	{ "windows-1257", "CP1257", SINGLE, " windows1257 cp1257 win1257 " },
	{ "windows-1258", "CP1258", SINGLE, " windows1258 cp1258 win1258 " },
	{ "koi8-r", NULL, SINGLE, " koi8r koi8 koi koi8rru cskoi8r koi8re " },
	{ "koi8-u", NULL, SINGLE, " koi8u koi8ru " },
	{ "koi8-t", NULL, SINGLE, " koi8t " },
	{ "ibm866", NULL, SINGLE, " ibm866 cp866 866 dos866 " },
	{ "ibm437", NULL, SINGLE, " ibm437 cp437 437 dos437 " },
	{ "ibm850", NULL, SINGLE, " ibm850 cp850 850 dos850 " },
	{ "ibm852", NULL, SINGLE, " ibm852 cp852 852 dos852 " },
	{ "ibm855", NULL, SINGLE, " ibm855 cp855 855 " },
	{ "ibm857", NULL, SINGLE, " ibm857 cp857 857 " },
	{ "ibm862", NULL, SINGLE, " ibm862 cp862 862 dos862 " },
	{ "ibm864", NULL, SINGLE, " ibm864 cp864 864 " },
	{ "macintosh", NULL, SINGLE, " macintosh mac xmacroman macroman xmac " },
	{ "viscii", NULL, SINGLE, " viscii viscii111 csviscii " },
	{ "tcvn", NULL, SINGLE, " tcvn tcvn5712 tcvn57121 vn1 " },
	{ "armscii-8", NULL, SINGLE, " armscii8 " },
	{ "georgian-ps", NULL, SINGLE, " georgianps " },
	{ "pt154", NULL, SINGLE, " pt154 ptcp154 cp154 cyrillicasian " },
	{ "utf-16", NULL, WIDE, " utf16 unicodefeff csutf16 " },
	{ "utf-16le", NULL, WIDE, " utf16le ucs2le unicodelittle cp1200 " },
	{ "utf-16be", NULL, WIDE, " utf16be ucs2 iso10646ucs2 ucs2be unicodefffe cp1201 " },
	{ "utf-32", NULL, WIDE, " utf32 ucs4 iso10646ucs4 " },
	{ "utf-32le", NULL, WIDE, " utf32le ucs4le " },
	{ "utf-32be", NULL, WIDE, " utf32be ucs4be " },
};
/* clang-format on */
const guint retour_n_charsets = G_N_ELEMENTS(retour_charsets);

/* Room for the longest key and for the rubbish that is seen around labels. */
#define KEY_ROOM 64
/* A key shorter than this is too common a beginning to recognise a label by. */
#define KEY_PREFIX 4

/* Seen in front of labels: quoted-printable of the '=' before them, the parameter's own name. */
static const char *const leads[] = { "charset", "3d22", "3d" };

/* Letters in lower case and digits of @label with a space at either end, as the keys are written;
 * FALSE if none. */
static gboolean
label_to_key(const char *label, char key[KEY_ROOM])
{
	gsize used = 0;
	key[used++] = ' ';
	for (const char *c = label; *c && used < KEY_ROOM - 2; c++)
		if (g_ascii_isalnum(*c))
			key[used++] = g_ascii_tolower(*c);
	key[used] = '\0';
	for (guint i = 0; i < G_N_ELEMENTS(leads); i++) {
		gsize length = strlen(leads[i]);
		if (used > length + 1 && strncmp(key + 1, leads[i], length) == 0) {
			memmove(key + 1, key + 1 + length, used - length);
			used -= length;
		}
	}
	key[used] = ' ';
	key[used + 1] = '\0';
	return used > 1;
}

/* "utf8contenttransferencoding", "iso2022jpesc": length of the longest of @keys that @key begins
 * with. */
static gsize
prefix_length(const char *keys, const char *key)
{
	gsize best = 0;
	for (const char *at = keys + 1; *at;) {
		gsize length = strcspn(at, " ");
		if (length >= KEY_PREFIX && length > best && strncmp(at, key + 1, length) == 0)
			best = length;
		at += length + 1;
	}
	return best;
}

const RetourCharset *
retour_charset_lookup(const char *label)
{
	char key[KEY_ROOM];
	if (!label || !label_to_key(label, key))
		return NULL;
	for (guint i = 0; i < retour_n_charsets; i++)
		if (strstr(retour_charsets[i].keys, key))
			return &retour_charsets[i];
	const RetourCharset *found = NULL;
	gsize best = 0;
	for (guint i = 0; i < retour_n_charsets; i++) {
		gsize length = prefix_length(retour_charsets[i].keys, key);
		if (length > best) {
			best = length;
			found = &retour_charsets[i];
		}
	}
	return found;
}
