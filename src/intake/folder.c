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
	GString *names; /* owned; of each entry the letter of its folder and its name, with NUL */
	GArray *order;  /* owned; of gsize: where they begin in names */
	guint at;
	guint asked; /* so far the kernel has been asked for what comes */
	RetourAhead ahead;
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

/* Files that nmh, Mew, Sylpheed, Claws Mail and others lay into a folder. */
static gboolean
tells_mh(const char *name)
{
	static const char *const names[] = { ".mh_sequences", ".xmhcache",      ".mew_cache",
		                             ".mew-cache",    ".sylpheed_mark", ".sylpheed_cache",
		                             ".claws_mark",   ".claws_cache" };
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		if (strcmp(name, names[i]) == 0)
			return TRUE;
	}
	return FALSE;
}

static gboolean
is_number(const char *name)
{
	return *name && name[strspn(name, "0123456789")] == '\0';
}

static void
add_name(RetourFolder *folder, char letter, const char *name)
{
	gsize begin = folder->names->len;
	g_string_append_c(folder->names, letter);
	g_string_append_len(folder->names, name, (gssize)strlen(name) + 1);
	g_array_append_val(folder->order, begin);
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
		if (folder->form == PLAIN && tells_mh(entry->d_name))
			folder->form = MH;
		if (is_wanted(folder, letter, entry))
			add_name(folder, letter, entry->d_name);
	}
	int error = errno;
	closedir(dir);
	errno = error;
	return error == 0;
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
compare_names(gconstpointer a, gconstpointer b, gpointer data)
{
	const RetourFolder *folder = data;
	const char *x = folder->names->str + *(const gsize *)a;
	const char *y = folder->names->str + *(const gsize *)b;
	if (folder->form == MH)
		return compare_numbers(x + 1, y + 1);
	if ((*x == OWN) != (*y == OWN))
		return *x == OWN ? 1 : -1;
	int order = strcmp(x + 1, y + 1);
	return order != 0 ? order : *x - *y;
}

RetourFolder *
retour_folder_open(const char *path)
{
	RetourFolder *folder = g_new0(RetourFolder, 1);
	folder->path = g_string_new(path);
	if (!g_str_has_suffix(path, "/"))
		g_string_append_c(folder->path, '/');
	folder->path_length = folder->path->len;
	folder->names = g_string_new(NULL);
	folder->order = g_array_new(FALSE, FALSE, sizeof(gsize));
	folder->form = is_maildir(path)          ? MAILDIR
	               : is_maildir_inside(path) ? MAILDIR_INSIDE
	                                         : PLAIN;
	gboolean read =
	        folder->form != MAILDIR || (read_names(folder, NEW) && read_names(folder, CUR));
	if (!read || !read_names(folder, OWN)) {
		int error = errno;
		retour_folder_free(folder);
		errno = error;
		return NULL;
	}
	g_array_sort_with_data(folder->order, compare_names, folder);
	return folder;
}

/* The path of an entry within the folder. */
static const char *
get_entry(const RetourFolder *folder, guint index)
{
	return folder->names->str + g_array_index(folder->order, gsize, index);
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
	const guint end = MIN(folder->order->len, folder->at + RETOUR_AHEAD_FILES);
	for (; folder->asked < end; folder->asked++) {
		if (retour_ahead_wants(&folder->ahead))
			retour_ahead_ask(&folder->ahead,
			                 get_path(folder, get_entry(folder, folder->asked)));
	}
}

const char *
retour_folder_next(RetourFolder *folder, RetourEntryType *type)
{
	if (folder->at == folder->order->len)
		return NULL;
	ask_ahead(folder);
	const char *entry = get_entry(folder, folder->at++);
	*type = type_of(folder, entry);
	return get_path(folder, entry);
}

void
retour_folder_get_share(const RetourFolder *folder, double *done, double *each)
{
	guint n = folder->order->len;
	*done = n > 0 ? (double)folder->at / n : 1;
	*each = n > 0 && folder->at > 0 ? 1.0 / n : 0;
}

void
retour_folder_free(RetourFolder *folder)
{
	g_string_free(folder->path, TRUE);
	g_string_free(folder->names, TRUE);
	g_array_unref(folder->order);
	g_free(folder);
}
