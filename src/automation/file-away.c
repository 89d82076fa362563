/* SPDX-License-Identifier: BSD-2-Clause */
#include "automation/file-away.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* "…/Maildir/new/1" gives "…/Maildir". */
static char *
maildir_of(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);
	return g_path_get_dirname(folder);
}

static gboolean
is_folder(const char *parent, const char *name)
{
	g_autofree char *path = g_build_filename(parent, name, NULL);
	return g_file_test(path, G_FILE_TEST_IS_DIR);
}

gboolean
retour_file_is_maildir_mail(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);
	g_autofree char *name = g_path_get_basename(folder);
	g_autofree char *maildir = maildir_of(path);
	return (strcmp(name, "new") == 0 || strcmp(name, "cur") == 0) &&
	       is_folder(maildir, "new") && is_folder(maildir, "cur");
}

/* The name of a mail in cur: flags are letters in the order of ASCII behind ":2,". */
static char *
seen_name(const char *path)
{
	g_autofree char *name = g_path_get_basename(path);
	char *flags = strstr(name, ":2,");
	if (!flags)
		return g_strconcat(name, ":2,S", NULL);
	if (strchr(flags + 3, 'S'))
		return g_steal_pointer(&name);
	gsize before = strcspn(flags + 3, "TUVWXYZabcdefghijklmnopqrstuvwxyz");
	return g_strdup_printf("%.*sS%s", (int)(flags + 3 - name + (gssize)before), name,
	                       flags + 3 + before);
}

char *
retour_file_get_place(const char *path, const char *target)
{
	g_autofree char *name = seen_name(path);
	g_autofree char *own = strcmp(target, "cur") == 0 ? maildir_of(path) : NULL;
	return g_build_filename(own ? own : target, "cur", name, NULL);
}

/* Some file systems cannot promise that nothing is written over; then it is looked for first. */
static gboolean
rename_to_free(const char *from, const char *to)
{
	struct stat status;
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return TRUE;
	if (errno != EINVAL && errno != ENOSYS)
		return FALSE;
	if (lstat(to, &status) == 0) {
		errno = EEXIST;
		return FALSE;
	}
	return rename(from, to) == 0;
}

RetourFiled
retour_file_away(const char *path, const char *place)
{
	if (strcmp(path, place) == 0 || rename_to_free(path, place))
		return RETOUR_FILED;
	int cause = errno;
	if (cause == ENOENT && access(path, F_OK) != 0 && errno == ENOENT)
		return RETOUR_FILED_BY_ANOTHER;
	errno = cause;
	return RETOUR_FILED_NOT;
}

gboolean
retour_file_make_target(const char *target)
{
	static const char *const parts[] = { "tmp", "new", "cur" };
	for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
		g_autofree char *path = g_build_filename(target, parts[i], NULL);
		if (g_mkdir_with_parents(path, 0700) != 0)
			return FALSE;
	}
	return TRUE;
}
