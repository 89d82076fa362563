/* SPDX-License-Identifier: BSD-2-Clause */
#include <math.h>
#include <string.h>

#include "base/span.h"
#include "policy/rules.h"

#define DAY (24 * 60 * 60)

/* What a rule over infrastructure must at least span: an outage over a weekend is no dead address.
 * Days. */
#define SERIES_DAYS 7

#define DAYS_MAX 36500
#define AMOUNT_MAX 1000

typedef struct {
	const char *file;
	guint line;
	GPtrArray *faults;
} Reader;

static gboolean fault(const Reader *reader, const char *format, ...) G_GNUC_PRINTF(2, 3);

static gboolean
fault(const Reader *reader, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *what = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_ptr_array_add(reader->faults,
	                g_strdup_printf("%s:%u: %s", reader->file, reader->line, what));
	return FALSE;
}

static gboolean
read_word(const Reader *reader, const char *text, RetourPolicyWord *word)
{
	static const char *const words[] = {
		[RETOUR_WORD_HARD] = "hard",
		[RETOUR_WORD_SOFT] = "soft",
		[RETOUR_WORD_COMPLAINT] = "complaint",
		[RETOUR_WORD_UNSUBSCRIBE] = "unsubscribe",
		[RETOUR_WORD_INFRASTRUCTURE] = "infrastructure",
	};
	for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
		if (strcmp(words[i], text) == 0) {
			*word = (RetourPolicyWord){ .what = i };
			return TRUE;
		}
	}
	*word = (RetourPolicyWord){ RETOUR_WORD_REASON, retour_reason_find(text) };
	if (!word->reason)
		return fault(reader,
		             "\"%s\" is no word of a policy: write hard, soft, complaint, "
		             "unsubscribe, infrastructure, or a reason",
		             text);
	RetourFault whose = retour_reason_get_fault(word->reason);
	if (whose == RETOUR_FAULT_SENDER || whose == RETOUR_FAULT_CONTENT)
		return fault(reader,
		             "\"%s\" is a fault of the %s and never counts against an address: "
		             "take it out",
		             text, retour_fault_to_string(whose));
	return TRUE;
}

static gboolean
read_number(const char *text, double max, double *number)
{
	char *end = NULL;
	if (!g_ascii_isdigit(*text))
		return FALSE;
	*number = g_ascii_strtod(text, &end);
	return *end == '\0' && *number <= max;
}

/* "7 days" into seconds. */
static gboolean
read_days(const Reader *reader, const char *number, const char *unit, gint64 *seconds)
{
	double days;
	if (!number || !unit || !g_str_has_prefix(unit, "day") ||
	    !read_number(number, DAYS_MAX, &days) || days <= 0)
		return fault(reader, "a time is missing or malformed: write as in \"7 days\"");
	*seconds = (gint64)(days * DAY);
	return TRUE;
}

/* A line cut into words; NULL ends it. */
static char **
split(const char *value)
{
	g_auto(GStrv) pieces = g_strsplit_set(value, " \t\n", -1);
	GPtrArray *words = g_ptr_array_new();
	for (guint i = 0; pieces[i]; i++) {
		if (*pieces[i])
			g_ptr_array_add(words, g_strdup(pieces[i]));
	}
	g_ptr_array_add(words, NULL);
	return (char **)g_ptr_array_free(words, FALSE);
}

static gboolean
read_points(const Reader *reader, RetourPolicy *policy, const char *value)
{
	g_auto(GStrv) words = split(value);
	double points;
	if (!words[0] || !words[1] || !read_number(words[0], AMOUNT_MAX, &points))
		return fault(reader, "no points: write as in \"Points: 0.5 soft\"");
	for (guint i = 1; words[i]; i++) {
		RetourPolicyPoints *row = &policy->points[policy->n_points];
		if (policy->n_points == RETOUR_POLICY_POINTS_MAX)
			return fault(reader, "more than %u words have points: take some out",
			             RETOUR_POLICY_POINTS_MAX);
		if (!read_word(reader, words[i], &row->word))
			return FALSE;
		if (row->word.what == RETOUR_WORD_INFRASTRUCTURE ||
		    (row->word.reason &&
		     retour_reason_get_fault(row->word.reason) == RETOUR_FAULT_INFRASTRUCTURE))
			return fault(reader,
			             "points for \"%s\": infrastructure counts only as a series: "
			             "write as in \"Suppress: 5 infrastructure over 21 days\"",
			             words[i]);
		row->points = points;
		policy->n_points++;
	}
	return TRUE;
}

