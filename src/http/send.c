/* SPDX-License-Identifier: BSD-2-Clause */
#include "http/send.h"

#include <curl/curl.h>
#include <string.h>
#include <unistd.h>

#include "http/address-range.h"

/* To connect, seconds; all of a request has its own time. */
#define CONNECT_TIMEOUT 10L
/* As an answer may ask to wait; seconds. */
#define RETRY_AFTER_MAX (24 * 60 * 60)

static gboolean
init_once(void)
{
	static gsize once;
	static CURLcode code;
	if (g_once_init_enter(&once)) {
		code = curl_global_init(CURL_GLOBAL_DEFAULT);
		g_once_init_leave(&once, 1);
	}
	return code == CURLE_OK;
}

/* What goes beyond is read and forgotten: the status has told enough. */
static size_t
take_body(char *bytes, size_t size, size_t n, void *data)
{
	GString *body = data;
	gsize length = size * n, room = RETOUR_RESPONSE_MAX - MIN(body->len, RETOUR_RESPONSE_MAX);
	g_string_append_len(body, bytes, (gssize)MIN(length, room));
	return length;
}

/* Where the connection goes is known here for certain: a name may resolve otherwise each time. */
static curl_socket_t
open_public(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
	gboolean *refused = data;
	(void)purpose;
	if (!retour_address_is_public(&address->addr, (socklen_t)address->addrlen)) {
		*refused = TRUE;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static struct curl_slist *
make_headers(const RetourRequest *request)
{
	struct curl_slist *list = NULL;
	for (guint i = 0; request->headers && i < request->headers->len; i++)
		list = curl_slist_append(list, g_ptr_array_index(request->headers, i));
	if (request->authorization) {
		g_autofree char *line =
		        g_strconcat("Authorization: ", request->authorization, NULL);
		list = curl_slist_append(list, line);
	}
	/* No waiting for leave to send a body. */
	return curl_slist_append(list, "Expect:");
}

static void
set_request(CURL *curl, const RetourRequest *request, struct curl_slist *headers)
{
	curl_easy_setopt(curl, CURLOPT_URL, request->url);
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	if (request->body) {
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)strlen(request->body));
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body);
	}
	if (request->credentials) {
		curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
		curl_easy_setopt(curl, CURLOPT_USERPWD, request->credentials);
	}
	if (request->ca)
		curl_easy_setopt(curl, CURLOPT_CAINFO, request->ca);
}

static void
set_limits(CURL *curl, const RetourRequest *request, RetourResponse *response, char *fault)
{
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, fault);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)request->timeout);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_TIMEOUT);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "retour");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, response->body);
}

static void
set_outside(CURL *curl, gboolean *refused)
{
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_public);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, refused);
}

/* Before a connection stands nothing was asked for. */
static gboolean
was_sent(CURLcode code)
{
	static const CURLcode before[] = {
		CURLE_COULDNT_RESOLVE_HOST,     CURLE_COULDNT_RESOLVE_PROXY,
		CURLE_COULDNT_CONNECT,          CURLE_SSL_CONNECT_ERROR,
		CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
		CURLE_UNSUPPORTED_PROTOCOL,     CURLE_URL_MALFORMAT,
	};
	for (guint i = 0; i < G_N_ELEMENTS(before); i++) {
		if (code == before[i])
			return FALSE;
	}
	return TRUE;
}

static void
read_outcome(CURL *curl, CURLcode code, const char *fault, gboolean refused,
             RetourResponse *response)
{
	long status = 0;
	curl_off_t wait = 0;
	response->sent = was_sent(code);
	if (code != CURLE_OK) {
		response->trouble = refused ? g_strdup("the address is none of the public Internet")
		                            : g_strdup(*fault ? fault : curl_easy_strerror(code));
		return;
	}
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &wait);
	response->status = (guint)CLAMP(status, 0, 999);
	response->retry_after = (guint)CLAMP(wait, 0, RETRY_AFTER_MAX);
	if (response->status == 0)
		response->trouble = g_strdup("no answer of HTTP");
}

static void
send_request(const RetourRequest *request, gboolean outside, RetourResponse *response)
{
	char fault[CURL_ERROR_SIZE] = "";
	gboolean refused = FALSE;
	CURL *curl = init_once() ? curl_easy_init() : NULL;
	if (!curl) {
		response->trouble = g_strdup("libcurl does not start");
		return;
	}
	struct curl_slist *headers = make_headers(request);
	set_request(curl, request, headers);
	set_limits(curl, request, response, fault);
	if (outside)
		set_outside(curl, &refused);
	CURLcode code = curl_easy_perform(curl);
	read_outcome(curl, code, fault, refused, response);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
}

void
retour_http_send(const RetourRequest *request, RetourResponse *response)
{
	send_request(request, FALSE, response);
}

void
retour_http_send_outside(const RetourRequest *request, RetourResponse *response)
{
	send_request(request, TRUE, response);
}
