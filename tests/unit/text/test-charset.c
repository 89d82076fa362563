/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "text/charset-names.h"
#include "text/charset.h"
#include "text/utf8.h"

#include <string.h>

#define ROW(name, bytes, label, used, expected)                       \
	{                                                             \
		name, bytes, sizeof(bytes) - 1, label, used, expected \
	}

static void
test_decode(void **state)
{
	(void)state;
	/* clang-format off */
	const struct {
		const char *name, *bytes;
		gsize length;
		const char *label, *used, *expected;
	} rows[] = {
		ROW("ascii, no label",
		    "User unknown",
		    NULL, "us-ascii",
		    "User unknown"),
		ROW("ascii under any label",
		    "User unknown",
		    "koi8-r", "us-ascii",
		    "User unknown"),
		ROW("NUL is a space",
		    "a\000b",
		    NULL, "us-ascii",
		    "a b"),
		ROW("utf-8",
		    "Empf\303\244nger unbekannt, Postfach \303\274berf\303\274llt",
		    "utf-8", "utf-8",
		    "Empfänger unbekannt, Postfach überfüllt"),
		ROW("utf-8, no label",
		    "\343\203\246\343\203\274\343\202\266\343\203\274\343\201\214\350\246\213\343\201\244\343\201\213\343\202\212\343\201\276\343\201\233\343\202\223\343\200\202",
		    NULL, "utf-8",
		    "ユーザーが見つかりません。"),
		ROW("utf-8 labelled uft-8",
		    "Empf\303\244nger unbekannt, Postfach \303\274berf\303\274llt",
		    "uft-8", "utf-8",
		    "Empfänger unbekannt, Postfach überfüllt"),
		ROW("utf-8 labelled us-ascii",
		    "Empf\303\244nger unbekannt, Postfach \303\274berf\303\274llt",
		    "us-ascii", "utf-8",
		    "Empfänger unbekannt, Postfach überfüllt"),
		ROW("utf-8 labelled iso-8859-1",
		    "Empf\303\244nger unbekannt, Postfach \303\274berf\303\274llt",
		    "ISO-8859-1", "utf-8",
		    "Empfänger unbekannt, Postfach überfüllt"),
		ROW("utf-8 labelled iso-2022-jp",
		    "\343\203\246\343\203\274\343\202\266\343\203\274\343\201\214\350\246\213\343\201\244\343\201\213\343\202\212\343\201\276\343\201\233\343\202\223\343\200\202",
		    "iso-2022-jp", "utf-8",
		    "ユーザーが見つかりません。"),
		ROW("utf-8 labelled utf-16",
		    "Empf\303\244nger unbekannt, Postfach \303\274berf\303\274llt",
		    "utf-16", "utf-8",
		    "Empfänger unbekannt, Postfach überfüllt"),
		ROW("utf-8 with one bad byte",
		    "Empf\303\244nger unbekannt, Postfach \303\274berf\303\274llt\377",
		    "utf-8", "utf-8",
		    "Empfänger unbekannt, Postfach überfüllt\ufffd"),
		ROW("utf-8 cut inside a character",
		    "\343\203\246\343\203\274\343\202\266\343\203\274\343\201\214\350\246\213\343\201\244\343\201\213\343\202\212\343\201\276\343\201\233\343\202\223\343\200",
		    "utf-8", "utf-8",
		    "ユーザーが見つかりません\ufffd"),
		ROW("utf-8 cut, labelled iso-8859-1",
		    "\343\203\246\343\203\274\343\202\266\343\203\274\343\201\214\350\246\213\343\201\244\343\201\213\343\202\212\343\201\276\343\201\233\343\202\223\343",
		    "iso-8859-1", "utf-8",
		    "ユーザーが見つかりません\ufffd"),
		ROW("latin-1",
		    "Empf\344nger unbekannt, Postfach \374berf\374llt",
		    "iso-8859-1", "windows-1252",
		    "Empfänger unbekannt, Postfach überfüllt"),
		ROW("latin-1, no label",
		    "Empf\344nger unbekannt, Postfach \374berf\374llt",
		    NULL, "windows-1252",
		    "Empfänger unbekannt, Postfach überfüllt"),
		ROW("latin-1 labelled utf-8",
		    "Empf\344nger unbekannt, Postfach \374berf\374llt",
		    "utf-8", "windows-1252",
		    "Empfänger unbekannt, Postfach überfüllt"),
		ROW("latin-1 labelled us-ascii",
		    "Empf\344nger unbekannt, Postfach \374berf\374llt",
		    "us-ascii", "windows-1252",
		    "Empfänger unbekannt, Postfach überfüllt"),
		ROW("windows-1252 quotes labelled latin-1",
		    "\223unknown\224",
		    "iso-8859-1", "windows-1252",
		    "“unknown”"),
		ROW("windows-1252 without a character",
		    "a\201b",
		    NULL, "windows-1252",
		    "a\ufffdb"),
		ROW("latin-1 labelled shift_jis",
		    "\351 \340 \371 \350 ",
		    "shift_jis", "windows-1252",
		    "é à ù è "),
		ROW("iso-8859-2",
		    "Nieprawid\263owy u\277ytkownik",
		    "iso-8859-2", "iso-8859-2",
		    "Nieprawidłowy użytkownik"),
		ROW("iso-8859-15",
		    "10 \244",
		    "ISO_8859-15", "iso-8859-15",
		    "10 €"),
		ROW("iso-2022-jp",
		    "\033$B%f!<%6!<$,8+$D$+$j$^$;$s!#\033(B",
		    "iso-2022-jp", "iso-2022-jp",
		    "ユーザーが見つかりません。"),
		ROW("iso-2022-jp, no label",
		    "\033$B%f!<%6!<$,8+$D$+$j$^$;$s!#\033(B",
		    NULL, "iso-2022-jp",
		    "ユーザーが見つかりません。"),
		ROW("iso-2022-jp labelled shift_jis",
		    "\033$B%f!<%6!<$,8+$D$+$j$^$;$s!#\033(B",
		    "Shift_JIS", "iso-2022-jp",
		    "ユーザーが見つかりません。"),
		ROW("iso-2022-jp labelled us-ascii",
		    "\033$B%f!<%6!<$,8+$D$+$j$^$;$s!#\033(B",
		    "us-ascii", "iso-2022-jp",
		    "ユーザーが見つかりません。"),
		ROW("iso-2022-jp labelled utf-8",
		    "\033$B%f!<%6!<$,8+$D$+$j$^$;$s!#\033(B",
		    "utf-8", "iso-2022-jp",
		    "ユーザーが見つかりません。"),
		ROW("iso-2022-jp, escape in the label",
		    "\033$B%f!<%6!<$,8+$D$+$j$^$;$s!#\033(B",
		    "_iso-2022-jp$ESC", "iso-2022-jp",
		    "ユーザーが見つかりません。"),
		ROW("iso-2022-jp, half-width kana",
		    "\033(I6@\033(B.",
		    "iso-2022-jp", "iso-2022-jp",
		    "ｶﾀ."),
		ROW("iso-2022-jp, vendor row",
		    "\033$B-!\033(B",
		    "iso-2022-jp", "iso-2022-jp",
		    "①"),
		ROW("iso-2022-jp-2, Korean and Chinese",
		    "\033$(C0!\033$AWA\033(B",
		    "iso-2022-jp-2", "iso-2022-jp",
		    "가琢"),
		ROW("iso-2022-jp, line cut short",
		    "\033$B08@h\n550 User unknown",
		    "iso-2022-jp", "iso-2022-jp",
		    "宛先\n550 User unknown"),
		ROW("iso-2022-jp, set kept over the line end",
		    "\033$B08@h\nITL@\033(B.",
		    "iso-2022-jp", "iso-2022-jp",
		    "宛先\n不明."),
		ROW("iso-2022-jp beside utf-8",
		    "\033$B08@h\033(B: \303\251",
		    "iso-2022-jp", "iso-2022-jp",
		    "宛先: é"),
		ROW("h- iso-2022-jp, odd byte",
		    "\033$B0\033(B!",
		    "iso-2022-jp", "iso-2022-jp",
		    "\ufffd!"),
		ROW("escape of a terminal is no charset",
		    "\033[0m\033(Bok",
		    NULL, "us-ascii",
		    "\033[0m\033(Bok"),
		ROW("iso-2022-kr",
		    "\033$)C\016A8@gGOAv\017 \016>J4B\017 \016;g?k@Z@T4O4Y\017",
		    "iso-2022-kr", "iso-2022-kr",
		    "존재하지 않는 사용자입니다"),
		ROW("iso-2022-cn",
		    "\033$)A\016SC;'\017.",
		    "iso-2022-cn", "iso-2022-cn",
		    "用户."),
		ROW("shift_jis labelled iso-2022-jp",
		    "\203\206\201[\203U\201[\202\252\214\251\202\302\202\251\202\350\202\334\202\271\202\361\201B",
		    "iso-2022-jp", "shift_jis",
		    "ユーザーが見つかりません。"),
		ROW("shift_jis without kana labelled iso-2022-jp",
		    "\210\266\220\346\225s\226\276",
		    "iso-2022-jp", "shift_jis",
		    "宛先不明"),
		ROW("euc-jp labelled iso-2022-jp",
		    "\245\346\241\274\245\266\241\274\244\254\270\253\244\304\244\253\244\352\244\336\244\273\244\363\241\243",
		    "iso-2022-jp", "euc-jp",
		    "ユーザーが見つかりません。"),
		ROW("euc-jp without kana labelled iso-2022-jp",
		    "\260\270\300\350\311\324\314\300",
		    "iso-2022-jp", "euc-jp",
		    "宛先不明"),
		ROW("shift_jis",
		    "\203\206\201[\203U\201[\202\252\214\251\202\302\202\251\202\350\202\334\202\271\202\361\201B",
		    "x-sjis", "shift_jis",
		    "ユーザーが見つかりません。"),
		ROW("shift_jis, no label",
		    "\203\206\201[\203U\201[\202\252\214\251\202\302\202\251\202\350\202\334\202\271\202\361\201B",
		    NULL, "shift_jis",
		    "ユーザーが見つかりません。"),
		ROW("shift_jis with a bad byte",
		    "\203\206\201[\203U\201[\202\252\214\251\202\302\202\251\202\350\202\334\202\271\202\361\201B\377",
		    "cp932", "shift_jis",
		    "ユーザーが見つかりません。\ufffd"),
		ROW("euc-jp, no label",
		    "\245\346\241\274\245\266\241\274\244\254\270\253\244\304\244\253\244\352\244\336\244\273\244\363\241\243",
		    "unknown-8bit", "euc-jp",
		    "ユーザーが見つかりません。"),
		ROW("gb2312",
		    "\323\303\273\247\262\273\264\346\324\332,\323\312\274\376\316\336\267\250\315\266\265\335",
		    "gb2312", "gb18030",
		    "用户不存在,邮件无法投递"),
		ROW("gbk character labelled gb2312",
		    "\326\354\351F\273\371",
		    "gb2312", "gb18030",
		    "朱镕基"),
		ROW("gb2312, no label",
		    "\323\303\273\247\262\273\264\346\324\332,\323\312\274\376\316\336\267\250\315\266\265\335",
		    "x-unknown", "gb18030",
		    "用户不存在,邮件无法投递"),
		ROW("big5",
		    "\250\317\245\316\252\314\244\243\246s\246b",
		    "Big5", "big5",
		    "使用者不存在"),
		ROW("euc-kr",
		    "\301\270\300\347\307\317\301\366 \276\312\264\302 \273\347\277\353\300\332\300\324\264\317\264\331",
		    "ks_c_5601-1987", "euc-kr",
		    "존재하지 않는 사용자입니다"),
		ROW("euc-kr, no label",
		    "\301\270\300\347\307\317\301\366 \276\312\264\302 \273\347\277\353\300\332\300\324\264\317\264\331",
		    NULL, "euc-kr",
		    "존재하지 않는 사용자입니다"),
		ROW("koi8-r",
		    "\361\335\311\313 \320\317\314\330\332\317\327\301\324\305\314\321 \320\305\322\305\320\317\314\316\305\316",
		    "koi8-r", "koi8-r",
		    "Ящик пользователя переполнен"),
		ROW("koi8-r, no label",
		    "\361\335\311\313 \320\317\314\330\332\317\327\301\324\305\314\321 \320\305\322\305\320\317\314\316\305\316",
		    NULL, "koi8-r",
		    "Ящик пользователя переполнен"),
		ROW("windows-1251",
		    "\337\371\350\352 \357\356\353\374\347\356\342\340\362\345\353\377 \357\345\360\345\357\356\353\355\345\355",
		    "windows-1251", "windows-1251",
		    "Ящик пользователя переполнен"),
		ROW("windows-1251, no label",
		    "\337\371\350\352 \357\356\353\374\347\356\342\340\362\345\353\377 \357\345\360\345\357\356\353\355\345\355",
		    NULL, "windows-1251",
		    "Ящик пользователя переполнен"),
		ROW("windows-1251 labelled utf-8",
		    "\337\371\350\352 \357\356\353\374\347\356\342\340\362\345\353\377 \357\345\360\345\357\356\353\355\345\355",
		    "utf-8", "windows-1251",
		    "Ящик пользователя переполнен"),
		ROW("windows-1255 holds back its last letter",
		    "\371\354\345\355",
		    "windows-1255", "windows-1255",
		    "שלום"),
		ROW("utf-7",
		    "Empf+AOQ-nger +AOkA6A +- +2D3cqQ-",
		    "unicode-1-1-utf-7", "utf-7",
		    "Empfänger éè + 💩"),
		ROW("utf-7 that is plain",
		    "user+tag@example.com 1+1=2 C++",
		    "utf-7", "utf-7",
		    "user+tag@example.com 1+1=2 C++"),
		ROW("h- utf-7, half a surrogate pair",
		    "+2D0-x",
		    "utf-7", "utf-7",
		    "+2D0-x"),
		ROW("h- utf-7, no NUL",
		    "+AAA-x+",
		    "utf-7", "utf-7",
		    "+AAA-x+"),
		ROW("8-bit labelled utf-7",
		    "Empf\344nger unbekannt, Postfach \374berf\374llt",
		    "utf-7", "windows-1252",
		    "Empfänger unbekannt, Postfach überfüllt"),
		ROW("utf-16 with mark",
		    "\377\376a\000 \000\351\000",
		    "utf-16", "utf-16",
		    "a é"),
		ROW("utf-16le",
		    "a\000 \000\351\000",
		    "utf-16le", "utf-16le",
		    "a é"),
		ROW("ascii labelled utf-16be",
		    "User unknown",
		    "utf-16be", "us-ascii",
		    "User unknown"),
	};
	/* clang-format on */
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GString) out = g_string_new("kept ");
		const char *used =
		        retour_text_decode(rows[i].bytes, rows[i].length, rows[i].label, out);
		if (strcmp(out->str + 5, rows[i].expected) != 0 || strlen(out->str) != out->len)
			fail_msg("%s: got \"%s\"", rows[i].name, out->str + 5);
		if (strcmp(used, rows[i].used) != 0)
			fail_msg("%s: read as %s", rows[i].name, used);
	}
}

