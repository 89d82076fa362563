/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "policy/policies-text.h"
#include "policy/rules.h"

struct RetourPolicies {
	GPtrArray *list; /* of RetourPolicy, owned */
};

static void
free_policy(gpointer data)
{
	RetourPolicy *policy = data;
	retour_policy_clear_rules(policy);
	g_free(policy->name);
	g_free(policy->source);
	g_free(policy);
}

static RetourPolicy *
copy_policy(const RetourPolicy *like)
{
	RetourPolicy *policy = g_new0(RetourPolicy, 1);
	policy->require = RETOUR_AUTHENTIC_UNVERIFIED;
	if (!like)
		return policy;
	*policy = *like;
	policy->name = NULL;
	policy->source = NULL;
	for (guint i = 0; i < policy->n_rules; i++)
		policy->rules[i].text = g_strdup(like->rules[i].text);
	return policy;
}

const RetourPolicy *
retour_policies_find(const RetourPolicies *policies, const char *name)
{
	for (guint i = 0; i < policies->list->len; i++) {
		const RetourPolicy *policy = g_ptr_array_index(policies->list, i);
		if (strcmp(policy->name, name) == 0)
			return policy;
	}
	return NULL;
}

void
retour_policies_add(RetourPolicies *policies, const char *file, const RetourBlock *block,
                    GPtrArray *faults)
{
	const char *name = retour_block_get(block, "Policy");
	const char *like_name = retour_block_get(block, "Like");
	const RetourPolicy *like = like_name ? retour_policies_find(policies, like_name) : NULL;
	if (retour_policies_find(policies, name)) {
		g_ptr_array_add(faults, g_strdup_printf("%s:%u: there is a policy \"%s\" already: "
		                                        "give this one another name",
		                                        file, block->line, name));
		return;
	}
	if (like_name && !like)
		g_ptr_array_add(faults, g_strdup_printf("%s:%u: there is no policy \"%s\" above: "
		                                        "name one that is",
		                                        file, block->line, like_name));
	RetourPolicy *policy = copy_policy(like);
	policy->name = g_strdup(name);
	if (retour_policy_read(policy, file, block, faults) && (like || !like_name))
		g_ptr_array_add(policies->list, policy);
	else
		free_policy(policy);
}

RetourPolicies *
retour_policies_new(void)
{
	RetourPolicies *policies = g_new0(RetourPolicies, 1);
	g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(RetourBlocks) blocks = retour_blocks_parse("policies.conf", retour_policies_text,
	                                                     sizeof retour_policies_text - 1, NULL);
	policies->list = g_ptr_array_new_with_free_func(free_policy);
	for (guint i = 0; i < retour_blocks_get_size(blocks); i++)
		retour_policies_add(policies, "policies.conf", retour_blocks_get_block(blocks, i),
		                    faults);
	/* A test holds the presets free of faults. */
	for (guint i = 0; i < faults->len; i++)
		g_warning("%s", (const char *)g_ptr_array_index(faults, i));
	return policies;
}

void
retour_policies_free(RetourPolicies *policies)
{
	if (!policies)
		return;
	g_ptr_array_unref(policies->list);
	g_free(policies);
}

void
retour_policies_require(RetourPolicies *policies, RetourAuthentic level)
{
	for (guint i = 0; i < policies->list->len; i++) {
		RetourPolicy *policy = g_ptr_array_index(policies->list, i);
		policy->require = level;
		policy->strict = TRUE;
	}
}

guint
retour_policies_get_size(const RetourPolicies *policies)
{
	return policies->list->len;
}

const RetourPolicy *
retour_policies_get(const RetourPolicies *policies, guint index)
{
	return g_ptr_array_index(policies->list, index);
}

const char *
retour_policy_get_name(const RetourPolicy *policy)
{
	return policy->name;
}

const char *
retour_policy_get_source(const RetourPolicy *policy)
{
	return policy->source;
}

const char *
retour_decision_to_string(RetourDecision decision)
{
	static const char *const words[] = { "keep", "probation", "suppress" };
	return words[decision];
}

static void
explain_span(GString *out, const char *what, gint64 seconds)
{
	if (seconds > 0)
		g_string_append_printf(out, "%s %g days\n", what, (double)seconds / (24 * 60 * 60));
}

static const char *
word_text(RetourPolicyWord word)
{
	static const char *const words[] = { "hard", "soft", "complaint", "unsubscribe",
		                             "infrastructure" };
	return word.what == RETOUR_WORD_REASON ? retour_reason_get_name(word.reason)
	                                       : words[word.what];
}

void
retour_policy_explain(const RetourPolicy *policy, GString *out)
{
	g_string_append(out, "suppress at 1 complaint or 1 unsubscribe\n");
	if (policy->require > RETOUR_AUTHENTIC_SUSPICIOUS)
		g_string_append_printf(out, "counts only what is %s or better%s\n",
		                       retour_authentic_to_string(policy->require),
		                       retour_policy_needs_knowledge(policy)
		                               ? ""
		                               : ", or where nothing is known of your mail");
	for (guint i = 0; i < policy->n_rules; i++)
		g_string_append_printf(out, "%s at %s\n",
		                       retour_decision_to_string(policy->rules[i].decision),
		                       policy->rules[i].text);
	for (guint i = 0; i < policy->n_points; i++)
		g_string_append_printf(out, "%s is worth %g\n", word_text(policy->points[i].word),
		                       policy->points[i].points);
	if (policy->daily)
		g_string_append(out, "at most one event a day counts\n");
	if (policy->consecutive)
		g_string_append(out, "a delivery wipes what was counted\n");
	explain_span(out, "what was counted is wiped after a gap of more than", policy->stale);
	explain_span(out, "points lose half their worth in", policy->decay);
	explain_span(out, "probation lasts", policy->probation);
	explain_span(out, "suppression for failures lasts", policy->expires);
}
