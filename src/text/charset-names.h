/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/* What kind of bytes a charset allows: this decides how far its label is believed. */
typedef enum {
	RETOUR_CHARSET_ASCII, /* says nothing about bytes above 127; nor does an unknown label */
	RETOUR_CHARSET_UTF_8,
	RETOUR_CHARSET_UTF_7,
	RETOUR_CHARSET_ISO_2022, /* 7-bit with escapes: found by these, not by the label */
	RETOUR_CHARSET_SINGLE,   /* one byte, one character: nearly any bytes "convert" */
	RETOUR_CHARSET_MULTI,    /* wrong bytes show soon */
	RETOUR_CHARSET_WIDE,     /* UTF-16 and UTF-32: no superset of ASCII */
} RetourCharsetKind;

typedef struct {
	const char *name;      /* what retour_text_decode() returns */
	const char *converter; /* a better one for iconv than the name, or NULL */
	RetourCharsetKind kind;
	const char *keys; /* labels in small letters and digits alone, each between spaces */
} RetourCharset;

/* The charsets known. Only these reach iconv, so that a label in a mail cannot load any converter
 * module it likes. */
extern const RetourCharset retour_charsets[];
extern const guint retour_n_charsets;

/* By label, however it is written; a label with rubbish behind it counts too. NULL: unknown or not
 * said. */
const RetourCharset *retour_charset_lookup(const char *label);
