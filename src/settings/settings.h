/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/authenticity.h>

#include "act/manager.h"
#include "policy/policy.h"

/*
 * retour.conf: where the ledger is, which sources are read, which policy holds, which lists there
 * are. Blocks (base/table.h); the first field of a block tells what it is about.
 */

typedef struct {
	char *path;           /* "-" is standard input, "lmtp:ADDRESS" a server */
	char *verp, *profile; /* NULL: none, default */
	char *keys; /* file: only what came to a signed return path counts; NULL: all does */
	char *file, *other; /* where to: NULL leaves it, "cur", or the path of a Maildir */
	guint line;
} RetourSourceSettings;

typedef struct {
	char *name;
	char *return_path; /* pattern with '*' */
	char *list_id;
	char *domain;
	GPtrArray *recipients;      /* of char *: how its mail tells whom it was for */
	gboolean own;               /* it suppresses for itself alone */
	const RetourPolicy *policy; /* of a list that does */
	char *manager_name;
	const RetourManager *manager; /* who is told; NULL: nobody */
	char *target;                 /* what the manager calls it */
	guint line;
} RetourListSettings;

/* What is known of the site's own mail: a pattern, or the path of a file. */
typedef struct {
	RetourOwnMailFact fact;
	char *value;
	guint line;
} RetourFactSettings;

/* When a provider is believed to be out of order: ledger/ledger.h has what the numbers are. */
typedef struct {
	guint addresses; /* 0: never */
	guint times, days;
} RetourGuardSettings;

typedef struct {
	char *file; /* NULL: there is none, and the defaults hold */
	char *ledger;
	const RetourPolicy *policy;
	RetourPolicies *policies;
	RetourManagers *managers;
	GPtrArray *sources; /* of RetourSourceSettings */
	GPtrArray *lists;   /* of RetourListSettings */
	GPtrArray *facts;   /* of RetourFactSettings */
	RetourGuardSettings guard;
} RetourSettings;

/* @path: NULL looks in the user's folder, then in the system's. Each mistake is appended to @faults
 * as "FILE:LINE: what is wrong: what to do"; with any the settings are not to be used.
 * (transfer full) */
RetourSettings *retour_settings_read(const char *path, GPtrArray *faults);
void retour_settings_free(RetourSettings *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetourSettings, retour_settings_free)

/* A source with the defaults, for a path of the command line. */
RetourSourceSettings *retour_source_settings_new(const char *path);
/* The address of a source that is served over LMTP ("lmtp:ADDRESS"); NULL: it is read. */
const char *retour_source_settings_get_lmtp(const RetourSourceSettings *source);
/* NULL, or what does not go together and what to do. */
const char *retour_source_settings_check(const RetourSourceSettings *source);
void retour_source_settings_free(RetourSourceSettings *source);

/* What a message shows of its list; NULL where it does not. */
typedef struct {
	const char *return_paths[4];
	const char *list_id;
} RetourListMarks;

/* The list that a bounce belongs to: by return path, then List-Id, then domain. NULL if none. */
const RetourListSettings *retour_settings_find_list(const RetourSettings *settings,
                                                    const RetourListMarks *marks);
/* By name; NULL if none. */
const RetourListSettings *retour_settings_get_list(const RetourSettings *settings,
                                                   const char *name);

/* How mail is known by it, in words: "with Message-IDs". */
const char *retour_fact_settings_get_name(const RetourFactSettings *fact);

/* Appends all of it in words. */
void retour_settings_explain(const RetourSettings *settings, GString *out);
