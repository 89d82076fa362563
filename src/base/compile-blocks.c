/* SPDX-License-Identifier: BSD-2-Clause */

/* Host tool: a file of blocks as the text of a header. "retour-blocks-compile BLOCKS.conf OUT.h
 * NAME" */

#include <stdio.h>

#include "base/table.h"

static void
append_text(GString *out, const char *text)
{
	for (; *text; text++) {
		guchar c = (guchar)*text;
		if (c == '\n') /* a blank makes the next line one of the same value */
			g_string_append(out, "\\n ");
		else if (c == '"' || c == '\\')
			g_string_append_printf(out, "\\%c", c);
		else if (c < ' ' || c > '~' || c == '?')
			g_string_append_printf(out, "\\%03o", c);
		else
			g_string_append_c(out, (char)c);
	}
}

/* Without the comments: a field to a line, as it was read. */
static void
append_block(GString *out, const RetourBlock *block)
{
	for (guint i = 0; i < block->n_fields; i++) {
		g_string_append(out, "\t\"");
		append_text(out, block->fields[i].name);
		g_string_append(out, ": ");
		append_text(out, block->fields[i].value);
		g_string_append(out, "\\n\"\n");
	}
	g_string_append(out, "\t\"\\n\"\n");
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	if (argc != 4) {
		fprintf(stderr, "usage: %s BLOCKS.conf OUT.h NAME\n", argv[0]);
		return 64;
	}
	g_autoptr(RetourBlocks) blocks = retour_blocks_read(argv[1], NULL, &error);
	g_autoptr(GString) out =
	        g_string_new("/* Made from a file of blocks. */\n#pragma once\n\n");
	g_string_append_printf(out, "static const char %s[] =\n", argv[3]);
	for (guint i = 0; blocks && i < retour_blocks_get_size(blocks); i++)
		append_block(out, retour_blocks_get_block(blocks, i));
	g_string_append(out, "\t\"\";\n");
	if (!blocks || !g_file_set_contents(argv[2], out->str, (gssize)out->len, &error)) {
		fprintf(stderr, "%s\n", error->message);
		return 1;
	}
	return 0;
}
