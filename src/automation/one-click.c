/* SPDX-License-Identifier: BSD-2-Clause */
#include "automation/one-click.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/write.h"
#include "cli/command.h"
#include "cli/reading.h"
#include "emit/json-writer.h"
#include "http/one-click.h"

typedef struct {
	const char *host;
	gboolean dry, good;
	guint mails;
} Click;

/* In the worker: the two fields, each ended by NUL. */
static void
render(const RetourSource *source, const RetourRecord *record, GString *out, gpointer data)
{
	(void)source;
	(void)data;
	if (!record->report)
		return;
	const char *fields[] = { record->report->original.list_unsubscribe,
		                 record->report->original.list_unsubscribe_post };
	for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
		g_string_append(out, fields[i] ? fields[i] : "");
		g_string_append_c(out, '\0');
	}
}

static gboolean
tell(const char *url, gboolean dry, const RetourResponse *response)
{
	g_autoptr(GString) json = g_string_new(NULL);
	RetourJsonScope line = retour_json_begin(json, NULL, '{');
	retour_json_add(json, "action", "one-click");
	retour_json_add(json, "url", url);
	if (dry)
		retour_json_add_boolean(json, "dry_run", TRUE);
	if (response->status)
		retour_json_add_number(json, "status", response->status);
	retour_json_add(json, "trouble", response->trouble);
	retour_json_end(json, line);
	g_string_append_c(json, '\n');
	return retour_write_all(STDOUT_FILENO, json->str, json->len);
}

static void
click(Click *click_, const char *unsubscribe, const char *post)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GString) body = g_string_new(NULL);
	RetourResponse response = { .body = body };
	g_autofree char *url = retour_one_click_find(*unsubscribe ? unsubscribe : NULL,
	                                             *post ? post : NULL, click_->host, &error);
	if (!url) {
		retour_cli_complain("%s", error->message);
		return;
	}
	if (!click_->dry)
		retour_one_click_send(url, RETOUR_CALL_TIMEOUT, &response);
	click_->good =
	        tell(url, click_->dry, &response) && (click_->dry || response.status / 100 == 2);
	g_free(response.trouble);
}

static gboolean
deliver(const char *text, gsize length, const char *cause, gpointer data)
{
	Click *one = data;
	const char *end = text + length;
	const char *second = length > 0 ? memchr(text, '\0', length) : NULL;
	(void)cause;
	if (++one->mails > 1) {
		one->good = FALSE;
		retour_cli_complain("more than one mail: name one");
		return FALSE;
	}
	if (second && second + 1 < end && end[-1] == '\0')
		click(one, text, second + 1);
	else
		retour_cli_complain("the mail cannot be read");
	return TRUE;
}

static void
note_trouble(const char *path, int error_number, gpointer data)
{
	(void)data;
	retour_cli_complain("%s: %s", path, g_strerror(error_number));
}

gboolean
retour_one_click_run(const char *path, const char *host, gboolean dry)
{
	Click one = { .host = host, .dry = dry };
	const char *paths[] = { path, NULL };
	const RetourReading reading = {
		.jobs = 1,
		.opens_mail = TRUE,
		.render = render,
		.deliver = deliver,
		.data = &one,
	};
	g_autoptr(RetourIntake) intake =
	        retour_intake_new(paths, RETOUR_INTAKE_AUTO, note_trouble, &one);
	return retour_reading_run(&reading, intake) && one.good;
}
