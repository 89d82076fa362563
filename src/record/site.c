/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/site.h"

G_DEFINE_QUARK(retour - site - error - quark, retour_site_error)

/* What is read of the folders. */
typedef struct {
	GArray *files; /* of RetourRuleFile; their paths are owned */
	RetourDialects *dialects;
	GPtrArray *faults; /* of char * */
} Loading;

static void
clear_file(gpointer data)
{
	g_free((char *)((RetourRuleFile *)data)->path);
}

static gint
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names in a folder, sorted: their order must not hang on the file system. */
static GPtrArray *
list_folder(const char *folder, GError **error)
{
	g_autoptr(GError) cause = NULL;
	g_autoptr(GDir) dir = g_dir_open(folder, 0, &cause);
	if (!dir) {
		g_set_error(error, RETOUR_SITE_ERROR, RETOUR_SITE_ERROR_FOLDER, "%s",
		            cause->message);
		return NULL;
	}
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	for (const char *name; (name = g_dir_read_name(dir));)
		g_ptr_array_add(names, g_strdup(name));
	g_ptr_array_sort(names, compare_names);
	return names;
}

static void
read_dialects(Loading *loading, const char *path, guint shelf)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	gsize length;
	if (!loading->dialects)
		loading->dialects = retour_dialects_new();
	if (!g_file_get_contents(path, &text, &length, &error) ||
	    !retour_dialects_add(loading->dialects, path, text, length, shelf, &error))
		g_ptr_array_add(loading->faults, g_strdup(error->message));
}

static gboolean
read_folder(Loading *loading, const char *folder, guint shelf, GError **error)
{
	g_autoptr(GPtrArray) names = list_folder(folder, error);
	for (guint i = 0; names && i < names->len; i++) {
		const char *name = names->pdata[i];
		char *path = g_build_filename(folder, name, NULL);
		RetourRuleFile file = { path, shelf };
		if (*name != '.' && g_str_has_suffix(name, ".tsv")) {
			g_array_append_val(loading->files, file);
			continue;
		}
		if (*name != '.' && g_str_has_suffix(name, ".conf"))
			read_dialects(loading, path, shelf);
		g_free(path);
	}
	return names != NULL;
}

static gboolean
load(Loading *loading, const char *const *folders, RetourSite *site, GError **error)
{
	/* Shelves are numbers of 8 bits, and 0 is that of the built-in rules. */
	for (guint i = 0; folders[i]; i++) {
		if (!read_folder(loading, folders[i], MIN(i + 1, G_MAXUINT8), error))
			return FALSE;
	}
	if (loading->files->len > 0)
		site->rules = retour_rulebook_read(
		        (const RetourRuleFile *)(const void *)loading->files->data,
		        loading->files->len, loading->faults);
	site->dialects = g_steal_pointer(&loading->dialects);
	if (loading->faults->len == 0)
		return TRUE;
	g_ptr_array_add(loading->faults, NULL);
	g_autofree char *all = g_strjoinv("\n", (char **)loading->faults->pdata);
	g_set_error(error, RETOUR_SITE_ERROR, RETOUR_SITE_ERROR_FILES, "%s", all);
	return FALSE;
}

RetourSite *
retour_site_load(const char *const *folders, GError **error)
{
	g_autoptr(RetourSite) site = g_atomic_rc_box_new0(RetourSite);
	Loading loading = {
		.files = g_array_new(FALSE, FALSE, sizeof(RetourRuleFile)),
		.faults = g_ptr_array_new_with_free_func(g_free),
	};
	g_array_set_clear_func(loading.files, clear_file);
	gboolean good = load(&loading, folders, site, error);
	g_array_unref(loading.files);
	g_ptr_array_unref(loading.faults);
	retour_dialects_free(loading.dialects);
	return good ? g_steal_pointer(&site) : NULL;
}

RetourSite *
retour_site_ref(RetourSite *site)
{
	return g_atomic_rc_box_acquire(site);
}

static void
site_clear(gpointer data)
{
	RetourSite *site = data;
	retour_rulebook_free(site->rules);
	retour_dialects_free(site->dialects);
}

void
retour_site_unref(RetourSite *site)
{
	g_atomic_rc_box_release_full(site, site_clear);
}

static const RetourRulebook *
rules_of(const RetourSite *site)
{
	return site ? site->rules : NULL;
}

guint
retour_site_get_n_rules(const RetourSite *site)
{
	return retour_rulebook_get_size(rules_of(site));
}

const RetourRule *
retour_site_get_rule(const RetourSite *site, guint index)
{
	return retour_rulebook_get_rule(rules_of(site), index);
}

guint
retour_site_ask(const RetourSite *site, const RetourQuestion *question, RetourAnswer *answers,
                guint n_answers)
{
	return retour_rulebook_ask(rules_of(site), question, answers, n_answers);
}
