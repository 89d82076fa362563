/* SPDX-License-Identifier: BSD-2-Clause */
#include "mime/guard.h"

#include "base/limits.h"
#include "mime/field.h"

/* All header blocks of a message together: so many times the bound of one. GMime takes about 500
 * bytes for a header. */
#define BLOCKS 10u
/* A delimiter line amid a header block may begin a part: its header is read though the bound of the
 * block is met. */
#define SPARE_LINES 32u
#define SPARE_BYTES (8u * 1024)
/* GMime looks for a boundary also in the middle of a line that is longer than its buffer. Bytes. */
#define LONG_LINE 2000u
/* A run of lines without delimiter, and all of them together: more is shown of none, as no text
 * that long is decoded. Bytes; of what is left out the end is kept, so that the extent stays true.
 */
#define BODY (2u * 1024 * 1024)
#define BODIES (6u * 1024 * 1024)
#define BODY_LEAST (4u * 1024)
#define BODY_END 512u
/* Of a longer run GMime sees so much of both ends, as it takes a hundred instructions for a short
 * line; this is more than a multipart's prologue may have that is no notice. */
#define BODY_SHOWN 1024u
/* Longest boundary that a damaged delimiter is compared with (RFC 2046 5.1.1 allows 70), and so
 * many lines that might be one are looked at. */
#define BOUNDARY 200u
#define DAMAGED_LINES 4000u

#define NO_RUN G_MAXSIZE

typedef enum {
	FIELD_PLAIN, /* also a line that is no field */
	FIELD_ADDRESS,
	FIELD_TYPE,
} FieldKind;

typedef struct {
	RetourSpan bytes;
	RetourView *view;
	RetourGuardBudget *budget;
	gsize shown; /* what stands before is in the view, or cut */
	guint cuts;

	/* The header block that is being read. */
	gboolean in_block;
	gboolean after_delimiter;
	gboolean typed;     /* it has a Content-Type … */
	gboolean composite; /* … that is not positively a leaf */
	gboolean plain;     /* a Content-Transfer-Encoding was seen: GMime heeds the first */
	gboolean encoded;   /* it was base64 or quoted-printable: GMime does not enter that */
	gboolean cutting;   /* its rest is not shown */
	guint lines;        /* that begin a field */
	gsize size;
	guint any;      /* lines of any kind */
	gboolean sure;  /* GMime takes it for a header block too … */
	gboolean begun; /* … and a field of it for one */
	gsize run;      /* the fields from here on are not shown to GMime; or NO_RUN */

	/* Its current field. */
	FieldKind kind;
	gsize field, room; /* where it begins, bytes that it may have */
	guint colons;
	gboolean named;   /* it is a field */
	gboolean counted; /* as a level of structure */

	gsize body; /* where the lines since the last header block or delimiter begin */

	/* The whole message. */
	guint delimiters, damaged, levels;
	gboolean digest; /* the word was seen: a part without type may be a message (RFC 2046 5.1.5)
	                  */
	RetourSpan boundaries[RETOUR_LIMIT_STRUCTURE_WORDS];
	guint n_boundaries;
} Guard;

/* Leaves out what stands from @from to @to. */
static void
cut(Guard *guard, gsize from, gsize to)
{
	if (from > guard->shown)
		retour_view_append(guard->view,
		                   retour_span_sub(guard->bytes, guard->shown, from - guard->shown),
		                   guard->shown, FALSE);
	guard->shown = MAX(guard->shown, to);
}

/* GMime is not shown what stands from @from to @to. */
static void
hide(Guard *guard, gsize from, gsize to)
{
	cut(guard, from, from);
	gsize begin = guard->view->length;
	cut(guard, to, to);
	retour_view_hide(guard->view, begin);
}

/* The run of fields that GMime is not shown ends before @at. */
static void
end_run(Guard *guard, gsize at)
{
	if (guard->run < at)
		hide(guard, guard->run, at);
	guard->run = NO_RUN;
}

