/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/return-path.h>

G_BEGIN_DECLS

/**
 * RetourOwnMail:
 *
 * What a site knows of the mail that it sends, and by which it tells whether a bounce answers one
 * of its own. Once it is made it is constant, so that any number of threads may use it.
 */
typedef struct _RetourOwnMail RetourOwnMail;

#define RETOUR_OWN_MAIL_ERROR (retour_own_mail_error_quark())
RETOUR_API GQuark retour_own_mail_error_quark(void);

/**
 * RetourOwnMailError:
 * @RETOUR_OWN_MAIL_ERROR_FILE: a file cannot be read, or is too large
 * @RETOUR_OWN_MAIL_ERROR_VALUE: a value is malformed
 *
 * Keys that cannot be used are an error of %RETOUR_KEYS_ERROR. No message holds a secret.
 */
typedef enum {
	RETOUR_OWN_MAIL_ERROR_FILE,
	RETOUR_OWN_MAIL_ERROR_VALUE,
} RetourOwnMailError;

/**
 * RetourOwnMailFact:
 * @RETOUR_OWN_MAIL_KEYS: file of the keys that return paths are signed with
 * @RETOUR_OWN_MAIL_RETURN_PATH: form of signed return paths, with {token}; BATV without it
 * @RETOUR_OWN_MAIL_MESSAGE_ID: pattern of Message-IDs, without brackets; '*' stands for anything
 * @RETOUR_OWN_MAIL_SENT: file of the Message-IDs that were sent, one a line, and after a space whom
 * it was sent to, where that is to be checked
 * @RETOUR_OWN_MAIL_HOST: pattern of the names of hosts that send for the site
 * @RETOUR_OWN_MAIL_AUTHSERV_ID: pattern of the authserv-ids of Authentication-Results (RFC 8601)
 * that are believed: those of the site's own border, which takes forged ones away
 */
typedef enum {
	RETOUR_OWN_MAIL_KEYS,
	RETOUR_OWN_MAIL_RETURN_PATH,
	RETOUR_OWN_MAIL_MESSAGE_ID,
	RETOUR_OWN_MAIL_SENT,
	RETOUR_OWN_MAIL_HOST,
	RETOUR_OWN_MAIL_AUTHSERV_ID,
} RetourOwnMailFact;

RETOUR_API RetourOwnMail *retour_own_mail_new(void); /* (transfer full); nothing is known yet */
RETOUR_API void retour_own_mail_free(RetourOwnMail *own);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetourOwnMail, retour_own_mail_free)

/**
 * retour_own_mail_add:
 * @own: what is known so far
 * @fact: what of
 * @value: the pattern, form or path
 * @error: return location, or %NULL
 *
 * Patterns may be added again and again; a file or form takes the place of the one before.
 *
 * Returns: %FALSE with @error set, and nothing added
 */
RETOUR_API gboolean retour_own_mail_add(RetourOwnMail *own, RetourOwnMailFact fact,
                                        const char *value, GError **error);

/**
 * retour_own_mail_check:
 * @own: what is known
 * @error: return location, or %NULL
 *
 * Returns: %FALSE with @error set where the form of return paths cannot be signed by the keys: then
 * no mail would ever be told by them
 */
RETOUR_API gboolean retour_own_mail_check(const RetourOwnMail *own, GError **error);

/* Whether nothing is known by which mail could be told. */
RETOUR_API gboolean retour_own_mail_is_empty(const RetourOwnMail *own);

/**
 * RetourAuthentic:
 * @RETOUR_AUTHENTIC_SUSPICIOUS: it contradicts what the site knows of its mail
 * @RETOUR_AUTHENTIC_UNVERIFIED: nothing speaks for it that is not easily forged
 * @RETOUR_AUTHENTIC_PLAUSIBLE: it looks like an answer to mail of the site: its writer has seen
 * such mail, has guessed what it looks like, or is trusted
 * @RETOUR_AUTHENTIC_VERIFIED: it answers a mail that was sent to this recipient
 */
typedef enum {
	RETOUR_AUTHENTIC_SUSPICIOUS,
	RETOUR_AUTHENTIC_UNVERIFIED,
	RETOUR_AUTHENTIC_PLAUSIBLE,
	RETOUR_AUTHENTIC_VERIFIED,
} RetourAuthentic;

/* "suspicious" "unverified" "plausible" "verified" */
RETOUR_API const char *retour_authentic_to_string(RetourAuthentic level);
RETOUR_API gboolean retour_authentic_parse(const char *word, RetourAuthentic *level);

/**
 * RetourGround:
 * @word: what speaks for it or against it: "return-path-signed" …
 * @text: (nullable): what that was seen in
 */
typedef struct {
	const char *word, *text;
} RetourGround;

/**
 * RetourAuthenticity:
 * @level: how far it can be believed that this recipient's report answers a mail of the site
 * @grounds: why, of @n_grounds; what could not be looked at is not among them
 * @signature: of the return path, the best that the mail shows
 * @signed_for: it is valid, and for this recipient; BATV, which names none, is for any
 */
typedef struct {
	RetourAuthentic level;
	const RetourGround *grounds;
	guint n_grounds;
	RetourSignature signature;
	gboolean signed_for;
} RetourAuthenticity;

G_END_DECLS
