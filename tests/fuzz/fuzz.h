/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/* What every target shares. A target reads @data, which stands in memory of exactly @size bytes,
 * and refuses whatever must not come of it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* Once, before the first input: what GLib calls critical is a finding too. */
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* Name of the input, where it has one. */
extern const char *fuzz_input;

/* A finding: says where and ends the process, so that the input is kept. */
void fuzz_refuse(const char *file, int line, const char *format, ...)
        G_GNUC_PRINTF(3, 4) G_GNUC_NORETURN;
#define fuzz_require(condition, ...)                                  \
	do {                                                          \
		if (!(condition))                                     \
			fuzz_refuse(__FILE__, __LINE__, __VA_ARGS__); \
	} while (0)

/* The input as the rooms behind mime get text: valid UTF-8 without NUL, in memory of exactly
 * @length bytes. (transfer full) */
char *fuzz_text(const uint8_t *data, size_t size, gsize *length);

/* Valid UTF-8 without NUL. */
gboolean fuzz_is_text(const char *text, gsize length);

/* The next number below @bound, taken off the front of the input; 0 when it is used up. */
guint fuzz_take(const uint8_t **data, size_t *size, guint bound);

/* A file in memory that holds @text, under a path that stays the same for the same @slot: for
 * readers that take a path. */
#define FUZZ_FILES 2
const char *fuzz_file(guint slot, const char *text, gsize length);
