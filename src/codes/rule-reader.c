/* SPDX-License-Identifier: BSD-2-Clause */

/* Phrases and provider rules. */
#include "codes/compile.h"

#include "text/fold.h"
#include "text/matcher.h"

#include <string.h>

enum { ID, REASON, TEXT, STATUS, REPLY, HOST, RANK, LANG, SOURCE, EXAMPLE };
static const char *const COLUMNS[] = { "id",   "reason", "text",   "status",  "reply", "host",
	                               "rank", "lang",   "source", "example", NULL };

/* What is read of one file. */
typedef struct {
	Codes *codes;
	const char *file;
	gboolean provider;
	GHashTable *ids;  /* id to line */
	GHashTable *keys; /* text and conditions to line */
} Reading;

static void
check_new(Reading *reading, GHashTable *known, char *key, guint line, const char *what)
{
	guint before = GPOINTER_TO_UINT(g_hash_table_lookup(known, key));
	if (before > 0)
		codes_fault(reading->codes, reading->file, line, "%s as in line %u: take one away",
		            what, before);
	g_hash_table_insert(known, key, GUINT_TO_POINTER(line));
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

static void
check_id(Reading *reading, const RetourTableRow *row)
{
	const char *id = row->cells[ID];
	if (!is_id(id))
		codes_fault(reading->codes, reading->file, row->line,
		            "\"%s\" is no id: write group/name in lower case", id);
	else if (!reading->provider && (!g_str_has_prefix(id, row->cells[REASON]) ||
	                                id[strlen(row->cells[REASON])] != '/'))
		codes_fault(reading->codes, reading->file, row->line,
		            "id \"%s\" is not of its reason: begin it with \"%s/\"", id,
		            row->cells[REASON]);
	check_new(reading, reading->ids, g_strdup(id), row->line, "the same id");
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
check_text(Reading *reading, const RetourTableRow *row)
{
	const char *text = row->cells[TEXT], *example = row->cells[EXAMPLE];
	g_auto(RetourFolded) folded = { 0 };
	retour_text_fold(&folded, text, strlen(text));
	if (strcmp(folded.text, text) != 0) {
		codes_fault(reading->codes, reading->file, row->line,
		            "text is not in folded form: write \"%s\"", folded.text);
		return;
	}
	g_autoptr(GError) error = NULL;
	g_autoptr(RetourMatcher) matcher = retour_matcher_build(&text, 1, &error);
	if (!matcher) {
		codes_fault(reading->codes, reading->file, row->line, "%s", error->message);
		return;
	}
	gboolean there = FALSE;
	retour_text_fold(&folded, example, strlen(example));
	retour_matcher_scan(matcher, folded.text, folded.length, note_offset, &there);
	if (!there)
		codes_fault(reading->codes, reading->file, row->line,
		            "the example does not hold the text \"%s\": mend one of them", text);
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
check_conditions(Reading *reading, const RetourTableRow *row)
{
	const char *const *cells = row->cells;
	if (*cells[HOST] && !is_host_list(cells[HOST]))
		codes_fault(reading->codes, reading->file, row->line,
		            "\"%s\" is no list of hosts: write suffixes in lower case, separated "
		            "by ','",
		            cells[HOST]);
	if (*cells[TEXT])
		check_text(reading, row);
	else if (!reading->provider)
		codes_fault(reading->codes, reading->file, row->line,
		            "a phrase without text: write what servers say");
	else if (!*cells[HOST] || (!*cells[STATUS] && !*cells[REPLY]))
		codes_fault(reading->codes, reading->file, row->line,
		            "a rule without text needs a host and a status or reply: add them");
	char *key = g_strjoin("\t", cells[TEXT], cells[STATUS], cells[REPLY], cells[HOST], NULL);
	check_new(reading, reading->keys, key, row->line, "the same text and conditions");
}

static guint8
read_rank(Reading *reading, const RetourTableRow *row)
{
	const char *rank = row->cells[RANK];
	if (rank[0] >= '1' && rank[0] <= '9' && rank[1] == '\0')
		return (guint8)(rank[0] - '0');
	codes_fault(reading->codes, reading->file, row->line, "\"%s\" is no rank: write 1 to 9",
	            rank);
	return 1;
}

static void
read_codes(Reading *reading, const RetourTableRow *row, RetourRule *rule)
{
	const char *status = row->cells[STATUS], *reply = row->cells[REPLY];
	const char *wrong = *status ? codes_read_statuses(reading->codes, status, rule) : NULL;
	if (wrong)
		codes_fault(reading->codes, reading->file, row->line, "\"%s\" is no status: %s",
		            status, wrong);
	wrong = *reply ? codes_read_replies(reading->codes, reply, rule) : NULL;
	if (wrong)
		codes_fault(reading->codes, reading->file, row->line, "\"%s\" is no reply: %s",
		            reply, wrong);
}

static void
read_rule(Reading *reading, const RetourTableRow *row)
{
	static const int needed[] = { ID, REASON, LANG, SOURCE, EXAMPLE };
	for (guint i = 0; i < G_N_ELEMENTS(needed); i++) {
		if (*row->cells[needed[i]] == '\0') {
			codes_fault(reading->codes, reading->file, row->line,
			            "\"%s\" is empty: fill it in", COLUMNS[needed[i]]);
			return;
		}
	}
	Codes *codes = reading->codes;
	g_autofree char *id =
	        g_strconcat(reading->provider ? "provider:" : "phrase:", row->cells[ID], NULL);
	RetourRule rule = {
		.id = codes_pool(codes, id),
		.text = codes_pool(codes, row->cells[TEXT]),
		.source = codes_pool(codes, row->cells[SOURCE]),
		.example = codes_pool(codes, row->cells[EXAMPLE]),
		.hosts = codes_pool(codes, row->cells[HOST]),
		.reason = codes_reason(codes, reading->file, row->line, row->cells[REASON]),
		.line = (guint16)row->line,
		.rank = read_rank(reading, row),
		.provider = (guint8)reading->provider,
	};
	check_id(reading, row);
	check_conditions(reading, row);
	read_codes(reading, row, &rule);
	g_array_append_val(codes->rules, rule);
}

static void
read_file(Codes *codes, const char *folder, const char *name, gboolean provider)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(RetourTable) table = retour_table_read(path, COLUMNS, &error);
	if (!table) {
		codes_fault(codes, path, 0, "%s", error->message);
		return;
	}
	g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GHashTable) keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	Reading reading = { codes, path, provider, ids, keys };
	for (guint i = 0; i < retour_table_get_size(table); i++)
		read_rule(&reading, retour_table_get_row(table, i));
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
	if (x->provider != y->provider)
		return (int)y->provider - (int)x->provider;
	if (x->rank != y->rank)
		return (int)y->rank - (int)x->rank;
	guint lx = literal_length(codes_text(data, x->text));
	guint ly = literal_length(codes_text(data, y->text));
	return lx != ly ? (int)ly - (int)lx : (int)x->line - (int)y->line;
}

static void
make_matcher(Codes *codes)
{
	g_autoptr(GPtrArray) patterns = g_ptr_array_new();
	for (guint16 i = 0; i < codes->rules->len; i++) {
		const char *text =
		        codes_text(codes, g_array_index(codes->rules, RetourRule, i).text);
		g_array_append_val(*text ? codes->pattern_rules : codes->bare_rules, i);
		if (*text)
			g_ptr_array_add(patterns, (gpointer)text);
	}
	g_autoptr(GError) error = NULL;
	g_autoptr(RetourMatcher) matcher =
	        retour_matcher_build((const char *const *)patterns->pdata, patterns->len, &error);
	if (!matcher) {
		codes_fault(codes, NULL, 0, "%s", error->message);
		return;
	}
	gsize n;
	const guint16 *numbers = retour_matcher_get_numbers(matcher, &n);
	g_array_append_vals(codes->matcher, numbers, (guint)n);
}

void
codes_read_rules(Codes *codes, const char *folder)
{
	read_file(codes, folder, "providers.tsv", TRUE);
	read_file(codes, folder, "phrases.tsv", FALSE);
	if (codes->faults > 0)
		return;
	g_array_sort_with_data(codes->rules, compare_rules, codes);
	make_matcher(codes);
}
