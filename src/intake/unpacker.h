/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>
#include <sys/types.h>

/* A program that unpacks, told by the first bytes of what is packed. */
typedef struct {
	const char *magic;
	gsize length; /* of magic, bytes */
	const char *program;
	int warns; /* exit status that tells of no loss; 0: none */
} RetourUnpacker;

/* NULL: it is not packed, or in no way that is known here. */
const RetourUnpacker *retour_unpacker_find(const char *bytes, gsize length);

/* The program at work. */
typedef struct {
	pid_t pid; /* 0: there is none */
	int to;    /* owned; a socket: packed bytes go in, and closing it ends them; -1 */
	int from;  /* owned; what comes out */
} RetourUnpacking;

/* FALSE with errno set. */
gboolean retour_unpacker_start(const RetourUnpacker *unpacker, RetourUnpacking *unpacking);
/* No more comes. */
void retour_unpacking_close_input(RetourUnpacking *unpacking);
/* After the end of what comes out: waits. NULL if all went well, else what is to be told to people.
 * (transfer full) */
char *retour_unpacker_end(const RetourUnpacker *unpacker, RetourUnpacking *unpacking);
/* Kills it if it is still at work. */
void retour_unpacking_clear(RetourUnpacking *unpacking);
