/* SPDX-License-Identifier: BSD-2-Clause */
#include "act/call.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "act/run.h"
#include "act/sign.h"
#include "address/address.h"
#include "base/json-line.h"
#include "base/write.h"

/* Of an answer's words so many are told, bytes. */
#define WORDS_MAX 160

/* "user:password", a token: bytes. */
#define SECRET_MAX 4096u

typedef struct {
	const RetourManager *manager;
	const RetourCall *call;
	const RetourValues *values;
	RetourCallReply *reply;
} Making;

/* It cannot be done as it stands; nothing was done. */
static void
say_no(RetourCallReply *reply, const GError *error)
{
	reply->answer = RETOUR_ANSWER_NO;
	reply->trouble = g_strdup(error->message);
}

static void
put_off(RetourCallReply *reply, char *trouble)
{
	reply->answer = RETOUR_ANSWER_AGAIN;
	reply->unreachable = TRUE;
	reply->trouble = trouble;
}

static RetourForm
form_of_body(const Making *making)
{
	const char *content = making->manager->content;
	if (content && strstr(content, "json"))
		return RETOUR_FORM_JSON;
	return making->call->means == RETOUR_MEANS_REQUEST && !content ? RETOUR_FORM_FORM
	                                                               : RETOUR_FORM_LINE;
}

/* A line, or several, for a file or a program. */
static GString *
expand_lines(const Making *making, GError **error)
{
	g_autoptr(GString) out = g_string_new(NULL);
	if (!making->call->body)
		return g_steal_pointer(&out);
	if (!retour_template_expand(making->call->body, form_of_body(making), making->values, out,
	                            error))
		return NULL;
	g_string_append_c(out, '\n');
	return g_steal_pointer(&out);
}

/* ---- a program ---- */

static char **
expand_words(const Making *making)
{
	guint n = g_strv_length(making->call->words);
	char **words = g_new0(char *, n + 1);
	for (guint i = 0; i < n; i++) {
		g_autoptr(GString) word = g_string_new(NULL);
		retour_template_expand(making->call->words[i], RETOUR_FORM_WORD, making->values,
		                       word, NULL);
		words[i] = g_strdup(word->str);
	}
	return words;
}

static void
run(const Making *making, void (*line)(RetourSpan line, gpointer data), gpointer data)
{
	RetourCallReply *reply = making->reply;
	g_autoptr(GError) error = NULL;
	g_autoptr(GString) input = expand_lines(making, &error);
	if (!input) {
		say_no(reply, error);
		return;
	}
	g_auto(GStrv) words = expand_words(making);
	const RetourRun program = {
		.words = words,
		.user = making->manager->user,
		.input = input->str,
		.input_length = input->len,
		.timeout = making->manager->timeout,
		.line = line,
		.data = data,
	};
	RetourRan ran;
	retour_run(&program, &ran);
	reply->begun = ran.started;
	if (ran.status < 0) {
		put_off(reply, g_steal_pointer(&ran.trouble));
		return;
	}
	reply->answer = retour_manager_judge(making->manager, making->call, (guint)ran.status);
	reply->unreachable = reply->answer == RETOUR_ANSWER_AGAIN;
	if (reply->answer > RETOUR_ANSWER_MOOT)
		reply->trouble =
		        g_strdup_printf("%s ended with %d%s%s", words[0], ran.status,
		                        ran.trouble ? ": " : "", ran.trouble ? ran.trouble : "");
	retour_ran_clear(&ran);
}

/* ---- a file ---- */

static gboolean
lacks_line_end(int fd)
{
	char last = '\n';
	off_t end = lseek(fd, 0, SEEK_END);
	return end > 0 && pread(fd, &last, 1, end - 1) == 1 && last != '\n';
}

