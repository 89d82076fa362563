/* SPDX-License-Identifier: BSD-2-Clause */
#include <retour/return-path.h>
#include <string.h>

#include "address/address.h"
#include "address/keys.h"
#include "address/verp.h"
#include "base/limits.h"

#define DAY (24 * 60 * 60)

/* RFC 5321 4.5.3.1.1; octets. */
#define LOCAL_PART_MAX 64

/* "prvs=" K DDD SSSSSS "=" */
#define BATV_HEAD "prvs="
#define BATV_TAG 10

/* RFC 4648 6 in lower case: letters that survive the folding of case. */
static const char base32[] = "abcdefghijklmnopqrstuvwxyz234567";

/* What a token says beside its signature. */
typedef struct {
	guint key;
	gint64 day; /* the last one on which it holds; since the epoch, for BATV modulo 1000 */
} Claim;

static void
append_base32(guint64 value, guint digits, GString *out)
{
	while (digits-- > 0)
		g_string_append_c(out, base32[(value >> (5 * digits)) & 31]);
}

/* Appends the signature of @rest, which is all of the address but the token. */
static void
append_signature(const char *secret, gboolean batv, const char *claim, const char *rest,
                 GString *out)
{
	guint8 sum[32];
	gsize size = sizeof sum;
	g_autofree char *folded = g_ascii_strdown(rest, -1);
	GHmac *hmac = g_hmac_new(batv ? G_CHECKSUM_SHA1 : G_CHECKSUM_SHA256, (const guchar *)secret,
	                         strlen(secret));
	g_hmac_update(hmac, (const guchar *)claim, 4);
	g_hmac_update(hmac, (const guchar *)folded, (gssize)strlen(folded));
	g_hmac_get_digest(hmac, sum, &size);
	g_hmac_unref(hmac);
	if (batv) {
		g_string_append_printf(out, "%02x%02x%02x", sum[0], sum[1], sum[2]);
		return;
	}
	guint64 bits = 0;
	for (gsize i = 0; i < 5; i++)
		bits = bits << 8 | sum[i];
	append_base32(bits, 8, out);
}

static void
append_token(const RetourKeys *keys, gboolean batv, gint64 day, const char *rest, GString *out)
{
	char claim[5];
	g_autoptr(GString) digits = g_string_new(NULL);
	g_string_append_printf(digits, "%u", keys->keys[0].id);
	if (batv)
		g_string_append_printf(digits, "%03d", (int)(day % 1000));
	else
		append_base32((guint64)day, 3, digits);
	g_strlcpy(claim, digits->str, sizeof claim);
	g_string_append(out, claim);
	append_signature(keys->keys[0].secret, batv, claim, rest, out);
}

static gboolean
is_mailbox(const char *address)
{
	return *address && strlen(address) <= RETOUR_LIMIT_ADDRESS &&
	       retour_address_match(retour_span_of(address)) == strlen(address);
}

static gboolean
refuse(GError **error, RetourKeysError code, const char *address, const char *what)
{
	g_set_error(error, RETOUR_KEYS_ERROR, (int)code, "%s: %s", address, what);
	return FALSE;
}

static gboolean
check_template(const char *template, GError **error)
{
	const char *fault = NULL;
	if (!retour_verp_check(retour_span_of(template), &fault))
		return refuse(error, RETOUR_KEYS_ERROR_TEMPLATE, template, fault);
	if (!strstr(template, RETOUR_VERP_TOKEN) || strchr(template, '*'))
		return refuse(error, RETOUR_KEYS_ERROR_TEMPLATE, template,
		              "what is signed needs {token} and no star: write as in "
		              "\"bounces+{token}-{local}={domain}@lists.example\"");
	return TRUE;
}

static gboolean
check_length(const char *path, GError **error)
{
	if (strrchr(path, '@') - path <= LOCAL_PART_MAX)
		return TRUE;
	return refuse(error, RETOUR_KEYS_ERROR_ADDRESS, path,
	              "its local part has more than 64 octets: shorten the template, or sign the "
	              "sender in the form of BATV");
}

