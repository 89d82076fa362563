/* SPDX-License-Identifier: BSD-2-Clause */

/* Notices say of each recipient what happened: under its address, beside it, or in a transcript of
 * the session. */

#include "address/address.h"
#include "report/reading.h"
#include "smtp/reply.h"

/* More recipients than this do not share the words that name none of them. */
#define SHARED_MAX 8u

/* Addresses in the notices that are looked at, twice as many as there may be recipients. */
#define MENTIONS_MAX (2 * RETOUR_LIMIT_RECIPIENTS)

typedef enum {
	VOICE_LOCAL,  /* the reporting MTA's own words */
	VOICE_REMOTE, /* "<<< 550 …": the other server's, in a transcript */
} Voice;

typedef struct {
	RetourReading *reading;
	const RetourPart *part;
	gboolean shared; /* this pass takes what names nobody; the other one what names somebody */
	RetourDraft *current;   /* whom the lines speak of; NULL: nobody known */
	gboolean somebody_else; /* they speak of an address that is no recipient */
	Voice voice;
	RetourCommand command;
	const char *host;
	gsize begin, end; /* of the statement being gathered */
	guint *mentions;  /* addresses looked at in this pass */
} Walk;

/* The recipient, where there is but one. */
static RetourDraft *
only_draft(const Walk *walk)
{
	GPtrArray *drafts = walk->reading->drafts;
	return drafts->len == 1 ? drafts->pdata[0] : NULL;
}

/* What the server says to DATA or QUIT after it refused the recipient is a consequence ("554 no
 * valid recipients"). */
static gboolean
is_consequence(const Walk *walk, const RetourDraft *draft)
{
	if (walk->command != RETOUR_COMMAND_MESSAGE && walk->command != RETOUR_COMMAND_QUIT)
		return FALSE;
	for (guint i = 0; i < draft->evidence->len; i++) {
		const RetourEvidence *known = &g_array_index(draft->evidence, RetourEvidence, i);
		if (!known->field && known->source == RETOUR_EVIDENCE_REPLY &&
		    known->command == RETOUR_COMMAND_RCPT)
			return TRUE;
	}
	return FALSE;
}

static void
add_for(Walk *walk, RetourDraft *draft)
{
	if (is_consequence(walk, draft))
		return;
	RetourEvidence base = {
		.source = RETOUR_EVIDENCE_TEXT,
		.host = walk->host,
		.command = walk->command,
		.depth = walk->voice == VOICE_REMOTE ? 1 : 0,
		.shared = walk->shared,
	};
	retour_draft_add_statement(walk->reading, draft, walk->part, walk->begin, walk->end, &base);
}

static void
flush(Walk *walk)
{
	if (walk->end > walk->begin && !walk->somebody_else) {
		GPtrArray *drafts = walk->reading->drafts;
		if (walk->current && !walk->shared)
			add_for(walk, walk->current);
		for (guint i = 0;
		     !walk->current && walk->shared && drafts->len <= SHARED_MAX && i < drafts->len;
		     i++)
			add_for(walk, drafts->pdata[i]);
	}
	walk->begin = walk->end = 0;
}

/* Where the words behind an address at the head of a line begin: "<u@x>: …", "u@x (…)", "u@x...
 * Deferred". */
static gsize
skip_delimiters(RetourSpan line, gsize at)
{
	while (at < line.length && strchr(">\"':;., \t", line.data[at]) && line.data[at] != '\0')
		at++;
	return at;
}

static gboolean
is_head(RetourSpan line, gsize offset)
{
	for (gsize i = 0; i < offset; i++)
		if (g_ascii_isalnum(line.data[i]) || (guchar)line.data[i] >= 0x80)
			return FALSE;
	return TRUE;
}

/* Looks for a recipient in the line; TRUE if the line turned to somebody. @words is where its own
 * words begin. */
static gboolean
turn_to_recipient(Walk *walk, RetourSpan line, gsize *words)
{
	gsize from = 0, offset, length;
	gboolean head_of_other = FALSE;
	while (*walk->mentions <= MENTIONS_MAX &&
	       retour_address_find(line, from, &offset, &length)) {
		if ((*walk->mentions)++ >= MENTIONS_MAX) {
			walk->reading->evidence_cut = TRUE;
			break;
		}
		RetourSpan address = retour_span_sub(line, offset, length);
		gboolean head = from == 0 && is_head(line, offset);
		from = offset + length;
		RetourDraft *draft = retour_draft_find(walk->reading, address);
		if (draft) {
			*words = head ? skip_delimiters(line, from) : 0;
			walk->current = draft;
			walk->somebody_else = FALSE;
			return TRUE;
		}
		head_of_other |= head && skip_delimiters(line, from) > from &&
		                 !retour_is_bystander(walk->reading, address);
	}
	if (!head_of_other || walk->reading->drafts->len < 2)
		return FALSE;
	walk->somebody_else = TRUE;
	*words = 0;
	return TRUE;
}

