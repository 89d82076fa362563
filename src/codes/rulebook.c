/* SPDX-License-Identifier: BSD-2-Clause */

/* Asking rules: the built-in ones, and those of a site beside them. */
#include "codes/rulebook.h"

#include "codes/rule-reader.h"
#include "text/matcher.h"

#include <string.h>

/* What one rule of a site leads to: its set lies before the first of them. */
typedef struct {
	RetourRuleSet set;
	RetourRule rules[];
} SiteRules;

struct RetourRulebook {
	RetourStrings strings;    /* owned */
	GArray *statuses;         /* owned; of RetourCodesStatus */
	GArray *replies;          /* owned; of RetourCodesReply */
	GArray *bare, *patterns;  /* owned; of guint16 */
	RetourMatcher *matcher;   /* owned */
	SiteRules *site;          /* owned */
	guint8 *hidden;           /* owned; of each built-in rule: a site's stands in its place */
	const RetourRule **order; /* owned; the rules in force, best first */
	guint n;
};

const RetourRuleSet *
retour_rule_get_set(const RetourRule *rule)
{
	if (rule->shelf == 0)
		return &retour_codes_rules;
	const char *first = (const char *)(rule - rule->place);
	return (const RetourRuleSet *)(const void *)(first - G_STRUCT_OFFSET(SiteRules, rules));
}

/* ---- conditions ---- */

static gboolean
status_holds(const RetourRuleSet *set, const RetourRule *rule, RetourStatus status)
{
	const RetourCodesStatus *wanted = &set->statuses[rule->first_status];
	for (guint i = 0; i < rule->n_statuses; i++) {
		if (retour_status_is_set(status) &&
		    (wanted[i].klass == 0 || wanted[i].klass == status.klass) &&
		    wanted[i].subject == status.subject && wanted[i].detail_from <= status.detail &&
		    status.detail <= wanted[i].detail_to)
			return TRUE;
	}
	return rule->n_statuses == 0;
}

gboolean
retour_rule_names_status(const RetourRule *rule, RetourStatus status)
{
	return rule->n_statuses > 0 && status_holds(retour_rule_get_set(rule), rule, status);
}

static gboolean
reply_holds(const RetourRuleSet *set, const RetourRule *rule, guint reply)
{
	const RetourCodesReply *wanted = &set->replies[rule->first_reply];
	for (guint i = 0; i < rule->n_replies; i++) {
		if (wanted[i].from <= reply && reply <= wanted[i].to)
			return TRUE;
	}
	return rule->n_replies == 0;
}

/* Whether @host is @suffix or ends in it behind a dot. */
static gboolean
host_ends_in(const char *host, gsize length, const char *suffix, gsize n)
{
	if (length < n || g_ascii_strncasecmp(host + length - n, suffix, n) != 0)
		return FALSE;
	return length == n || host[length - n - 1] == '.';
}

static gboolean
host_holds(const RetourRuleSet *set, const RetourRule *rule, const char *host)
{
	const char *suffix = set->strings + rule->hosts;
	if (*suffix == '\0')
		return TRUE;
	gsize length = host ? strlen(host) : 0;
	if (length > 0 && host[length - 1] == '.')
		length--;
	while (length > 0 && *suffix != '\0') {
		gsize n = strcspn(suffix, ",");
		if (host_ends_in(host, length, suffix, n))
			return TRUE;
		suffix += n + (suffix[n] == ',');
	}
	return FALSE;
}

/* ---- asking ---- */

typedef struct {
	const RetourRuleSet *set;
	const guint8 *hidden; /* (nullable) */
	const RetourQuestion *question;
	RetourAnswer *answers;
	guint n, room;
} Asking;

/* Rules of one set lie in the order in which they count. */
gboolean
retour_rule_counts_before(const RetourRule *a, const RetourRule *b)
{
	gboolean one_set = (a->shelf > 0) == (b->shelf > 0);
	if (one_set)
		return a->place < b->place;
	if (a->provider != b->provider)
		return a->provider > b->provider;
	return a->rank != b->rank ? a->rank > b->rank : a->shelf > 0;
}

static void
answer(Asking *asking, const RetourRule *rule, gsize offset, gsize length)
{
	guint at = asking->n;
	while (at > 0 && retour_rule_counts_before(rule, asking->answers[at - 1].rule))
		at--;
	gboolean known = at > 0 && asking->answers[at - 1].rule == rule;
	if (known || at == asking->room)
		return;
	if (asking->n < asking->room)
		asking->n++;
	memmove(&asking->answers[at + 1], &asking->answers[at],
	        (asking->n - at - 1) * sizeof(RetourAnswer));
	asking->answers[at] = (RetourAnswer){ rule, offset, length };
}

static void
try_rule(Asking *asking, guint place, gsize offset, gsize length)
{
	const RetourRuleSet *set = asking->set;
	const RetourRule *rule = &set->rules[place];
	const RetourQuestion *question = asking->question;
	if (!(asking->hidden && asking->hidden[place]) &&
	    status_holds(set, rule, question->status) && reply_holds(set, rule, question->reply) &&
	    host_holds(set, rule, question->host))
		answer(asking, rule, offset, length);
}

static gboolean
found(const RetourMatch *match, gpointer data)
{
	Asking *asking = data;
	try_rule(asking, asking->set->patterns[match->pattern], match->offset, match->length);
	return TRUE;
}

