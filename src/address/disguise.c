/* SPDX-License-Identifier: BSD-2-Clause */
#include "address/address.h"
#include "address/mailbox.h"
#include "base/limits.h"

/*
 * How a local part hides another mailbox, tried in this order. "lead" is what stands before the
 * hidden part, in lower case with these marks:
 *   *  at its start: the lead may begin anywhere; the leftmost place counts
 *   #  one or more letters and digits
 *   H  one or more of anything but '=': a hash in base64, a time stamp
 *   D  a domain
 *   ~  one of "=+-": SRS takes any of them as its first separator
 */
typedef enum {
	FORM_SAME_DOMAIN, /* the rest is the local part; the domain stays */
	FORM_EQUALS,      /* the rest is user=domain */
	FORM_ONE_EQUALS,  /* the same, and it has no other '=' */
	FORM_SRS,         /* the rest is domain=user */
	FORM_HEX,         /* the rest is user+40domain */
	FORM_BEFORE_TAG,  /* the rest is user/tag */
	FORM_SYMPA,       /* the rest is user==a==domain==list */
} Form;

typedef struct {
	const char *lead;
	RetourDisguise disguise;
	Form form;
} Row;

/* clang-format off */
static const Row rows[] = {
	/* draft-levine-smtp-batv: "prvs=" tag-val "="; the first drafts had it the other way round */
	{ "prvs=#=", RETOUR_DISGUISE_BATV, FORM_SAME_DOMAIN }, /* prvs=0123abcdef=user@d */
	{ "prvs=", RETOUR_DISGUISE_BATV, FORM_BEFORE_TAG }, /* prvs=user/0123abcdef@d */
	{ "btv1==#==", RETOUR_DISGUISE_BATV, FORM_SAME_DOMAIN }, /* Barracuda: btv1==0123abcdef==user@d */
	{ "msprvs1=#=", RETOUR_DISGUISE_BATV, FORM_SAME_DOMAIN }, /* Momentum: msprvs1=18123abcdef=bounces-1@d */
	/* libsrs2; SRS1 holds the SRS0 address of the first hop behind "==" */
	{ "srs0~H=H=", RETOUR_DISGUISE_SRS, FORM_SRS }, /* SRS0=HHH=TT=example.com=user@fwd */
	{ "srs1~H=D=~H=H=", RETOUR_DISGUISE_SRS, FORM_SRS }, /* SRS1=GGG=first.example==HHH=TT=example.com=user@fwd */
	/* Exchange; IMCEAEX- holds a directory name, no mailbox */
	{ "imceasmtp-", RETOUR_DISGUISE_IMCEA, FORM_HEX }, /* IMCEASMTP-user+40example+2Ecom@d */
	{ "imceamailto-", RETOUR_DISGUISE_IMCEA, FORM_HEX }, /* IMCEAMAILTO-user+40example+2Ecom@d */
	{ "imceainvalid-", RETOUR_DISGUISE_IMCEA, FORM_HEX }, /* IMCEAINVALID-user+40example+2Ecom@d */
	{ "imcearfc822-", RETOUR_DISGUISE_IMCEA, FORM_HEX }, /* IMCEARFC822-user+40example+2Ecom@d */
	/* senders of bulk mail and list managers */
	{ "*+caf_=", RETOUR_DISGUISE_VERP, FORM_EQUALS }, /* Google: me+caf_=user=example.com@gmail.com */
	{ "bounce+", RETOUR_DISGUISE_VERP, FORM_SYMPA }, /* Sympa: bounce+user==a==example.com==list@d */
	{ "bounces+#-#-", RETOUR_DISGUISE_VERP, FORM_EQUALS }, /* SendGrid: bounces+123-4567-user=example.com@d */
	{ "bounce+#.#-", RETOUR_DISGUISE_VERP, FORM_EQUALS }, /* Mailgun: bounce+9c9b99.c-user=example.com@d */
	{ "bounce-#-#-", RETOUR_DISGUISE_VERP, FORM_EQUALS }, /* bounce-1234567-1234567-user=example.com@d */
	{ "bounces-#-", RETOUR_DISGUISE_VERP, FORM_EQUALS }, /* bounces-1234-user=example.com@d */
	{ "b-#-", RETOUR_DISGUISE_VERP, FORM_EQUALS }, /* b-88-user=example.com@d */
	{ "*+bounces-#-", RETOUR_DISGUISE_VERP, FORM_EQUALS }, /* mlmmj: list+bounces-110-user=example.com@d */
	{ "*-bounces+", RETOUR_DISGUISE_VERP, FORM_EQUALS }, /* Mailman: list-bounces+user=example.com@d */
	{ "*-return-#-", RETOUR_DISGUISE_VERP, FORM_EQUALS }, /* ezmlm: list-return-123-user=example.com@d */
	{ "*-return-", RETOUR_DISGUISE_VERP, FORM_EQUALS }, /* qmail: list-return-user=example.com@d */
	{ "*-owner-", RETOUR_DISGUISE_VERP, FORM_EQUALS }, /* qmail: list-owner-user=example.com@d */
	{ "*-bounces-", RETOUR_DISGUISE_VERP, FORM_EQUALS }, /* list-bounces-user=example.com@d */
	{ "*-bounce-", RETOUR_DISGUISE_VERP, FORM_EQUALS }, /* list-bounce-user=example.com@d */
	{ "*+", RETOUR_DISGUISE_VERP, FORM_EQUALS }, /* Postfix XVERP: owner-list+user=example.com@d */
	{ "", RETOUR_DISGUISE_VERP, FORM_ONE_EQUALS }, /* user=example.com@d */
};
/* clang-format on */

