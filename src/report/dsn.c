/* SPDX-License-Identifier: BSD-2-Clause */
#include <retour/dsn.h>

#include "base/arena.h"
#include "base/limits.h"

/* Fields of one group beyond which a report is junk. */
#define FIELDS_MAX RETOUR_LIMIT_FIELDS
/* Those that the standard names are kept beyond that: nobody hides a Diagnostic-Code behind junk.
 */
#define KNOWN_FIELDS_MAX (2 * RETOUR_LIMIT_FIELDS)

/* The fields that make a group one of a recipient (RFC 3464 2.3). */
static const char *const recipient_fields[] = {
	"final-recipient", "original-recipient", "action", "status", "diagnostic-code",
};

/* Fields without a '-' in their name that may begin a line of a report or of the message header
 * behind it. */
static const char *const plain_names[] = {
	"action", "status", "date",  "from",        "to",      "subject", "received",
	"cc",     "sender", "error", "disposition", "failure", "warning", "precedence",
};

typedef struct {
	RetourArena *arena;
	GArray *fields;     /* of RetourDsnField: the group being read */
	GArray *recipients; /* of RetourDsnGroup */
	RetourDsnGroup message;
	gboolean cut, fields_cut, text_cut;
} Parser;

static gboolean
is_one_of(const char *name, const char *const *names, guint n)
{
	for (guint i = 0; i < n; i++)
		if (strcmp(name, names[i]) == 0)
			return TRUE;
	return FALSE;
}

/* "Name:" or "Name :" at the start of a line, where the name is a plausible one; "https:" or
 * "550-5.1.1 see:" is not. The name's length, 0 for none; @colon is where the value begins. */
static gsize
match_field(RetourSpan line, gsize *value)
{
	gsize length = 0;
	gboolean dash = FALSE;
	while (length < line.length &&
	       (g_ascii_isalnum(line.data[length]) || strchr("-_", line.data[length]))) {
		if (line.data[length] == '\0')
			return 0;
		dash |= line.data[length] == '-';
		length++;
	}
	gsize colon = length;
	while (colon < line.length && retour_is_blank(line.data[colon]))
		colon++;
	if (length < 2 || length > 60 || !g_ascii_isalpha(line.data[0]) || colon >= line.length ||
	    line.data[colon] != ':')
		return 0;
	if (!dash) {
		g_autofree char *name = g_ascii_strdown(line.data, (gssize)length);
		if (!is_one_of(name, plain_names, G_N_ELEMENTS(plain_names)))
			return 0;
	}
	*value = colon + 1;
	return length;
}

static const char *
unfold(RetourArena *arena, RetourSpan raw)
{
	char *value = (char *)retour_arena_strndup(arena, raw.data, raw.length);
	gsize out = 0;
	for (gsize i = 0; i < raw.length; i++) {
		gboolean space = retour_is_space(raw.data[i]);
		if (space && (out == 0 || value[out - 1] == ' '))
			continue;
		value[out++] = space ? ' ' : raw.data[i];
	}
	while (out > 0 && value[out - 1] == ' ')
		out--;
	value[out] = '\0';
	return value;
}

/* Fields that carry meaning (RFC 3464, RFC 6533), in lower case. */
static const char *const known_fields[] = {
	"final-recipient",
	"original-recipient",
	"action",
	"status",
	"diagnostic-code",
	"remote-mta",
	"last-attempt-date",
	"will-retry-until",
	"final-log-id",
	"reporting-mta",
	"arrival-date",
	"localized-diagnostic",
	"received-from-mta",
	"original-envelope-id",
};

static gboolean
is_known(RetourSpan name)
{
	for (guint i = 0; i < G_N_ELEMENTS(known_fields); i++)
		if (retour_span_equal(name, known_fields[i]))
			return TRUE;
	return FALSE;
}

/* FALSE where the group has no room for it. */
static gboolean
add_field(Parser *parser, RetourSpan name, RetourSpan raw, gsize offset)
{
	if (parser->fields->len >= (is_known(name) ? KNOWN_FIELDS_MAX : FIELDS_MAX)) {
		parser->fields_cut = TRUE;
		return FALSE;
	}
	gsize before = raw.length;
	while (raw.length > 0 && retour_is_space(raw.data[0]))
		raw = retour_span_from(raw, 1);
	offset += before - raw.length;
	raw = retour_span_trim(raw);
	parser->text_cut |= raw.length > RETOUR_LIMIT_STRING;
	raw = retour_span_cut(raw, RETOUR_LIMIT_STRING);
	char *lower = (char *)retour_arena_span(parser->arena, name);
	for (char *c = lower; *c; c++)
		*c = g_ascii_tolower(*c);
	RetourDsnField field = { lower, unfold(parser->arena, raw), offset, raw.length };
	g_array_append_val(parser->fields, field);
	return TRUE;
}

