/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "base/span.h"

/* Who runs a host: "mx1.mail.example.co.uk" is run by "example.co.uk": the last two labels, or
 * three where the last but one is one of those below which registries give names out. A span of
 * @host. */
RetourSpan retour_host_organisation(RetourSpan host);

/* Whether both are run by the same organisation. Empty names are nobody's. */
gboolean retour_host_is_kin(RetourSpan a, RetourSpan b);
