/* SPDX-License-Identifier: BSD-2-Clause */
#include "mime/view.h"

void
retour_view_init(RetourView *view)
{
	*view = (RetourView){
		.pieces = g_array_new(FALSE, FALSE, sizeof(RetourPiece)),
		.gaps = g_array_new(FALSE, FALSE, sizeof(RetourGap)),
	};
}

void
retour_view_clear(RetourView *view)
{
	g_clear_pointer(&view->pieces, g_array_unref);
	g_clear_pointer(&view->gaps, g_array_unref);
}

void
retour_view_append(RetourView *view, RetourSpan bytes, gsize origin, gboolean literal)
{
	if (bytes.length == 0)
		return;
	RetourPiece *last = view->pieces->len == 0 ? NULL
	                                           : &g_array_index(view->pieces, RetourPiece,
	                                                            view->pieces->len - 1);
	gboolean goes_on = last && !literal && !last->literal &&
	                   last->data + last->length == bytes.data &&
	                   last->origin + last->length == origin;
	if (goes_on) {
		last->length += bytes.length;
	} else {
		RetourPiece piece = { view->length, bytes.data, bytes.length, origin, literal };
		g_array_append_val(view->pieces, piece);
	}
	view->length += bytes.length;
}

static gsize
hidden_bytes(const RetourView *view)
{
	guint n = view->gaps->len;
	return n > 0 ? g_array_index(view->gaps, RetourGap, n - 1).hidden : 0;
}

void
retour_view_hide(RetourView *view, gsize from)
{
	gsize before = hidden_bytes(view);
	RetourGap gap = { from - before, before + view->length - from };
	g_array_append_val(view->gaps, gap);
}

