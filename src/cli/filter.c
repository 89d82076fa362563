/* SPDX-License-Identifier: BSD-2-Clause */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/span.h"
#include "base/write.h"
#include "cli/command.h"
#include "cli/own.h"
#include "cli/reading.h"
#include "cli/site.h"
#include "cli/spool.h"

/* Whoever reads X-Retour-Class must be able to trust it: those that came with the mail go. */
#define OWN_PREFIX "x-retour-"

typedef struct {
	char *sender, *recipient, *profile; /* owned */
	char **rules;                       /* owned */
	RetourSite *site;                   /* owned */
	RetourCliOwn own;
	GString *headers; /* owned; empty: there is no verdict */
} Run;

static void
render(const RetourSource *source, const RetourRecord *record, GString *out, gpointer data)
{
	(void)source;
	(void)data;
	if (record->kind != RETOUR_KIND_UNREADABLE)
		retour_format_append(RETOUR_FORMAT_HEADERS, &(RetourSource){ 0 }, record, FALSE,
		                     out);
}

static gboolean
deliver(const char *text, gsize length, const char *cause, gpointer data)
{
	Run *run = data;
	if (!cause)
		g_string_append_len(run->headers, text, (gssize)length);
	return TRUE;
}

/* The mail, or as much of it as is read. A large one stays in its file. NULL with errno set.
 * (transfer full) */
static GBytes *
map_spool(const RetourSpool *spool)
{
	if (spool->fd < 0)
		return g_bytes_new_static(spool->head->str, spool->head->len);
	g_autoptr(GMappedFile) file = g_mapped_file_new_from_fd(spool->fd, FALSE, NULL);
	g_autoptr(GBytes) whole = file ? g_mapped_file_get_bytes(file) : NULL;
	return whole ? g_bytes_new_from_bytes(whole, 0,
	                                      MIN(spool->length, RETOUR_LIMIT_MESSAGE + 1))
	             : NULL;
}

static gboolean
read_spool(const Run *run, const RetourSpool *spool)
{
	RetourReading reading = {
		.options = { .sender = run->sender,
		             .recipient = run->recipient,
		             .profile = run->profile,
		             .site = run->site },
		.jobs = 1,
		.single = TRUE,
		.render = render,
		.deliver = deliver,
		.data = (gpointer)run,
	};
	g_autoptr(GBytes) bytes = map_spool(spool);
	retour_cli_own_set(&run->own, &reading.options);
	return bytes && retour_reading_run_bytes(&reading, "-", bytes);
}

/* Bytes of the line that begins at @at, its end with them: LF, CRLF or CR; CR CR LF is what Dovecot
 * makes of a CRLF that it has stored. */
static gsize
line_length(RetourSpan text, gsize at)
{
	static const char *const ends[] = { "\r\r\n", "\r\n", "\r", "\n" };
	gsize end = at;
	while (end < text.length && text.data[end] != '\n' && text.data[end] != '\r')
		end++;
	RetourSpan rest = retour_span_from(text, end);
	for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
		if (retour_span_has_prefix(rest, ends[i]))
			return end + strlen(ends[i]) - at;
	}
	return end - at;
}

static const char *
line_end_of(RetourSpan text)
{
	gsize length = line_length(text, 0);
	if (length >= 2 && text.data[length - 2] == '\r')
		return "\r\n";
	return length >= 1 && text.data[length - 1] == '\r' ? "\r" : "\n";
}

/* "From " lines of an mbox stay on top. */
static gsize
skip_from_lines(RetourSpan text)
{
	gsize at = 0;
	while (retour_span_has_prefix(retour_span_from(text, at), "from ") ||
	       retour_span_has_prefix(retour_span_from(text, at), ">from "))
		at += line_length(text, at);
	return at;
}

/* The mail's own header from @at on without our fields; gives where it ends. */
static gboolean
write_header(RetourSpan text, gsize *at)
{
	gboolean ours = FALSE;
	gsize begin = *at;
	while (*at < text.length && text.data[*at] != '\n' && text.data[*at] != '\r') {
		gboolean folded = retour_is_blank(text.data[*at]);
		gboolean was = ours;
		ours = folded ? ours
		              : retour_span_has_prefix(retour_span_from(text, *at), OWN_PREFIX);
		if (ours && !was &&
		    !retour_write_all(STDOUT_FILENO, text.data + begin, *at - begin))
			return FALSE;
		if (!ours && was)
			begin = *at;
		*at += line_length(text, *at);
		if (ours)
			begin = *at;
	}
	return ours || retour_write_all(STDOUT_FILENO, text.data + begin, *at - begin);
}

