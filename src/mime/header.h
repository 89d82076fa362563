/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "mime/part.h"

/* GMime's set-up, once in a process. */
void retour_mime_init(void);

/* Whether @text is ASCII without NUL. */
gboolean retour_header_is_ascii(RetourSpan text);

/* @text in lower case. Of @arena. */
const char *retour_header_lower(RetourArena *arena, const char *text, gsize length);