static void
replace(Guard *guard, gsize from, gsize to, RetourSpan literal)
{
	if (from < guard->shown)
		return;
	cut(guard, from, to);
	retour_view_append(guard->view, literal, from, TRUE);
}

/* Of the line from @begin to @next: where its line end begins. */
static gsize
line_end(const Guard *guard, gsize begin, gsize next)
{
	gsize end = next;
	if (end > begin && guard->bytes.data[end - 1] == '\n')
		end--;
	if (end > begin && guard->bytes.data[end - 1] == '\r')
		end--;
	return end;
}

static gsize
next_line(const Guard *guard, gsize at)
{
	const char *hit = memchr(guard->bytes.data + at, '\n', guard->bytes.length - at);
	return hit ? (gsize)(hit - guard->bytes.data) + 1 : guard->bytes.length;
}

static void
begin_block(Guard *guard, gboolean after_delimiter, gboolean sure)
{
	guard->in_block = TRUE;
	guard->after_delimiter = after_delimiter;
	guard->typed = guard->composite = guard->plain = guard->encoded = guard->cutting = FALSE;
	guard->sure = sure;
	guard->lines = guard->any = 0;
	guard->size = 0;
	guard->kind = FIELD_PLAIN;
	guard->named = FALSE;
	guard->field = guard->room = 0;
	guard->begun = FALSE;
	guard->run = NO_RUN;
}

/* Hides the lines of the body amid those from @from to @to, unless there are few. */
static void
hide_lines(Guard *guard, gsize from, gsize to)
{
	const char *last = memrchr(guard->bytes.data + from, '\n', to - from);
	from = next_line(guard, from);
	to = last ? (gsize)(last - guard->bytes.data) + 1 : from;
	if (from < to && from >= guard->shown)
		hide(guard, from, to);
}

/* A run of body lines ends at @end. */
static void
end_body(Guard *guard, gsize end)
{
	gsize size = end - guard->body;
	gsize left = BODIES - MIN(BODIES, guard->budget->bodies);
	gsize most = MAX(MIN(left, BODY), BODY_LEAST);
	gsize shown = guard->body + BODY_SHOWN;
	if (size > most + BODY_END) {
		/* No dash may stand at the seam: the two sides could make a delimiter of it. */
		gsize from = guard->body + most;
		gsize to = end - BODY_END;
		while (from > guard->body && guard->bytes.data[from - 1] == '-')
			from--;
		while (to < end && guard->bytes.data[to] == '-')
			to++;
		if (from > shown)
			hide_lines(guard, shown, from);
		cut(guard, from, to);
	} else if (size > 2 * BODY_SHOWN) {
		hide_lines(guard, shown, end - BODY_SHOWN);
	}
	guard->budget->bodies += MIN(size, most);
	guard->body = end;
}

/* Remembers the boundary that a Content-Type line declares, for mending damaged delimiters. */
static void
note_boundary(Guard *guard, RetourSpan line, gsize word)
{
	RetourSpan rest = retour_span_trim(retour_span_from(line, word + strlen("boundary")));
	if (rest.length == 0 || rest.data[0] != '=')
		return;
	rest = retour_span_trim(retour_span_from(rest, 1));
	gboolean quoted = rest.length > 0 && rest.data[0] == '"';
	if (quoted)
		rest = retour_span_from(rest, 1);
	gsize n = 0;
	while (n < rest.length &&
	       (quoted ? rest.data[n] != '"' : !strchr("; \t\r\n", rest.data[n])))
		n++;
	if (n > 0 && n <= BOUNDARY && guard->n_boundaries < G_N_ELEMENTS(guard->boundaries))
		guard->boundaries[guard->n_boundaries++] = retour_span_sub(rest, 0, n);
}

