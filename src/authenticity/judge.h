/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/authenticity.h>
#include <retour/report.h>

#include "base/arena.h"

/*
 * Does a report answer mail of the site? A pure function over the report, what the site knows of
 * its own mail, and the time. Gives one verdict for each recipient, of @arena; strings are of the
 * report, of @arena or static. What cannot be looked at, as the site does not know it or the report
 * does not tell it, is no ground at all.
 */
RetourAuthenticity *retour_authenticity_judge(const RetourReport *report, const RetourOwnMail *own,
                                              gint64 now, RetourArena *arena);
