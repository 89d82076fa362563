/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "base/span.h"

/*
 * Mailboxes: RFC 5321 and 6531 syntax with the tolerance that bounces need. Recognisers allocate
 * nothing. Text is valid UTF-8. What is recognised is a span of the input; "address" is always
 * local@domain without brackets.
 */

/* An addr-spec at the very start of @text: dot-atom or quoted local part, '@', a domain (a name,
 * one label being legal here, or an address literal in brackets); UTF-8 in both. Returns the bytes
 * matched, 0 if none. The match ends before a trailing dot of a sentence. */
gsize retour_address_match(RetourSpan text);

/* The next address at or after @from in free text, where it stands between delimiters ("<…>",
 * "(…)", quotes, spaces, colons, "mailto:"). TRUE and @found (offset and length) if there is one.
 * Words that only look like one (Message-IDs in
 * "<>" with long random local parts are still addresses here: the caller knows the context) are not
 * judged. */
gboolean retour_address_find(RetourSpan text, gsize from, gsize *offset, gsize *length);

/* One address field value: "rfc822; <a@b>", "a@b", "Name <a@b>", "utf-8; …\x{HEX}…", "unknown; …",
 * "x400; …". The type (lower case, "" if none is given) goes to @type, the mailbox, decoded (RFC
 * 6533 3 for utf-8, comments and brackets off), is appended to @out. A local part alone (no '@') is
 * accepted where the type says rfc822 or is missing. FALSE and nothing appended when there is no
 * mailbox. */
gboolean retour_address_from_field(RetourSpan value, RetourSpan *type, GString *out);

/* Appends xtext decoded (RFC 3461 4): "+2B" is "+". Invalid sequences stay as they are. */
void retour_address_decode_xtext(RetourSpan text, GString *out);
/* Appends a utf-8-addr decoded (RFC 6533 3): "\x{5C}". Left unchanged as a whole if one sequence is
 * invalid. */
void retour_address_decode_utf8(RetourSpan text, GString *out);

/* What an address hides (facts: VERP, XVERP, BATV prvs and btv1, SRS0, SRS1, IMCEA…). */
typedef enum {
	RETOUR_DISGUISE_NONE,
	RETOUR_DISGUISE_VERP,  /* list-bounces+user=example.com@list: the hidden mailbox is the
	                          recipient */
	RETOUR_DISGUISE_BATV,  /* prvs=0123abcdef=user@d, btv1==HASH==user@d */
	RETOUR_DISGUISE_SRS,   /* SRS0=HHH=TT=d=user@fwd, SRS1=… */
	RETOUR_DISGUISE_IMCEA, /* IMCEASMTP-user+40dom+2Ecom@… */
} RetourDisguise;

/* Takes one disguise off @address; the mailbox under it is appended to @out. Untrusted: compare, do
 * not believe. */
RetourDisguise retour_address_unveil(RetourSpan address, GString *out);

/* TRUE where two mailboxes are the same: domain caseless (IDNA A-labels and U-labels alike), local
 * part caseless too, as receivers in practice treat it. */
gboolean retour_address_equal(RetourSpan a, RetourSpan b);

/* The domain of @address, a span of it; empty if it has none. */
RetourSpan retour_address_domain(RetourSpan address);

/* mailer-daemon@, postmaster@, <> and their kin: an address that is never a recipient who failed
 * because of a list. */
gboolean retour_address_is_daemon(RetourSpan address);

/* Appends the comparison key: local part and domain in lower case, domain in A-labels (RFC 5891
 * through GLib). */
void retour_address_append_key(RetourSpan address, GString *out);
