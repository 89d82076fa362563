/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "base/span.h"

/* Where the returned message begins in the text of a notice (valid UTF-8, line ends LF): offset of
 * its first line, or of the line that announces it; the text's length if there is none. @marks
 * becomes what the words before it tell (RetourMark). */
gsize retour_notice_find_border(RetourSpan text, guint *marks);
