/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Replays a corpus without a fuzzer: every file named, and every file below every folder named, is
 * one input, and the empty input is another.
 */

#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

static guint
replay(const char *path)
{
	g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
	guint n = 0;
	for (const char *name; folder && (name = g_dir_read_name(folder));) {
		g_autofree char *below = g_build_filename(path, name, NULL);
		n += replay(below);
	}
	if (folder)
		return n;
	g_autofree char *bytes = NULL;
	gsize length;
	if (!g_file_get_contents(path, &bytes, &length, NULL)) {
		fprintf(stderr, "%s: cannot be read\n", path);
		exit(1);
	}
	/* Not one byte more, so that a sanitizer sees who reads it. */
	g_autofree uint8_t *exact = g_memdup2(bytes, length);
	fuzz_input = path;
	LLVMFuzzerTestOneInput(exact, length);
	return 1;
}

int
main(int argc, char **argv)
{
	LLVMFuzzerInitialize(&argc, &argv);
	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	guint n = 0;
	for (int i = 1; i < argc; i++)
		n += replay(argv[i]);
	printf("%u inputs\n", n);
	return n == 0;
}
