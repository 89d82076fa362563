/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/redact.h>

#include "base/span.h"

/* A word that servers use, as "user" or "mailbox": it names nobody. @word is in lower case. */
gboolean retour_is_server_word(const char *word);

/* What is known of one record while it is redacted. */
typedef struct {
	const RetourRedaction *redaction;
	GHashTable *locals; /* owned; local part in lower case → the address that it is of, owned */
	GHashTable *domains; /* owned; domains of addresses, in lower case */
} RetourRedactor;

void retour_redactor_init(RetourRedactor *redactor, const RetourRedaction *redaction);
void retour_redactor_clear(RetourRedactor *redactor);
/* Notes the address and whatever it hides: its local part will be redacted where it stands alone.
 */
void retour_redactor_know(RetourRedactor *redactor, const char *address);
/* Notes the addresses that stand in a text. */
void retour_redactor_know_text(RetourRedactor *redactor, const char *text);

/* The mode is one that shows parts of an address. */
gboolean retour_redactor_shows_parts(const RetourRedactor *redactor);

/* One identity as a whole, whatever its form. */
void retour_redactor_append_address(const RetourRedactor *redactor, RetourSpan address,
                                    GString *out);
/* Free text. */
void retour_redactor_append_text(const RetourRedactor *redactor, RetourSpan text, GString *out);
/* A Message-ID: it has the form of an address and is none, but its left side may hold one. */
void retour_redactor_append_message_id(const RetourRedactor *redactor, RetourSpan id, GString *out);
/* List-Unsubscribe: what stands behind the host of a link tells who was written to. */
void retour_redactor_append_links(const RetourRedactor *redactor, RetourSpan links, GString *out);
/* The key of a recipient, of which @rest is what the redacted record still tells. */
void retour_redactor_append_key(const RetourRedactor *redactor, const char *key, const char *rest,
                                GString *out);
