/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/macros.h>

G_BEGIN_DECLS

/**
 * RetourStatus:
 * @klass: 2, 4 or 5; 0 when there is none
 * @subject: 0 to 999
 * @detail: 0 to 999
 *
 * An enhanced status code (RFC 3463, RFC 2034): a value, not a string.
 */
typedef struct {
	guint8 klass;
	guint16 subject, detail;
} RetourStatus;

#define RETOUR_STATUS_NONE ((RetourStatus){ 0, 0, 0 })
#define RETOUR_STATUS_STRING_SIZE 12

/**
 * retour_status_parse:
 * @text: bytes, need not end in NUL
 * @length: how many
 * @status: (out): set only when a status stands at the start of @text
 *
 * Recognises `class.subject.detail` at the very start of @text: class 2, 4 or 5, one to three
 * digits each behind it (RFC 3463 2), not followed by a digit or by a dot and a digit.
 *
 * Returns: the bytes matched, 0 if none
 */
RETOUR_API gsize retour_status_parse(const char *text, gsize length, RetourStatus *status);

/**
 * retour_status_format:
 * @status: a status that is set
 * @buffer: receives "5.1.1"
 *
 * Returns: @buffer
 */
RETOUR_API const char *retour_status_format(RetourStatus status,
                                            char buffer[RETOUR_STATUS_STRING_SIZE]);

static inline gboolean
retour_status_is_set(RetourStatus status)
{
	return status.klass != 0;
}

static inline gboolean
retour_status_equal(RetourStatus a, RetourStatus b)
{
	return a.klass == b.klass && a.subject == b.subject && a.detail == b.detail;
}

/**
 * RetourCommand:
 *
 * The SMTP command that drew a reply. %RETOUR_COMMAND_MESSAGE is the message itself: the reply to
 * the final dot.
 */
typedef enum {
	RETOUR_COMMAND_NONE,
	RETOUR_COMMAND_CONNECT,
	RETOUR_COMMAND_HELO,
	RETOUR_COMMAND_EHLO,
	RETOUR_COMMAND_STARTTLS,
	RETOUR_COMMAND_AUTH,
	RETOUR_COMMAND_MAIL,
	RETOUR_COMMAND_RCPT,
	RETOUR_COMMAND_DATA,
	RETOUR_COMMAND_MESSAGE,
	RETOUR_COMMAND_RSET,
	RETOUR_COMMAND_VRFY,
	RETOUR_COMMAND_EXPN,
	RETOUR_COMMAND_NOOP,
	RETOUR_COMMAND_QUIT,
} RetourCommand;

/**
 * retour_command_to_string:
 *
 * Returns: (nullable): the word of the record ("RCPT"; "MESSAGE" for the reply to the final dot),
 * NULL for none
 */
RETOUR_API const char *retour_command_to_string(RetourCommand command);

/**
 * RetourReply:
 * @code: the basic reply code, 200 to 599; 0 when there is none
 * @status: the enhanced code inside the reply, if any (of its last line)
 * @offset: where the reply begins in the text it was found in, bytes
 * @length: bytes from the first code to the end of the last line's words
 *
 * An SMTP reply (RFC 5321 4.2) as it stands in a text. Of a multi-line one the last line's codes
 * count (RFC 2034 4).
 */
typedef struct {
	guint16 code;
	RetourStatus status;
	gsize offset, length;
} RetourReply;

/**
 * retour_reply_parse:
 * @text: bytes that begin with a reply
 * @length: how many
 * @reply: (out): set only when a reply stands there; its offset is 0
 *
 * Recognises one whole reply at the very start of @text: `NNN`, `NNN text`, `NNN-text` lines up to
 * the last, joined by line ends or (as Postfix and others fold them) by spaces. A code alone is a
 * reply.
 *
 * Returns: the bytes matched, 0 if none
 */
RETOUR_API gsize retour_reply_parse(const char *text, gsize length, RetourReply *reply);

/**
 * retour_reply_blank:
 * @text: (inout): the bytes of one reply
 * @length: how many
 *
 * Overwrites what is no word in a reply with blanks, byte for byte: each line's repeated code and
 * enhanced code (RFC 5321 4.2.1, RFC 2034 4) and the "<<<" of a transcript. What is left can be
 * matched against phrases, and offsets stay true.
 */
RETOUR_API void retour_reply_blank(char *text, gsize length);

G_END_DECLS
