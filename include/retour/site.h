/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/codes.h>

G_BEGIN_DECLS

/**
 * RetourSite:
 *
 * What a site adds to the built-in rules and dialects: the files of its rules.d folders. Constant
 * once it is loaded, so that any number of threads may read by it. Reference-counted.
 */
typedef struct _RetourSite RetourSite;

#define RETOUR_SITE_ERROR (retour_site_error_quark())
RETOUR_API GQuark retour_site_error_quark(void);

/**
 * RetourSiteError:
 * @RETOUR_SITE_ERROR_FOLDER: a folder cannot be read
 * @RETOUR_SITE_ERROR_FILES: something is wrong in the files: one line each, "file:line: what is
 * wrong: what to do"
 */
typedef enum {
	RETOUR_SITE_ERROR_FOLDER,
	RETOUR_SITE_ERROR_FILES,
} RetourSiteError;

/**
 * retour_site_load:
 * @folders: (array zero-terminated=1): folders of rules; what a later one says takes the place of
 * what an earlier one says under the same id
 * @error: return location, or %NULL
 *
 * Reads the files of @folders, in the order of their names. `*.tsv` hold rules in the columns of
 * the built-in phrases.tsv (`providers*.tsv`: provider rules); `*.conf` hold dialects. A rule with
 * the id of a built-in one takes its place; of equal rank the site's rules count before the
 * built-in ones, whose tables stay as they are.
 *
 * Returns: (transfer full): %NULL with @error set
 */
RETOUR_API RetourSite *retour_site_load(const char *const *folders, GError **error);
RETOUR_API RetourSite *retour_site_ref(RetourSite *site);
RETOUR_API void retour_site_unref(RetourSite *site);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetourSite, retour_site_unref)

/* The rules in force, best first; @site is NULL for the built-in ones alone. */
RETOUR_API guint retour_site_get_n_rules(const RetourSite *site);
RETOUR_API const RetourRule *retour_site_get_rule(const RetourSite *site, guint index);

/* retour_rules_ask() by the rules of @site, or by the built-in ones if it is NULL */
RETOUR_API guint retour_site_ask(const RetourSite *site, const RetourQuestion *question,
                                 RetourAnswer *answers, guint n_answers);

/**
 * RetourFindingFunc:
 * @file: where something is wrong
 * @line: line there
 * @what: what is wrong, and what to do
 * @data: of the caller
 */
typedef void (*RetourFindingFunc)(const char *file, guint line, const char *what, gpointer data);

/**
 * retour_site_test:
 * @site: (nullable): NULL for the built-in rules alone
 * @found: called for each finding
 * @data: for @found
 *
 * Tries every example: that of a rule must be won by it against all others; that of a dialect must
 * be read as it expects, and otherwise without it.
 *
 * Returns: how many findings there were
 */
RETOUR_API guint retour_site_test(const RetourSite *site, RetourFindingFunc found, gpointer data);

/**
 * retour_site_lint:
 * @site: (nullable): NULL for the built-in rules alone
 * @found: called for each finding
 * @data: for @found
 *
 * Looks for rules that say the same as another one, and for those that can never win because
 * another one holds wherever they do.
 *
 * Returns: how many findings there were
 */
RETOUR_API guint retour_site_lint(const RetourSite *site, RetourFindingFunc found, gpointer data);

G_END_DECLS
