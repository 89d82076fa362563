/* SPDX-License-Identifier: BSD-2-Clause */

/* What the invariants hold records against refuses what it must refuse. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "schema.h"

#define RECORD(members) \
	"{\"schema\":\"retour/1\",\"source\":{\"index\":0,\"offset\":0,\"size\":1}" members "}"
#define READ ",\"never_reply\":true,\"kind\":\"bounce\""
#define VERDICT                                                                         \
	"\"read_by\":\"dsn\",\"class\":\"hard\",\"reason\":\"user-unknown\",\"fault\":" \
	"\"recipient\",\"advice\":\"suppress\",\"confidence\":\"high\",\"key\":"        \
	"\"0123456789abcdef\""
#define RECIPIENT(members) RECORD(READ ",\"recipients\":[{" VERDICT members "}]")
#define LINE(members) \
	"{\"schema\":\"retour-recipient/1\",\"index\":0,\"kind\":\"bounce\"" members "}"

static const struct {
	const char *name, *pointer, *json;
	gboolean holds;
} rows[] = {
	{ "least record", "#", RECORD(READ), TRUE },
	{ "recipient", "#", RECIPIENT(",\"reply\":550,\"status\":\"5.1.1\""), TRUE },
	{ "unreadable", "#", RECORD(",\"kind\":\"unreadable\",\"error\":\"e\""), TRUE },
	{ "null sender", "#", RECORD(READ ",\"envelope\":{\"sender\":\"\"}"), TRUE },
	{ "line", "#/$defs/line", LINE("," VERDICT), TRUE },
	{ "line without recipient", "#/$defs/line", LINE(""), TRUE },

	{ "$ref", "#", RECORD(READ ",\"message\":{\"id\":\"\"}"), FALSE },
	{ "additionalProperties", "#", RECORD(READ ",\"more\":1"), FALSE },
	{ "const", "#",
	  "{\"schema\":\"retour/2\",\"source\":{\"index\":0,\"offset\":0,\"size\":1}" READ "}",
	  FALSE },
	{ "dependentRequired", "#", RECIPIENT(",\"because\":[{\"rule\":\"r\",\"part\":\"1\"}]"),
	  FALSE },
	{ "else", "#", RECORD(READ ",\"error\":\"e\""), FALSE },
	{ "enum", "#", RECORD(",\"never_reply\":true,\"kind\":\"bouncy\""), FALSE },
	{ "items", "#", RECORD(READ ",\"message\":{\"to\":[1]}"), FALSE },
	{ "maximum", "#", RECIPIENT(",\"reply\":600"), FALSE },
	{ "minItems", "#", RECORD(READ ",\"recipients\":[]"), FALSE },
	{ "minLength", "#", RECIPIENT(",\"address\":\"\""), FALSE },
	{ "minProperties", "#", RECORD(READ ",\"message\":{}"), FALSE },
	{ "minimum", "#", RECIPIENT(",\"reply\":199"), FALSE },
	{ "null", "#", RECIPIENT(",\"address\":null"), FALSE },
	{ "pattern", "#", RECIPIENT(",\"status\":\"5.01.1\""), FALSE },
	{ "pattern ends", "#", RECIPIENT(",\"status\":\"5.1.1\\n\""), FALSE },
	{ "propertyNames", "#", RECIPIENT(",\"fields\":{\"\":\"x\"}"), FALSE },
	{ "required", "#", RECORD(",\"never_reply\":true"), FALSE },
	{ "then", "#", RECORD(",\"kind\":\"unreadable\""), FALSE },
	{ "type", "#", RECORD(",\"never_reply\":1,\"kind\":\"bounce\""), FALSE },
	{ "unevaluatedProperties", "#", RECIPIENT(",\"more\":1"), FALSE },
	{ "unevaluatedProperties of a line", "#/$defs/line", LINE(",\"address\":\"a@b\""), FALSE },
	{ "uniqueItems", "#", RECORD(READ ",\"limits\":[\"text-cut\",\"text-cut\"]"), FALSE },
};

static void
test_rows(void **state)
{
	(void)state;
	g_autoptr(Schema) schema = schema_new(RETOUR_SCHEMA);
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(JsonNode) value = json_from_string(rows[i].json, NULL);
		g_autoptr(GString) fault = g_string_new(NULL);
		assert_non_null(value);
		if (schema_holds(schema, rows[i].pointer, value, fault) != rows[i].holds)
			fail_msg("%s: %s", rows[i].name, fault->str);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
