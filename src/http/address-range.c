/* SPDX-License-Identifier: BSD-2-Clause */
#include "http/address-range.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

typedef struct {
	const char *prefix;
	guint bits;
} Range;

/* RFC 6890 and IANA's registries, 2024; multicast and what is reserved as well. */
static const Range special4[] = {
	{ "0.0.0.0", 8 },       { "10.0.0.0", 8 },     { "100.64.0.0", 10 },
	{ "127.0.0.0", 8 },     { "169.254.0.0", 16 }, { "172.16.0.0", 12 },
	{ "192.0.0.0", 24 },    { "192.0.2.0", 24 },   { "192.31.196.0", 24 },
	{ "192.52.193.0", 24 }, { "192.88.99.0", 24 }, { "192.168.0.0", 16 },
	{ "192.175.48.0", 24 }, { "198.18.0.0", 15 },  { "198.51.100.0", 24 },
	{ "203.0.113.0", 24 },  { "224.0.0.0", 3 },
};

/* Of IPv6 only 2000::/3 is unicast of the Internet; these lie within. */
static const Range special6[] = {
	{ "2001::", 23 },         { "2001:db8::", 32 }, { "2002::", 16 },
	{ "2620:4f:8000::", 48 }, { "3fff::", 20 },
};

static gboolean
lies_in(const guint8 *bytes, const Range *range, int family)
{
	guint8 prefix[16];
	if (inet_pton(family, range->prefix, prefix) != 1)
		return TRUE;
	guint whole = range->bits / 8, rest = range->bits % 8;
	return memcmp(bytes, prefix, whole) == 0 &&
	       (rest == 0 || (bytes[whole] ^ prefix[whole]) >> (8 - rest) == 0);
}

static gboolean
is_public4(const guint8 *bytes)
{
	for (guint i = 0; i < G_N_ELEMENTS(special4); i++) {
		if (lies_in(bytes, &special4[i], AF_INET))
			return FALSE;
	}
	return TRUE;
}

static gboolean
is_public6(const guint8 *bytes)
{
	static const guint8 mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
	static const guint8 nat64[12] = { 0, 0x64, 0xff, 0x9b };
	if (memcmp(bytes, mapped, sizeof mapped) == 0 || memcmp(bytes, nat64, sizeof nat64) == 0)
		return is_public4(bytes + 12);
	for (guint i = 0; i < G_N_ELEMENTS(special6); i++) {
		if (lies_in(bytes, &special6[i], AF_INET6))
			return FALSE;
	}
	return bytes[0] >> 5 == 1;
}

gboolean
retour_address_is_public(const struct sockaddr *address, socklen_t length)
{
	if (address->sa_family == AF_INET && length >= sizeof(struct sockaddr_in)) {
		struct sockaddr_in in;
		memcpy(&in, address, sizeof in);
		return is_public4((const guint8 *)&in.sin_addr);
	}
	if (address->sa_family == AF_INET6 && length >= sizeof(struct sockaddr_in6)) {
		struct sockaddr_in6 in;
		memcpy(&in, address, sizeof in);
		return is_public6(in.sin6_addr.s6_addr);
	}
	return FALSE;
}
