/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "base/span.h"

/* Whether @text as a whole fits @pattern, in which '*' stands for any bytes, none too. ASCII case
 * is ignored. At worst their lengths multiplied, in bytes compared; no recursion, no allocation. */
gboolean retour_wildcard_fits(RetourSpan pattern, RetourSpan text);
