/* SPDX-License-Identifier: BSD-2-Clause */

/* What a code or another word of the database means. */
#include <string.h>

#include "cli/card.h"
#include "cli/explanation.h"
#include "cli/lore.h"

/* Provider rules that are told of beside a code. */
#define RULES_MAX 12u

static void
add_reason(const RetourReason *reason, GString *card)
{
	if (!reason)
		return;
	retour_card_add_format(card, "reason", "%s: %s", retour_reason_get_name(reason),
	                       retour_reason_get_meaning(reason));
	retour_card_add(card, "fault", retour_fault_to_string(retour_reason_get_fault(reason)));
	retour_card_add(card, "advice", retour_advice_to_string(retour_reason_get_advice(reason)));
}

/* @code_class: 4, 5, or 0 for an "X" */
static void
add_class(RetourClass at_5, RetourClass at_4, guint code_class, GString *card)
{
	if (code_class == 0 && at_5 != at_4)
		retour_card_add_format(card, "class", "%s at class 5, %s at class 4",
		                       retour_class_to_string(at_5), retour_class_to_string(at_4));
	else
		retour_card_add(card, "class",
		                retour_class_to_string(code_class == 4 ? at_4 : at_5));
}

static void
add_known_code(const char *name, const RetourCode *code, guint code_class, GString *card)
{
	const RetourReason *reason = retour_code_get_reason(code);
	g_autofree char *title = g_strdup_printf("%s %s", name, retour_code_get_title(code));
	retour_card_add_title(card, title);
	retour_card_add(card, "meaning", retour_code_get_meaning(code));
	if (reason && code_class != 2) {
		add_class(retour_code_get_class(code, 5), retour_code_get_class(code, 4),
		          code_class, card);
		add_reason(reason, card);
		retour_card_add(card, "",
		                "This is for the code alone: words beside it that say more "
		                "come first.");
		retour_explanation_add_remedy(reason, card);
	}
	retour_card_add(card, "note", retour_code_get_note(code));
	retour_card_add(card, "source", retour_code_get_source(code));
}

static void
add_digit(const char *digits, GString *card)
{
	const RetourSheet *sheet = retour_sheet_find("digits");
	gint row = retour_sheet_find_row(sheet, "digits", digits, -1);
	if (row >= 0)
		retour_card_add_format(card, "", "%s: %s",
		                       retour_sheet_get_text(sheet, (guint)row, "title"),
		                       retour_sheet_get_text(sheet, (guint)row, "meaning"));
}

/* ---- provider rules ---- */

/* The code stands in @text by itself. */
static gboolean
stands_alone(const char *text, const char *code)
{
	gsize length = strlen(code);
	for (const char *at = text; (at = strstr(at, code)); at += length) {
		char before = at > text ? at[-1] : ' ', after = at[length];
		if (!g_ascii_isdigit(before) && before != '.' && !g_ascii_isdigit(after) &&
		    after != '.')
			return TRUE;
	}
	return FALSE;
}

/* A registered code is told of where a rule asks for it; another one also where a provider is
 * known to write it. */
static gboolean
is_about(const RetourRule *rule, RetourStatus status, const char *word, gboolean registered)
{
	return retour_rule_is_provider(rule) &&
	       (retour_rule_names_status(rule, status) ||
	        (!registered && stands_alone(retour_rule_get_example(rule), word)));
}

static void
add_rule(const RetourRule *rule, const char *label, GString *card)
{
	const char *text = retour_rule_get_text(rule);
	retour_card_add_format(card, label, "%s: %s%s%s%s (%s)", retour_rule_get_id(rule),
	                       retour_reason_get_name(retour_rule_get_reason(rule)),
	                       *text ? ", where the text says “" : "", text, *text ? "”" : "",
	                       retour_rule_get_source(rule));
}

/* What providers mean by a code; the best rule of all, or NULL. */
static const RetourRule *
find_rule(const RetourSite *site, RetourStatus status, const char *word, gboolean registered)
{
	for (guint i = 0; i < retour_site_get_n_rules(site); i++) {
		const RetourRule *rule = retour_site_get_rule(site, i);
		if (is_about(rule, status, word, registered))
			return rule;
	}
	return NULL;
}

static void
add_rules(const RetourSite *site, RetourStatus status, const char *word, gboolean registered,
          GString *card)
{
	const char *label = "providers";
	for (guint i = 0, n = 0; i < retour_site_get_n_rules(site) && n < RULES_MAX; i++) {
		const RetourRule *rule = retour_site_get_rule(site, i);
		if (!is_about(rule, status, word, registered))
			continue;
		add_rule(rule, label, card);
		label = "";
		n++;
	}
}

/* ---- codes ---- */

/* "X.7.26" as 5.7.26 with @any set. */
static gboolean
parse_status(const char *word, RetourStatus *status, gboolean *any)
{
	g_autofree char *text = g_strdup(word);
	*any = text[0] == 'X' || text[0] == 'x';
	if (*any)
		text[0] = '5';
	gsize length = strlen(text);
	return length > 0 && retour_status_parse(text, length, status) == length;
}

