/* SPDX-License-Identifier: BSD-2-Clause */
#include "intake/contents.h"

#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "intake/mbox.h"
#include "intake/tar.h"

/* One byte more than is read of a message, so that the reader sees that it was cut. */
#define KEEP (RETOUR_LIMIT_MESSAGE + 1)

struct RetourContents {
	char *path; /* owned */
	guint64 size;
	RetourContentsMode mode;
	gboolean begun, ended;

	RetourStream *file;     /* owned */
	RetourStream *unpacked; /* owned; of file; NULL */
	RetourTar *tar;         /* owned; NULL */
	RetourStream *member;   /* owned; of a packed file in it; NULL */
	RetourMbox *mbox;       /* owned; under way; NULL */

	GString *name;  /* owned; of what is under way */
	guint64 base;   /* where that begins in the file */
	guint64 index;  /* in mbox */
	GBytes *bytes;  /* owned; what the last item points to */
	GString *fault; /* owned; likewise */
};

static gboolean
begins_with_from(const char *head, gsize length)
{
	return length >= 5 && memcmp(head, "From ", 5) == 0;
}

gboolean
retour_contents_is_manifold(const char *head, gsize length)
{
	return begins_with_from(head, length) || retour_stream_is_packed(head, length) ||
	       retour_tar_matches(head, length);
}

RetourContents *
retour_contents_new(const char *path, int fd, guint64 size, RetourContentsMode mode)
{
	RetourContents *contents = g_new0(RetourContents, 1);
	contents->path = g_strdup(path);
	contents->size = size;
	contents->mode = mode;
	contents->file = retour_stream_new(fd);
	contents->name = g_string_new(path);
	contents->fault = g_string_new(NULL);
	return contents;
}

/* In the order of who uses whom. */
static void
leave_member(RetourContents *contents)
{
	g_clear_pointer(&contents->mbox, retour_mbox_free);
	g_clear_pointer(&contents->member, retour_stream_free);
}

void
retour_contents_free(RetourContents *contents)
{
	if (!contents)
		return;
	leave_member(contents);
	g_clear_pointer(&contents->tar, retour_tar_free);
	g_clear_pointer(&contents->unpacked, retour_stream_free);
	retour_stream_free(contents->file);
	g_clear_pointer(&contents->bytes, g_bytes_unref);
	g_string_free(contents->name, TRUE);
	g_string_free(contents->fault, TRUE);
	g_free(contents->path);
	g_free(contents);
}

/* The bytes of the file, or what it holds. */
static RetourStream *
outer(const RetourContents *contents)
{
	return contents->unpacked ? contents->unpacked : contents->file;
}

/* Those of what is under way. */
static RetourStream *
inner(const RetourContents *contents)
{
	return contents->member ? contents->member : outer(contents);
}

/* A worker can read what is under way by itself. */
static gboolean
is_in_place(const RetourContents *contents)
{
	return contents->size != G_MAXUINT64 && inner(contents) == contents->file;
}

static gboolean
give_fault(RetourContents *contents, const char *fault, RetourIntakeItem *item)
{
	g_string_assign(contents->fault, fault);
	*item = (RetourIntakeItem){ .name = contents->name->str,
		                    .index = contents->index++,
		                    .error = contents->fault->str };
	return TRUE;
}

/* The name of the file again, once for all that goes wrong with it as a whole. */
static gboolean
give_last_fault(RetourContents *contents, const char *fault, RetourIntakeItem *item)
{
	contents->ended = TRUE;
	g_string_assign(contents->name, contents->path);
	return give_fault(contents, fault, item);
}

static void
travel(RetourContents *contents, GByteArray *array, RetourIntakeItem *item)
{
	g_clear_pointer(&contents->bytes, g_bytes_unref);
	contents->bytes = g_byte_array_free_to_bytes(array);
	item->path = NULL;
	item->bytes = contents->bytes;
}

/* TRUE if there was one. FALSE with errno as retour_contents_next() has it. */
static gboolean
next_of_mbox(RetourContents *contents, RetourIntakeItem *item)
{
	RetourMboxMessage message;
	gboolean in_place = is_in_place(contents);
	g_autoptr(GByteArray) bytes = in_place ? NULL : g_byte_array_new();
	if (!retour_mbox_next(contents->mbox, &message, bytes)) {
		g_clear_pointer(&contents->mbox, retour_mbox_free);
		return FALSE;
	}
	*item = (RetourIntakeItem){
		.path = contents->path,
		.name = contents->name->str,
		.base = contents->base,
		.index = contents->index++,
		.offset = message.offset,
		.length = message.length,
		/* A file with one From_ line only is one mail, whose lines nobody has quoted. */
		.mboxrd =
		        contents->mode == RETOUR_CONTENTS_SPLIT || !message.first || !message.last,
	};
	if (!in_place)
		travel(contents, g_steal_pointer(&bytes), item);
	return TRUE;
}

static gboolean
give_whole(RetourContents *contents, guint64 size, RetourIntakeItem *item)
{
	*item = (RetourIntakeItem){ .path = contents->path,
		                    .name = contents->name->str,
		                    .base = contents->base,
		                    .length = size };
	contents->index = 1;
	if (is_in_place(contents))
		return TRUE;
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	gboolean read = retour_stream_drain(inner(contents), size, KEEP, bytes);
	const char *fault = retour_stream_get_fault(inner(contents));
	if (!read && (!fault || bytes->len == 0))
		return FALSE;
	item->length = bytes->len;
	travel(contents, g_steal_pointer(&bytes), item);
	errno = 0;
	return TRUE;
}

