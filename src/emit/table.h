/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "emit/row.h"

/* For people, at a terminal: one line a recipient, columns of fixed width. */
void retour_people_append_head(GString *out);
void retour_people_append(const RetourSource *source, const RetourRecord *record, GString *out);
