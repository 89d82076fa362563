/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Asks the rules about texts of 160 bytes, for callgrind to count the instructions of "measured":
 * the search for every phrase.
 *
 *   ask typical|rich|folding   typical: replies as servers give them; rich: the examples of all
 * rules, end to end, so that several hold in each text; folding: the folding of typical ones counts
 * as well
 *
 * Prints the number of texts, and of answers.
 */

#include <retour/codes.h>
#include <stdio.h>
#include <string.h>

#include "text/fold.h"

#define TEXT_LENGTH 160
#define ROUNDS 100
#define ANSWERS 64

static const char *const typical[] = {
	"550-5.1.1 The email account that you tried to reach does not exist. Please try "
	"double-checking the recipient's email address for typos or unnecessary spaces. Learn more",
	"host mx1.example.com[192.0.2.1] said: 554 5.7.1 Service unavailable; Client host "
	"[198.51.100.7] blocked using zen.spamhaus.org; see https://www.spamhaus.org/query/ip/x.y",
	"452-4.2.2 The recipient's inbox is out of storage space. Please direct the recipient to "
	"https://support.example.com/mail/?p=OverQuotaTemp 41be03b00d2f7-7db4988f55csi1523 - gs",
	"421 4.7.0 Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user "
	"complaints - 4.16.55.1; see https://postmaster.example.com/error-codes (in reply to MAIL)",
};

static RetourFolded folded;

guint measured(const char *text);

/* Of @text, or of what has been folded before if it is NULL. */
__attribute__((noinline)) guint
measured(const char *text)
{
	RetourAnswer answers[ANSWERS];
	if (text)
		retour_text_fold(&folded, text, TEXT_LENGTH);
	RetourQuestion question = { .text = folded.text, .length = folded.length, .reply = 550 };
	return retour_rules_ask(&question, answers, ANSWERS);
}

static guint
search(const char *text)
{
	retour_text_fold(&folded, text, TEXT_LENGTH);
	return measured(NULL);
}

static char *
join_examples(void)
{
	GString *text = g_string_new(NULL);
	for (guint i = 0; i < retour_rule_get_count(); i++)
		g_string_append_printf(text, "%s ", retour_rule_get_example(retour_rule_get(i)));
	return g_string_free(text, FALSE);
}

int
main(int argc, char **argv)
{
	guint texts = 0, answers = 0;
	const char *kind = argc > 1 ? argv[1] : "";
	guint (*ask)(const char *text) = strcmp(kind, "folding") == 0 ? measured : search;
	if (strcmp(kind, "rich") == 0) {
		g_autofree char *examples = join_examples();
		gsize length = strlen(examples);
		for (gsize at = 0; at + TEXT_LENGTH <= length; at += TEXT_LENGTH, texts++) {
			/* from where a character begins; fold leaves one out that is cut at the end
			 */
			while (at > 0 && (examples[at] & 0xc0) == 0x80)
				at--;
			answers += search(examples + at);
		}
	} else {
		for (; texts < ROUNDS; texts++)
			answers += ask(typical[texts % G_N_ELEMENTS(typical)]);
	}
	printf("%u %u\n", texts, answers);
	retour_folded_clear(&folded);
	return 0;
}
