/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/* Adds webhook-id, webhook-timestamp and webhook-signature, as the specification of Standard
 * Webhooks says: the receiver can tell who sent it, when, and that nothing was changed. @secret:
 * any text, or "whsec_" and Base64. FALSE with @error where that is none. */
gboolean retour_sign_request(const char *secret, const char *id, gint64 now, const char *body,
                             GPtrArray *headers, GError **error);
