/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/* The character that an HTML entity's name ("eacute") stands for, 0 if there is no such name. */
gunichar retour_entity_lookup(const char *name, gsize length);