/* Whether @rest is the boundary, or its closing form, and nothing more. */
static gboolean
is_boundary(RetourSpan rest, RetourSpan boundary)
{
	if (rest.length < boundary.length || memcmp(rest.data, boundary.data, boundary.length) != 0)
		return FALSE;
	rest = retour_span_trim(retour_span_from(rest, boundary.length));
	return rest.length == 0 || retour_span_equal(rest, "--");
}

/* Bytes before the boundary where @line is a delimiter that lost or won a dash or stands indented;
 * else 0. */
static gsize
damaged_delimiter(const Guard *guard, RetourSpan line)
{
	gsize blank = line.length > 0 && retour_is_blank(line.data[0]) ? 1 : 0;
	gsize dashes = 0;
	while (dashes < 3 && blank + dashes < line.length && line.data[blank + dashes] == '-')
		dashes++;
	gsize found = 0;
	for (guint i = 0; i < guard->n_boundaries; i++) {
		for (gsize n = 1; n <= dashes; n++) {
			if (!is_boundary(retour_span_from(line, blank + n), guard->boundaries[i]))
				continue;
			if (blank == 0 && n == 2)
				return 0;
			found = blank + n;
		}
	}
	return found;
}

/* Whether @line is a delimiter to GMime too, and no closing one. */
static gboolean
is_sure_delimiter(const Guard *guard, RetourSpan line)
{
	RetourSpan rest = retour_span_from(retour_span_trim(line), 2);
	for (guint i = 0; i < guard->n_boundaries; i++) {
		RetourSpan boundary = guard->boundaries[i];
		if (rest.length == boundary.length &&
		    memcmp(rest.data, boundary.data, rest.length) == 0)
			return line.data[0] == '-' && line.data[1] == '-';
	}
	return FALSE;
}

/* A line that is a delimiter, or may be one. FALSE: one too many, the message ends before it. */
static gboolean
take_delimiter(Guard *guard, gsize at)
{
	if (guard->delimiters++ < RETOUR_LIMIT_DASH_LINES)
		return TRUE;
	cut(guard, at, guard->bytes.length);
	guard->cuts |= RETOUR_CUT_PARTS;
	return FALSE;
}

/* Whether the line from @at to @next is to be taken for a delimiter; mends it. */
static gboolean
is_delimiter(Guard *guard, gsize at, gsize next, gboolean indented)
{
	const char *data = guard->bytes.data + at;
	gsize length = next - at;
	if (length < 2)
		return FALSE;
	gboolean dashes = data[0] == '-' && data[1] == '-';
	gboolean dash = data[0] == '-' || (indented && retour_is_blank(data[0]) && data[1] == '-');
	if (dash && guard->n_boundaries > 0 && length <= BOUNDARY + 10 &&
	    guard->damaged++ < DAMAGED_LINES) {
		gsize damage = damaged_delimiter(guard, retour_span(data, length));
		if (damage > 0 && !guard->in_block)
			end_body(guard, at);
		if (damage > 0)
			replace(guard, at, at + damage, RETOUR_SPAN_LITERAL("--"));
		dashes = dashes || damage > 0;
	}
	if (length > LONG_LINE)
		return dashes || memmem(data, length, "--", 2) != NULL;
	return dashes;
}

/* The field, or the line that is none, that begins at @at. */
static void
begin_field(Guard *guard, gsize at, RetourSpan line)
{
	RetourSpan name = retour_span_sub(line, 0, retour_field_name_length(line));
	gboolean regular = retour_field_is_regular(line, name);
	if (!regular || !guard->sure || !guard->begun || retour_span_has_prefix(name, "Content-"))
		end_run(guard, at);
	else if (guard->run == NO_RUN)
		guard->run = at;
	guard->begun = guard->begun || regular;
	guard->field = at;
	guard->kind = FIELD_PLAIN;
	guard->named = name.length > 0;
	guard->room = guard->named ? RETOUR_LIMIT_HEADER_FIELD : retour_field_plain_room(line);
	if (!guard->named)
		return;
	guard->lines++;
	guard->budget->lines++;
	if (retour_span_equal(name, "Content-Type")) {
		guard->kind = FIELD_TYPE;
		guard->counted = FALSE;
	} else if (retour_span_equal(name, "Content-Transfer-Encoding")) {
		guard->encoded =
		        guard->encoded || (!guard->plain && retour_field_is_encoding(line));
		guard->plain = TRUE;
	} else if (retour_field_is_address(name)) {
		guard->kind = FIELD_ADDRESS;
		guard->room = RETOUR_LIMIT_ADDRESS_FIELD;
		guard->colons = 0;
	}
}

