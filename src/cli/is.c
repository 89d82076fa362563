/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/own.h"
#include "cli/reading.h"
#include "cli/site.h"

/* What a message can be asked for. Words of one group are alternatives; every group that is asked
 * for must hold: "bounce delay hard" is (bounce or delay) and hard. */
enum {
	GROUP_KIND,
	GROUP_NEVER_REPLY,
	GROUP_CLASS,
	GROUP_ADVICE,
	GROUP_REASON,
	GROUP_AUTHENTIC,
	GROUPS
};

static const char *const fields[GROUPS] = { "kind",   "never-reply", "class",
	                                    "advice", "reason",      "authentic" };

typedef struct {
	GPtrArray *words[GROUPS]; /* owned arrays, words of argv */
	char *sender, *recipient; /* owned */
	char **rules;             /* owned */
	RetourSite *site;         /* owned */
	RetourCliOwn own;
	gboolean answered, yes;
} Question;

#define FIND(word, type, last, to_string)                     \
	for (guint i = 0; i <= (guint)(last); i++) {          \
		if (g_strcmp0(word, to_string((type)i)) == 0) \
			return TRUE;                          \
	}                                                     \
	return FALSE

static gboolean
is_kind(const char *word)
{
	FIND(word, RetourKind, RETOUR_KIND_UNREADABLE, retour_kind_to_string);
}

static gboolean
is_class(const char *word)
{
	FIND(word, RetourClass, RETOUR_CLASS_HARD, retour_class_to_string);
}

static gboolean
is_advice(const char *word)
{
	FIND(word, RetourAdvice, RETOUR_ADVICE_FIX_CONTENT, retour_advice_to_string);
}

static gboolean
is_authentic(const char *word)
{
	RetourAuthentic level;
	return retour_authentic_parse(word, &level);
}

/* "none" is a class and an advice: it asks for nothing. */
static int
group_of(const char *word)
{
	if (strcmp(word, "none") == 0)
		return -1;
	return is_kind(word)                      ? GROUP_KIND
	       : strcmp(word, "never-reply") == 0 ? GROUP_NEVER_REPLY
	       : is_class(word)                   ? GROUP_CLASS
	       : is_advice(word)                  ? GROUP_ADVICE
	       : is_authentic(word)               ? GROUP_AUTHENTIC
	       : retour_reason_find(word) != NULL ? GROUP_REASON
	                                          : -1;
}

static gboolean
take_words(Question *question, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		int group = group_of(argv[i]);
		if (group < 0)
			return retour_cli_refuse(&retour_cli_is, "a message is never '%s'",
			                         argv[i]);
		g_ptr_array_add(question->words[group], argv[i]);
	}
	return argc > 1 || retour_cli_refuse(&retour_cli_is, "what?");
}

static gboolean
group_holds(const Question *question, guint group, const RetourRecord *record)
{
	const GPtrArray *words = question->words[group];
	g_autoptr(GString) value = g_string_new(NULL);
	retour_format_append_field(record, fields[group], value);
	for (guint i = 0; i < words->len; i++) {
		const char *word = g_ptr_array_index(words, i);
		if (strcmp(group == GROUP_NEVER_REPLY ? "true" : word, value->str) == 0)
			return TRUE;
	}
	return words->len == 0;
}

static void
render(const RetourSource *source, const RetourRecord *record, GString *out, gpointer data)
{
	(void)source;
	for (guint group = 0; group < GROUPS; group++) {
		if (!group_holds(data, group, record))
			return;
	}
	g_string_append(out, "yes");
}

static gboolean
deliver(const char *text, gsize length, const char *cause, gpointer data)
{
	Question *question = data;
	(void)text;
	question->answered = !cause;
	question->yes = length > 0;
	return TRUE;
}

static int
ask(Question *question)
{
	RetourReading reading = { .options = { .sender = question->sender,
		                               .recipient = question->recipient,
		                               .site = question->site },
		                  .jobs = 1,
		                  .single = TRUE,
		                  .render = render,
		                  .deliver = deliver,
		                  .data = question };
	g_autoptr(RetourIntake) intake = retour_intake_new(NULL, RETOUR_INTAKE_MESSAGE, NULL, NULL);
	retour_cli_own_set(&question->own, &reading.options);
	if (!retour_reading_run(&reading, intake) || !question->answered)
		return RETOUR_EXIT_TEMPORARY;
	return question->yes ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int
run_is(int argc, char **argv)
{
	Question question = { 0 };
	const GOptionEntry entries[] = {
		RETOUR_CLI_ENVELOPE(&question.sender, &question.recipient),
		RETOUR_CLI_OWN(&question.own),
		RETOUR_CLI_RULES(&question.rules),
		G_OPTION_ENTRY_NULL,
	};
	for (guint group = 0; group < GROUPS; group++)
		question.words[group] = g_ptr_array_new();
	int code =
	        retour_cli_parse(&retour_cli_is, entries, &argc, &argv) &&
	                        take_words(&question, argc, argv) &&
	                        retour_cli_load_own(&retour_cli_is, &question.own) &&
	                        retour_cli_load_site(&retour_cli_is, question.rules, &question.site)
	                ? ask(&question)
	                : retour_cli_drain_and_defer();
	for (guint group = 0; group < GROUPS; group++)
		g_ptr_array_unref(question.words[group]);
	g_free(question.sender);
	g_free(question.recipient);
	g_strfreev(question.rules);
	g_clear_pointer(&question.site, retour_site_unref);
	retour_cli_own_clear(&question.own);
	return code;
}

const RetourCliCommand retour_cli_is = {
	.name = "is",
	.arguments = "WORD…",
	.summary = "Answers with its exit status what the message on standard input is",
	.description =
	        "Words: the kinds (bounce delay delivered complaint disposition auto-reply "
	        "challenge unsubscribe\n"
	        "other unreadable), never-reply, the classes (hard soft), the advice (suppress\n"
	        "suppress-after-repeats retry-later fix-sender fix-content), the reasons "
	        "('retour codes' has\n"
	        "them) and, with what you know of your own mail, verified plausible unverified\n"
	        "suspicious. Words of one group are alternatives, and each group asked for must "
	        "hold: "
	        "'bounce delay\n"
	        "hard' is a hard bounce or a hard delay. The most serious recipient counts.\n\n"
	        "Exit status: 0 yes; 1 no; 75 trouble. Nothing is printed.\n\n"
	        "Examples:\n"
	        "  retour is hard <mail.eml && echo yes\n"
	        "  * ? retour is bounce suppress        (a condition of procmail, under :0 HB)",
	.run = run_is,
};
