/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/* Appends the text that a reader of the HTML page sees: tags, comments, scripts and styles gone,
 * entities decoded, block elements and <br> as line ends, runs of white space as one space. @html
 * is valid UTF-8, so is what is appended. One pass, linear, for any bytes. A NUL-free text comes
 * out NUL-free. */
void retour_text_from_html(const char *html, gsize length, GString *out);
