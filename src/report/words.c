/* SPDX-License-Identifier: BSD-2-Clause */
#include <retour/report.h>

static const char *const kinds[] = {
	[RETOUR_KIND_OTHER] = "other",
	[RETOUR_KIND_BOUNCE] = "bounce",
	[RETOUR_KIND_DELAY] = "delay",
	[RETOUR_KIND_DELIVERED] = "delivered",
	[RETOUR_KIND_COMPLAINT] = "complaint",
	[RETOUR_KIND_UNSUBSCRIBE] = "unsubscribe",
	[RETOUR_KIND_CHALLENGE] = "challenge",
	[RETOUR_KIND_AUTO_REPLY] = "auto-reply",
	[RETOUR_KIND_DISPOSITION] = "disposition",
	[RETOUR_KIND_UNREADABLE] = "unreadable",
};

static const char *const actions[] = {
	[RETOUR_ACTION_NONE] = NULL,         [RETOUR_ACTION_FAILED] = "failed",
	[RETOUR_ACTION_DELAYED] = "delayed", [RETOUR_ACTION_DELIVERED] = "delivered",
	[RETOUR_ACTION_RELAYED] = "relayed", [RETOUR_ACTION_EXPANDED] = "expanded",
};

const char *
retour_kind_to_string(RetourKind kind)
{
	g_return_val_if_fail((guint)kind < G_N_ELEMENTS(kinds), NULL);
	return kinds[kind];
}

const char *
retour_action_to_string(RetourAction action)
{
	g_return_val_if_fail((guint)action < G_N_ELEMENTS(actions), NULL);
	return actions[action];
}
