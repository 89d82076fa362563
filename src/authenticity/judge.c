/* SPDX-License-Identifier: BSD-2-Clause */
#include "authenticity/judge.h"

#include <string.h>

#include "address/address.h"
#include "address/host.h"
#include "authenticity/own-mail.h"
#include "authenticity/trusted.h"
#include "base/limits.h"

#define DAY (24 * 60 * 60)

/* Clocks that are wrong, and dates without a zone. Seconds. */
#define CLOCK_SLACK DAY

/* A mail waits some days in a queue, and a report some more. Seconds. */
#define ANSWER_MAX ((gint64)30 * DAY)

/* What a ground does to the verdict. */
typedef enum {
	FITS,     /* as it should be, and easily forged: tells nothing alone */
	WEAKENS,  /* plausible no more */
	SUPPORTS, /* who forges without having seen mail of the site does not have it, or must guess
	             it */
	CONTRADICTS, /* mail of the site would be otherwise */
	VERIFIES,    /* nobody but the recipient of this very mail could know it */
} Weight;

enum {
	RETURN_PATH_SIGNED,
	SENDER_SIGNED,
	RETURN_PATH_UNSIGNED,
	RETURN_PATH_EXPIRED,
	RETURN_PATH_FORGED,
	RETURN_PATH_OF_ANOTHER,
	MESSAGE_SENT_TO_RECIPIENT,
	MESSAGE_SENT,
	MESSAGE_NOT_SENT,
	MESSAGE_SENT_TO_OTHERS,
	MESSAGE_ID_OURS,
	MESSAGE_ID_FOREIGN,
	RECEIVED_OURS,
	RECEIVED_FOREIGN,
	AUTHENTICATED,
	AUTHENTICATION_FAILED,
	REPORTER_PLAUSIBLE,
	SINGLE_RECIPIENT,
	RECIPIENT_DOUBLED,
	TIMES_FIT,
	TIMES_UNFIT,
	N_WORDS,
};

static const struct {
	const char *word;
	Weight weight;
} words[N_WORDS] = {
	[RETURN_PATH_SIGNED] = { "return-path-signed", VERIFIES },
	/* BATV names no recipient: whoever has had a mail of the site can use it for anybody. */
	[SENDER_SIGNED] = { "sender-signed", SUPPORTS },
	[RETURN_PATH_UNSIGNED] = { "return-path-unsigned", WEAKENS },
	[RETURN_PATH_EXPIRED] = { "return-path-expired", WEAKENS },
	[RETURN_PATH_FORGED] = { "return-path-forged", CONTRADICTS },
	[RETURN_PATH_OF_ANOTHER] = { "return-path-of-another", CONTRADICTS },
	[MESSAGE_SENT_TO_RECIPIENT] = { "message-sent-to-recipient", VERIFIES },
	[MESSAGE_SENT] = { "message-sent", SUPPORTS },
	[MESSAGE_NOT_SENT] = { "message-not-sent", CONTRADICTS },
	[MESSAGE_SENT_TO_OTHERS] = { "message-sent-to-others", CONTRADICTS },
	[MESSAGE_ID_OURS] = { "message-id-ours", SUPPORTS },
	[MESSAGE_ID_FOREIGN] = { "message-id-foreign", CONTRADICTS },
	[RECEIVED_OURS] = { "received-ours", SUPPORTS },
	[RECEIVED_FOREIGN] = { "received-foreign", CONTRADICTS },
	[AUTHENTICATED] = { "authenticated", SUPPORTS },
	[AUTHENTICATION_FAILED] = { "authentication-failed", CONTRADICTS },
	[REPORTER_PLAUSIBLE] = { "reporter-plausible", FITS },
	[SINGLE_RECIPIENT] = { "single-recipient", FITS },
	[RECIPIENT_DOUBLED] = { "recipient-doubled", WEAKENS },
	[TIMES_FIT] = { "times-fit", FITS },
	[TIMES_UNFIT] = { "times-unfit", CONTRADICTS },
};

