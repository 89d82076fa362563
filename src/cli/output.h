/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/* Standard output, by itself: stdio would not tell which bytes a full disk has swallowed, and a
 * forked child would write them once more. */
typedef struct {
	GString *text; /* owned; not yet written */
	gint64 written_at;
	int error; /* errno of the first write that failed */
} RetourOutput;

void retour_output_init(RetourOutput *output);
/* Writes what is there if it is enough, or long enough ago. FALSE once a write has failed. */
gboolean retour_output_add(RetourOutput *output, const char *text, gsize length);
gboolean retour_output_flush(RetourOutput *output);
/* Writes what is left and frees. Of a failure standard error is told, but for a reader that has
 * gone. Returns @exit_code, or @trouble if the output failed. */
int retour_output_finish(RetourOutput *output, int exit_code, int trouble);
