/* SPDX-License-Identifier: BSD-2-Clause */
#include "text/matcher-tables.h"

#include <string.h>

G_DEFINE_QUARK(retour - matcher - error - quark, retour_matcher_error)

#define NONE RETOUR_MATCHER_NONE

/* A state before it has its place in the double array. */
typedef struct {
	guint child, sibling; /* 0 is none: the root is nobody's child */
	guint fail;
	guint place;
	guint16 klass;
	guint16 list;
	GArray *outputs; /* of Output; owned, or NULL */
} Node;

typedef struct {
	guint16 link, pattern;
} Output;

typedef struct {
	GArray *nodes; /* of Node */
	GArray *order; /* of guint: nodes by depth */
	guint16 classes[256];
	guint n_classes;
	GArray *links;      /* of RetourMatcherLink */
	GArray *ends;       /* of guint: the node at which each link ends */
	GHashTable *by_key; /* key of a link to its index + 1 */
	GArray *lists;      /* of guint16 */
	GArray *states;     /* of RetourMatcherState */
	guint first_free;
	guint n_slots;
} Builder;

static Node *
node_at(const Builder *builder, guint index)
{
	return &g_array_index(builder->nodes, Node, index);
}

static void
node_clear(gpointer data)
{
	g_clear_pointer(&((Node *)data)->outputs, g_array_unref);
}

static void
builder_init(Builder *builder)
{
	*builder = (Builder){ .n_classes = 1, .first_free = 1 };
	builder->nodes = g_array_new(FALSE, TRUE, sizeof(Node));
	g_array_set_clear_func(builder->nodes, node_clear);
	g_array_set_size(builder->nodes, 1);
	builder->order = g_array_new(FALSE, FALSE, sizeof(guint));
	builder->links = g_array_new(FALSE, FALSE, sizeof(RetourMatcherLink));
	builder->ends = g_array_new(FALSE, FALSE, sizeof(guint));
	builder->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	builder->lists = g_array_new(FALSE, FALSE, sizeof(guint16));
	builder->states = g_array_new(FALSE, FALSE, sizeof(RetourMatcherState));
}

static void
builder_clear(Builder *builder)
{
	g_array_unref(builder->nodes);
	g_array_unref(builder->order);
	g_array_unref(builder->links);
	g_array_unref(builder->ends);
	g_hash_table_unref(builder->by_key);
	g_array_unref(builder->lists);
	g_array_unref(builder->states);
}

static guint
child_of(const Builder *builder, guint node, guint klass)
{
	guint child = node_at(builder, node)->child;
	while (child != 0 && node_at(builder, child)->klass != klass)
		child = node_at(builder, child)->sibling;
	return child;
}

/* The node at the end of @piece, made where it is new. */
static guint
add_piece(Builder *builder, const char *piece, gsize length)
{
	guint node = 0;
	for (gsize i = 0; i < length; i++) {
		guint16 *klass = &builder->classes[(guchar)piece[i]];
		if (*klass == 0)
			*klass = (guint16)builder->n_classes++;
		guint child = child_of(builder, node, *klass);
		if (child == 0) {
			child = builder->nodes->len;
			Node fresh = { .klass = *klass, .sibling = node_at(builder, node)->child };
			g_array_append_val(builder->nodes, fresh);
			node_at(builder, node)->child = child;
		}
		node = child;
	}
	return node;
}

static void
add_output(Builder *builder, guint link, guint pattern)
{
	Node *node = node_at(builder, g_array_index(builder->ends, guint, link));
	if (!node->outputs)
		node->outputs = g_array_new(FALSE, FALSE, sizeof(Output));
	Output output = { (guint16)link, (guint16)pattern };
	g_array_append_val(node->outputs, output);
}

/* The predecessor of another link notes where it held. */
static void
need_slot(Builder *builder, guint link)
{
	RetourMatcherLink *data = &g_array_index(builder->links, RetourMatcherLink, link);
	if (data->slot != NONE)
		return;
	data->slot = (guint16)builder->n_slots++;
	add_output(builder, link, NONE);
}

