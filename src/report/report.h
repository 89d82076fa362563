/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/report.h>

#include "mime/part.h"

#include "report/dialect.h"

/* Shelves of dialects that a mail is held against, in this order: the site's own, then the built-in
 * ones. */
#define RETOUR_DIALECT_SHELVES 2

/* What the delivery agent told, NULL where it told nothing ("" is the null sender); and the
 * dialects to be read, NULL for an empty shelf. */
typedef struct {
	const char *sender, *recipient;
	const char *verp; /* template of the site's own return paths (address/verp.h), or NULL */
	gboolean trace; /* keep what tells the way of the mail: Received, Authentication-Results */
	const RetourDialects *dialects[RETOUR_DIALECT_SHELVES];
} RetourEnvelope;

/* Reads the part tree of one message. Collects evidence and decides nothing. Never fails. (transfer
 * full) */
RetourReport *retour_report_read(const RetourPartTree *tree,
                                 const RetourEnvelope *envelope); /* envelope may be NULL */
