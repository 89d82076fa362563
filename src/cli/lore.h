/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/* What the code database knows beside the meaning of a code. @code is "550", "X.1.1" for any
 * class, "4xx", "x5z". Each adds to @card; FALSE if there is nothing. */

/* The words of other sources, what they advise, and where they are overruled and why. */
gboolean retour_lore_add(const char *code, GString *card);
/* The commands that a reply may answer. */
void retour_lore_add_commands(const char *reply, GString *card);
/* The replies that may answer a command. */
gboolean retour_lore_add_replies(const char *command, GString *card);
