/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/* Moving a mail out of the way once it has been dealt with. The rename is the claim: of two who try
 * it one finds nothing. No mail is ever written over, and none is deleted. */
typedef enum {
	RETOUR_FILED,
	RETOUR_FILED_BY_ANOTHER, /* it is not there any more */
	RETOUR_FILED_NOT,        /* errno tells why */
} RetourFiled;

/* @path is a mail in new or cur of a Maildir. */
gboolean retour_file_is_maildir_mail(const char *path);
/* Where it goes: "cur" of its own Maildir, or of the Maildir @target, with the flag S (seen).
 * (transfer full) */
char *retour_file_get_place(const char *path, const char *target);
RetourFiled retour_file_away(const char *path, const char *place);
/* Makes the Maildir @target where it is not there. FALSE with errno set. */
gboolean retour_file_make_target(const char *target);