/* One message; what is the same for all its recipients is looked at once. */
typedef struct {
	const RetourReport *report;
	const RetourOwnMail *own;
	gint64 now;
	RetourArena *arena;

	RetourSignature signature;
	const char *path;   /* the return path that bears it, or any; NULL: none is shown */
	const char *signee; /* whom it was signed for; NULL: not told */
	RetourTrusted trusted;
	gboolean has_trusted;
	GString *scratch; /* owned; what trusted points to */

	RetourGround grounds[N_WORDS];
	guint n_grounds;
	guint weights; /* bits of Weight that were seen */
} Judge;

static const char *
excerpt(const Judge *judge, RetourSpan text)
{
	return text.length > 0
	               ? retour_arena_span(judge->arena, retour_span_cut(text, RETOUR_LIMIT_GROUND))
	               : NULL;
}

static void
add(Judge *judge, guint word, RetourSpan text)
{
	judge->grounds[judge->n_grounds++] =
	        (RetourGround){ words[word].word, excerpt(judge, text) };
	judge->weights |= 1u << words[word].weight;
}

/* ---- of the message ---- */

/* The best signature among the return paths that a mail shows: whoever has written them there must
 * have known it. */
static void
look_at_return_paths(Judge *judge)
{
	const RetourReport *report = judge->report;
	const char *paths[] = { report->envelope_recipient, report->original.envelope_from,
		                report->to ? report->to[0] : NULL, report->original.from };
	g_autoptr(GString) hidden = g_string_new(NULL);
	for (guint i = 0; judge->own->keys && i < G_N_ELEMENTS(paths); i++) {
		if (!paths[i] || judge->signature == RETOUR_SIGNATURE_VALID)
			continue;
		g_string_truncate(hidden, 0);
		RetourSignature one = retour_return_path_check(judge->own->keys, judge->own->form,
		                                               paths[i], judge->now, hidden);
		gboolean better =
		        one == RETOUR_SIGNATURE_VALID ||
		        (judge->signature == RETOUR_SIGNATURE_NONE && one != RETOUR_SIGNATURE_NONE);
		if (judge->path && !better)
			continue;
		judge->signature = one;
		judge->path = paths[i];
		judge->signee = hidden->len > 0 ? retour_arena_strndup(judge->arena, hidden->str,
		                                                       hidden->len)
		                                : NULL;
	}
}

/* The topmost header of a host that is believed: those below it may be forged. */
static void
look_at_authentication(Judge *judge)
{
	const char *const *list = judge->report->authentication_results;
	for (; list && *list && !judge->has_trusted; list++) {
		retour_trusted_read(retour_span_of(*list), judge->scratch, &judge->trusted);
		judge->has_trusted =
		        retour_own_mail_fits(judge->own->authserv_ids, judge->trusted.authserv_id);
	}
}

static void
weigh_message_id(Judge *judge)
{
	RetourSpan id = retour_span_trim(retour_span_of(judge->report->original.message_id));
	if (judge->own->message_ids->len == 0 || id.length == 0 || id.length > RETOUR_LIMIT_ADDRESS)
		return;
	RetourSpan bare = id;
	if (bare.data[0] == '<' && bare.data[bare.length - 1] == '>' && bare.length >= 2)
		bare = retour_span_sub(bare, 1, bare.length - 2);
	add(judge,
	    retour_own_mail_fits(judge->own->message_ids, bare) ? MESSAGE_ID_OURS
	                                                        : MESSAGE_ID_FOREIGN,
	    id);
}

/* "from mail.lists.example (…) by mx.example.com": the next host that is named so from @at on;
 * empty if there is none. */
static RetourSpan
next_host(RetourSpan line, gsize *at)
{
	gboolean named = FALSE;
	while (*at < line.length) {
		while (*at < line.length && retour_is_space(line.data[*at]))
			(*at)++;
		gsize begin = *at;
		while (*at < line.length && !retour_is_space(line.data[*at]) &&
		       line.data[*at] != ';')
			(*at)++;
		RetourSpan word = retour_span_sub(line, begin, *at - begin);
		if (*at < line.length && line.data[*at] == ';')
			(*at)++;
		if (named && word.length > 0)
			return word;
		named = retour_span_equal(word, "from") || retour_span_equal(word, "by");
	}
	return (RetourSpan){ 0 };
}

