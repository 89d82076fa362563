/* SPDX-License-Identifier: BSD-2-Clause */
#include "smtp/reply.h"

static gboolean
is_code(const char *text, gsize length)
{
	return length >= 3 && text[0] >= '2' && text[0] <= '5' && g_ascii_isdigit(text[1]) &&
	       g_ascii_isdigit(text[2]);
}

static guint16
code_value(const char *text)
{
	return (guint16)((text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0'));
}

/* White space between a code and its enhanced code where a report folds its lines there (Postfix).
 * Bytes. */
#define FOLD_MAX 40

/* The longest word in brackets that is looked at before a reply. Bytes. */
#define BRACKETED_MAX 64

/* What may stand between a code and its enhanced code: "550 5.1.1", "550-5.1.1", "550 #5.1.1",
 * "550-'5.1.1'", "550 (5.1.1". */
static gsize
skip_to_status(RetourSpan text, gsize at)
{
	gsize end = MIN(text.length, at + FOLD_MAX);
	guint marks = 0;
	for (; at < end && marks < 4; at++) {
		char c = text.data[at];
		if (c == '\0' || (!retour_is_space(c) && !strchr("-#'\"([<;:", c)))
			break;
		marks += !retour_is_space(c);
	}
	return at;
}

/* The enhanced code right behind the code that ends at @at. */
static gsize
status_behind(RetourSpan text, gsize at, RetourStatus *status)
{
	gsize start = skip_to_status(text, at);
	if (start == at)
		return 0;
	RetourSpan rest = retour_span_from(text, start);
	gsize matched = retour_status_parse(rest.data, rest.length, status);
	return matched > 0 ? start + matched : 0;
}

/* TRUE where the code at @at is a code by form: three digits, then nothing, a blank, '-', or a mark
 * of a following status. */
static gboolean
is_code_at(RetourSpan text, gsize at)
{
	RetourSpan rest = retour_span_from(text, at);
	if (!is_code(rest.data, rest.length))
		return FALSE;
	if (rest.length == 3)
		return TRUE;
	char next = rest.data[3];
	if (next == '-')
		return rest.length == 4 || !g_ascii_isdigit(rest.data[4]) ||
		       (rest.length > 5 && rest.data[5] == '.');
	return retour_is_space(next) || next == '\'' || next == '"' || next == ')' || next == '#' ||
	       next == ';' || next == ':' || next == ',' || next == '(';
}

/* The next line of a multi-line reply: the same code again behind white space. Postfix and others
 * join the lines by spaces, so that is no line start. Returns its offset or -1. */
static gssize
next_line(RetourSpan text, gsize from, guint16 code)
{
	for (gsize at = from; at + 3 < text.length; at++) {
		if (!retour_is_space(text.data[at - 1]) || !is_code_at(text, at) ||
		    code_value(text.data + at) != code)
			continue;
		RetourStatus status;
		gboolean line_start = text.data[at - 1] == '\n' || text.data[at - 1] == '\r' ||
		                      (at >= 4 && memcmp(text.data + at - 4, "<<< ", 4) == 0);
		if (line_start || text.data[at + 3] == '-' ||
		    status_behind(text, at + 3, &status) > 0)
			return (gssize)at;
	}
	return -1;
}

/* qmail and its kin put the enhanced code behind the words: "sorry, no mailbox here by that name
 * (#5.1.1)". It counts where it is of the reply's class. */
static RetourStatus
status_in_words(RetourSpan reply, guint16 code)
{
	RetourStatus status;
	gsize from = 3, offset, length;
	while (retour_status_find(reply, from, &status, &offset, &length)) {
		if (status.klass == code / 100)
			return status;
		from = offset + length;
	}
	return RETOUR_STATUS_NONE;
}

gsize
retour_reply_parse(const char *text, gsize length, RetourReply *reply)
{
	RetourSpan whole = retour_span(text, length);
	if (!is_code_at(whole, 0))
		return 0;
	RetourReply found = { .code = code_value(text), .length = length };
	for (gssize at = 0; at >= 0; at = next_line(whole, (gsize)at + 3, found.code)) {
		RetourStatus status;
		if (status_behind(whole, (gsize)at + 3, &status) > 0)
			found.status = status;
	}
	while (found.length > 3 && retour_is_space(text[found.length - 1]))
		found.length--;
	if (!retour_status_is_set(found.status))
		found.status = status_in_words(whole, found.code);
	*reply = found;
	return found.length;
}

void
retour_reply_blank(char *text, gsize length)
{
	RetourSpan whole = retour_span(text, length);
	if (!is_code_at(whole, 0))
		return;
	guint16 code = code_value(text);
	for (gssize at = 0, next; at >= 0; at = next) {
		RetourStatus status;
		gsize behind = status_behind(whole, (gsize)at + 3, &status);
		gsize end = behind > 0 ? behind : MIN((gsize)at + 4, length);
		next = next_line(whole, (gsize)at + 3, code);
		gsize begin = at >= 4 && memcmp(text + at - 4, "<<< ", 4) == 0 ? (gsize)at - 4
		                                                               : (gsize)at;
		memset(text + begin, ' ', end - begin);
	}
}

/* Words that announce a reply when only a blank stands before it. */
static const char *const announcements[] = {
	"said",     "says",      "error",  "code", "reply", "replied", "response",
	"returned", "responded", "reason", "smtp", "with",  "failed",  "status",
	"command",  "rcpt",      "mail",   "data", "ehlo",  "helo",    "closing",
};

static gboolean
is_announced(RetourSpan text, gsize at)
{
	gsize end = at;
	while (end > 0 && retour_is_blank(text.data[end - 1]))
		end--;
	gsize begin = end;
	while (begin > 0 && g_ascii_isalpha(text.data[begin - 1]))
		begin--;
	RetourSpan word = retour_span_sub(text, begin, end - begin);
	for (guint i = 0; i < G_N_ELEMENTS(announcements); i++)
		if (retour_span_equal(word, announcements[i]))
			return TRUE;
	return FALSE;
}

/* What one word in brackets says goes with a reply behind it: the host's address or a number of the
 * program's own ("[192.0.2.1], 554 …" of SurfControl, "(000B09AA) 550 …" of Exchange 5.5), or an
 * arrow of a session's log ("<-- 550 …" of MDaemon). */
static gboolean
is_bracketed_or_arrow(RetourSpan text, gsize end)
{
	if (end >= 3 && memcmp(text.data + end - 3, "<--", 3) == 0)
		return TRUE;
	end -= end >= 2 && text.data[end - 1] == ',';
	if (end == 0 || (text.data[end - 1] != ']' && text.data[end - 1] != ')'))
		return FALSE;
	gsize begin = end - 1;
	gboolean digit = FALSE;
	while (begin > 0 && end - begin < BRACKETED_MAX && !retour_is_space(text.data[begin - 1]) &&
	       !strchr("[(", text.data[begin - 1])) {
		begin--;
		digit |= g_ascii_isdigit(text.data[begin]);
	}
	return digit && begin > 0 &&
	       text.data[begin - 1] == (text.data[end - 1] == ']' ? '[' : '(');
}

/* TRUE where what stands before @at lets a reply begin there. */
static gboolean
may_begin(RetourSpan text, gsize at)
{
	if (at == 0)
		return TRUE;
	char before = text.data[at - 1];
	if (strchr("\n\r;<\"'([=", before) && before != '\0')
		return TRUE;
	RetourStatus status;
	gboolean full = status_behind(text, at + 3, &status) > 0;
	if (before == '#') /* Exchange's "#550 5.1.1 …", no colour of a page */
		return full;
	/* "ERROR_CODE :550" is a code, "[192.0.2.1]:587" a port */
	if (before == ':')
		return at >= 2 &&
		       (retour_is_blank(text.data[at - 2]) || is_announced(text, at - 1));
	if (!retour_is_blank(before))
		return FALSE;
	gsize end = at;
	while (end > 0 && retour_is_blank(text.data[end - 1]))
		end--;
	if (end == 0 || (strchr("\n\r:;<>([\"#", text.data[end - 1]) && text.data[end - 1] != '\0'))
		return TRUE;
	/* Amazon SES: "5.3.0 - Other mail system problem 550-'Unknown user …'" */
	if (at + 4 < text.length && text.data[at + 3] == '-' && text.data[at + 4] == '\'')
		return TRUE;
	return full || is_bracketed_or_arrow(text, end) || is_announced(text, at);
}

/* "said: 550 Mail rejected": whatever word follows. */
static gboolean
is_quoted(RetourSpan text, gsize at)
{
	while (at > 0 && retour_is_blank(text.data[at - 1]))
		at--;
	return at > 0 && text.data[at - 1] == ':' && is_announced(text, at - 1);
}

/* A number with words is no reply where a unit or a date follows: "550 KB", "250 OK" is one. */
static gboolean
is_quantity(RetourSpan text, gsize at)
{
	static const char *const units[] = { "bytes",   "kb",      "mb",    "k ",   "messages",
		                             "seconds", "minutes", "hours", "days", "recipients",
		                             "users",   "mail ",   "lines", "%" };
	gsize behind = at + 3;
	if (behind >= text.length || !retour_is_blank(text.data[behind]))
		return FALSE;
	RetourSpan rest = retour_span_from(text, behind + 1);
	for (guint i = 0; i < G_N_ELEMENTS(units); i++)
		if (retour_span_has_prefix(rest, units[i]))
			return !is_quoted(text, at);
	return FALSE;
}

static gssize
find_code(RetourSpan text, gsize from)
{
	for (gsize at = from; at + 3 <= text.length; at++) {
		if (text.data[at] < '2' || text.data[at] > '5')
			continue;
		if (at > 0 && (g_ascii_isalnum(text.data[at - 1]) || text.data[at - 1] == '.'))
			continue;
		if (is_code_at(text, at) && may_begin(text, at) && !is_quantity(text, at))
			return (gssize)at;
	}
	return -1;
}

gboolean
retour_reply_find(RetourSpan text, gsize from, RetourReply *reply)
{
	gssize begin = find_code(text, from);
	if (begin < 0)
		return FALSE;
	guint16 code = code_value(text.data + begin);
	/* Up to the next reply of another code: a server quoted by this one, or the next statement.
	 */
	gsize end = text.length;
	for (gssize at = find_code(text, (gsize)begin + 3); at >= 0;
	     at = find_code(text, (gsize)at + 3)) {
		if (code_value(text.data + at) != code) {
			end = (gsize)at;
			break;
		}
	}
	RetourSpan own = retour_span_sub(text, (gsize)begin, end - (gsize)begin);
	if (retour_reply_parse(own.data, own.length, reply) == 0)
		return FALSE;
	reply->offset = (gsize)begin;
	return TRUE;
}

/* Words behind which three numbers are an enhanced code; behind any other they may be the version
 * of a program, a section or a date. */
static const char *const status_words[] = {
	"status",   "code",     "codes",   "error",     "errors",   "dsn",      "smtp",
	"esmtp",    "lmtp",     "reply",   "replied",   "said",     "says",     "reason",
	"returned", "failed",   "failure", "result",    "response", "rejected", "refused",
	"bounced",  "enhanced", "with",    "permanent",
};

static gboolean
is_status_word(RetourSpan word)
{
	for (guint i = 0; i < G_N_ELEMENTS(status_words); i++)
		if (retour_span_equal(word, status_words[i]))
			return TRUE;
	return FALSE;
}

/* TRUE where what stands before @at lets an enhanced code stand there. */
static gboolean
may_be_status(RetourSpan text, gsize at)
{
	gsize end = at;
	while (end > 0 && retour_is_blank(text.data[end - 1]))
		end--;
	if (end == 0 ||
	    (text.data[end - 1] != '\0' && strchr("\n\r:;([<#>\"'=,", text.data[end - 1])))
		return TRUE;
	if (text.data[end - 1] == '-')
		return end > 3 && is_code(text.data + end - 4, 3);
	if (end == at)
		return FALSE;
	gsize begin = end;
	while (begin > 0 && g_ascii_isalnum(text.data[begin - 1]))
		begin--;
	RetourSpan word = retour_span_sub(text, begin, end - begin);
	return (word.length == 3 && is_code(word.data, 3)) || is_status_word(word);
}

gboolean
retour_status_find(RetourSpan text, gsize from, RetourStatus *status, gsize *offset, gsize *length)
{
	for (gsize at = from; at + 5 <= text.length; at++) {
		if ((text.data[at] != '2' && text.data[at] != '4' && text.data[at] != '5') ||
		    text.data[at + 1] != '.')
			continue;
		gsize matched = retour_status_parse(text.data + at, text.length - at, status);
		/* Subjects have one digit (IANA); "4.96.2" is the version of a program. */
		if (matched > 0 && status->subject <= 9 && may_be_status(text, at)) {
			*offset = at;
			*length = matched;
			return TRUE;
		}
	}
	return FALSE;
}