/* Number of the gaps that lie before the byte that GMime sees at @seen. */
static guint
gaps_before(const RetourView *view, gsize seen)
{
	guint low = 0;
	guint high = view->gaps->len;
	while (low < high) {
		guint middle = low + (high - low) / 2;
		if (g_array_index(view->gaps, RetourGap, middle).at <= seen)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

gsize
retour_view_position(const RetourView *view, gsize seen)
{
	guint n = gaps_before(view, seen);
	return seen + (n > 0 ? g_array_index(view->gaps, RetourGap, n - 1).hidden : 0);
}

/* Index of the piece that holds @at; the last one for the end. There must be one. */
static guint
piece_at(const RetourView *view, gsize at)
{
	guint low = 0;
	guint high = view->pieces->len;
	while (high - low > 1) {
		guint middle = low + (high - low) / 2;
		if (g_array_index(view->pieces, RetourPiece, middle).at <= at)
			low = middle;
		else
			high = middle;
	}
	return low;
}

void
retour_view_append_view(RetourView *view, const RetourView *other, gsize from, gsize to)
{
	if (from >= to)
		return;
	for (guint i = piece_at(other, from); i < other->pieces->len && from < to; i++) {
		const RetourPiece *piece = &g_array_index(other->pieces, RetourPiece, i);
		gsize skip = from - piece->at;
		gsize length = MIN(piece->length - skip, to - from);
		retour_view_append(view, retour_span(piece->data + skip, length),
		                   piece->origin + (piece->literal ? 0 : skip), piece->literal);
		from += length;
	}
}

void
retour_view_end_line(RetourView *view)
{
	if (view->length == 0 || retour_view_byte(view, view->length - 1) == '\n')
		return;
	const RetourPiece *last = &g_array_index(view->pieces, RetourPiece, view->pieces->len - 1);
	const char *before = memrchr(last->data, '\n', last->length);
	gboolean crlf = before && before > last->data && before[-1] == '\r';
	RetourSpan line_end = crlf ? RETOUR_SPAN_LITERAL("\r\n") : RETOUR_SPAN_LITERAL("\n");
	retour_view_append(view, line_end, retour_view_origin(view, view->length), TRUE);
	view->tail = line_end.length;
}

gsize
retour_view_origin(const RetourView *view, gsize at)
{
	if (view->pieces->len == 0)
		return 0;
	const RetourPiece *piece = &g_array_index(view->pieces, RetourPiece, piece_at(view, at));
	return piece->origin + (piece->literal ? 0 : MIN(at - piece->at, piece->length));
}

char
retour_view_byte(const RetourView *view, gsize at)
{
	if (at >= view->length)
		return '\0';
	const RetourPiece *piece = &g_array_index(view->pieces, RetourPiece, piece_at(view, at));
	return piece->data[at - piece->at];
}

gsize
retour_view_next_line(const RetourView *view, gsize at, gsize end)
{
	if (at >= end)
		return end;
	for (guint i = piece_at(view, at); i < view->pieces->len && at < end; i++) {
		const RetourPiece *piece = &g_array_index(view->pieces, RetourPiece, i);
		gsize skip = at - piece->at;
		gsize length = MIN(piece->length - skip, end - at);
		const char *hit = memchr(piece->data + skip, '\n', length);
		if (hit)
			return piece->at + (gsize)(hit - piece->data) + 1;
		at += length;
	}
	return end;
}

RetourSpan
retour_view_span(const RetourView *view, gsize from, gsize to, GString *scratch)
{
	if (from >= to)
		return retour_span("", 0);
	guint first = piece_at(view, from);
	const RetourPiece *piece = &g_array_index(view->pieces, RetourPiece, first);
	gsize skip = from - piece->at;
	if (to - piece->at <= piece->length)
		return retour_span(piece->data + skip, to - from);
	g_string_truncate(scratch, 0);
	for (guint i = first; i < view->pieces->len && from < to; i++) {
		piece = &g_array_index(view->pieces, RetourPiece, i);
		skip = from - piece->at;
		gsize length = MIN(piece->length - skip, to - from);
		g_string_append_len(scratch, piece->data + skip, (gssize)length);
		from += length;
	}
	return retour_span(scratch->str, scratch->len);
}

gboolean
retour_view_is_whole(const RetourView *view, RetourSpan *bytes)
{
	if (view->pieces->len != (view->tail > 0 ? 2 : 1))
		return FALSE;
	const RetourPiece *first = &g_array_index(view->pieces, RetourPiece, 0);
	*bytes = retour_span(first->data, first->length);
	return TRUE;
}

/* The stream, in GMime's positions. GMime reads from it, seeks, and makes substreams of it; all of
 * them share the view.
 */
typedef struct {
	GMimeStream parent;
	const RetourView *view;
} ViewStream;

typedef struct {
	GMimeStreamClass parent;
} ViewStreamClass;

static GType view_stream_get_type(void);
G_DEFINE_TYPE(ViewStream, view_stream, GMIME_TYPE_STREAM)

static gsize
stream_end(GMimeStream *stream)
{
	const RetourView *view = ((ViewStream *)stream)->view;
	gsize end = view->length - hidden_bytes(view);
	return stream->bound_end >= 0 ? MIN((gsize)stream->bound_end, end) : end;
}

/* Copies what stands from @from to @to. */
static char *
copy(const RetourView *view, gsize from, gsize to, char *buffer)
{
	for (guint i = piece_at(view, from); i < view->pieces->len && from < to; i++) {
		const RetourPiece *piece = &g_array_index(view->pieces, RetourPiece, i);
		gsize skip = from - piece->at;
		gsize length = MIN(piece->length - skip, to - from);
		memcpy(buffer, piece->data + skip, length);
		buffer += length;
		from += length;
	}
	return buffer;
}

static ssize_t
view_stream_read(GMimeStream *stream, char *buffer, size_t size)
{
	const RetourView *view = ((ViewStream *)stream)->view;
	gsize seen = (gsize)stream->position;
	gsize end = stream_end(stream);
	if (seen >= end)
		return 0;
	end = MIN(end, seen + size);
	for (guint n = gaps_before(view, seen); seen < end; n++) {
		gsize next = n < view->gaps->len
		                     ? MIN(end, g_array_index(view->gaps, RetourGap, n).at)
		                     : end;
		gsize from = retour_view_position(view, seen);
		buffer = copy(view, from, from + (next - seen), buffer);
		seen = next;
	}
	gsize done = seen - (gsize)stream->position;
	stream->position = (gint64)seen;
	return (ssize_t)done;
}

static gboolean
view_stream_eos(GMimeStream *stream)
{
	return (gsize)stream->position >= stream_end(stream);
}

static int
view_stream_reset(GMimeStream *stream)
{
	stream->position = stream->bound_start;
	return 0;
}

static gint64
view_stream_seek(GMimeStream *stream, gint64 offset, GMimeSeekWhence whence)
{
	gint64 at = offset;
	if (whence == GMIME_STREAM_SEEK_CUR)
		at += stream->position;
	else if (whence == GMIME_STREAM_SEEK_END)
		at += (gint64)stream_end(stream);
	if (at < stream->bound_start || at > (gint64)stream_end(stream))
		return -1;
	return stream->position = at;
}

static gint64
view_stream_tell(GMimeStream *stream)
{
	return stream->position;
}

static gint64
view_stream_length(GMimeStream *stream)
{
	return (gint64)stream_end(stream) - stream->bound_start;
}

static GMimeStream *
stream_new(const RetourView *view, gint64 start, gint64 end)
{
	ViewStream *stream =
	        (gpointer)g_object_new_with_properties(view_stream_get_type(), 0, NULL, NULL);
	stream->view = view;
	g_mime_stream_construct(GMIME_STREAM(stream), start, end);
	return GMIME_STREAM(stream);
}

static GMimeStream *
view_stream_substream(GMimeStream *stream, gint64 start, gint64 end)
{
	return stream_new(((ViewStream *)stream)->view, start, end);
}

static void
view_stream_init(ViewStream *stream)
{
	stream->view = NULL;
}

static void
view_stream_class_init(ViewStreamClass *class)
{
	class->parent.read = view_stream_read;
	class->parent.eos = view_stream_eos;
	class->parent.reset = view_stream_reset;
	class->parent.seek = view_stream_seek;
	class->parent.tell = view_stream_tell;
	class->parent.length = view_stream_length;
	class->parent.substream = view_stream_substream;
}

GMimeStream *
retour_view_stream(const RetourView *view)
{
	return stream_new(view, 0, (gint64)(view->length - hidden_bytes(view)));
}
