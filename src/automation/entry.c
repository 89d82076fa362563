/* SPDX-License-Identifier: BSD-2-Clause */
#include "automation/entry.h"

#include <string.h>

#include "address/address.h"
#include "address/host.h"
#include "automation/resolve.h"

/* A run of strings, each ended by NUL: path, kind, error, signature, and for each event these. */
enum {
	FIELD_KEY,
	FIELD_ADDRESS,
	FIELD_KIND,
	FIELD_CLASS,
	FIELD_FAULT,
	FIELD_PERMANENT,
	FIELD_REASON,
	FIELD_STATUS,
	FIELD_REPLY,
	FIELD_TIME,
	FIELD_LIST,
	FIELD_PROVIDER,
	FIELD_ORIGINAL,
	FIELD_SOURCE,
	FIELD_DIAGNOSTIC,
	FIELD_AUTHENTIC,
	N_FIELDS,
};

#define N_HEAD 4

/* Of a string that an event keeps; bytes. */
#define STRING_MAX 256

static void
put(GString *out, const char *text)
{
	g_string_append(out, text ? text : "");
	g_string_append_c(out, '\0');
}

static void
put_short(GString *out, const char *text)
{
	gsize length = text ? strnlen(text, STRING_MAX) : 0;
	while (length > 0 && ((guchar)text[length] & 0xc0) == 0x80)
		length--;
	g_string_append_len(out, text ? text : "", (gssize)length);
	g_string_append_c(out, '\0');
}

static void
put_number(GString *out, gint64 number)
{
	g_string_append_printf(out, "%" G_GINT64_FORMAT, number);
	g_string_append_c(out, '\0');
}

/* FALSE: the ledger does not keep what happened. */
static gboolean
event_kind(RetourKind kind, RetourEventKind *event)
{
	switch (kind) {
	case RETOUR_KIND_BOUNCE:
		*event = RETOUR_EVENT_FAILURE;
		return TRUE;
	case RETOUR_KIND_DELAY:
		*event = RETOUR_EVENT_DELAY;
		return TRUE;
	case RETOUR_KIND_DELIVERED:
		*event = RETOUR_EVENT_DELIVERY;
		return TRUE;
	case RETOUR_KIND_COMPLAINT:
		*event = RETOUR_EVENT_COMPLAINT;
		return TRUE;
	case RETOUR_KIND_UNSUBSCRIBE:
		*event = RETOUR_EVENT_UNSUBSCRIBE;
		return TRUE;
	default:
		return FALSE;
	}
}

/* Who runs the server that refused: an address literal tells nobody's name. */
static void
put_provider(GString *out, const RetourRecipient *recipient)
{
	RetourSpan host = retour_span_trim(retour_span_of(recipient->remote_mta));
	gboolean named = host.length > 0 && host.length <= 255 &&
	                 g_ascii_isalpha(host.data[host.length - 1]) &&
	                 retour_span_find_char(host, 0, '.') > 0 &&
	                 retour_span_find_char(host, 0, ' ') < 0;
	if (!named)
		host = retour_address_domain(retour_span_of(recipient->address));
	g_autoptr(GString) key = g_string_new("@");
	g_string_append_len(key, host.data, (gssize)host.length);
	g_autoptr(GString) lower = g_string_new(NULL);
	retour_address_append_key(retour_span(key->str, key->len), lower);
	RetourSpan name =
	        retour_host_organisation(retour_span_from(retour_span(lower->str, lower->len), 1));
	g_string_append_len(out, name.data, (gssize)MIN(name.length, STRING_MAX));
	g_string_append_c(out, '\0');
}

static RetourListMarks
read_marks(const RetourReport *report)
{
	return (RetourListMarks){
		.return_paths = { report->envelope_recipient, report->original.envelope_from,
		                  report->to ? report->to[0] : NULL, report->original.from },
		.list_id = report->original.list_id,
	};
}

