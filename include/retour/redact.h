/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/record.h>
#include <retour/return-path.h>

G_BEGIN_DECLS

/**
 * RetourRedactMode:
 * @RETOUR_REDACT_MASK: "l***@orchard.example": the first letter and the domain stay
 * @RETOUR_REDACT_HASH: "6b86…@redacted.invalid": the same address gives the same digits under the
 * same key (HMAC-SHA-256, of which 128 bits are shown)
 * @RETOUR_REDACT_DROP: nothing stays
 *
 * What becomes of an address.
 */
typedef enum {
	RETOUR_REDACT_MASK,
	RETOUR_REDACT_HASH,
	RETOUR_REDACT_DROP,
} RetourRedactMode;

/* FALSE if @name is no mode ("mask" "hash" "drop") */
RETOUR_API gboolean retour_redact_mode_parse(const char *name, RetourRedactMode *mode);

/**
 * RetourRedaction:
 *
 * How addresses are taken out of what is shown. Constant, so that any number of threads may use it.
 */
typedef struct _RetourRedaction RetourRedaction;

/**
 * retour_redaction_new:
 * @mode: what becomes of an address
 * @keys: (transfer full) (nullable): the first of them makes the digits of %RETOUR_REDACT_HASH, for
 * which it must be there; the others are of no use here
 *
 * Returns: (transfer full): the redaction
 *
 * Since: 0.1
 */
RETOUR_API RetourRedaction *retour_redaction_new(RetourRedactMode mode, RetourKeys *keys);
RETOUR_API void retour_redaction_free(RetourRedaction *redaction);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetourRedaction, retour_redaction_free)

/**
 * retour_redaction_apply:
 * @redaction: the redaction
 * @record: a record
 *
 * A copy of @record whose strings hold no address: neither where one is expected nor in
 * diagnostics, evidence, subjects, fields, links and identifiers, also in the forms user=domain and
 * user%40domain, nor the local part of an address of the record that stands alone as a word, unless
 * servers use that word. Offsets are those of @record, into the mail as it is; lengths too.
 *
 * Returns: (transfer full): the copy
 *
 * Since: 0.1
 */
RETOUR_API RetourRecord *retour_redaction_apply(const RetourRedaction *redaction,
                                                const RetourRecord *record);

/**
 * retour_redaction_append_address:
 * @redaction: the redaction
 * @address: an address, or a local part alone
 * @out: receives what it becomes
 *
 * Since: 0.1
 */
RETOUR_API void retour_redaction_append_address(const RetourRedaction *redaction,
                                                const char *address, GString *out);

/**
 * retour_redaction_append_text:
 * @redaction: the redaction
 * @about: (nullable): the address that the text is about: its local part is a name, too
 * @text: free text, UTF-8
 * @out: receives the text without addresses
 *
 * Since: 0.1
 */
RETOUR_API void retour_redaction_append_text(const RetourRedaction *redaction, const char *about,
                                             const char *text, GString *out);

G_END_DECLS
