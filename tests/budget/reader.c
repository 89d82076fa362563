/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Reads messages and writes their records as JSON, for those who count what it costs: callgrind the
 * instructions in the function "measured", this program the allocations.
 *
 *   reader FILE...    prints the number of messages and of allocations
 */

#include <retour/retour.h>
#include <stdio.h>
#include <stdlib.h>

/* The C library's own; those below stand in their places for all the libraries too. */
#define EVERYWHERE __attribute__((visibility("default")))
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static guint64 allocations;

EVERYWHERE void *
malloc(size_t size)
{
	allocations++;
	return __libc_malloc(size);
}

EVERYWHERE void *
calloc(size_t n, size_t size)
{
	allocations++;
	return __libc_calloc(n, size);
}

EVERYWHERE void *
realloc(void *old, size_t size)
{
	allocations++;
	return __libc_realloc(old, size);
}

typedef struct {
	char *bytes; /* owned */
	gsize length;
} Message;

static void
read_message(const Message *message, GString *out)
{
	g_autoptr(RetourRecord) record = retour_record_read(message->bytes, message->length, NULL);
	RetourSource source = { .name = "message", .size = message->length };
	g_string_truncate(out, 0);
	retour_format_append(RETOUR_FORMAT_JSON, &source, record, FALSE, out);
}

void measured(const GArray *messages, GString *out);

__attribute__((noinline)) void
measured(const GArray *messages, GString *out)
{
	for (guint i = 0; i < messages->len; i++)
		read_message(&g_array_index(messages, Message, i), out);
}

int
main(int argc, char **argv)
{
	/* What is set up once in a process is no message's cost. */
	static char first[] = "From: MAILER-DAEMON@mx.example\nSubject: failure notice\n\n"
	                      "<u@domain.example>:\n550 5.1.1 User unknown\n";
	g_autoptr(GString) out = g_string_new(NULL);
	read_message(&(Message){ first, sizeof first - 1 }, out);

	g_autoptr(GArray) messages = g_array_new(FALSE, FALSE, sizeof(Message));
	for (int i = 1; i < argc; i++) {
		Message message;
		if (!g_file_get_contents(argv[i], &message.bytes, &message.length, NULL)) {
			fprintf(stderr, "%s: cannot be read\n", argv[i]);
			return 1;
		}
		g_array_append_val(messages, message);
	}
	guint64 before = allocations;
	measured(messages, out);
	printf("%u %" G_GUINT64_FORMAT "\n", messages->len, allocations - before);
	for (guint i = 0; i < messages->len; i++)
		g_free(g_array_index(messages, Message, i).bytes);
	return 0;
}
