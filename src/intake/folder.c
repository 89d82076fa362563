/* SPDX-License-Identifier: BSD-2-Clause */
#include "intake/folder.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "intake/ahead.h"

/* In the order in which entries of the same name are given. */
enum { CUR = 'c', NEW = 'n', OWN = 'o' };

struct RetourFolder {
	GString *path; /* owned; of the directory, then of the entry last given */
	gsize path_length;
	enum { PLAIN, MAILDIR, MAILDIR_INSIDE, MH } form;
	GPtrArray *names; /* owned; of each entry the letter of its folder and its name, owned */
	guint most;       /* of them at once */
	char *last;       /* owned; all up to this one have been given; NULL: none */
	gboolean more;    /* there are others behind names */
	GString *entry;   /* owned; scratch */
	guint at;         /* in names */
	guint asked;      /* so far the kernel has been asked for what comes */
	RetourAhead ahead;
	guint found, total, given; /* entries: by the present reading, by the first, and so far */
};

static const char *
name_of_folder(char letter)
{
	return letter == CUR ? "cur/" : letter == NEW ? "new/" : "";
}

static gboolean
has_folder(const char *path, const char *name)
{
	g_autofree char *folder = g_build_filename(path, name, NULL);
	return g_file_test(folder, G_FILE_TEST_IS_DIR);
}

static gboolean
is_maildir(const char *path)
{
	return has_folder(path, "cur") && has_folder(path, "new") && has_folder(path, "tmp");
}

/* The new or cur of a Maildir, named by itself. */
static gboolean
is_maildir_inside(const char *path)
{
	g_autofree char *name = g_path_get_basename(path);
	if (!g_str_equal(name, "new") && !g_str_equal(name, "cur"))
		return FALSE;
	g_autofree char *outside = g_build_filename(path, "..", NULL);
	return is_maildir(outside);
}

/* By files that nmh, Mew, Sylpheed, Claws Mail and others lay into a folder. */
static gboolean
is_mh(const char *path)
{
	static const char *const names[] = { ".mh_sequences", ".xmhcache",      ".mew_cache",
		                             ".mew-cache",    ".sylpheed_mark", ".sylpheed_cache",
		                             ".claws_mark",   ".claws_cache" };
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *file = g_build_filename(path, names[i], NULL);
		if (g_file_test(file, G_FILE_TEST_EXISTS))
			return TRUE;
	}
	return FALSE;
}

static gboolean
is_number(const char *name)
{
	return *name && name[strspn(name, "0123456789")] == '\0';
}

static gint
compare_numbers(const char *x, const char *y)
{
	gboolean number = is_number(x);
	if (number != is_number(y))
		return number ? -1 : 1;
	gsize length = strlen(x), other = strlen(y);
	return number && length != other ? (length < other ? -1 : 1) : strcmp(x, y);
}

static gint
compare_entries(const RetourFolder *folder, const char *x, const char *y)
{
	if (folder->form == MH)
		return compare_numbers(x + 1, y + 1);
	if ((*x == OWN) != (*y == OWN))
		return *x == OWN ? 1 : -1;
	int order = strcmp(x + 1, y + 1);
	return order != 0 ? order : *x - *y;
}

static gint
ascending(gconstpointer a, gconstpointer b, gpointer folder)
{
	return compare_entries(folder, *(const char *const *)a, *(const char *const *)b);
}

static gint
descending(gconstpointer a, gconstpointer b, gpointer folder)
{
	return ascending(b, a, folder);
}

/* The first of the names is the greatest: puts another one in its place, and the greatest of them
 * all to the front again (a heap). */
static void
replace_greatest(RetourFolder *folder, char *entry)
{
	char **heap = (char **)folder->names->pdata;
	guint at = 0;
	g_free(heap[0]);
	for (guint child; (child = 2 * at + 1) < folder->names->len; at = child) {
		if (child + 1 < folder->names->len &&
		    compare_entries(folder, heap[child + 1], heap[child]) > 0)
			child++;
		if (compare_entries(folder, heap[child], entry) <= 0)
			break;
		heap[at] = heap[child];
	}
	heap[at] = entry;
}

/* Of those that have not been given only the first are kept: as many as there is room for. */
static void
take_name(RetourFolder *folder, char letter, const char *name)
{
	GPtrArray *names = folder->names;
	g_string_truncate(folder->entry, 0);
	g_string_append_c(folder->entry, letter);
	g_string_append(folder->entry, name);
	const char *entry = folder->entry->str;
	folder->found++;
	if (folder->last && compare_entries(folder, entry, folder->last) <= 0)
		return;
	if (names->len < folder->most) {
		g_ptr_array_add(names, g_strdup(entry));
		if (names->len == folder->most)
			g_ptr_array_sort_with_data(names, descending, folder);
		return;
	}
	folder->more = TRUE;
	if (compare_entries(folder, entry, names->pdata[0]) < 0)
		replace_greatest(folder, g_strdup(entry));
}

