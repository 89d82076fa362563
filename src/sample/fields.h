/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "sample/masks.h"

/* Whose field it is. */
typedef enum {
	RETOUR_FIELD_OF_MAIL,   /* of the mail itself, or of a part of it */
	RETOUR_FIELD_OF_REPORT, /* of a machine-readable report: no encoded words, other charsets */
	RETOUR_FIELD_OF_RETURNED, /* of the message that came back */
} RetourFieldOwner;

typedef struct {
	RetourMasks *masks;
	gboolean whole_subject; /* the mail's subject is a server's: all of it stays */
	gboolean gentle;        /* what is of the returned message keeps its words */
} RetourFieldStyle;

/* Bytes of the name at the start of @line, if a field begins there ("Name:", "Name :"), else 0. */
gsize retour_field_name(RetourSpan line);
/* Appends a field (all its lines) with placeholders. What it names is known from then on. */
void retour_field_append(const RetourFieldStyle *style, RetourFieldOwner owner, RetourSpan field,
                         GString *out);
/* A parameter of a Content-Type field, unquoted; NULL: it has none. (transfer full) */
char *retour_field_get_parameter(RetourSpan field, const char *name);

/* A line of text of some charset, whole or without its end: @append gets it as UTF-8, and what it
 * makes of it is written in the same charset again. */
typedef void (*RetourLineFunc)(gpointer data, RetourSpan text, GString *out);
void retour_line_append(RetourSpan line, const char *charset, gboolean html, RetourLineFunc append,
                        gpointer data, GString *out);
