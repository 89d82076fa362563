/* SPDX-License-Identifier: BSD-2-Clause */

/* Bounces that follow no standard: which addresses failed, without knowing the MTA. */

#include "address/address.h"
#include "report/reading.h"
#include "smtp/reply.h"

/* How clearly the form of a line says that an address in it failed. */
typedef enum {
	FORM_DISMISSED, /* it is somebody else's */
	FORM_MENTIONED, /* it stands there */
	FORM_NAMED,     /* behind a word such as "recipient" or "to" */
	FORM_HEAD,      /* it heads the line, or the line is RCPT TO:<…> */
} Form;

typedef struct {
	const char *address;
	Form form;
	gsize indent; /* of the line in which it stands so */
} Find;

/* Words that introduce an address that failed, and such as introduce somebody else's; each begins a
 * word. */
static const char *const introductions[] = {
	"recipient",    "rcpt",         "to",          "address",      "user",
	"mailbox",      "deliver",      "account",     "adressat",     "empf",
	"destinataire", "destinatario", "destinatari", "\345\256\233", "\346\224\266\344\273\266",
};
static const char *const dismissals[] = { "from",     "sender",    "contact", "expediteur",
	                                  "absender", "remitente", "try" };

/* How far before an address its introduction may stand. Bytes. */
#define INTRODUCTION_REACH 60u

static gboolean
has_word(RetourSpan before, const char *const *words, guint n)
{
	for (guint i = 0; i < n; i++)
		for (gssize at = retour_span_find(before, 0, words[i]); at >= 0;
		     at = retour_span_find(before, (gsize)at + 1, words[i]))
			if (at == 0 || !g_ascii_isalpha(before.data[at - 1]))
				return TRUE;
	return FALSE;
}

static RetourSpan
tail(RetourSpan span, gsize length)
{
	return span.length > length ? retour_span_from(span, span.length - length) : span;
}

static gboolean
has_words(RetourSpan span)
{
	for (gsize i = 0; i < span.length; i++)
		if (g_ascii_isalnum(span.data[i]) || (guchar)span.data[i] >= 0x80)
			return TRUE;
	return FALSE;
}

static Form
judge_form(RetourSpan line, gsize offset, gsize end)
{
	RetourSpan before = retour_span_sub(line, 0, offset);
	RetourSpan behind = retour_span_trim(retour_span_from(line, end));
	if (retour_span_find(before, 0, "rcpt to:") >= 0)
		return FORM_HEAD;
	RetourReply reply;
	RetourSpan start = retour_span_trim(line);
	if (retour_reply_parse(start.data, start.length, &reply) > 0 ||
	    retour_span_has_prefix(start, "<<<")) {
		/* sendmail: "550 5.1.1 <u@x>... User unknown"; in any other reply an address may be
		 * anybody's */
		return retour_span_find(behind, 0, "...") >= 0 &&
		                       retour_span_find(behind, 0, "...") <= 1
		               ? FORM_HEAD
		               : FORM_MENTIONED;
	}
	if (!has_words(before) && (behind.length == 0 || strchr("<>:;.,(\"'-", behind.data[0]) ||
	                           retour_span_has_prefix(behind, "on ")))
		return FORM_HEAD;
	if (has_word(tail(before, INTRODUCTION_REACH / 2), dismissals, G_N_ELEMENTS(dismissals)))
		return FORM_DISMISSED;
	/* "To: u@x" of a lost message's header that the notice lists */
	if (retour_span_equal(retour_span_trim(before), "to:"))
		return FORM_MENTIONED;
	return has_word(tail(before, INTRODUCTION_REACH), introductions,
	                G_N_ELEMENTS(introductions))
	               ? FORM_NAMED
	               : FORM_MENTIONED;
}

