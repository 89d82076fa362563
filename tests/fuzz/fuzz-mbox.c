/* SPDX-License-Identifier: BSD-2-Clause */

/* The splitter of mboxes, held equal to a simple one that has all bytes before it. */

#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "intake/from-line.h"
#include "intake/mbox.h"

/* The splitter looks at so many bytes at a time: what stands at the edge is found only in a longer
 * mbox. */
#define WINDOW (256 * 1024)

static gboolean
is_line_end(uint8_t c)
{
	return c == '\n' || c == '\r';
}

/* A From_ line behind an empty line. */
static gboolean
is_border(const GByteArray *mbox, gsize at)
{
	const uint8_t *data = mbox->data;
	if (at == 0 || !is_line_end(data[at - 1]))
		return FALSE;
	gsize before = at - (at > 1 && data[at - 1] == '\n' && data[at - 2] == '\r' ? 2 : 1);
	return (before == 0 || is_line_end(data[before - 1])) &&
	       retour_from_line_match((const char *)data + at, mbox->len - at) > 0;
}

/* Where the message's Content-Length leads to a From_ line or to the end; 0 if it does not. */
static gsize
told_end(const GByteArray *mbox, gsize at)
{
	const char *data = (const char *)mbox->data, *next;
	guint64 length = 0;
	gboolean told = FALSE;
	for (; (next = memchr(data + at, '\n', mbox->len - at)); at = (gsize)(next + 1 - data)) {
		g_autofree char *line = g_strndup(data + at, (gsize)(next - data) - at);
		gsize width = (gsize)(next - data) - at;
		const char *cr = memchr(data + at, '\r', width);
		if (width == 0 || (width == 1 && cr))
			break;
		if (cr && cr != next - 1)
			return 0;
		if (!told && width > 15 && g_ascii_strncasecmp(line, "content-length:", 15) == 0) {
			g_autofree char *value = g_strstrip(g_strndup(line + 15, 32));
			told = g_ascii_string_to_unsigned(value, 10, 0, G_MAXINT64 / 4, &length,
			                                  NULL);
		}
	}
	gsize end = next ? (gsize)(next + 1 - data) : 0;
	if (!told || !next || length > mbox->len - end)
		return 0;
	end += (gsize)length;
	for (gsize blank = 0; blank < 4 && end < mbox->len && is_line_end(mbox->data[end]); blank++)
		end++;
	return end == mbox->len || retour_from_line_match(data + end, mbox->len - end) > 0 ? end
	                                                                                   : 0;
}

static void
check_message(const GByteArray *mbox, const RetourMboxMessage *message, gsize begin, gsize keep,
              const GByteArray *bytes)
{
	gsize end = told_end(mbox, begin);
	for (gsize at = begin + 1; end == 0; at++)
		end = at == mbox->len || is_border(mbox, at) ? at : 0;
	fuzz_require(message->offset == begin && message->length == end - begin,
	             "a message from %" G_GUINT64_FORMAT ", %" G_GUINT64_FORMAT
	             " bytes; it stands from %zu to %zu",
	             message->offset, message->length, begin, end);
	fuzz_require(message->last == (end == mbox->len), "the last one at %zu of %u", end,
	             mbox->len);
	fuzz_require(bytes->len == MIN(keep, end - begin) &&
	                     memcmp(bytes->data, mbox->data + begin, bytes->len) == 0,
	             "%u bytes were kept of the message at %zu", bytes->len, begin);
}

/* One '>' is gone from the head of each quoted line and nothing else. */
static void
check_unquoted(GByteArray *bytes)
{
	g_autoptr(GByteArray) before = g_byte_array_new();
	g_byte_array_append(before, bytes->data, bytes->len);
	retour_mbox_unquote(bytes);
	gsize at = 0;
	for (gsize i = 0; i < before->len; i++) {
		gboolean head = i == 0 || is_line_end(before->data[i - 1]);
		gsize quotes = i;
		while (quotes < before->len && before->data[quotes] == '>')
			quotes++;
		gboolean quoted = head && quotes > i && before->len - quotes >= 5 &&
		                  memcmp(before->data + quotes, "From ", 5) == 0;
		if (quoted)
			continue;
		fuzz_require(at < bytes->len && bytes->data[at] == before->data[i], "byte %zu", i);
		at++;
	}
	fuzz_require(at == bytes->len, "%u bytes, not %zu", bytes->len, at);
}

static void
check_mbox(const GByteArray *mbox, gsize keep)
{
	int fd = memfd_create("mbox", MFD_CLOEXEC);
	fuzz_require(fd >= 0 && write(fd, mbox->data, mbox->len) == (gssize)mbox->len &&
	                     lseek(fd, 0, SEEK_SET) == 0,
	             "no file in memory");
	g_autoptr(RetourStream) stream = retour_stream_new(fd);
	g_autoptr(RetourMbox) reader = retour_mbox_new(stream, mbox->len, keep);
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	RetourMboxMessage message;
	gsize begin = 0;
	while (begin < mbox->len && is_line_end(mbox->data[begin]))
		begin++;
	for (gboolean first = TRUE; retour_mbox_next(reader, &message, bytes); first = FALSE) {
		fuzz_require(message.first == first, "the first one at %zu", begin);
		check_message(mbox, &message, begin, keep, bytes);
		check_unquoted(bytes);
		begin += message.length;
	}
	fuzz_require(begin == mbox->len, "%zu of %u bytes were given", begin, mbox->len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static GByteArray *mbox;
	if (!mbox)
		mbox = g_byte_array_sized_new(2 * WINDOW);
	gboolean brief = fuzz_take(&data, &size, 2) > 0;
	/* Some get a filling in their middle, so that their second half stands at the edge. */
	gboolean fill = fuzz_take(&data, &size, 8) == 1;
	guint back = fuzz_take(&data, &size, 256) * 5;
	guint half = (guint)(fill ? size / 2 : size);
	guint length = fill ? WINDOW - MIN(WINDOW, half + back) : 0;
	g_byte_array_set_size(mbox, half + length);
	if (half > 0)
		memcpy(mbox->data, data, half);
	if (length > 0)
		memset(mbox->data + half, 'x', length);
	g_byte_array_append(mbox, data + half, (guint)size - half);
	check_mbox(mbox, brief || fill ? 40 : G_MAXSIZE);
	return 0;
}
