/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "smtp/reply.h"

static const struct {
	const char *text;
	gsize matched;
	RetourStatus status;
} at_start[] = {
	{ "5.1.1", 5, { 5, 1, 1 } },
	{ "5.1.1 User unknown", 5, { 5, 1, 1 } },
	{ "5.1.1.", 5, { 5, 1, 1 } }, /* ends a sentence */
	{ "5.1.351 Remote server", 7, { 5, 1, 351 } },
	{ "4.7.650", 7, { 4, 7, 650 } },
	{ "5.8.5", 5, { 5, 8, 5 } },
	{ "2.0.0 Ok", 5, { 2, 0, 0 } },
	{ "5.1.1>", 5, { 5, 1, 1 } },
	{ "3.1.1", 0, { 0 } }, /* no class */
	{ "5.1", 0, { 0 } },
	{ "5.1.", 0, { 0 } },
	{ "5..1", 0, { 0 } },
	{ "5.1.1234", 0, { 0 } }, /* four digits */
	{ "5.1.1.2", 0, { 0 } },  /* a version or an address */
	{ "5.1.1a", 0, { 0 } },
	{ "", 0, { 0 } },
};

static void
test_at_start(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(at_start); i++) {
		RetourStatus status = RETOUR_STATUS_NONE;
		gsize matched =
		        retour_status_parse(at_start[i].text, strlen(at_start[i].text), &status);
		if (matched != at_start[i].matched ||
		    !retour_status_equal(status, at_start[i].status))
			fail_msg("row %u \"%s\": matched %zu, %u.%u.%u", i, at_start[i].text,
			         matched, status.klass, status.subject, status.detail);
	}
}

static const struct {
	const char *text, *found; /* NULL: nothing */
} in_text[] = {
	{ "sorry, no mailbox here by that name. (#5.1.1)", "5.1.1" },
	{ "Status [5.7.1] given", "5.7.1" },
	{ "550-5.1.1 text", "5.1.1" },
	{ "from 10.5.1.1 port", NULL }, /* inside an address */
	{ "version-4.5.6", NULL },
	{ "Exim 4.96.2 said 5.7.26", "5.7.26" },
	{ "MailServer version 5.1.1 at your service", NULL },
	{ "section 5.1.1 of the manual", NULL },
	{ "Ihre Nachricht vom 5.1.1 kam", NULL },
	{ "OpenSMTPD 5.7.1", NULL },
	{ "Status: 5.1.1", "5.1.1" },
	{ "error 5.1.1", "5.1.1" },
	{ "<mx.example #5.1.1 smtp;550 5.1.1 no>", "5.1.1" },
	{ "550 5.1.1", "5.1.1" },
	{ "nothing at all", NULL },
};

static void
test_in_text(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(in_text); i++) {
		RetourStatus status;
		gsize offset, length;
		char buffer[RETOUR_STATUS_STRING_SIZE];
		gboolean found = retour_status_find(retour_span_of(in_text[i].text), 0, &status,
		                                    &offset, &length);
		const char *got = found ? retour_status_format(status, buffer) : NULL;
		if (g_strcmp0(got, in_text[i].found) != 0)
			fail_msg("row %u \"%s\": %s", i, in_text[i].text, got ? got : "nothing");
		if (found)
			assert_memory_equal(in_text[i].text + offset, in_text[i].found, length);
	}
}

/* Every status that can be written is read back as it was. */
static void
test_round_trip(void **state)
{
	(void)state;
	for (guint klass = 2; klass <= 5; klass++)
		for (guint subject = 0; subject < 1000; subject += 7)
			for (guint detail = 0; detail < 1000; detail += 13) {
				RetourStatus status = { (guint8)klass, (guint16)subject,
					                (guint16)detail },
				             back;
				char buffer[RETOUR_STATUS_STRING_SIZE];
				retour_status_format(status, buffer);
				gsize matched = retour_status_parse(buffer, strlen(buffer), &back);
				assert_int_equal(matched, klass == 3 ? 0 : strlen(buffer));
				if (matched > 0)
					assert_true(retour_status_equal(status, back));
			}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_at_start),
		cmocka_unit_test(test_in_text),
		cmocka_unit_test(test_round_trip),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
