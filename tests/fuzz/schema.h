/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <json-glib/json-glib.h>

/*
 * Holds JSON against docs/schema/record-v1.json, so that the schema is the one place that tells
 * what a record looks like. Knows the keywords of JSON Schema 2020-12 that stand there; an unknown
 * one ends the process, so that none is passed over in silence.
 */
typedef struct Schema Schema;

/* Never NULL. (transfer full) */
Schema *schema_new(const char *path);
void schema_free(Schema *schema);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Schema, schema_free)

/* Whether @value is what @pointer ("#", "#/$defs/line") describes; if not, @fault gets where and by
 * which keyword. */
gboolean schema_holds(const Schema *schema, const char *pointer, JsonNode *value, GString *fault);
