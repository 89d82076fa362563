/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Hostile mail read by a thread of 256 KB stack, as callers of the library may have. Prints how
 * much of it each mail took; a mail that takes all of it ends the program by a signal.
 */

#include <pthread.h>
#include <retour/retour.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cases.h"

#if defined(__SANITIZE_ADDRESS__)
/* Its frames are several times as large, and no mail is as long. */
#define STACK (1024u * 1024)
#define SIZE (4ul * 1024 * 1024)
#else
#define STACK (256u * 1024)
#define SIZE G_MAXSIZE
#endif

/* What nobody has written to holds this. */
#define UNUSED 0x5a

typedef struct {
	const GString *mail;
	gboolean one; /* there was one record, and it could be written */
} Job;

static void *
read_mail(void *data)
{
	Job *job = data;
	const RetourSource source = { .name = "mail", .size = job->mail->len };
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(RetourRecord) record = retour_record_read(job->mail->str, job->mail->len, NULL);
	g_autoptr(RetourRedaction) redaction = retour_redaction_new(RETOUR_REDACT_MASK, NULL);
	g_autoptr(RetourRecord) redacted = retour_redaction_apply(redaction, record);
	retour_format_append(RETOUR_FORMAT_JSON, &source, record, TRUE, out);
	retour_format_append(RETOUR_FORMAT_JSON, &source, redacted, TRUE, out);
	const char *end = memchr(out->str, '\n', out->len);
	job->one = end && memchr(end + 1, '\n', out->len - (gsize)(end + 1 - out->str)) ==
	                          out->str + out->len - 1;
	return NULL;
}

/* Bytes of the stack that were written to: it grows downwards. */
static gsize
count_used(const guint8 *stack)
{
	gsize at = 0;
	while (at < STACK && stack[at] == UNUSED)
		at++;
	return STACK - at;
}

/* On a stack of its own, below which there is a page that nobody may touch. */
static gboolean
read_on(guint8 *stack, Job *job)
{
	pthread_attr_t attributes;
	pthread_t thread;
	memset(stack, UNUSED, STACK);
	gboolean good = pthread_attr_init(&attributes) == 0 &&
	                pthread_attr_setstack(&attributes, stack, STACK) == 0 &&
	                pthread_create(&thread, &attributes, read_mail, job) == 0 &&
	                pthread_join(thread, NULL) == 0;
	pthread_attr_destroy(&attributes);
	return good && job->one;
}

int
main(void)
{
	gsize page = (gsize)sysconf(_SC_PAGESIZE);
	guint8 *memory = mmap(NULL, STACK + page, PROT_READ | PROT_WRITE,
	                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED || mprotect(memory, page, PROT_NONE) != 0) {
		perror("stack");
		return 1;
	}
	guint failed = 0;
	for (guint i = 0; i < n_hostile_cases; i++) {
		GString *mail = hostile_build(&hostile_cases[i], SIZE);
		Job job = { .mail = mail };
		printf("%-40s", hostile_cases[i].name);
		fflush(stdout);
		gboolean good = read_on(memory + page, &job);
		printf(" %4zu KB of %u%s\n", count_used(memory + page) / 1024, STACK / 1024,
		       good ? "" : ": no record");
		failed += !good;
		g_string_free(mail, TRUE);
	}
	munmap(memory, STACK + page);
	return failed ? 1 : 0;
}
