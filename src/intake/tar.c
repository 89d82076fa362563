/* SPDX-License-Identifier: BSD-2-Clause */
#include "intake/tar.h"

#include <errno.h>
#include <string.h>

/* An extended header, or a name in one: longer ones are passed over. Bytes. */
#define EXTENDED_MAX (64u * 1024)

/* POSIX.1-2017 pax, "ustar Interchange Format"; old archives have zeros from magic on. */
typedef struct {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100];
	char magic[6], version[2], user[32], group[32], major[8], minor[8], prefix[155], fill[12];
} Header;

G_STATIC_ASSERT(sizeof(Header) == RETOUR_TAR_BLOCK);

struct RetourTar {
	RetourStream *stream; /* of the caller */
	guint64 next;         /* where the next header is */
	GString *name;        /* owned */
	guint64 size;

	char *long_name;  /* owned; of an extended header, for the next file */
	gint64 long_size; /* likewise; -1: none */
};

/* Octal digits between blanks, or as GNU has it for what they cannot hold: the first bit and a
 * number in base 256. */
static guint64
read_number(const char *field, gsize length)
{
	guint64 number = 0;
	gsize i = 0;
	if ((guchar)field[0] & 0x80) {
		for (i = length - MIN(length, 8); i < length; i++)
			number = number << 8 | (guchar)field[i];
		return number;
	}
	while (i < length && field[i] == ' ')
		i++;
	for (; i < length && field[i] >= '0' && field[i] <= '7'; i++)
		number = number << 3 | (guint64)(field[i] - '0');
	return number;
}

gboolean
retour_tar_matches(const char *bytes, gsize length)
{
	if (length < RETOUR_TAR_BLOCK || !*bytes)
		return FALSE;
	const Header *header = (const Header *)bytes;
	const gsize from = offsetof(Header, checksum), to = from + sizeof header->checksum;
	guint64 sum = 0;
	for (gsize i = 0; i < RETOUR_TAR_BLOCK; i++)
		sum += i >= from && i < to ? ' ' : (guchar)bytes[i];
	return read_number(header->checksum, sizeof header->checksum) == sum;
}

RetourTar *
retour_tar_new(RetourStream *stream)
{
	RetourTar *tar = g_new0(RetourTar, 1);
	tar->stream = stream;
	tar->next = retour_stream_get_offset(stream);
	tar->name = g_string_new(NULL);
	tar->long_size = -1;
	return tar;
}

void
retour_tar_free(RetourTar *tar)
{
	if (!tar)
		return;
	g_string_free(tar->name, TRUE);
	g_free(tar->long_name);
	g_free(tar);
}

/* The bytes of an extended header, with a NUL behind them; NULL with errno set. */
static char *
read_extended(RetourTar *tar, gsize size)
{
	g_autofree char *text = g_malloc(size + 1);
	gsize have = 0;
	while (have < size) {
		gssize got = retour_stream_read(tar->stream, text + have, size - have);
		if (got <= 0) {
			errno = got == 0 ? EBADMSG : errno;
			return NULL;
		}
		have += (gsize)got;
	}
	text[size] = '\0';
	return g_steal_pointer(&text);
}

static void
take_record(RetourTar *tar, const char *text)
{
	if (g_str_has_prefix(text, "path=")) {
		g_free(tar->long_name);
		tar->long_name = g_strdup(text + strlen("path="));
	} else if (g_str_has_prefix(text, "size=")) {
		guint64 size = g_ascii_strtoull(text + strlen("size="), NULL, 10);
		tar->long_size = (gint64)MIN(size, G_MAXINT64);
	}
}

/* "26 path=a/long/name\n": the number counts all of it. */
static void
take_records(RetourTar *tar, char *text, gsize size)
{
	while (size > 0) {
		char *end;
		guint64 length = g_ascii_strtoull(text, &end, 10);
		if (length == 0 || length > size || *end != ' ' || end - text >= (gssize)length)
			return;
		text[length - 1] = '\0';
		take_record(tar, end + 1);
		text += length;
		size -= (gsize)length;
	}
}

