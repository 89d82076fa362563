/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/tally.h"

#include <string.h>

#include "cli/counts.h"

#define KINDS (RETOUR_KIND_UNREADABLE + 1)
#define CLASSES (RETOUR_CLASS_HARD + 1)
#define FAULTS (RETOUR_FAULT_UNKNOWN + 1)

/* Lines of the summary for remote hosts, and for unknown texts. */
#define TOP 10

/* Of a text that nobody knows. Bytes. */
#define TEXT_MAX 120

struct RetourTally {
	guint64 messages, recipients;
	guint64 kinds[KINDS];
	guint64 classes[CLASSES];
	guint64 faults[FAULTS];
	guint64 *reasons;            /* owned; by index */
	RetourCounts *hosts, *texts; /* owned */
};

/* Behind the entries stand strings, each with its NUL: the error if there is one, then, with
 * details, of each entry its host and its text. */
typedef struct {
	guint32 length; /* of all of it, bytes */
	guint16 kind, n_recipients;
	guint8 error, details;
} Head;

typedef struct {
	guint16 klass, fault, reason; /* index of the reason; that behind the last for none */
} Entry;

RetourTally *
retour_tally_new(void)
{
	RetourTally *tally = g_new0(RetourTally, 1);
	tally->reasons = g_new0(guint64, retour_reason_get_count() + 1);
	tally->hosts = retour_counts_new();
	tally->texts = retour_counts_new();
	return tally;
}

void
retour_tally_free(RetourTally *tally)
{
	retour_counts_free(tally->hosts);
	retour_counts_free(tally->texts);
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

/* A terminal must not obey any. With @alike, texts that differ in numbers and addresses alone are
 * one.
 */
static void
append_text(const char *text, gboolean alike, GString *out)
{
	gsize begin = out->len;
	for (const char *end; *text && out->len - begin < TEXT_MAX; text = end) {
		gunichar c = g_utf8_get_char(text);
		end = g_utf8_next_char(text);
		if (alike && g_ascii_isdigit(*text)) {
			g_string_append_c(out, '#');
			end = text + strspn(text, "0123456789");
		} else if (g_unichar_isspace(c) || !g_unichar_isprint(c)) {
			if (out->len > begin && out->str[out->len - 1] != ' ')
				g_string_append_c(out, ' ');
		} else {
			gsize word = strcspn(text, " \t\r\n<>(),;:\"");
			const char *at = alike ? memchr(text, '@', word) : NULL;
			g_string_append_unichar(out, at ? '@' : c);
			end = at ? text + word : end;
		}
	}
	g_string_append_c(out, '\0');
}

/* What the remote server is called: of the report, else of what it said. */
static const char *
host_of(const RetourRecipient *recipient)
{
	const char *host = recipient->remote_mta;
	for (guint i = 0; !host && i < recipient->n_evidence; i++)
		host = recipient->evidence[i].host;
	return host ? host : "";
}

static const char *
unknown_text(const RetourRecipient *recipient, const RetourVerdict *verdict)
{
	gboolean unknown = verdict->klass != RETOUR_CLASS_NONE &&
	                   (!verdict->reason ||
	                    strcmp(retour_reason_get_name(verdict->reason), "undetermined") == 0);
	const char *text = recipient->diagnostic;
	for (guint i = 0; !text && i < recipient->n_evidence; i++)
		text = recipient->evidence[i].text;
	return unknown && text ? text : "";
}

static void
append_details(const RetourRecord *record, guint n, GString *out)
{
	for (guint i = 0; i < n; i++) {
		const RetourRecipient *recipient = &record->report->recipients[i];
		g_autofree char *host = g_ascii_strdown(host_of(recipient), -1);
		append_text(host, FALSE, out);
		append_text(unknown_text(recipient, &record->verdicts[i]), TRUE, out);
	}
}

void
retour_tally_append(const RetourRecord *record, gboolean details, GString *out)
{
	const gsize begin = out->len;
	guint n = record->report ? record->report->n_recipients : 0;
	Head head = { .kind = (guint16)record->kind,
		      .n_recipients = (guint16)n,
		      .error = record->error != NULL,
		      .details = details != FALSE };
	g_string_append_len(out, (const char *)&head, sizeof head);
	for (guint i = 0; i < head.n_recipients; i++) {
		const RetourVerdict *verdict = &record->verdicts[i];
		const Entry entry = { (guint16)verdict->klass, (guint16)verdict->fault,
			              index_of_reason(verdict->reason) };
		g_string_append_len(out, (const char *)&entry, sizeof entry);
	}
	if (record->error)
		g_string_append_len(out, record->error, (gssize)strlen(record->error) + 1);
	if (details)
		append_details(record, head.n_recipients, out);
	head.length = (guint32)(out->len - begin);
	memcpy(out->str + begin, &head, sizeof head);
}

static void
count_entry(RetourTally *tally, const char *bytes)
{
	Entry entry;
	memcpy(&entry, bytes, sizeof entry);
	tally->classes[MIN(entry.klass, CLASSES - 1)]++;
	tally->faults[MIN(entry.fault, FAULTS - 1)]++;
	tally->reasons[MIN(entry.reason, retour_reason_get_count())]++;
}

/* Counts the string at @at if it is not empty; returns where the next one is. */
static const char *
count_string(RetourCounts *counts, const char *at, const char *end)
{
	gsize length = strnlen(at, (gsize)(end - at));
	if (length > 0)
		retour_counts_add(counts, at, length);
	return MIN(at + length + 1, end);
}

/* Nothing that a worker sends is believed that cannot be. */
gsize
retour_tally_take(RetourTally *tally, const char *bytes, gsize length, const char **error)
{
	Head head;
	*error = NULL;
	if (length < sizeof head)
		return length;
	memcpy(&head, bytes, sizeof head);
	gsize entries = sizeof head + head.n_recipients * sizeof(Entry);
	if (head.length > length || head.length < entries)
		return length;
	const char *at = bytes + entries, *const end = bytes + head.length;
	if (head.error && memchr(at, '\0', (gsize)(end - at))) {
		*error = at;
		at += strlen(at) + 1;
	}
	if (!tally)
		return head.length;
	tally->messages++;
	tally->kinds[MIN(head.kind, KINDS - 1)]++;
	tally->recipients += head.n_recipients;
	for (guint i = 0; i < head.n_recipients; i++) {
		count_entry(tally, bytes + sizeof head + i * sizeof(Entry));
		if (head.details)
			at = count_string(tally->texts, count_string(tally->hosts, at, end), end);
	}
	return head.length;
}

guint64
retour_tally_get_unreadable(const RetourTally *tally)
{
	return tally->kinds[RETOUR_KIND_UNREADABLE];
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
	if (tally->recipients > 0)
		fputs("faults\n", out);
	for (guint i = 0; i < FAULTS; i++)
		print_line(out, retour_fault_to_string((RetourFault)i), tally->faults[i]);
	retour_counts_print(tally->hosts, "remote hosts", TOP, out);
	retour_counts_print(tally->texts, "unknown texts", TOP, out);
}
