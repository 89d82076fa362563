/* SPDX-License-Identifier: BSD-2-Clause */

/* Phrases and provider rules. */
#include "codes/rule-reader.h"

#include "text/fold.h"

#include <string.h>

enum { ID, REASON, TEXT, STATUS, REPLY, HOST, RANK, LANG, SOURCE, EXAMPLE };
const char *const retour_rule_columns[] = { "id",   "reason", "text",   "status",  "reply", "host",
	                                    "rank", "lang",   "source", "example", NULL };

/* Places in a set are numbers of 16 bits. */
#define RULES_MAX 60000u

/* The row that is read. */
typedef struct {
	RetourRuleReader *reader;
	const char *file;
	const char
	        *shown; /* what rules remember of it: a build's own folders are nobody's matter */
	const RetourTableRow *row;
	gboolean provider;
	guint shelf;
} Reading;

static void G_GNUC_PRINTF(2, 3) fault(const Reading *reading, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *what = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_ptr_array_add(reading->reader->faults,
	                g_strdup_printf("%s:%u: %s", reading->file, reading->row->line, what));
}

static RetourRule *
rule_at(const RetourRuleReader *reader, guint place)
{
	return &g_array_index(reader->rules, RetourRule, place);
}

static const char *
text_of(const RetourRuleReader *reader, guint32 offset)
{
	return retour_strings_get(reader->strings, offset);
}

/* A rule that was replaced has no rank. */
static gboolean
is_replaced(const RetourRule *rule)
{
	return rule->rank == 0;
}

/* Enters @key, which becomes @known's, for the row that is read. What stood there is replaced where
 * it is of a lower shelf and @replace, else there is a fault. */
static void
check_new(const Reading *reading, GHashTable *known, char *key, gboolean replace, const char *what)
{
	const RetourRuleReader *reader = reading->reader;
	guint before = GPOINTER_TO_UINT(g_hash_table_lookup(known, key));
	RetourRule *other = before > 0 ? rule_at(reader, before - 1) : NULL;
	if (other && replace && other->shelf < reading->shelf) {
		other->rank = 0;
	} else if (other && !is_replaced(other)) {
		const char *file = text_of(reader, other->file);
		gboolean here = strcmp(file, reading->shown) == 0;
		fault(reading, "%s as in %s %u: take one away", what, here ? "line" : file,
		      other->line);
	}
	g_hash_table_insert(known, key, GUINT_TO_POINTER(reader->rules->len + 1));
}

/* "group/name": lower case, digits and '-', and '.' in the name. */
static gboolean
is_id(const char *id)
{
	const char *slash = strchr(id, '/');
	const char *allowed = "abcdefghijklmnopqrstuvwxyz0123456789-.";
	return slash && slash > id && slash[1] != '\0' &&
	       strspn(id, allowed) == (gsize)(slash - id) &&
	       strspn(slash + 1, allowed) == strlen(slash + 1);
}

/* A site may give a built-in phrase another reason. */
static void
check_id(const Reading *reading, const RetourRule *rule)
{
	const char *id = reading->row->cells[ID], *reason = reading->row->cells[REASON];
	if (!is_id(id))
		fault(reading, "\"%s\" is no id: write group/name in lower case", id);
	else if (reading->shelf == 0 && !reading->provider &&
	         (!g_str_has_prefix(id, reason) || id[strlen(reason)] != '/'))
		fault(reading, "id \"%s\" is not of its reason: begin it with \"%s/\"", id, reason);
	check_new(reading, reading->reader->ids, g_strdup(text_of(reading->reader, rule->id)), TRUE,
	          "the same id");
}

static gboolean
note_offset(const RetourMatch *match, gpointer data)
{
	(void)match;
	*(gboolean *)data = TRUE;
	return FALSE;
}

/* The pattern must be well-formed, in folded form, and stand in its own example. */
static void
check_text(const Reading *reading)
{
	const char *text = reading->row->cells[TEXT], *example = reading->row->cells[EXAMPLE];
	g_auto(RetourFolded) folded = { 0 };
	retour_text_fold(&folded, text, strlen(text));
	if (strcmp(folded.text, text) != 0) {
		fault(reading, "text is not in folded form: write \"%s\"", folded.text);
		return;
	}
	g_autoptr(GError) error = NULL;
	g_autoptr(RetourMatcher) matcher = retour_matcher_build(&text, 1, &error);
	if (!matcher) {
		fault(reading, "%s", error->message);
		return;
	}
	gboolean there = FALSE;
	retour_text_fold(&folded, example, strlen(example));
	retour_matcher_scan(matcher, folded.text, folded.length, note_offset, &there);
	if (!there)
		fault(reading, "the example does not hold the text \"%s\": mend one of them", text);
}

