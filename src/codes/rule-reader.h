/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "base/table.h"
#include "codes/strings.h"
#include "codes/tables.h"
#include "text/matcher.h"

/*
 * Reads files of rules, with all checks that one row or two rows beside each other can fail: the
 * host tool reads the built-in ones by it, and a site's own are read by it at run time.
 */
typedef struct {
	RetourStrings *strings;
	/* Place of a reason in the table of reasons, or RETOUR_CODES_NONE. */
	guint16 (*find_reason)(const char *name, gpointer data);
	gpointer data;

	GPtrArray *faults; /* owned; "file:line: what is wrong: what to do" */
	GArray *rules;     /* owned; of RetourRule */
	GArray *statuses;  /* owned; of RetourCodesStatus */
	GArray *replies;   /* owned; of RetourCodesReply */
	GHashTable *ids;   /* owned; id to place in rules + 1 */
	GHashTable *keys;  /* owned; text and conditions, likewise */
} RetourRuleReader;

/* Names of the columns, ended by NULL. */
extern const char *const retour_rule_columns[];

void retour_rule_reader_init(RetourRuleReader *reader, RetourStrings *strings);
void retour_rule_reader_clear(RetourRuleReader *reader);

/* Adds the rows of @table, whose columns are retour_rule_columns. @provider: they are provider
 * rules. @shelf is 0 for built-in ones; a rule of a higher shelf takes the place of one of a lower
 * shelf that has the same id. */
void retour_rule_reader_add(RetourRuleReader *reader, const RetourTable *table, gboolean provider,
                            guint shelf);

/* Drops what was replaced, brings the rest into the order in which it counts, and builds the
 * matcher: @bare gets the places of the rules without text, @patterns those of the others. NULL
 * with a fault. (transfer full) */
RetourMatcher *retour_rule_reader_finish(RetourRuleReader *reader, GArray *bare, GArray *patterns);

/* What stands in the columns status and reply: alternatives separated by '|', appended to those of
 * @reader. Returns what is wrong with @text, or NULL. */
const char *retour_rule_read_statuses(RetourRuleReader *reader, const char *text, RetourRule *rule);
const char *retour_rule_read_replies(RetourRuleReader *reader, const char *text, RetourRule *rule);

/* One to three digits, or the character @c, taken off the front of @text; FALSE where it is not
 * there. */
gboolean retour_take_number(const char **text, guint16 *number);
gboolean retour_take(const char **text, char c);
