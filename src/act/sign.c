/* SPDX-License-Identifier: BSD-2-Clause */
#include "act/sign.h"

#include <string.h>

#define PREFIX "whsec_"
#define SHA256_BYTES 32

/* The bytes of the key; NULL where there are none. (transfer full) */
static guchar *
read_key(const char *secret, gsize *length)
{
	if (g_str_has_prefix(secret, PREFIX))
		return g_base64_decode(secret + strlen(PREFIX), length);
	*length = strlen(secret);
	return g_memdup2(secret, *length);
}

gboolean
retour_sign_request(const char *secret, const char *id, gint64 now, const char *body,
                    GPtrArray *headers, GError **error)
{
	gsize length = 0, digest_length = SHA256_BYTES;
	guint8 digest[SHA256_BYTES];
	g_autofree guchar *key = read_key(secret, &length);
	if (length == 0) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		            "the secret is empty, or no Base64 behind " PREFIX
		            ": write another one");
		return FALSE;
	}
	g_autofree char *text = g_strdup_printf("%s.%" G_GINT64_FORMAT ".%s", id, now, body);
	GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA256, key, length);
	g_hmac_update(hmac, (const guchar *)text, -1);
	g_hmac_get_digest(hmac, digest, &digest_length);
	g_hmac_unref(hmac);
	g_autofree char *signature = g_base64_encode(digest, digest_length);
	g_ptr_array_add(headers, g_strdup_printf("webhook-id: %s", id));
	g_ptr_array_add(headers, g_strdup_printf("webhook-timestamp: %" G_GINT64_FORMAT, now));
	g_ptr_array_add(headers, g_strdup_printf("webhook-signature: v1,%s", signature));
	return TRUE;
}