static gboolean
is_host_list(const char *text)
{
	g_auto(GStrv) hosts = g_strsplit(text, ",", -1);
	for (guint i = 0; hosts[i]; i++) {
		gsize length = strlen(hosts[i]);
		if (length == 0 || hosts[i][0] == '.' || hosts[i][length - 1] == '.' ||
		    strspn(hosts[i], "abcdefghijklmnopqrstuvwxyz0123456789-.") != length)
			return FALSE;
	}
	return TRUE;
}

static void
check_conditions(const Reading *reading)
{
	const char *const *cells = reading->row->cells;
	if (*cells[HOST] && !is_host_list(cells[HOST]))
		fault(reading,
		      "\"%s\" is no list of hosts: write suffixes in lower case, separated "
		      "by ','",
		      cells[HOST]);
	if (*cells[TEXT])
		check_text(reading);
	else if (!reading->provider)
		fault(reading, "a phrase without text: write what servers say");
	else if (!*cells[HOST] || (!*cells[STATUS] && !*cells[REPLY]))
		fault(reading, "a rule without text needs a host and a status or reply: add them");
	char *key = g_strjoin("\t", reading->provider ? "provider" : "phrase", cells[TEXT],
	                      cells[STATUS], cells[REPLY], cells[HOST], NULL);
	check_new(reading, reading->reader->keys, key, FALSE, "the same text and conditions");
}

static guint8
read_rank(const Reading *reading)
{
	const char *rank = reading->row->cells[RANK];
	if (rank[0] >= '1' && rank[0] <= '9' && rank[1] == '\0')
		return (guint8)(rank[0] - '0');
	fault(reading, "\"%s\" is no rank: write 1 to 9", rank);
	return 1;
}

static guint16
read_reason(const Reading *reading)
{
	const char *name = reading->row->cells[REASON];
	guint16 reason = reading->reader->find_reason(name, reading->reader->data);
	if (reason == RETOUR_CODES_NONE)
		fault(reading, "unknown reason \"%s\": use one of reasons.tsv, or add it there",
		      name);
	return reason;
}

static void
read_codes(const Reading *reading, RetourRule *rule)
{
	const char *status = reading->row->cells[STATUS], *reply = reading->row->cells[REPLY];
	const char *wrong =
	        *status ? retour_rule_read_statuses(reading->reader, status, rule) : NULL;
	if (wrong)
		fault(reading, "\"%s\" is no status: %s", status, wrong);
	wrong = *reply ? retour_rule_read_replies(reading->reader, reply, rule) : NULL;
	if (wrong)
		fault(reading, "\"%s\" is no reply: %s", reply, wrong);
}

static gboolean
has_needed_cells(const Reading *reading)
{
	static const int needed[] = { ID, REASON, LANG, SOURCE, EXAMPLE };
	for (guint i = 0; i < G_N_ELEMENTS(needed); i++) {
		if (*reading->row->cells[needed[i]] == '\0') {
			fault(reading, "\"%s\" is empty: fill it in",
			      retour_rule_columns[needed[i]]);
			return FALSE;
		}
	}
	return TRUE;
}

static void
read_rule(const Reading *reading)
{
	if (!has_needed_cells(reading))
		return;
	RetourRuleReader *reader = reading->reader;
	RetourStrings *strings = reader->strings;
	const char *const *cells = reading->row->cells;
	g_autofree char *id =
	        g_strconcat(reading->provider ? "provider:" : "phrase:", cells[ID], NULL);
	RetourRule rule = {
		.id = retour_strings_add(strings, id),
		.text = retour_strings_add(strings, cells[TEXT]),
		.source = retour_strings_add(strings, cells[SOURCE]),
		.example = retour_strings_add(strings, cells[EXAMPLE]),
		.hosts = retour_strings_add(strings, cells[HOST]),
		.status = retour_strings_add(strings, cells[STATUS]),
		.reply = retour_strings_add(strings, cells[REPLY]),
		.lang = retour_strings_add(strings, cells[LANG]),
		.file = retour_strings_add(strings, reading->shown),
		.line = reading->row->line,
		.place = (guint16)reader->rules->len,
		.reason = read_reason(reading),
		.rank = read_rank(reading),
		.provider = (guint8)reading->provider,
		.shelf = (guint8)reading->shelf,
	};
	check_id(reading, &rule);
	check_conditions(reading);
	read_codes(reading, &rule);
	g_array_append_val(reader->rules, rule);
}