/* Takes the next @size bytes of inner() for an mbox or for one mail. */
static gboolean
begin_bytes(RetourContents *contents, const char *head, gsize have, guint64 size, gboolean split,
            RetourIntakeItem *item)
{
	contents->index = 0;
	gboolean from = contents->mode == RETOUR_CONTENTS_GUESS && split &&
	                begins_with_from(head, (gsize)MIN(have, size));
	if (contents->mode != RETOUR_CONTENTS_SPLIT && !from)
		return give_whole(contents, size, item);
	contents->mbox = retour_mbox_new(inner(contents), size, KEEP);
	return next_of_mbox(contents, item);
}

/* What lies in the new or cur of a Maildir. */
static gboolean
is_maildir_mail(const char *name)
{
	const char *base = strrchr(name, '/');
	return base && base - name >= 3 && (base - name == 3 || base[-4] == '/') &&
	       (strncmp(base - 3, "new", 3) == 0 || strncmp(base - 3, "cur", 3) == 0);
}

static gboolean
begin_member(RetourContents *contents, RetourIntakeItem *item)
{
	const char *name = retour_tar_get_name(contents->tar);
	guint64 size = retour_tar_get_size(contents->tar);
	gsize have;
	g_string_printf(contents->name, "%s/%s", contents->path, name);
	contents->base = retour_stream_get_offset(outer(contents));
	const char *head = retour_stream_look(outer(contents), RETOUR_CONTENTS_HEAD, &have);
	if (!head)
		return FALSE;
	if (retour_stream_is_packed(head, (gsize)MIN(have, size))) {
		contents->member = retour_stream_new_unpacked(outer(contents), size);
		size = G_MAXUINT64;
		head = contents->member
		               ? retour_stream_look(contents->member, RETOUR_CONTENTS_HEAD, &have)
		               : NULL;
	}
	return head && begin_bytes(contents, head, have, size, !is_maildir_mail(name), item);
}

/* Names that begin with a dot are passed over, as in directories. */
static gboolean
is_hidden(const char *name)
{
	const char *base = strrchr(name, '/');
	return (base ? base[1] : *name) == '.';
}

static gboolean
next_member(RetourContents *contents, RetourIntakeItem *item)
{
	leave_member(contents);
	do {
		if (!retour_tar_next(contents->tar)) {
			g_clear_pointer(&contents->tar, retour_tar_free);
			return FALSE;
		}
	} while (is_hidden(retour_tar_get_name(contents->tar)));
	errno = 0;
	return begin_member(contents, item);
}

static gboolean
begin(RetourContents *contents, RetourIntakeItem *item)
{
	gsize have;
	contents->begun = TRUE;
	const char *head = retour_stream_look(contents->file, RETOUR_CONTENTS_HEAD, &have);
	if (head && retour_stream_is_packed(head, have)) {
		contents->unpacked = retour_stream_new_unpacked(contents->file, G_MAXUINT64);
		head = contents->unpacked
		               ? retour_stream_look(contents->unpacked, RETOUR_CONTENTS_HEAD, &have)
		               : NULL;
	}
	if (!head)
		return FALSE;
	if (retour_tar_matches(head, have)) {
		contents->tar = retour_tar_new(outer(contents));
		return next_member(contents, item);
	}
	/* A pipe is one mail, unless it is told to be an mbox. */
	gboolean pipe = contents->size == G_MAXUINT64;
	return begin_bytes(contents, head, have, contents->unpacked ? G_MAXUINT64 : contents->size,
	                   !pipe, item);
}

/* A packed file is damaged if anything is wrong up to its last byte. */
static gboolean
end(RetourContents *contents, RetourIntakeItem *item)
{
	contents->ended = TRUE;
	errno = 0;
	if (!contents->unpacked || (retour_stream_get_fault(contents->unpacked) == NULL &&
	                            retour_stream_skip(contents->unpacked, G_MAXUINT64)))
		return FALSE;
	const char *fault = retour_stream_get_fault(contents->unpacked);
	return give_last_fault(contents, fault ? fault : g_strerror(errno), item);
}

static gboolean
go_on(RetourContents *contents, RetourIntakeItem *item)
{
	return !contents->begun ? begin(contents, item)
	       : contents->mbox ? next_of_mbox(contents, item)
	       : contents->tar  ? next_member(contents, item)
	                        : end(contents, item);
}

/* One step; TRUE if it gave an item. */
static gboolean
step(RetourContents *contents, RetourIntakeItem *item)
{
	const RetourStream *member = contents->mbox ? NULL : contents->member;
	const char *fault = member ? retour_stream_get_fault(member) : NULL;
	if (fault) {
		give_fault(contents, fault, item);
		leave_member(contents);
		return TRUE;
	}
	if (go_on(contents, item))
		return TRUE;
	if (contents->ended)
		return FALSE;
	fault = retour_stream_get_fault(outer(contents));
	if (fault)
		return give_last_fault(contents, fault, item);
	if (errno == EBADMSG)
		return give_last_fault(contents, "the tar archive is damaged or cut short", item);
	/* What is wrong with the member is told next. */
	if (contents->member && retour_stream_get_fault(contents->member))
		errno = 0;
	contents->ended = errno != 0;
	return FALSE;
}

gboolean
retour_contents_next(RetourContents *contents, RetourIntakeItem *item)
{
	while (!contents->ended) {
		errno = 0;
		if (step(contents, item))
			return TRUE;
		if (errno != 0)
			return FALSE;
	}
	errno = 0;
	return FALSE;
}

double
retour_contents_get_share(const RetourContents *contents)
{
	guint64 read = retour_stream_get_offset(contents->file);
	return contents->size == G_MAXUINT64 || contents->size == 0
	               ? 0
	               : MIN(1.0, (double)read / (double)contents->size);
}