/* A detail that the registry does not know: providers have their own, else the subject counts. */
static void
add_unregistered(const char *word, RetourStatus status, gboolean any, const RetourSite *site,
                 GString *card)
{
	const RetourRule *rule = find_rule(site, status, word, FALSE);
	const RetourReason *reason =
	        rule ? retour_rule_get_reason(rule) : retour_status_subject_reason(status);
	char digits[] = "5.x.x";
	digits[0] = word[0];
	retour_card_add_title(card, word);
	retour_card_add(card, "meaning",
	                rule ? "This detail is not registered; providers give it a meaning."
	                     : "This detail is not registered; the subject counts (RFC 3463).");
	add_digit(any ? "" : digits, card);
	if (status.klass == 2 || !reason)
		return;
	add_class(retour_reason_get_class(reason, 5), retour_reason_get_class(reason, 4),
	          any ? 0 : status.klass, card);
	add_reason(reason, card);
	if (rule)
		add_rule(rule, "decided by", card);
	retour_explanation_add_remedy(reason, card);
}

static gboolean
add_status(const char *word, const RetourSite *site, GString *card)
{
	RetourStatus status;
	gboolean any;
	if (!parse_status(word, &status, &any))
		return FALSE;
	const RetourCode *code = retour_code_find_status(status);
	if (code)
		add_known_code(word, code, any ? 0 : status.klass, card);
	else
		add_unregistered(word, status, any, site, card);
	add_rules(site, status, word, code != NULL, card);
	if (code)
		retour_lore_add(retour_code_get_name(code), card);
	return TRUE;
}

/* 447 is 4.4.7 to those who leave the dots out. */
static void
add_dotted(const char *word, const RetourSite *site, GString *card)
{
	const RetourSheet *sheet = retour_sheet_find("replies");
	gint row = retour_sheet_find_row(sheet, "code", word, -1);
	const char *status = row < 0 ? "" : retour_sheet_get_text(sheet, (guint)row, "status");
	if (!*status)
		return;
	retour_card_add_format(card, "stands for", "%s, written without its dots", status);
	g_string_append_c(card, '\n');
	add_status(status, site, card);
}

static gboolean
add_reply(const char *word, const RetourSite *site, GString *card)
{
	guint64 number;
	if (strlen(word) != 3 || !g_ascii_string_to_unsigned(word, 10, 100, 999, &number, NULL))
		return FALSE;
	const RetourCode *code = retour_code_find_reply((guint)number);
	if (code) {
		add_known_code(word, code, (guint)number / 100, card);
		retour_lore_add_commands(word, card);
		retour_lore_add(word, card);
		add_dotted(word, site, card);
		return TRUE;
	}
	char first[] = "5yz", second[] = "x0z";
	first[0] = word[0];
	second[1] = word[1];
	retour_card_add_title(card, word);
	retour_card_add(card, "meaning", "No such SMTP reply is known; the first digit counts.");
	add_digit(first, card);
	add_digit(second, card);
	return TRUE;
}

/* ---- other words ---- */

static gboolean
add_reason_word(const char *word, GString *card)
{
	const RetourSheet *sheet = retour_sheet_find("reasons");
	const RetourReason *reason = retour_reason_find(word);
	if (!reason)
		return FALSE;
	gint row = retour_sheet_find_row(sheet, "reason", word, -1);
	retour_card_add_title(card, word);
	add_class(retour_reason_get_class(reason, 5), retour_reason_get_class(reason, 4), 0, card);
	add_reason(reason, card);
	retour_explanation_add_remedy(reason, card);
	/* The columns behind those of our own are the names in other systems. */
	for (guint i = 8; row >= 0 && i < retour_sheet_get_n_columns(sheet); i++)
		retour_card_add(card, retour_sheet_get_column(sheet, i),
		                retour_sheet_get_cell(sheet, (guint)row, i));
	return TRUE;
}

/* "C07" */
static gboolean
add_contradiction(const char *word, GString *card)
{
	const RetourSheet *sheet = retour_sheet_find("contradictions");
	gint row = retour_sheet_find_row(sheet, "id", word, -1);
	if (row < 0)
		return FALSE;
	retour_card_add_title(card, retour_sheet_get_text(sheet, (guint)row, "id"));
	for (guint i = 1; i < retour_sheet_get_n_columns(sheet); i++)
		retour_card_add(card, retour_sheet_get_column(sheet, i),
		                retour_sheet_get_cell(sheet, (guint)row, i));
	return TRUE;
}

/* A group of codes has several names ("4yz 4xx"): what is said of each belongs to it. */
static void
add_group(const char *names, GString *card)
{
	g_auto(GStrv) words = g_strsplit(names, " ", -1);
	for (guint i = 0; words[i]; i++)
		retour_lore_add(words[i], card);
}

/* "4xx", "5yz", "x5z", "2.x.x", and whatever else a page calls by a code. */
static gboolean
add_digits(const char *word, GString *card)
{
	const RetourSheet *sheet = retour_sheet_find("digits");
	gint row = retour_sheet_find_row(sheet, "digits", word, -1);
	gsize before = card->len;
	if (strchr(word, ' '))
		return FALSE;
	retour_card_add_title(card, word);
	gsize title = card->len;
	add_digit(word, card);
	add_group(row < 0 ? word : retour_sheet_get_text(sheet, (guint)row, "digits"), card);
	if (card->len == title)
		g_string_truncate(card, before);
	return card->len > before;
}

gboolean
retour_explanation_add_word(const char *word, const RetourSite *site, GString *card)
{
	return add_reply(word, site, card) || add_status(word, site, card) ||
	       retour_lore_add_replies(word, card) || add_reason_word(word, card) ||
	       add_contradiction(word, card) || add_digits(word, card);
}
