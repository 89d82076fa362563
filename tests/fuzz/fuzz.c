/* SPDX-License-Identifier: BSD-2-Clause */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "text/charset.h"

const char *fuzz_input = "input";

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	g_log_set_always_fatal(G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
	return 0;
}

void
fuzz_refuse(const char *file, int line, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *message = g_strdup_vprintf(format, args);
	va_end(args);
	fprintf(stderr, "%s: refused at %s:%d: %s\n", fuzz_input, file, line, message);
	abort();
}

char *
fuzz_text(const uint8_t *data, size_t size, gsize *length)
{
	g_autoptr(GString) text = g_string_new(NULL);
	retour_text_repair((const char *)data, size, text);
	*length = text->len;
	return g_memdup2(text->str, text->len);
}

gboolean
fuzz_is_text(const char *text, gsize length)
{
	return length == 0 ||
	       (!memchr(text, '\0', length) && g_utf8_validate_len(text, length, NULL));
}

guint
fuzz_take(const uint8_t **data, size_t *size, guint bound)
{
	if (*size == 0)
		return 0;
	guint number = (*data)[0] % bound;
	++*data;
	--*size;
	return number;
}

const char *
fuzz_file(guint slot, const char *text, gsize length)
{
	static struct {
		int fd;
		char path[32];
	} files[FUZZ_FILES];
	if (files[slot].fd == 0) {
		files[slot].fd = memfd_create("fuzz", MFD_CLOEXEC);
		g_snprintf(files[slot].path, sizeof files[slot].path, "/proc/self/fd/%d",
		           files[slot].fd);
	}
	fuzz_require(ftruncate(files[slot].fd, 0) == 0 &&
	                     pwrite(files[slot].fd, text, length, 0) == (gssize)length,
	             "no file in memory");
	return files[slot].path;
}