/* NULL: nothing is known. */
static const RetourAuthenticity *
authenticity_of(const RetourRecord *record, guint index)
{
	return record->authenticity ? &record->authenticity[index] : NULL;
}

/* What is signed for one is no word about another. */
static gboolean
counts(const RetourEntryRule *rule, const RetourAuthenticity *authenticity)
{
	return !rule->signed_only || (authenticity && authenticity->signed_for);
}

/* A complaint may come without what makes a key. */
static void
put_key(GString *out, const RetourReport *report, const RetourRecipient *recipient)
{
	g_autoptr(GString) text = g_string_new(NULL);
	if (recipient->key && strlen(recipient->key) == 32) {
		put(out, recipient->key);
		return;
	}
	g_string_append_printf(text, "%s\n", report->message_id ? report->message_id : "");
	retour_address_append_key(retour_span_of(recipient->address), text);
	g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_MD5, text->str, -1);
	put(out, sum);
}

static void
put_event(GString *out, const RetourListSettings *list, const RetourSource *source,
          const RetourReport *report, const RetourRecipient *recipient,
          const RetourVerdict *verdict, const RetourAuthenticity *authenticity)
{
	char status[RETOUR_STATUS_STRING_SIZE] = "";
	RetourEventKind kind = RETOUR_EVENT_DELAY;
	if (!recipient->address || !*recipient->address || !event_kind(verdict->kind, &kind))
		return;
	if (retour_status_is_set(verdict->status))
		retour_status_format(verdict->status, status);
	g_autofree char *name = g_path_get_basename(source->name);
	put_key(out, report, recipient);
	put(out, recipient->address);
	put_number(out, (gint64)kind);
	put_number(out, (gint64)verdict->klass);
	put_number(out, (gint64)verdict->fault);
	put_number(out, verdict->permanence == RETOUR_PERMANENCE_PERMANENT);
	put(out, verdict->reason ? retour_reason_get_name(verdict->reason) : "undetermined");
	put(out, status);
	put_number(out, verdict->reply);
	put_number(out, report->date);
	put(out, list ? list->name : NULL);
	put_provider(out, recipient);
	put_short(out, report->original.message_id);
	put_short(out, name);
	put_short(out, recipient->diagnostic);
	put_number(out, authenticity ? (gint64)authenticity->level + 1 : 0);
}

void
retour_entry_write(const RetourEntryRule *rule, const RetourSource *source,
                   const RetourRecord *record, GString *out)
{
	put(out, source->name);
	put_number(out, (gint64)record->kind);
	put(out, record->error);
	if (record->kind == RETOUR_KIND_UNREADABLE || !record->report) {
		put(out, NULL);
		return;
	}
	const RetourListMarks marks = read_marks(record->report);
	const RetourListSettings *list = retour_settings_find_list(rule->settings, &marks);
	const RetourAuthenticity *first =
	        record->report->n_recipients > 0 ? authenticity_of(record, 0) : NULL;
	put(out, rule->signed_only && first ? retour_signature_to_string(first->signature) : NULL);
	for (guint i = 0; i < record->report->n_recipients; i++) {
		const RetourAuthenticity *authenticity = authenticity_of(record, i);
		RetourRecipient recipient = record->report->recipients[i];
		g_autoptr(GString) resolved = g_string_new(NULL);
		/* Feedback loops take it out. */
		if (!recipient.address &&
		    retour_resolve_recipient(list, &record->report->original, resolved))
			recipient.address = resolved->str;
		if (counts(rule, authenticity))
			put_event(out, list, source, record->report, &recipient,
			          &record->verdicts[i], authenticity);
	}
}

/* Cuts the bytes into strings. */
static GPtrArray *
cut(char *bytes, gsize length)
{
	GPtrArray *strings = g_ptr_array_new();
	char *end = bytes + length;
	for (char *at = bytes; at < end; at += strlen(at) + 1)
		g_ptr_array_add(strings, at);
	return strings;
}