static gboolean
read_level(const Reader *reader, const char *word, RetourAuthentic *level)
{
	return (word && retour_authentic_parse(word, level)) ||
	       fault(reader,
	             "\"%s\" is no level: take verified, plausible, unverified or suspicious",
	             word ? word : "");
}

/* "messages" or "message" behind the number */
static gboolean
read_messages(const Reader *reader, char **words, guint *messages)
{
	double number;
	if (!words[1] || !words[2] || !g_str_has_prefix(words[2], "message") ||
	    !read_number(words[1], AMOUNT_MAX, &number) || number < 1)
		return fault(reader, "how many messages? Write as in \"of 3 messages\"");
	*messages = (guint)number;
	return TRUE;
}

static gboolean
read_unless(const Reader *reader, const char *word, gboolean *unless_delivered)
{
	*unless_delivered = word && strcmp(word, "delivered") == 0;
	return *unless_delivered || fault(reader, "unless what? Write \"unless delivered\"");
}

/* The clauses behind the words of a rule; how many words they have is added to @at. */
static gboolean
read_clauses(const Reader *reader, char **words, guint *at, RetourPolicyRule *rule)
{
	for (char **word = words + *at; *word; word = words + *at) {
		gboolean good = TRUE;
		if (strcmp(*word, "authentic") == 0) {
			rule->checked = TRUE;
			good = read_level(reader, word[1], &rule->authentic);
			*at += 2;
		} else if (strcmp(*word, "of") == 0) {
			good = read_messages(reader, word, &rule->messages);
			*at += 3;
		} else if (strcmp(*word, "unless") == 0) {
			good = read_unless(reader, word[1], &rule->unless_delivered);
			*at += 2;
		} else {
			break;
		}
		if (!good)
			return FALSE;
	}
	return TRUE;
}

/* "over 3 days within 90 days" from words[*at] on. */
static gboolean
read_times(const Reader *reader, char **words, RetourPolicyRule *rule)
{
	for (guint i = 0; words[i]; i += 3) {
		gint64 *time = strcmp(words[i], "over") == 0     ? &rule->over
		               : strcmp(words[i], "within") == 0 ? &rule->within
		                                                 : NULL;
		if (!time)
			return fault(reader,
			             "\"%s\" does not fit here: end with \"authentic LEVEL\", "
			             "\"of N messages\", \"unless delivered\", \"over D days\", "
			             "\"within D days\", in this order",
			             words[i]);
		if (!read_days(reader, words[i + 1], words[i + 1] ? words[i + 2] : NULL, time))
			return FALSE;
	}
	if (rule->within > 0 && rule->over > rule->within)
		return fault(reader, "it asks for more days than it looks back: make \"within\" "
		                     "longer than \"over\"");
	return TRUE;
}

static gboolean
begins_clause(const char *word)
{
	static const char *const words[] = { "over", "within", "authentic", "of", "unless", NULL };
	return g_strv_contains(words, word);
}

