/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>
#include <sys/socket.h>

/* Whether it is a unicast address of the public Internet (IANA's registries of special-purpose
 * addresses); IPv4 hidden in IPv6 is looked at as IPv4. */
gboolean retour_address_is_public(const struct sockaddr *address, socklen_t length);