static gboolean
number_of(const char *text, gint64 min, gint64 max, gint64 *number)
{
	return g_ascii_string_to_signed(text, 10, min, max, number, NULL);
}

static gboolean
is_key(const char *text)
{
	return strspn(text, "0123456789abcdef") == 32 && text[32] == '\0';
}

static gboolean
read_event(char **fields, gint64 now, RetourLedgerEvent *event)
{
	gint64 kind, klass, fault, permanent, reply, time, authentic;
	if (!is_key(fields[FIELD_KEY]) || !*fields[FIELD_ADDRESS] ||
	    !number_of(fields[FIELD_KIND], 0, RETOUR_EVENT_UNSUBSCRIBE, &kind) ||
	    !number_of(fields[FIELD_CLASS], 0, RETOUR_CLASS_HARD, &klass) ||
	    !number_of(fields[FIELD_FAULT], 0, RETOUR_FAULT_UNKNOWN, &fault) ||
	    !number_of(fields[FIELD_PERMANENT], 0, 1, &permanent) ||
	    !number_of(fields[FIELD_REPLY], 0, 999, &reply) ||
	    !number_of(fields[FIELD_TIME], -1, G_MAXINT64, &time) ||
	    !number_of(fields[FIELD_AUTHENTIC], 0, RETOUR_AUTHENTIC_VERIFIED + 1, &authentic) ||
	    !retour_reason_find(fields[FIELD_REASON]))
		return FALSE;
	*event = (RetourLedgerEvent){
		.key = fields[FIELD_KEY],
		.address = fields[FIELD_ADDRESS],
		.kind = (RetourEventKind)kind,
		.klass = (RetourClass)klass,
		.fault = (RetourFault)fault,
		.permanent = (gboolean)permanent,
		.reason = fields[FIELD_REASON],
		.reply = (guint)reply,
		.authentic = (guint)authentic,
		.time = time <= 0 || time > now ? now : time,
		.list = *fields[FIELD_LIST] ? fields[FIELD_LIST] : NULL,
		.provider = *fields[FIELD_PROVIDER] ? fields[FIELD_PROVIDER] : NULL,
		.original = *fields[FIELD_ORIGINAL] ? fields[FIELD_ORIGINAL] : NULL,
		.source = *fields[FIELD_SOURCE] ? fields[FIELD_SOURCE] : NULL,
		.diagnostic = *fields[FIELD_DIAGNOSTIC] ? fields[FIELD_DIAGNOSTIC] : NULL,
	};
	const char *status = fields[FIELD_STATUS];
	retour_status_parse(status, strlen(status), &event->status);
	return TRUE;
}

RetourEntry *
retour_entry_read(const char *bytes, gsize length, gint64 now)
{
	if (length == 0 || bytes[length - 1] != '\0')
		return NULL;
	RetourEntry *entry = g_new0(RetourEntry, 1);
	entry->bytes = g_memdup2(bytes, length);
	entry->events = g_array_new(FALSE, FALSE, sizeof(RetourLedgerEvent));
	g_autoptr(GPtrArray) strings = cut(entry->bytes, length);
	char **fields = (char **)strings->pdata;
	gint64 kind = 0;
	gboolean good = strings->len >= N_HEAD && (strings->len - N_HEAD) % N_FIELDS == 0 &&
	                number_of(fields[1], 0, RETOUR_KIND_UNREADABLE, &kind);
	if (good) {
		entry->path = fields[0];
		entry->kind = (RetourKind)kind;
		entry->error = fields[2];
		entry->signature = fields[3];
	}
	for (guint at = N_HEAD; good && at < strings->len; at += N_FIELDS) {
		RetourLedgerEvent event;
		good = read_event(fields + at, now, &event);
		g_array_append_val(entry->events, event);
	}
	if (good)
		return entry;
	retour_entry_free(entry);
	return NULL;
}

void
retour_entry_free(RetourEntry *entry)
{
	g_array_unref(entry->events);
	g_free(entry->bytes);
	g_free(entry);
}
