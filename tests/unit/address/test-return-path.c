/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <retour/return-path.h>
#include <string.h>
#include <sys/stat.h>

#include "address/keys.h"

#define DAY (24 * 60 * 60)
#define NOW (20781 * (gint64)DAY + 3600) /* 2026-11-24 */

#define SECRET_1 "one secret of at least 32 characters"
#define SECRET_2 "two secrets of at least 32 characters"
#define NEWS "news-bounces+{token}-{local}={domain}@lists.example"
#define CHAT "chat-bounces+{token}-{local}={domain}@lists.example"

static RetourKeys *
keys_of(const char *text)
{
	g_autoptr(GError) error = NULL;
	RetourKeys *keys = retour_keys_parse("keys", text, strlen(text), &error);
	if (!keys)
		fail_msg("%s", error->message);
	return keys;
}

static RetourKeys *
ours(void)
{
	return keys_of("Key: 2\nSecret: " SECRET_2 "\n\nKey: 1\nSecret: " SECRET_1 "\n");
}

static char *
sign(const RetourKeys *keys, const char *template, const char *address)
{
	g_autoptr(GError) error = NULL;
	char *path = retour_return_path_sign(keys, template, address, NOW, 30, &error);
	if (!path)
		fail_msg("%s: %s", address, error->message);
	return path;
}

static void
expect(const char *name, const RetourKeys *keys, const char *template, const char *path, gint64 now,
       RetourSignature wanted)
{
	RetourSignature got = retour_return_path_check(keys, template, path, now, NULL);
	if (got != wanted)
		fail_msg("%s: %s is %s", name, path, retour_signature_to_string(got));
}

/* What is signed is valid for as long as it was said, in any case of letters, and tells its
 * address. */
static void
test_round_trip(void **state)
{
	(void)state;
	static const struct {
		const char *template, *address;
	} rows[] = {
		{ NEWS, "ada@orchard.example" },
		{ NEWS, "Ada.B+tag=x@Orchard.Example" },
		{ NEWS, "{local}@orchard.example" },
		{ NEWS, "{domain}@orchard.example" },
		{ "b+{token}+{domain}={local}@x.example", "ada@orchard.example" },
		{ "b+{token}-{local}={domain}-end@x.example", "ada@orchard.example" },
		{ NEWS, "käthe@bücher.example" },
		{ NULL, "news@lists.example" },
		{ NULL, "news-bounces+ada=orchard.example@lists.example" },
	};
	g_autoptr(RetourKeys) keys = ours();
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = sign(keys, rows[i].template, rows[i].address);
		g_autofree char *upper = g_ascii_strup(path, -1);
		g_autofree char *lower = g_ascii_strdown(path, -1);
		g_autoptr(GString) hidden = g_string_new(NULL);
		assert_int_equal(
		        retour_return_path_check(keys, rows[i].template, path, NOW, hidden),
		        RETOUR_SIGNATURE_VALID);
		assert_string_equal(hidden->str, rows[i].address);
		expect("upper case", keys, rows[i].template, upper, NOW, RETOUR_SIGNATURE_VALID);
		expect("lower case", keys, rows[i].template, lower, NOW, RETOUR_SIGNATURE_VALID);
		expect("last day", keys, rows[i].template, path, NOW + 30 * DAY,
		       RETOUR_SIGNATURE_VALID);
		expect("stolen old signature", keys, rows[i].template, path, NOW + 31 * DAY,
		       RETOUR_SIGNATURE_EXPIRED);
		expect("replayed after a year", keys, rows[i].template, path, NOW + 365 * DAY,
		       RETOUR_SIGNATURE_EXPIRED);
	}
}

/* Whatever one byte of a signed address becomes, it is not valid, but for the case of a letter. */
static void
test_every_byte_counts(void **state)
{
	(void)state;
	static const char *const templates[] = { NEWS, NULL };
	g_autoptr(RetourKeys) keys = ours();
	for (guint i = 0; i < G_N_ELEMENTS(templates); i++) {
		g_autofree char *path = sign(keys, templates[i], "ada@orchard.example");
		for (gsize at = 0; at < strlen(path); at++) {
			g_autofree char *forged = g_strdup(path);
			for (int byte = 1; byte < 128; byte++) {
				forged[at] = (char)byte;
				if (g_ascii_tolower((char)byte) != g_ascii_tolower(path[at]) &&
				    retour_return_path_check(keys, templates[i], forged, NOW,
				                             NULL) == RETOUR_SIGNATURE_VALID)
					fail_msg("byte %zu: %s is valid", at, forged);
			}
			g_autofree char *cut = g_strndup(path, at);
			if (retour_return_path_check(keys, templates[i], cut, NOW, NULL) ==
			    RETOUR_SIGNATURE_VALID)
				fail_msg("truncated: %s is valid", cut);
			g_autofree char *tail = g_strconcat(cut, path + at + 1, NULL);
			if (retour_return_path_check(keys, templates[i], tail, NOW, NULL) ==
			    RETOUR_SIGNATURE_VALID)
				fail_msg("a byte taken out: %s is valid", tail);
		}
	}
}

