/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "act/template.h"

/* Appends the failure that @values tell of as a delivery status notification (RFC 3464, 6533), for
 * list managers that read nothing else. */
void retour_dsn_write(const RetourValues *values, GString *out);