/* A line of a Content-Type field: counts a level that it opens. Beyond the bound the field or its
 * boundary loses its name. */
static void
read_type_line(Guard *guard, gsize at, RetourSpan line)
{
	gboolean composite = FALSE;
	if (at == guard->field) {
		composite = !retour_field_is_leaf_type(retour_span_from(guard->bytes, at));
		guard->typed = TRUE;
		guard->composite = guard->composite || composite;
	}
	guard->digest = guard->digest || retour_span_find(line, 0, "digest") >= 0;
	gssize word = retour_span_find(line, 0, "boundary");
	if (word < 0 && !composite)
		return;
	if (!guard->counted)
		guard->levels++;
	guard->counted = TRUE;
	if (guard->levels > RETOUR_LIMIT_STRUCTURE_WORDS) {
		gsize broken = at + (word >= 0 ? (gsize)word : 0);
		replace(guard, broken, broken + 1, RETOUR_SPAN_LITERAL("x"));
		guard->cuts |= RETOUR_CUT_DEPTH;
	} else if (word >= 0) {
		note_boundary(guard, line, (gsize)word);
	}
}

/* Bytes of @line, which is cut to its room, that an address field may show: up to the colon that is
 * one too many. */
static gsize
address_room(Guard *guard, RetourSpan line)
{
	for (gssize at = 0; (at = retour_span_find_char(line, (gsize)at, ':')) >= 0; at++) {
		if (++guard->colons > RETOUR_LIMIT_ADDRESS_COLONS + 1)
			return (gsize)at;
	}
	return line.length;
}

/* A line of the current field, the first or a later one. Returns how many of its bytes are shown.
 */
static gsize
read_field_line(Guard *guard, gsize at, gsize next)
{
	gsize end = line_end(guard, at, next);
	RetourSpan line = retour_span_sub(guard->bytes, at, end - at);
	gsize used = at - guard->field;
	gsize room = guard->room > used ? guard->room - used : 0;
	if (guard->kind == FIELD_TYPE)
		read_type_line(guard, at, retour_span_sub(line, 0, room));
	if (guard->kind == FIELD_ADDRESS)
		room = address_room(guard, retour_span_sub(line, 0, room));
	if (line.length <= room)
		return next - at;
	end_run(guard, guard->field);
	cut(guard, at + room, room > 0 ? end : next);
	guard->room = 0;
	guard->cuts |= guard->kind == FIELD_ADDRESS ? RETOUR_CUT_ADDRESS : RETOUR_CUT_HEADER;
	return room;
}

/* The header block ends; the next one begins where GMime could take what follows for a header
 * block. */
static void
end_block(Guard *guard, gsize at)
{
	if (guard->any == 0 && !guard->after_delimiter)
		return;
	gboolean untyped_message = guard->after_delimiter && guard->digest;
	gboolean again =
	        !guard->encoded && (guard->composite || (!guard->typed && untyped_message));
	if (again) {
		begin_block(guard, FALSE, guard->sure);
	} else {
		guard->in_block = FALSE;
		guard->body = at;
	}
}

