/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "sample/masks.h"

/* Appends a line of text (UTF-8, or bytes whose ASCII is text) with placeholders for addresses,
 * hosts, IP addresses and names that are known, and filler for numbers and identifiers. */
void retour_words_append(RetourMasks *masks, RetourSpan line, GString *out);
/* The same, and filler for every word that servers do not use. */
void retour_words_append_few(RetourMasks *masks, RetourSpan line, GString *out);
/* The same but that the placeholders are of names whatever the words are: a display name. @own: a
 * mail system's, in which the words that servers use stay. */
void retour_words_append_names(RetourMasks *masks, RetourSpan phrase, gboolean own, GString *out);
/* A Received field: its own words stay. */
void retour_words_append_trace(RetourMasks *masks, RetourSpan line, GString *out);
/* The delimiter of a multipart: unchanged if it names nobody. */
void retour_words_append_boundary(RetourMasks *masks, RetourSpan boundary, GString *out);
