/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/codes.h>

/* Which rows of the code database are asked for. NULL: any. */
typedef struct {
	char *reason, *klass, *subject, *command, *provider; /* owned */
} RetourCodesFilter;

/* What is wrong with it, or NULL. (transfer full) */
char *retour_codes_filter_check(const RetourCodesFilter *filter);
gboolean retour_codes_filter_wants(const RetourCodesFilter *filter, const RetourSheet *sheet,
                                   guint row);
void retour_codes_filter_clear(RetourCodesFilter *filter);
