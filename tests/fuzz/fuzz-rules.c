/* SPDX-License-Identifier: BSD-2-Clause */

/* A site's own rules beside the built-in ones: rows of phrases, rows of providers, a server's
 * words; a NUL between them. */

#include "codes/rulebook.h"
#include "fuzz.h"
#include "text/fold.h"

#define HEAD "id\treason\ttext\tstatus\treply\thost\trank\tlang\tsource\texample\n"

/* Takes what stands before the next NUL off @rest. */
static RetourSpan
take_part(RetourSpan *rest)
{
	gssize at = retour_span_find_char(*rest, 0, '\0');
	RetourSpan part = retour_span_sub(*rest, 0, at < 0 ? rest->length : (gsize)at);
	*rest = retour_span_from(*rest, at < 0 ? rest->length : (gsize)at + 1);
	return part;
}

static const char *
write_rows(guint slot, RetourSpan rows)
{
	g_autoptr(GString) text = g_string_new(HEAD);
	g_string_append_len(text, rows.data, (gssize)rows.length);
	return fuzz_file(slot, text->str, text->len);
}

static RetourRulebook *
read_rules(RetourSpan *rest)
{
	const char *phrases = write_rows(0, take_part(rest));
	const RetourRuleFile files[] = { { phrases, 1 }, { write_rows(1, take_part(rest)), 2 } };
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
	RetourRulebook *book = retour_rulebook_read(files, G_N_ELEMENTS(files), faults);
	fuzz_require((book == NULL) == (faults->len > 0), "rules, and %u faults", faults->len);
	for (guint i = 0; i < faults->len; i++)
		fuzz_require(fuzz_is_text(faults->pdata[i], strlen(faults->pdata[i])), "fault %u",
		             i);
	return book;
}

static void
check_order(const RetourRulebook *book)
{
	guint n = retour_rulebook_get_size(book);
	for (guint i = 0; i < n; i++) {
		const RetourRule *rule = retour_rulebook_get_rule(book, i);
		fuzz_require(rule && retour_rule_get_reason(rule) && *retour_rule_get_id(rule),
		             "rule %u", i);
		fuzz_require(i == 0 || !retour_rule_counts_before(
		                               rule, retour_rulebook_get_rule(book, i - 1)),
		             "%s stands behind what it goes before", retour_rule_get_id(rule));
	}
}

static void
check_answers(const RetourRulebook *book, const RetourQuestion *question)
{
	RetourAnswer answers[8];
	guint n = retour_rulebook_ask(book, question, answers, G_N_ELEMENTS(answers));
	fuzz_require(n <= G_N_ELEMENTS(answers), "%u answers", n);
	for (guint i = 0; i < n; i++) {
		fuzz_require(answers[i].offset + answers[i].length <= question->length,
		             "%s at %zu, %zu bytes", retour_rule_get_id(answers[i].rule),
		             answers[i].offset, answers[i].length);
		fuzz_require(
		        i == 0 || !retour_rule_counts_before(answers[i].rule, answers[i - 1].rule),
		        "%s is the better answer", retour_rule_get_id(answers[i].rule));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	RetourSpan rest = retour_span((const char *)data, size);
	g_autoptr(RetourRulebook) book = read_rules(&rest);
	if (!book)
		return 0;
	gsize length;
	g_autofree char *words = fuzz_text((const uint8_t *)rest.data, rest.length, &length);
	g_auto(RetourFolded) folded = { 0 };
	retour_text_fold(&folded, words, length);
	check_order(book);
	RetourQuestion question = { .text = folded.text,
		                    .length = folded.length,
		                    .reply = 550,
		                    .status = { 5, 1, 1 },
		                    .host = "mx.example.com" };
	check_answers(book, &question);
	check_answers(NULL, &question);
	return 0;
}