static gsize
alnum_length(RetourSpan text)
{
	gsize at = 0;
	while (at < text.length && g_ascii_isalnum(text.data[at]))
		at++;
	return at;
}

/* Bytes at the start of @text that one mark or letter of a lead takes, 0 if it does not fit. */
static gsize
mark_length(char mark, RetourSpan text)
{
	gssize equals;
	if (text.length == 0)
		return 0;
	switch (mark) {
	case '#':
		return alnum_length(text);
	case 'H':
		equals = retour_span_find_char(text, 0, '=');
		return equals < 0 ? 0 : (gsize)equals;
	case 'D':
		return retour_domain_match(text);
	case '~':
		return strchr("=+-", text.data[0]) && text.data[0] ? 1 : 0;
	default:
		return g_ascii_tolower(text.data[0]) == mark ? 1 : 0;
	}
}

static gboolean
lead_fits(const char *lead, RetourSpan text, gsize *length)
{
	gsize at = 0, step;
	for (; *lead; lead++, at += step)
		if ((step = mark_length(*lead, retour_span_from(text, at))) == 0)
			return FALSE;
	*length = at;
	return TRUE;
}

/* What is behind the lead in @local. FALSE if it has none. */
static gboolean
take_lead(const char *lead, RetourSpan local, RetourSpan *rest)
{
	gboolean anywhere = lead[0] == '*';
	gsize last = anywhere ? local.length : 1, length;
	for (gsize at = 0; at < last; at++) {
		if (!lead_fits(lead + anywhere, retour_span_from(local, at), &length))
			continue;
		*rest = retour_span_from(local, at + length);
		return TRUE;
	}
	return FALSE;
}

static void
append_mailbox(RetourSpan local, RetourSpan domain, GString *out)
{
	g_string_append_len(out, local.data, (gssize)local.length);
	g_string_append_c(out, '@');
	g_string_append_len(out, domain.data, (gssize)domain.length);
}

/* Offset of the last '=', -1 if there is none. */
static gssize
last_equals(RetourSpan text)
{
	gssize at = (gssize)text.length - 1;
	while (at >= 0 && text.data[at] != '=')
		at--;
	return at;
}

/* "user=example.com": the last '=' is the '@'. The domain has a dot, or any plus address with a '='
 * would do. */
static void
append_equals(RetourSpan rest, GString *out)
{
	gssize at = last_equals(rest);
	RetourSpan domain = retour_span_from(rest, (gsize)(at + 1));
	if (at > 0 && retour_span_find_char(domain, 0, '.') > 0)
		append_mailbox(retour_span_sub(rest, 0, (gsize)at), domain, out);
}

static void
append_srs(RetourSpan rest, GString *out)
{
	gssize at = retour_span_find_char(rest, 0, '=');
	if (at > 0)
		append_mailbox(retour_span_from(rest, (gsize)at + 1),
		               retour_span_sub(rest, 0, (gsize)at), out);
}

static void
append_before_tag(RetourSpan rest, RetourSpan domain, GString *out)
{
	gssize at = retour_span_find_char(rest, 0, '/');
	RetourSpan tag = retour_span_from(rest, (gsize)(at + 1));
	if (at > 0 && tag.length > 0 && alnum_length(tag) == tag.length)
		append_mailbox(retour_span_sub(rest, 0, (gsize)at), domain, out);
}

static void
append_sympa(RetourSpan rest, GString *out)
{
	gssize at = retour_span_find(rest, 0, "==a==");
	if (at <= 0)
		return;
	RetourSpan domain = retour_span_from(rest, (gsize)at + strlen("==a=="));
	gssize end = retour_span_find(domain, 0, "==");
	append_mailbox(retour_span_sub(rest, 0, (gsize)at), retour_span_sub(domain, 0, (gsize)end),
	               out);
}

static void
append_hidden(Form form, RetourSpan rest, RetourSpan domain, GString *out)
{
	switch (form) {
	case FORM_SAME_DOMAIN:
		append_mailbox(rest, domain, out);
		break;
	case FORM_ONE_EQUALS:
		if (retour_span_find_char(rest, 0, '=') == last_equals(rest))
			append_equals(rest, out);
		break;
	case FORM_EQUALS:
		append_equals(rest, out);
		break;
	case FORM_SRS:
		append_srs(rest, out);
		break;
	case FORM_HEX:
		retour_address_decode_xtext(rest, out);
		break;
	case FORM_BEFORE_TAG:
		append_before_tag(rest, domain, out);
		break;
	case FORM_SYMPA:
		append_sympa(rest, out);
		break;
	}
}

RetourDisguise
retour_address_unveil(RetourSpan address, GString *out)
{
	RetourSpan domain = retour_address_domain(address);
	if (domain.length == 0 || address.length > RETOUR_LIMIT_ADDRESS)
		return RETOUR_DISGUISE_NONE;
	RetourSpan local = retour_span_sub(address, 0, address.length - domain.length - 1);
	/* Only Exchange's disguise does without a '='; most addresses wear none. */
	if (retour_span_find_char(local, 0, '=') < 0 && !retour_span_has_prefix(local, "imcea"))
		return RETOUR_DISGUISE_NONE;
	gsize start = out->len;
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		RetourSpan rest;
		if (!take_lead(rows[i].lead, local, &rest))
			continue;
		append_hidden(rows[i].form, rest, domain, out);
		RetourSpan hidden = retour_span(out->str + start, out->len - start);
		if (hidden.length > 0 && retour_address_match(hidden) == hidden.length)
			return rows[i].disguise;
		g_string_truncate(out, start);
	}
	return RETOUR_DISGUISE_NONE;
}
