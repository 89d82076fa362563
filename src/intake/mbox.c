/* SPDX-License-Identifier: BSD-2-Clause */
#include "intake/mbox.h"

#include <errno.h>
#include <string.h>

#include "intake/from-line.h"

#define WINDOW (256 * 1024)

/* An empty line with the end of the line before it: "\r\n\r\n" is the longest. */
#define LOOK_BEHIND 4

struct RetourMbox {
	RetourStream *stream; /* of the caller */
	guint64 start;        /* where it stood */
	guint64 size;
	guint64 rest; /* bytes not yet read, at most */
	gsize keep;

	guint64 base;  /* offset of the window's first byte */
	gsize length;  /* of the window */
	gsize at;      /* in the window: everything before is settled */
	gsize kept_to; /* in the window: everything before is laid into @bytes if it is kept */
	gboolean begun, ended;
	char window[WINDOW];
};

RetourMbox *
retour_mbox_new(RetourStream *stream, guint64 size, gsize keep)
{
	RetourMbox *mbox = g_new(RetourMbox, 1);
	memset(mbox, 0, offsetof(RetourMbox, window));
	mbox->stream = stream;
	mbox->start = retour_stream_get_offset(stream);
	mbox->size = mbox->rest = size;
	mbox->keep = keep;
	return mbox;
}

void
retour_mbox_free(RetourMbox *mbox)
{
	g_free(mbox);
}

static void
keep_to(RetourMbox *mbox, gsize to, GByteArray *bytes)
{
	if (bytes && to > mbox->kept_to && bytes->len < mbox->keep) {
		gsize length = MIN(to - mbox->kept_to, mbox->keep - bytes->len);
		g_byte_array_append(bytes, (const guint8 *)mbox->window + mbox->kept_to,
		                    (guint)length);
	}
	mbox->kept_to = MAX(mbox->kept_to, to);
}

/* Moves the window on, so that it begins just before what is not yet settled, and fills it. */
static gboolean
fill(RetourMbox *mbox, GByteArray *bytes)
{
	gsize drop = mbox->at > LOOK_BEHIND ? mbox->at - LOOK_BEHIND : 0;
	keep_to(mbox, drop, bytes);
	memmove(mbox->window, mbox->window + drop, mbox->length - drop);
	mbox->base += drop;
	mbox->length -= drop;
	mbox->at -= drop;
	mbox->kept_to -= drop;
	while (mbox->length < WINDOW && !mbox->ended) {
		gsize want = (gsize)MIN(WINDOW - mbox->length, mbox->rest);
		gssize got = want > 0 ? retour_stream_read(mbox->stream,
		                                           mbox->window + mbox->length, want)
		                      : 0;
		if (got < 0 && !retour_stream_get_fault(mbox->stream))
			return FALSE;
		got = MAX(got, 0);
		mbox->ended = got == 0;
		mbox->length += (gsize)got;
		mbox->rest -= (guint64)got;
	}
	return TRUE;
}

/* The line before @at is empty: @at follows two line ends. */
static gboolean
follows_empty_line(const RetourMbox *mbox, gsize at)
{
	const char *text = mbox->window;
	if (at == 0 || (text[at - 1] != '\n' && text[at - 1] != '\r'))
		return FALSE;
	at -= at > 1 && text[at - 1] == '\n' && text[at - 2] == '\r' ? 2 : 1;
	/* The mbox itself may begin with the empty line. */
	if (at == 0)
		return mbox->base == 0;
	return text[at - 1] == '\n' || text[at - 1] == '\r';
}

static gboolean
is_border(const RetourMbox *mbox, gsize at)
{
	return follows_empty_line(mbox, at) &&
	       retour_from_line_match(mbox->window + at, mbox->length - at) > 0;
}

/* An F is rare in mail: memchr() for it is five times as fast as memmem() for the word. */
static const char *
find_from(const char *text, gsize length)
{
	const char *const end = text + length;
	while (end - text >= 5 && (text = memchr(text, 'F', (gsize)(end - text) - 4))) {
		if (memcmp(text, "From ", 5) == 0)
			return text;
		text++;
	}
	return NULL;
}

/* The value of a header line "Content-Length: 123"; FALSE for any other. */
static gboolean
read_content_length(const char *line, gsize length, guint64 *value)
{
	static const char name[] = "Content-Length:";
	const gsize skip = sizeof name - 1;
	if (length <= skip || g_ascii_strncasecmp(line, name, skip) != 0)
		return FALSE;
	g_autofree char *digits = g_strstrip(g_strndup(line + skip, MIN(length - skip, 32)));
	return g_ascii_string_to_unsigned(digits, 10, 0, G_MAXINT64 / 4, value, NULL);
}

/* Where the message at @at ends by its own account, in the window or behind it; 0: it gives none.
 */
static guint64
find_told_end(const RetourMbox *mbox, gsize at)
{
	const char *line = mbox->window + at, *const end = mbox->window + mbox->length, *next;
	guint64 length = 0;
	gboolean told = FALSE;
	for (; (next = memchr(line, '\n', (gsize)(end - line))); line = next + 1) {
		gsize width = (gsize)(next - line);
		const char *cr = memchr(line, '\r', width);
		if (width == 0 || (width == 1 && cr))
			return told ? (guint64)(next + 1 - mbox->window) + length : 0;
		/* A line that ends in CR alone: no header of a message may be looked for in the
		 * next one. */
		if (cr && cr != next - 1)
			return 0;
		told = told ||
		       (g_ascii_toupper(*line) == 'C' && read_content_length(line, width, &length));
	}
	return 0;
}

