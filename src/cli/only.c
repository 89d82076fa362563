/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/only.h"

#include <string.h>

enum { KIND, CLASS, REASON, FAULT, ADVICE, CONFIDENCE, AUTHENTIC, KEYS };

static const char *const keys[KEYS] = { "kind",   "class",      "reason",   "fault",
	                                "advice", "confidence", "authentic" };

struct RetourOnly {
	GPtrArray *values[KEYS]; /* owned; of owned strings */
};

/* What the key is for a recipient; NULL: there is no such word. */
static const char *
value_of(guint key, RetourKind kind, const RetourVerdict *verdict,
         const RetourAuthenticity *authenticity)
{
	switch (key) {
	case KIND:
		return retour_kind_to_string(kind);
	case CLASS:
		return retour_class_to_string(verdict->klass);
	case REASON:
		return verdict->reason ? retour_reason_get_name(verdict->reason) : NULL;
	case FAULT:
		return retour_fault_to_string(verdict->fault);
	case ADVICE:
		return retour_advice_to_string(verdict->advice);
	case CONFIDENCE:
		return retour_confidence_to_string(verdict->confidence);
	default:
		return authenticity ? retour_authentic_to_string(authenticity->level) : NULL;
	}
}

/* Every word that @key may have. */
static GPtrArray *
words_of(guint key)
{
	static const guint last[KEYS] = {
		RETOUR_KIND_UNREADABLE,   RETOUR_CLASS_HARD,         0,
		RETOUR_FAULT_UNKNOWN,     RETOUR_ADVICE_FIX_CONTENT, RETOUR_CONFIDENCE_HIGH,
		RETOUR_AUTHENTIC_VERIFIED
	};
	GPtrArray *words = g_ptr_array_new();
	guint n = key == REASON ? retour_reason_get_count() : last[key] + 1;
	for (guint i = 0; i < n; i++) {
		const RetourVerdict verdict = { .klass = (RetourClass)i,
			                        .reason =
			                                key == REASON ? retour_reason_get(i) : NULL,
			                        .fault = (RetourFault)i,
			                        .advice = (RetourAdvice)i,
			                        .confidence = (RetourConfidence)i };
		const RetourAuthenticity authenticity = { .level = (RetourAuthentic)i };
		g_ptr_array_add(words,
		                (gpointer)value_of(key, (RetourKind)i, &verdict, &authenticity));
	}
	g_ptr_array_add(words, NULL);
	return words;
}

static guint
find_key(const char *name, gsize length)
{
	guint key = 0;
	while (key < KEYS &&
	       !(strlen(keys[key]) == length && strncmp(keys[key], name, length) == 0))
		key++;
	return key;
}

static char *
describe_words(guint key, const char *value)
{
	g_autoptr(GPtrArray) words = words_of(key);
	g_autofree char *list = g_strjoinv(" ", (char **)words->pdata);
	return g_strdup_printf("--only: no %s is '%s'; there are: %s", keys[key], value, list);
}

/* "class=hard" or "hard", of the key before it. NULL, or what is wrong with it. (transfer full) */
static char *
take_word(RetourOnly *only, const char *word, guint *key)
{
	const char *equals = strchr(word, '=');
	if (equals)
		*key = find_key(word, (gsize)(equals - word));
	if (*key == KEYS)
		return g_strdup_printf(
		        "--only: '%s' is not KEY=VALUE with one of the keys kind class "
		        "reason fault advice confidence authentic",
		        word);
	const char *value = equals ? equals + 1 : word;
	g_autoptr(GPtrArray) words = words_of(*key);
	if (!g_strv_contains((const char *const *)words->pdata, value))
		return describe_words(*key, value);
	g_ptr_array_add(only->values[*key], g_strdup(value));
	return NULL;
}

RetourOnly *
retour_only_new(const char *const *filters, char **fault)
{
	g_autoptr(RetourOnly) only = g_new0(RetourOnly, 1);
	for (guint key = 0; key < KEYS; key++)
		only->values[key] = g_ptr_array_new_with_free_func(g_free);
	*fault = NULL;
	for (; *filters; filters++) {
		g_auto(GStrv) words = g_strsplit(*filters, ",", -1);
		guint key = KEYS;
		for (guint i = 0; words[i] && !*fault; i++)
			*fault = take_word(only, words[i], &key);
	}
	return *fault ? NULL : g_steal_pointer(&only);
}

void
retour_only_free(RetourOnly *only)
{
	for (guint key = 0; key < KEYS; key++)
		g_ptr_array_unref(only->values[key]);
	g_free(only);
}

/* @verdict is NULL for a message without recipients. */
static gboolean
fits(const RetourOnly *only, RetourKind kind, const RetourVerdict *verdict,
     const RetourAuthenticity *authenticity)
{
	for (guint key = 0; key < KEYS; key++) {
		const GPtrArray *values = only->values[key];
		if (values->len == 0)
			continue;
		const char *value =
		        verdict || key == KIND ? value_of(key, kind, verdict, authenticity) : NULL;
		guint i = 0;
		while (i < values->len && g_strcmp0(value, g_ptr_array_index(values, i)) != 0)
			i++;
		if (i == values->len)
			return FALSE;
	}
	return TRUE;
}

void
retour_excerpt_clear(RetourExcerpt *excerpt)
{
	g_clear_pointer(&excerpt->recipients, g_free);
	g_clear_pointer(&excerpt->verdicts, g_free);
	g_clear_pointer(&excerpt->authenticity, g_free);
}

const RetourRecord *
retour_only_take(const RetourOnly *only, const RetourRecord *record, RetourExcerpt *excerpt)
{
	guint n = record->report ? record->report->n_recipients : 0, wanted = 0;
	if (n == 0)
		return fits(only, record->kind, NULL, NULL) ? record : NULL;
	excerpt->recipients = g_new(RetourRecipient, n);
	excerpt->verdicts = g_new(RetourVerdict, n);
	excerpt->authenticity = record->authenticity ? g_new(RetourAuthenticity, n) : NULL;
	for (guint i = 0; i < n; i++) {
		const RetourAuthenticity *authenticity =
		        record->authenticity ? &record->authenticity[i] : NULL;
		if (!fits(only, record->verdicts[i].kind, &record->verdicts[i], authenticity))
			continue;
		if (authenticity)
			excerpt->authenticity[wanted] = *authenticity;
		excerpt->recipients[wanted] = record->report->recipients[i];
		excerpt->verdicts[wanted++] = record->verdicts[i];
	}
	if (wanted == n || wanted == 0)
		return wanted ? record : NULL;
	excerpt->report = *record->report;
	excerpt->report.recipients = excerpt->recipients;
	excerpt->report.n_recipients = wanted;
	excerpt->record = *record;
	excerpt->record.report = &excerpt->report;
	excerpt->record.verdicts = excerpt->verdicts;
	excerpt->record.authenticity = excerpt->authenticity;
	return &excerpt->record;
}
