/* SPDX-License-Identifier: BSD-2-Clause */
#include "act/template.h"

#include <string.h>

#include "emit/json-writer.h"

G_DEFINE_QUARK(retour - template - error - quark, retour_template_error)

static const char *const names[RETOUR_N_VALUES] = {
	[RETOUR_VALUE_ADDRESS] = "address", [RETOUR_VALUE_LOCAL] = "local",
	[RETOUR_VALUE_DOMAIN] = "domain",   [RETOUR_VALUE_LIST] = "list",
	[RETOUR_VALUE_TARGET] = "target",   [RETOUR_VALUE_URL] = "url",
	[RETOUR_VALUE_KEY] = "key",         [RETOUR_VALUE_VERB] = "verb",
	[RETOUR_VALUE_TIME] = "time",       [RETOUR_VALUE_DECISION] = "decision",
	[RETOUR_VALUE_POLICY] = "policy",   [RETOUR_VALUE_GROUNDS] = "grounds",
	[RETOUR_VALUE_EVENT] = "event",     [RETOUR_VALUE_CLASS] = "class",
	[RETOUR_VALUE_REASON] = "reason",   [RETOUR_VALUE_CODE] = "code",
	[RETOUR_VALUE_STATUS] = "status",   [RETOUR_VALUE_DIAGNOSTIC] = "diagnostic",
	[RETOUR_VALUE_TYPE] = "type",       [RETOUR_VALUE_DSN] = "dsn",
	[RETOUR_VALUE_ID] = "id",
};

/* The length of "{word}" at @text, 0 if there is none. */
static gsize
match_place(const char *text, int *value)
{
	if (text[0] != '{')
		return 0;
	gsize length = strspn(text + 1, "abcdefghijklmnopqrstuvwxyz-");
	if (length == 0 || text[length + 1] != '}')
		return 0;
	*value = -1;
	for (int i = 0; i < RETOUR_N_VALUES; i++) {
		if (strlen(names[i]) == length && strncmp(names[i], text + 1, length) == 0)
			*value = i;
	}
	return length + 2;
}

gboolean
retour_template_check(const char *template, char **unknown)
{
	for (const char *at = template; *at; at++) {
		int value;
		gsize length = match_place(at, &value);
		if (length > 0 && value < 0) {
			*unknown = g_strndup(at, length);
			return FALSE;
		}
	}
	return TRUE;
}

static gboolean
refuse(int value, const char *what, GError **error)
{
	g_set_error(error, RETOUR_TEMPLATE_ERROR, RETOUR_TEMPLATE_ERROR_VALUE,
	            "the %s holds %s: it must be done by hand", names[value], what);
	return FALSE;
}

/* Who reads lines parts words at blanks, and passes over what begins with '#'. A DSN is lines by
 * nature. */
static const char *
fault_in_line(int value, const char *text)
{
	if (value == RETOUR_VALUE_DSN)
		return NULL;
	if (value == RETOUR_VALUE_ADDRESS && (*text == '#' || strchr(text, ' ')))
		return "a blank or '#', which readers of lines take otherwise";
	for (; *text; text++) {
		if ((guchar)*text < 0x20 || *text == 0x7f)
			return "control characters, which no line can carry";
	}
	return NULL;
}

/* Unreserved characters of RFC 3986 alone stay as they are. */
static void
append_percent(GString *out, const char *text)
{
	for (; *text; text++) {
		if (g_ascii_isalnum(*text) || strchr("-._~", *text))
			g_string_append_c(out, *text);
		else
			g_string_append_printf(out, "%%%02X", (guchar)*text);
	}
}

/* Behind quotes that the template has. */
static void
append_json(GString *out, const char *text)
{
	g_autoptr(GString) quoted = g_string_new(NULL);
	RetourJsonScope scope = retour_json_begin(quoted, NULL, '[');
	retour_json_add_any(quoted, NULL, text);
	retour_json_end(quoted, scope);
	g_string_append_len(out, quoted->str + 2, (gssize)quoted->len - 4);
}

static gboolean
append_value(GString *out, RetourForm form, gboolean path, int value, const char *text,
             GError **error)
{
	/* The manager's own URL, of the settings: it is where the rest begins. */
	if (form == RETOUR_FORM_WORD || value == RETOUR_VALUE_URL) {
		g_string_append(out, text);
		return TRUE;
	}
	const char *fault = form == RETOUR_FORM_LINE ? fault_in_line(value, text) : NULL;
	if (fault)
		return refuse(value, fault, error);
	switch (form) {
	case RETOUR_FORM_LINE:
		g_string_append(out, text);
		return TRUE;
	case RETOUR_FORM_JSON:
		append_json(out, text);
		return TRUE;
	case RETOUR_FORM_URL:
		/* Servers decode before they part the path. */
		if (path && (strchr(text, '/') || strspn(text, ".") == strlen(text)))
			return refuse(value, "what a path of a URL cannot carry", error);
		append_percent(out, text);
		return TRUE;
	default:
		append_percent(out, text);
		return TRUE;
	}
}

gboolean
retour_template_expand(const char *template, RetourForm form, const RetourValues *values,
                       GString *out, GError **error)
{
	const gsize start = out->len;
	gboolean path = TRUE;
	for (const char *at = template; *at;) {
		int value;
		gsize length = match_place(at, &value);
		if (length > 0 && value >= 0) {
			const char *text = values->values[value] ? values->values[value] : "";
			if (!append_value(out, form, path, value, text, error)) {
				g_string_truncate(out, start);
				return FALSE;
			}
			at += length;
			continue;
		}
		path &= *at != '?';
		g_string_append_c(out, form == RETOUR_FORM_FORM && *at == '\n' ? '&' : *at);
		at++;
	}
	return TRUE;
}
