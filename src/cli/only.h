/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/record.h>

/* Which recipients are asked for: "class=hard,reason=user-unknown,host-unknown". A value without a
 * key belongs to the key before it; values of one key are alternatives, and every key that is named
 * must hold. Keys: kind, class, reason, fault, advice, confidence,
 * authentic. */
typedef struct RetourOnly RetourOnly;

/* NULL with @fault (transfer full). */
RetourOnly *retour_only_new(const char *const *filters, char **fault);
void retour_only_free(RetourOnly *only);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetourOnly, retour_only_free)

/* A record with some of the recipients of another one, of which it is. */
typedef struct {
	RetourRecord record;
	RetourReport report;
	RetourRecipient *recipients;      /* owned */
	RetourVerdict *verdicts;          /* owned */
	RetourAuthenticity *authenticity; /* owned; NULL as of the record */
} RetourExcerpt;

void retour_excerpt_clear(RetourExcerpt *excerpt);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RetourExcerpt, retour_excerpt_clear)

/* What is wanted of @record: itself, or what becomes @excerpt; NULL: nothing. A message without
 * recipients is asked for by its kind alone. */
const RetourRecord *retour_only_take(const RetourOnly *only, const RetourRecord *record,
                                     RetourExcerpt *excerpt);
