/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/job.h"

#include <string.h>

typedef struct {
	guint64 index, offset, length;
	gboolean mboxrd, travels;
} Head;

void
retour_job_encode(const RetourIntakeItem *item, GString *job)
{
	const Head head = { item->index, item->offset, item->length, item->mboxrd,
		            item->bytes != NULL };
	g_string_truncate(job, 0);
	g_string_append_len(job, (const char *)&head, sizeof head);
	g_string_append_len(job, item->name, (gssize)strlen(item->name) + 1);
	if (item->path)
		g_string_append_len(job, item->path, (gssize)strlen(item->path) + 1);
}

void
retour_job_decode(const char *job, gsize length, RetourIntakeItem *item)
{
	Head head;
	memcpy(&head, job, sizeof head);
	*item = (RetourIntakeItem){ .index = head.index,
		                    .offset = head.offset,
		                    .length = head.length,
		                    .mboxrd = head.mboxrd,
		                    .name = job + sizeof head };
	const char *rest = item->name + strlen(item->name) + 1;
	if (head.travels)
		item->bytes = g_bytes_new_static(rest, (gsize)(job + length - rest));
	else
		item->path = rest;
}
