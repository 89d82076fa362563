/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>
#include <stdio.h>

/*
 * How often each of many strings was seen: of the first RETOUR_COUNTS_MAX different ones. Further
 * ones are counted together, so that memory is flat whatever mail holds.
 */
typedef struct RetourCounts RetourCounts;

#define RETOUR_COUNTS_MAX 8192u

RetourCounts *retour_counts_new(void);
void retour_counts_add(RetourCounts *counts, const char *text, gsize length);
/* The @most frequent ones below @title, the first of equals in byte order; nothing if there are
 * none. */
void retour_counts_print(const RetourCounts *counts, const char *title, guint most, FILE *out);
void retour_counts_free(RetourCounts *counts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetourCounts, retour_counts_free)
