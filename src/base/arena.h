/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "base/span.h"

/* Memory that lives and dies together: what a message's reading leaves behind is laid into one
 * arena and freed at once. */
typedef struct RetourArena RetourArena;

RetourArena *retour_arena_new(void);
void retour_arena_free(RetourArena *arena); /* NULL is accepted */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetourArena, retour_arena_free)

/* Zeroed memory, aligned for any type, owned by @arena. */
gpointer retour_arena_alloc(RetourArena *arena, gsize size);
#define retour_arena_new0(arena, type) ((type *)retour_arena_alloc((arena), sizeof(type)))

/* A NUL-terminated copy, owned by @arena. NULs inside the span are kept. */
const char *retour_arena_strndup(RetourArena *arena, const char *text, gsize length);
const char *retour_arena_strdup(RetourArena *arena, const char *text); /* NULL gives NULL */
const char *retour_arena_span(RetourArena *arena, RetourSpan span);