static const RetourDsnField *
find_field(const RetourDsnField *fields, guint n, const char *name)
{
	for (guint i = 0; i < n; i++)
		if (strcmp(fields[i].name, name) == 0)
			return &fields[i];
	return NULL;
}

const RetourDsnField *
retour_dsn_group_get(const RetourDsnGroup *group, const char *name)
{
	return find_field(group->fields, group->n_fields, name);
}

static gboolean
is_recipient_group(const RetourDsnField *fields, guint n)
{
	for (guint i = 0; i < n; i++)
		if (is_one_of(fields[i].name, recipient_fields, G_N_ELEMENTS(recipient_fields)))
			return TRUE;
	return FALSE;
}

static RetourDsnGroup
keep_fields(Parser *parser, guint from, guint to)
{
	guint n = to - from;
	RetourDsnField *fields = retour_arena_alloc(parser->arena, n * sizeof(RetourDsnField));
	if (n > 0)
		memcpy(fields, &g_array_index(parser->fields, RetourDsnField, from),
		       n * sizeof(RetourDsnField));
	return (RetourDsnGroup){ fields, n };
}

/* A group without a recipient that follows one without an outcome is its other half: an empty line
 * between them too many. */
static gboolean
completes_last(Parser *parser, const RetourDsnField *fields, guint n)
{
	if (parser->recipients->len == 0 || find_field(fields, n, "final-recipient") ||
	    find_field(fields, n, "original-recipient"))
		return FALSE;
	const RetourDsnGroup *last =
	        &g_array_index(parser->recipients, RetourDsnGroup, parser->recipients->len - 1);
	return !retour_dsn_group_get(last, "action") && !retour_dsn_group_get(last, "status");
}

static void
add_recipient(Parser *parser, guint from, guint to)
{
	const RetourDsnField *fields = &g_array_index(parser->fields, RetourDsnField, from);
	if (completes_last(parser, fields, to - from)) {
		RetourDsnGroup *last = &g_array_index(parser->recipients, RetourDsnGroup,
		                                      parser->recipients->len - 1);
		guint more = MIN(to - from, FIELDS_MAX - MIN(last->n_fields, FIELDS_MAX));
		parser->fields_cut |= more < to - from;
		if (more == 0)
			return;
		guint n = last->n_fields + more;
		RetourDsnField *both =
		        retour_arena_alloc(parser->arena, n * sizeof(RetourDsnField));
		memcpy(both, last->fields, last->n_fields * sizeof(RetourDsnField));
		memcpy(both + last->n_fields, fields, more * sizeof(RetourDsnField));
		*last = (RetourDsnGroup){ both, n };
		return;
	}
	if (parser->recipients->len >= RETOUR_LIMIT_RECIPIENTS) {
		parser->cut = TRUE;
		return;
	}
	RetourDsnGroup group = keep_fields(parser, from, to);
	g_array_append_val(parser->recipients, group);
}

/* Fields that stand for the message although no empty line parts them from the first recipient's.
 */
static guint
message_fields_in_front(Parser *parser)
{
	static const char *const message_fields[] = {
		"original-envelope-id", "reporting-mta", "dsn-gateway",
		"received-from-mta",    "arrival-date",  "x-postfix-queue-id",
		"x-postfix-sender",     "x-spam-score",
	};
	guint n = 0;
	while (n < parser->fields->len &&
	       is_one_of(g_array_index(parser->fields, RetourDsnField, n).name, message_fields,
	                 G_N_ELEMENTS(message_fields)))
		n++;
	return n;
}

