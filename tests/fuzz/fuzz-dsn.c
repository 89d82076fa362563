/* SPDX-License-Identifier: BSD-2-Clause */

/* The fields of a delivery report. */

#include <retour/dsn.h>

#include "base/limits.h"
#include "fuzz.h"

/* @value is @raw with each run of white space as one blank, none at the ends. */
static gboolean
is_unfolded(RetourSpan raw, const char *value)
{
	gsize at = 0;
	while (at < raw.length) {
		if (!retour_is_space(raw.data[at])) {
			if (*value++ != raw.data[at++])
				return FALSE;
			continue;
		}
		while (at < raw.length && retour_is_space(raw.data[at]))
			at++;
		if (at < raw.length && *value++ != ' ')
			return FALSE;
	}
	return *value == '\0';
}

static void
check_field(RetourSpan text, const RetourDsnField *field)
{
	fuzz_require(*field->name, "a field without a name");
	for (const char *c = field->name; *c; c++)
		fuzz_require(g_ascii_islower(*c) || g_ascii_isdigit(*c) || strchr("-_", *c),
		             "name %s", field->name);
	fuzz_require(field->offset + field->length <= text.length, "%s stands at %zu, %zu bytes",
	             field->name, field->offset, field->length);
	RetourSpan raw = retour_span_sub(text, field->offset, field->length);
	fuzz_require(is_unfolded(raw, field->value), "%s: %s", field->name, field->value);
	fuzz_require(fuzz_is_text(field->value, strlen(field->value)), "%s is no text",
	             field->name);
	fuzz_require(strlen(field->value) <= RETOUR_LIMIT_STRING, "%s is too long", field->name);
}

static void
check_group(RetourSpan text, const RetourDsnGroup *group)
{
	/* Those that the standard names are kept beyond the limit, as many again. */
	fuzz_require(group->n_fields <= 2 * RETOUR_LIMIT_FIELDS, "%u fields", group->n_fields);
	for (guint i = 0; i < group->n_fields; i++) {
		check_field(text, &group->fields[i]);
		const RetourDsnField *first = retour_dsn_group_get(group, group->fields[i].name);
		fuzz_require(first && first <= &group->fields[i], "%s is not found",
		             group->fields[i].name);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	gsize length;
	g_autofree char *exact = fuzz_text(data, size, &length);
	RetourSpan text = retour_span(exact, length);
	g_autoptr(RetourDsn) dsn = retour_dsn_parse(text.data, text.length);
	fuzz_require(dsn->n_recipients <= RETOUR_LIMIT_RECIPIENTS, "%u recipients",
	             dsn->n_recipients);
	check_group(text, &dsn->message);
	for (guint i = 0; i < dsn->n_recipients; i++) {
		check_group(text, &dsn->recipients[i]);
		fuzz_require(dsn->recipients[i].n_fields > 0, "an empty group");
	}
	return 0;
}
