/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/lore.h"

#include <retour/codes.h>
#include <string.h>

#include "cli/card.h"

/* ---- aliases ---- */

static gboolean
same_words(const RetourSheet *sheet, gint a, gint b)
{
	return strcmp(retour_sheet_get_text(sheet, (guint)a, "text"),
	              retour_sheet_get_text(sheet, (guint)b, "text")) == 0;
}

/* An earlier row of the code has the same words. */
static gboolean
is_told(const RetourSheet *sheet, const char *code, gint row)
{
	gint at = -1;
	while ((at = retour_sheet_find_row(sheet, "code", code, at)) >= 0 && at < row) {
		if (same_words(sheet, at, row))
			return TRUE;
	}
	return FALSE;
}

/* Each page once, with what it claims. */
static void
add_pages(const RetourSheet *sheet, const char *code, gint row, GString *line)
{
	const char *last = "", *separator = " (";
	for (gint at = row; at >= 0; at = retour_sheet_find_row(sheet, "code", code, at)) {
		const char *page = retour_sheet_get_text(sheet, (guint)at, "page");
		const char *claim = retour_sheet_get_text(sheet, (guint)at, "claim");
		if (!same_words(sheet, row, at) || strcmp(page, last) == 0)
			continue;
		g_string_append_printf(line, "%s%s%s%s", separator, page,
		                       *claim ? ", which calls it " : "", claim);
		last = page;
		separator = "; ";
	}
	g_string_append_c(line, ')');
}

static gboolean
add_aliases(const char *code, GString *card)
{
	const RetourSheet *sheet = retour_sheet_find("aliases");
	const char *label = "elsewhere";
	for (gint row = -1; (row = retour_sheet_find_row(sheet, "code", code, row)) >= 0;) {
		gboolean tip = strcmp(retour_sheet_get_text(sheet, (guint)row, "tag"), "tip") == 0;
		if (tip || is_told(sheet, code, row))
			continue;
		g_autoptr(GString) line = g_string_new("“");
		g_string_append_printf(line, "%s”",
		                       retour_sheet_get_text(sheet, (guint)row, "text"));
		add_pages(sheet, code, row, line);
		retour_card_add(card, label, line->str);
		label = "";
	}
	return !*label;
}

static gboolean
add_advice(const char *code, GString *card)
{
	const RetourSheet *sheet = retour_sheet_find("remedies");
	const char *label = "they advise";
	for (gint row = -1; (row = retour_sheet_find_row(sheet, "codes", code, row)) >= 0;) {
		guint at = (guint)row;
		const char *command = retour_sheet_get_text(sheet, at, "command");
		const char *note = retour_sheet_get_text(sheet, at, "note");
		retour_card_add_format(
		        card, label, "%s%s“%s” (%s)%s%s", command, *command ? ": " : "",
		        retour_sheet_get_text(sheet, at, "text"),
		        retour_sheet_get_text(sheet, at, "source"), *note ? " " : "", note);
		label = "";
	}
	return !*label;
}

/* ---- contradictions ---- */

static gboolean
add_contradictions(const char *code, GString *card)
{
	const RetourSheet *sheet = retour_sheet_find("contradictions");
	gboolean any = FALSE;
	for (gint row = -1; (row = retour_sheet_find_row(sheet, "codes", code, row)) >= 0;) {
		guint at = (guint)row;
		retour_card_add_format(card, "disputed", "%s, %s",
		                       retour_sheet_get_text(sheet, at, "id"),
		                       retour_sheet_get_text(sheet, at, "topic"));
		retour_card_add(card, "  they say", retour_sheet_get_text(sheet, at, "claims"));
		retour_card_add(card, "  against", retour_sheet_get_text(sheet, at, "authority"));
		retour_card_add(card, "  here", retour_sheet_get_text(sheet, at, "resolution"));
		any = TRUE;
	}
	return any;
}

gboolean
retour_lore_add(const char *code, GString *card)
{
	gboolean said = add_aliases(code, card);
	said |= add_advice(code, card);
	said |= add_contradictions(code, card);
	return said;
}

/* ---- commands ---- */

void
retour_lore_add_commands(const char *reply, GString *card)
{
	const RetourSheet *sheet = retour_sheet_find("commands");
	g_autoptr(GString) line = g_string_new(NULL);
	for (gint row = -1; (row = retour_sheet_find_row(sheet, "reply", reply, row)) >= 0;)
		g_string_append_printf(
		        line, "%s%s%s", line->len > 0 ? ", " : "",
		        retour_sheet_get_text(sheet, (guint)row, "command"),
		        *retour_sheet_get_text(sheet, (guint)row, "rfc5321") ||
		                        *retour_sheet_get_text(sheet, (guint)row, "extension")
		                ? ""
		                : " (RFC 821)");
	retour_card_add(card, "answers", line->str);
}

static void
add_reply(const RetourSheet *sheet, guint row, GString *card)
{
	static const char *const sources[] = { "rfc5321", "rfc821", "extension" };
	static const char *const names[] = { "RFC 5321", "RFC 821", "" };
	g_autoptr(GString) line = g_string_new(NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(sources); i++) {
		const char *outcome = retour_sheet_get_text(sheet, row, sources[i]);
		if (*outcome)
			g_string_append_printf(line, "%s%s%s%s", line->len > 0 ? "; " : "",
			                       names[i], *names[i] ? ": " : "", outcome);
	}
	if (line->len == 0)
		g_string_append(line, "in no RFC, found in lists");
	const char *note = retour_sheet_get_text(sheet, row, "note");
	if (*note)
		g_string_append_printf(line, ". %s", note);
	retour_card_add(card, retour_sheet_get_text(sheet, row, "reply"), line->str);
}

gboolean
retour_lore_add_replies(const char *command, GString *card)
{
	const RetourSheet *sheet = retour_sheet_find("commands");
	gboolean any = FALSE;
	for (guint row = 0; row < retour_sheet_get_n_rows(sheet); row++) {
		if (g_ascii_strcasecmp(retour_sheet_get_text(sheet, row, "command"), command) != 0)
			continue;
		if (!any)
			retour_card_add_title(card, retour_sheet_get_text(sheet, row, "command"));
		add_reply(sheet, row, card);
		any = TRUE;
	}
	return any;
}
