/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "text/html.h"

#include <string.h>

typedef struct {
	const char *html, *expected;
} Row;

static void
check(const Row *rows, gsize n)
{
	for (gsize i = 0; i < n; i++) {
		g_autoptr(GString) out = g_string_new("kept ");
		retour_text_from_html(rows[i].html, strlen(rows[i].html), out);
		if (strcmp(out->str + 5, rows[i].expected) != 0 || strlen(out->str) != out->len)
			fail_msg("%s: got \"%s\"", rows[i].html, out->str + 5);
	}
}

static void
test_flow(void **state)
{
	(void)state;
	const Row rows[] = {
		{ "", "" },
		{ "plain", "plain" },
		{ "  a \t\r\n b  ", "a b" },
		{ "<p>one</p><p>two</p>", "one\ntwo\n" },
		{ "<P CLASS=x>one<DIV>two", "one\ntwo" },
		{ "<p> one </p> <p> two</p>", "one\ntwo\n" },
		{ "a<br>b<br/><BR />c", "a\nb\n\nc" },
		{ "a <b>b</b><i>c</i> d", "a bc d" },
		{ "<table><tr><td>a</td><td>b</td></tr><tr><th>c</table>", "a b\nc\n" },
		{ "<ul><li>a<li>b</ul>", "a\nb\n" },
		{ "<pre>a\n  b\r\n\nc</pre>d\ne", "a\nb\n\nc\nd e" },
		{ "a&nbsp;&nbsp; b\u00a0c", "a b c" },
		{ "\u00c4\u00a9", "\u00c4\u00a9" },
		{ "<a href=\"mailto:x@y\">z@w</a>", "z@w" },
	};
	check(rows, G_N_ELEMENTS(rows));
}

static void
test_entities(void **state)
{
	(void)state;
	const Row rows[] = {
		{ "&lt;user@example.com&gt;", "<user@example.com>" },
		{ "&amp;lt;", "&lt;" },
		{ "Empf&auml;nger &uuml&ouml", "Empf\u00e4nger \u00fc\u00f6" },
		{ "&AElig;&zwnj;&thetasym;&apos;&quot;", "\u00c6\u200c\u03d1'\"" },
		{ "&#38;&#x26;&#X41;&#65", "&&AA" },
		{ "&#8217;&#x1F4A9;", "\u2019\U0001f4a9" },
		{ "&#146;&#150;&#x80;", "\u2019\u2013\u20ac" },
		{ "&#0;&#xD800;&#x110000;&#99999999999999999999;", "\ufffd\ufffd\ufffd\ufffd" },
		{ "&#;&#x;&#xg;&;& &&&unknown;&l;", "&#;&#x;&#xg;&;& &&&unknown;&l;" },
		{ "AT&T R&D&", "AT&T R&D&" },
		{ "&thetasymthetasym;", "&thetasymthetasym;" },
		{ "a&#32;&#9;b", "a b" },
	};
	check(rows, G_N_ELEMENTS(rows));
}

static void
test_markup(void **state)
{
	(void)state;
	const Row rows[] = {
		{ "a<!-- <b> -- > -->b", "ab" },
		{ "a<!-->b<!--->c", "abc" },
		{ "a<!-- open <b>b", "ab" },
		{ "<!DOCTYPE html><?xml version=\"1.0\"?>a", "a" },
		{ "<![CDATA[a & b]]>c ]] d", "a & bc ]] d" },
		{ "a]]>b", "a]]>b" },
		{ "<![if !mso]>a<![endif]>", "a" },
		{ "<head><title>T</title><style>p{}</style><script>if(a<b)\"</b>\"</script></"
		  "head>a",
		  "a" },
		{ "<SCRIPT>x</Script >a", "a" },
		{ "<style>no end", "no end" },
		{ "<p title=\"a>b\" x='c>d'>e", "e" },
		{ "<p title = \"a>b\">e", "e" },
		{ "<p title=\"a>b", "b" },
		{ "<p \"x>y\">z", "y\">z" },
		{ "a < b <3 <> <", "a < b <3 <> <" },
		{ "a <b and no end", "a" },
		{ "a </ b>c</>d", "a cd" },
		{ "<user@example.com>: host", "<user@example.com>: host" },
		{ "<b><user@example.com></b>", "<user@example.com>" },
		{ "<mailto:user@example.com>", "<mailto:user@example.com>" },
		{ "<a@b c>x", "x" },
		{ "<a href=x@y>x", "x" },
		{ "<o:p>x</o:p>", "x" },
		{ "<link>a<linkx>b<paragraph>c", "abc" },
	};
	check(rows, G_N_ELEMENTS(rows));
}

/* A megabyte of each must come back soon, and valid: ctest's time limit is the judge. */
static void
test_hostile(void **state)
{
	(void)state;
	const char *const pieces[] = {
		"<",         "&",         "&#",        "<!--",
		"<a \"",     "<a x=\"",   "<a x='",    "<script>",
		"<style>",   "<title>x",  "<a@",       "<a@b",
		"<![CDATA[", "]]>",       "</",        "<!",
		"<?",        "<pre>\n",   "&#xffffff", "<br>",
		"\xc2\xa0",  "<aaaaaaaa", "<!-- -- ",  "<p x=",
		"= \"'",     "&nbsp",     "<title>",   "<script></script",
	};
	for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
		g_autoptr(GString) html = g_string_new(NULL);
		while (html->len < 1 << 20)
			g_string_append(html, pieces[i]);
		g_autoptr(GString) out = g_string_new(NULL);
		retour_text_from_html(html->str, html->len, out);
		if (!g_utf8_validate_len(out->str, out->len, NULL) || out->len > html->len * 2)
			fail_msg("%s: %zu bytes, or not valid", pieces[i], out->len);
	}
}

static void
test_random(void **state)
{
	(void)state;
	static const char letters[] = "<<<>>/!?-&#;x=\"' \nabpscript@]\xc2\xa0[";
	for (guint32 seed = 1; seed < 3000; seed++) {
		g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
		gsize length = (gsize)g_rand_int_range(rand, 0, 80);
		g_autofree char *html = g_malloc(length + 1);
		for (gsize i = 0; i < length; i++)
			html[i] = letters[g_rand_int_range(rand, 0, sizeof(letters) - 3)];
		g_autoptr(GString) out = g_string_new(NULL);
		g_autofree char *exact = g_memdup2(html, length);
		retour_text_from_html(exact, length, out);
		if (memchr(out->str, '\0', out->len))
			fail_msg("seed %u: NUL", seed);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flow),   cmocka_unit_test(test_entities),
		cmocka_unit_test(test_markup), cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_random),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
