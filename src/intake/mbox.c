/* SPDX-License-Identifier: BSD-2-Clause */
#include "intake/mbox.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "intake/from-line.h"

#define WINDOW (256 * 1024)

/* An empty line with the end of the line before it: "\r\n\r\n" is the longest. */
#define LOOK_BEHIND 4

struct RetourMbox {
	int fd;       /* owned */
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
retour_mbox_new(int fd, guint64 size, gsize keep)
{
	RetourMbox *mbox = g_new(RetourMbox, 1);
	memset(mbox, 0, offsetof(RetourMbox, window));
	mbox->fd = fd;
	mbox->rest = size;
	mbox->keep = keep;
	return mbox;
}

void
retour_mbox_free(RetourMbox *mbox)
{
	if (!mbox)
		return;
	close(mbox->fd);
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
		gssize got = want > 0 ? read(mbox->fd, mbox->window + mbox->length, want) : 0;
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return FALSE;
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
	message->offset = mbox->base + mbox->at;
	mbox->kept_to = mbox->at;
	mbox->at++;
	if (!seek_border(mbox, bytes))
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
