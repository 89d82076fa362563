/* SPDX-License-Identifier: BSD-2-Clause */
#include "act/manager.h"

#include <string.h>

#include "act/managers-text.h"
#include "act/read.h"

struct RetourManagers {
	GPtrArray *list; /* of RetourManager, owned */
};

/* How answers are read where a block does not say: an exit status, or a status of HTTP. */
static const char *const run_answers[RETOUR_N_ANSWERS] = {
	[RETOUR_ANSWER_DONE] = "0",
	[RETOUR_ANSWER_MOOT] = "",
	[RETOUR_ANSWER_AGAIN] = "75",
};
static const char *const http_answers[RETOUR_N_ANSWERS] = {
	[RETOUR_ANSWER_DONE] = "2xx",
	[RETOUR_ANSWER_MOOT] = "",
	[RETOUR_ANSWER_AGAIN] = "401 403 407 408 425 429 5xx",
};

static char **
string_at(RetourManager *manager, guint i)
{
	char **strings[] = { &manager->name,   &manager->source,  &manager->url,
		             &manager->secret, &manager->user,    &manager->content,
		             &manager->ca,     &manager->by_hand, &manager->credentials,
		             &manager->id };
	return i < G_N_ELEMENTS(strings) ? strings[i] : NULL;
}

static void
free_manager(gpointer data)
{
	RetourManager *manager = data;
	for (guint i = 0; string_at(manager, i); i++)
		g_free(*string_at(manager, i));
	for (guint i = 0; i < RETOUR_N_ANSWERS; i++)
		g_free(manager->answers[i]);
	for (guint i = 0; i < RETOUR_N_CALLS; i++)
		retour_call_clear(&manager->calls[i]);
	g_ptr_array_unref(manager->headers);
	g_free(manager);
}

static RetourManager *
copy_manager(const RetourManager *like)
{
	RetourManager *manager = g_new0(RetourManager, 1);
	manager->headers = g_ptr_array_new_with_free_func(g_free);
	manager->timeout = RETOUR_CALL_TIMEOUT;
	manager->removals_per_run = RETOUR_REMOVALS_PER_RUN;
	manager->removals_per_day = RETOUR_REMOVALS_PER_DAY;
	if (!like)
		return manager;
	g_ptr_array_unref(manager->headers);
	*manager = *like;
	manager->headers =
	        g_ptr_array_copy(like->headers, (GCopyFunc)(void (*)(void))g_strdup, NULL);
	for (guint i = 0; string_at(manager, i); i++)
		*string_at(manager, i) = g_strdup(*string_at(manager, i));
	for (guint i = 0; i < RETOUR_N_ANSWERS; i++)
		manager->answers[i] = g_strdup(like->answers[i]);
	for (guint i = 0; i < RETOUR_N_CALLS; i++) {
		RetourCall *call = &manager->calls[i];
		call->method = g_strdup(call->method);
		call->target = g_strdup(call->target);
		call->body = g_strdup(call->body);
		call->words = g_strdupv(call->words);
	}
	g_clear_pointer(&manager->name, g_free);
	g_clear_pointer(&manager->source, g_free);
	return manager;
}

const RetourManager *
retour_managers_find(const RetourManagers *managers, const char *name)
{
	for (guint i = 0; i < managers->list->len; i++) {
		const RetourManager *manager = g_ptr_array_index(managers->list, i);
		if (strcmp(manager->name, name) == 0)
			return manager;
	}
	return NULL;
}

void
retour_managers_add(RetourManagers *managers, const char *file, const RetourBlock *block,
                    GPtrArray *faults)
{
	const char *name = retour_block_get(block, "Manager");
	const char *like_name = retour_block_get(block, "Like");
	const RetourManager *like = like_name ? retour_managers_find(managers, like_name) : NULL;
	if (!*name || retour_managers_find(managers, name)) {
		g_ptr_array_add(faults,
		                g_strdup_printf("%s:%u: there is a list manager \"%s\" already: "
		                                "give this one a name of its own",
		                                file, block->line, name));
		return;
	}
	if (like_name && !like)
		g_ptr_array_add(faults, g_strdup_printf("%s:%u: there is no list manager \"%s\" "
		                                        "above: name one that is",
		                                        file, block->line, like_name));
	RetourManager *manager = copy_manager(like);
	manager->name = g_strdup(name);
	manager->line = block->line;
	if (retour_manager_read(manager, file, block, faults) && (like || !like_name))
		g_ptr_array_add(managers->list, manager);
	else
		free_manager(manager);
}

