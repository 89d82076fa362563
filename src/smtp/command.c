/* SPDX-License-Identifier: BSD-2-Clause */
#include "smtp/reply.h"

static const char *const names[] = {
	[RETOUR_COMMAND_NONE] = NULL,           [RETOUR_COMMAND_CONNECT] = "CONNECT",
	[RETOUR_COMMAND_HELO] = "HELO",         [RETOUR_COMMAND_EHLO] = "EHLO",
	[RETOUR_COMMAND_STARTTLS] = "STARTTLS", [RETOUR_COMMAND_AUTH] = "AUTH",
	[RETOUR_COMMAND_MAIL] = "MAIL",         [RETOUR_COMMAND_RCPT] = "RCPT",
	[RETOUR_COMMAND_DATA] = "DATA",         [RETOUR_COMMAND_MESSAGE] = "MESSAGE",
	[RETOUR_COMMAND_RSET] = "RSET",         [RETOUR_COMMAND_VRFY] = "VRFY",
	[RETOUR_COMMAND_EXPN] = "EXPN",         [RETOUR_COMMAND_NOOP] = "NOOP",
	[RETOUR_COMMAND_QUIT] = "QUIT",
};

const char *
retour_command_to_string(RetourCommand command)
{
	return (guint)command < G_N_ELEMENTS(names) ? names[command] : NULL;
}

/* How the programs that quote a session name the command, most telling first. */
static const struct {
	const char *words;
	RetourCommand command;
} wordings[] = {
	{ "end of data", RETOUR_COMMAND_MESSAGE },    /* Postfix, Exim "after end of data" */
	{ "end of message", RETOUR_COMMAND_MESSAGE }, /* Exim, PowerMTA */
	{ "final dot", RETOUR_COMMAND_MESSAGE },
	{ "pipelined data", RETOUR_COMMAND_DATA }, /* Exim "after pipelined DATA" */
	{ "rcpt to", RETOUR_COMMAND_RCPT },
	{ "mail from:", RETOUR_COMMAND_MAIL },            /* "accepting mail from you" is prose */
	{ "in reply to mail from", RETOUR_COMMAND_MAIL }, /* Postfix, folded there */
	{ "mail from command", RETOUR_COMMAND_MAIL },
	{ "rcpt command", RETOUR_COMMAND_RCPT },
	{ "mail command", RETOUR_COMMAND_MAIL },
	{ "data command", RETOUR_COMMAND_DATA },
	{ "ehlo command", RETOUR_COMMAND_EHLO },
	{ "helo command", RETOUR_COMMAND_HELO },
	{ "starttls", RETOUR_COMMAND_STARTTLS },
	{ "initial connection", RETOUR_COMMAND_CONNECT }, /* Exim */
	{ ">>> data", RETOUR_COMMAND_DATA },              /* sendmail */
	{ ">>> ehlo", RETOUR_COMMAND_EHLO },
	{ ">>> helo", RETOUR_COMMAND_HELO },
	{ ">>> auth", RETOUR_COMMAND_AUTH },
	{ "greeting", RETOUR_COMMAND_CONNECT },
};

/* With which pairs of letters a wording may begin: bits of the second letter, for each first one,
 * both without their case. */
typedef struct {
	guint32 seconds[32];
} Openings;

static Openings
collect_openings(void)
{
	Openings openings = { { 0 } };
	for (guint i = 0; i < G_N_ELEMENTS(wordings); i++)
		openings.seconds[wordings[i].words[0] & 31] |= 1u << (wordings[i].words[1] & 31);
	return openings;
}

static gboolean
may_open(const Openings *openings, const char *text)
{
	return openings->seconds[text[0] & 31] >> (text[1] & 31) & 1;
}

/* One walk over the words: of the wordings that stand in the text the most telling one. */
RetourCommand
retour_command_find(RetourSpan text)
{
	Openings openings = collect_openings();
	guint best = G_N_ELEMENTS(wordings);
	for (gsize at = 0; at + 1 < text.length && best > 0; at++) {
		if (!may_open(&openings, text.data + at) ||
		    (at > 0 && g_ascii_isalnum(text.data[at - 1])))
			continue;
		for (guint i = 0; i < best; i++)
			if (retour_may_equal(text.data[at + 1], wordings[i].words[1]) &&
			    retour_span_has_prefix(retour_span_from(text, at), wordings[i].words))
				best = i;
	}
	return best < G_N_ELEMENTS(wordings) ? wordings[best].command : RETOUR_COMMAND_NONE;
}

static gboolean
is_host_char(char c)
{
	return g_ascii_isalnum(c) || c == '.' || c == '-' || c == '_';
}

/* Words before the name of the server that spoke. */
static const char *const introductions[] = {
	"host ",       /* Postfix, Exim: host mx.example.net[192.0.2.1] said */
	"talking to ", /* sendmail: ... while talking to mx.example.net.: */
	"mail server ", "remote server ", "mx ", "rejected by ", "from remote host ",
};

RetourSpan
retour_host_find(RetourSpan text)
{
	for (guint i = 0; i < G_N_ELEMENTS(introductions); i++) {
		gssize at = retour_span_find(text, 0, introductions[i]);
		if (at < 0 || (at > 0 && g_ascii_isalnum(text.data[at - 1])))
			continue;
		RetourSpan rest = retour_span_from(text, (gsize)at + strlen(introductions[i]));
		gsize length = 0;
		while (length < rest.length && is_host_char(rest.data[length]))
			length++;
		while (length > 0 && rest.data[length - 1] == '.')
			length--;
		RetourSpan host = retour_span_sub(rest, 0, length);
		if (retour_span_find_char(host, 0, '.') > 0)
			return host;
	}
	return retour_span(text.data, 0);
}