static void
test_of_others(void **state)
{
	(void)state;
	g_autoptr(RetourKeys) keys = ours();
	g_autoptr(RetourKeys) theirs = keys_of("Key: 2\nSecret: " SECRET_1 "\n");
	g_autoptr(RetourKeys) later = keys_of("Key: 3\nSecret: " SECRET_1 "\n");
	g_autofree char *chat = sign(keys, CHAT, "ada@orchard.example");
	g_autofree char *moved = g_strconcat("news", chat + 4, NULL);
	expect("another list's token", keys, NEWS, moved, NOW, RETOUR_SIGNATURE_FORGED);
	expect("another list's address", keys, NEWS, chat, NOW, RETOUR_SIGNATURE_NONE);
	g_autofree char *batv = sign(theirs, NULL, "news@lists.example");
	expect("BATV of another site", keys, NULL, batv, NOW, RETOUR_SIGNATURE_FORGED);
	g_autofree char *unknown = sign(later, NULL, "news@lists.example");
	expect("a key that is gone", keys, NULL, unknown, NOW, RETOUR_SIGNATURE_UNKNOWN_KEY);
	g_autofree char *future = retour_return_path_sign(keys, NEWS, "ada@orchard.example",
	                                                  NOW + 500 * (gint64)DAY, 400, NULL);
	expect("signed for longer than is allowed", keys, NEWS, future, NOW,
	       RETOUR_SIGNATURE_EXPIRED);
	expect("plain VERP", keys, NEWS, "news-bounces+ada=orchard.example@lists.example", NOW,
	       RETOUR_SIGNATURE_NONE);
	expect("no address", keys, NULL, "prvs=1234567890=", NOW, RETOUR_SIGNATURE_NONE);
}

/* The old key checks what it has signed, the new one signs. */
static void
test_rotation(void **state)
{
	(void)state;
	g_autoptr(RetourKeys) old = keys_of("Key: 1\nSecret: " SECRET_1 "\n");
	g_autoptr(RetourKeys) keys = ours();
	g_autofree char *path = sign(old, NEWS, "ada@orchard.example");
	g_autofree char *again = sign(keys, NEWS, "ada@orchard.example");
	expect("of the old key", keys, NEWS, path, NOW, RETOUR_SIGNATURE_VALID);
	expect("of the new key", keys, NEWS, again, NOW, RETOUR_SIGNATURE_VALID);
	assert_int_equal(path[strlen("news-bounces+")], '1');
	assert_int_equal(again[strlen("news-bounces+")], '2');
}

/* A signature that other programs have made too, by RFC 2104. python3:
 * hmac.new(SECRET_1, b"1811news@lists.example", "sha1").hexdigest()[:6] and
 * base64.b32encode(hmac.new(SECRET_1, b"1uklnews-bounces+-ada=orchard.example@lists.example",
 * "sha256").digest()[:5]) */
static void
test_known_value(void **state)
{
	(void)state;
	g_autoptr(RetourKeys) old = keys_of("Key: 1\nSecret: " SECRET_1 "\n");
	g_autofree char *batv = sign(old, NULL, "news@lists.example");
	g_autofree char *verp = sign(old, NEWS, "ada@orchard.example");
	assert_string_equal(batv, "prvs=1811b7718e=news@lists.example");
	assert_string_equal(verp, "news-bounces+1ukl3u6ko6km-ada=orchard.example@lists.example");
}

