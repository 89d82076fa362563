/* SPDX-License-Identifier: BSD-2-Clause */
#include "authenticity/own-mail.h"

#include <string.h>

#include "base/wildcard.h"

G_DEFINE_QUARK(retour - own - mail - error - quark, retour_own_mail_error)

RetourOwnMail *
retour_own_mail_new(void)
{
	RetourOwnMail *own = g_new0(RetourOwnMail, 1);
	own->message_ids = g_ptr_array_new_with_free_func(g_free);
	own->hosts = g_ptr_array_new_with_free_func(g_free);
	own->authserv_ids = g_ptr_array_new_with_free_func(g_free);
	return own;
}

void
retour_own_mail_free(RetourOwnMail *own)
{
	if (!own)
		return;
	retour_keys_free(own->keys);
	retour_sent_free(own->sent);
	g_free(own->form);
	g_ptr_array_unref(own->message_ids);
	g_ptr_array_unref(own->hosts);
	g_ptr_array_unref(own->authserv_ids);
	g_free(own);
}

/* A pattern of stars alone would take everybody's mail for ours. */
static gboolean
add_pattern(GPtrArray *patterns, const char *value, const char *example, GError **error)
{
	gsize length = strlen(value);
	if (strspn(value, "*. @") == length || strpbrk(value, " \t\r\n<>")) {
		g_set_error(error, RETOUR_OWN_MAIL_ERROR, RETOUR_OWN_MAIL_ERROR_VALUE,
		            "\"%s\" tells nothing: write as in \"%s\"", value, example);
		return FALSE;
	}
	g_ptr_array_add(patterns, g_strdup(value));
	return TRUE;
}

static gboolean
read_keys(RetourOwnMail *own, const char *path, GError **error)
{
	RetourKeys *keys = retour_keys_read(path, error);
	if (!keys)
		return FALSE;
	retour_keys_free(own->keys);
	own->keys = keys;
	return TRUE;
}

static gboolean
read_sent(RetourOwnMail *own, const char *path, GError **error)
{
	RetourSent *sent = retour_sent_read(path, error);
	if (!sent)
		return FALSE;
	retour_sent_free(own->sent);
	own->sent = sent;
	return TRUE;
}

gboolean
retour_own_mail_add(RetourOwnMail *own, RetourOwnMailFact fact, const char *value, GError **error)
{
	switch (fact) {
	case RETOUR_OWN_MAIL_KEYS:
		return read_keys(own, value, error);
	case RETOUR_OWN_MAIL_RETURN_PATH:
		g_free(own->form);
		own->form = g_strdup(value);
		return TRUE;
	case RETOUR_OWN_MAIL_MESSAGE_ID:
		return add_pattern(own->message_ids, value, "*@lists.example", error);
	case RETOUR_OWN_MAIL_SENT:
		return read_sent(own, value, error);
	case RETOUR_OWN_MAIL_HOST:
		return add_pattern(own->hosts, value, "*.lists.example", error);
	case RETOUR_OWN_MAIL_AUTHSERV_ID:
		return add_pattern(own->authserv_ids, value, "mx.lists.example", error);
	}
	g_return_val_if_reached(FALSE);
}

gboolean
retour_own_mail_check(const RetourOwnMail *own, GError **error)
{
	if (!own->keys)
		return TRUE;
	g_autofree char *trial =
	        retour_return_path_sign(own->keys, own->form, "a@a.example", 0, 0, error);
	return trial != NULL;
}

gboolean
retour_own_mail_is_empty(const RetourOwnMail *own)
{
	return !own->keys && !own->sent && own->message_ids->len == 0 && own->hosts->len == 0 &&
	       own->authserv_ids->len == 0;
}

gboolean
retour_own_mail_fits(const GPtrArray *patterns, RetourSpan text)
{
	for (guint i = 0; i < patterns->len; i++) {
		if (retour_wildcard_fits(retour_span_of(g_ptr_array_index(patterns, i)), text))
			return TRUE;
	}
	return FALSE;
}
