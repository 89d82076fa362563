/* SPDX-License-Identifier: BSD-2-Clause */
#include <gmime/gmime.h>

#include "mime/header.h"

/* The number in @n digits at @text; FALSE if they are none. */
static gboolean
read_digits(const char *text, guint n, guint *number)
{
	*number = 0;
	for (guint i = 0; i < n; i++) {
		if (!g_ascii_isdigit(text[i]))
			return FALSE;
		*number = *number * 10 + (guint)(text[i] - '0');
	}
	return TRUE;
}

/* Which of the names, three letters each, @text begins with, from 1 on; 0 if none. */
static guint
read_name(const char *text, const char *names)
{
	for (guint i = 0; names[i * 3] != '\0'; i++) {
		if (strncmp(text, names + i * 3, 3) == 0)
			return i + 1;
	}
	return 0;
}

/* Days from 1970-01-01 to a date of the Gregorian calendar; the year counted from March, so that
 * the leap day is its last. */
static gint64
days_to(guint year, guint month, guint day)
{
	gint64 y = (gint64)year - (month <= 2);
	gint64 days = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
	return 365 * y + y / 4 - y / 100 + y / 400 + days - 719468;
}

/* "Wed, 29 Apr 2010 23:45:10 +0900", as nearly every program writes it (RFC 5322 3.3). GMime reads
 * all that people write, and takes 50 times as long; it also gets the days that a month has not,
 * and leap days. */
static gboolean
read_usual(const char *text, gint64 *seconds)
{
	static const guint8 days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	guint day, year, hour, minute, second, zone_hours, zone_minutes;
	if (read_name(text, "MonTueWedThuFriSatSun") > 0 && text[3] == ',' && text[4] == ' ')
		text += 5;
	guint digits = g_ascii_isdigit(text[0]) && g_ascii_isdigit(text[1]) ? 2 : 1;
	if (!read_digits(text, digits, &day) || text[digits] != ' ')
		return FALSE;
	text += digits + 1;
	guint month = read_name(text, "JanFebMarAprMayJunJulAugSepOctNovDec");
	if (month == 0 || text[3] != ' ' || !read_digits(text + 4, 4, &year) || text[8] != ' ' ||
	    !read_digits(text + 9, 2, &hour) || text[11] != ':' ||
	    !read_digits(text + 12, 2, &minute) || text[14] != ':' ||
	    !read_digits(text + 15, 2, &second) || text[17] != ' ' ||
	    (text[18] != '+' && text[18] != '-') || !read_digits(text + 19, 2, &zone_hours) ||
	    !read_digits(text + 21, 2, &zone_minutes) || (text[23] != '\0' && text[23] != ' '))
		return FALSE;
	if (year < 1970 || year > 2100 || day < 1 || day > days[month - 1] || hour > 23 ||
	    minute > 59 || second > 59 || zone_hours > 14 || zone_minutes > 59)
		return FALSE;
	gint64 zone = (zone_hours * 60 + zone_minutes) * 60;
	gint64 local = days_to(year, month, day) * 86400 + (hour * 60 + minute) * 60 + second;
	*seconds = text[18] == '-' ? local + zone : local - zone;
	return TRUE;
}

gboolean
retour_date_parse(const char *text, gint64 *seconds)
{
	if (read_usual(text, seconds))
		return TRUE;
	retour_mime_init();
	g_autoptr(GDateTime) date = g_mime_utils_header_decode_date(text);
	if (!date)
		return FALSE;
	*seconds = g_date_time_to_unix(date);
	return TRUE;
}
