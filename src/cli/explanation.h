/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/record.h>

/* Cards (cli/card.h) that say what something means and why. */

/* @word is a code: "550", "5.1.1", "X.7.26". FALSE, and nothing is added, if it is none. */
gboolean retour_explanation_add_code(const char *word, GString *card);
/* The message, and each recipient with all that spoke for its verdict. */
void retour_explanation_add_record(const RetourRecord *record, GString *card);
/* The verdict over one recipient. */
void retour_explanation_add_verdict(const RetourVerdict *verdict, GString *card);
