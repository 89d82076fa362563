/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "act/read.h"

typedef struct {
	RetourManager *manager;
	const char *file;
	const RetourBlock *block;
	GPtrArray *faults;
	guint given; /* calls that the block has itself */
} Reader;

static void G_GNUC_PRINTF(3, 4) fault(const Reader *reader, guint line, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *what = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_ptr_array_add(reader->faults, g_strdup_printf("%s:%u: %s", reader->file, line, what));
}

/* The fields that are one string, and where each goes. */
static const struct {
	const char *name;
	gsize offset;
	gboolean path; /* a whole one */
} strings[] = {
	{ "Source", G_STRUCT_OFFSET(RetourManager, source), FALSE },
	{ "URL", G_STRUCT_OFFSET(RetourManager, url), FALSE },
	{ "Credentials", G_STRUCT_OFFSET(RetourManager, credentials), TRUE },
	{ "Secret", G_STRUCT_OFFSET(RetourManager, secret), TRUE },
	{ "CA", G_STRUCT_OFFSET(RetourManager, ca), TRUE },
	{ "User", G_STRUCT_OFFSET(RetourManager, user), FALSE },
	{ "Id", G_STRUCT_OFFSET(RetourManager, id), FALSE },
	{ "Content", G_STRUCT_OFFSET(RetourManager, content), FALSE },
	{ "By hand", G_STRUCT_OFFSET(RetourManager, by_hand), FALSE },
	{ "Done", G_STRUCT_OFFSET(RetourManager, answers[RETOUR_ANSWER_DONE]), FALSE },
	{ "Moot", G_STRUCT_OFFSET(RetourManager, answers[RETOUR_ANSWER_MOOT]), FALSE },
	{ "Again", G_STRUCT_OFFSET(RetourManager, answers[RETOUR_ANSWER_AGAIN]), FALSE },
};

static const struct {
	const char *name;
	gsize offset;
	guint max;
} numbers[] = {
	{ "Timeout", G_STRUCT_OFFSET(RetourManager, timeout), RETOUR_CALL_TIMEOUT_MAX },
	{ "Removals per run", G_STRUCT_OFFSET(RetourManager, removals_per_run), G_MAXINT },
	{ "Removals per day", G_STRUCT_OFFSET(RetourManager, removals_per_day), G_MAXINT },
};

const char *const retour_call_names[RETOUR_N_CALLS] = {
	"Hold", "Remove", "Release", "Restore", "Report", "Member", "Members", "Members", "Members",
};

static void
check_places(const Reader *reader, const RetourBlockField *field, const char *template)
{
	g_autofree char *unknown = NULL;
	if (!retour_template_check(template, &unknown))
		fault(reader, field->line, "there is no value for %s: take {address} or another",
		      unknown);
}

/* Where something goes is never for a mail to say. */
static void
check_fixed(const Reader *reader, const RetourBlockField *field, const char *text, const char *what)
{
	for (const char *at = strchr(text, '{'); at; at = strchr(at + 1, '{')) {
		if (!g_str_has_prefix(at, "{target}") && !g_str_has_prefix(at, "{list}"))
			fault(reader, field->line,
			      "%s must not hang on a mail: write it out, or with {target} or "
			      "{list}",
			      what);
	}
}

static void
read_run(Reader *reader, const RetourBlockField *field, RetourCall *call, const char *text)
{
	g_autoptr(GError) error = NULL;
	call->means = RETOUR_MEANS_RUN;
	if (!g_shell_parse_argv(text, NULL, &call->words, &error)) {
		fault(reader, field->line, "%s: write as in \"run /usr/bin/program {address}\"",
		      error->message);
		return;
	}
	check_fixed(reader, field, call->words[0], "the program");
	for (guint i = 0; call->words[i]; i++)
		check_places(reader, field, call->words[i]);
}

static void
read_append(Reader *reader, const RetourBlockField *field, RetourCall *call, const char *text)
{
	call->means = RETOUR_MEANS_APPEND;
	call->target = g_strdup(text);
	check_fixed(reader, field, text, "the file");
	if (text[0] != '/' && !g_str_has_prefix(text, "{target}"))
		fault(reader, field->line, "\"%s\" is no whole path: begin it with /", text);
	if (!call->body)
		fault(reader, field->line,
		      "nothing to append: write the line below, indented, as in \"  {address}\"");
}

