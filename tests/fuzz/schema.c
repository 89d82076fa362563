/* SPDX-License-Identifier: BSD-2-Clause */
#include "schema.h"

#include <string.h>

struct Schema {
	JsonNode *root;       /* owned */
	GHashTable *patterns; /* owned; pattern to GRegex */
	GString *fault;       /* of the caller, while it asks */
};

static gboolean holds(const Schema *schema, JsonNode *rule, JsonNode *value);

/* A keyword's own value, the object it stands in, and what it is asked about. */
typedef gboolean (*Keyword)(const Schema *schema, JsonNode *own, JsonObject *rule, JsonNode *value);

static gboolean
is_string(JsonNode *value)
{
	return JSON_NODE_HOLDS_VALUE(value) && json_node_get_value_type(value) == G_TYPE_STRING;
}

static gboolean
is_integer(JsonNode *value)
{
	return JSON_NODE_HOLDS_VALUE(value) && json_node_get_value_type(value) == G_TYPE_INT64;
}

static gboolean
is_type(const char *type, JsonNode *value)
{
	if (strcmp(type, "object") == 0)
		return JSON_NODE_HOLDS_OBJECT(value);
	if (strcmp(type, "array") == 0)
		return JSON_NODE_HOLDS_ARRAY(value);
	if (strcmp(type, "string") == 0)
		return is_string(value);
	if (strcmp(type, "integer") == 0)
		return is_integer(value);
	if (strcmp(type, "boolean") == 0)
		return JSON_NODE_HOLDS_VALUE(value) &&
		       json_node_get_value_type(value) == G_TYPE_BOOLEAN;
	g_error("no such type: %s", type);
}

#define KEYWORD(name) \
	static gboolean name(const Schema *schema, JsonNode *own, JsonObject *rule, JsonNode *value)
#define UNUSED_SCHEMA (void)schema
#define UNUSED_RULE (void)rule

KEYWORD(check_type)
{
	UNUSED_SCHEMA;
	UNUSED_RULE;
	return is_type(json_node_get_string(own), value);
}

KEYWORD(check_const)
{
	UNUSED_SCHEMA;
	UNUSED_RULE;
	return json_node_equal(own, value);
}

KEYWORD(check_enum)
{
	UNUSED_SCHEMA;
	UNUSED_RULE;
	JsonArray *words = json_node_get_array(own);
	for (guint i = 0; i < json_array_get_length(words); i++)
		if (json_node_equal(json_array_get_element(words, i), value))
			return TRUE;
	return FALSE;
}

KEYWORD(check_pattern)
{
	UNUSED_RULE;
	const char *pattern = json_node_get_string(own);
	GRegex *regex = g_hash_table_lookup(schema->patterns, pattern);
	if (!regex) {
		regex = g_regex_new(pattern, G_REGEX_OPTIMIZE | G_REGEX_DOLLAR_ENDONLY, 0, NULL);
		g_hash_table_insert(schema->patterns, g_strdup(pattern), regex);
	}
	return !is_string(value) || g_regex_match(regex, json_node_get_string(value), 0, NULL);
}

KEYWORD(check_min_length)
{
	UNUSED_SCHEMA;
	UNUSED_RULE;
	return !is_string(value) ||
	       g_utf8_strlen(json_node_get_string(value), -1) >= json_node_get_int(own);
}

KEYWORD(check_minimum)
{
	UNUSED_SCHEMA;
	UNUSED_RULE;
	return !is_integer(value) || json_node_get_int(value) >= json_node_get_int(own);
}

KEYWORD(check_maximum)
{
	UNUSED_SCHEMA;
	UNUSED_RULE;
	return !is_integer(value) || json_node_get_int(value) <= json_node_get_int(own);
}

static guint
array_length(JsonNode *value)
{
	return JSON_NODE_HOLDS_ARRAY(value) ? json_array_get_length(json_node_get_array(value)) : 0;
}

static JsonNode *
element_of(JsonNode *value, guint index)
{
	return json_array_get_element(json_node_get_array(value), index);
}

KEYWORD(check_min_items)
{
	UNUSED_SCHEMA;
	UNUSED_RULE;
	return !JSON_NODE_HOLDS_ARRAY(value) || array_length(value) >= json_node_get_int(own);
}