static char *
sign_batv(const RetourKeys *keys, const char *address, gint64 day, GError **error)
{
	g_autoptr(GString) path = g_string_new(BATV_HEAD);
	append_token(keys, TRUE, day, address, path);
	g_string_append_c(path, '=');
	g_string_append(path, address);
	return check_length(path->str, error) ? g_strdup(path->str) : NULL;
}

static char *
replace(const char *text, const char *what, const char *with)
{
	g_autoptr(GString) out = g_string_new(text);
	g_string_replace(out, what, with, 1);
	return g_strdup(out->str);
}

/* The template with the recipient in it; what remains of the braces is the token. */
static char *
fill(const char *template, const char *address)
{
	const char *at = strrchr(address, '@');
	const char *token = strstr(template, RETOUR_VERP_TOKEN);
	g_autofree char *head = g_strndup(template, (gsize)(token - template));
	g_autofree char *local = g_strndup(address, (gsize)(at - address));
	g_autoptr(GString) tail = g_string_new(token + strlen(RETOUR_VERP_TOKEN));
	/* The latter of the two first: braces may stand in a local part. */
	gboolean local_first = strstr(tail->str, "{local}") < strstr(tail->str, "{domain}");
	g_autofree char *one = replace(tail->str, local_first ? "{domain}" : "{local}",
	                               local_first ? at + 1 : local);
	g_autofree char *both =
	        replace(one, local_first ? "{local}" : "{domain}", local_first ? local : at + 1);
	return g_strconcat(head, RETOUR_VERP_TOKEN, both, NULL);
}

static char *
sign_verp(const RetourKeys *keys, const char *template, const char *address, gint64 day,
          GError **error)
{
	g_autofree char *filled = fill(template, address);
	gsize place = (gsize)(strstr(template, RETOUR_VERP_TOKEN) - template);
	g_autoptr(GString) rest = g_string_new(filled);
	g_string_erase(rest, (gssize)place, strlen(RETOUR_VERP_TOKEN));
	g_autoptr(GString) token = g_string_new(NULL);
	append_token(keys, FALSE, day, rest->str, token);
	g_string_insert(rest, (gssize)place, token->str);
	g_autoptr(GString) again = g_string_new(NULL);
	if (!is_mailbox(rest->str) ||
	    !retour_verp_decode(retour_span_of(template), retour_span_of(rest->str), again) ||
	    strcmp(again->str, address) != 0) {
		refuse(error, RETOUR_KEYS_ERROR_ADDRESS, address,
		       "it cannot be told again from this form of return path: sign the sender in "
		       "the form of BATV");
		return NULL;
	}
	return check_length(rest->str, error) ? g_strdup(rest->str) : NULL;
}

char *
retour_return_path_sign(const RetourKeys *keys, const char *template, const char *address,
                        gint64 now, guint days, GError **error)
{
	g_return_val_if_fail(keys && address && now >= 0 && days <= RETOUR_RETURN_PATH_DAYS_MAX,
	                     NULL);
	gint64 day = now / DAY + days;
	if (!is_mailbox(address) || strchr(address, '"')) {
		refuse(error, RETOUR_KEYS_ERROR_ADDRESS, address,
		       "it is no address that can be signed: write as in ada@orchard.example");
		return NULL;
	}
	if (!template)
		return sign_batv(keys, address, day, error);
	return check_template(template, error) ? sign_verp(keys, template, address, day, error)
	                                       : NULL;
}

/* Every byte is looked at, whatever stands before it. */
static gboolean
equal_in_constant_time(const char *a, const char *b, gsize length)
{
	guint8 difference = 0;
	for (gsize i = 0; i < length; i++)
		difference |= (guint8)((guint8)a[i] ^ (guint8)b[i]);
	return difference == 0;
}

