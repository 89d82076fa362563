/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/*
 * The one reader of our data files, at build time and at run time.
 *
 * TSV: UTF-8, LF, tab-separated, the first line that is no comment names the columns. Lines that
 * begin with '#' and empty lines are skipped. No quoting and no escapes.
 *
 * Blocks: "Field: value" lines; a line that begins with a blank continues the value (joined by LF);
 * empty lines separate blocks; repeated fields are kept in order. '#' begins a comment line.
 */
#define RETOUR_TABLE_ERROR (retour_table_error_quark())
GQuark retour_table_error_quark(void);
typedef enum {
	RETOUR_TABLE_ERROR_OPEN,   /* the file cannot be read */
	RETOUR_TABLE_ERROR_FORMAT, /* "FILE:LINE: what is wrong: what to do" */
} RetourTableError;

typedef struct RetourTable RetourTable;

typedef struct {
	guint line;         /* 1-based line in the file */
	const char **cells; /* one for each column of the file, never NULL; of RetourTable */
} RetourTableRow;

/* Reads a TSV file. Every name of @columns (NULL-terminated) must be a column of the file and no
 * other may stand there. Cells come in the order of @columns, whatever the file's order. NULL and
 * @error on any fault. (transfer full) */
RetourTable *retour_table_read(const char *path, const char *const *columns, GError **error);
/* The same over bytes; @name stands for the file in messages. */
RetourTable *retour_table_parse(const char *name, const char *text, gsize length,
                                const char *const *columns, GError **error);
void retour_table_free(RetourTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetourTable, retour_table_free)
guint retour_table_get_size(const RetourTable *table);
const RetourTableRow *retour_table_get_row(const RetourTable *table, guint index);
const char *retour_table_get_name(const RetourTable *table);

typedef struct RetourBlocks RetourBlocks;
typedef struct {
	guint line;
	const char *name, *value; /* of RetourBlocks; value trimmed */
} RetourBlockField;
typedef struct {
	guint line;
	const RetourBlockField *fields;
	guint n_fields;
} RetourBlock;

/* Malformed lines are appended to @faults as "FILE:LINE: what is wrong: what to do", and passed
 * over; without @faults (nullable) the first one is @error. (transfer full) */
RetourBlocks *retour_blocks_read(const char *path, GPtrArray *faults, GError **error);
RetourBlocks *retour_blocks_parse(const char *name, const char *text, gsize length, GError **error);
void retour_blocks_free(RetourBlocks *blocks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetourBlocks, retour_blocks_free)
guint retour_blocks_get_size(const RetourBlocks *blocks);
const RetourBlock *retour_blocks_get_block(const RetourBlocks *blocks, guint index);
const char *retour_block_get(const RetourBlock *block,
                             const char *name); /* first of that name or NULL */