KEYWORD(check_unique_items)
{
	UNUSED_SCHEMA;
	UNUSED_RULE;
	(void)own;
	for (guint i = 0; i < array_length(value); i++)
		for (guint k = 0; k < i; k++)
			if (json_node_equal(element_of(value, i), element_of(value, k)))
				return FALSE;
	return TRUE;
}

KEYWORD(check_items)
{
	UNUSED_RULE;
	for (guint i = 0; i < array_length(value); i++)
		if (!holds(schema, own, element_of(value, i)))
			return FALSE;
	return TRUE;
}

static JsonObject *
object_of(JsonNode *value)
{
	return JSON_NODE_HOLDS_OBJECT(value) ? json_node_get_object(value) : NULL;
}

static guint
object_size(JsonNode *value)
{
	JsonObject *object = object_of(value);
	return object ? json_object_get_size(object) : 0;
}

KEYWORD(check_min_properties)
{
	UNUSED_SCHEMA;
	UNUSED_RULE;
	return !JSON_NODE_HOLDS_OBJECT(value) || object_size(value) >= json_node_get_int(own);
}

KEYWORD(check_required)
{
	UNUSED_SCHEMA;
	UNUSED_RULE;
	JsonObject *object = object_of(value);
	for (guint i = 0; object && i < array_length(own); i++)
		if (!json_object_has_member(object, json_node_get_string(element_of(own, i))))
			return FALSE;
	return TRUE;
}

KEYWORD(check_dependent_required)
{
	JsonObject *object = object_of(value);
	JsonObjectIter iter;
	const char *name;
	JsonNode *names;
	json_object_iter_init(&iter, json_node_get_object(own));
	while (json_object_iter_next(&iter, &name, &names))
		if (object && json_object_has_member(object, name) &&
		    !check_required(schema, names, rule, value))
			return FALSE;
	return TRUE;
}

KEYWORD(check_properties)
{
	UNUSED_RULE;
	JsonObject *object = object_of(value);
	JsonObjectIter iter;
	const char *name;
	JsonNode *sub;
	json_object_iter_init(&iter, json_node_get_object(own));
	while (json_object_iter_next(&iter, &name, &sub)) {
		JsonNode *member = object ? json_object_get_member(object, name) : NULL;
		if (member && !holds(schema, sub, member))
			return FALSE;
	}
	return TRUE;
}

KEYWORD(check_property_names)
{
	UNUSED_RULE;
	JsonObject *object = object_of(value);
	g_autoptr(GList) names = object ? json_object_get_members(object) : NULL;
	for (GList *name = names; name; name = name->next) {
		g_autoptr(JsonNode) node = json_node_init_string(json_node_alloc(), name->data);
		if (!holds(schema, own, node))
			return FALSE;
	}
	return TRUE;
}

static JsonNode *
resolve(const Schema *schema, const char *pointer)
{
	static const char lead[] = "#/$defs/";
	if (strcmp(pointer, "#") == 0)
		return schema->root;
	if (!g_str_has_prefix(pointer, lead))
		g_error("no such pointer: %s", pointer);
	JsonObject *defs =
	        json_object_get_object_member(json_node_get_object(schema->root), "$defs");
	JsonNode *found = json_object_get_member(defs, pointer + strlen(lead));
	if (!found)
		g_error("nothing at %s", pointer);
	return found;
}

KEYWORD(check_ref)
{
	UNUSED_RULE;
	return holds(schema, resolve(schema, json_node_get_string(own)), value);
}

/* Which of "then" and "else" is asked. NULL if it is not there. */
static JsonNode *
branch(const Schema *schema, JsonObject *rule, JsonNode *value)
{
	JsonNode *condition = json_object_get_member(rule, "if");
	if (!condition)
		return NULL;
	gsize told = schema->fault->len;
	gboolean met = holds(schema, condition, value);
	g_string_truncate(schema->fault, told);
	return json_object_get_member(rule, met ? "then" : "else");
}

KEYWORD(check_if)
{
	(void)own;
	JsonNode *asked = branch(schema, rule, value);
	return !asked || holds(schema, asked, value);
}

/* Whether @rule, or what it refers to, speaks of the member @name of @value. */
static gboolean
speaks_of(const Schema *schema, JsonNode *node, JsonNode *value, const char *name)
{
	JsonObject *rule = object_of(node);
	if (!rule)
		return FALSE;
	JsonNode *properties = json_object_get_member(rule, "properties");
	if (properties && json_object_has_member(json_node_get_object(properties), name))
		return TRUE;
	const char *ref = json_object_get_string_member_with_default(rule, "$ref", NULL);
	JsonNode *asked = branch(schema, rule, value);
	return (ref && speaks_of(schema, resolve(schema, ref), value, name)) ||
	       (asked && speaks_of(schema, asked, value, name));
}

