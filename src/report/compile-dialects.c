/* SPDX-License-Identifier: BSD-2-Clause */

/* Host tool: dialects.conf to dialects-text.h. "retour-dialects-compile DIALECTS.conf OUT.h" */

#include <stdio.h>

#include "base/table.h"

static void
write_text(FILE *out, const char *text, gsize length)
{
	fputs("/* Made from dialects.conf by retour-dialects-compile. */\n#pragma once\n\n", out);
	fputs("static const char retour_dialects_text[] =\n\t\"", out);
	for (gsize i = 0; i < length; i++) {
		if (text[i] == '\n')
			fputs("\\n\"\n\t\"", out);
		else if (text[i] == '"' || text[i] == '\\')
			fprintf(out, "\\%c", text[i]);
		else if ((guchar)text[i] < ' ' || (guchar)text[i] > '~')
			fprintf(out, "\\%03o", (guchar)text[i]);
		else
			fputc(text[i], out);
	}
	fputs("\";\n", out);
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	gsize length;
	if (argc != 3) {
		fprintf(stderr, "usage: retour-dialects-compile DIALECTS.conf OUT.h\n");
		return 64;
	}
	g_autoptr(RetourBlocks) blocks = retour_blocks_read(argv[1], NULL, &error);
	if (!blocks || !g_file_get_contents(argv[1], &text, &length, &error)) {
		fprintf(stderr, "%s\n", error->message);
		return 1;
	}
	FILE *out = fopen(argv[2], "w");
	if (!out) {
		perror(argv[2]);
		return 1;
	}
	write_text(out, text, length);
	if (fclose(out) != 0) {
		perror(argv[2]);
		return 1;
	}
	return 0;
}
