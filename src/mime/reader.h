/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "mime/door.h"
#include "mime/guard.h"
#include "mime/part.h"

/* The reading of one message, messages inside it included. */
typedef struct {
	RetourArena *arena;
	GPtrArray *parts;
	guint cuts; /* RetourCut */
	RetourGuardBudget budget;
	gsize text_left;        /* bytes of text that the message may still have */
	gboolean returned_text; /* the returned message that is being read has given its text */
	GString *joined, *raw, *text; /* scratch */
} RetourReader;

/* Where an entity stands. */
typedef struct {
	const RetourView *view;
	gsize end; /* of the entity, at the latest */
	guint depth;
	gboolean report;   /* inside a multipart/report … */
	gboolean returned; /* … and there inside the returned message */
} RetourPlace;

/* A part below @parent; NULL when there are too many. */
RetourPart *retour_reader_part(RetourReader *reader, RetourPart *parent, const char *section);
/* The section of the @nth part below @parent. */
const char *retour_reader_section(RetourReader *reader, const RetourPart *parent, guint nth);
/* @text, repaired, of the arena. */
const char *retour_reader_own(RetourReader *reader, RetourSpan text);
/* Reads the header block from @from to @to. */
void retour_reader_head(RetourReader *reader, const RetourPlace *place, gsize from, gsize to,
                        RetourPart *part);
/* The content of @part stands from @from to @to. */
void retour_reader_extent(const RetourView *view, gsize from, gsize to, RetourPart *part);
/* The type of a multipart of that subtype. */
const char *retour_reader_multipart_type(RetourReader *reader, RetourSpan subtype);
/* The message inside @part, which is a message, and its place; NULL when there are too many parts.
 */
RetourPart *retour_reader_inside(RetourReader *reader, const RetourPlace *place, RetourPart *part,
                                 RetourPlace *below);

/* Reads the message behind @door into @part. Its first byte stands at @origin in the whole message;
 * where it is @decoded, all of it does. */
void retour_reader_door(RetourReader *reader, const RetourPlace *place, const RetourDoor *door,
                        gsize origin, gboolean decoded, RetourPart *part);
/* What GMime makes of @view; NULL if nothing. (transfer full) */
GMimeMessage *retour_reader_parse(const RetourView *view);
/* Reads the parts of @multipart as the children of @part; @begin is where its content begins. */
void retour_reader_children(RetourReader *reader, const RetourPlace *place,
                            GMimeMultipart *multipart, gsize begin, RetourPart *part);

/* regular.c: reads a message that is built as the standards say into @part. FALSE, and nothing is
 * done, where in any way it is not. */
gboolean retour_regular_read(RetourReader *reader, const RetourPlace *place, RetourPart *part);

/* leaf.c: a part that GMime takes for a leaf, its content beginning at @begin. */
void retour_reader_leaf(RetourReader *reader, const RetourPlace *place, GMimePart *leaf,
                        gsize begin, RetourPart *part);
/* The content of a leaf, from @from to @to. */
void retour_reader_content(RetourReader *reader, const RetourPlace *place, gsize from, gsize to,
                           GMimeContentEncoding encoding, RetourPart *part);
/* The text that stands from @from to @to, not encoded, as the text of @part. */
void retour_reader_text(RetourReader *reader, const RetourView *view, gsize from, gsize to,
                        RetourPart *part);

/* salvage.c: the parts of a multipart in which GMime found none. */
void retour_salvage_multipart(RetourReader *reader, const RetourPlace *place, gsize begin,
                              RetourPart *part);
/* Whether the body from @begin to @end of a message that does not say its type is a multipart all
 * the same. */
gboolean retour_salvage_is_multipart(RetourReader *reader, const RetourView *view, gsize begin,
                                     gsize end);
