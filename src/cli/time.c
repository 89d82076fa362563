/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/time.h"

#include <string.h>

gboolean
retour_time_parse(const char *text, gint64 *time)
{
	if (*text == '@')
		return g_ascii_string_to_signed(text + 1, 10, 0,
		                                G_MAXINT32 * G_GINT64_CONSTANT(100), time, NULL);
	g_autofree char *whole =
	        strlen(text) == 10 ? g_strconcat(text, "T00:00:00Z", NULL) : g_strdup(text);
	g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
	g_autoptr(GDateTime) date = g_date_time_new_from_iso8601(whole, utc);
	if (date)
		*time = g_date_time_to_unix(date);
	return date != NULL;
}
