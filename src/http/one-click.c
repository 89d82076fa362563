/* SPDX-License-Identifier: BSD-2-Clause */
#include "http/one-click.h"

#include <curl/curl.h>
#include <string.h>

#include "base/span.h"
#include "http/send.h"

#define COMMAND "List-Unsubscribe=One-Click"

G_DEFINE_QUARK(retour - one - click - error - quark, retour_one_click_error)

/* One part of a URL; NULL if it has none. (transfer full) */
static char *
part_of(CURLU *url, CURLUPart part)
{
	char *text = NULL, *copy = NULL;
	if (curl_url_get(url, part, &text, 0) == CURLUE_OK)
		copy = g_strdup(text);
	curl_free(text);
	return copy;
}

/* https, the host alone, at its own port. */
static gboolean
leads_to(const char *text, const char *host)
{
	CURLU *url = curl_url();
	gboolean good = url && curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK;
	g_autofree char *scheme = good ? part_of(url, CURLUPART_SCHEME) : NULL;
	g_autofree char *there = good ? part_of(url, CURLUPART_HOST) : NULL;
	g_autofree char *port = good ? part_of(url, CURLUPART_PORT) : NULL;
	g_autofree char *user = good ? part_of(url, CURLUPART_USER) : NULL;
	curl_url_cleanup(url);
	return scheme && there && strcmp(scheme, "https") == 0 &&
	       g_ascii_strcasecmp(there, host) == 0 && (!port || strcmp(port, "443") == 0) && !user;
}

char *
retour_one_click_find(const char *unsubscribe, const char *post, const char *host, GError **error)
{
	RetourSpan rest = retour_span_of(unsubscribe);
	gssize open, close;
	if (!unsubscribe || !post ||
	    !retour_span_equal(retour_span_trim(retour_span_of(post)), COMMAND)) {
		g_set_error(error, RETOUR_ONE_CLICK_ERROR, RETOUR_ONE_CLICK_ERROR_NONE,
		            "the mail that came back offers no one-click unsubscription: it wants "
		            "List-Unsubscribe and \"List-Unsubscribe-Post: " COMMAND "\"");
		return NULL;
	}
	while ((open = retour_span_find_char(rest, 0, '<')) >= 0 &&
	       (close = retour_span_find_char(rest, (gsize)open, '>')) >= 0) {
		g_autofree char *url = g_strndup(rest.data + open + 1, (gsize)(close - open - 1));
		if (leads_to(url, host))
			return g_steal_pointer(&url);
		rest = retour_span_from(rest, (gsize)close + 1);
	}
	g_set_error(
	        error, RETOUR_ONE_CLICK_ERROR, RETOUR_ONE_CLICK_ERROR_HOST,
	        "its List-Unsubscribe has no https address at %s: look where it leads, and name "
	        "that host if it is yours",
	        host);
	return NULL;
}

void
retour_one_click_send(const char *url, guint timeout, RetourResponse *response)
{
	g_autoptr(GPtrArray) headers = g_ptr_array_new();
	g_ptr_array_add(headers, (gpointer) "Content-Type: application/x-www-form-urlencoded");
	const RetourRequest request = {
		.method = "POST",
		.url = url,
		.headers = headers,
		.body = COMMAND,
		.timeout = timeout,
	};
	retour_http_send_outside(&request, response);
}