/* The host stands there, or is that of {url}, before anything else has its place. */
static gboolean
has_fixed_host(const char *url)
{
	if (g_str_has_prefix(url, "{url}"))
		return url[5] == '\0' || strchr("/?", url[5]);
	const char *host = strstr(url, "://");
	gsize length = host ? strcspn(host + 3, "/?") : 0;
	return length > 0 && !memchr(host + 3, '{', length);
}

static void
read_request(Reader *reader, const RetourBlockField *field, RetourCall *call, const char *text)
{
	call->means = RETOUR_MEANS_REQUEST;
	call->target = g_strdup(text);
	if (!has_fixed_host(text))
		fault(reader, field->line,
		      "\"%s\" is no URL: write as in \"POST https://lists.example/hook\" or "
		      "\"POST {url}/hook\"",
		      text);
	check_places(reader, field, text);
}

static gboolean
is_method(const char *word)
{
	static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "DELETE", NULL };
	return g_strv_contains(methods, word);
}

void
retour_call_clear(RetourCall *call)
{
	g_free(call->method);
	g_free(call->target);
	g_free(call->body);
	g_strfreev(call->words);
	*call = (RetourCall){ 0 };
}

static void
read_call(Reader *reader, const RetourBlockField *field, RetourCallName name)
{
	RetourCall *call = &reader->manager->calls[name];
	g_auto(GStrv) halves = g_strsplit(field->value, "\n", 2);
	g_auto(GStrv) words = g_strsplit(halves[0] ? halves[0] : "", " ", 2);
	const char *rest = words[0] && words[1] ? g_strstrip(words[1]) : "";
	if (reader->given & 1u << name)
		fault(reader, field->line, "%s is given twice: take one out", field->name);
	reader->given |= 1u << name;
	retour_call_clear(call);
	if (words[0] && strcmp(words[0], "none") == 0 && !words[1])
		return;
	call->method = g_strdup(words[0]);
	call->body = halves[0] ? g_strdup(halves[1]) : NULL;
	if (call->body)
		check_places(reader, field, call->body);
	if (words[0] && strcmp(words[0], "run") == 0)
		read_run(reader, field, call, rest);
	else if (words[0] && strcmp(words[0], "append") == 0)
		read_append(reader, field, call, rest);
	else if (words[0] && is_method(words[0]))
		read_request(reader, field, call, rest);
	else
		fault(reader, field->line,
		      "\"%s\" is no call: begin it with run, append, GET, POST, PUT, PATCH or "
		      "DELETE, or write none",
		      halves[0] ? halves[0] : "");
}

/* "10 per minute" */
static void
read_rate(Reader *reader, const RetourBlockField *field)
{
	static const struct {
		const char *word;
		double seconds;
	} spans[] = { { "second", 1 }, { "minute", 60 }, { "hour", 3600 } };
	g_auto(GStrv) words = g_strsplit(field->value, " ", 4);
	guint64 n = 0;
	gboolean good = g_strv_length(words) == 3 && strcmp(words[1], "per") == 0 &&
	                g_ascii_string_to_unsigned(words[0], 10, 1, 100000, &n, NULL);
	for (guint i = 0; good && i < G_N_ELEMENTS(spans); i++) {
		if (strcmp(words[2], spans[i].word) == 0) {
			reader->manager->interval = spans[i].seconds / (double)n;
			return;
		}
	}
	fault(reader, field->line,
	      "\"%s\" is no rate: write as in \"10 per second\", minute or hour", field->value);
}