static gboolean
read_claim(const char *token, gboolean batv, Claim *claim)
{
	claim->day = 0;
	for (gsize i = 1; i < 4; i++) {
		const char *digit = batv ? NULL : strchr(base32, token[i]);
		if (batv ? !g_ascii_isdigit(token[i]) : !digit)
			return FALSE;
		claim->day = batv ? claim->day * 10 + (token[i] - '0')
		                  : claim->day * 32 + (digit - base32);
	}
	claim->key = (guint)(token[0] - '0');
	return g_ascii_isdigit(token[0]);
}

static gboolean
holds(const Claim *claim, gboolean batv, gint64 now)
{
	gint64 left = batv ? (claim->day + 1000 - now / DAY % 1000) % 1000 : claim->day - now / DAY;
	return left >= 0 && left <= RETOUR_RETURN_PATH_DAYS_MAX;
}

/* @token is in lower case and as long as its form asks for. */
static RetourSignature
check_token(const RetourKeys *keys, gboolean batv, const char *token, const char *rest, gint64 now)
{
	Claim claim;
	if (!read_claim(token, batv, &claim))
		return RETOUR_SIGNATURE_FORGED;
	const char *secret = retour_keys_find(keys, claim.key);
	if (!secret)
		return RETOUR_SIGNATURE_UNKNOWN_KEY;
	g_autoptr(GString) good = g_string_new(NULL);
	append_signature(secret, batv, token, rest, good);
	if (!equal_in_constant_time(good->str, token + 4, good->len))
		return RETOUR_SIGNATURE_FORGED;
	return holds(&claim, batv, now) ? RETOUR_SIGNATURE_VALID : RETOUR_SIGNATURE_EXPIRED;
}

static RetourSignature
check_batv(const RetourKeys *keys, const char *address, gint64 now, GString *hidden)
{
	const char *tag = address + strlen(BATV_HEAD);
	if (g_ascii_strncasecmp(address, BATV_HEAD, strlen(BATV_HEAD)) != 0 ||
	    strnlen(tag, BATV_TAG) < BATV_TAG || tag[BATV_TAG] != '=')
		return RETOUR_SIGNATURE_NONE;
	const char *rest = tag + BATV_TAG + 1;
	g_autofree char *token = g_ascii_strdown(tag, BATV_TAG);
	if (!is_mailbox(rest))
		return RETOUR_SIGNATURE_NONE;
	if (hidden)
		g_string_append(hidden, rest);
	return check_token(keys, TRUE, token, rest, now);
}

static RetourSignature
check_verp(const RetourKeys *keys, const char *template, const char *address, gint64 now,
           GString *hidden)
{
	gsize place = (gsize)(strstr(template, RETOUR_VERP_TOKEN) - template);
	g_autoptr(GString) recipient = g_string_new(NULL);
	if (!retour_verp_decode(retour_span_of(template), retour_span_of(address), recipient))
		return RETOUR_SIGNATURE_NONE;
	g_autofree char *token = g_ascii_strdown(address + place, RETOUR_VERP_TOKEN_LENGTH);
	g_autoptr(GString) rest = g_string_new(address);
	g_string_erase(rest, (gssize)place, RETOUR_VERP_TOKEN_LENGTH);
	if (hidden)
		g_string_append(hidden, recipient->str);
	return check_token(keys, FALSE, token, rest->str, now);
}

RetourSignature
retour_return_path_check(const RetourKeys *keys, const char *template, const char *address,
                         gint64 now, GString *hidden)
{
	g_return_val_if_fail(keys && address, RETOUR_SIGNATURE_NONE);
	if (strlen(address) > RETOUR_LIMIT_ADDRESS || now < 0 ||
	    (template && !check_template(template, NULL)))
		return RETOUR_SIGNATURE_NONE;
	return template ? check_verp(keys, template, address, now, hidden)
	                : check_batv(keys, address, now, hidden);
}

const char *
retour_signature_to_string(RetourSignature signature)
{
	static const char *const words[] = { "none", "valid", "expired", "unknown-key", "forged" };
	return words[signature];
}
