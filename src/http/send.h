/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "act/call.h"

/* HTTP by libcurl: http and https, no redirects, no proxy but the environment's, certificates
 * checked. */
void retour_http_send(const RetourRequest *request, RetourResponse *response);

/* The same for a URL that a stranger wrote (RFC 8058): https alone, no proxy, and no address that
 * is not of the public Internet, whatever its name resolves to when the connection is made. */
void retour_http_send_outside(const RetourRequest *request, RetourResponse *response);
