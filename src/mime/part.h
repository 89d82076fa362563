/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "base/arena.h"

/*
 * A message as a bounded tree of parts: our own plain structs. Nothing of GMime leaves this room,
 * so that another reader can stand behind this header. All strings and parts are owned by the tree.
 *
 * Numbering follows IMAP sections (RFC 9051 6.4.5): the parts of the message are "1", "2", "2.1"; a
 * message without multipart has the one part "1"; the parts of a message/rfc822 part "3" are "3.1"…
 * The message itself is "". The header block of "" is called "HEADER" in evidence, that of the
 * message inside part "3" "3.HEADER".
 */

typedef struct {
	const char *name;  /* as written */
	const char *value; /* unfolded, encoded words decoded (RFC 2047), valid UTF-8, trimmed */
	gsize offset;      /* of the value's first byte in the entity's head */
	gsize length; /* of the raw value in the head, folding included, without the last line end
	               */
} RetourHeader;

typedef enum {
	RETOUR_PART_LEAF,      /* has text if it is text or a report part */
	RETOUR_PART_MULTIPART, /* children */
	RETOUR_PART_MESSAGE,   /* message/rfc822 and kin: the headers of the message inside are in
	                          "message", its parts are children */
} RetourPartKind;

typedef struct RetourPart RetourPart;
struct RetourPart {
	RetourPartKind kind;
	const char *section; /* "1.2"; "" for the message itself */
	const char *type; /* lower case "text/plain"; never NULL: the default of the context where
	                     none is given */
	const char *report_type; /* parameter report-type, lower case, or NULL */
	const char *charset;     /* as labelled, or NULL */
	const char *file_name;   /* or NULL */
	const char *disposition; /* lower case "attachment", or NULL */

	const char *head; /* header block of this entity, repaired UTF-8; "" if none */
	gsize head_length;
	const RetourHeader *headers;
	guint n_headers;

	const char *text; /* decoded content, valid UTF-8, line ends LF, no NUL; of text/html what a
	                     reader of the page sees; NULL for a part that is not text */
	gsize text_length;
	gboolean text_cut; /* it was longer */

	guint64 offset, size; /* raw extent of the content in the message's bytes */

	RetourPart *parent;
	RetourPart **children;
	guint n_children;
	RetourPart *message; /* kind MESSAGE: the message inside, a part of kind LEAF or MULTIPART
	                        with section "3" and its headers; NULL if there is none */
};

typedef struct {
	RetourPart *root; /* the message; never NULL, whatever the bytes */
	RetourPart *const
	        *parts; /* every part in reading order, the root first, inner messages too */
	guint n_parts;
	const char *const *limits; /* names of the bounds that were met ("header-cut" …), each once,
	                              in alphabetical order */
	guint n_limits;
	RetourArena *arena; /* owned */
} RetourPartTree;

/*
 * Reads one message. Never fails: bytes that are no mail are one text part. A From_ line, junk
 * lines and empty lines before the headers are passed over; LF, CRLF and CR line ends are taken;
 * missing, wrong and unterminated boundaries are mended; base64 and quoted-printable message/rfc822
 * parts are read like plain ones.
 *
 * @bytes are only read. Costs at most a few MB beyond the input (see base/limits.h). Not
 * thread-safe before the first call has returned (GMime's set-up). (transfer full)
 */
RetourPartTree *retour_part_tree_read(const char *bytes, gsize length);
void retour_part_tree_free(RetourPartTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetourPartTree, retour_part_tree_free)

/* Whether that is its name (caseless). */
static inline gboolean
retour_header_is(const RetourHeader *header, const char *name)
{
	return retour_may_equal(header->name[0], name[0]) &&
	       g_ascii_strcasecmp(header->name, name) == 0;
}

/* First header of that name (caseless) or NULL; the n-th (0-based). */
const RetourHeader *retour_part_get_header(const RetourPart *part, const char *name);
const RetourHeader *retour_part_get_header_nth(const RetourPart *part, const char *name, guint nth);
/* Its value or NULL. */
const char *retour_part_get_value(const RetourPart *part, const char *name);

/* Reads a block of "Name: value" lines that stands in a text (text/rfc822-headers, a returned
 * message pasted into a notice) as headers: unfolded and decoded; offsets are into @text. Stops at
 * the first empty line. (transfer full, of @arena) */
const RetourHeader *retour_headers_parse(RetourArena *arena, const char *text, gsize length,
                                         guint *n_headers);

/* RFC 2047 encoded words decoded; anything else unchanged. Valid UTF-8. Of @arena. */
const char *retour_header_decode(RetourArena *arena, const char *text, gsize length);

/* Seconds since the epoch of an RFC 5322 date, tolerant; FALSE if it is none. */
gboolean retour_date_parse(const char *text, gint64 *seconds);