static gboolean
names_own_host(const Judge *judge, RetourSpan line)
{
	gsize at = 0;
	for (RetourSpan host; (host = next_host(line, &at)).length > 0;) {
		if (retour_own_mail_fits(judge->own->hosts, host))
			return TRUE;
	}
	return FALSE;
}

static void
weigh_received(Judge *judge)
{
	const char *const *lines = judge->report->original.received;
	if (judge->own->hosts->len == 0 || !lines || !*lines)
		return;
	for (const char *const *line = lines; *line; line++) {
		RetourSpan span = retour_span_of(*line);
		if (names_own_host(judge, span)) {
			add(judge, RECEIVED_OURS, span);
			return;
		}
	}
	add(judge, RECEIVED_FOREIGN, retour_span_of(lines[0]));
}

static void
weigh_times(Judge *judge)
{
	gint64 sent = judge->report->original.date, reported = judge->report->date;
	if (sent < 0 || reported < 0)
		return;
	gboolean fit = reported + CLOCK_SLACK >= sent && reported - sent <= ANSWER_MAX &&
	               reported <= judge->now + CLOCK_SLACK;
	g_autoptr(GDateTime) from = g_date_time_new_from_unix_utc(sent);
	g_autoptr(GDateTime) to = g_date_time_new_from_unix_utc(reported);
	g_autofree char *one = from ? g_date_time_format(from, "%Y-%m-%dT%H:%M:%SZ") : NULL;
	g_autofree char *other = to ? g_date_time_format(to, "%Y-%m-%dT%H:%M:%SZ") : NULL;
	g_autofree char *text = one && other ? g_strconcat(one, " ", other, NULL) : NULL;
	add(judge, fit ? TIMES_FIT : TIMES_UNFIT, retour_span_of(text));
}

/* ---- of a recipient ---- */

static gboolean
is_signee(const Judge *judge, const RetourRecipient *recipient)
{
	return judge->signee && recipient->address &&
	       retour_address_equal(retour_span_of(judge->signee),
	                            retour_span_of(recipient->address));
}

static void
weigh_signature(Judge *judge, const RetourRecipient *recipient, RetourAuthenticity *verdict)
{
	RetourSpan path = retour_span_of(judge->path);
	verdict->signature = judge->signature;
	if (!judge->own->keys || !judge->path)
		return;
	switch (judge->signature) {
	case RETOUR_SIGNATURE_VALID:
		verdict->signed_for = !judge->own->form || is_signee(judge, recipient);
		add(judge,
		    !judge->own->form     ? SENDER_SIGNED
		    : verdict->signed_for ? RETURN_PATH_SIGNED
		                          : RETURN_PATH_OF_ANOTHER,
		    path);
		break;
	case RETOUR_SIGNATURE_FORGED:
		add(judge, RETURN_PATH_FORGED, path);
		break;
	/* The key is no more: so is the time of what it signed. */
	case RETOUR_SIGNATURE_UNKNOWN_KEY:
	case RETOUR_SIGNATURE_EXPIRED:
		add(judge, RETURN_PATH_EXPIRED, path);
		break;
	case RETOUR_SIGNATURE_NONE:
		add(judge, RETURN_PATH_UNSIGNED, path);
		break;
	}
}

static void
weigh_sent(Judge *judge, const RetourRecipient *recipient)
{
	static const guint found[] = { [RETOUR_SENT_NOT] = MESSAGE_NOT_SENT,
		                       [RETOUR_SENT_SOMEBODY] = MESSAGE_SENT,
		                       [RETOUR_SENT_RECIPIENT] = MESSAGE_SENT_TO_RECIPIENT,
		                       [RETOUR_SENT_OTHERS] = MESSAGE_SENT_TO_OTHERS };
	RetourSpan id = retour_span_of(judge->report->original.message_id);
	if (judge->own->sent && id.length > 0)
		add(judge, found[retour_sent_ask(judge->own->sent, id, recipient->address)], id);
}

/* The recipient's own domain may always say that it does not know him, and our own hosts that they
 * could not deliver. */