static void
test_repair(void **state)
{
	(void)state;
	/* clang-format off */
	const struct {
		const char *name, *bytes;
		gsize length;
		const char *label, *used, *expected;
	} rows[] = {
		ROW("nothing", "", NULL, NULL, ""),
		ROW("ascii", "User unknown, 550 5.1.1", NULL, NULL, "User unknown, 550 5.1.1"),
		ROW("valid", "Empf\u00e4nger \u5b9b\U0001f4a9", NULL, NULL, "Empf\u00e4nger \u5b9b\U0001f4a9"),
		ROW("NULs", "\0a\0\0b12345678\0", NULL, NULL, " a  b12345678 "),
		ROW("one for a run", "a\377\376\377b", NULL, NULL, "a\ufffdb"),
		ROW("overlong", "a\300\257b\340\200\257c", NULL, NULL, "a\ufffdb\ufffdc"),
		ROW("surrogate", "a\355\240\200b", NULL, NULL, "a\ufffdb"),
		ROW("beyond Unicode", "a\364\220\200\200b", NULL, NULL, "a\ufffdb"),
		ROW("cut at the end", "abc\360\237\222", NULL, NULL, "abc\ufffd"),
		ROW("cut by a letter", "\343\201abc", NULL, NULL, "\ufffd" "abc"),
		ROW("bad between good", "\303\251\303\303\251", NULL, NULL, "\u00e9\ufffd\u00e9"),
	};
	/* clang-format on */
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GString) out = g_string_new("kept ");
		retour_text_repair(rows[i].bytes, rows[i].length, out);
		if (strcmp(out->str + 5, rows[i].expected) != 0 || strlen(out->str) != out->len)
			fail_msg("%s: got \"%s\"", rows[i].name, out->str + 5);
	}
}

