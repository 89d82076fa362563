/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "base/limits.h"
#include "redact/redaction.h"

/* The record is about lena@orchard.example, Dora.Meyer@mill.example and mailbox@mill.example. */
static const struct {
	const char *name, *text, *masked, *dropped;
} texts[] = {
	{ "nobody", "550 5.1.1 User unknown", "550 5.1.1 User unknown", "550 5.1.1 User unknown" },
	{ "in brackets", "<lena@orchard.example>: gone", "<l***@orchard.example>: gone",
	  "<>: gone" },
	{ "a stranger", "to zoe@far.example.", "to z***@far.example.", "to ." },
	{ "one letter tells all", "a@far.example", "***@far.example", "" },
	{ "quoted", "\"le na\"@far.example", "***@far.example", "" },
	{ "no ASCII", "jörg@grün.example", "j***@grün.example", "" },
	{ "first letter no ASCII", "öl@grün.example", "***@grün.example", "" },
	{ "literal", "root@[192.0.2.1]", "r***@[192.0.2.1]", "" },
	{ "two", "a.b@c.example, d.e@f.example", "a***@c.example, d***@f.example", ", " },
	{ "VERP", "news-bounces+zoe=far.example@lists.example", "n***@lists.example", "" },
	{ "VERP without a host", "ref zoe=far.example done", "ref z***@far.example done",
	  "ref  done" },
	{ "VERP behind a lead", "bounces-77-zoe=far.example", "z***@far.example", "" },
	{ "a log's fields", "helo=mx.far.example d=far.example",
	  "helo=mx.far.example d=far.example", "helo=mx.far.example d=far.example" },
	{ "an equals sign before no host", "size=1.5 p=NoSuchUser", "size=1.5 p=NoSuchUser",
	  "size=1.5 p=NoSuchUser" },
	{ "of a URL", "https://far.example/?u=zoe%40far.example&x=1",
	  "https://far.example/?u=z***@far.example&x=1", "https://far.example/?u=&x=1" },
	{ "xtext", "rfc822;zoe+40far.example", "rfc822;z***@far.example", "rfc822;" },
	{ "quoted-printable", "zoe=40far.example", "z***@40far.example", "" },
	{ "HTML", "zoe&#64;far.example", "z***@far.example", "" },
	{ "RFC 6533", "zoe\\x{40}far.example", "z***@far.example", "" },
	{ "a percent sign", "100%40 off", "100%40 off", "100%40 off" },
	{ "local part alone", "unknown user: \"lena\"", "unknown user: \"l***\"",
	  "unknown user: \"\"" },
	{ "in capitals", "LENA is not here", "L*** is not here", " is not here" },
	{ "with a dot", "no such user dora.meyer.", "no such user d***.", "no such user ." },
	{ "before an ellipsis", "550 lena... unknown", "550 l***... unknown", "550 ... unknown" },
	{ "among pieces", "id-lena-17", "id-l***-17", "id--17" },
	{ "no word", "lenation", "lenation", "lenation" },
	{ "a host of that name", "mx.lena.example said", "mx.lena.example said",
	  "mx.lena.example said" },
	{ "a word of servers", "mailbox full", "mailbox full", "mailbox full" },
	{ "only at signs", "@@ @", "@@ @", "@@ @" },
	{ "no domain", "lena@", "l***@", "@" },
	{ "no UTF-8", "\xff lena@orchard.example", "\xff l***@orchard.example", "\xff " },
};

static const struct {
	const char *name, *id, *masked;
} ids[] = {
	{ "an identifier", "<20261124.1@mx.example.net>", "<20261124.1@mx.example.net>" },
	{ "random letters with an equals sign", "<CAF=abc.defg@mx.example>",
	  "<CAF=abc.defg@mx.example>" },
	{ "VERP of a known domain", "<77.lena=orchard.example@mx.example>",
	  "<7***@orchard.example@mx.example>" },
	{ "an address inside", "<zoe@far.example@mx.example>", "<z***@far.example@mx.example>" },
	{ "a name", "<1-lena-2@mx.example>", "<1-l***-2@mx.example>" },
	{ "an address itself", "<lena@orchard.example>", "<l***@orchard.example>" },
	{ "no sign", "<abc>", "<abc>" },
};

static const struct {
	const char *name, *links, *masked, *dropped;
} links[] = {
	{ "a page", "<https://l.example/u/8f31?x=1>", "<https://l.example/***>", "" },
	{ "two", "<mailto:leave-8f31@l.example?subject=u>, <http://l.example>",
	  "<mailto:l***@l.example?***>, <http://l.example>", "" },
	{ "no brackets", " https://l.example/u ", "https://l.example/***", "" },
	{ "not closed", "<https://l.example/u", "<https://l.example/***>", "" },
};

static RetourRedaction *
redaction_of(RetourRedactMode mode)
{
	const char text[] = "Key: 1\nSecret: 0123456789abcdef0123456789abcdef\n";
	g_autofree char *path = g_build_filename(g_get_tmp_dir(), "retour-keys-XXXXXX", NULL);
	int fd = g_mkstemp(path);
	assert_true(fd >= 0);
	assert_true(g_file_set_contents(path, text, -1, NULL));
	assert_int_equal(g_chmod(path, 0600), 0);
	RetourKeys *keys = retour_keys_read(path, NULL);
	assert_non_null(keys);
	g_unlink(path);
	g_close(fd, NULL);
	return retour_redaction_new(mode, keys);
}