static void
weigh_authentication(Judge *judge, RetourSpan domain)
{
	if (!judge->has_trusted)
		return;
	for (guint i = 0; i < judge->trusted.n_passed; i++) {
		RetourSpan passed = judge->trusted.passed[i];
		if (retour_host_is_kin(passed, domain) ||
		    retour_own_mail_fits(judge->own->hosts, passed)) {
			add(judge, AUTHENTICATED, passed);
			return;
		}
	}
	if (judge->trusted.failed.length > 0)
		add(judge, AUTHENTICATION_FAILED, judge->trusted.failed);
}

static void
weigh_reporter(Judge *judge, const RetourRecipient *recipient, RetourSpan domain)
{
	RetourSpan reporter = retour_span_trim(retour_span_of(judge->report->reporting_mta));
	RetourSpan remote = retour_span_trim(retour_span_of(recipient->remote_mta));
	if (reporter.length > 0 &&
	    (retour_own_mail_fits(judge->own->hosts, reporter) ||
	     retour_host_is_kin(reporter, domain) || retour_host_is_kin(reporter, remote)))
		add(judge, REPORTER_PLAUSIBLE, reporter);
}

static gboolean
has(const Judge *judge, Weight weight)
{
	return judge->weights >> weight & 1;
}

static RetourAuthentic
level_of(const Judge *judge)
{
	if (has(judge, VERIFIES))
		return RETOUR_AUTHENTIC_VERIFIED;
	if (has(judge, CONTRADICTS))
		return RETOUR_AUTHENTIC_SUSPICIOUS;
	return has(judge, SUPPORTS) && !has(judge, WEAKENS) ? RETOUR_AUTHENTIC_PLAUSIBLE
	                                                    : RETOUR_AUTHENTIC_UNVERIFIED;
}

static RetourAuthenticity
judge_recipient(const Judge *message, const RetourRecipient *recipient)
{
	Judge judge = *message;
	RetourAuthenticity verdict = { 0 };
	RetourSpan address = retour_span_of(recipient->address);
	RetourSpan domain = retour_address_domain(address);
	weigh_signature(&judge, recipient, &verdict);
	weigh_sent(&judge, recipient);
	weigh_authentication(&judge, domain);
	weigh_reporter(&judge, recipient, domain);
	if (recipient->doubled)
		add(&judge, RECIPIENT_DOUBLED, address);
	verdict.level = level_of(&judge);
	verdict.n_grounds = judge.n_grounds;
	gsize size = judge.n_grounds * sizeof(RetourGround);
	if (size > 0)
		verdict.grounds =
		        memcpy(retour_arena_alloc(judge.arena, size), judge.grounds, size);
	return verdict;
}

RetourAuthenticity *
retour_authenticity_judge(const RetourReport *report, const RetourOwnMail *own, gint64 now,
                          RetourArena *arena)
{
	g_autoptr(GString) scratch = g_string_new(NULL);
	Judge judge = {
		.report = report, .own = own, .now = now, .arena = arena, .scratch = scratch
	};
	RetourAuthenticity *verdicts =
	        retour_arena_alloc(arena, report->n_recipients * sizeof(RetourAuthenticity));
	look_at_return_paths(&judge);
	look_at_authentication(&judge);
	weigh_message_id(&judge);
	weigh_received(&judge);
	weigh_times(&judge);
	if (report->n_recipients == 1)
		add(&judge, SINGLE_RECIPIENT, retour_span_of(report->recipients[0].address));
	for (guint i = 0; i < report->n_recipients; i++)
		verdicts[i] = judge_recipient(&judge, &report->recipients[i]);
	return verdicts;
}

static const char *const levels[] = {
	[RETOUR_AUTHENTIC_SUSPICIOUS] = "suspicious",
	[RETOUR_AUTHENTIC_UNVERIFIED] = "unverified",
	[RETOUR_AUTHENTIC_PLAUSIBLE] = "plausible",
	[RETOUR_AUTHENTIC_VERIFIED] = "verified",
};

const char *
retour_authentic_to_string(RetourAuthentic level)
{
	return levels[level];
}

gboolean
retour_authentic_parse(const char *word, RetourAuthentic *level)
{
	for (guint i = 0; i < G_N_ELEMENTS(levels); i++) {
		if (strcmp(levels[i], word) == 0) {
			*level = (RetourAuthentic)i;
			return TRUE;
		}
	}
	return FALSE;
}