static gboolean
is_separator(RetourSpan line)
{
	RetourSpan text = retour_span_trim(line);
	return text.length >= 4 &&
	       (memcmp(text.data, "----", 4) == 0 || memcmp(text.data, "____", 4) == 0 ||
	        memcmp(text.data, "====", 4) == 0);
}

/* ">>> RCPT To:<u@x>": what the next replies answer, and for whom. */
static void
take_command(Walk *walk, RetourSpan line)
{
	gsize words;
	walk->command = retour_command_find(line);
	if (!turn_to_recipient(walk, line, &words) && walk->command != RETOUR_COMMAND_RCPT)
		walk->current = only_draft(walk);
	if (retour_span_has_prefix(line, ">>> quit"))
		walk->command = RETOUR_COMMAND_QUIT;
	if (walk->command == RETOUR_COMMAND_DATA ||
	    retour_span_equal(retour_span_trim(line), ">>> ."))
		walk->command = RETOUR_COMMAND_MESSAGE;
}

/* "550 5.1.1 <u@x>... User unknown": sendmail sums up in one line; the next one is about somebody
 * else. */
static gboolean
is_summary(RetourSpan text)
{
	RetourReply reply;
	return retour_span_find(text, 0, ">...") > 0 &&
	       retour_reply_parse(text.data, text.length, &reply) > 0;
}

static void
take_line(Walk *walk, RetourSpan line, gsize at)
{
	RetourSpan text = retour_span_trim(line);
	if (text.length == 0) {
		flush(walk);
		return;
	}
	if (is_separator(line)) {
		flush(walk);
		walk->current = walk->reading->drafts->len == 1 ? walk->current : NULL;
		walk->somebody_else = FALSE;
		walk->command = RETOUR_COMMAND_NONE;
		return;
	}
	if (retour_span_has_prefix(text, ">>> ")) {
		flush(walk);
		take_command(walk, text);
		return;
	}
	if (retour_span_find(text, 0, "while talking to ") >= 0) {
		flush(walk);
		RetourSpan host = retour_host_find(text);
		walk->host = host.length > 0 ? retour_arena_span(walk->reading->arena, host) : NULL;
		return;
	}
	Voice voice = retour_span_has_prefix(text, "<<< ") ? VOICE_REMOTE : VOICE_LOCAL;
	gsize words = 0;
	RetourDraft *before = walk->current;
	gboolean before_else = walk->somebody_else;
	Walk turned = *walk;
	gboolean turns = voice == VOICE_LOCAL && turn_to_recipient(&turned, line, &words);
	/* The same address again on a line that goes on is no new statement (Postfix folds its
	 * lines). */
	turns = turns && (turned.current != before || turned.somebody_else != before_else ||
	                  (words > 0 && walk->end == 0));
	if (voice != walk->voice || turns)
		flush(walk);
	if (turns) {
		walk->current = turned.current;
		walk->somebody_else = turned.somebody_else;
	}
	walk->voice = voice;
	gboolean alone = voice == VOICE_LOCAL && is_summary(text);
	if (alone)
		flush(walk);
	if (walk->end == 0)
		walk->begin =
		        at + (voice == VOICE_REMOTE ? (gsize)(text.data - line.data) + 4 : words);
	walk->end = at + line.length;
	if (alone) {
		flush(walk);
		walk->current = only_draft(walk);
	}
}

static void
walk_notice(RetourReading *reading, const RetourNotice *notice, gboolean shared, guint *mentions)
{
	Walk walk = {
		.reading = reading, .part = notice->part, .shared = shared, .mentions = mentions
	};
	RetourSpan rest = retour_notice_text(notice), line;
	while (retour_span_next_line(&rest, &line))
		take_line(&walk, line, (gsize)(line.data - notice->part->text));
	flush(&walk);
}

void
retour_read_statements(RetourReading *reading)
{
	if (reading->drafts->len == 0)
		return;
	guint passes = reading->drafts->len <= SHARED_MAX ? 2 : 1;
	for (guint pass = 0; pass < passes; pass++) {
		guint mentions = 0;
		for (guint i = 0; i < reading->notices->len; i++)
			walk_notice(reading, &g_array_index(reading->notices, RetourNotice, i),
			            pass == 1, &mentions);
	}
}
