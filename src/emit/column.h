/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "emit/row.h"

/* Room for a value that is made, not found: a number, a status, a time. */
#define RETOUR_COLUMN_SCRATCH 32

/* A flat value of a row: a column of csv and tsv, a field of `retour print`. */
typedef struct {
	const char *name;   /* with hyphens */
	gboolean is_field;  /* may be asked for by name */
	gboolean is_column; /* stands in csv and tsv */
	guint8 owner;       /* the struct that holds the string, and where in it … */
	gsize offset;
	const char *(*get)(const RetourRow *row,
	                   char scratch[RETOUR_COLUMN_SCRATCH]); /* … or what makes it */
} RetourColumn;

/* In the order of csv; the last one has no name. */
extern const RetourColumn retour_columns[];

/* NULL or "" where there is none. */
const char *retour_column_get(const RetourColumn *column, const RetourRow *row,
                              char scratch[RETOUR_COLUMN_SCRATCH]);
