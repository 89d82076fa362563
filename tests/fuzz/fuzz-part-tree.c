/* SPDX-License-Identifier: BSD-2-Clause */

/* A message to a tree of parts: door, guard, salvage and what GMime makes of it. */

#include "base/limits.h"
#include "fuzz.h"
#include "mime/door.h"
#include "mime/guard.h"
#include "mime/part.h"

/* Pieces follow one another, and each shows bytes of the message, in their order. */
static void
check_view(RetourSpan bytes, const RetourView *view)
{
	gsize at = 0, origin = 0;
	for (guint i = 0; i < view->pieces->len; i++) {
		const RetourPiece *piece = &g_array_index(view->pieces, RetourPiece, i);
		fuzz_require(piece->at == at && piece->length > 0, "piece %u at %zu, not %zu", i,
		             piece->at, at);
		fuzz_require(piece->origin >= origin && piece->origin <= bytes.length,
		             "piece %u came from %zu, behind %zu", i, piece->origin, origin);
		at += piece->length;
		if (piece->literal)
			continue;
		fuzz_require(piece->origin + piece->length <= bytes.length &&
		                     piece->data == bytes.data + piece->origin,
		             "piece %u is not of the message", i);
		origin = piece->origin + piece->length;
	}
	fuzz_require(view->length == at, "%zu bytes of %zu", at, view->length);
}

static void
check_guard(RetourSpan bytes)
{
	g_auto(RetourDoor) door;
	retour_door_open(&door, bytes);
	fuzz_require(door.bytes.length <= bytes.length && door.begin <= door.bytes.length,
	             "the door at %zu of %zu", door.begin, bytes.length);
	g_auto(RetourView) view;
	retour_view_init(&view);
	RetourGuardBudget budget = { 0 };
	retour_guard_scan(door.bytes, door.begin, door.headless, &budget, &view);
	check_view(door.bytes, &view);
}

static void
check_header(const RetourPart *part, const RetourHeader *header)
{
	fuzz_require(*header->name, "a header without a name in part %s", part->section);
	gsize length = strlen(header->value);
	fuzz_require(fuzz_is_text(header->value, length), "%s in part %s", header->name,
	             part->section);
	fuzz_require(length == 0 || (!retour_is_space(header->value[0]) &&
	                             !retour_is_space(header->value[length - 1])),
	             "%s: \"%s\"", header->name, header->value);
	fuzz_require(header->offset + header->length <= part->head_length,
	             "%s stands at %zu of %zu", header->name, header->offset, part->head_length);
	gint64 seconds;
	retour_date_parse(header->value, &seconds);
}

static void
check_text(const RetourPart *part)
{
	fuzz_require(part->text[part->text_length] == '\0' &&
	                     fuzz_is_text(part->text, part->text_length) &&
	                     !memchr(part->text, '\r', part->text_length),
	             "text of part %s", part->section);
	fuzz_require(part->text_length <= RETOUR_LIMIT_REPORT_TEXT, "%zu bytes in part %s",
	             part->text_length, part->section);
	g_autoptr(RetourArena) arena = retour_arena_new();
	guint n;
	const RetourHeader *headers =
	        retour_headers_parse(arena, part->text, part->text_length, &n);
	for (guint i = 0; i < n; i++)
		fuzz_require(headers[i].offset + headers[i].length <= part->text_length &&
		                     fuzz_is_text(headers[i].value, strlen(headers[i].value)),
		             "%s in the text of part %s", headers[i].name, part->section);
}

static void
check_place(const RetourPart *part)
{
	guint depth = 0;
	for (const RetourPart *up = part; up->parent; up = up->parent)
		depth++;
	/* A message and what is inside it are one level. */
	fuzz_require(depth <= 2 * RETOUR_LIMIT_DEPTH + 2, "part %s lies %u deep", part->section,
	             depth);
	for (guint i = 0; i < part->n_children; i++) {
		const RetourPart *child = part->children[i], *up = part;
		/* Those of a message inside are its own, and that may be a message in turn. */
		while (up->message && child->parent != up)
			up = up->message;
		fuzz_require(child->parent == up, "part %s is not below %s", child->section,
		             part->section);
		fuzz_require(g_str_has_prefix(child->section, part->section), "part %s below %s",
		             child->section, part->section);
	}
}

static void
check_part(const RetourPart *part, gsize length)
{
	fuzz_require(part->type && strchr(part->type, '/'), "type of part %s", part->section);
	for (const char *c = part->type; *c; c++)
		fuzz_require(!g_ascii_isupper(*c), "type %s", part->type);
	fuzz_require(part->offset <= length && part->size <= length - part->offset,
	             "part %s stands at %" G_GUINT64_FORMAT ", %" G_GUINT64_FORMAT " of %zu bytes",
	             part->section, part->offset, part->size, length);
	fuzz_require(strlen(part->head) == part->head_length &&
	                     fuzz_is_text(part->head, part->head_length),
	             "head of part %s", part->section);
	for (guint i = 0; i < part->n_headers; i++)
		check_header(part, &part->headers[i]);
	if (part->text)
		check_text(part);
	check_place(part);
}

