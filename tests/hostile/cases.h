/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/* Mail that is made to cost much, or to bring a reader down. The same bytes in every run. */
typedef struct {
	const char *name;
	/* A head, then pieces, then a tail. In a piece '#' stands for its number. */
	const char *head, *piece;
	guint n; /* pieces of the whole mail */
	const char *tail;
	void (*build)(GString *mail, gsize most); /* or built by this */
	const char *limits; /* what the record must name, separated by blanks; NULL: nothing */
} HostileCase;

extern const HostileCase hostile_cases[];
extern const guint n_hostile_cases;

/* The mail of a case; where it is large, with fewer pieces, so that it has about @most bytes. */
GString *hostile_build(const HostileCase *row, gsize most);
