/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/report.h>

#include "settings/settings.h"

/* Whom a mail of @list was for, where who reports it has taken the address out: appends what the
 * forms of the list find in its Message-ID or in its List-Unsubscribe. FALSE: nothing. */
gboolean retour_resolve_recipient(const RetourListSettings *list, const RetourOriginal *original,
                                  GString *out);