static void
check_limits(const RetourPartTree *tree)
{
	for (guint i = 0; i < tree->n_limits; i++)
		fuzz_require(g_str_has_suffix(tree->limits[i], "-cut") &&
		                     (i == 0 || strcmp(tree->limits[i - 1], tree->limits[i]) < 0),
		             "limit %s", tree->limits[i]);
	gboolean told = FALSE;
	for (guint i = 0; i < tree->n_limits; i++)
		told |= strcmp(tree->limits[i], "text-cut") == 0;
	for (guint i = 0; i < tree->n_parts; i++) {
		const RetourPart *part = tree->parts[i];
		/* Of a returned message a little text is wanted, and no more is missed. */
		gboolean returned = FALSE;
		for (const RetourPart *up = part->parent; up; up = up->parent)
			returned |= up->kind == RETOUR_PART_MESSAGE;
		fuzz_require(!part->text_cut || told || returned, "part %s was cut in silence",
		             part->section);
	}
}

/* The field that is put before a message: the second one is a field too, but none that a regular
 * message has, so that GMime reads the message. */
#define REGULAR "X-Mark: 1"
#define IRREGULAR "X-Mar : 1"

static RetourPartTree *
read_marked(const char *mark, RetourSpan bytes)
{
	const char *end = memchr(bytes.data, '\n', bytes.length);
	gboolean crlf = end && end > bytes.data && end[-1] == '\r';
	g_autoptr(GString) marked = g_string_new(mark);
	g_string_append(marked, crlf ? "\r\n" : "\n");
	g_string_append_len(marked, bytes.data, (gssize)bytes.length);
	return retour_part_tree_read(marked->str, marked->len);
}

static gboolean
same_header(const RetourHeader *one, const RetourHeader *other)
{
	return strcmp(one->name, other->name) == 0 && strcmp(one->value, other->value) == 0 &&
	       one->offset == other->offset && one->length == other->length;
}

/* All of @part but its headers and what is below it. */
static char *
describe(const RetourPart *part)
{
	return g_strdup_printf(
	        "%s: kind %u, %s, report-type %s, charset %s, file name %s, %s, head of %zu "
	        "with %u fields, at %" G_GUINT64_FORMAT ", %" G_GUINT64_FORMAT
	        " bytes, %u below, text%s %s",
	        part->section, part->kind, part->type, part->report_type, part->charset,
	        part->file_name, part->disposition, part->head_length, part->n_headers,
	        part->offset, part->size, part->n_children, part->text_cut ? " cut" : "",
	        part->text);
}

static void
check_same_part(const RetourPart *one, const RetourPart *other)
{
	g_autofree char *read = describe(one);
	g_autofree char *by_gmime = describe(other);
	fuzz_require(strcmp(read, by_gmime) == 0, "%s\nby GMime: %s", read, by_gmime);
	for (guint i = one->parent ? 0 : 1; i < one->n_headers; i++)
		fuzz_require(same_header(&one->headers[i], &other->headers[i]), "%s of part %s",
		             one->headers[i].name, one->section);
}

/* What is read without GMime where a message is regular, is what GMime makes of it. */
static void
check_both_ways(RetourSpan bytes)
{
	/* Behind a From_ line the mark would be no field, and the door mends CRs by how many there
	 * are. */
	if (retour_span_has_prefix(bytes, "From ") || memchr(bytes.data, '\0', bytes.length))
		return;
	g_autoptr(RetourPartTree) one = read_marked(REGULAR, bytes);
	g_autoptr(RetourPartTree) other = read_marked(IRREGULAR, bytes);
	fuzz_require(one->n_parts == other->n_parts, "%u parts, GMime: %u", one->n_parts,
	             other->n_parts);
	for (guint i = 0; i < one->n_parts; i++)
		check_same_part(one->parts[i], other->parts[i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	RetourSpan bytes = retour_span((const char *)data, size);
	check_guard(bytes);
	g_autoptr(RetourPartTree) tree = retour_part_tree_read(bytes.data, bytes.length);
	fuzz_require(tree->root && tree->n_parts > 0 && tree->parts[0] == tree->root &&
	                     !*tree->root->section,
	             "no root");
	fuzz_require(tree->n_parts <= RETOUR_LIMIT_PARTS, "%u parts", tree->n_parts);
	for (guint i = 0; i < tree->n_parts; i++)
		check_part(tree->parts[i], bytes.length);
	check_limits(tree);
	check_both_ways(bytes);
	return 0;
}
