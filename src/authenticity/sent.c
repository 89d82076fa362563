/* SPDX-License-Identifier: BSD-2-Clause */
#include "authenticity/sent.h"

#include <errno.h>
#include <retour/authenticity.h>
#include <string.h>
#include <sys/stat.h>

#include "address/address.h"
#include "base/limits.h"

/* A Message-ID and, each ended by NUL, the key of an address, which may be empty. */
struct RetourSent {
	GString *text;   /* owned */
	GArray *entries; /* owned; of guint32: where in it, in order */
};

static const char *
id_of(const RetourSent *sent, guint index)
{
	return sent->text->str + g_array_index(sent->entries, guint32, index);
}

static const char *
address_of(const char *id)
{
	return id + strlen(id) + 1;
}

static gint
compare(const char *one_id, const char *one_address, const char *other)
{
	gint ids = strcmp(one_id, other);
	return ids != 0 ? ids : strcmp(one_address, address_of(other));
}

static gint
compare_entries(gconstpointer a, gconstpointer b, gpointer text)
{
	const char *one = (const char *)text + *(const guint32 *)a;
	return compare(one, address_of(one), (const char *)text + *(const guint32 *)b);
}

static RetourSpan
strip(RetourSpan id)
{
	if (id.length >= 2 && id.data[0] == '<' && id.data[id.length - 1] == '>')
		return retour_span_sub(id, 1, id.length - 2);
	return id;
}

static void
add_line(RetourSent *sent, RetourSpan line)
{
	gsize end = 0;
	while (end < line.length && !retour_is_blank(line.data[end]))
		end++;
	RetourSpan id = strip(retour_span_sub(line, 0, end));
	RetourSpan address = retour_span_trim(retour_span_from(line, end));
	if (id.length == 0 || id.length > RETOUR_LIMIT_ADDRESS || memchr(id.data, 0, id.length))
		return;
	guint32 at = (guint32)sent->text->len;
	g_array_append_val(sent->entries, at);
	g_string_append_len(sent->text, id.data, (gssize)id.length);
	g_string_append_c(sent->text, '\0');
	if (address.length > 0 && address.length <= RETOUR_LIMIT_ADDRESS &&
	    !memchr(address.data, 0, address.length))
		retour_address_append_key(address, sent->text);
	g_string_append_c(sent->text, '\0');
}

RetourSent *
retour_sent_parse(RetourSpan text)
{
	RetourSent *sent = g_new0(RetourSent, 1);
	RetourSpan line;
	sent->text = g_string_sized_new(text.length + 1);
	sent->entries = g_array_new(FALSE, FALSE, sizeof(guint32));
	while (retour_span_next_line(&text, &line)) {
		line = retour_span_trim(line);
		if (line.length > 0 && line.data[0] != '#')
			add_line(sent, line);
	}
	g_array_sort_with_data(sent->entries, compare_entries, sent->text->str);
	return sent;
}

RetourSent *
retour_sent_read(const char *path, GError **error)
{
	struct stat status;
	g_autofree char *text = NULL;
	g_autoptr(GError) cause = NULL;
	gsize length;
	if (stat(path, &status) == 0 && status.st_size > (goffset)RETOUR_SENT_FILE_MAX) {
		g_set_error(error, RETOUR_OWN_MAIL_ERROR, RETOUR_OWN_MAIL_ERROR_FILE,
		            "%s has more than %u MB: take out what was sent more than a month ago",
		            path, RETOUR_SENT_FILE_MAX / (1024 * 1024));
		return NULL;
	}
	if (!g_file_get_contents(path, &text, &length, &cause)) {
		g_set_error_literal(error, RETOUR_OWN_MAIL_ERROR, RETOUR_OWN_MAIL_ERROR_FILE,
		                    cause->message);
		return NULL;
	}
	return retour_sent_parse(retour_span(text, MIN(length, RETOUR_SENT_FILE_MAX)));
}

void
retour_sent_free(RetourSent *sent)
{
	if (!sent)
		return;
	g_string_free(sent->text, TRUE);
	g_array_unref(sent->entries);
	g_free(sent);
}

/* The first entry that is not before it. */
static guint
find(const RetourSent *sent, const char *id, const char *address)
{
	guint from = 0, to = sent->entries->len;
	while (from < to) {
		guint middle = from + (to - from) / 2;
		if (compare(id, address, id_of(sent, middle)) > 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static gboolean
is_id(const RetourSent *sent, guint index, const char *id)
{
	return index < sent->entries->len && strcmp(id_of(sent, index), id) == 0;
}

RetourSentTo
retour_sent_ask(const RetourSent *sent, RetourSpan message_id, const char *address)
{
	RetourSpan stripped = strip(retour_span_trim(message_id));
	if (stripped.length > RETOUR_LIMIT_ADDRESS)
		return RETOUR_SENT_NOT;
	g_autofree char *id = g_strndup(stripped.data, stripped.length);
	guint first = find(sent, id, "");
	if (!is_id(sent, first, id))
		return RETOUR_SENT_NOT;
	if (!address || !*address_of(id_of(sent, first)))
		return RETOUR_SENT_SOMEBODY;
	g_autoptr(GString) key = g_string_new(NULL);
	retour_address_append_key(retour_span_of(address), key);
	guint place = find(sent, id, key->str);
	if (!is_id(sent, place, id) || strcmp(address_of(id_of(sent, place)), key->str) != 0)
		return RETOUR_SENT_OTHERS;
	/* Behind the last of its addresses, none of which holds that byte. Between the same address
	 * there is no other. */
	guint end = find(sent, id, "\xff");
	return strcmp(address_of(id_of(sent, first)), key->str) == 0 &&
	                       strcmp(address_of(id_of(sent, end - 1)), key->str) == 0
	               ? RETOUR_SENT_RECIPIENT
	               : RETOUR_SENT_SOMEBODY;
}
