/* SPDX-License-Identifier: BSD-2-Clause */

/* Bytes of any charset to text, pages to text, text folded, and the rules that the folded text
 * meets. */

#include <retour/codes.h>

#include "fuzz.h"
#include "text/charset-names.h"
#include "text/charset.h"
#include "text/fold.h"
#include "text/html.h"
#include "text/matcher.h"

/* Labels that are no charset's name: none, the wild, the absurd. */
static const char *const odd_labels[] = { NULL,          "",           "x-unknown",
	                                  "ISO-8859-1*", "=?utf-8?Q?", "cp-850 (DOS)" };

static const char *
take_label(const uint8_t **data, size_t *size)
{
	guint n = fuzz_take(data, size, retour_n_charsets + G_N_ELEMENTS(odd_labels));
	return n < retour_n_charsets ? retour_charsets[n].name : odd_labels[n - retour_n_charsets];
}

static void
check_decode(const uint8_t *data, size_t size, const char *label, GString *text)
{
	g_string_assign(text, "x");
	const char *used = retour_text_decode((const char *)data, size, label, text);
	fuzz_require(used && text->str[0] == 'x' && fuzz_is_text(text->str, text->len),
	             "%s under %s", used, label);
	/* A character of one byte has three at most in UTF-8; of a ligature iconv may make more. */
	fuzz_require(text->len <= 1 + size * 6, "%zu bytes of %zu", text->len, size);
	g_autoptr(GString) again = g_string_new("x");
	retour_text_decode((const char *)data, size, label, again);
	fuzz_require(g_string_equal(text, again), "%s: decoded otherwise the second time", label);
	g_string_erase(text, 0, 1);
}

static void
check_fold(const char *text, gsize length, RetourFolded *folded)
{
	retour_text_fold(folded, text, length);
	fuzz_require(fuzz_is_text(folded->text, folded->length) &&
	                     folded->text[folded->length] == '\0',
	             "folded");
	fuzz_require(!g_str_has_prefix(folded->text, " ") && !g_str_has_suffix(folded->text, " ") &&
	                     !strstr(folded->text, "  "),
	             "blanks: \"%s\"", folded->text);
	for (gsize i = 0; i < folded->length; i++)
		fuzz_require(folded->map[i] <= folded->map[i + 1] && folded->map[i] < length,
		             "byte %zu came from %u", i, folded->map[i]);
	fuzz_require(folded->map[folded->length] <= length, "the end came from %u",
	             folded->map[folded->length]);
}

/* What is folded stays as it is. */
static void
check_folded_again(const RetourFolded *folded)
{
	g_auto(RetourFolded) again = { 0 };
	retour_text_fold(&again, folded->text, folded->length);
	fuzz_require(again.length == folded->length && strcmp(again.text, folded->text) == 0,
	             "\"%s\" folds to \"%s\"", folded->text, again.text);
}

static void
check_rules(const RetourFolded *folded, guint reply)
{
	RetourAnswer answers[8];
	RetourQuestion question = { .text = folded->text,
		                    .length = folded->length,
		                    .reply = reply,
		                    .status = { (guint8)(reply / 100), 1, (guint16)(reply % 10) },
		                    .host = "mx.example.com" };
	guint n = retour_rules_ask(&question, answers, G_N_ELEMENTS(answers));
	fuzz_require(n <= G_N_ELEMENTS(answers), "%u answers", n);
	for (guint i = 0; i < n; i++)
		fuzz_require(answers[i].rule &&
		                     answers[i].offset + answers[i].length <= folded->length,
		             "%s at %zu", retour_rule_get_id(answers[i].rule), answers[i].offset);
}

static gboolean
count_match(const RetourMatch *match, gpointer data)
{
	(void)match;
	++*(guint *)data;
	return TRUE;
}

/* How often @pattern, which has no star, stands in @text by itself. */
static guint
count_plainly(const char *pattern, const RetourFolded *text)
{
	gsize length = strlen(pattern);
	guint n = 0;
	for (gsize at = 0; at + length <= text->length; at++) {
		if (memcmp(text->text + at, pattern, length) != 0)
			continue;
		gboolean left = at > 0 && g_ascii_isalnum(pattern[0]) &&
		                g_ascii_isalnum(text->text[at - 1]);
		gboolean right = at + length < text->length &&
		                 g_ascii_isalnum(pattern[length - 1]) &&
		                 g_ascii_isalnum(text->text[at + length]);
		n += !left && !right;
	}
	return n;
}

/* The first line as a site's own patterns, '|' between them, over the whole text. */
static void
check_matcher(const RetourFolded *text)
{
	gsize line = strcspn(text->text, "\n.");
	g_autofree char *head = g_strndup(text->text, MIN(line, 200));
	g_auto(GStrv) patterns = g_strsplit(head, "|", 8);
	guint n = g_strv_length(patterns), wanted = 0, found = 0;
	g_autoptr(GError) error = NULL;
	g_autoptr(RetourMatcher) matcher =
	        retour_matcher_build((const char *const *)patterns, n, &error);
	fuzz_require((matcher != NULL) == (error == NULL), "a matcher and an error");
	if (!matcher)
		return;
	retour_matcher_scan(matcher, text->text, text->length, count_match, &found);
	for (guint i = 0; i < n; i++)
		wanted += count_plainly(patterns[i], text);
	fuzz_require(strchr(head, '*') || found == wanted, "%u of %u matches of \"%s\"", found,
	             wanted, head);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *label = take_label(&data, &size);
	guint reply = 200 + fuzz_take(&data, &size, 200) * 2;
	g_autoptr(GString) text = g_string_new(NULL);
	check_decode(data, size, label, text);

	g_autoptr(GString) page = g_string_new(NULL);
	g_autofree char *exact = g_memdup2(text->str, text->len);
	retour_text_from_html(exact, text->len, page);
	fuzz_require(fuzz_is_text(page->str, page->len) && page->len <= text->len, "page");

	g_auto(RetourFolded) folded = { 0 };
	check_fold(exact, text->len, &folded);
	check_folded_again(&folded);
	check_rules(&folded, reply);
	check_matcher(&folded);
	return 0;
}
