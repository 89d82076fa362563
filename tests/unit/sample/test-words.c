/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "sample/words.h"

/* The mail names Lena Meyer, lena.meyer@orchard.example. */
static const struct {
	const char *name, *text, *sample;
} texts[] = {
	{ "a server's words", "550 5.1.1 User unknown", "550 5.1.1 User unknown" },
	{ "an address", "<lena.meyer@orchard.example>: gone", "<person1@site1.example>: gone" },
	{ "in capitals", "LENA.MEYER@ORCHARD.EXAMPLE", "person1@site1.example" },
	{ "a stranger", "zoe@far.co.uk", "person2@site2.example" },
	{ "of a daemon", "MAILER-DAEMON@mx.orchard.example", "MAILER-DAEMON@mx.site1.example" },
	{ "of a provider", "zoe@gmail.com", "person2@site2.example" },
	{ "a provider that rules name", "host x.y.google.com said",
	  "host node1.node2.google.com said" },
	{ "quoted", "\"le na\"@far.example", "\"person2\"@site2.example" },
	{ "a literal", "root@[198.51.100.9]", "person2@[192.0.2.1]" },
	{ "VERP", "news-bounces+lena.meyer=orchard.example@l.example",
	  "news-bounces+person1=site1.example@site2.example" },
	{ "SRS", "SRS0=aB1c=XY=orchard.example=lena.meyer@f.example",
	  "SRS0=name3=name4=site1.example=person1@site2.example" },
	{ "in a URL", "https://l.example/?u=lena.meyer%40orchard.example",
	  "https://site2.example/?u=person1%40site1.example" },
	{ "in a page", "lena.meyer&#64;orchard.example", "person1&#64;site1.example" },
	{ "words of a name", "ask Lena, or Meyer's office", "ask name1, or name2's office" },
	{ "a word that holds it", "Lenas", "Lenas" },
	{ "local part alone", "user lena.meyer... unknown", "user person1... unknown" },
	{ "a host in capitals", "MX.Orchard.Example", "MX.site1.example" },
	{ "no host", "err.nosuchuser and v1.2 e.g. this", "err.nosuchuser and v1.2 e.g. this" },
	{ "IPv4", "[203.0.113.200] and 203.0.113.201", "[192.0.2.1] and 192.0.2.2" },
	{ "no IPv4", "version 4.96.1 at 10:27:17", "version 4.96.1 at 10:27:17" },
	{ "IPv6", "2001:db8:77::1.", "2001:db8::1." },
	{ "an identifier", "id 4F1C2A99B7E3", "id 0X0X0X00X0X0" },
	{ "a number", "of 10485760 bytes", "of 00000000 bytes" },
	{ "typographic quotes", "„Lena“", "„name1“" },
	{ "no UTF-8", "\xff lena.meyer@orchard.example", "\xff person1@site1.example" },
	{ "at signs alone", "@ @@", "@ @@" },
};

static void
test_texts(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(RetourMasks) masks = retour_masks_new(NULL);
		g_autoptr(GString) out = g_string_new(NULL);
		retour_masks_append_address(
		        masks, RETOUR_SPAN_LITERAL("lena.meyer@orchard.example"), "@", out);
		g_string_truncate(out, 0);
		retour_words_append(masks, retour_span_of(texts[i].text), out);
		if (strcmp(out->str, texts[i].sample) != 0)
			fail_msg("%s: \"%s\", not \"%s\"", texts[i].name, out->str,
			         texts[i].sample);
	}
}

/* With a secret the placeholder hangs on it and on the name alone. */
static void
test_secret(void **state)
{
	(void)state;
	const RetourSpan name = RETOUR_SPAN_LITERAL("Lena"), other = RETOUR_SPAN_LITERAL("Zoe");
	g_autoptr(RetourMasks) one = retour_masks_new("0123456789abcdef0123456789abcdef");
	g_autoptr(RetourMasks) two = retour_masks_new("0123456789abcdef0123456789abcdef");
	g_autoptr(RetourMasks) theirs = retour_masks_new("fedcba9876543210fedcba9876543210");
	retour_masks_get(two, RETOUR_MASK_PERSON, other);
	assert_string_equal(retour_masks_get(one, RETOUR_MASK_PERSON, name),
	                    retour_masks_get(two, RETOUR_MASK_PERSON, name));
	assert_string_not_equal(retour_masks_get(one, RETOUR_MASK_PERSON, name),
	                        retour_masks_get(one, RETOUR_MASK_PERSON, other));
	assert_string_not_equal(retour_masks_get(one, RETOUR_MASK_PERSON, name),
	                        retour_masks_get(theirs, RETOUR_MASK_PERSON, name));
}

/* What is hostile in a text is its length alone. */
static void
test_long(void **state)
{
	(void)state;
	static const char *const pieces[] = { "@",  "a.", "lena-", "a%40",       "=a.bc",
		                              ":1", "1.", "\"",    "lena.meyer", "1:1:g" };
	for (guint i = 0; i < G_N_ELEMENTS(pieces); i++) {
		g_autoptr(RetourMasks) masks = retour_masks_new(NULL);
		g_autoptr(GString) text = g_string_new(NULL), out = g_string_new(NULL);
		while (text->len < RETOUR_LIMIT_TEXT)
			g_string_append(text, pieces[i]);
		gint64 start = g_get_monotonic_time();
		retour_words_append(masks, retour_span(text->str, text->len), out);
		gint64 took = g_get_monotonic_time() - start;
		if (took > 5 * G_USEC_PER_SEC)
			fail_msg("%s: %d ms", pieces[i], (int)(took / 1000));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_secret),
		cmocka_unit_test(test_long),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
