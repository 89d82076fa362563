/* SPDX-License-Identifier: BSD-2-Clause */
#include "address/host.h"

RetourSpan
retour_host_organisation(RetourSpan host)
{
	static const char *const second[] = { "co",  "com", "net", "org", "ac",  "gov",
		                              "edu", "ne",  "or",  "go",  "gob", "nom" };
	gsize dots[3] = { 0 };
	guint n = 0;
	for (gsize at = host.length; at > 0 && n < 3; at--) {
		if (host.data[at - 1] == '.')
			dots[n++] = at;
	}
	if (n < 2)
		return host;
	RetourSpan label = retour_span_sub(host, dots[1], dots[0] - 1 - dots[1]);
	gboolean country = host.length - dots[0] == 2;
	for (guint i = 0; country && i < G_N_ELEMENTS(second); i++) {
		if (retour_span_equal(label, second[i]))
			return n == 3 ? retour_span_from(host, dots[2]) : host;
	}
	return retour_span_from(host, dots[1]);
}

gboolean
retour_host_is_kin(RetourSpan a, RetourSpan b)
{
	RetourSpan one = retour_host_organisation(a), other = retour_host_organisation(b);
	return one.length > 0 && one.length == other.length &&
	       g_ascii_strncasecmp(one.data, other.data, one.length) == 0;
}
