/* SPDX-License-Identifier: BSD-2-Clause */

/* A site's own dialects, and a mail read by them: a NUL stands between the two. */

#include "base/table.h"
#include "fuzz.h"
#include "report/dialects.h"
#include "report/report.h"

static gboolean
is_within(RetourSpan span, RetourSpan line)
{
	return span.length == 0 ||
	       (span.data >= line.data && span.data + span.length <= line.data + line.length);
}

static void
check_captures(const RetourPattern *pattern, RetourSpan line)
{
	RetourCapture capture;
	for (gsize from = 0; retour_pattern_match(pattern, line, from, &capture);) {
		fuzz_require(capture.begin >= from && capture.begin <= capture.end &&
		                     capture.end <= line.length,
		             "from %zu: %zu to %zu of %zu", from, capture.begin, capture.end,
		             line.length);
		fuzz_require(is_within(capture.address, line) && is_within(capture.host, line) &&
		                     is_within(capture.diagnostic, line),
		             "a hole took what is not of the line");
		if (capture.end <= from)
			break;
		from = capture.end;
	}
}

/* Each line of @text as a pattern, over each line of @mail. */
static void
check_patterns(RetourSpan text, RetourSpan mail)
{
	RetourSpan line, over;
	for (guint i = 0; i < 16 && retour_span_next_line(&text, &line); i++) {
		RetourPattern pattern;
		const char *fault = NULL;
		RetourSpan rest = mail;
		gboolean good = retour_pattern_compile(line, &pattern, &fault);
		fuzz_require(good == (fault == NULL), "%s", fault);
		for (guint k = 0; good && k < 64 && retour_span_next_line(&rest, &over); k++)
			check_captures(&pattern, over);
	}
}

static RetourDialects *
parse(const char *text, gsize length)
{
	g_autoptr(GError) error = NULL;
	RetourDialects *dialects = retour_dialects_parse("site", text, length, &error);
	fuzz_require((dialects == NULL) == (error != NULL), "dialects and an error");
	fuzz_require(!error || g_str_has_prefix(error->message, "site:"), "%s", error->message);
	return dialects;
}

/* What "read_by" may say (docs/schema/record-v1.json). */
static gboolean
is_name(const char *name)
{
	return *name && *name != '-' && !g_str_has_suffix(name, "-") && !strstr(name, "--") &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(name);
}

static void
check_mail(const RetourDialects *site, RetourSpan mail)
{
	RetourEnvelope envelope = { .dialects = { site, retour_dialects_builtin() } };
	g_autoptr(RetourPartTree) tree = retour_part_tree_read(mail.data, mail.length);
	g_autoptr(RetourReport) report = retour_report_read(tree, &envelope);
	for (guint i = 0; i < report->n_recipients; i++) {
		const RetourRecipient *recipient = &report->recipients[i];
		fuzz_require(is_name(recipient->read_by), "read by \"%s\"", recipient->read_by);
		for (guint k = 0; k < recipient->n_evidence; k++)
			fuzz_require(strlen(recipient->evidence[k].text) ==
			                     recipient->evidence[k].length,
			             "fact %u", k);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	RetourSpan text = retour_span((const char *)data, size);
	gssize border = retour_span_find_char(text, 0, '\0');
	RetourSpan mail = retour_span_from(text, border < 0 ? size : (gsize)border + 1);
	text = retour_span_sub(text, 0, border < 0 ? size : (gsize)border);
	gsize length;
	g_autofree char *lines = fuzz_text((const uint8_t *)mail.data, mail.length, &length);
	check_patterns(text, retour_span(lines, length));
	g_autoptr(RetourDialects) site = parse(text.data, text.length);
	if (site)
		check_mail(site, mail);
	return 0;
}