void
retour_rule_reader_init(RetourRuleReader *reader, RetourStrings *strings)
{
	*reader = (RetourRuleReader){
		.strings = strings,
		.faults = g_ptr_array_new_with_free_func(g_free),
		.rules = g_array_new(FALSE, TRUE, sizeof(RetourRule)),
		.statuses = g_array_new(FALSE, TRUE, sizeof(RetourCodesStatus)),
		.replies = g_array_new(FALSE, TRUE, sizeof(RetourCodesReply)),
		.ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
		.keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
	};
}

void
retour_rule_reader_clear(RetourRuleReader *reader)
{
	g_ptr_array_unref(reader->faults);
	g_array_unref(reader->rules);
	g_array_unref(reader->statuses);
	g_array_unref(reader->replies);
	g_hash_table_unref(reader->ids);
	g_hash_table_unref(reader->keys);
}

void
retour_rule_reader_add(RetourRuleReader *reader, const RetourTable *table, gboolean provider,
                       guint shelf)
{
	const char *file = retour_table_get_name(table);
	g_autofree char *base = g_path_get_basename(file);
	Reading reading = { .reader = reader,
		            .file = file,
		            .shown = shelf > 0 ? file : base,
		            .provider = provider,
		            .shelf = shelf };
	for (guint i = 0; i < retour_table_get_size(table); i++) {
		reading.row = retour_table_get_row(table, i);
		if (reader->rules->len == RULES_MAX) {
			fault(&reading, "more than %u rules: take some away", RULES_MAX);
			return;
		}
		read_rule(&reading);
	}
}

/* ---- order and matcher ---- */

static guint
literal_length(const char *text)
{
	guint length = 0;
	for (; *text; text++)
		length += *text != '*';
	return length;
}

static int
compare_rules(gconstpointer a, gconstpointer b, gpointer data)
{
	const RetourRule *x = a, *y = b;
	const RetourRuleReader *reader = data;
	if (x->provider != y->provider)
		return (int)y->provider - (int)x->provider;
	if (x->rank != y->rank)
		return (int)y->rank - (int)x->rank;
	guint lx = literal_length(text_of(reader, x->text));
	guint ly = literal_length(text_of(reader, y->text));
	return lx != ly ? (int)ly - (int)lx : (int)x->place - (int)y->place;
}

/* What was replaced goes; the rest stands in order, and each knows its place. */
static void
sort_rules(RetourRuleReader *reader)
{
	GArray *rules = reader->rules;
	guint n = 0;
	for (guint i = 0; i < rules->len; i++) {
		if (!is_replaced(rule_at(reader, i)))
			*rule_at(reader, n++) = *rule_at(reader, i);
	}
	g_array_set_size(rules, n);
	g_array_sort_with_data(rules, compare_rules, reader);
	for (guint i = 0; i < n; i++)
		rule_at(reader, i)->place = (guint16)i;
}

RetourMatcher *
retour_rule_reader_finish(RetourRuleReader *reader, GArray *bare, GArray *patterns)
{
	g_autoptr(GPtrArray) texts = g_ptr_array_new();
	g_autoptr(GError) error = NULL;
	sort_rules(reader);
	for (guint16 i = 0; i < reader->rules->len; i++) {
		const char *text = text_of(reader, rule_at(reader, i)->text);
		g_array_append_val(*text ? patterns : bare, i);
		if (*text)
			g_ptr_array_add(texts, (gpointer)text);
	}
	RetourMatcher *matcher =
	        retour_matcher_build((const char *const *)texts->pdata, texts->len, &error);
	if (!matcher)
		g_ptr_array_add(reader->faults, g_strdup(error->message));
	return matcher;
}