static void
read_header(Reader *reader, const RetourBlockField *field)
{
	static const char token[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                            "0123456789-";
	gsize name = strspn(field->value, token);
	if (name == 0 || field->value[name] != ':' || strpbrk(field->value, "\r\n"))
		fault(reader, field->line,
		      "\"%s\" is no header: write as in \"Header: X-List: {list}\"", field->value);
	check_places(reader, field, field->value);
	g_ptr_array_add(reader->manager->headers, g_strdup(field->value));
}

/* "2xx 404": three digits, of which x is any, or an exit status. */
static gboolean
are_answers(const char *text)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	for (guint i = 0; words[i]; i++) {
		gsize length = strlen(words[i]);
		if (length == 0 || length > 3 || strspn(words[i], "0123456789x") != length ||
		    words[i][0] == 'x')
			return FALSE;
	}
	return TRUE;
}

static gboolean
read_string(Reader *reader, const RetourBlockField *field)
{
	for (guint i = 0; i < G_N_ELEMENTS(strings); i++) {
		if (strcmp(field->name, strings[i].name) != 0)
			continue;
		char **where = G_STRUCT_MEMBER_P(reader->manager, strings[i].offset);
		if (!*field->value)
			fault(reader, field->line, "%s is empty: give a value or take the line out",
			      field->name);
		if (strings[i].path && !g_path_is_absolute(field->value))
			fault(reader, field->line, "\"%s\" is no whole path: begin it with /",
			      field->value);
		if (where >= reader->manager->answers &&
		    where < reader->manager->answers + RETOUR_N_ANSWERS &&
		    !are_answers(field->value))
			fault(reader, field->line,
			      "\"%s\" is no list of answers: write as in \"200 404 5xx\"",
			      field->value);
		g_free(*where);
		*where = g_strdup(field->value);
		return TRUE;
	}
	return FALSE;
}

static gboolean
read_number(Reader *reader, const RetourBlockField *field)
{
	for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
		guint64 n = 0;
		if (strcmp(field->name, numbers[i].name) != 0)
			continue;
		if (!g_ascii_string_to_unsigned(field->value, 10, 1, numbers[i].max, &n, NULL))
			fault(reader, field->line, "%s takes a number from 1 to %u", field->name,
			      numbers[i].max);
		*(guint *)G_STRUCT_MEMBER_P(reader->manager, numbers[i].offset) = (guint)n;
		return TRUE;
	}
	return FALSE;
}

static void
read_field(Reader *reader, const RetourBlockField *field)
{
	for (guint i = 0; i < RETOUR_N_CALLS; i++) {
		gboolean taken = i >= RETOUR_CALL_MEMBERS && i + 1 < RETOUR_N_CALLS &&
		                 reader->given & 1u << i;
		if (!taken && strcmp(field->name, retour_call_names[i]) == 0) {
			read_call(reader, field, (RetourCallName)i);
			return;
		}
	}
	if (strcmp(field->name, "Rate") == 0)
		read_rate(reader, field);
	else if (strcmp(field->name, "Header") == 0)
		read_header(reader, field);
	else if (strcmp(field->name, "Manager") != 0 && strcmp(field->name, "Like") != 0 &&
	         !read_string(reader, field) && !read_number(reader, field))
		fault(reader, field->line,
		      "a list manager has no field \"%s\": take Like, Remove, Restore, Hold, "
		      "Release, URL, Credentials or another of docs/act.md",
		      field->name);
}

/* What goes over a wire that others may read is encrypted. */
static void
check_url(const Reader *reader)
{
	static const char *const plain[] = { "http://127.0.0.1", "http://localhost",
		                             "http://[::1]" };
	const char *url = reader->manager->url;
	if (!url || g_str_has_prefix(url, "https://"))
		return;
	for (guint i = 0; i < G_N_ELEMENTS(plain); i++) {
		if (g_str_has_prefix(url, plain[i]) && strchr(":/", url[strlen(plain[i])]))
			return;
	}
	fault(reader, reader->block->line,
	      "URL \"%s\": write https://, or http:// of this machine itself", url);
}

gboolean
retour_manager_read(RetourManager *manager, const char *file, const RetourBlock *block,
                    GPtrArray *faults)
{
	Reader reader = { manager, file, block, faults, 0 };
	const guint before = faults->len;
	for (guint i = 0; i < block->n_fields; i++)
		read_field(&reader, &block->fields[i]);
	check_url(&reader);
	return faults->len == before;
}