static guint
add_link(Builder *builder, guint previous, guint edges, const char *piece, gsize length)
{
	char *key = g_strdup_printf("%u/%u/%.*s", previous, edges, (int)length, piece);
	guint known = GPOINTER_TO_UINT(g_hash_table_lookup(builder->by_key, key));
	if (known) {
		g_free(key);
		return known - 1;
	}
	if (previous != NONE)
		need_slot(builder, previous);
	RetourMatcherLink link = { .previous = (guint16)previous,
		                   .length = (guint16)length,
		                   .slot = NONE,
		                   .edges = (guint16)edges };
	guint end = add_piece(builder, piece, length);
	g_array_append_val(builder->links, link);
	g_array_append_val(builder->ends, end);
	g_hash_table_insert(builder->by_key, key, GUINT_TO_POINTER(builder->links->len));
	return builder->links->len - 1;
}

/* Takes the stars off the ends of a piece. Returns what is wrong with it, or NULL. */
static const char *
read_piece(const char **piece, gsize *length, guint *edges)
{
	gboolean open_left = *length > 0 && (*piece)[0] == '*';
	*piece += open_left;
	*length -= open_left;
	gboolean open_right = *length > 0 && (*piece)[*length - 1] == '*';
	*length -= open_right;
	if (*length < 2 || *length >= NONE)
		return "a piece is shorter than two bytes: join it with its neighbour";
	if (memchr(*piece, '*', *length))
		return "a star inside a word: put it at the word's end, or between spaces";
	char first = (*piece)[0], last = (*piece)[*length - 1];
	if (first == ' ' || last == ' ')
		return "a star alone or a space at an end: take it away";
	*edges = (!open_left && g_ascii_isalnum(first) ? RETOUR_MATCHER_EDGE_LEFT : 0u) |
	         (!open_right && g_ascii_isalnum(last) ? RETOUR_MATCHER_EDGE_RIGHT : 0u);
	return NULL;
}

static gboolean
add_pattern(Builder *builder, const char *pattern, guint index, GError **error)
{
	g_auto(GStrv) pieces = g_strsplit(pattern, " * ", -1);
	const char *wrong = pieces[0] ? NULL : "it is empty: write what servers say";
	guint link = NONE;
	for (guint i = 0; pieces[i] && !wrong; i++) {
		const char *piece = pieces[i];
		gsize length = strlen(piece);
		guint edges = 0;
		wrong = read_piece(&piece, &length, &edges);
		if (!wrong)
			link = add_link(builder, link, edges, piece, length);
	}
	if (wrong) {
		g_set_error(error, RETOUR_MATCHER_ERROR, RETOUR_MATCHER_ERROR_PATTERN,
		            "pattern \"%s\": %s", pattern, wrong);
		return FALSE;
	}
	add_output(builder, link, index);
	return TRUE;
}

/* ---- failure links and lists of outputs, by depth ---- */

static int
compare_outputs(gconstpointer a, gconstpointer b)
{
	const Output *x = a, *y = b;
	return x->pattern != y->pattern ? (int)x->pattern - (int)y->pattern
	                                : (int)x->link - (int)y->link;
}

/* The longest proper end of a child's text that is a node itself. */
static guint
fail_of(const Builder *builder, guint parent, guint klass)
{
	while (parent != 0) {
		parent = node_at(builder, parent)->fail;
		guint next = child_of(builder, parent, klass);
		if (next != 0)
			return next;
	}
	return 0;
}

/* A node gives its own outputs and those of its failure link; where it has none of its own the list
 * is shared. */
static void
make_list(Builder *builder, Node *node)
{
	node->list = node_at(builder, node->fail)->list;
	if (!node->outputs)
		return;
	const guint16 *more = &g_array_index(builder->lists, guint16, node->list);
	for (; *more != NONE; more += 2) {
		Output output = { more[0], more[1] };
		g_array_append_val(node->outputs, output);
	}
	g_array_sort(node->outputs, compare_outputs);
	node->list = (guint16)builder->lists->len;
	g_array_append_vals(builder->lists, node->outputs->data, node->outputs->len * 2);
	const guint16 end = NONE;
	g_array_append_val(builder->lists, end);
}

static void
make_order(Builder *builder)
{
	const guint16 end = NONE;
	g_array_append_val(builder->lists, end);
	const guint root = 0;
	g_array_append_val(builder->order, root);
	for (guint i = 0; i < builder->order->len; i++) {
		guint parent = g_array_index(builder->order, guint, i);
		for (guint child = node_at(builder, parent)->child; child != 0;
		     child = node_at(builder, child)->sibling) {
			Node *node = node_at(builder, child);
			node->fail = fail_of(builder, parent, node->klass);
			make_list(builder, node);
			g_array_append_val(builder->order, child);
		}
	}
}

