/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/dialect.h"

#include "base/table.h"
#include "report/dialects-text.h"
#include "report/dialects.h"

G_DEFINE_QUARK(retour - dialect - error - quark, retour_dialect_error)

typedef struct {
	const char *name;
	guint shelf;
	const RetourBlock *block;
	RetourDialect *dialect;
	RetourDialects *dialects;
	GArray *patterns; /* of RetourDialectLine */
} Loader;

static gboolean
fail(const Loader *loader, guint line, const char *what, const char *remedy, GError **error)
{
	g_set_error(error, RETOUR_DIALECT_ERROR, RETOUR_DIALECT_ERROR_BLOCK, "%s:%u: %s: %s",
	            loader->name, line, what, remedy);
	return FALSE;
}

static gboolean
add_pattern(Loader *loader, const RetourBlockField *field, RetourDialectRole role, GError **error)
{
	RetourDialectLine line = { .role = role };
	const char *pattern = field->value, *fault = NULL;
	if (role == RETOUR_DIALECT_SIGN) {
		const char *colon = strchr(field->value, ':');
		if (!colon)
			return fail(loader, field->line, "a sign without a header's name",
			            "write \"Sign: subject: PATTERN\" or \"Sign: text: PATTERN\"",
			            error);
		line.header = retour_arena_strndup(loader->dialects->arena, field->value,
		                                   (gsize)(colon - field->value));
		pattern = colon + 1;
	}
	RetourSpan text = retour_span_trim(retour_span_of(pattern));
	text = retour_span_of(retour_arena_span(loader->dialects->arena, text));
	if (!retour_pattern_compile(text, &line.pattern, &fault))
		return fail(loader, field->line, fault,
		            "the patterns are described in src/report/pattern.h", error);
	g_array_append_val(loader->patterns, line);
	return TRUE;
}

/* The mail of an example: its lines as they were before they were folded into the block; a dot
 * alone is an empty one. */
static const char *
unfold_example(RetourArena *arena, const char *value)
{
	g_autoptr(GString) mail = g_string_new(NULL);
	g_auto(GStrv) lines = g_strsplit(value, "\n", -1);
	for (guint i = 0; lines[i]; i++)
		g_string_append_printf(mail, "%s\n", strcmp(lines[i], ".") == 0 ? "" : lines[i]);
	return retour_arena_strndup(arena, mail->str, mail->len);
}

static gboolean
set_kind(Loader *loader, const RetourBlockField *field, GError **error)
{
	static const struct {
		const char *word;
		RetourKind kind;
		RetourAction action;
	} kinds[] = {
		{ "bounce", RETOUR_KIND_BOUNCE, RETOUR_ACTION_FAILED },
		{ "delay", RETOUR_KIND_BOUNCE, RETOUR_ACTION_DELAYED },
		{ "delivered", RETOUR_KIND_BOUNCE, RETOUR_ACTION_DELIVERED },
	};
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
		if (strcmp(field->value, kinds[i].word) != 0)
			continue;
		loader->dialect->kind = kinds[i].kind;
		loader->dialect->action = kinds[i].action;
		return TRUE;
	}
	return fail(loader, field->line, "unknown kind", "write bounce, delay or delivered", error);
}

static gboolean
take_field(Loader *loader, const RetourBlockField *field, GError **error)
{
	static const struct {
		const char *name;
		RetourDialectRole role;
	} roles[] = {
		{ "Sign", RETOUR_DIALECT_SIGN },
		{ "Recipient", RETOUR_DIALECT_RECIPIENT },
		{ "Statement", RETOUR_DIALECT_STATEMENT },
		{ "Border", RETOUR_DIALECT_BORDER },
	};
	RetourArena *arena = loader->dialects->arena;
	RetourDialect *dialect = loader->dialect;
	for (guint i = 0; i < G_N_ELEMENTS(roles); i++)
		if (strcmp(field->name, roles[i].name) == 0)
			return add_pattern(loader, field, roles[i].role, error);
	if (strcmp(field->name, "Dialect") == 0)
		dialect->name = retour_arena_strdup(arena, field->value);
	else if (strcmp(field->name, "Source") == 0)
		dialect->source = retour_arena_strdup(arena, field->value);
	else if (strcmp(field->name, "Example") == 0)
		dialect->example = unfold_example(arena, field->value);
	else if (strcmp(field->name, "Expect") == 0)
		g_ptr_array_add(dialect->expectations, g_strdup(field->value));
	else if (strcmp(field->name, "Kind") == 0)
		return set_kind(loader, field, error);
	else
		return fail(loader, field->line, "unknown field",
		            "take one of those named in src/report/dialect.h", error);
	return TRUE;
}

static gboolean
has_role(const RetourDialect *dialect, RetourDialectRole role)
{
	for (guint i = 0; i < dialect->n_lines; i++)
		if (dialect->lines[i].role == role)
			return TRUE;
	return FALSE;
}

/* What "read_by" of the record may say (docs/schema/record-v1.json). */
static gboolean
is_name(const char *name)
{
	for (const char *c = name; *c; c++) {
		gboolean inner = c > name && c[1] && c[1] != '-';
		if (!g_ascii_islower(*c) && !g_ascii_isdigit(*c) && !(*c == '-' && inner))
			return FALSE;
	}
	return *name;
}

