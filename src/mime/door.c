/* SPDX-License-Identifier: BSD-2-Clause */
#include "mime/door.h"

#include "base/limits.h"
#include "mime/field.h"

/* A message that must be copied is read up to here. Bytes. */
#define COPIED (16u * 1024 * 1024)
/* Lines before the header block that are passed over, and lines of it that are looked at to believe
 * in it. */
#define JUNK_LINES 50u
#define HEADER_LINES 50u

typedef struct {
	gsize lone;     /* CRs that no LF follows */
	gsize doubled;  /* CRs that another CR and a LF follow */
	gboolean first; /* the first line end is a lone CR */
} CrCount;

static CrCount
count_crs(RetourSpan bytes)
{
	CrCount count = { 0 };
	const char *end = bytes.data + bytes.length;
	const char *first_lf = NULL;
	for (const char *at = bytes.data; (at = memchr(at, '\r', (gsize)(end - at)));) {
		while (end - at >= 2 && at[0] == '\r' && at[1] == '\n')
			at += 2;
		if (at == end || *at != '\r')
			continue;
		const char *run = at;
		while (run < end && *run == '\r')
			run++;
		gboolean lone = run == end || *run != '\n';
		if (lone && count.lone == 0) {
			first_lf = memchr(bytes.data, '\n', bytes.length);
			count.first = !first_lf || first_lf > at;
		}
		if (lone)
			count.lone += (gsize)(run - at);
		else
			count.doubled += (gsize)(run - at) - 1;
		if (run == end)
			break;
		at = run;
	}
	return count;
}

static gsize
count_lfs(RetourSpan bytes)
{
	gsize n = 0;
	const char *end = bytes.data + bytes.length;
	for (const char *at = bytes.data; (at = memchr(at, '\n', (gsize)(end - at))); at++)
		n++;
	return n;
}

/* A lone CR becomes LF; of CR CR LF the CRs but the last become blanks, or an empty line more where
 * the line is empty. */
static void
mend_crs(char *data, gsize length, gboolean lone_too)
{
	char *end = data + length;
	for (char *at = data; at < end && (at = memchr(at, '\r', (gsize)(end - at)));) {
		char *run = at;
		while (run < end && *run == '\r')
			run++;
		gsize n = (gsize)(run - at);
		gboolean lone = run == end || *run != '\n';
		gboolean empty = at == data || at[-1] == '\n';
		if (lone && lone_too)
			memset(at, '\n', n);
		else if (!lone)
			memset(at, empty ? '\n' : ' ', n - 1);
		at = run;
	}
}

static void
mend(RetourDoor *door)
{
	RetourSpan bytes = door->bytes;
	gboolean nul = memchr(bytes.data, '\0', bytes.length) != NULL;
	CrCount crs = count_crs(bytes);
	gboolean lone = crs.lone > 0 && (crs.first || crs.lone > count_lfs(bytes));
	if (!nul && !lone && crs.doubled == 0)
		return;
	if (bytes.length > COPIED) {
		bytes.length = COPIED;
		door->cut = TRUE;
	}
	door->copy = g_malloc(bytes.length);
	memcpy(door->copy, bytes.data, bytes.length);
	for (gsize i = 0; nul && i < bytes.length; i++)
		door->copy[i] = door->copy[i] ? door->copy[i] : ' ';
	mend_crs(door->copy, bytes.length, lone);
	door->bytes = retour_span(door->copy, bytes.length);
}

/* A field name that headers of messages have; free text has other words before its colons. */
static gboolean
is_known_name(RetourSpan name)
{
	static const char *const names[] = { "Received",      "From",         "To",
		                             "Subject",       "Date",         "Cc",
		                             "Return-Path",   "Delivered-To", "Message-Id",
		                             "Sender",        "MIME-Version", "Reply-To",
		                             "Auto-Submitted" };
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		if (retour_span_equal(name, names[i]))
			return TRUE;
	}
	return retour_span_has_prefix(name, "X-") || retour_span_has_prefix(name, "Content-");
}

static RetourSpan
field_name(RetourSpan line)
{
	return retour_span_sub(line, 0, retour_field_name_length(line));
}

/* Whether a header block begins here: a known field is in it, or nothing but fields. */
static gboolean
is_header_block(RetourSpan rest)
{
	RetourSpan line;
	gboolean junk = FALSE;
	rest = retour_span_sub(rest, 0, RETOUR_LIMIT_HEADER_BLOCK);
	for (guint n = 0; n < HEADER_LINES && retour_span_next_line(&rest, &line); n++) {
		if (line.length == 0)
			break;
		if (n > 0 && retour_is_blank(line.data[0]))
			continue;
		RetourSpan name = field_name(line);
		if (is_known_name(name))
			return TRUE;
		junk = junk || name.length == 0;
	}
	return !junk;
}

/* Length of the line ends with which @text begins. */
static gsize
line_ends_length(RetourSpan text)
{
	gsize at = 0;
	while (at < text.length) {
		if (text.data[at] == '\n')
			at++;
		else if (at + 1 < text.length && text.data[at] == '\r' && text.data[at + 1] == '\n')
			at += 2;
		else
			break;
	}
	return at;
}

static gboolean
is_mbox_line(RetourSpan line)
{
	return line.length >= 6 &&
	       (memcmp(line.data, "From ", 5) == 0 || memcmp(line.data, ">From ", 6) == 0);
}

void
retour_door_find(RetourDoor *door, RetourSpan bytes)
{
	RetourSpan rest = bytes;
	RetourSpan line;
	door->headless = FALSE;
	if (retour_span_has_prefix(rest, "\xef\xbb\xbf"))
		rest = retour_span_from(rest, 3);
	door->begin = (gsize)(rest.data - bytes.data);
	gboolean junk = FALSE;
	for (guint n = 0; n < JUNK_LINES;) {
		if (!junk)
			rest = retour_span_from(rest, line_ends_length(rest));
		RetourSpan here = rest;
		if (!retour_span_next_line(&rest, &line))
			break;
		gboolean empty = retour_span_trim(line).length == 0;
		if (empty && junk)
			break;
		RetourSpan name = field_name(line);
		if (name.length > 0 && (!junk || is_known_name(name)) && is_header_block(here)) {
			door->begin = (gsize)(here.data - bytes.data);
			return;
		}
		if (empty || is_mbox_line(line))
			continue;
		junk = TRUE;
		n++;
	}
	door->headless = TRUE;
}

void
retour_door_open(RetourDoor *door, RetourSpan bytes)
{
	*door = (RetourDoor){ .bytes = bytes };
	if (bytes.length > RETOUR_LIMIT_MESSAGE) {
		door->bytes.length = RETOUR_LIMIT_MESSAGE;
		door->cut = TRUE;
	}
	if (door->bytes.length > 0)
		mend(door);
	retour_door_find(door, door->bytes);
}

void
retour_door_close(RetourDoor *door)
{
	g_clear_pointer(&door->copy, g_free);
}