static void
append(const Making *making)
{
	RetourCallReply *reply = making->reply;
	g_autoptr(GError) error = NULL;
	g_autoptr(GString) path = g_string_new(NULL);
	g_autoptr(GString) lines = expand_lines(making, &error);
	if (!lines) {
		say_no(reply, error);
		return;
	}
	retour_template_expand(making->call->target, RETOUR_FORM_WORD, making->values, path, NULL);
	int fd = open(path->str, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
	reply->begun = fd >= 0;
	/* What a crash cut off stays on a line of its own, and is written again whole. */
	gboolean good = fd >= 0 && (!lacks_line_end(fd) || retour_write_all(fd, "\n", 1)) &&
	                retour_write_all(fd, lines->str, lines->len);
	good = good && (fdatasync(fd) == 0 || errno == EINVAL || errno == EROFS);
	if (!good)
		put_off(reply, g_strdup_printf("%s: %s", path->str, g_strerror(errno)));
	if (fd >= 0)
		close(fd);
}

/* ---- a request ---- */

/* The first line of a file that nobody else may read. */
static char *
read_secret(const char *path, GError **error)
{
	struct stat status;
	g_autofree char *text = g_malloc0(SECRET_MAX + 1);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	gssize n = fd >= 0 ? read(fd, text, SECRET_MAX) : -1;
	int fault = errno;
	gboolean open_to_all = fd >= 0 && fstat(fd, &status) == 0 && status.st_mode & 007;
	if (fd >= 0)
		close(fd);
	if (n < 0 || open_to_all) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s: %s", path,
		            n < 0 ? g_strerror(fault) : "others may read it: chmod 640, or less");
		return NULL;
	}
	text[strcspn(text, "\r\n")] = '\0';
	return g_steal_pointer(&text);
}

static gboolean
add_headers(const Making *making, GPtrArray *headers, gboolean body, GError **error)
{
	const RetourManager *manager = making->manager;
	for (guint i = 0; i < manager->headers->len; i++) {
		g_autoptr(GString) line = g_string_new(NULL);
		if (!retour_template_expand(g_ptr_array_index(manager->headers, i),
		                            RETOUR_FORM_LINE, making->values, line, error))
			return FALSE;
		g_ptr_array_add(headers, g_strdup(line->str));
	}
	if (body)
		g_ptr_array_add(headers,
		                g_strdup_printf("Content-Type: %s",
		                                manager->content
		                                        ? manager->content
		                                        : "application/x-www-form-urlencoded"));
	return TRUE;
}

static gboolean
sign(const Making *making, GPtrArray *headers, const char *body, GError **error)
{
	if (!making->manager->secret)
		return TRUE;
	g_autofree char *secret = read_secret(making->manager->secret, error);
	return secret && retour_sign_request(secret, making->values->values[RETOUR_VALUE_KEY],
	                                     g_get_real_time() / G_USEC_PER_SEC, body ? body : "",
	                                     headers, error);
}

static gboolean
expand_request(const Making *making, GString *url, GString *body, GPtrArray *headers,
               GError **error)
{
	const RetourCall *call = making->call;
	return retour_template_expand(call->target, RETOUR_FORM_URL, making->values, url, error) &&
	       (!call->body || retour_template_expand(call->body, form_of_body(making),
	                                              making->values, body, error)) &&
	       add_headers(making, headers, call->body != NULL, error) &&
	       sign(making, headers, call->body ? body->str : NULL, error);
}

static void
judge_response(const Making *making, const RetourResponse *response)
{
	RetourCallReply *reply = making->reply;
	reply->begun = response->sent;
	reply->retry_after = response->retry_after;
	if (response->status == 0) {
		put_off(reply, g_strdup(response->trouble));
		return;
	}
	reply->answer = retour_manager_judge(making->manager, making->call, response->status);
	reply->unreachable = reply->answer == RETOUR_ANSWER_AGAIN;
	if (reply->answer > RETOUR_ANSWER_MOOT)
		reply->trouble = g_strdup_printf(
		        "answered %u%s%s%.*s", response->status,
		        response->status / 100 == 3 ? ", and redirects are not "
		                                      "followed: write the new URL"
		                                    : "",
		        response->body->len > 0 ? ": " : "", WORDS_MAX, response->body->str);
	const RetourJsonMember id = { making->manager->id, &reply->id };
	if (reply->answer == RETOUR_ANSWER_DONE && id.name)
		retour_json_line_read(retour_span(response->body->str, response->body->len), &id,
		                      1);
}

