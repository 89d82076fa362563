/* SPDX-License-Identifier: BSD-2-Clause */
#include "mime/field.h"

#include "base/limits.h"

/* Bytes of @line that can be a field name, and with the blanks behind it. */
static gsize
scan_name(RetourSpan line, gsize *with_blanks)
{
	gsize n = 0;
	gsize most = MIN(line.length, RETOUR_FIELD_NAME);
	while (n < most && (guchar)line.data[n] > ' ' && line.data[n] != ':' && line.data[n] != 127)
		n++;
	*with_blanks = n;
	while (*with_blanks < most && retour_is_blank(line.data[*with_blanks]))
		(*with_blanks)++;
	return n;
}

gsize
retour_field_name_length(RetourSpan line)
{
	gsize colon;
	gsize n = scan_name(line, &colon);
	return colon < line.length && line.data[colon] == ':' ? n : 0;
}

gsize
retour_field_plain_room(RetourSpan line)
{
	gsize undecided;
	scan_name(line, &undecided);
	return undecided < RETOUR_FIELD_NAME ? RETOUR_LIMIT_HEADER_FIELD : RETOUR_FIELD_NAME;
}

gboolean
retour_field_is_regular(RetourSpan line, RetourSpan name)
{
	if (name.length == 0 || !g_ascii_isalnum(name.data[0]) || line.data[name.length] != ':')
		return FALSE;
	for (gsize i = 1; i < name.length; i++) {
		if (!g_ascii_isalnum(name.data[i]) && name.data[i] != '-' && name.data[i] != '_')
			return FALSE;
	}
	return TRUE;
}

gboolean
retour_field_is_address(RetourSpan name)
{
	static const char *const names[] = {
		"From",
		"To",
		"Cc",
		"Bcc",
		"Sender",
		"Reply-To",
		"Return-Path",
		"Delivered-To",
		"Disposition-Notification-To",
		"Return-Receipt-To",
		"Errors-To",
		"Apparently-To",
		"Envelope-To",
		"X-Original-To",
		"Mail-Followup-To",
		"Mail-Reply-To",
	};
	char first = g_ascii_toupper(name.data[0]);
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		if (names[i][0] == first && retour_span_equal(name, names[i]))
			return TRUE;
	}
	return first == 'R' && retour_span_has_prefix(name, "Resent-");
}

/* What stands behind the colon and the blanks and folds after it; nothing where the field ends
 * before. */
static RetourSpan
field_value(RetourSpan bytes)
{
	gssize colon = retour_span_find_char(bytes, 0, ':');
	gsize n = colon < 0 ? bytes.length : (gsize)colon + 1;
	while (n + 1 < bytes.length && retour_is_space(bytes.data[n])) {
		if (bytes.data[n] == '\n' && !retour_is_blank(bytes.data[n + 1]))
			return retour_span("", 0);
		n++;
	}
	return retour_span_from(bytes, n);
}

gboolean
retour_field_is_leaf_type(RetourSpan bytes)
{
	static const char *const leaves[] = { "text/",        "image/", "audio/",    "video/",
		                              "application/", "font/",  "multipart/" };
	static const char *const messages[] = { "delivery-status",
		                                "global-delivery-status",
		                                "global-headers",
		                                "global-disposition-notification",
		                                "disposition-notification",
		                                "feedback-report",
		                                "tracking-status",
		                                "partial",
		                                "external-body" };
	RetourSpan value = field_value(retour_span_sub(bytes, 0, RETOUR_LIMIT_HEADER_FIELD));
	if (retour_span_has_prefix(value, "message/")) {
		RetourSpan subtype = retour_span_from(value, strlen("message/"));
		for (guint i = 0; i < G_N_ELEMENTS(messages); i++) {
			if (retour_span_has_prefix(subtype, messages[i]))
				return TRUE;
		}
		return FALSE;
	}
	for (guint i = 0; i < G_N_ELEMENTS(leaves); i++) {
		gsize length = strlen(leaves[i]);
		if (retour_span_has_prefix(value, leaves[i]))
			return value.length > length && g_ascii_isalnum(value.data[length]);
	}
	return FALSE;
}

gboolean
retour_field_is_encoding(RetourSpan line)
{
	RetourSpan value = retour_span_trim(field_value(line));
	return retour_span_equal(value, "base64") || retour_span_equal(value, "quoted-printable");
}
