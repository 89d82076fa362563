/* SPDX-License-Identifier: BSD-2-Clause */
#include "intake/folder.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

struct RetourFolder {
	GString *path; /* owned; of the directory, then of the entry last given */
	gsize path_length;
	gboolean maildir;
	GString *names; /* owned; of each entry the letter of its folder and its name, with NUL */
	GArray *order;  /* owned; of gsize: where they begin in names */
	guint at;
};

/* In the order in which entries of the same name are given. */
enum { OWN = '.', CUR = 'c', NEW = 'n' };

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
		if (entry->d_name[0] == '.')
			continue;
		gsize begin = folder->names->len;
		g_string_append_c(folder->names, letter);
		g_string_append_len(folder->names, entry->d_name,
		                    (gssize)strlen(entry->d_name) + 1);
		g_array_append_val(folder->order, begin);
	}
	int error = errno;
	closedir(dir);
	errno = error;
	return error == 0;
}

static gint
compare_names(gconstpointer a, gconstpointer b, gpointer names)
{
	const char *x = (const char *)names + *(const gsize *)a;
	const char *y = (const char *)names + *(const gsize *)b;
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
	gboolean whole = is_maildir(path);
	folder->maildir = whole || is_maildir_inside(path);
	gboolean read = whole ? read_names(folder, NEW) && read_names(folder, CUR)
	                      : read_names(folder, OWN);
	if (!read) {
		int error = errno;
		retour_folder_free(folder);
		errno = error;
		return NULL;
	}
	g_array_sort_with_data(folder->order, compare_names, folder->names->str);
	return folder;
}

const char *
retour_folder_next(RetourFolder *folder)
{
	if (folder->at == folder->order->len)
		return NULL;
	const char *entry = folder->names->str + g_array_index(folder->order, gsize, folder->at++);
	g_string_truncate(folder->path, folder->path_length);
	g_string_append(folder->path, name_of_folder(*entry));
	g_string_append(folder->path, entry + 1);
	return folder->path->str;
}

gboolean
retour_folder_is_maildir(const RetourFolder *folder)
{
	return folder->maildir;
}

void
retour_folder_free(RetourFolder *folder)
{
	g_string_free(folder->path, TRUE);
	g_string_free(folder->names, TRUE);
	g_array_unref(folder->order);
	g_free(folder);
}