static gboolean
take_extended(RetourTar *tar, char type, guint64 size)
{
	if (size > EXTENDED_MAX)
		return TRUE;
	char *text = read_extended(tar, (gsize)size);
	if (!text)
		return FALSE;
	if (type == 'x') {
		take_records(tar, text, (gsize)size);
		g_free(text);
	} else {
		g_free(tar->long_name);
		tar->long_name = text;
	}
	return TRUE;
}

static void
append_field(GString *out, const char *field, gsize length)
{
	g_string_append_len(out, field, (gssize)strnlen(field, length));
}

static void
take_name(RetourTar *tar, const Header *header)
{
	g_string_truncate(tar->name, 0);
	if (tar->long_name) {
		g_string_append(tar->name, tar->long_name);
		return;
	}
	/* GNU keeps times there, and says so by a blank behind "ustar". */
	if (memcmp(header->magic, "ustar", 6) == 0 && *header->prefix) {
		append_field(tar->name, header->prefix, sizeof header->prefix);
		g_string_append_c(tar->name, '/');
	}
	append_field(tar->name, header->name, sizeof header->name);
}

static gboolean
is_file(const RetourTar *tar, const Header *header)
{
	gboolean regular = header->type == '0' || header->type == '\0' || header->type == '7';
	/* V7 knows no type of a directory. */
	return regular && tar->name->len > 0 && tar->name->str[tar->name->len - 1] != '/';
}

/* The last file is there up to its end: one can pass over more than a file has. */
static gboolean
is_whole(const RetourTar *tar)
{
	char last;
	return retour_stream_get_offset(tar->stream) == tar->next &&
	       retour_stream_read_at(tar->stream, tar->next - 1, &last, 1) != 0;
}

/* The header at tar->next; FALSE at the end or with errno set. */
static gboolean
read_header(RetourTar *tar, Header *header)
{
	gsize have;
	errno = 0;
	if (!retour_stream_skip(tar->stream, tar->next - retour_stream_get_offset(tar->stream)))
		return FALSE;
	const char *block = retour_stream_look(tar->stream, RETOUR_TAR_BLOCK, &have);
	if (!block)
		return FALSE;
	/* A block of zeros ends it, which some leave out. */
	if (have == 0 ? is_whole(tar) : have >= RETOUR_TAR_BLOCK && !*block) {
		errno = 0;
		return FALSE;
	}
	if (!retour_tar_matches(block, have)) {
		errno = EBADMSG;
		return FALSE;
	}
	memcpy(header, block, sizeof *header);
	return retour_stream_skip(tar->stream, RETOUR_TAR_BLOCK);
}

gboolean
retour_tar_next(RetourTar *tar)
{
	Header header;
	while (read_header(tar, &header)) {
		gboolean extended = header.type == 'x' || header.type == 'L';
		guint64 size = read_number(header.size, sizeof header.size);
		if (!extended && tar->long_size >= 0)
			size = (guint64)tar->long_size;
		if (size > G_MAXINT64 / 2) {
			errno = EBADMSG;
			return FALSE;
		}
		tar->next = retour_stream_get_offset(tar->stream) +
		            (size + RETOUR_TAR_BLOCK - 1) / RETOUR_TAR_BLOCK * RETOUR_TAR_BLOCK;
		tar->size = size;
		if (extended) {
			if (!take_extended(tar, header.type, size))
				return FALSE;
			continue;
		}
		take_name(tar, &header);
		g_clear_pointer(&tar->long_name, g_free);
		tar->long_size = -1;
		if (is_file(tar, &header))
			return TRUE;
	}
	return FALSE;
}

const char *
retour_tar_get_name(const RetourTar *tar)
{
	return tar->name->str;
}

guint64
retour_tar_get_size(const RetourTar *tar)
{
	return tar->size;
}
