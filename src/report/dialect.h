/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/*
 * Dialects: how notices read that the generic reader gets wrong, as blocks of data (base/table.h):
 *
 *   Dialect: NAME                 what "read_by" says
 *   Source: WORDS                 who writes so
 *   Sign: HEADER: PATTERN         a header of the mail, whole; or "text: PATTERN" for a line of the
 * notice. All must hold. Kind: bounce|delay|delivered  what it reports; bounce if not given
 *   Recipient: PATTERN            a line that names a recipient
 *   Statement: PATTERN            a line that says something of the recipient named last, or of all
 * if none was Border: PATTERN               the line at which the returned message begins Example:
 * MAIL                 a whole mail, folded: each line behind a blank, an empty one as a single dot
 *   Expect: ADDRESS [STATUS] [REPLY]   what must come out of it, one line a recipient
 *
 * Patterns are those of report/pattern.h. A dialect is asked for where a mail has no report fields;
 * the first one whose signs hold reads it, and the generic reader adds what stands beside.
 */
typedef struct RetourDialects RetourDialects;

#define RETOUR_DIALECT_ERROR (retour_dialect_error_quark())
GQuark retour_dialect_error_quark(void);
typedef enum {
	RETOUR_DIALECT_ERROR_BLOCK, /* "FILE:LINE: what is wrong: what to do" */
} RetourDialectError;

RetourDialects *retour_dialects_new(void);
/* Adds the blocks of a file's text; @name stands for it in messages. A dialect takes the place of
 * one of a lower shelf that has its name; on one shelf a name stands once. FALSE on a wrong block.
 */
gboolean retour_dialects_add(RetourDialects *dialects, const char *name, const char *text,
                             gsize length, guint shelf, GError **error);
/* The same into new ones. (transfer full) */
RetourDialects *retour_dialects_parse(const char *name, const char *text, gsize length,
                                      GError **error);
void retour_dialects_free(RetourDialects *dialects);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetourDialects, retour_dialects_free)

/* The built-in ones; read at the first call, never freed. Thread-safe. */
const RetourDialects *retour_dialects_builtin(void);

guint retour_dialects_get_size(const RetourDialects *dialects);
const char *retour_dialects_get_name(const RetourDialects *dialects, guint index);
const char *retour_dialects_get_source(const RetourDialects *dialects, guint index);
/* The example as bytes of a mail, and the lines of Expect; of @dialects. */
const char *retour_dialects_get_example(const RetourDialects *dialects, guint index);
const char *const *retour_dialects_get_expectations(const RetourDialects *dialects, guint index);
/* Where it stands. */
const char *retour_dialects_get_file(const RetourDialects *dialects, guint index);
guint retour_dialects_get_line(const RetourDialects *dialects, guint index);
