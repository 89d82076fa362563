/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <gmime/gmime.h>

#include "base/span.h"

/* GMime itself has none of these. */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeStream, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeMessage, g_object_unref)

/*
 * A message as it is read: pieces of the message's own bytes, and where something had to be mended,
 * short literals between them. Nothing is copied. Origins are offsets in the message, positions
 * such in the view. GMime is not shown the header fields that it need not know, as it spends most
 * of its time on fields; so it has positions of its own.
 */
typedef struct {
	gsize at;         /* position of its first byte in the view */
	const char *data; /* borrowed */
	gsize length;
	gsize origin;
	gboolean literal; /* all its bytes stand at the one origin */
} RetourPiece;

/* Bytes that GMime is not shown. */
typedef struct {
	gsize at;     /* GMime's position of the byte behind them */
	gsize hidden; /* their number, and that of all before */
} RetourGap;

typedef struct {
	GArray *pieces; /* owned; RetourPiece */
	GArray *gaps;   /* owned; RetourGap */
	gsize length;
	gsize tail; /* bytes at the end that are not of the message: the line end that the last line
	               lacks */
} RetourView;

void retour_view_init(RetourView *view);
void retour_view_clear(RetourView *view);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RetourView, retour_view_clear)

void retour_view_append(RetourView *view, RetourSpan bytes, gsize origin, gboolean literal);
/* Appends what @other shows from position @from to @to. */
void retour_view_append_view(RetourView *view, const RetourView *other, gsize from, gsize to);
/* Hides from GMime what stands from position @from to the end. */
void retour_view_hide(RetourView *view, gsize from);
/* Adds the line end that the last line lacks: GMime drops a last header line without one, and takes
 * one byte alone off the end of the part before a last delimiter without one. */
void retour_view_end_line(RetourView *view);

/* The position of the byte that GMime sees at @seen. */
gsize retour_view_position(const RetourView *view, gsize seen);
/* Offset in the message of the byte at position @at; the end of the message for the end of the
 * view. */
gsize retour_view_origin(const RetourView *view, gsize at);
/* The byte at @at, NUL from the end on. */
char retour_view_byte(const RetourView *view, gsize at);
/* Where the line after the one at @at begins, @end at most. */
gsize retour_view_next_line(const RetourView *view, gsize at, gsize end);
/* The bytes from @from to @to: borrowed where they stand in one piece, else copied into @scratch.
 */
RetourSpan retour_view_span(const RetourView *view, gsize from, gsize to, GString *scratch);

/* Whether it shows the message's own bytes, or a run of them, and nothing else but the line end
 * that the last line lacked; @bytes are those. */
gboolean retour_view_is_whole(const RetourView *view, RetourSpan *bytes);

/* What GMime is shown: a seekable stream over @view, which must outlive its use. (transfer full) */
GMimeStream *retour_view_stream(const RetourView *view);
