/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/record.h>

/* Cards (cli/card.h) that say what something means and why. @site is the site's own rules, or NULL.
 */

/* @word is a code or another word of the database: "550", "5.1.1", "X.7.26", "4xx", "RCPT", "C07",
 * "mailbox-full". FALSE, and nothing is added, if it is none. */
gboolean retour_explanation_add_word(const char *word, const RetourSite *site, GString *card);
/* The message, and each recipient with all that spoke for its verdict. */
void retour_explanation_add_record(const RetourRecord *record, const RetourSite *site,
                                   GString *card);
/* The verdict over one recipient, what others say about its codes, and what to do. */
void retour_explanation_add_verdict(const RetourVerdict *verdict, const RetourSite *site,
                                    GString *card);
/* What to do now, for a reason. */
void retour_explanation_add_remedy(const RetourReason *reason, GString *card);
