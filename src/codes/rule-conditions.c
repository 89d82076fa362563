/* SPDX-License-Identifier: BSD-2-Clause */

/* What stands in the columns status and reply of a rule. */
#include "codes/rule-reader.h"

#include <string.h>

gboolean
retour_take_number(const char **text, guint16 *number)
{
	gsize digits = strspn(*text, "0123456789");
	if (digits < 1 || digits > 3)
		return FALSE;
	*number = (guint16)g_ascii_strtoull(*text, NULL, 10);
	*text += digits;
	return TRUE;
}

gboolean
retour_take(const char **text, char c)
{
	if (**text != c)
		return FALSE;
	++*text;
	return TRUE;
}

/* "5.7.1", "X.7.26", "4.7.*", "5.7.606-649" */
static gboolean
read_status(const char *text, RetourCodesStatus *status)
{
	if (*text == '\0' || !strchr("X245", *text))
		return FALSE;
	status->klass = *text == 'X' ? 0 : (guint16)(*text - '0');
	text++;
	if (!retour_take(&text, '.') || !retour_take_number(&text, &status->subject) ||
	    !retour_take(&text, '.'))
		return FALSE;
	if (retour_take(&text, '*')) {
		status->detail_to = 999;
		return *text == '\0';
	}
	if (!retour_take_number(&text, &status->detail_from))
		return FALSE;
	status->detail_to = status->detail_from;
	if (retour_take(&text, '-') && !retour_take_number(&text, &status->detail_to))
		return FALSE;
	return *text == '\0' && status->detail_from <= status->detail_to;
}

/* "550", "55x", "5xx" */
static gboolean
read_reply(const char *text, RetourCodesReply *reply)
{
	guint16 from = 0, to = 0;
	gboolean open = FALSE;
	for (guint i = 0; i < 3; i++) {
		gboolean digit = g_ascii_isdigit(text[i]) && !open;
		open = open || text[i] == 'x';
		if (!digit && (text[i] != 'x' || i == 0))
			return FALSE;
		from = (guint16)(from * 10 + (digit ? text[i] - '0' : 0));
		to = (guint16)(to * 10 + (digit ? text[i] - '0' : 9));
	}
	*reply = (RetourCodesReply){ from, to };
	return text[3] == '\0' && from >= 200;
}

const char *
retour_rule_read_statuses(RetourRuleReader *reader, const char *text, RetourRule *rule)
{
	g_auto(GStrv) words = g_strsplit(text, "|", -1);
	rule->first_status = (guint16)reader->statuses->len;
	for (guint i = 0; words[i]; i++) {
		RetourCodesStatus status = { 0 };
		if (!read_status(words[i], &status))
			return "write 5.7.1, X.7.26, 4.7.* or 5.7.606-649, several separated by |";
		g_array_append_val(reader->statuses, status);
		rule->n_statuses++;
	}
	return NULL;
}

const char *
retour_rule_read_replies(RetourRuleReader *reader, const char *text, RetourRule *rule)
{
	g_auto(GStrv) words = g_strsplit(text, "|", -1);
	rule->first_reply = (guint16)reader->replies->len;
	for (guint i = 0; words[i]; i++) {
		RetourCodesReply reply;
		if (!read_reply(words[i], &reply))
			return "write 550, 55x or 5xx, several separated by |";
		g_array_append_val(reader->replies, reply);
		rule->n_replies++;
	}
	return NULL;
}
