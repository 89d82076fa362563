/* SPDX-License-Identifier: BSD-2-Clause */
#include "intake/intake.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "intake/contents.h"
#include "intake/folder.h"
#include "intake/stream.h"

struct RetourIntake {
	char **paths; /* owned */
	guint at;
	gboolean no_paths; /* standard input stands for them */
	RetourIntakeMode mode;
	RetourIntakeTrouble trouble;
	gpointer data;

	GPtrArray *
	        folders; /* owned; of RetourFolder: the one under way last, those above it before */
	GHashTable *entered; /* owned; set of directories: a link must not lead into one twice */

	RetourStream *list; /* owned; of further paths, or NULL */
	char separator;
	GString *listed; /* owned; the path last taken from it */

	RetourContents *contents; /* owned; the file that is under way, or NULL */
	char *path;               /* owned; of contents */
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
	intake->no_paths = !paths || !*paths;
	intake->mode = mode;
	intake->trouble = trouble;
	intake->data = data;
	intake->folders = g_ptr_array_new_with_free_func((GDestroyNotify)retour_folder_free);
	intake->entered = g_hash_table_new_full(hash_place, equal_places, g_free, NULL);
	intake->listed = g_string_new(NULL);
	return intake;
}

void
retour_intake_add_list(RetourIntake *intake, int fd, char separator)
{
	intake->list = retour_stream_new(fd);
	intake->separator = separator;
	intake->at = intake->no_paths ? 1 : 0;
}

static void
leave_file(RetourIntake *intake)
{
	g_clear_pointer(&intake->contents, retour_contents_free);
	g_clear_pointer(&intake->path, g_free);
}

void
retour_intake_free(RetourIntake *intake)
{
	leave_file(intake);
	retour_stream_free(intake->list);
	g_string_free(intake->listed, TRUE);
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

static gboolean
next_of_file(RetourIntake *intake, RetourIntakeItem *item)
{
	if (retour_contents_next(intake->contents, item))
		return TRUE;
	if (errno != 0)
		tell(intake, intake->path);
	leave_file(intake);
	return FALSE;
}

static gboolean
begin_file(RetourIntake *intake, const char *path, int fd, guint64 size, RetourIntakeItem *item)
{
	static const RetourContentsMode modes[] = {
		[RETOUR_INTAKE_AUTO] = RETOUR_CONTENTS_GUESS,
		[RETOUR_INTAKE_MESSAGE] = RETOUR_CONTENTS_WHOLE,
		[RETOUR_INTAKE_MBOX] = RETOUR_CONTENTS_SPLIT,
	};
	intake->contents = retour_contents_new(path, fd, size, modes[intake->mode]);
	intake->path = g_strdup(path);
	return next_of_file(intake, item);
}

static void
enter_folder(RetourIntake *intake, const char *path, const struct stat *status)
{
	const Place place = { status->st_dev, status->st_ino };
	if (!g_hash_table_add(intake->entered, g_memdup2(&place, sizeof place)))
		return;
	RetourFolder *folder = retour_folder_open(path, RETOUR_FOLDER_NAMES);
	if (folder)
		g_ptr_array_add(intake->folders, folder);
	else
		tell(intake, path);
}

static gboolean
give_whole(const char *path, const struct stat *status, RetourIntakeItem *item)
{
	*item = (RetourIntakeItem){
		.path = path, .name = path, .length = (guint64)status->st_size, .whole = TRUE
	};
	return TRUE;
}

/* A plain file: opened here only to see whether it is more than one mail. */
static gboolean
give_file(RetourIntake *intake, const char *path, const struct stat *status, gboolean named,
          RetourIntakeItem *item)
{
	char head[RETOUR_CONTENTS_HEAD];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 && named)
		tell(intake, path);
	/* One file of a folder that cannot be opened is a message that cannot be read: the worker
	 * says why. */
	if (fd < 0)
		return !named && errno != ENOENT && give_whole(path, status, item);
	gssize have = pread(fd, head, sizeof head, 0);
	if (intake->mode == RETOUR_INTAKE_MBOX ||
	    (have > 0 && retour_contents_is_manifold(head, (gsize)have)))
		return begin_file(intake, path, fd, (guint64)status->st_size, item);
	close(fd);
	return give_whole(path, status, item);
}

