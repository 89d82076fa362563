/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/record.h>
#include <stdio.h>

/* What was read, in numbers. A worker adds a few bytes for it to each result. */
typedef struct RetourTally RetourTally;
RetourTally *retour_tally_new(void);
void retour_tally_free(RetourTally *tally);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetourTally, retour_tally_free)

/* In the worker: appends the numbers of one record; @details: remote hosts and unknown texts too.
 */
void retour_tally_append(const RetourRecord *record, gboolean details, GString *out);
/* In the parent: takes them off the front of a result into @tally (NULL: nowhere); returns how many
 * bytes they were. @error becomes why the message could not be read, of @bytes, or NULL. */
gsize retour_tally_take(RetourTally *tally, const char *bytes, gsize length, const char **error);

guint64 retour_tally_get_messages(const RetourTally *tally);
guint64 retour_tally_get_unreadable(const RetourTally *tally);
void retour_tally_print(const RetourTally *tally, FILE *out);
