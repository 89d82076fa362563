/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "base/span.h"

/* How the content of a part is written. */
typedef enum {
	RETOUR_ENCODING_PLAIN,
	RETOUR_ENCODING_QUOTED,
	RETOUR_ENCODING_BASE64,
} RetourEncoding;

/* "quoted-printable", "base64"; anything else is plain. */
RetourEncoding retour_encoding_parse(RetourSpan name);
/* Appends the decoded bytes; what is malformed is passed over. */
void retour_encoding_decode(RetourEncoding encoding, RetourSpan content, GString *out);
/* Appends @bytes encoded, in lines that end as those of @model, which are as long. */
void retour_encoding_encode(RetourEncoding encoding, RetourSpan bytes, RetourSpan model,
                            GString *out);

/* The next line of @rest with its end: LF, CRLF, CR, or none. FALSE at the end. */
gboolean retour_take_line(RetourSpan *rest, RetourSpan *line);
/* @line without its end. */
RetourSpan retour_line_text(RetourSpan line);

/* Appends UTF-8 as the value of a field: words that are not ASCII as encoded words (RFC 2047). */
void retour_append_field_text(RetourSpan text, const char *line_end, GString *out);