/* ---- the double array ---- */

static RetourMatcherState *
state_at(Builder *builder, guint place)
{
	while (builder->states->len <= place) {
		RetourMatcherState fresh = { .check = NONE };
		g_array_append_val(builder->states, fresh);
	}
	return &g_array_index(builder->states, RetourMatcherState, place);
}

static gboolean
base_fits(Builder *builder, guint parent, guint base)
{
	for (guint child = node_at(builder, parent)->child; child != 0;
	     child = node_at(builder, child)->sibling) {
		if (state_at(builder, base + node_at(builder, child)->klass)->check != NONE)
			return FALSE;
	}
	return TRUE;
}

static guint
find_base(Builder *builder, guint parent)
{
	guint klass = node_at(builder, node_at(builder, parent)->child)->klass;
	while (state_at(builder, builder->first_free)->check != NONE)
		builder->first_free++;
	guint place = MAX(builder->first_free, klass);
	while (!base_fits(builder, parent, place - klass))
		place++;
	return place - klass;
}

static gboolean
place_nodes(Builder *builder)
{
	state_at(builder, 0);
	for (guint i = 0; i < builder->order->len; i++) {
		guint parent = g_array_index(builder->order, guint, i);
		const Node *node = node_at(builder, parent);
		guint place = node->place;
		guint base = node->child ? find_base(builder, parent) : 0;
		if (base + builder->n_classes >= NONE)
			return FALSE;
		RetourMatcherState *state = state_at(builder, place);
		state->base = (guint16)base;
		state->fail = (guint16)node_at(builder, node->fail)->place;
		state->outputs = node->list;
		for (guint child = node->child; child != 0;
		     child = node_at(builder, child)->sibling) {
			guint at = base + node_at(builder, child)->klass;
			node_at(builder, child)->place = at;
			state_at(builder, at)->check = (guint16)place;
		}
		state_at(builder, base + builder->n_classes);
	}
	return TRUE;
}

/* ---- all together ---- */

static RetourMatcher *
assemble(const Builder *builder)
{
	gsize states = builder->states->len * sizeof(RetourMatcherState);
	gsize links = builder->links->len * sizeof(RetourMatcherLink);
	gsize lists = builder->lists->len * sizeof(guint16);
	RetourMatcher *matcher = g_malloc(sizeof(RetourMatcher) + states + links + lists);
	matcher->n_states = (guint16)builder->states->len;
	matcher->n_links = (guint16)builder->links->len;
	matcher->n_lists = (guint16)builder->lists->len;
	matcher->n_slots = (guint16)builder->n_slots;
	memcpy(matcher->classes, builder->classes, sizeof(matcher->classes));
	for (guint byte = 0; byte < 256; byte++) {
		guint klass = builder->classes[byte];
		guint child = klass != 0 ? child_of(builder, 0, klass) : 0;
		matcher->starts[byte] = (guint16)node_at(builder, child)->place;
	}
	char *rest = (char *)matcher->rest;
	memcpy(rest, builder->states->data, states);
	if (links > 0)
		memcpy(rest + states, builder->links->data, links);
	memcpy(rest + states + links, builder->lists->data, lists);
	return matcher;
}

static gboolean
make_tables(Builder *builder)
{
	make_order(builder);
	return builder->links->len < NONE && builder->n_slots <= RETOUR_MATCHER_SLOTS &&
	       builder->lists->len < NONE && place_nodes(builder);
}

RetourMatcher *
retour_matcher_build(const char *const *patterns, guint n, GError **error)
{
	Builder builder;
	builder_init(&builder);
	gboolean good = TRUE;
	for (guint i = 0; i < n && good; i++)
		good = add_pattern(&builder, patterns[i], i, error);
	RetourMatcher *matcher = NULL;
	if (good && n < NONE && make_tables(&builder))
		matcher = assemble(&builder);
	else if (good)
		g_set_error(error, RETOUR_MATCHER_ERROR, RETOUR_MATCHER_ERROR_SIZE,
		            "%u patterns are too many for the tables: use fewer, or shorter ones",
		            n);
	builder_clear(&builder);
	return matcher;
}

void
retour_matcher_free(RetourMatcher *matcher)
{
	g_free(matcher);
}