/* Ends the group being read: decides whose it is. */
static void
end_group(Parser *parser)
{
	guint n = parser->fields->len;
	if (n == 0)
		return;
	const RetourDsnField *fields = (const RetourDsnField *)(void *)parser->fields->data;
	if (is_recipient_group(fields, n)) {
		guint front = parser->recipients->len == 0 ? message_fields_in_front(parser) : 0;
		if (front > 0 && parser->message.n_fields == 0)
			parser->message = keep_fields(parser, 0, front);
		add_recipient(parser, front, n);
	} else if (parser->recipients->len == 0 && parser->message.n_fields == 0) {
		parser->message = keep_fields(parser, 0, n);
	}
	/* Any other block is a message header that was appended behind the groups: no recipient of
	 * ours. */
	g_array_set_size(parser->fields, 0);
}

/* A field that a group has already, with another value, begins the next group where no empty line
 * does. */
static gboolean
begins_next(Parser *parser, const char *name, const char *value)
{
	const RetourDsnField *fields = (const RetourDsnField *)(void *)parser->fields->data;
	const RetourDsnField *same = find_field(fields, parser->fields->len, name);
	if (!same || strcmp(same->value, value) == 0)
		return FALSE;
	if (strcmp(name, "final-recipient") == 0)
		return TRUE;
	return (strcmp(name, "action") == 0 || strcmp(name, "status") == 0) &&
	       find_field(fields, parser->fields->len, "final-recipient");
}

/* Takes the last field off again if it opens a new group or repeats a field as it was. */
static void
settle_field(Parser *parser)
{
	RetourDsnField field =
	        g_array_index(parser->fields, RetourDsnField, parser->fields->len - 1);
	g_array_set_size(parser->fields, parser->fields->len - 1);
	const RetourDsnField *fields = (const RetourDsnField *)(void *)parser->fields->data;
	const RetourDsnField *same = find_field(fields, parser->fields->len, field.name);
	if (same && strcmp(same->value, field.value) == 0)
		return;
	if (begins_next(parser, field.name, field.value))
		end_group(parser);
	g_array_append_val(parser->fields, field);
}

/* A line that is neither field nor folded: a continuation that lost its indentation (nullmailer) if
 * it has words, else vendor junk ("DISPLAY_DATE_FORMAT"). */
static gboolean
continues(RetourSpan line)
{
	return line.length > 0 && (retour_is_blank(line.data[0]) ||
	                           retour_span_find_char(retour_span_trim(line), 0, ' ') > 0);
}

static void
parse_lines(Parser *parser, RetourSpan text)
{
	RetourSpan rest = text, line;
	RetourSpan name = { NULL, 0 };
	gsize begin = 0, end = 0;
	gboolean more = TRUE;
	while (more) {
		more = retour_span_next_line(&rest, &line);
		gsize at = more ? (gsize)(line.data - text.data) : text.length;
		gsize value = 0;
		gboolean blank = !more || retour_span_trim(line).length == 0;
		gsize length =
		        blank || retour_is_blank(line.data[0]) ? 0 : match_field(line, &value);
		if (!blank && length == 0 && name.length > 0 && continues(line)) {
			end = at + line.length;
			continue;
		}
		if (name.length > 0 &&
		    add_field(parser, name, retour_span_sub(text, begin, end - begin), begin))
			settle_field(parser);
		name = retour_span_sub(line, 0, length);
		begin = at + value;
		end = at + line.length;
		if (blank)
			end_group(parser);
	}
}

RetourDsn *
retour_dsn_parse(const char *text, gsize length)
{
	Parser parser = {
		.arena = retour_arena_new(),
		.fields = g_array_sized_new(FALSE, FALSE, sizeof(RetourDsnField), 16),
		.recipients = g_array_new(FALSE, FALSE, sizeof(RetourDsnGroup)),
	};
	parse_lines(&parser, retour_span(text, length));
	RetourDsn *dsn = retour_arena_new0(parser.arena, RetourDsn);
	gsize size = parser.recipients->len * sizeof(RetourDsnGroup);
	RetourDsnGroup *groups = retour_arena_alloc(parser.arena, size);
	if (size > 0)
		memcpy(groups, parser.recipients->data, size);
	*dsn = (RetourDsn){
		.message = parser.message,
		.recipients = groups,
		.n_recipients = parser.recipients->len,
		.cut = parser.cut,
		.fields_cut = parser.fields_cut,
		.text_cut = parser.text_cut,
		.arena = parser.arena,
	};
	g_array_free(parser.fields, TRUE);
	g_array_free(parser.recipients, TRUE);
	return dsn;
}

void
retour_dsn_free(RetourDsn *dsn)
{
	if (dsn)
		retour_arena_free(dsn->arena);
}
