/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "act/call.h"

/*
 * One-click unsubscription (RFC 8058): a POST to a URL that a mail brought, for whoever asks for it
 * and names the host. Only https at its own port, no redirects, no cookies or credentials, no
 * address that is not of the public Internet.
 */

#define RETOUR_ONE_CLICK_ERROR (retour_one_click_error_quark())
GQuark retour_one_click_error_quark(void);
typedef enum {
	RETOUR_ONE_CLICK_ERROR_NONE, /* the mail offers none */
	RETOUR_ONE_CLICK_ERROR_HOST, /* it leads elsewhere */
} RetourOneClickError;

/* The URL out of the values of List-Unsubscribe and List-Unsubscribe-Post (NULL: absent) that leads
 * to @host. (transfer full); NULL with @error */
char *retour_one_click_find(const char *unsubscribe, const char *post, const char *host,
                            GError **error);
void retour_one_click_send(const char *url, guint timeout, RetourResponse *response);
