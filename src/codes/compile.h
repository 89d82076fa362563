/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* The host tool that turns data/ into codes-tables.c. */

#include "base/table.h"
#include "codes/profile.h"
#include "codes/rule-reader.h"
#include "codes/tables.h"

/* All that is written. */
typedef struct {
	RetourStrings strings;
	GHashTable *tables; /* of RetourTable by the name of the sheet */
	GArray *sheets;     /* of RetourSheet */
	GArray *columns;    /* of guint32 */
	GArray *cells;      /* of guint32 */
	GArray *reasons;    /* of RetourReason */
	GArray *codes;      /* of RetourCode */
	guint n_statuses;
	GArray *subjects; /* of guint16 */
	RetourRuleReader rules;
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

/* Place of @name among the reasons, or NONE. */
guint16 codes_find_reason(const Codes *codes, const char *name);
/* Place of @name among the reasons; notes a fault and returns NONE where it is none. */
guint16 codes_reason(Codes *codes, const char *file, guint line, const char *name);

/* A class word; @by_digit tells whether "by-digit" is one here. Notes a fault. */
guint8 codes_class(Codes *codes, const char *file, guint line, const char *word, gboolean by_digit);

/* The table of a sheet; NULL where it could not be read. */
const RetourTable *codes_table(const Codes *codes, const char *name);
const char *codes_cell(const char *sheet, const RetourTableRow *row, const char *column);

/* The data files of @folder as sheets; then what is made of them. Faults are noted; what cannot be
 * read at all too. */
void codes_read_sheets(Codes *codes, const char *folder);
void codes_read_reasons(Codes *codes);
void codes_read_codes(Codes *codes);
void codes_read_profiles(Codes *codes, const char *folder);

/* C source of the tables. */
GString *codes_write(const Codes *codes);
