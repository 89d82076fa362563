/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/own.h"

#include "cli/time.h"

static gboolean
add_all(RetourOwnMail *mail, RetourOwnMailFact fact, char **values, GError **error)
{
	for (; values && *values; values++) {
		if (!retour_own_mail_add(mail, fact, *values, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
add_one(RetourOwnMail *mail, RetourOwnMailFact fact, const char *value, GError **error)
{
	return !value || retour_own_mail_add(mail, fact, value, error);
}

gboolean
retour_cli_add_facts(const RetourCliOwn *own, RetourOwnMail *mail, GError **error)
{
	return add_one(mail, RETOUR_OWN_MAIL_SENT, own->sent, error) &&
	       add_all(mail, RETOUR_OWN_MAIL_MESSAGE_ID, own->message_ids, error) &&
	       add_all(mail, RETOUR_OWN_MAIL_HOST, own->hosts, error) &&
	       add_all(mail, RETOUR_OWN_MAIL_AUTHSERV_ID, own->authserv_ids, error);
}

gboolean
retour_cli_load_own(const RetourCliCommand *command, RetourCliOwn *own)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(RetourOwnMail) mail = retour_own_mail_new();
	if (own->now_text && !retour_time_parse(own->now_text, &own->now))
		return retour_cli_refuse(command, "--now takes a time as 2026-11-24T10:00:00Z");
	if (!add_one(mail, RETOUR_OWN_MAIL_KEYS, own->keys, &error) ||
	    !add_one(mail, RETOUR_OWN_MAIL_RETURN_PATH, own->keys ? own->verp : NULL, &error) ||
	    !retour_cli_add_facts(own, mail, &error) || !retour_own_mail_check(mail, &error))
		return retour_cli_refuse(command, "%s", error->message);
	if (!retour_own_mail_is_empty(mail))
		own->mail = g_steal_pointer(&mail);
	return TRUE;
}

void
retour_cli_own_set(const RetourCliOwn *own, RetourOptions *options)
{
	options->verp = own->verp;
	options->own = own->mail;
	options->now = own->now;
}

void
retour_cli_own_clear(RetourCliOwn *own)
{
	g_free(own->verp);
	g_free(own->keys);
	g_free(own->sent);
	g_free(own->now_text);
	g_strfreev(own->message_ids);
	g_strfreev(own->hosts);
	g_strfreev(own->authserv_ids);
	retour_own_mail_free(own->mail);
}