static void
note_find(GArray *finds, RetourReading *reading, RetourSpan address, Form form, gsize indent)
{
	for (guint i = 0; i < finds->len; i++) {
		Find *find = &g_array_index(finds, Find, i);
		if (!retour_address_equal(retour_span_of(find->address), address))
			continue;
		find->indent = form > find->form ? indent : MIN(find->indent, indent);
		find->form = MAX(find->form, form);
		return;
	}
	/* Where more are named than this, the rest adds nothing that a limit would not cut. */
	if (finds->len >= 200)
		return;
	Find find = { retour_arena_span(reading->arena, address), form, indent };
	g_array_append_val(finds, find);
}

static void
scan_line(RetourReading *reading, RetourSpan line, gboolean bystanders, GArray *finds)
{
	gsize from = 0, offset, length, indent = 0;
	while (indent < line.length && retour_is_blank(line.data[indent]))
		indent++;
	while (retour_address_find(line, from, &offset, &length)) {
		RetourSpan address = retour_span_sub(line, offset, length);
		from = offset + length;
		gboolean skip = bystanders ? retour_address_is_daemon(address)
		                           : retour_is_bystander(reading, address);
		Form form = skip || length > RETOUR_LIMIT_ADDRESS ? FORM_DISMISSED
		                                                  : judge_form(line, offset, from);
		if (form != FORM_DISMISSED)
			note_find(finds, reading, address, form, indent);
	}
}

static GArray *
scan_notices(RetourReading *reading, gboolean bystanders)
{
	GArray *finds = g_array_new(FALSE, FALSE, sizeof(Find));
	for (guint i = 0; i < reading->notices->len; i++) {
		RetourSpan rest = retour_notice_text(
		                   &g_array_index(reading->notices, RetourNotice, i)),
		           line;
		while (retour_span_next_line(&rest, &line))
			scan_line(reading, line, bystanders, finds);
	}
	return finds;
}

static void
add_recipient(RetourReading *reading, const char *address, const char *from)
{
	if (retour_draft_find(reading, retour_span_of(address)))
		return;
	RetourDraft *draft = retour_draft_add(reading, "generic");
	if (!draft)
		return;
	draft->recipient.address = address;
	draft->recipient.action = reading->action;
	retour_draft_name(reading, draft, address);
	retour_draft_add_candidate(reading, draft, address, from);
}

/* The clearest form that the notice offers; what is only mentioned counts if it is the only one. */
static void
add_from_notices(RetourReading *reading, gboolean bystanders)
{
	g_autoptr(GArray) finds = scan_notices(reading, bystanders);
	Form best = FORM_MENTIONED;
	gsize indent = G_MAXSIZE;
	for (guint i = 0; i < finds->len; i++)
		best = MAX(best, g_array_index(finds, Find, i).form);
	if (best == FORM_MENTIONED && finds->len > 1)
		return;
	for (guint i = 0; i < finds->len; i++)
		if (g_array_index(finds, Find, i).form == best)
			indent = MIN(indent, g_array_index(finds, Find, i).indent);
	/* A line that is indented further goes on with what another recipient's says (Postfix). */
	for (guint i = 0; i < finds->len; i++) {
		const Find *find = &g_array_index(finds, Find, i);
		if (find->form == best && (best != FORM_HEAD || find->indent <= indent + 1))
			add_recipient(reading, find->address, "body");
	}
}

void
retour_read_generic(RetourReading *reading)
{
	const char *const *failed = retour_failed_recipients(reading);
	for (guint i = 0; failed[i]; i++)
		add_recipient(reading, failed[i], "x-failed-recipients");
	/* Who writes to himself is no bystander: sender and recipient are looked for only if nobody
	 * else is named. */
	for (guint bystanders = 0; bystanders < 2 && reading->drafts->len == 0; bystanders++)
		add_from_notices(reading, bystanders);
	/* Nobody is named: one recipient all the same, for what the server said and for the
	 * returned message to name. */
	if (reading->drafts->len == 0)
		retour_draft_add(reading, "generic")->recipient.action = reading->action;
}
