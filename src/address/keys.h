/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/return-path.h>

/* One for each digit that may stand in an address. */
#define RETOUR_KEYS_MAX 10u

struct _RetourKeys {
	struct {
		guint id;     /* 0 to 9 */
		char *secret; /* owned */
	} keys[RETOUR_KEYS_MAX];
	guint n_keys; /* at least 1; the first one signs */
};

/* The file's text; @name stands for the file in messages. (transfer full) */
RetourKeys *retour_keys_parse(const char *name, const char *text, gsize length, GError **error);
/* The secret of a key, NULL if there is none. */
const char *retour_keys_find(const RetourKeys *keys, guint id);
