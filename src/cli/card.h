/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/* Text for people: a title, and below it labels with their values, broken into lines. What a
 * terminal would obey is made visible. */
void retour_card_add_title(GString *card, const char *text);
/* Nothing where @text is NULL or empty. */
void retour_card_add(GString *card, const char *label, const char *text);
void retour_card_add_format(GString *card, const char *label, const char *format, ...)
        G_GNUC_PRINTF(3, 4);
