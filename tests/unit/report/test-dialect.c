/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "report/dialects.h"
#include "report/report.h"

/* "ADDRESS STATUS REPLY" of a recipient, what is not there left out: the form of Expect. */
static char *
describe(const RetourRecipient *recipient)
{
	g_autoptr(GString) out = g_string_new(recipient->address);
	char buffer[RETOUR_STATUS_STRING_SIZE];
	RetourStatus status = RETOUR_STATUS_NONE;
	guint reply = 0;
	for (guint i = 0; i < recipient->n_evidence; i++) {
		if (!retour_status_is_set(status))
			status = recipient->evidence[i].status;
		if (reply == 0)
			reply = recipient->evidence[i].reply;
	}
	if (retour_status_is_set(status))
		g_string_append_printf(out, " %s", retour_status_format(status, buffer));
	if (reply)
		g_string_append_printf(out, " %u", reply);
	return g_strndup(out->str, out->len);
}

static char *
read_mail(const char *mail, const RetourDialects *dialects)
{
	g_autoptr(RetourPartTree) tree = retour_part_tree_read(mail, strlen(mail));
	g_autoptr(RetourReport) report =
	        retour_report_read(tree, &(RetourEnvelope){ .dialects = { NULL, dialects } });
	g_autoptr(GString) out = g_string_new(NULL);
	for (guint i = 0; i < report->n_recipients; i++) {
		g_autofree char *one = describe(&report->recipients[i]);
		g_string_append_printf(out, "%s (%s)\n", one, report->recipients[i].read_by);
	}
	return g_strndup(out->str, out->len);
}

/* Each dialect reads its example as it says, and earns its place: with it off the example comes out
 * otherwise. */
static void
test_examples(void **state)
{
	(void)state;
	const RetourDialects *dialects = retour_dialects_builtin();
	assert_true(retour_dialects_get_size(dialects) > 0);
	for (guint i = 0; i < retour_dialects_get_size(dialects); i++) {
		const char *name = retour_dialects_get_name(dialects, i);
		const char *mail = retour_dialects_get_example(dialects, i);
		g_autoptr(GString) wanted = g_string_new(NULL);
		for (const char *const *line = retour_dialects_get_expectations(dialects, i); *line;
		     line++)
			g_string_append_printf(wanted, "%s (%s)\n", *line, name);
		g_autofree char *with = read_mail(mail, dialects);
		g_autofree char *without = read_mail(mail, NULL);
		if (strcmp(with, wanted->str) != 0)
			fail_msg("%s: \"%s\", not \"%s\"", name, with, wanted->str);
		if (strcmp(with, without) == 0)
			fail_msg("%s: the generic reader reads its example as well", name);
	}
}

/* Wrong blocks are refused with file, line and remedy. */
static const struct {
	const char *block, *message;
} faults[] = {
	{ "Dialect: a\nSign: text: x\n", "d.conf:1: a dialect that reads nothing" },
	{ "Dialect: a\nRecipient: {address}\n", "d.conf:1: a dialect without a sign" },
	{ "Sign: text: x\nRecipient: {address}\n", "d.conf:1: a block without a name" },
	{ "Dialect: My own\nSign: text: x\n", "d.conf:1: a block without a name in small letters" },
	{ "Dialect: -a\nSign: text: x\n", "d.conf:1: a block without a name in small letters" },
	{ "Dialect: a-\nSign: text: x\n", "d.conf:1: a block without a name in small letters" },
	{ "Dialect: a\nSign: x\n", "d.conf:2: a sign without a header's name" },
	{ "Dialect: a\nSign: text: {text}\n", "d.conf:2: the pattern matches anything" },
	{ "Dialect: a\nKind: maybe\n", "d.conf:2: unknown kind" },
	{ "Dialect: a\nFoo: x\n", "d.conf:2: unknown field" },
	{ "Dialect: a\nSign: text: x\nRecipient: {address}\nSource: s\n",
	  "d.conf:1: a dialect without source, example or expectation" },
	{ "Dialect: a\nSign: text: x\nRecipient: {address}\nSource: s\nExample: x\nExpect: y\n\n"
	  "Dialect: a\nSign: text: x\nRecipient: {address}\nSource: s\nExample: x\nExpect: y\n",
	  "d.conf:8: a name that another dialect has" },
};

static void
test_faults(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(faults); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(RetourDialects) dialects = retour_dialects_parse(
		        "d.conf", faults[i].block, strlen(faults[i].block), &error);
		if (dialects || !g_str_has_prefix(error->message, faults[i].message))
			fail_msg("row %u: %s", i, error ? error->message : "taken");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_faults),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