static void
request(const Making *making, RetourRequestFunc send)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GString) url = g_string_new(NULL), body = g_string_new(NULL);
	g_autoptr(GPtrArray) headers = g_ptr_array_new_with_free_func(g_free);
	const RetourManager *manager = making->manager;
	if (!expand_request(making, url, body, headers, &error)) {
		if (error->domain == G_FILE_ERROR)
			put_off(making->reply, g_strdup(error->message));
		else
			say_no(making->reply, error);
		return;
	}
	g_autofree char *credentials =
	        manager->credentials ? read_secret(manager->credentials, &error) : NULL;
	if (error) {
		put_off(making->reply, g_strdup(error->message));
		return;
	}
	/* "Bearer …" is a value of Authorization; user and password have no blank between. */
	gboolean whole = credentials && strchr(credentials, ' ') &&
	                 !memchr(credentials, ':', strcspn(credentials, " "));
	const RetourRequest asked = {
		.method = making->call->method,
		.url = url->str,
		.headers = headers,
		.body = making->call->body ? body->str : NULL,
		.credentials = whole ? NULL : credentials,
		.authorization = whole ? credentials : NULL,
		.ca = manager->ca,
		.timeout = manager->timeout,
	};
	g_autoptr(GString) answer = g_string_new(NULL);
	RetourResponse response = { .body = answer };
	send(&asked, &response);
	judge_response(making, &response);
	g_free(response.trouble);
}

/* ---- */

void
retour_call_make(const RetourManager *manager, RetourCallName name, const RetourValues *values,
                 RetourRequestFunc send, RetourCallReply *reply)
{
	*reply = (RetourCallReply){ 0 };
	const Making making = { manager, &manager->calls[name], values, reply };
	if (making.call->means == RETOUR_MEANS_RUN)
		run(&making, NULL, NULL);
	else if (making.call->means == RETOUR_MEANS_APPEND)
		append(&making);
	else
		request(&making, send);
}

typedef struct {
	RetourSpan address;
	gboolean found;
} Search;

static void
look_at_member(RetourSpan line, gpointer data)
{
	Search *search = data;
	if (!search->found)
		search->found = retour_address_equal(retour_span_trim(line), search->address);
}

gboolean
retour_call_knows_members(const RetourManager *manager)
{
	return manager->calls[RETOUR_CALL_MEMBER].means != RETOUR_MEANS_NONE ||
	       manager->calls[RETOUR_CALL_MEMBERS].means != RETOUR_MEANS_NONE;
}

void
retour_call_ask_member(const RetourManager *manager, const RetourValues *values,
                       RetourRequestFunc send, RetourCallReply *reply)
{
	Search search = { retour_span_of(values->values[RETOUR_VALUE_ADDRESS]), FALSE };
	*reply = (RetourCallReply){ 0 };
	if (manager->calls[RETOUR_CALL_MEMBER].means != RETOUR_MEANS_NONE) {
		retour_call_make(manager, RETOUR_CALL_MEMBER, values, send, reply);
		return;
	}
	for (guint i = RETOUR_CALL_MEMBERS; i <= RETOUR_CALL_MEMBERS_3; i++) {
		const Making making = { manager, &manager->calls[i], values, reply };
		if (making.call->means != RETOUR_MEANS_RUN)
			continue;
		run(&making, look_at_member, &search);
		if (reply->answer != RETOUR_ANSWER_DONE || search.found)
			return;
	}
	reply->answer = RETOUR_ANSWER_MOOT;
}

void
retour_call_reply_clear(RetourCallReply *reply)
{
	g_clear_pointer(&reply->trouble, g_free);
	g_clear_pointer(&reply->id, g_free);
}