static gboolean
is_wanted(RetourFolder *folder, char letter, const struct dirent *entry)
{
	const char *name = entry->d_name;
	if (letter != OWN || folder->form != MAILDIR)
		return *name != '.';
	/* Of what stands beside new and cur only folders are of interest. */
	if (entry->d_type == DT_REG || strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
	    strcmp(name, "new") == 0 || strcmp(name, "cur") == 0 || strcmp(name, "tmp") == 0)
		return FALSE;
	g_autofree char *path = g_build_filename(folder->path->str, name, NULL);
	return is_maildir(path);
}

static gboolean
read_names(RetourFolder *folder, char letter)
{
	g_string_append(folder->path, name_of_folder(letter));
	DIR *dir = opendir(folder->path->str);
	g_string_truncate(folder->path, folder->path_length);
	if (!dir)
		return FALSE;
	const struct dirent *entry;
	while ((errno = 0, entry = readdir(dir))) {
		if (is_wanted(folder, letter, entry))
			take_name(folder, letter, entry->d_name);
	}
	int error = errno;
	closedir(dir);
	errno = error;
	return error == 0;
}

/* Reads the names behind the last one given. */
static gboolean
read_further(RetourFolder *folder)
{
	const gboolean maildir = folder->form == MAILDIR;
	g_string_truncate(folder->path, folder->path_length);
	g_ptr_array_set_size(folder->names, 0);
	folder->at = folder->asked = folder->found = 0;
	folder->more = FALSE;
	if ((maildir && !(read_names(folder, NEW) && read_names(folder, CUR))) ||
	    !read_names(folder, OWN)) {
		folder->more = FALSE;
		g_ptr_array_set_size(folder->names, 0);
		return FALSE;
	}
	g_ptr_array_sort_with_data(folder->names, ascending, folder);
	return TRUE;
}

RetourFolder *
retour_folder_open(const char *path, guint most)
{
	RetourFolder *folder = g_new0(RetourFolder, 1);
	folder->path = g_string_new(path);
	if (!g_str_has_suffix(path, "/"))
		g_string_append_c(folder->path, '/');
	folder->path_length = folder->path->len;
	folder->names = g_ptr_array_new_with_free_func(g_free);
	folder->most = most;
	folder->entry = g_string_new(NULL);
	folder->form = is_maildir(path)          ? MAILDIR
	               : is_maildir_inside(path) ? MAILDIR_INSIDE
	               : is_mh(path)             ? MH
	                                         : PLAIN;
	if (read_further(folder)) {
		folder->total = folder->found;
		return folder;
	}
	int error = errno;
	retour_folder_free(folder);
	errno = error;
	return NULL;
}

static RetourEntryType
type_of(const RetourFolder *folder, const char *entry)
{
	switch (folder->form) {
	case MAILDIR:
		return *entry == OWN ? RETOUR_ENTRY_FOLDER : RETOUR_ENTRY_MAIL;
	case MH:
		return is_number(entry + 1) ? RETOUR_ENTRY_MAIL : RETOUR_ENTRY_FOLDER;
	case MAILDIR_INSIDE:
		return RETOUR_ENTRY_MAIL;
	case PLAIN:
		break;
	}
	return RETOUR_ENTRY_ANY;
}

/* The path of an entry; of the folder until the next call. */
static const char *
get_path(RetourFolder *folder, const char *entry)
{
	g_string_truncate(folder->path, folder->path_length);
	g_string_append(folder->path, name_of_folder(*entry));
	g_string_append(folder->path, entry + 1);
	return folder->path->str;
}

static void
ask_ahead(RetourFolder *folder)
{
	const guint end = MIN(folder->names->len, folder->at + RETOUR_AHEAD_FILES);
	for (; folder->asked < end; folder->asked++) {
		if (retour_ahead_wants(&folder->ahead))
			retour_ahead_ask(&folder->ahead,
			                 get_path(folder, folder->names->pdata[folder->asked]));
	}
}

/* FALSE at the end, or with errno set. */
static gboolean
go_on(RetourFolder *folder)
{
	errno = 0;
	if (folder->at < folder->names->len)
		return TRUE;
	if (!folder->more)
		return FALSE;
	g_free(folder->last);
	folder->last = g_strdup(folder->names->pdata[folder->names->len - 1]);
	return read_further(folder) && folder->names->len > 0;
}

const char *
retour_folder_next(RetourFolder *folder, RetourEntryType *type)
{
	if (!go_on(folder))
		return NULL;
	ask_ahead(folder);
	const char *entry = folder->names->pdata[folder->at++];
	folder->given++;
	*type = type_of(folder, entry);
	return get_path(folder, entry);
}

const char *
retour_folder_get_path(RetourFolder *folder)
{
	g_string_truncate(folder->path, folder->path_length);
	return folder->path->str;
}

void
retour_folder_get_share(const RetourFolder *folder, double *done, double *each)
{
	guint n = MAX(folder->total, folder->given);
	*done = n > 0 ? (double)folder->given / n : 1;
	*each = n > 0 && folder->given > 0 ? 1.0 / n : 0;
}

void
retour_folder_free(RetourFolder *folder)
{
	g_string_free(folder->path, TRUE);
	g_string_free(folder->entry, TRUE);
	g_ptr_array_unref(folder->names);
	g_free(folder->last);
	g_free(folder);
}
