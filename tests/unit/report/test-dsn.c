/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <retour/dsn.h>
#include <string.h>

/* A report as "name=value;" for each field: the message's group, then " | " before each
 * recipient's. */
static void
render_group(const RetourDsnGroup *group, GString *out)
{
	for (guint i = 0; i < group->n_fields; i++)
		g_string_append_printf(out, "%s=%s;", group->fields[i].name,
		                       group->fields[i].value);
}

static const struct {
	const char *text, *outline;
} reports[] = {
	{ "Reporting-MTA: dns; a\n\nFinal-Recipient: rfc822; u@x\nAction: failed\nStatus: 5.1.1\n",
	  "reporting-mta=dns; a; | final-recipient=rfc822; u@x;action=failed;status=5.1.1;" },
	/* Action before Final-Recipient (Exim) */
	{ "Reporting-MTA: dns; a\n\nAction: failed\nFinal-Recipient: rfc822;u@x\nStatus: 5.0.0\n",
	  "reporting-mta=dns; a; | action=failed;final-recipient=rfc822;u@x;status=5.0.0;" },
	/* two recipients */
	{ "Reporting-MTA: dns; a\n\nFinal-Recipient: u@x\nAction: failed\n\nFinal-Recipient: "
	  "v@x\nAction: delayed\n",
	  "reporting-mta=dns; a; | final-recipient=u@x;action=failed; | "
	  "final-recipient=v@x;action=delayed;" },
	/* everything in one block */
	{ "Reporting-MTA: dns; a\nFinal-Recipient: u@x\nAction: failed\nFinal-Recipient: "
	  "v@x\nAction: failed\n",
	  "reporting-mta=dns; a; | final-recipient=u@x;action=failed; | "
	  "final-recipient=v@x;action=failed;" },
	/* the recipient last in each of the joined groups */
	{ "Action: failed\nStatus: 5.1.1\nFinal-Recipient: u@x\nAction: delayed\nStatus: "
	  "4.0.0\nFinal-Recipient: v@x\n",
	  " | action=failed;status=5.1.1;final-recipient=u@x; | "
	  "action=delayed;status=4.0.0;final-recipient=v@x;" },
	/* no message group */
	{ "Final-Recipient: u@x\nAction: failed\n", " | final-recipient=u@x;action=failed;" },
	/* an empty line too many inside a group */
	{ "Reporting-MTA: dns; a\n\nFinal-Recipient: u@x\n\nAction: failed\nStatus: 5.1.1\n",
	  "reporting-mta=dns; a; | final-recipient=u@x;action=failed;status=5.1.1;" },
	/* several empty lines between groups */
	{ "\n\nReporting-MTA: dns; a\n\n\n\nFinal-Recipient: u@x\nAction: failed\n\n\n",
	  "reporting-mta=dns; a; | final-recipient=u@x;action=failed;" },
	/* blank before the colon, no blank behind it, any case */
	{ "FINAL-RECIPIENT :u@x\nAction : failed\n", " | final-recipient=u@x;action=failed;" },
	/* folded */
	{ "Final-Recipient: u@x\nDiagnostic-Code: smtp; 550 no\n such\n\tuser\n",
	  " | final-recipient=u@x;diagnostic-code=smtp; 550 no such user;" },
	/* continuation lines that lost their indentation (nullmailer) */
	{ "Final-Recipient: u@x\nDiagnostic-Code: smtp; 550-5.1.1 The account\n550-5.1.1 does not "
	  "exist, see\n"
	  "https://help.example/ for more\n550 5.1.1 end\nStatus: 5.1.1\n",
	  " | final-recipient=u@x;diagnostic-code=smtp; 550-5.1.1 The account 550-5.1.1 does not "
	  "exist, see "
	  "https://help.example/ for more 550 5.1.1 end;status=5.1.1;" },
	/* junk of one word */
	{ "Final-Recipient: u@x\nDISPLAY_DATE_FORMAT\nAction: failed\n",
	  " | final-recipient=u@x;action=failed;" },
	/* doubled lines are one field */
	{ "Final-Recipient: u@x\nFinal-Recipient: u@x\nAction: failed\nAction: failed\n",
	  " | final-recipient=u@x;action=failed;" },
	/* a message header behind the last group is nobody's */
	{ "Final-Recipient: u@x\nAction: failed\n\nReceived: from a\nDate: today\nTo: "
	  "w@x\nSubject: hello\n",
	  " | final-recipient=u@x;action=failed;" },
	/* a group without a recipient stays one: a header of the mail may name it (Google Groups)
	 */
	{ "Reporting-MTA: dns; a\n\nAction: failed\nStatus: 5.1.1\n",
	  "reporting-mta=dns; a; | action=failed;status=5.1.1;" },
	{ "", "" },
	{ "\n\n\n", "" },
	{ ":::\n: x\nno fields here\n", "" },
	/* no line end at the end */
	{ "Final-Recipient: u@x\nStatus: 5.1.1", " | final-recipient=u@x;status=5.1.1;" },
};

static void
test_groups(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(reports); i++) {
		const char *text = reports[i].text;
		g_autoptr(RetourDsn) dsn = retour_dsn_parse(text, strlen(text));
		g_autoptr(GString) got = g_string_new(NULL);
		render_group(&dsn->message, got);
		for (guint k = 0; k < dsn->n_recipients; k++) {
			g_string_append(got, " | ");
			render_group(&dsn->recipients[k], got);
		}
		if (strcmp(got->str, reports[i].outline) != 0)
			fail_msg("row %u:\n%s\nnot\n%s", i, got->str, reports[i].outline);
	}
}

/* Each field's extent holds its value: the same bytes where it is not folded, the same first word
 * where it is. */
static void
test_extents(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(reports); i++) {
		const char *text = reports[i].text;
		g_autoptr(RetourDsn) dsn = retour_dsn_parse(text, strlen(text));
		for (guint k = 0; k <= dsn->n_recipients; k++) {
			const RetourDsnGroup *group =
			        k == 0 ? &dsn->message : &dsn->recipients[k - 1];
			for (guint f = 0; f < group->n_fields; f++) {
				const RetourDsnField *field = &group->fields[f];
				assert_true(field->offset + field->length <= strlen(text));
				gsize word = strcspn(field->value, " ");
				if (memcmp(text + field->offset, field->value, word) != 0)
					fail_msg("row %u field %s", i, field->name);
			}
		}
	}
}

/* A report of more recipients than are kept says so, and takes linear time. */
static void
test_many(void **state)
{
	(void)state;
	g_autoptr(GString) text = g_string_new("Reporting-MTA: dns; a\n\n");
	for (guint i = 0; i < 5000; i++)
		g_string_append_printf(text, "Final-Recipient: u%u@x\nAction: failed\n\n", i);
	g_autoptr(RetourDsn) dsn = retour_dsn_parse(text->str, text->len);
	assert_int_equal(dsn->n_recipients, 1000);
	assert_true(dsn->cut);

	g_string_truncate(text, 0);
	for (guint i = 0; i < 20000; i++)
		g_string_append(text, "X-A: b\n");
	for (guint i = 0; i < 20000; i++)
		g_string_append_printf(text, "X-%u: b\n", i);
	g_autoptr(RetourDsn) wide = retour_dsn_parse(text->str, text->len);
	assert_true(wide->message.n_fields <= 64);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_extents),
		cmocka_unit_test(test_many),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