/* An entry of a directory; TRUE if it is a message. Others may take mail away meanwhile: what is
 * gone is passed over. */
static gboolean
open_entry(RetourIntake *intake, const char *path, RetourEntryType type, RetourIntakeItem *item)
{
	struct stat status;
	if (stat(path, &status) != 0) {
		if (errno != ENOENT && errno != ELOOP)
			tell(intake, path);
		return FALSE;
	}
	if (S_ISDIR(status.st_mode)) {
		if (type != RETOUR_ENTRY_MAIL)
			enter_folder(intake, path, &status);
		return FALSE;
	}
	if (!S_ISREG(status.st_mode) || type == RETOUR_ENTRY_FOLDER)
		return FALSE;
	gboolean whole = type == RETOUR_ENTRY_MAIL && intake->mode != RETOUR_INTAKE_MBOX;
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
		return begin_file(intake, path, fd, G_MAXUINT64, item);
	tell(intake, path);
	return FALSE;
}

/* One of a list is always the name of a file: "-" too. */
static gboolean
open_named(RetourIntake *intake, const char *path, gboolean listed, RetourIntakeItem *item)
{
	struct stat status;
	if (!listed && own_descriptor(path) >= 0)
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

/* The next path of the list; FALSE at its end. */
static gboolean
next_listed(RetourIntake *intake)
{
	gsize have;
	const char *text = retour_stream_look(intake->list, RETOUR_STREAM_LOOK, &have);
	if (!text || have == 0) {
		if (!text)
			tell(intake, "list of files");
		g_clear_pointer(&intake->list, retour_stream_free);
		return FALSE;
	}
	const char *end = memchr(text, intake->separator, have);
	gsize length = end ? (gsize)(end - text) : have;
	g_string_truncate(intake->listed, 0);
	g_string_append_len(intake->listed, text, (gssize)length);
	return retour_stream_skip(intake->list, length + (end != NULL));
}

/* Goes on in the list. TRUE if that gave a message. */
static gboolean
open_listed(RetourIntake *intake, RetourIntakeItem *item)
{
	return next_listed(intake) && intake->listed->len > 0 &&
	       open_named(intake, intake->listed->str, TRUE, item);
}

/* Goes on in the directory under way. TRUE if that gave a message. */
static gboolean
next_of_folder(RetourIntake *intake, RetourIntakeItem *item)
{
	RetourFolder *folder = g_ptr_array_index(intake->folders, intake->folders->len - 1);
	RetourEntryType type;
	const char *path = retour_folder_next(folder, &type);
	if (path)
		return open_entry(intake, path, type, item);
	if (errno != 0)
		tell(intake, retour_folder_get_path(folder));
	g_ptr_array_set_size(intake->folders, (gint)intake->folders->len - 1);
	return FALSE;
}

gboolean
retour_intake_next(RetourIntake *intake, RetourIntakeItem *item)
{
	for (;;) {
		gboolean found = FALSE;
		if (intake->contents)
			found = next_of_file(intake, item);
		else if (intake->folders->len > 0)
			found = next_of_folder(intake, item);
		else if (intake->paths[intake->at])
			found = open_named(intake, intake->paths[intake->at++], FALSE, item);
		else if (intake->list)
			found = open_listed(intake, item);
		else
			return FALSE;
		if (found)
			return TRUE;
	}
}

/* Each entry of a folder counts for the same, whatever is in it: an entry under way for so much of
 * its share as has been given of it. */
double
retour_intake_get_share(const RetourIntake *intake)
{
	if (intake->list)
		return 0;
	double share = intake->contents ? retour_contents_get_share(intake->contents) : 1;
	for (guint i = intake->folders->len; i-- > 0;) {
		double width, to;
		const RetourFolder *folder = g_ptr_array_index(intake->folders, i);
		retour_folder_get_share(folder, &to, &width);
		share = to - width * (1 - share);
	}
	guint n = g_strv_length(intake->paths);
	return n > 0 ? (intake->at - 1 + share) / n : 0;
}
