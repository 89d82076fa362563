/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/tally.h"

#include <string.h>

#define KINDS (RETOUR_KIND_UNREADABLE + 1)
#define CLASSES (RETOUR_CLASS_HARD + 1)

struct RetourTally {
	guint64 messages, recipients;
	guint64 kinds[KINDS];
	guint64 classes[CLASSES];
	guint64 *reasons; /* owned; by index */
};

typedef struct {
	guint16 kind, n_recipients;
} Head;

typedef struct {
	guint16 klass, reason; /* index of the reason; that behind the last for none */
} Entry;

RetourTally *
retour_tally_new(void)
{
	RetourTally *tally = g_new0(RetourTally, 1);
	tally->reasons = g_new0(guint64, retour_reason_get_count() + 1);
	return tally;
}

void
retour_tally_free(RetourTally *tally)
{
	g_free(tally->reasons);
	g_free(tally);
}

static guint16
index_of_reason(const RetourReason *reason)
{
	guint16 i = 0;
	while (i < retour_reason_get_count() && retour_reason_get(i) != reason)
		i++;
	return i;
}

void
retour_tally_append(const RetourRecord *record, GString *out)
{
	guint n = record->report ? record->report->n_recipients : 0;
	const Head head = { (guint16)record->kind, (guint16)n };
	g_string_append_len(out, (const char *)&head, sizeof head);
	for (guint i = 0; i < head.n_recipients; i++) {
		const RetourVerdict *verdict = &record->verdicts[i];
		const Entry entry = { (guint16)verdict->klass, index_of_reason(verdict->reason) };
		g_string_append_len(out, (const char *)&entry, sizeof entry);
	}
}

gsize
retour_tally_take(RetourTally *tally, const char *bytes, gsize length)
{
	Head head;
	if (length < sizeof head)
		return length;
	memcpy(&head, bytes, sizeof head);
	gsize span = sizeof head + head.n_recipients * sizeof(Entry);
	if (!tally || span > length)
		return MIN(span, length);
	tally->messages++;
	tally->kinds[MIN(head.kind, KINDS - 1)]++;
	tally->recipients += head.n_recipients;
	for (const char *at = bytes + sizeof head; at < bytes + span; at += sizeof(Entry)) {
		Entry entry;
		memcpy(&entry, at, sizeof entry);
		tally->classes[MIN(entry.klass, CLASSES - 1)]++;
		tally->reasons[MIN(entry.reason, retour_reason_get_count())]++;
	}
	return span;
}

guint64
retour_tally_get_messages(const RetourTally *tally)
{
	return tally->messages;
}

static void
print_line(FILE *out, const char *name, guint64 count)
{
	if (count > 0)
		fprintf(out, "  %-26s %10" G_GUINT64_FORMAT "\n", name, count);
}

void
retour_tally_print(const RetourTally *tally, FILE *out)
{
	fprintf(out, "%-28s %10" G_GUINT64_FORMAT "\n", "messages", tally->messages);
	for (guint i = KINDS; i-- > 0;)
		print_line(out, retour_kind_to_string((RetourKind)i), tally->kinds[i]);
	fprintf(out, "%-28s %10" G_GUINT64_FORMAT "\n", "recipients", tally->recipients);
	for (guint i = CLASSES; i-- > 0;)
		print_line(out, retour_class_to_string((RetourClass)i), tally->classes[i]);
	if (tally->recipients > 0)
		fputs("reasons\n", out);
	for (guint i = 0; i < retour_reason_get_count(); i++)
		print_line(out, retour_reason_get_name(retour_reason_get(i)), tally->reasons[i]);
}