static void
test_refused(void **state)
{
	(void)state;
	static const struct {
		const char *template, *address;
		RetourKeysError code;
	} rows[] = {
		{ "b+{local}={domain}@x.example", "a@b.example", RETOUR_KEYS_ERROR_TEMPLATE },
		{ "b+{token}@x.example", "a@b.example", RETOUR_KEYS_ERROR_TEMPLATE },
		{ "{token}-{local}={domain}@x.example", "a@b.example", RETOUR_KEYS_ERROR_TEMPLATE },
		{ "b-{local}={domain}-{token}@x.example", "a@b.example",
		  RETOUR_KEYS_ERROR_TEMPLATE },
		{ "b-*-{token}-{local}={domain}@x.example", "a@b.example",
		  RETOUR_KEYS_ERROR_TEMPLATE },
		{ "b+{token}-{local}={domain}@*", "a@b.example", RETOUR_KEYS_ERROR_TEMPLATE },
		{ NEWS, "", RETOUR_KEYS_ERROR_ADDRESS },
		{ NEWS, "ada", RETOUR_KEYS_ERROR_ADDRESS },
		{ NEWS, "a@b.example, c@d.example", RETOUR_KEYS_ERROR_ADDRESS },
		{ NEWS, "\"a b\"@b.example", RETOUR_KEYS_ERROR_ADDRESS },
		{ NEWS, "a@[192.0.2.1]", RETOUR_KEYS_ERROR_ADDRESS },
		{ NEWS, "a-local-part-that-is-far-too-long@a-domain-that-is-long-too.example",
		  RETOUR_KEYS_ERROR_ADDRESS },
		{ NULL, "no address", RETOUR_KEYS_ERROR_ADDRESS },
	};
	g_autoptr(RetourKeys) keys = ours();
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *path = retour_return_path_sign(keys, rows[i].template,
		                                                rows[i].address, NOW, 30, &error);
		if (path || !g_error_matches(error, RETOUR_KEYS_ERROR, (int)rows[i].code))
			fail_msg("row %u: %s", i, path ? path : error->message);
	}
}

/* No message holds a secret. */
static void
test_bad_keys(void **state)
{
	(void)state;
	static const char *const rows[] = {
		"",
		"Key: 1\n",
		"Secret: " SECRET_1 "\n",
		"Key: 12\nSecret: " SECRET_1 "\n",
		"Key: x\nSecret: " SECRET_1 "\n",
		"Key: 1\nSecret: one secret\n",
		"Key: 1\nSecret: " SECRET_1 "\nSecret: " SECRET_2 "\n",
		"Key: 1\nSecret: " SECRET_1 "\n\nKey: 1\nSecret: " SECRET_2 "\n",
		"Key: 1\n" SECRET_1 "\n",
		SECRET_1,
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(RetourKeys) keys =
		        retour_keys_parse("keys", rows[i], strlen(rows[i]), &error);
		if (keys || !g_error_matches(error, RETOUR_KEYS_ERROR, RETOUR_KEYS_ERROR_FILE) ||
		    strstr(error->message, "one secret") || strstr(error->message, "two secrets"))
			fail_msg("row %u: %s", i, keys ? "was taken" : error->message);
	}
}

static void
test_file(void **state)
{
	(void)state;
	g_autofree char *folder = g_dir_make_tmp("keys-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "verp.keys", NULL);
	g_autofree char *first = NULL;
	for (guint i = 0; i < 15; i++) {
		g_autoptr(GError) error = NULL;
		struct stat status;
		if (!retour_keys_rotate(path, &error))
			fail_msg("%s", error->message);
		g_autoptr(RetourKeys) keys = retour_keys_read(path, &error);
		if (!keys)
			fail_msg("rotation %u: %s", i, error->message);
		assert_int_equal(keys->n_keys, MIN(i + 1, RETOUR_KEYS_MAX));
		assert_int_equal(stat(path, &status), 0);
		assert_int_equal(status.st_mode & 0777, i < 10 ? 0600 : 0640);
		if (first)
			expect("of the key before", keys, NEWS, first, NOW, RETOUR_SIGNATURE_VALID);
		g_free(first);
		first = sign(keys, NEWS, "ada@orchard.example");
		g_chmod(path, i < 9 ? 0600 : 0640);
	}
	g_autoptr(GError) error = NULL;
	g_chmod(path, 0644);
	assert_null(retour_keys_read(path, &error));
	assert_non_null(strstr(error->message, path));
	g_remove(path);
	g_rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),  cmocka_unit_test(test_every_byte_counts),
		cmocka_unit_test(test_of_others),   cmocka_unit_test(test_rotation),
		cmocka_unit_test(test_known_value), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_bad_keys),    cmocka_unit_test(test_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