/* What stands at @at of the window or behind it, of a file; fewer bytes at the end of the mbox, -1
 * where that cannot be seen. */
static gssize
look_at(const RetourMbox *mbox, guint64 at, char *bytes, gsize size)
{
	if (at <= mbox->length && (mbox->ended || mbox->length - at >= size)) {
		gsize have = (gsize)MIN(mbox->length - at, size);
		memcpy(bytes, mbox->window + at, have);
		return (gssize)have;
	}
	guint64 place = mbox->base + at;
	if (mbox->ended || place > mbox->size)
		return -1;
	return retour_stream_read_at(mbox->stream, mbox->start + place, bytes,
	                             (gsize)MIN(size, mbox->size - place));
}

/* Where the From_ line is to which the message's Content-Length leads, or the end of the mbox; 0 if
 * it leads to neither. Of what comes through a pipe it is believed within the window. */
static guint64
find_trusted_end(const RetourMbox *mbox, gsize at)
{
	char text[RETOUR_FROM_LINE_MAX + LOOK_BEHIND];
	guint64 end = find_told_end(mbox, at);
	gssize have = end > 0 ? look_at(mbox, end, text, sizeof text) : -1;
	if (have < 0 || (have == 0 && !mbox->ended && mbox->size == G_MAXUINT64))
		return 0;
	/* Some count the empty line in front of the border, and some do not. */
	gsize blank = 0;
	while (blank < (gsize)have && blank < LOOK_BEHIND &&
	       (text[blank] == '\n' || text[blank] == '\r'))
		blank++;
	gsize rest = (gsize)have - blank;
	return rest == 0 || retour_from_line_match(text + blank, rest) > 0 ? end + blank : 0;
}

/* Goes on to @end, of which is known that it is there. */
static gboolean
go_to(RetourMbox *mbox, guint64 end, GByteArray *bytes)
{
	end += mbox->base;
	while (end - mbox->base >= mbox->length && !mbox->ended) {
		mbox->at = mbox->length;
		if (!fill(mbox, bytes))
			return FALSE;
	}
	mbox->at = (gsize)MIN(end - mbox->base, mbox->length);
	return TRUE;
}

/* Goes on to the next border, or to the end. FALSE where reading fails. */
static gboolean
seek_border(RetourMbox *mbox, GByteArray *bytes)
{
	for (;;) {
		gsize rest = mbox->length - mbox->at;
		if (rest < RETOUR_FROM_LINE_MAX && !mbox->ended) {
			if (!fill(mbox, bytes))
				return FALSE;
			continue;
		}
		const char *hit = find_from(mbox->window + mbox->at, rest);
		if (!hit) {
			/* Four bytes may be the beginning of the word. */
			mbox->at = mbox->ended ? mbox->length : mbox->length - 4;
			if (mbox->ended)
				return TRUE;
			continue;
		}
		mbox->at = (gsize)(hit - mbox->window);
		if (mbox->length - mbox->at < RETOUR_FROM_LINE_MAX && !mbox->ended)
			continue;
		if (is_border(mbox, mbox->at))
			return TRUE;
		mbox->at++;
	}
}

/* Empty lines before the first message are nobody's. */
static gboolean
begin(RetourMbox *mbox)
{
	mbox->begun = TRUE;
	if (!fill(mbox, NULL))
		return FALSE;
	while (mbox->at < mbox->length &&
	       (mbox->window[mbox->at] == '\n' || mbox->window[mbox->at] == '\r'))
		mbox->at++;
	return TRUE;
}

gboolean
retour_mbox_next(RetourMbox *mbox, RetourMboxMessage *message, GByteArray *bytes)
{
	message->first = !mbox->begun;
	if (!mbox->begun && !begin(mbox))
		return FALSE;
	errno = 0;
	if (mbox->ended && mbox->at == mbox->length)
		return FALSE;
	if (bytes)
		g_byte_array_set_size(bytes, 0);
	/* Its headers, and what they may lead to, are to stand in the window. */
	if (mbox->at > WINDOW / 2 && !mbox->ended && !fill(mbox, NULL))
		return FALSE;
	message->offset = mbox->base + mbox->at;
	mbox->kept_to = mbox->at;
	guint64 end = find_trusted_end(mbox, mbox->at);
	mbox->at++;
	if (end > 0 ? !go_to(mbox, end, bytes) : !seek_border(mbox, bytes))
		return FALSE;
	keep_to(mbox, mbox->at, bytes);
	message->length = mbox->base + mbox->at - message->offset;
	message->last = mbox->ended && mbox->at == mbox->length;
	return TRUE;
}

static gboolean
is_quoted_from(const char *line, const char *end)
{
	const char *p = line;
	while (p < end && *p == '>')
		p++;
	return p > line && end - p >= 5 && memcmp(p, "From ", 5) == 0;
}

void
retour_mbox_unquote(GByteArray *bytes)
{
	if (bytes->len == 0 || !memmem(bytes->data, bytes->len, ">From ", 6))
		return;
	char *read = (char *)bytes->data, *write = read;
	const char *const end = read + bytes->len;
	while (read < end) {
		read += is_quoted_from(read, end);
		gsize run = 0;
		while (read + run < end && read[run] != '\n' && read[run] != '\r')
			run++;
		run += read + run < end;
		memmove(write, read, run);
		write += run;
		read += run;
	}
	g_byte_array_set_size(bytes, (guint)(write - (char *)bytes->data));
}
