/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/arena.h"

#include <stddef.h>

/* Large enough for the strings of an ordinary message in one block. */
#define RETOUR_ARENA_BLOCK (8 * 1024)

typedef struct Block {
	struct Block *next;
	gsize used, size;
	max_align_t data[];
} Block;

struct RetourArena {
	Block *blocks;
};

/* Blocks of the ordinary size are kept for the next message: freed and taken again for each one,
 * they make the C library consolidate its free lists, which slows every other allocation down by a
 * tenth. */
#define RETOUR_ARENA_SPARE 8

typedef struct {
	Block *blocks;
	guint n;
} Spare;

static _Thread_local Spare spare;

static void
spare_free(gpointer data)
{
	Spare *of_thread = data;
	for (Block *block = of_thread->blocks, *next; block; block = next) {
		next = block->next;
		g_free(block);
	}
	*of_thread = (Spare){ 0 };
}

/* Frees the blocks when the thread ends. */
static GPrivate spare_owner = G_PRIVATE_INIT(spare_free);

static Block *
block_new(gsize room)
{
	Block *block = room == RETOUR_ARENA_BLOCK ? spare.blocks : NULL;
	if (block) {
		spare.blocks = block->next;
		spare.n--;
	} else {
		block = g_malloc(sizeof(Block) + room);
	}
	*block = (Block){ .size = room };
	return block;
}

static void
block_free(Block *block)
{
	if (block->size != RETOUR_ARENA_BLOCK || spare.n >= RETOUR_ARENA_SPARE) {
		g_free(block);
		return;
	}
	if (!spare.blocks)
		g_private_set(&spare_owner, &spare);
	block->next = spare.blocks;
	spare.blocks = block;
	spare.n++;
}

RetourArena *
retour_arena_new(void)
{
	return g_new0(RetourArena, 1);
}

void
retour_arena_free(RetourArena *arena)
{
	if (!arena)
		return;
	for (Block *block = arena->blocks, *next; block; block = next) {
		next = block->next;
		block_free(block);
	}
	g_free(arena);
}

gpointer
retour_arena_alloc(RetourArena *arena, gsize size)
{
	gsize step = sizeof(max_align_t);
	size = (size + step - 1) / step * step;
	Block *block = arena->blocks;
	if (!block || block->size - block->used < size) {
		gsize room = MAX(size, RETOUR_ARENA_BLOCK);
		Block *fresh = block_new(room);
		fresh->next = block;
		/* A block made for one large piece goes behind the current one, whose free room
		 * stays in use. */
		if (block && size > RETOUR_ARENA_BLOCK / 4) {
			fresh->next = block->next;
			block->next = fresh;
		} else {
			arena->blocks = fresh;
		}
		block = fresh;
	}
	gpointer piece = (char *)block->data + block->used;
	block->used += size;
	return memset(piece, 0, size);
}

const char *
retour_arena_strndup(RetourArena *arena, const char *text, gsize length)
{
	char *copy = retour_arena_alloc(arena, length + 1);
	if (length > 0)
		memcpy(copy, text, length);
	return copy;
}

const char *
retour_arena_strdup(RetourArena *arena, const char *text)
{
	return text ? retour_arena_strndup(arena, text, strlen(text)) : NULL;
}

const char *
retour_arena_span(RetourArena *arena, RetourSpan span)
{
	return retour_arena_strndup(arena, span.data, span.length);
}
