/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/* A charset that 8-bit @bytes are likely to be in, to be given to retour_charset_lookup(), by
 * patterns that others do not make; NULL where nothing speaks clearly. @japanese: a label says so,
 * which leaves only the question of which one. */
const char *retour_charset_guess(const char *bytes, gsize length, gboolean japanese);
