/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * retour-codes-prove FOLDER [STAMP]: asks the built tables about the example of every rule. The
 * rule itself must be the best answer; one that another hides, or that does not hold at all, is
 * told as "file:line: what is wrong: what to do". FOLDER is that of the data files, for messages;
 * STAMP is written when all is well.
 */
#include "codes/tables.h"

#include "smtp/reply.h"
#include "text/fold.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The codes of the example: of its first reply, else the first enhanced code that stands in it. */
static void
read_codes(RetourSpan text, RetourQuestion *question)
{
	RetourReply reply;
	if (retour_reply_find(text, 0, &reply)) {
		question->reply = reply.code;
		question->status = reply.status;
	}
	gsize offset, length;
	if (!retour_status_is_set(question->status))
		retour_status_find(text, 0, &question->status, &offset, &length);
}

static const char *
file_of(const RetourRule *rule)
{
	return rule->provider ? "providers.tsv" : "phrases.tsv";
}

static gboolean
fault(const char *folder, const RetourRule *rule, const char *what)
{
	fprintf(stderr, "%s/%s:%u: %s %s\n", folder, file_of(rule), rule->line,
	        retour_rule_get_id(rule), what);
	return FALSE;
}

static gboolean
judge(const char *folder, const RetourRule *rule, const RetourAnswer *answers, guint n)
{
	if (n > 0 && answers[0].rule == rule)
		return TRUE;
	for (guint i = 1; i < n; i++) {
		if (answers[i].rule != rule)
			continue;
		g_autofree char *what = g_strdup_printf(
		        "is hidden by %s (%s:%u): raise its rank, lengthen its text, or take one "
		        "of them away",
		        retour_rule_get_id(answers[0].rule), file_of(answers[0].rule),
		        answers[0].rule->line);
		return fault(folder, rule, what);
	}
	return fault(
	        folder, rule,
	        "is not reached by its own example: give the example the status and reply that "
	        "the rule asks for");
}

static gboolean
prove(const char *folder, const RetourRule *rule, RetourFolded *folded)
{
	const char *example = retour_rule_get_example(rule);
	retour_text_fold(folded, example, strlen(example));
	/* The first suffix is a host that ends in it. */
	const char *hosts = retour_codes_text(rule->hosts);
	g_autofree char *host = g_strndup(hosts, strcspn(hosts, ","));
	RetourQuestion question = { .text = folded->text,
		                    .length = folded->length,
		                    .host = *host ? host : NULL };
	read_codes(retour_span_of(example), &question);
	RetourAnswer answers[64];
	return judge(folder, rule, answers,
	             retour_rules_ask(&question, answers, G_N_ELEMENTS(answers)));
}

int
main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: %s FOLDER [STAMP]\n", argv[0]);
		return 64;
	}
	g_auto(RetourFolded) folded = { 0 };
	guint faults = 0, n = retour_rule_get_count();
	for (guint i = 0; i < n; i++)
		faults += !prove(argv[1], retour_rule_get(i), &folded);
	if (faults > 0) {
		fprintf(stderr, "%u of %u rules are not proven\n", faults, n);
		return EXIT_FAILURE;
	}
	return argc < 3 || g_file_set_contents(argv[2], "", 0, NULL) ? EXIT_SUCCESS : EXIT_FAILURE;
}
