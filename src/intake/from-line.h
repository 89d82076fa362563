/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/* A longer line is no From_ line: an address of 320 bytes, a date, and room for "remote from"
 * tails. Bytes. */
#define RETOUR_FROM_LINE_MAX 1024

/*
 * The line that stands before each message of an mbox (RFC 4155, "From_" to tell it from the header
 * From:).
 *
 * Recognises one at the very start of @text: "From ", a sender, then an asctime() date: weekday,
 * month, day, hh:mm with or without seconds, year. A zone may stand before the year (Gmail's
 * export) or anything behind it ("remote from" of UUCP,
 * "+0200"). Returns its length without the line end, 0 if it is none. @text holds the whole line,
 * or RETOUR_FROM_LINE_MAX bytes of it.
 */
gsize retour_from_line_match(const char *text, gsize length);
