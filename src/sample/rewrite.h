/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/report.h>

#include "sample/fields.h"

/* One way through a mail: the first time to learn whom it names, then to write. */
typedef struct {
	RetourFieldStyle style;
	RetourKind kind;
	GHashTable
	        *boundaries; /* owned; as written → TRUE + 1 where it is of the returned message */
} RetourRewrite;

/* Appends @mail with placeholders. @returned: it is the message that came back. */
void retour_rewrite_mail(RetourRewrite *rewrite, RetourSpan mail, gboolean returned, guint depth,
                         GString *out);
/* body.c: the content of one part. */
typedef struct {
	char *type;    /* owned; lower case */
	char *charset; /* owned; NULL: not said */
	RetourSpan encoding;
	gboolean is_report;
} RetourEntity;

void retour_rewrite_body(RetourRewrite *rewrite, const RetourEntity *entity, RetourSpan content,
                         gboolean returned, guint depth, GString *out);
