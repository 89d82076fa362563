/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/site.h"

#include <unistd.h>

#define SYSTEM_FOLDER "/etc/retour/rules.d"

static void
add_if_there(GPtrArray *folders, char *folder)
{
	if (access(folder, F_OK) == 0)
		g_ptr_array_add(folders, folder);
	else
		g_free(folder);
}

/* GLib would look the home up in the user database, which a delivery agent need not wait for. */
static char *
get_user_folder(void)
{
	const char *config = g_getenv("XDG_CONFIG_HOME"), *home = g_getenv("HOME");
	if (config && *config == '/')
		return g_build_filename(config, "retour", "rules.d", NULL);
	return home && *home == '/' ? g_build_filename(home, ".config", "retour", "rules.d", NULL)
	                            : NULL;
}

static gboolean
refuse_all(const RetourCliCommand *command, const char *faults)
{
	g_auto(GStrv) lines = g_strsplit(faults, "\n", -1);
	for (guint i = 0; lines[i]; i++)
		retour_cli_complain("%s", lines[i]);
	return retour_cli_refuse(command, "the rules of the site cannot be used");
}

gboolean
retour_cli_load_site(const RetourCliCommand *command, char **folders, RetourSite **site)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	char *user = get_user_folder();
	add_if_there(all, g_strdup(SYSTEM_FOLDER));
	if (user)
		add_if_there(all, user);
	for (char **folder = folders; folder && *folder; folder++)
		g_ptr_array_add(all, g_strdup(*folder));
	if (all->len == 0)
		return TRUE;
	g_ptr_array_add(all, NULL);
	*site = retour_site_load((const char *const *)all->pdata, &error);
	return *site || refuse_all(command, error->message);
}
