/* SPDX-License-Identifier: BSD-2-Clause */
#include "address/address.h"
#include "address/mailbox.h"
#include "base/limits.h"

/* Where the '@' before the domain stands, or -1. A quoted local part may hold others. */
static gssize
separator(RetourSpan address)
{
	for (gsize at = address.length; at > 0; at--)
		if (address.data[at - 1] == '@')
			return (gssize)at - 1;
	return -1;
}

RetourSpan
retour_address_domain(RetourSpan address)
{
	gssize at = separator(address);
	return at < 0 ? retour_span("", 0) : retour_span_from(address, (gsize)at + 1);
}

static gboolean
is_ascii(RetourSpan text)
{
	for (gsize at = 0; at < text.length; at++)
		if ((guchar)text.data[at] >= 0x80)
			return FALSE;
	return TRUE;
}

static void
append_lower(RetourSpan text, GString *out)
{
	if (is_ascii(text)) {
		gsize start = out->len;
		g_string_append_len(out, text.data, (gssize)text.length);
		for (char *c = out->str + start; c < out->str + out->len; c++)
			*c = *c >= 'A' && *c <= 'Z' ? (char)(*c | 0x20) : *c;
		return;
	}
	/* "e" with an accent is one character or two; both are the same letter (RFC 6532 3.1). */
	g_autofree char *lower = g_utf8_strdown(text.data, (gssize)text.length);
	g_autofree char *normal = g_utf8_normalize(lower, -1, G_NORMALIZE_NFC);
	g_string_append(out, normal ? normal : lower);
}

/* "\"user\"" means user (RFC 5321 4.1.2). */
static void
append_local(RetourSpan local, GString *out)
{
	if (local.length < 2 || local.data[0] != '"' || local.data[local.length - 1] != '"') {
		append_lower(local, out);
		return;
	}
	g_autoptr(GString) plain = g_string_sized_new(local.length);
	for (gsize at = 1; at + 1 < local.length; at++) {
		if (local.data[at] == '\\' && at + 2 < local.length)
			at++;
		g_string_append_c(plain, local.data[at]);
	}
	append_lower(retour_span(plain->str, plain->len), out);
}

static void
append_domain(RetourSpan domain, GString *out)
{
	if (domain.length > 1 && domain.data[domain.length - 1] == '.')
		domain.length--;
	/* The conversion takes quadratic time, and no such name is that long. */
	if (is_ascii(domain) || domain.length > RETOUR_LIMIT_ADDRESS) {
		append_lower(domain, out);
		return;
	}
	g_autofree char *name = g_strndup(domain.data, domain.length);
	g_autofree char *ascii = g_hostname_to_ascii(name);
	append_lower(ascii ? retour_span_of(ascii) : domain, out);
}

void
retour_address_append_key(RetourSpan address, GString *out)
{
	gssize at = separator(address);
	if (at < 0) {
		append_local(address, out);
		return;
	}
	append_local(retour_span_sub(address, 0, (gsize)at), out);
	g_string_append_c(out, '@');
	append_domain(retour_span_from(address, (gsize)at + 1), out);
}

gboolean
retour_address_equal(RetourSpan a, RetourSpan b)
{
	if (a.length == b.length && g_ascii_strncasecmp(a.data, b.data, a.length) == 0)
		return TRUE;
	g_autoptr(GString) first = g_string_new(NULL);
	g_autoptr(GString) second = g_string_new(NULL);
	retour_address_append_key(a, first);
	retour_address_append_key(b, second);
	return g_string_equal(first, second);
}

/* Local parts of mail systems, with a '*' at the end of a beginning. */
static const char *const daemons[] = {
	"mailer-daemon",
	"mailer_daemon",
	"mailerdaemon",
	"mailer.daemon",
	"mail-daemon",
	"mail.daemon",
	"maildaemon",
	"mdaemon",
	"postmaster",
	"double-bounce",
	"mail-deamon",
	"mailer-deamon",
	"mailsubsystem",
	"mail-subsystem",
	"mailsystem",
	"mail-system",
	"mail_system",
	"nullmailer",
	"smtp-daemon",
	"smtpd",
	"uucp",
	"microsoftexchange*",
	"maildelivery-subsystem",
	"mail-delivery-subsystem",
	"mail-delivery-system",
	"maildeliverysystem",
};

static gboolean
is_daemon_name(RetourSpan local, const char *name)
{
	if (!retour_may_equal(local.data[0], name[0]))
		return FALSE;
	if (!g_str_has_suffix(name, "*"))
		return retour_span_equal(local, name);
	gsize length = strlen(name) - 1;
	return local.length >= length && g_ascii_strncasecmp(local.data, name, length) == 0;
}

gboolean
retour_address_is_daemon(RetourSpan address)
{
	address = retour_span_trim(address);
	if (address.length >= 2 && address.data[0] == '<' &&
	    address.data[address.length - 1] == '>')
		address = retour_span_sub(address, 1, address.length - 2);
	gssize at = separator(address);
	RetourSpan local = retour_span_sub(address, 0, at < 0 ? address.length : (gsize)at);
	if (local.length == 0)
		return TRUE;
	for (guint i = 0; i < G_N_ELEMENTS(daemons); i++)
		if (is_daemon_name(local, daemons[i]))
			return TRUE;
	return FALSE;
}
