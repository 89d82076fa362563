/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "address/address.h"
#include "base/limits.h"
#include "base/wildcard.h"
#include "settings/settings.h"

const RetourListSettings *
retour_settings_get_list(const RetourSettings *settings, const char *name)
{
	for (guint i = 0; i < settings->lists->len; i++) {
		const RetourListSettings *list = g_ptr_array_index(settings->lists, i);
		if (strcmp(list->name, name) == 0)
			return list;
	}
	return NULL;
}

static gboolean
fits_return_path(const RetourListSettings *list, const char *address)
{
	if (!list->return_path || !address || strlen(address) > RETOUR_LIMIT_ADDRESS)
		return FALSE;
	return retour_wildcard_fits(retour_span_of(list->return_path), retour_span_of(address));
}

/* "Harbour Weekly <announce.list.example>" (RFC 2919) */
static gboolean
fits_list_id(const RetourListSettings *list, const char *id)
{
	if (!list->list_id || !id)
		return FALSE;
	const char *open = strrchr(id, '<');
	RetourSpan span = retour_span_of(open ? open + 1 : id);
	gssize close = retour_span_find_char(span, 0, '>');
	if (close >= 0)
		span.length = (gsize)close;
	return retour_span_equal(retour_span_trim(span), list->list_id);
}

static gboolean
fits_domain(const RetourListSettings *list, const char *address)
{
	return list->domain && address &&
	       retour_span_equal(retour_address_domain(retour_span_of(address)), list->domain);
}

static gboolean
fits_any(const RetourListSettings *list, const RetourListMarks *marks,
         gboolean (*fits)(const RetourListSettings *list, const char *address))
{
	for (guint i = 0; i < G_N_ELEMENTS(marks->return_paths); i++) {
		if (fits(list, marks->return_paths[i]))
			return TRUE;
	}
	return FALSE;
}

const RetourListSettings *
retour_settings_find_list(const RetourSettings *settings, const RetourListMarks *marks)
{
	for (guint step = 0; step < 3; step++) {
		for (guint i = 0; i < settings->lists->len; i++) {
			const RetourListSettings *list = g_ptr_array_index(settings->lists, i);
			if (step == 0   ? fits_any(list, marks, fits_return_path)
			    : step == 1 ? fits_list_id(list, marks->list_id)
			                : fits_any(list, marks, fits_domain))
				return list;
		}
	}
	return NULL;
}

static void
explain_policy(const RetourPolicy *policy, GString *out)
{
	g_autoptr(GString) rules = g_string_new(NULL);
	retour_policy_explain(policy, rules);
	g_auto(GStrv) lines = g_strsplit(rules->str, "\n", -1);
	g_string_append_printf(out, "Policy %s\n", retour_policy_get_name(policy));
	for (guint i = 0; lines[i] && *lines[i]; i++)
		g_string_append_printf(out, "  %s\n", lines[i]);
}

static void
explain_list(const RetourListSettings *list, GString *out)
{
	g_string_append_printf(out, "List %s\n", list->name);
	if (list->return_path)
		g_string_append_printf(out, "  known by its return path %s\n", list->return_path);
	if (list->list_id)
		g_string_append_printf(out, "  known by its List-Id %s\n", list->list_id);
	if (list->domain)
		g_string_append_printf(out, "  known by its domain %s\n", list->domain);
	if (list->own)
		g_string_append_printf(out, "  suppresses for itself alone, by policy %s\n",
		                       retour_policy_get_name(list->policy));
	else
		g_string_append(out, "  suppresses for all lists\n");
	if (list->manager)
		g_string_append_printf(
		        out, "  \"retour act\" tells list manager %s, which calls it %s\n",
		        list->manager->name, list->target);
}

static void
explain_target(const char *what, const char *target, GString *out)
{
	if (!target)
		g_string_append_printf(out, "  %s stays where it is\n", what);
	else if (strcmp(target, "cur") == 0)
		g_string_append_printf(out, "  %s goes to cur, seen\n", what);
	else
		g_string_append_printf(out, "  %s goes to %s\n", what, target);
}

static void
explain_source(const RetourSourceSettings *source, GString *out)
{
	const gboolean lmtp = retour_source_settings_get_lmtp(source) != NULL;
	g_string_append_printf(out, "Source %s\n", source->path);
	if (lmtp)
		g_string_append(out, "  served by \"retour process --serve\"\n");
	if (source->verp)
		g_string_append_printf(out, "  return paths %s\n", source->verp);
	if (source->keys)
		g_string_append_printf(
		        out, "  counts only what came to return paths signed by the keys of %s\n",
		        source->keys);
	if (source->profile)
		g_string_append_printf(out, "  classified by profile %s\n", source->profile);
	if (lmtp && !source->file)
		g_string_append(out, "  mail that was recorded is kept in the ledger alone\n");
	else
		explain_target("mail that was recorded", source->file, out);
	explain_target("other mail", source->other, out);
}

/* Each that is in use, once. */
static void
explain_managers(const RetourSettings *settings, GString *out)
{
	for (guint i = 0; i < retour_managers_get_size(settings->managers); i++) {
		const RetourManager *manager = retour_managers_get(settings->managers, i);
		gboolean used = FALSE;
		for (guint at = 0; at < settings->lists->len; at++) {
			const RetourListSettings *list = g_ptr_array_index(settings->lists, at);
			used |= list->manager == manager;
		}
		if (used)
			retour_manager_explain(manager, out);
	}
}

void
retour_settings_explain(const RetourSettings *settings, GString *out)
{
	g_string_append_printf(out, "Settings %s\n",
	                       settings->file ? settings->file : "by default: there is no file");
	g_string_append_printf(out, "Ledger %s\n", settings->ledger);
	if (settings->guard.addresses > 0)
		g_string_append_printf(
		        out,
		        "An outage is taken for one where a provider calls more than "
		        "%u addresses dead on a day that had never bounced, and more "
		        "than %u times as many as before, for up to %u days\n",
		        settings->guard.addresses, settings->guard.times, settings->guard.days);
	else
		g_string_append(out, "Outages are not looked for\n");
	if (settings->facts->len == 0)
		g_string_append(out, "Nothing is known of your own mail: a stranger who forges "
		                     "bounces for days can have an address suppressed, but at a "
		                     "source with Keys\n");
	for (guint i = 0; i < settings->facts->len; i++) {
		const RetourFactSettings *fact = g_ptr_array_index(settings->facts, i);
		g_string_append_printf(out, "Your mail is %s %s\n",
		                       retour_fact_settings_get_name(fact), fact->value);
	}
	for (guint i = 0; i < settings->sources->len; i++)
		explain_source(g_ptr_array_index(settings->sources, i), out);
	explain_policy(settings->policy, out);
	for (guint i = 0; i < settings->lists->len; i++) {
		const RetourListSettings *list = g_ptr_array_index(settings->lists, i);
		explain_list(list, out);
		if (list->own && list->policy != settings->policy)
			explain_policy(list->policy, out);
	}
	explain_managers(settings, out);
}