static void
ask_set(Asking *asking, const RetourRuleSet *set, const guint8 *hidden)
{
	asking->set = set;
	asking->hidden = hidden;
	retour_matcher_scan(retour_matcher_over(set->matcher), asking->question->text,
	                    asking->question->length, found, asking);
	/* A rule without text has a host: the reader sees to that. */
	for (guint i = 0; asking->question->host && i < set->n_bare; i++)
		try_rule(asking, set->bare[i], 0, 0);
}

guint
retour_rulebook_ask(const RetourRulebook *book, const RetourQuestion *question,
                    RetourAnswer *answers, guint n_answers)
{
	Asking asking = { .question = question, .answers = answers, .room = n_answers };
	ask_set(&asking, &retour_codes_rules, book ? book->hidden : NULL);
	if (book)
		ask_set(&asking, &book->site->set, NULL);
	return asking.n;
}

guint
retour_rulebook_get_size(const RetourRulebook *book)
{
	return book ? book->n : retour_codes_rules.n_rules;
}

const RetourRule *
retour_rulebook_get_rule(const RetourRulebook *book, guint index)
{
	g_return_val_if_fail(index < retour_rulebook_get_size(book), NULL);
	return book ? book->order[index] : &retour_codes_rules.rules[index];
}

/* ---- a site's rules ---- */

static guint16
find_reason(const char *name, gpointer data)
{
	const RetourReason *reason = retour_reason_find(name);
	(void)data;
	return reason ? (guint16)(reason - retour_codes_reasons) : RETOUR_CODES_NONE;
}

/* Which built-in rules a site's replace: those that have their ids. */
static void
hide_replaced(RetourRulebook *book, GHashTable *ids)
{
	book->hidden = g_new0(guint8, retour_codes_rules.n_rules);
	for (guint i = 0; i < retour_codes_rules.n_rules; i++)
		book->hidden[i] = (guint8)g_hash_table_contains(
		        ids, retour_rule_get_id(&retour_codes_rules.rules[i]));
}

/* Two orders into one. */
static void
merge_orders(RetourRulebook *book)
{
	const RetourRuleSet *site = &book->site->set, *builtin = &retour_codes_rules;
	book->order = g_new(const RetourRule *, site->n_rules + builtin->n_rules);
	guint s = 0;
	for (guint b = 0; b < builtin->n_rules; b++) {
		const RetourRule *rule = &builtin->rules[b];
		while (s < site->n_rules && retour_rule_counts_before(&site->rules[s], rule))
			book->order[book->n++] = &site->rules[s++];
		if (!book->hidden[b])
			book->order[book->n++] = rule;
	}
	while (s < site->n_rules)
		book->order[book->n++] = &site->rules[s++];
}

static void
take_rules(RetourRulebook *book, const RetourRuleReader *reader)
{
	guint n = reader->rules->len;
	book->site = g_malloc(sizeof(SiteRules) + n * sizeof(RetourRule));
	book->site->set = (RetourRuleSet){
		.strings = book->strings.text->str,
		.rules = book->site->rules,
		.statuses = (const RetourCodesStatus *)(const void *)book->statuses->data,
		.replies = (const RetourCodesReply *)(const void *)book->replies->data,
		.bare = (const guint16 *)(const void *)book->bare->data,
		.patterns = (const guint16 *)(const void *)book->patterns->data,
		.n_rules = n,
		.n_bare = book->bare->len,
	};
	if (n > 0)
		memcpy(book->site->rules, reader->rules->data, n * sizeof(RetourRule));
	gsize n_numbers;
	book->site->set.matcher = retour_matcher_get_numbers(book->matcher, &n_numbers);
	hide_replaced(book, reader->ids);
	merge_orders(book);
}

/* A file whose name begins with "providers" holds provider rules, any other one phrases. */
static void
read_file(RetourRuleReader *reader, const RetourRuleFile *file)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(RetourTable) table = retour_table_read(file->path, retour_rule_columns, &error);
	g_autofree char *name = g_path_get_basename(file->path);
	if (table)
		retour_rule_reader_add(reader, table, g_str_has_prefix(name, "providers"),
		                       file->shelf);
	else
		g_ptr_array_add(reader->faults, g_strdup(error->message));
}

RetourRulebook *
retour_rulebook_read(const RetourRuleFile *files, guint n, GPtrArray *faults)
{
	g_autoptr(RetourRulebook) book = g_new0(RetourRulebook, 1);
	RetourRuleReader reader;
	retour_strings_init(&book->strings);
	retour_rule_reader_init(&reader, &book->strings);
	reader.find_reason = find_reason;
	book->statuses = g_array_ref(reader.statuses);
	book->replies = g_array_ref(reader.replies);
	book->bare = g_array_new(FALSE, FALSE, sizeof(guint16));
	book->patterns = g_array_new(FALSE, FALSE, sizeof(guint16));
	for (guint i = 0; i < n; i++)
		read_file(&reader, &files[i]);
	if (reader.faults->len == 0)
		book->matcher = retour_rule_reader_finish(&reader, book->bare, book->patterns);
	if (book->matcher)
		take_rules(book, &reader);
	for (guint i = 0; i < reader.faults->len; i++)
		g_ptr_array_add(faults, g_strdup(reader.faults->pdata[i]));
	retour_rule_reader_clear(&reader);
	return book->matcher ? g_steal_pointer(&book) : NULL;
}

void
retour_rulebook_free(RetourRulebook *book)
{
	if (!book)
		return;
	retour_strings_clear(&book->strings);
	g_array_unref(book->statuses);
	g_array_unref(book->replies);
	g_array_unref(book->bare);
	g_array_unref(book->patterns);
	retour_matcher_free(book->matcher);
	g_free(book->site);
	g_free(book->hidden);
	g_free(book->order);
	g_free(book);
}