/* What has the dialect's name on a lower shelf goes. */
static gboolean
check_new(const Loader *loader, GError **error)
{
	GPtrArray *list = loader->dialects->list;
	for (guint i = 0; i + 1 < list->len; i++) {
		const RetourDialect *other = list->pdata[i];
		if (strcmp(other->name, loader->dialect->name) != 0)
			continue;
		if (other->shelf == loader->shelf)
			return fail(loader, loader->block->line, "a name that another dialect has",
			            "take another one", error);
		g_ptr_array_remove_index(list, i);
		return TRUE;
	}
	return TRUE;
}

static gboolean
check_dialect(const Loader *loader, GError **error)
{
	const RetourDialect *dialect = loader->dialect;
	guint line = loader->block->line;
	if (!dialect->name || !is_name(dialect->name))
		return fail(loader, line, "a block without a name in small letters and digits",
		            "begin it with \"Dialect: NAME\", hyphens between words", error);
	if (!has_role(dialect, RETOUR_DIALECT_SIGN))
		return fail(loader, line, "a dialect without a sign",
		            "say by a Sign how it is told", error);
	if (!has_role(dialect, RETOUR_DIALECT_RECIPIENT) &&
	    !has_role(dialect, RETOUR_DIALECT_STATEMENT))
		return fail(loader, line, "a dialect that reads nothing",
		            "add a Recipient or a Statement", error);
	if (!dialect->source || !dialect->example || dialect->expectations->len == 0)
		return fail(loader, line, "a dialect without source, example or expectation",
		            "add what is missing: a rule that is not tried is not believed", error);
	return check_new(loader, error);
}

static void
dialect_free(gpointer data)
{
	RetourDialect *dialect = data;
	g_ptr_array_unref(dialect->expectations);
	g_free(dialect->lines);
	g_free(dialect);
}

static gboolean
load_block(Loader *loader, GError **error)
{
	loader->dialect = g_new0(RetourDialect, 1);
	loader->dialect->file = retour_arena_strdup(loader->dialects->arena, loader->name);
	loader->dialect->line = loader->block->line;
	loader->dialect->shelf = loader->shelf;
	loader->dialect->kind = RETOUR_KIND_BOUNCE;
	loader->dialect->action = RETOUR_ACTION_FAILED;
	loader->dialect->expectations = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(loader->dialects->list, loader->dialect);
	loader->patterns = g_array_new(FALSE, FALSE, sizeof(RetourDialectLine));
	gboolean good = TRUE;
	for (guint i = 0; i < loader->block->n_fields && good; i++)
		good = take_field(loader, &loader->block->fields[i], error);
	loader->dialect->n_lines = loader->patterns->len;
	loader->dialect->lines = (RetourDialectLine *)(void *)g_array_free(loader->patterns, FALSE);
	return good && check_dialect(loader, error);
}

RetourDialects *
retour_dialects_new(void)
{
	RetourDialects *dialects = g_new0(RetourDialects, 1);
	dialects->arena = retour_arena_new();
	dialects->list = g_ptr_array_new_with_free_func(dialect_free);
	return dialects;
}

gboolean
retour_dialects_add(RetourDialects *dialects, const char *name, const char *text, gsize length,
                    guint shelf, GError **error)
{
	g_autoptr(RetourBlocks) blocks = retour_blocks_parse(name, text, length, error);
	Loader loader = { .name = name, .shelf = shelf, .dialects = dialects };
	for (guint i = 0; blocks && i < retour_blocks_get_size(blocks); i++) {
		loader.block = retour_blocks_get_block(blocks, i);
		if (!load_block(&loader, error))
			return FALSE;
	}
	return blocks != NULL;
}

RetourDialects *
retour_dialects_parse(const char *name, const char *text, gsize length, GError **error)
{
	g_autoptr(RetourDialects) dialects = retour_dialects_new();
	return retour_dialects_add(dialects, name, text, length, 0, error)
	               ? g_steal_pointer(&dialects)
	               : NULL;
}

void
retour_dialects_free(RetourDialects *dialects)
{
	if (!dialects)
		return;
	g_ptr_array_unref(dialects->list);
	retour_arena_free(dialects->arena);
	g_free(dialects);
}

const RetourDialects *
retour_dialects_builtin(void)
{
	static gsize ready;
	if (g_once_init_enter(&ready)) {
		/* The build has read the same bytes with the same code: they cannot fail here. */
		RetourDialects *dialects =
		        retour_dialects_parse("dialects.conf", retour_dialects_text,
		                              sizeof retour_dialects_text - 1, NULL);
		g_once_init_leave(&ready, (gsize)dialects);
	}
	return (const RetourDialects *)ready;
}

static const RetourDialect *
get(const RetourDialects *dialects, guint index)
{
	return dialects->list->pdata[index];
}

guint
retour_dialects_get_size(const RetourDialects *dialects)
{
	return dialects->list->len;
}

const char *
retour_dialects_get_name(const RetourDialects *dialects, guint index)
{
	return get(dialects, index)->name;
}

const char *
retour_dialects_get_source(const RetourDialects *dialects, guint index)
{
	return get(dialects, index)->source;
}

const char *
retour_dialects_get_example(const RetourDialects *dialects, guint index)
{
	return get(dialects, index)->example;
}

const char *const *
retour_dialects_get_expectations(const RetourDialects *dialects, guint index)
{
	GPtrArray *list = get(dialects, index)->expectations;
	if (list->len == 0 || list->pdata[list->len - 1] != NULL)
		g_ptr_array_add(list, NULL);
	return (const char *const *)list->pdata;
}

const char *
retour_dialects_get_file(const RetourDialects *dialects, guint index)
{
	return get(dialects, index)->file;
}

guint
retour_dialects_get_line(const RetourDialects *dialects, guint index)
{
	return get(dialects, index)->line;
}
