/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/report.h>

#include "mime/part.h"

/* What the delivery agent told; NULL where it told nothing ("" is the null sender). */
typedef struct {
	const char *sender, *recipient;
} RetourEnvelope;

/* Reads the part tree of one message. Collects evidence and decides nothing. Never fails. (transfer
 * full) */
RetourReport *retour_report_read(const RetourPartTree *tree, const RetourEnvelope *envelope);
