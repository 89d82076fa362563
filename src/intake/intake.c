/* SPDX-License-Identifier: BSD-2-Clause */
#include "intake/intake.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "intake/folder.h"
#include "intake/mbox.h"

/* One byte more than is read of a message, so that the reader sees that it was cut. */
#define KEEP (RETOUR_LIMIT_MESSAGE + 1)

struct RetourIntake {
	char **paths; /* owned */
	guint at;
	RetourIntakeMode mode;
	RetourIntakeTrouble trouble;
	gpointer data;

	GPtrArray *
	        folders; /* owned; of RetourFolder: the one under way last, those above it before */
	GHashTable *entered; /* owned; set of directories: a link must not lead into one twice */

	RetourMbox *mbox; /* owned; the file that is being split, or NULL */
	char *path;       /* owned; of mbox */
	gboolean piped;   /* mbox cannot be opened again: its bytes travel */
	guint64 index;    /* in mbox */

	GByteArray *read; /* owned; of a pipe */
	GBytes *bytes;    /* owned; what the last item points to */
};

typedef struct {
	dev_t device;
	ino_t inode;
} Place;

static guint
hash_place(gconstpointer place)
{
	return g_int64_hash(&(gint64){ (gint64)((const Place *)place)->inode });
}

static gboolean
equal_places(gconstpointer a, gconstpointer b)
{
	const Place *x = a, *y = b;
	return x->inode == y->inode && x->device == y->device;
}

RetourIntake *
retour_intake_new(const char *const *paths, RetourIntakeMode mode, RetourIntakeTrouble trouble,
                  gpointer data)
{
	static const char *const standard_input[] = { "-", NULL };
	RetourIntake *intake = g_new0(RetourIntake, 1);
	intake->paths = g_strdupv((char **)(paths && *paths ? paths : standard_input));
	intake->mode = mode;
	intake->trouble = trouble;
	intake->data = data;
	intake->folders = g_ptr_array_new_with_free_func((GDestroyNotify)retour_folder_free);
	intake->entered = g_hash_table_new_full(hash_place, equal_places, g_free, NULL);
	intake->read = g_byte_array_new();
	return intake;
}

static void
leave_file(RetourIntake *intake)
{
	g_clear_pointer(&intake->mbox, retour_mbox_free);
	g_clear_pointer(&intake->path, g_free);
	g_clear_pointer(&intake->bytes, g_bytes_unref);
}

void
retour_intake_free(RetourIntake *intake)
{
	leave_file(intake);
	g_byte_array_unref(intake->read);
	g_hash_table_unref(intake->entered);
	g_ptr_array_unref(intake->folders);
	g_strfreev(intake->paths);
	g_free(intake);
}

static void
tell(RetourIntake *intake, const char *path)
{
	if (intake->trouble)
		intake->trouble(path, errno, intake->data);
}

/* Takes what was read over into the item without a copy. */
static void
give_bytes(RetourIntake *intake, RetourIntakeItem *item)
{
	g_clear_pointer(&intake->bytes, g_bytes_unref);
	intake->bytes = g_byte_array_free_to_bytes(intake->read);
	intake->read = g_byte_array_new();
	item->path = NULL;
	item->bytes = intake->bytes;
}

static void
begin_file(RetourIntake *intake, const char *path, int fd, guint64 size, gboolean piped)
{
	intake->mbox = retour_mbox_new(fd, size, piped ? KEEP : 0);
	intake->path = g_strdup(path);
	intake->piped = piped;
	intake->index = 0;
}

static gboolean
next_of_file(RetourIntake *intake, RetourIntakeItem *item)
{
	RetourMboxMessage message;
	if (!retour_mbox_next(intake->mbox, &message, intake->piped ? intake->read : NULL)) {
		if (errno != 0)
			tell(intake, intake->path);
		leave_file(intake);
		return FALSE;
	}
	*item = (RetourIntakeItem){
		.path = intake->path,
		.name = intake->path,
		.index = intake->index++,
		.offset = message.offset,
		.length = message.length,
		/* A file with one From_ line only is one mail, whose lines nobody has quoted. */
		.mboxrd = intake->mode == RETOUR_INTAKE_MBOX || !message.first || !message.last,
	};
	if (intake->piped)
		give_bytes(intake, item);
	return TRUE;
}

static gboolean
give_pipe(RetourIntake *intake, const char *name, int fd, RetourIntakeItem *item)
{
	if (intake->mode == RETOUR_INTAKE_MBOX) {
		begin_file(intake, name, fd, G_MAXUINT64, TRUE);
		return next_of_file(intake, item);
	}
	gboolean read = retour_intake_drain(fd, KEEP, intake->read);
	if (!read)
		tell(intake, name);
	close(fd);
	if (!read)
		return FALSE;
	*item = (RetourIntakeItem){ .name = name, .length = intake->read->len };
	give_bytes(intake, item);
	return TRUE;
}

