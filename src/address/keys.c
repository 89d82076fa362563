/* SPDX-License-Identifier: BSD-2-Clause */
#include "address/keys.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/table.h"

/* Characters. Ours are hexadecimal digits of so many random bytes. */
#define SECRET_MIN 32
#define SECRET_BYTES 32

G_DEFINE_QUARK(retour - keys - error - quark, retour_keys_error)

static gboolean fault(GError **error, const char *name, guint line,
                      const char *what) G_GNUC_WARN_UNUSED_RESULT;

static gboolean
fault(GError **error, const char *name, guint line, const char *what)
{
	g_set_error(error, RETOUR_KEYS_ERROR, RETOUR_KEYS_ERROR_FILE, "%s:%u: %s", name, line,
	            what);
	return FALSE;
}

static gboolean
add_key(RetourKeys *keys, const char *name, const RetourBlock *block, GError **error)
{
	const char *id = retour_block_get(block, "Key");
	const char *secret = retour_block_get(block, "Secret");
	if (block->n_fields != 2 || !id || !secret)
		return fault(error, name, block->line,
		             "a key has the fields Key and Secret: write these two");
	if (!g_ascii_isdigit(id[0]) || id[1] != '\0')
		return fault(error, name, block->line,
		             "a key is named by one digit: write as in \"Key: 1\"");
	if (strlen(secret) < SECRET_MIN)
		return fault(error, name, block->line,
		             "the secret is too short: make one with 'retour verp rotate'");
	if (retour_keys_find(keys, (guint)(id[0] - '0')))
		return fault(error, name, block->line,
		             "there is a key of that digit already: take another one");
	keys->keys[keys->n_keys].id = (guint)(id[0] - '0');
	keys->keys[keys->n_keys++].secret = g_strdup(secret);
	return TRUE;
}

RetourKeys *
retour_keys_parse(const char *name, const char *text, gsize length, GError **error)
{
	g_autoptr(GError) cause = NULL;
	g_autoptr(RetourKeys) keys = g_new0(RetourKeys, 1);
	g_autoptr(RetourBlocks) blocks = retour_blocks_parse(name, text, length, &cause);
	if (!blocks) {
		g_set_error_literal(error, RETOUR_KEYS_ERROR, RETOUR_KEYS_ERROR_FILE,
		                    cause->message);
		return NULL;
	}
	for (guint i = 0; i < retour_blocks_get_size(blocks); i++) {
		if (!add_key(keys, name, retour_blocks_get_block(blocks, i), error))
			return NULL;
	}
	if (keys->n_keys == 0 &&
	    !fault(error, name, 1, "there is no key: make one with 'retour verp rotate'"))
		return NULL;
	return g_steal_pointer(&keys);
}

RetourKeys *
retour_keys_read(const char *path, GError **error)
{
	struct stat status;
	g_autofree char *text = NULL;
	g_autoptr(GError) cause = NULL;
	gsize length;
	if (!g_file_get_contents(path, &text, &length, &cause)) {
		g_set_error_literal(error, RETOUR_KEYS_ERROR, RETOUR_KEYS_ERROR_FILE,
		                    cause->message);
		return NULL;
	}
	RetourKeys *keys = NULL;
	if (stat(path, &status) != 0 || (status.st_mode & (S_IROTH | S_IWOTH)) != 0)
		g_set_error(
		        error, RETOUR_KEYS_ERROR, RETOUR_KEYS_ERROR_FILE,
		        "%s may be read or written by anybody: chmod o-rw it, and take new keys "
		        "with 'retour verp rotate'",
		        path);
	else
		keys = retour_keys_parse(path, text, length, error);
	explicit_bzero(text, length);
	return keys;
}

static void
clear_key(RetourKeys *keys, guint index)
{
	explicit_bzero(keys->keys[index].secret, strlen(keys->keys[index].secret));
	g_free(keys->keys[index].secret);
}

void
retour_keys_free(RetourKeys *keys)
{
	if (!keys)
		return;
	for (guint i = 0; i < keys->n_keys; i++)
		clear_key(keys, i);
	g_free(keys);
}

const char *
retour_keys_find(const RetourKeys *keys, guint id)
{
	for (guint i = 0; i < keys->n_keys; i++) {
		if (keys->keys[i].id == id)
			return keys->keys[i].secret;
	}
	return NULL;
}

static guint
free_id(const RetourKeys *keys)
{
	guint id = keys->n_keys > 0 ? keys->keys[0].id : 0;
	for (guint i = 0; i < RETOUR_KEYS_MAX; i++) {
		id = (id + 1) % RETOUR_KEYS_MAX;
		if (!retour_keys_find(keys, id))
			break;
	}
	return id;
}

static void
append_key(GString *out, guint id, const char *secret)
{
	g_string_append_printf(out, "Key: %u\nSecret: %s\n\n", id, secret);
}

static void
append_new_key(GString *out, guint id)
{
	guint8 random[SECRET_BYTES];
	char secret[2 * SECRET_BYTES + 1];
	/* Up to 256 bytes come whole, whatever signals do (getrandom(2)). */
	if (getrandom(random, sizeof random, 0) != sizeof random)
		g_error("getrandom: %s", g_strerror(errno));
	for (gsize i = 0; i < SECRET_BYTES; i++)
		g_snprintf(secret + 2 * i, 3, "%02x", random[i]);
	append_key(out, id, secret);
	explicit_bzero(random, sizeof random);
	explicit_bzero(secret, sizeof secret);
}

/* With the owner and the mode of the file that it replaces. */
static gboolean
write_keys(const char *path, const GString *text, GError **error)
{
	struct stat status = { .st_mode = 0600 };
	gboolean there = stat(path, &status) == 0;
	g_autoptr(GError) cause = NULL;
	if (g_file_set_contents_full(path, text->str, (gssize)text->len,
	                             G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
	                             (int)status.st_mode & 0770, &cause) &&
	    (!there || (chown(path, status.st_uid, status.st_gid) == 0 &&
	                chmod(path, status.st_mode & 0770) == 0)))
		return TRUE;
	g_set_error(error, RETOUR_KEYS_ERROR, RETOUR_KEYS_ERROR_FILE, "%s: %s", path,
	            cause ? cause->message : g_strerror(errno));
	return FALSE;
}

gboolean
retour_keys_rotate(const char *path, GError **error)
{
	const RetourKeys none = { .n_keys = 0 };
	g_autoptr(RetourKeys) keys = NULL;
	if (g_file_test(path, G_FILE_TEST_EXISTS)) {
		keys = retour_keys_read(path, error);
		if (!keys)
			return FALSE;
		if (keys->n_keys == RETOUR_KEYS_MAX)
			clear_key(keys, --keys->n_keys);
	}
	GString *text = g_string_sized_new(4096);
	append_new_key(text, free_id(keys ? keys : &none));
	for (guint i = 0; keys && i < keys->n_keys; i++)
		append_key(text, keys->keys[i].id, keys->keys[i].secret);
	gboolean written = write_keys(path, text, error);
	explicit_bzero(text->str, text->len);
	g_string_free(text, TRUE);
	return written;
}