/* Of infrastructure alone: a series; mixed with others it is a mistake. */
static gboolean
check_series(const Reader *reader, RetourPolicyRule *rule)
{
	guint n = 0;
	for (guint i = 0; i < rule->n_words; i++) {
		const RetourPolicyWord *word = &rule->words[i];
		n += word->what == RETOUR_WORD_INFRASTRUCTURE ||
		     (word->reason &&
		      retour_reason_get_fault(word->reason) == RETOUR_FAULT_INFRASTRUCTURE);
	}
	rule->series = n > 0;
	if (n > 0 && n < rule->n_words)
		return fault(reader,
		             "infrastructure beside other words: give it a line of its own");
	if (n > 0 && rule->over < SERIES_DAYS * (gint64)DAY)
		return fault(reader,
		             "a fault of the infrastructure passes: add \"over %d days\" or more",
		             SERIES_DAYS);
	return TRUE;
}

/* "mean 45 of 10" */
static guint
read_mean(const Reader *reader, char **words, RetourPolicyRule *rule)
{
	double least;
	if (!words[1] || !words[2] || !words[3] ||
	    !read_number(words[1], AMOUNT_MAX, &rule->amount) || strcmp(words[2], "of") != 0 ||
	    !read_number(words[3], AMOUNT_MAX, &least) || least < 1) {
		fault(reader, "no mean: write as in \"mean 75 of 10\"");
		return 0;
	}
	rule->count = RETOUR_COUNT_MEAN;
	rule->least = (guint)least;
	return 4;
}

static guint
read_amount(const Reader *reader, char **words, RetourPolicyRule *rule)
{
	if (words[0] && strcmp(words[0], "mean") == 0)
		return read_mean(reader, words, rule);
	if (!words[0] || !words[1] || !read_number(words[0], AMOUNT_MAX, &rule->amount) ||
	    rule->amount <= 0) {
		fault(reader, "no number: write as in \"2 hard over 3 days\" or \"5 points\"");
		return 0;
	}
	if (strcmp(words[1], "points") == 0) {
		rule->count = RETOUR_COUNT_POINTS;
		return 2;
	}
	guint at = 1;
	for (; words[at] && !begins_clause(words[at]); at++) {
		if (rule->n_words == RETOUR_POLICY_WORDS_MAX) {
			fault(reader, "more than %u words: take two lines",
			      RETOUR_POLICY_WORDS_MAX);
			return 0;
		}
		if (!read_word(reader, words[at], &rule->words[rule->n_words]))
			return 0;
		rule->n_words++;
	}
	if (rule->n_words == 0)
		fault(reader, "it does not say of what: write as in \"2 hard\"");
	return rule->n_words > 0 ? at : 0;
}

static gboolean
read_rule(const Reader *reader, RetourPolicy *policy, RetourDecision decision, const char *value)
{
	g_auto(GStrv) words = split(value);
	RetourPolicyRule rule = { .decision = decision };
	if (policy->n_rules == RETOUR_POLICY_RULES_MAX)
		return fault(reader, "more than %u rules: take some out", RETOUR_POLICY_RULES_MAX);
	guint at = read_amount(reader, words, &rule);
	if (at == 0 || !read_clauses(reader, words, &at, &rule) ||
	    !read_times(reader, words + at, &rule) || !check_series(reader, &rule))
		return FALSE;
	rule.text = g_strjoinv(" ", words);
	policy->rules[policy->n_rules++] = rule;
	return TRUE;
}

static gboolean
read_switch(const Reader *reader, const char *value, gboolean *where)
{
	if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
		return fault(reader, "\"%s\" is neither yes nor no: write one of them", value);
	*where = strcmp(value, "yes") == 0;
	return TRUE;
}

static gboolean
read_span(const Reader *reader, const char *value, gint64 *where)
{
	g_auto(GStrv) words = split(value);
	if (words[0] && strcmp(words[0], "never") == 0 && !words[1]) {
		*where = 0;
		return TRUE;
	}
	if (words[0] && words[1] && words[2])
		return fault(reader, "\"%s\" is too much: write as in \"7 days\"", words[2]);
	return read_days(reader, words[0], words[0] ? words[1] : NULL, where);
}

