/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/macros.h>

G_BEGIN_DECLS

/*
 * Signed return paths: a bounce that comes to one answers a mail of ours. Two forms:
 *
 * VERP: a template such as "news-bounces+{token}-{local}={domain}@lists.example", which hides the
 * recipient; the token is the key's digit, the last day in 3 letters, and 40 bits of HMAC-SHA-256
 * over all of the address but itself.
 *
 * BATV (draft-levine-smtp-batv-01): "prvs=KDDDSSSSSS=local@domain" for any sender; 24 bits of
 * HMAC-SHA-1, and the last day modulo 1000.
 *
 * ASCII letters count in either case: some hosts fold them.
 */

/**
 * RetourKeys:
 *
 * The secrets that return paths are signed with: the first one signs, all of them check. Constant,
 * so that any number of threads may use it.
 */
typedef struct _RetourKeys RetourKeys;

#define RETOUR_KEYS_ERROR (retour_keys_error_quark())
RETOUR_API GQuark retour_keys_error_quark(void);

/**
 * RetourKeysError:
 * @RETOUR_KEYS_ERROR_FILE: the file of keys cannot be read or written, anybody may read it, or it
 * is malformed
 * @RETOUR_KEYS_ERROR_TEMPLATE: the template is malformed or cannot be signed
 * @RETOUR_KEYS_ERROR_ADDRESS: the address is none, cannot be hidden, or makes too long a local part
 *
 * No message holds a secret.
 */
typedef enum {
	RETOUR_KEYS_ERROR_FILE,
	RETOUR_KEYS_ERROR_TEMPLATE,
	RETOUR_KEYS_ERROR_ADDRESS,
} RetourKeysError;

/**
 * retour_keys_read:
 * @path: file with a block "Key: DIGIT", "Secret: TEXT" for each key; TEXT has 32 characters or
 * more
 * @error: return location, or %NULL
 *
 * Returns: (transfer full): %NULL with @error set
 */
RETOUR_API RetourKeys *retour_keys_read(const char *path, GError **error);

/**
 * retour_keys_rotate:
 * @path: file of keys; made, readable for its owner alone, if it is missing
 * @error: return location, or %NULL
 *
 * Puts a new key before those of the file, of which the newest 9 stay: what they signed holds. The
 * file is replaced as a whole; who may read it stays as it is.
 *
 * Returns: %FALSE with @error set
 */
RETOUR_API gboolean retour_keys_rotate(const char *path, GError **error);
/* Overwrites the secrets in memory. */
RETOUR_API void retour_keys_free(RetourKeys *keys);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetourKeys, retour_keys_free)

/* So many days may a signature hold. */
#define RETOUR_RETURN_PATH_DAYS_MAX 400u

/**
 * retour_return_path_sign:
 * @keys: the keys
 * @form: (nullable): form of return path, with {token}; %NULL for BATV
 * @address: the recipient; for BATV the sender
 * @now: seconds since the epoch
 * @days: how many days after this one it holds, up to %RETOUR_RETURN_PATH_DAYS_MAX
 * @error: return location, or %NULL
 *
 * Returns: (transfer full): the return path, %NULL with @error set
 */
RETOUR_API char *retour_return_path_sign(const RetourKeys *keys, const char *form,
                                         const char *address, gint64 now, guint days,
                                         GError **error);

/**
 * RetourSignature:
 * @RETOUR_SIGNATURE_NONE: the address is not of that form
 * @RETOUR_SIGNATURE_VALID: we have signed it, and it holds still
 * @RETOUR_SIGNATURE_EXPIRED: we have signed it, and its time is over
 * @RETOUR_SIGNATURE_UNKNOWN_KEY: signed, it says, with a key that we do not have
 * @RETOUR_SIGNATURE_FORGED: we have not signed it
 */
typedef enum {
	RETOUR_SIGNATURE_NONE,
	RETOUR_SIGNATURE_VALID,
	RETOUR_SIGNATURE_EXPIRED,
	RETOUR_SIGNATURE_UNKNOWN_KEY,
	RETOUR_SIGNATURE_FORGED,
} RetourSignature;

/* "none" "valid" "expired" "unknown-key" "forged" */
RETOUR_API const char *retour_signature_to_string(RetourSignature signature);

/**
 * retour_return_path_check:
 * @keys: the keys
 * @form: (nullable): form of return path, with {token}; %NULL for BATV
 * @address: to which the bounce came
 * @now: seconds since the epoch
 * @hidden: (nullable): the recipient (for BATV the sender) is appended, if the address is of that
 * form; believe it only if it is valid
 *
 * Takes the same time for a signature that is nearly right and one that is wrong altogether.
 *
 * Returns: what the signature is worth
 */
RETOUR_API RetourSignature retour_return_path_check(const RetourKeys *keys, const char *form,
                                                    const char *address, gint64 now,
                                                    GString *hidden);

G_END_DECLS