static void
read_block_line(Guard *guard, gsize at, gsize next)
{
	gboolean more = guard->any > 0 && retour_is_blank(guard->bytes.data[at]);
	guard->any++;
	if (guard->cutting) {
		cut(guard, at, next);
		return;
	}
	RetourSpan line = retour_span_sub(guard->bytes, at, next - at);
	if (!more)
		begin_field(guard, at, line);
	else if (retour_span_trim(line).length == 0)
		end_run(guard, guard->field);
	guard->cutting = guard->lines > RETOUR_LIMIT_HEADER_LINES ||
	                 guard->size > RETOUR_LIMIT_HEADER_BLOCK ||
	                 guard->budget->lines > BLOCKS * RETOUR_LIMIT_HEADER_LINES ||
	                 guard->budget->size > BLOCKS * RETOUR_LIMIT_HEADER_BLOCK;
	if (guard->cutting) {
		end_run(guard, guard->field);
		cut(guard, at, next);
		guard->cuts |= RETOUR_CUT_HEADER;
		return;
	}
	gsize shown = read_field_line(guard, at, next);
	guard->size += shown;
	guard->budget->size += shown;
}

/* The delimiter @line amid a header block: the header of a part may follow, or the block goes on.
 */
static void
restart_block(Guard *guard, RetourSpan line)
{
	guard->after_delimiter = TRUE;
	guard->typed = guard->encoded = guard->cutting = guard->begun = FALSE;
	guard->sure = is_sure_delimiter(guard, line);
	guard->lines = MIN(guard->lines, RETOUR_LIMIT_HEADER_LINES - SPARE_LINES);
	guard->size = MIN(guard->size, RETOUR_LIMIT_HEADER_BLOCK - SPARE_BYTES);
}

/* Takes the lines of a header block, the delimiters amid them too, and the empty line behind it. */
static gsize
scan_block(Guard *guard, gsize at)
{
	gsize next;
	for (; at < guard->bytes.length && guard->in_block; at = next) {
		next = next_line(guard, at);
		if (line_end(guard, at, next) == at) {
			end_run(guard, at);
			end_block(guard, next);
			continue;
		}
		/* The field before a line that may end the block is shown: the block's end is
		 * looked for from there on. */
		if (guard->bytes.data[at] == '-' || next - at > LONG_LINE)
			end_run(guard, guard->field);
		if (is_delimiter(guard, at, next, !guard->named)) {
			if (!take_delimiter(guard, at))
				return guard->bytes.length;
			RetourSpan line = retour_span_sub(guard->bytes, at, next - at);
			restart_block(guard, line);
			if (next - at <= LONG_LINE) {
				guard->any++;
				begin_field(guard, at, line);
				continue;
			}
		}
		read_block_line(guard, at, next);
	}
	return at;
}

/* Takes the lines of a body and the delimiter behind it. */
static gsize
scan_body(Guard *guard, gsize at)
{
	while (at < guard->bytes.length) {
		while (at < guard->bytes.length && retour_is_line_end(guard->bytes.data[at]))
			at++;
		if (at == guard->bytes.length)
			break;
		char first = guard->bytes.data[at];
		gsize next = next_line(guard, at);
		gboolean may = first == '-' || retour_is_blank(first) || next - at > LONG_LINE;
		if (may && is_delimiter(guard, at, next, TRUE)) {
			end_body(guard, next - at > LONG_LINE ? next : at);
			if (!take_delimiter(guard, at))
				return guard->bytes.length;
			RetourSpan line = retour_span_sub(guard->bytes, at, next - at);
			begin_block(guard, TRUE, is_sure_delimiter(guard, line));
			return next;
		}
		at = next;
	}
	end_body(guard, at);
	return at;
}

guint
retour_guard_scan(RetourSpan bytes, gsize begin, gboolean headless, RetourGuardBudget *budget,
                  RetourView *view)
{
	Guard guard = {
		.bytes = bytes, .view = view, .budget = budget, .shown = begin, .body = begin
	};
	if (!headless)
		begin_block(&guard, FALSE, TRUE);
	for (gsize at = begin; at < bytes.length;)
		at = guard.in_block ? scan_block(&guard, at) : scan_body(&guard, at);
	cut(&guard, bytes.length, bytes.length);
	return guard.cuts;
}
