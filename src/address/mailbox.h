/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "base/span.h"

/* Pieces of a mailbox, shared by the files of this room. */

/* Bytes of one character that may stand in a local part without quotes (RFC 5321 atext and '.', RFC
 * 6531 letters), 0 if none may. */
gsize retour_local_character(RetourSpan text);

/* Bytes of the domain or the address literal at the start of @text, 0 if none. */
gsize retour_domain_match(RetourSpan text);

/* Bytes of the local part at the start of @text, up to the '@' or wherever else it ends; 0 if none.
 */
gsize retour_local_match(RetourSpan text);

/* Han, kana, Hangul and their punctuation: scripts written without blanks between words. */
gboolean retour_is_cjk(gunichar c);

/* The character at the start of @text, and its length: 0 at the end and where the bytes are no
 * UTF-8. */
gsize retour_character(RetourSpan text, gunichar *character);