typedef void (*Append)(const RetourRedactor *redactor, RetourSpan text, GString *out);

static void
expect(const char *name, RetourRedactMode mode, Append append, const char *text, const char *wanted)
{
	RetourRedactor redactor;
	g_autoptr(RetourRedaction) redaction = redaction_of(mode);
	g_autoptr(GString) out = g_string_new(NULL);
	retour_redactor_init(&redactor, redaction);
	retour_redactor_know(&redactor, "lena@orchard.example");
	retour_redactor_know(&redactor, "Dora.Meyer@mill.example");
	retour_redactor_know(&redactor, "mailbox@mill.example");
	append(&redactor, retour_span_of(text), out);
	retour_redactor_clear(&redactor);
	if (strcmp(out->str, wanted) != 0)
		fail_msg("%s: \"%s\", not \"%s\"", name, out->str, wanted);
}

static void
test_texts(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		expect(texts[i].name, RETOUR_REDACT_MASK, retour_redactor_append_text,
		       texts[i].text, texts[i].masked);
		expect(texts[i].name, RETOUR_REDACT_DROP, retour_redactor_append_text,
		       texts[i].text, texts[i].dropped);
	}
}

static void
test_message_ids(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(ids); i++)
		expect(ids[i].name, RETOUR_REDACT_MASK, retour_redactor_append_message_id,
		       ids[i].id, ids[i].masked);
}

static void
test_links(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(links); i++) {
		expect(links[i].name, RETOUR_REDACT_MASK, retour_redactor_append_links,
		       links[i].links, links[i].masked);
		expect(links[i].name, RETOUR_REDACT_DROP, retour_redactor_append_links,
		       links[i].links, links[i].dropped);
	}
}

static char *
hash(const char *about, const char *text)
{
	g_autoptr(RetourRedaction) redaction = redaction_of(RETOUR_REDACT_HASH);
	g_autoptr(GString) out = g_string_new(NULL);
	if (about)
		retour_redaction_append_text(redaction, about, text, out);
	else
		retour_redaction_append_address(redaction, text, out);
	return g_strdup(out->str);
}

/* Whoever joins two outputs must find the same digits, however the address was written. */
static void
test_hash(void **state)
{
	(void)state;
	/* printf 'retour redact\nlena@orchard.example' | openssl dgst -sha256 -hmac 0123…cdef */
	const char wanted[] = "2091cc0eea0682934a4e59e382dfbf08@redacted.invalid";
	static const char *const same[] = { "lena@orchard.example", "lena=orchard.example",
		                            "LENA@Orchard.Example", "lena%40orchard.example",
		                            "lena" };
	for (guint i = 0; i < G_N_ELEMENTS(same); i++) {
		g_autofree char *text = hash("lena@orchard.example", same[i]);
		assert_string_equal(text, wanted);
	}
	g_autofree char *address = hash(NULL, "lena@orchard.example");
	assert_string_equal(address, wanted);
	g_autofree char *other = hash(NULL, "leni@orchard.example");
	assert_string_not_equal(other, wanted);
}

/* Twice the text costs twice the time: what is hostile in it is its length alone. */
static void
test_long(void **state)
{
	(void)state;
	static const char *const pieces[] = { "@",      "=a.bc",          "lena.", "a%40",
		                              "lena-a", "x=lena.example", "<",     "\"" };
	g_autoptr(RetourRedaction) redaction = redaction_of(RETOUR_REDACT_MASK);
	for (guint i = 0; i < G_N_ELEMENTS(pieces); i++) {
		g_autoptr(GString) text = g_string_new(NULL);
		g_autoptr(GString) out = g_string_new(NULL);
		while (text->len < RETOUR_LIMIT_STRING)
			g_string_append(text, pieces[i]);
		gint64 start = g_get_monotonic_time();
		retour_redaction_append_text(redaction, "lena@orchard.example", text->str, out);
		gint64 took = g_get_monotonic_time() - start;
		if (took > 3 * G_USEC_PER_SEC)
			fail_msg("%s: %d ms", pieces[i], (int)(took / 1000));
	}
}

static void
test_modes(void **state)
{
	(void)state;
	RetourRedactMode mode;
	assert_true(retour_redact_mode_parse("mask", &mode) && mode == RETOUR_REDACT_MASK);
	assert_true(retour_redact_mode_parse("hash", &mode) && mode == RETOUR_REDACT_HASH);
	assert_true(retour_redact_mode_parse("drop", &mode) && mode == RETOUR_REDACT_DROP);
	assert_false(retour_redact_mode_parse("none", &mode));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts), cmocka_unit_test(test_message_ids),
		cmocka_unit_test(test_links), cmocka_unit_test(test_hash),
		cmocka_unit_test(test_long),  cmocka_unit_test(test_modes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
