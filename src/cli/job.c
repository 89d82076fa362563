/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/job.h"

#include <string.h>

typedef struct {
	guint64 base, index, offset, length;
	gboolean whole, mboxrd;
	enum { PLACE, BYTES, ERROR } what; /* stands behind the name */
} Head;

void
retour_job_encode(const RetourIntakeItem *item, GString *job)
{
	const Head head = { .base = item->base,
		            .index = item->index,
		            .offset = item->offset,
		            .length = item->length,
		            .whole = item->whole,
		            .mboxrd = item->mboxrd,
		            .what = item->error   ? ERROR
		                    : item->bytes ? BYTES
		                                  : PLACE };
	const char *rest = item->error ? item->error : item->bytes ? NULL : item->path;
	g_string_truncate(job, 0);
	g_string_append_len(job, (const char *)&head, sizeof head);
	g_string_append_len(job, item->name, (gssize)strlen(item->name) + 1);
	if (rest)
		g_string_append_len(job, rest, (gssize)strlen(rest) + 1);
}

void
retour_job_decode(const char *job, gsize length, RetourIntakeItem *item)
{
	Head head;
	memcpy(&head, job, sizeof head);
	*item = (RetourIntakeItem){ .base = head.base,
		                    .index = head.index,
		                    .offset = head.offset,
		                    .length = head.length,
		                    .whole = head.whole,
		                    .mboxrd = head.mboxrd,
		                    .name = job + sizeof head };
	const char *rest = item->name + strlen(item->name) + 1;
	if (head.what == BYTES)
		item->bytes = g_bytes_new_static(rest, (gsize)(job + length - rest));
	else if (head.what == ERROR)
		item->error = rest;
	else
		item->path = rest;
}
