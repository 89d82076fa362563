/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/codes-filter.h"

#include <string.h>

static gboolean
is_class(const char *word)
{
	return strcmp(word, "hard") == 0 || strcmp(word, "soft") == 0 || strcmp(word, "none") == 0;
}

static gboolean
stands_in(const char *sheet, const char *column, const char *word)
{
	return retour_sheet_find_row(retour_sheet_find(sheet), column, word, -1) >= 0;
}

static gboolean
has_rules(const char *provider)
{
	g_autofree char *prefix = g_strconcat("provider:", provider, "/", NULL);
	for (guint i = 0; i < retour_rule_get_count(); i++) {
		const char *id = retour_rule_get_id(retour_rule_get(i));
		if (g_ascii_strncasecmp(id, prefix, strlen(prefix)) == 0)
			return TRUE;
	}
	return FALSE;
}

char *
retour_codes_filter_check(const RetourCodesFilter *filter)
{
	if (filter->reason && !retour_reason_find(filter->reason))
		return g_strdup_printf("there is no reason '%s'", filter->reason);
	if (filter->klass && !is_class(filter->klass))
		return g_strdup_printf("there is no class '%s'", filter->klass);
	if (filter->subject && !stands_in("subjects", "subject", filter->subject))
		return g_strdup_printf("there is no subject '%s'", filter->subject);
	if (filter->command && !stands_in("commands", "command", filter->command))
		return g_strdup_printf("there is no command '%s'", filter->command);
	if (filter->provider && !has_rules(filter->provider))
		return g_strdup_printf("there are no rules for a provider '%s'", filter->provider);
	return NULL;
}

static gboolean
is_of_class(const RetourSheet *sheet, guint row, const char *klass)
{
	static const char *const columns[] = { "class", "class_5", "class_4" };
	gboolean known = FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(columns); i++) {
		const char *cell = retour_sheet_get_text(sheet, row, columns[i]);
		known |= *cell != '\0';
		/* "hard at 5" */
		if (g_str_has_prefix(cell, klass))
			return TRUE;
	}
	const RetourReason *reason =
	        retour_reason_find(retour_sheet_get_text(sheet, row, "reason"));
	return !known && reason &&
	       (strcmp(retour_class_to_string(retour_reason_get_class(reason, 5)), klass) == 0 ||
	        strcmp(retour_class_to_string(retour_reason_get_class(reason, 4)), klass) == 0);
}

static gboolean
is_of_subject(const RetourSheet *sheet, guint row, const char *subject)
{
	g_autofree char *inside = g_strconcat(".", subject, ".", NULL);
	const char *code = retour_sheet_get_text(sheet, row, "code");
	const char *status = retour_sheet_get_text(sheet, row, "status");
	return strstr(code, inside) || strstr(status, inside) ||
	       strcmp(retour_sheet_get_text(sheet, row, "subject"), subject) == 0;
}

/* A reply is of the command that it may answer. */
static gboolean
is_of_command(const RetourSheet *sheet, guint row, const char *command)
{
	const RetourSheet *commands = retour_sheet_find("commands");
	if (g_ascii_strcasecmp(retour_sheet_get_text(sheet, row, "command"), command) == 0)
		return TRUE;
	if (strcmp(retour_sheet_get_name(sheet), "replies") != 0)
		return FALSE;
	const char *code = retour_sheet_get_text(sheet, row, "code");
	gint at = -1;
	while ((at = retour_sheet_find_row(commands, "reply", code, at)) >= 0) {
		if (g_ascii_strcasecmp(retour_sheet_get_text(commands, (guint)at, "command"),
		                       command) == 0)
			return TRUE;
	}
	return FALSE;
}

static gboolean
is_of_provider(const RetourSheet *sheet, guint row, const char *provider)
{
	const char *id = retour_sheet_get_text(sheet, row, "id");
	gsize length = strlen(provider);
	return strcmp(retour_sheet_get_name(sheet), "providers") == 0 &&
	       g_ascii_strncasecmp(id, provider, length) == 0 && id[length] == '/';
}

gboolean
retour_codes_filter_wants(const RetourCodesFilter *filter, const RetourSheet *sheet, guint row)
{
	if (filter->reason &&
	    strcmp(retour_sheet_get_text(sheet, row, "reason"), filter->reason) != 0)
		return FALSE;
	return (!filter->klass || is_of_class(sheet, row, filter->klass)) &&
	       (!filter->subject || is_of_subject(sheet, row, filter->subject)) &&
	       (!filter->command || is_of_command(sheet, row, filter->command)) &&
	       (!filter->provider || is_of_provider(sheet, row, filter->provider));
}

void
retour_codes_filter_clear(RetourCodesFilter *filter)
{
	g_free(filter->reason);
	g_free(filter->klass);
	g_free(filter->subject);
	g_free(filter->command);
	g_free(filter->provider);
}