static gboolean
write_own(const Run *run, RetourSpan text)
{
	const char *line_end = line_end_of(text);
	g_auto(GStrv) lines = g_strsplit(run->headers->str, "\n", -1);
	g_autofree char *joined = g_strjoinv(line_end, lines);
	return retour_write_all(STDOUT_FILENO, joined, strlen(joined));
}

static gboolean
write_mail(const Run *run, const RetourSpool *spool)
{
	RetourSpan text = retour_span(spool->head->str, spool->head->len);
	gsize at = skip_from_lines(text);
	return retour_write_all(STDOUT_FILENO, text.data, at) && write_own(run, text) &&
	       write_header(text, &at) && retour_spool_write(spool, at);
}

static gboolean
take_options(Run *run, int *argc, char ***argv)
{
	const GOptionEntry entries[] = {
		RETOUR_CLI_ENVELOPE(&run->sender, &run->recipient),
		{ "profile", 0, 0, G_OPTION_ARG_FILENAME, &run->profile,
		  "Classify by another profile: default, rfc, sisimai, strict", "NAME" },
		RETOUR_CLI_OWN(&run->own),
		RETOUR_CLI_RULES(&run->rules),
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GError) error = NULL;
	if (!retour_cli_parse(&retour_cli_filter, entries, argc, argv))
		return FALSE;
	RetourOptions check = { .profile = run->profile, .verp = run->own.verp };
	if (*argc > 1)
		return retour_cli_refuse(&retour_cli_filter, "it takes no arguments");
	if (!retour_options_check(&check, &error))
		return retour_cli_refuse(&retour_cli_filter, "%s", error->message);
	return retour_cli_load_own(&retour_cli_filter, &run->own) &&
	       retour_cli_load_site(&retour_cli_filter, run->rules, &run->site);
}

/* Whatever goes wrong before the mail has been written, it passes as it came: a filter that fails
 * must cost no mail. */
static int
run_filter(int argc, char **argv)
{
	Run run = { .headers = g_string_new(NULL) };
	RetourSpool spool;
	signal(SIGPIPE, SIG_IGN);
	gboolean usable = take_options(&run, &argc, &argv);
	gboolean good = retour_spool_fill(&spool);
	if (good) {
		if (usable && !spool.step && !read_spool(&run, &spool))
			g_string_truncate(run.headers, 0);
		good = write_mail(&run, &spool);
	}
	retour_spool_clear(&spool);
	g_string_free(run.headers, TRUE);
	g_free(run.sender);
	g_free(run.recipient);
	g_free(run.profile);
	g_strfreev(run.rules);
	g_clear_pointer(&run.site, retour_site_unref);
	retour_cli_own_clear(&run.own);
	return good ? EXIT_SUCCESS : RETOUR_EXIT_TEMPORARY;
}

const RetourCliCommand retour_cli_filter = {
	.name = "filter",
	.arguments = "",
	.summary = "Passes the mail on standard input on, with X-Retour-* headers on top",
	.description =
	        "The mail comes out as it went in, byte for byte, but for the headers on top "
	        "(below a\n"
	        "\"From \" line) and X-Retour-* headers that it brought along, which are taken "
	        "away:\n"
	        "  X-Retour-Kind -Class -Reason -Fault -Advice -Recipient -Status -Reply "
	        "-Never-Reply\n"
	        "of the most serious recipient, and one X-Retour-Further for each other one. In "
	        "any\n"
	        "trouble, wrong options included, the mail passes without a verdict, and without "
	        "headers that\n"
	        "pretend one.\n\n"
	        "Exit status: 0; 75 only if the mail itself could not be read or written.\n\n"
	        "Example, in a procmailrc:\n"
	        "  :0 fw\n"
	        "  | retour filter",
	.run = run_filter,
};
