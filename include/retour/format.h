/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/record.h>

G_BEGIN_DECLS

/**
 * RetourFormat:
 * @RETOUR_FORMAT_JSON: one object a message and line (docs/schema/record-v1.json)
 * @RETOUR_FORMAT_RECIPIENTS: one object a recipient and line
 * @RETOUR_FORMAT_CSV: one row a recipient, RFC 4180
 * @RETOUR_FORMAT_TSV: one row a recipient, tabs; tabs and line ends inside values become spaces
 * @RETOUR_FORMAT_TABLE: for people
 * @RETOUR_FORMAT_HEADERS: X-Retour-* header lines, as `retour filter` puts them on top of a mail
 * @RETOUR_FORMAT_SHELL: RETOUR_KIND='bounce' …, one line a message of quoted assignments, under
 * 2,000 bytes
 * @RETOUR_FORMAT_DSN: a clean report (RFC 3464) for a bounce, a delay or a delivery; nothing for
 * any other kind
 */
typedef enum {
	RETOUR_FORMAT_JSON,
	RETOUR_FORMAT_RECIPIENTS,
	RETOUR_FORMAT_CSV,
	RETOUR_FORMAT_TSV,
	RETOUR_FORMAT_TABLE,
	RETOUR_FORMAT_HEADERS,
	RETOUR_FORMAT_SHELL,
	RETOUR_FORMAT_DSN,
} RetourFormat;

/**
 * RetourSource:
 * @name: path or name of the input
 * @index: position of the message in that input, from 0
 * @offset: where it begins there, bytes
 * @size: bytes
 *
 * Where a message came from.
 */
typedef struct {
	const char *name;
	guint64 index, offset, size;
} RetourSource;

/* FALSE if @name is no format ("json" "recipients" "csv" "tsv" "table" "headers" "shell" "dsn") */
RETOUR_API gboolean retour_format_parse(const char *name, RetourFormat *format);

/**
 * retour_format_append_head:
 *
 * Appends what stands before the first record: the header line of csv and tsv, the title of table,
 * nothing for json.
 */
RETOUR_API void retour_format_append_head(RetourFormat format, GString *out);

/**
 * retour_format_append:
 * @format: the format
 * @source: where the message came from
 * @record: the record
 * @explain: give every rule that spoke, not only the deciding one
 * @out: receives whole lines, valid UTF-8, each ending in LF
 */
RETOUR_API void retour_format_append(RetourFormat format, const RetourSource *source,
                                     const RetourRecord *record, gboolean explain, GString *out);

/**
 * retour_format_append_field:
 * @record: the record
 * @field: "kind" "class" "reason" "fault" "advice" "address" "status" "reply" "never-reply"
 * "action" "permanence" "confidence" "key" "diagnostic" "message-id" "recipients" …
 * @out: receives the value of the most serious recipient; nothing where there is none
 *
 * Returns: FALSE if @field is no field
 */
RETOUR_API gboolean retour_format_append_field(const RetourRecord *record, const char *field,
                                               GString *out);

/* (array zero-terminated=1): the names that retour_format_append_field() knows */
RETOUR_API const char *const *retour_format_get_fields(void);

/**
 * RetourSheetFormat:
 * @RETOUR_SHEET_FORMAT_JSON: one object; a member for each sheet, which is an array of rows
 * @RETOUR_SHEET_FORMAT_CSV: RFC 4180; sheets are parted by an empty line
 * @RETOUR_SHEET_FORMAT_MARKDOWN: a page for readers
 */
typedef enum {
	RETOUR_SHEET_FORMAT_JSON,
	RETOUR_SHEET_FORMAT_CSV,
	RETOUR_SHEET_FORMAT_MARKDOWN,
} RetourSheetFormat;

/* FALSE if @name is no format ("json" "csv" "markdown") */
RETOUR_API gboolean retour_sheet_format_parse(const char *name, RetourSheetFormat *format);

/* FALSE leaves the row out. */
typedef gboolean (*RetourRowFunc)(const RetourSheet *sheet, guint row, gpointer data);

/**
 * retour_format_append_sheets:
 * @format: the format
 * @wanted: (nullable): which rows; %NULL for the whole code database
 * @data: for @wanted
 * @out: receives whole lines
 *
 * Appends the code database. A sheet of which no row is wanted is left out.
 */
RETOUR_API void retour_format_append_sheets(RetourSheetFormat format, RetourRowFunc wanted,
                                            gpointer data, GString *out);

G_END_DECLS