/* "plausible", or "plausible where judged" */
static gboolean
read_require(const Reader *reader, const char *value, RetourPolicy *policy)
{
	g_auto(GStrv) words = split(value);
	gboolean judged = words[0] && words[1] && strcmp(words[1], "where") == 0 && words[2] &&
	                  strcmp(words[2], "judged") == 0 && !words[3];
	policy->strict = !judged;
	if (words[0] && words[1] && !judged)
		return fault(reader,
		             "\"%s\" does not fit here: write as in \"plausible where "
		             "judged\"",
		             words[1]);
	return read_level(reader, words[0], &policy->require);
}

static gboolean
read_field(Reader *reader, RetourPolicy *policy, const RetourBlockField *field)
{
	const char *name = field->name, *value = field->value;
	reader->line = field->line;
	if (strcmp(name, "Policy") == 0 || strcmp(name, "Like") == 0)
		return TRUE;
	if (strcmp(name, "Source") == 0) {
		g_free(policy->source);
		policy->source = g_strdup(value);
		return TRUE;
	}
	if (strcmp(name, "Points") == 0)
		return read_points(reader, policy, value);
	if (strcmp(name, "Suppress") == 0)
		return read_rule(reader, policy, RETOUR_DECISION_SUPPRESS, value);
	if (strcmp(name, "Probation") == 0)
		return read_rule(reader, policy, RETOUR_DECISION_PROBATION, value);
	if (strcmp(name, "Require authentic") == 0)
		return read_require(reader, value, policy);
	if (strcmp(name, "Daily") == 0)
		return read_switch(reader, value, &policy->daily);
	if (strcmp(name, "Consecutive") == 0)
		return read_switch(reader, value, &policy->consecutive);
	if (strcmp(name, "Stale") == 0)
		return read_span(reader, value, &policy->stale);
	if (strcmp(name, "Decay") == 0)
		return read_span(reader, value, &policy->decay);
	if (strcmp(name, "Probation lasts") == 0)
		return read_span(reader, value, &policy->probation);
	if (strcmp(name, "Expires") == 0)
		return read_span(reader, value, &policy->expires);
	return fault(
	        reader,
	        "a policy has no field \"%s\": take Like, Source, Points, Suppress, Probation, "
	        "Require authentic, Daily, Consecutive, Stale, Decay, Probation lasts or Expires",
	        name);
}

/* What cannot work together. */
static gboolean
check_policy(Reader *reader, const RetourPolicy *policy, guint line)
{
	reader->line = line;
	gboolean points = FALSE, probation = FALSE;
	for (guint i = 0; i < policy->n_rules; i++) {
		points |= policy->rules[i].count != RETOUR_COUNT_EVENTS;
		probation |= policy->rules[i].decision == RETOUR_DECISION_PROBATION;
	}
	if (points && policy->n_points == 0)
		return fault(reader, "a rule counts points and nothing has any: add \"Points:\"");
	if (!points && policy->n_points > 0)
		return fault(reader, "points are given and no rule counts them: add \"Suppress: N "
		                     "points\"");
	if (probation && policy->probation == 0)
		return fault(reader, "probation without an end: add \"Probation lasts: 7 days\"");
	return TRUE;
}

void
retour_policy_clear_rules(RetourPolicy *policy)
{
	for (guint i = 0; i < policy->n_rules; i++)
		g_free(policy->rules[i].text);
	policy->n_rules = 0;
	policy->n_points = 0;
}

static gboolean
gives_rules(const RetourBlock *block)
{
	return retour_block_get(block, "Points") || retour_block_get(block, "Suppress") ||
	       retour_block_get(block, "Probation");
}

gboolean
retour_policy_read(RetourPolicy *policy, const char *file, const RetourBlock *block,
                   GPtrArray *faults)
{
	Reader reader = { file, block->line, faults };
	guint before = faults->len;
	if (gives_rules(block))
		retour_policy_clear_rules(policy);
	for (guint i = 0; i < block->n_fields; i++)
		read_field(&reader, policy, &block->fields[i]);
	return faults->len == before && check_policy(&reader, policy, block->line);
}