static void
enter_folder(RetourIntake *intake, const char *path, const struct stat *status)
{
	const Place place = { status->st_dev, status->st_ino };
	if (!g_hash_table_add(intake->entered, g_memdup2(&place, sizeof place)))
		return;
	RetourFolder *folder = retour_folder_open(path);
	if (folder)
		g_ptr_array_add(intake->folders, folder);
	else
		tell(intake, path);
}

static gboolean
begins_with_from(int fd)
{
	char word[5];
	return pread(fd, word, sizeof word, 0) == sizeof word && memcmp(word, "From ", 5) == 0;
}

static gboolean
give_whole(const char *path, const struct stat *status, RetourIntakeItem *item)
{
	*item = (RetourIntakeItem){ .path = path,
		                    .name = path,
		                    .length = (guint64)status->st_size };
	return TRUE;
}

/* A plain file: opened here only to see whether it is an mbox. */
static gboolean
give_file(RetourIntake *intake, const char *path, const struct stat *status, gboolean named,
          RetourIntakeItem *item)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 && named)
		tell(intake, path);
	/* One file of a folder that cannot be opened is a message that cannot be read: the worker
	 * says why. */
	if (fd < 0)
		return !named && errno != ENOENT && give_whole(path, status, item);
	if (intake->mode == RETOUR_INTAKE_MBOX ||
	    (intake->mode == RETOUR_INTAKE_AUTO && begins_with_from(fd))) {
		begin_file(intake, path, fd, (guint64)status->st_size, FALSE);
		return next_of_file(intake, item);
	}
	close(fd);
	return give_whole(path, status, item);
}

/* An entry of a directory; TRUE if it is a message. Others may take mail away meanwhile: what is
 * gone is passed over. */
static gboolean
open_entry(RetourIntake *intake, const char *path, gboolean maildir, RetourIntakeItem *item)
{
	struct stat status;
	if (stat(path, &status) != 0) {
		if (errno != ENOENT && errno != ELOOP)
			tell(intake, path);
		return FALSE;
	}
	if (S_ISDIR(status.st_mode)) {
		if (!maildir)
			enter_folder(intake, path, &status);
		return FALSE;
	}
	if (!S_ISREG(status.st_mode))
		return FALSE;
	gboolean whole = intake->mode == RETOUR_INTAKE_MESSAGE ||
	                 (intake->mode == RETOUR_INTAKE_AUTO && maildir);
	return whole ? give_whole(path, &status, item)
	             : give_file(intake, path, &status, FALSE, item);
}

/* The descriptor that such a path names; -1 for any other. No worker sees the same under that name,
 * and a FIFO that was opened anew would wait for another writer. */
static int
own_descriptor(const char *path)
{
	static const char *const folders[] = { "/dev/fd/", "/proc/self/fd/" };
	guint64 number;
	if (g_str_equal(path, "-") || g_str_equal(path, "/dev/stdin"))
		return STDIN_FILENO;
	for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
		if (g_str_has_prefix(path, folders[i]) &&
		    g_ascii_string_to_unsigned(path + strlen(folders[i]), 10, 0, G_MAXINT, &number,
		                               NULL))
			return (int)number;
	}
	return -1;
}

static gboolean
open_pipe(RetourIntake *intake, const char *path, RetourIntakeItem *item)
{
	int own = own_descriptor(path);
	int fd = own >= 0 ? fcntl(own, F_DUPFD_CLOEXEC, 3)
	                  : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd >= 0)
		return give_pipe(intake, path, fd, item);
	tell(intake, path);
	return FALSE;
}

static gboolean
open_named(RetourIntake *intake, const char *path, RetourIntakeItem *item)
{
	struct stat status;
	if (own_descriptor(path) >= 0)
		return open_pipe(intake, path, item);
	if (stat(path, &status) != 0) {
		tell(intake, path);
		return FALSE;
	}
	if (S_ISREG(status.st_mode))
		return give_file(intake, path, &status, TRUE, item);
	if (!S_ISDIR(status.st_mode))
		return open_pipe(intake, path, item);
	g_hash_table_remove_all(intake->entered);
	enter_folder(intake, path, &status);
	return FALSE;
}

/* Goes on in the directory under way. TRUE if that gave a message. */
static gboolean
next_of_folder(RetourIntake *intake, RetourIntakeItem *item)
{
	RetourFolder *folder = g_ptr_array_index(intake->folders, intake->folders->len - 1);
	const char *path = retour_folder_next(folder);
	if (path)
		return open_entry(intake, path, retour_folder_is_maildir(folder), item);
	g_ptr_array_set_size(intake->folders, (gint)intake->folders->len - 1);
	return FALSE;
}

gboolean
retour_intake_next(RetourIntake *intake, RetourIntakeItem *item)
{
	for (;;) {
		gboolean found = FALSE;
		if (intake->mbox)
			found = next_of_file(intake, item);
		else if (intake->folders->len > 0)
			found = next_of_folder(intake, item);
		else if (intake->paths[intake->at])
			found = open_named(intake, intake->paths[intake->at++], item);
		else
			return FALSE;
		if (found)
			return TRUE;
	}
}
