/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* The host tool that turns data/ into codes-tables.c. */

#include "base/table.h"
#include "codes/profile.h"
#include "codes/tables.h"

/* All that is written. */
typedef struct {
	GString *pool;
	GHashTable *pooled; /* string to its offset + 1 */
	GArray *reasons;    /* of RetourReason */
	GArray *codes;      /* of RetourCode */
	guint n_statuses;
	GArray *subjects;      /* of guint16 */
	GArray *rules;         /* of RetourRule */
	GArray *statuses;      /* of RetourCodesStatus */
	GArray *replies;       /* of RetourCodesReply */
	GArray *bare_rules;    /* of guint16 */
	GArray *pattern_rules; /* of guint16 */
	GArray *matcher;       /* of guint16 */
	GArray *profiles;      /* of RetourProfileRow */
	GArray *overrides;     /* of RetourCodesOverride */
	guint faults;
} Codes;

/* The offset of @text in the pool. */
guint32 codes_pool(Codes *codes, const char *text);
const char *codes_text(const Codes *codes, guint32 offset);

/* Notes a fault of the data: file and line, what is wrong, what to do. */
void codes_fault(Codes *codes, const char *file, guint line, const char *format, ...)
        G_GNUC_PRINTF(4, 5);

/* Place of @name among the reasons; notes a fault and returns NONE where it is none. */
guint16 codes_reason(Codes *codes, const char *file, guint line, const char *name);

/* A class word; @by_digit tells whether "by-digit" is one here. Notes a fault. */
guint8 codes_class(Codes *codes, const char *file, guint line, const char *word, gboolean by_digit);

/* Each reads files of @folder into @codes. Faults are noted; what cannot be read at all too. */
void codes_read_reasons(Codes *codes, const char *folder);
void codes_read_codes(Codes *codes, const char *folder);
void codes_read_profiles(Codes *codes, const char *folder);
void codes_read_rules(Codes *codes, const char *folder);

/* Conditions of a rule: alternatives separated by '|', appended to @codes. Returns what is wrong
 * with @text, or NULL. */
const char *codes_read_statuses(Codes *codes, const char *text, RetourRule *rule);
const char *codes_read_replies(Codes *codes, const char *text, RetourRule *rule);

/* One to three digits, or the character @c, taken off the front of @text; FALSE where it is not
 * there. */
gboolean codes_take_number(const char **text, guint16 *number);
gboolean codes_take(const char **text, char c);

/* C source of the tables. */
GString *codes_write(const Codes *codes);
