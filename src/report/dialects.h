/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* The inside of a dialect, for the files that load and apply it. */

#include <retour/report.h>

#include "base/arena.h"
#include "report/dialect.h"
#include "report/pattern.h"

typedef enum {
	RETOUR_DIALECT_SIGN,
	RETOUR_DIALECT_RECIPIENT,
	RETOUR_DIALECT_STATEMENT,
	RETOUR_DIALECT_BORDER,
} RetourDialectRole;

typedef struct {
	RetourDialectRole role;
	const char *header; /* of a sign: the header's name, or "text" */
	RetourPattern pattern;
} RetourDialectLine;

typedef struct {
	const char *name, *source, *example; /* of RetourDialects */
	const char *file;                    /* of RetourDialects */
	guint line, shelf;
	RetourKind kind;
	RetourAction action;
	RetourDialectLine *lines; /* owned */
	guint n_lines;
	GPtrArray *expectations; /* owned; of char * */
} RetourDialect;

struct RetourDialects {
	RetourArena *arena; /* owned */
	GPtrArray *list;    /* owned; of RetourDialect */
};
