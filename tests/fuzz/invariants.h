/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/record.h>

#include "mime/part.h"

/*
 * What holds of every record, whatever the bytes were. A record that breaks one is a finding (see
 * fuzz_refuse()).
 */

/* All that holds of the record itself, and what the next three say. */
void invariants_check(RetourSpan bytes, const RetourRecord *record);

/* provenance.c: every address of the record stands in the message, or is decoded from what stands
 * there. */
void invariants_check_addresses(RetourSpan bytes, const RetourPartTree *tree,
                                const RetourRecord *record);

/* strings.c: every string is valid UTF-8, not empty, and within its limit. */
void invariants_check_strings(const RetourRecord *record);

/* output.c: the record in every format: valid UTF-8, whole lines, JSON that holds against the
 * schema, no line out of proportion, the same bytes from a second reading. */
void invariants_check_output(RetourSpan bytes, const RetourRecord *record);
