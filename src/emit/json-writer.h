/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/*
 * Writes JSON (RFC 8259) onto a GString. Commas come by themselves. What does not apply is absent:
 * a member whose value is NULL or "" is not written, nor is an object or array in which nothing was
 * written. The output is valid UTF-8 whatever the strings hold, and holds no control character but
 * the line ends that the caller writes.
 */

/* Where an object or array began. */
typedef struct {
	gsize start; /* length of the output before it */
	char close;
} RetourJsonScope;

/* @key is NULL for an element of an array. @open is '{' or '['. */
RetourJsonScope retour_json_begin(GString *out, const char *key, char open);
void retour_json_end(GString *out, RetourJsonScope scope);

/* A member of an object, or an element of an array where @key is NULL. @key is plain ASCII. */
void retour_json_add(GString *out, const char *key, const char *value);
/* Likewise, but "" is written too. */
void retour_json_add_any(GString *out, const char *key, const char *value);
void retour_json_add_number(GString *out, const char *key, guint64 value);
void retour_json_add_boolean(GString *out, const char *key, gboolean value);
/* RFC 3339, UTC; absent where @seconds is negative or lies beyond the year 9999. */
void retour_json_add_time(GString *out, const char *key, gint64 seconds);
/* A key that a mail brought: any bytes. */
void retour_json_add_foreign(GString *out, const char *key, const char *value);

/* The time as retour_json_add_time() writes it; NULL where it is absent. */
#define RETOUR_TIME_SIZE 24
const char *retour_time_format(gint64 seconds, char buffer[RETOUR_TIME_SIZE]);
