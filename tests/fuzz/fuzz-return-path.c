/* SPDX-License-Identifier: BSD-2-Clause */

/* Signed return paths: what comes from outside is an address, what the site writes is a template
 * and a file of keys. */

#include <retour/return-path.h>
#include <string.h>

#include "address/keys.h"
#include "fuzz.h"

#define DAY (24 * 60 * 60)
#define KEYS "Key: 4\nSecret: 0123456789abcdef0123456789abcdef\n"

/* Nobody who does not know the key makes a valid one. */
static void
check_foreign(const RetourKeys *keys, const char *template, const char *address, gint64 now)
{
	g_autoptr(GString) hidden = g_string_new(NULL);
	RetourSignature signature = retour_return_path_check(keys, template, address, now, hidden);
	fuzz_require(signature != RETOUR_SIGNATURE_VALID && signature != RETOUR_SIGNATURE_EXPIRED,
	             "%s is %s", address, retour_signature_to_string(signature));
	fuzz_require((signature == RETOUR_SIGNATURE_NONE) == (hidden->len == 0), "%s hides %s",
	             address, hidden->str);
	fuzz_require(fuzz_is_text(hidden->str, hidden->len), "%s", hidden->str);
}

/* What can be signed is valid, and tells what it hides. */
static void
check_own(const RetourKeys *keys, const char *template, const char *address, gint64 now)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GString) hidden = g_string_new(NULL);
	g_autofree char *path = retour_return_path_sign(keys, template, address, now, 30, &error);
	fuzz_require((path == NULL) == (error != NULL), "%s", address);
	if (!path)
		return;
	fuzz_require(retour_return_path_check(keys, template, path, now + 30 * DAY, hidden) ==
	                     RETOUR_SIGNATURE_VALID,
	             "%s is not valid", path);
	fuzz_require(strcmp(hidden->str, address) == 0, "%s hides %s", path, hidden->str);
	fuzz_require(retour_return_path_check(keys, template, path, now + 31 * DAY, NULL) ==
	                     RETOUR_SIGNATURE_EXPIRED,
	             "%s does not expire", path);
}

static void
check_keys(const char *text, gsize length)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(RetourKeys) keys = retour_keys_parse("keys", text, length, &error);
	fuzz_require((keys == NULL) == (error != NULL), "keys and an error");
	fuzz_require(!keys || (keys->n_keys > 0 && keys->n_keys <= RETOUR_KEYS_MAX), "keys");
}

/* A first line is a template, each one after it an address. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	gsize length;
	g_autofree char *exact = fuzz_text(data, size, &length);
	g_autofree char *text = g_strndup(length > 0 ? exact : "", length);
	g_auto(GStrv) lines = g_strsplit(text, "\n", 64);
	g_autoptr(RetourKeys) keys = retour_keys_parse("keys", KEYS, strlen(KEYS), NULL);
	const gint64 now = 20781 * (gint64)DAY;
	check_keys(text, length);
	for (guint i = 1; lines[0] && lines[i]; i++) {
		check_foreign(keys, lines[0], lines[i], now);
		check_foreign(keys, NULL, lines[i], now);
		check_own(keys, lines[0], lines[i], now);
		check_own(keys, NULL, lines[i], now);
	}
	return 0;
}
