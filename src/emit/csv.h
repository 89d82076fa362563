/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "emit/row.h"

/* Comma-separated (RFC 4180, with LF) and tab-separated values: one row a recipient. */
void retour_csv_append_head(gboolean tabs, GString *out);
void retour_csv_append(gboolean tabs, const RetourSource *source, const RetourRecord *record,
                       GString *out);
/* One cell, quoted where it must be. */
void retour_csv_append_cell(gboolean tabs, const char *value, GString *out);
