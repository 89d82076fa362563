/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "base/span.h"

/* A member that is looked for, and where its value goes: a string's text, a number's digits. */
typedef struct {
	const char *name;
	char **value; /* owned by the caller; set once */
} RetourJsonMember;

/* Reads one flat JSON object (RFC 8259): strings, numbers, true, false, null. Members that nobody
 * asks for are passed over. FALSE if it is none; values set until then stay. */
gboolean retour_json_line_read(RetourSpan line, const RetourJsonMember *members, guint n_members);