/* What must hold for any bytes under any label. */
static void
check_any(const char *name, const char *bytes, gsize length, const char *label)
{
	g_autofree char *exact = g_memdup2(bytes, length);
	g_autoptr(GString) out = g_string_new(NULL);
	const char *used = retour_text_decode(exact, length, label, out);
	if (!used || !g_utf8_validate_len(out->str, out->len, NULL))
		fail_msg("%s under %s: not valid", name, label);
	if (out->len > length * 8 + 8)
		fail_msg("%s under %s: %zu bytes of %zu", name, label, out->len, length);
}

/* Random bytes of several kinds under each known label, and under none. */
static void
test_random(void **state)
{
	(void)state;
	static const char *const alphabets[] = {
		NULL, /* any byte */
		"\x1b$B$A()IJ@O0a\n\x0e\x0f\x80\xe9",
		"\xa4\xa5\xb0\x82\x83\x9f\xe3\x81\x8e\x8f~@",
		"+-AaQz/=&\xc3",
		"\xd8\xdc\xfe\xff a",
		"\x81\x30\x84\x39\xfe\xfd\x88\x62\xe2\x82",
	};
	g_autoptr(GRand) rand = g_rand_new_with_seed(1);
	for (guint i = 0; i <= retour_n_charsets; i++) {
		const char *label = i < retour_n_charsets ? retour_charsets[i].name : NULL;
		for (guint round = 0; round < 300; round++) {
			const char *alphabet = alphabets[round % G_N_ELEMENTS(alphabets)];
			char bytes[64];
			gsize length = (gsize)g_rand_int_range(rand, 0, sizeof(bytes));
			for (gsize j = 0; j < length; j++) {
				guint32 number = g_rand_int(rand);
				bytes[j] = alphabet ? alphabet[number % strlen(alphabet)]
				                    : (char)number;
			}
			check_any("random", bytes, length, label);
		}
	}
}