KEYWORD(check_additional)
{
	JsonObject *object = object_of(value);
	JsonNode *properties = json_object_get_member(rule, "properties");
	g_autoptr(GList) names = object ? json_object_get_members(object) : NULL;
	for (GList *name = names; name; name = name->next)
		if (!(properties &&
		      json_object_has_member(json_node_get_object(properties), name->data)) &&
		    !holds(schema, own, json_object_get_member(object, name->data)))
			return FALSE;
	return TRUE;
}

KEYWORD(check_unevaluated)
{
	JsonObject *object = object_of(value);
	g_autoptr(JsonNode) node = json_node_init_object(json_node_alloc(), rule);
	g_autoptr(GList) names = object ? json_object_get_members(object) : NULL;
	for (GList *name = names; name; name = name->next)
		if (!speaks_of(schema, node, value, name->data) &&
		    !holds(schema, own, json_object_get_member(object, name->data)))
			return FALSE;
	return TRUE;
}

/* NULL: says nothing about a value, or another keyword asks for it. */
static const struct {
	const char *name;
	Keyword check;
} keywords[] = {
	{ "$defs", NULL },
	{ "$id", NULL },
	{ "$ref", check_ref },
	{ "$schema", NULL },
	{ "additionalProperties", check_additional },
	{ "const", check_const },
	{ "dependentRequired", check_dependent_required },
	{ "description", NULL },
	{ "else", NULL },
	{ "enum", check_enum },
	{ "if", check_if },
	{ "items", check_items },
	{ "maximum", check_maximum },
	{ "minItems", check_min_items },
	{ "minLength", check_min_length },
	{ "minProperties", check_min_properties },
	{ "minimum", check_minimum },
	{ "pattern", check_pattern },
	{ "properties", check_properties },
	{ "propertyNames", check_property_names },
	{ "required", check_required },
	{ "then", NULL },
	{ "title", NULL },
	{ "type", check_type },
	{ "unevaluatedProperties", check_unevaluated },
	{ "uniqueItems", check_unique_items },
};

static Keyword
keyword_find(const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS(keywords); i++)
		if (strcmp(keywords[i].name, name) == 0)
			return keywords[i].check;
	g_error("the schema has a keyword that is not known here: %s", name);
}

static gboolean
refuse(const Schema *schema, const char *keyword, JsonNode *own, JsonNode *value)
{
	g_autofree char *wanted = json_to_string(own, FALSE);
	g_autofree char *found = json_to_string(value, FALSE);
	g_string_append_printf(schema->fault, "%s %.200s: %.400s\n", keyword, wanted, found);
	return FALSE;
}

static gboolean
holds(const Schema *schema, JsonNode *rule, JsonNode *value)
{
	if (!JSON_NODE_HOLDS_OBJECT(rule))
		return json_node_get_boolean(rule) || refuse(schema, "may not be", rule, value);
	JsonObject *object = json_node_get_object(rule);
	JsonObjectIter iter;
	const char *name;
	JsonNode *own;
	json_object_iter_init(&iter, object);
	while (json_object_iter_next(&iter, &name, &own)) {
		Keyword check = keyword_find(name);
		if (check && !check(schema, own, object, value))
			return refuse(schema, name, own, value);
	}
	return TRUE;
}

Schema *
schema_new(const char *path)
{
	g_autoptr(JsonParser) parser = json_parser_new();
	g_autoptr(GError) error = NULL;
	if (!json_parser_load_from_file(parser, path, &error))
		g_error("%s", error->message);
	Schema *schema = g_new0(Schema, 1);
	schema->root = json_parser_steal_root(parser);
	schema->patterns = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	                                         (GDestroyNotify)g_regex_unref);
	return schema;
}

void
schema_free(Schema *schema)
{
	json_node_unref(schema->root);
	g_hash_table_unref(schema->patterns);
	g_free(schema);
}

gboolean
schema_holds(const Schema *schema, const char *pointer, JsonNode *value, GString *fault)
{
	Schema asking = *schema;
	asking.fault = fault;
	return holds(&asking, resolve(&asking, pointer), value);
}
