/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "base/span.h"

/*
 * The value of a Content-Type or Content-Disposition field where it is written as the grammar has
 * it (RFC 2045 5.1, RFC 2183 2): "token/token; name=token; name="text"". Comments, escapes, bytes
 * that are not ASCII, and parameters that are encoded (RFC 2231, RFC 2047) or split are not read
 * here.
 */

/* Takes a token off @rest, and the blanks and folds behind it; an empty one where there is none. */
RetourSpan retour_parameter_token(RetourSpan *rest);

typedef enum {
	RETOUR_PARAMETER_NONE, /* the value is at its end */
	RETOUR_PARAMETER_READ,
	RETOUR_PARAMETER_IRREGULAR,
} RetourParameter;

/* Takes the next parameter, with the semicolon before it, off @rest. */
RetourParameter retour_parameter_next(RetourSpan *rest, RetourSpan *name, RetourSpan *value);