/* A text as long as is ever decoded (RETOUR_LIMIT_TEXT) of each: ctest's time limit is the judge.
 */
static void
test_hostile(void **state)
{
	(void)state;
	static const char *const pieces[] = {
		"\x1b",        "\x1b$B",       "\x1b$B\n", "\x1b$)C\x0e", "\x1b$B\x1b(B",
		"\x1b$B$\"\n", "\x1b(I1\n",    "+",        "+A",          "+2D0-",
		"\xff",        "\xe3\x81",     "\x81",     "\xc3",        "\xe3\x81\x82\xff",
		"\x8f\xa1",    "\x84\x31\x81", "\377a",    "\xfe\xff",    "\xa4\xa2\xff",
	};
	static const char *const labels[] = { "utf-8", "iso-2022-jp", "shift_jis", "gb18030",
		                              "utf-7", "iso-8859-1",  "euc-jp",    NULL };
	for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
		g_autoptr(GString) text = g_string_new(NULL);
		while (text->len < 256 * 1024)
			g_string_append(text, pieces[i]);
		for (gsize j = 0; j < G_N_ELEMENTS(labels); j++)
			check_any(pieces[i], text->str, text->len, labels[j]);
	}
	g_autoptr(GString) nuls = g_string_new(NULL);
	g_string_set_size(nuls, 1 << 20);
	memset(nuls->str, '\0', nuls->len);
	check_any("NULs", nuls->str, nuls->len, "utf-16");
	check_any("NULs", nuls->str, nuls->len, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_repair),
		cmocka_unit_test(test_decode),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_hostile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
