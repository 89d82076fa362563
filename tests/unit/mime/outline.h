/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "mime/part.h"

/* Appends "section type "text"; …" for @part and what is below it, in reading order. */
static inline void
outline_part(const RetourPart *part, GString *out)
{
	if (out->len > 0)
		g_string_append(out, "; ");
	g_string_append_printf(out, "%s %s", *part->section ? part->section : "-", part->type);
	if (part->text) {
		g_string_append_printf(out, " \"%s\"%s", part->text, part->text_cut ? "…" : "");
	}
	if (part->message)
		outline_part(part->message, out);
	for (guint i = 0; !part->message && i < part->n_children; i++)
		outline_part(part->children[i], out);
}

static inline char *
outline_tree(const RetourPartTree *tree)
{
	GString *out = g_string_new(NULL);
	outline_part(tree->root, out);
	return g_string_free(out, FALSE);
}

/* The limits of @tree, separated by blanks. */
static inline char *
outline_limits(const RetourPartTree *tree)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < tree->n_limits; i++)
		g_string_append_printf(out, "%s%s", i > 0 ? " " : "", tree->limits[i]);
	return g_string_free(out, FALSE);
}

/* @text with every @from replaced. */
static inline char *
outline_replace(const char *text, const char *from, const char *to)
{
	g_autoptr(GString) out = g_string_new(text);
	g_string_replace(out, from, to, 0);
	return g_string_free(g_steal_pointer(&out), FALSE);
}
