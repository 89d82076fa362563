/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "base/span.h"

/*
 * Where a message is let in. Line ends that GMime does not know (CR alone, CR CR LF) become LF, and
 * NULs spaces, each byte for one byte, so that offsets stay. @copy (owned by the caller) is NULL
 * where nothing had to be changed.
 */
typedef struct {
	RetourSpan bytes;
	char *copy;
	gsize begin;       /* of the header block, behind From_ lines, empty lines and junk */
	gboolean headless; /* there is no header block: all is body */
	gboolean cut;
} RetourDoor;

void retour_door_open(RetourDoor *door, RetourSpan bytes);
/* Finds begin and headless alone. */
void retour_door_find(RetourDoor *door, RetourSpan bytes);
void retour_door_close(RetourDoor *door);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RetourDoor, retour_door_close)
