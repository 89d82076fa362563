/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "base/span.h"

/* Longest field name that is believed. GMime's scan buffer holds 4 KB, and a longer run of name
 * characters without a colon makes it give up the message. Bytes. */
#define RETOUR_FIELD_NAME 1000u

/* Length of the field name where @line begins like a header field ("Name:", "Name :"), else 0. */
gsize retour_field_name_length(RetourSpan line);
/* Bytes that a line that is no field may have. */
gsize retour_field_plain_room(RetourSpan line);
/* Whether any reader takes for a field what begins @line with @name. */
gboolean retour_field_is_regular(RetourSpan line, RetourSpan name);
/* Whether a field of that @name holds addresses. */
gboolean retour_field_is_address(RetourSpan name);
/* Whether the Content-Type field with which @bytes begin says that no header block can follow its
 * own. A type that GMime cannot read counts as message/rfc822 inside a multipart/digest. */
gboolean retour_field_is_leaf_type(RetourSpan bytes);
/* Whether the Content-Transfer-Encoding field @line names an encoding that hides the content from
 * GMime. */
gboolean retour_field_is_encoding(RetourSpan line);
