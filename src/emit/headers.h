/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/format.h>

/* "X-Retour-Kind: bounce" and its kin, one line each and the lines of @line_end: the message's, the
 * worst recipient's, then one X-Retour-Further for each other recipient. Values are one line of
 * printable text whatever the mail held, so that no header can be smuggled in. */
void retour_headers_append(const RetourRecord *record, const char *line_end, GString *out);

/* RETOUR_KIND='bounce' RETOUR_CLASS='hard' …, one line a message for a shell, procmail or maildrop:
 * each value in single quotes, the line shorter than procmail's LINEBUF of 2,048 bytes. */
void retour_shell_append(const RetourRecord *record, GString *out);
