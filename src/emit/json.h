/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "emit/row.h"

/* One object a message, with its line end (docs/schema/record-v1.json). */
void retour_json_append_record(const RetourSource *source, const RetourRecord *record,
                               gboolean explain, GString *out);

/* The members that belong to one recipient, into an object that is open. */
void retour_json_add_recipient(const RetourRow *row, gboolean explain, GString *out);

/* One object a recipient, each with its line end (docs/schema/record-v1.json, #/$defs/line). */
void retour_json_append_recipients(const RetourSource *source, const RetourRecord *record,
                                   gboolean explain, GString *out);