RetourManagers *
retour_managers_new(void)
{
	RetourManagers *managers = g_new0(RetourManagers, 1);
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(RetourBlocks) blocks = retour_blocks_parse("managers.conf", retour_managers_text,
	                                                     sizeof retour_managers_text - 1, NULL);
	managers->list = g_ptr_array_new_with_free_func(free_manager);
	for (guint i = 0; i < retour_blocks_get_size(blocks); i++)
		retour_managers_add(managers, "managers.conf", retour_blocks_get_block(blocks, i),
		                    faults);
	/* A test holds the presets free of faults. */
	for (guint i = 0; i < faults->len; i++)
		g_warning("%s", (const char *)g_ptr_array_index(faults, i));
	return managers;
}

void
retour_managers_free(RetourManagers *managers)
{
	if (!managers)
		return;
	g_ptr_array_unref(managers->list);
	g_free(managers);
}

guint
retour_managers_get_size(const RetourManagers *managers)
{
	return managers->list->len;
}

const RetourManager *
retour_managers_get(const RetourManagers *managers, guint index)
{
	return g_ptr_array_index(managers->list, index);
}

guint
retour_manager_get_verbs(const RetourManager *manager)
{
	guint bits = 0;
	for (guint i = 0; i <= RETOUR_CALL_REPORT; i++) {
		if (manager->calls[i].means != RETOUR_MEANS_NONE)
			bits |= 1u << i;
	}
	return bits;
}

/* "4xx" fits 404. */
static gboolean
fits(const char *word, gsize length, guint status)
{
	char digits[12];
	g_snprintf(digits, sizeof digits, "%u", status);
	if (strlen(digits) != length)
		return FALSE;
	for (gsize i = 0; i < length; i++) {
		if (word[i] != 'x' && word[i] != digits[i])
			return FALSE;
	}
	return TRUE;
}

static gboolean
stands_in(const char *words, guint status)
{
	while (*words) {
		gsize length = strcspn(words, " ");
		if (length > 0 && fits(words, length, status))
			return TRUE;
		words += length + strspn(words + length, " ");
	}
	return FALSE;
}

RetourCallAnswer
retour_manager_judge(const RetourManager *manager, const RetourCall *call, guint status)
{
	const char *const *defaults =
	        call->means == RETOUR_MEANS_REQUEST ? http_answers : run_answers;
	/* What a block says goes before what holds elsewhere. */
	for (guint i = RETOUR_ANSWER_DONE; i < RETOUR_ANSWER_NO; i++) {
		if (manager->answers[i] && stands_in(manager->answers[i], status))
			return (RetourCallAnswer)i;
	}
	for (guint i = RETOUR_ANSWER_DONE; i < RETOUR_ANSWER_NO; i++) {
		if (!manager->answers[i] && stands_in(defaults[i], status))
			return (RetourCallAnswer)i;
	}
	return RETOUR_ANSWER_NO;
}

char *
retour_manager_check(const RetourManager *manager)
{
	gboolean any = FALSE;
	for (guint i = 0; i < RETOUR_N_CALLS; i++) {
		const RetourCall *call = &manager->calls[i];
		any |= call->means != RETOUR_MEANS_NONE;
		if (call->means == RETOUR_MEANS_REQUEST && !manager->url &&
		    g_str_has_prefix(call->target, "{url}"))
			return g_strdup_printf("the list manager \"%s\" has no URL: write a block "
			                       "\"Manager: mine\", \"Like: %s\", \"URL: "
			                       "https://…\", and take that",
			                       manager->name, manager->name);
	}
	return any ? NULL
	           : g_strdup_printf("the list manager \"%s\" can do nothing: add Remove",
	                             manager->name);
}

void
retour_manager_explain(const RetourManager *manager, GString *out)
{
	g_string_append_printf(out, "List manager %s\n", manager->name);
	for (guint i = 0; i < RETOUR_N_CALLS; i++) {
		const RetourCall *call = &manager->calls[i];
		g_autofree char *words = call->words ? g_strjoinv(" ", call->words) : NULL;
		if (call->means != RETOUR_MEANS_NONE)
			g_string_append_printf(out, "  %s: %s %s\n", retour_call_names[i],
			                       call->method, words ? words : call->target);
	}
	if (manager->url)
		g_string_append_printf(out, "  at %s\n", manager->url);
	if (manager->user)
		g_string_append_printf(out, "  runs programs as %s\n", manager->user);
	if (manager->interval > 0)
		g_string_append_printf(out, "  at most one call in %g seconds\n",
		                       manager->interval);
	g_string_append_printf(out, "  stops and asks beyond %u removals in a run, %u in a day\n",
	                       manager->removals_per_run, manager->removals_per_day);
}
