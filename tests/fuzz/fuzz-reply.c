/* SPDX-License-Identifier: BSD-2-Clause */

/* Replies, enhanced codes, commands and hosts in free text. */

#include "fuzz.h"
#include "smtp/reply.h"

static void
check_status(RetourStatus status)
{
	char buffer[RETOUR_STATUS_STRING_SIZE];
	if (!retour_status_is_set(status))
		return;
	retour_status_format(status, buffer);
	RetourStatus again;
	gsize length = strlen(buffer);
	fuzz_require(retour_status_parse(buffer, length, &again) == length &&
	                     retour_status_equal(status, again),
	             "%s reads as another status", buffer);
}

/* Only blanks are written, over whole characters, and what is left is no code. */
static void
check_blank(RetourSpan reply)
{
	g_autofree char *words = g_memdup2(reply.data, reply.length);
	retour_reply_blank(words, reply.length);
	for (gsize i = 0; i < reply.length; i++)
		fuzz_require(words[i] == reply.data[i] || words[i] == ' ', "byte %zu changed", i);
	fuzz_require(fuzz_is_text(words, reply.length), "a character was cut");
	fuzz_require(memcmp(words, "   ", 3) == 0, "the code is left");
}

static void
check_replies(RetourSpan text)
{
	RetourReply reply, same;
	for (gsize from = 0; retour_reply_find(text, from, &reply);) {
		fuzz_require(reply.offset >= from && reply.length >= 3 &&
		                     reply.offset + reply.length <= text.length,
		             "reply at %zu, %zu bytes, from %zu", reply.offset, reply.length, from);
		fuzz_require(reply.code >= 200 && reply.code <= 599, "code %u", reply.code);
		RetourSpan own = retour_span_sub(text, reply.offset, reply.length);
		fuzz_require(retour_reply_parse(own.data, own.length, &same) == own.length &&
		                     same.code == reply.code &&
		                     retour_status_equal(same.status, reply.status),
		             "the reply at %zu reads otherwise alone", reply.offset);
		check_status(reply.status);
		check_blank(own);
		from = reply.offset + reply.length;
	}
}

static void
check_statuses(RetourSpan text)
{
	RetourStatus status, same;
	gsize offset, length;
	for (gsize from = 0; retour_status_find(text, from, &status, &offset, &length);) {
		fuzz_require(offset >= from && length >= 5 && offset + length <= text.length,
		             "status at %zu, %zu bytes, from %zu", offset, length, from);
		fuzz_require(retour_status_parse(text.data + offset, length, &same) == length &&
		                     retour_status_equal(status, same),
		             "the status at %zu reads otherwise alone", offset);
		check_status(status);
		from = offset + length;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	gsize length;
	g_autofree char *exact = fuzz_text(data, size, &length);
	RetourSpan text = retour_span(exact, length);
	check_replies(text);
	check_statuses(text);
	RetourCommand command = retour_command_find(text);
	fuzz_require(command == RETOUR_COMMAND_NONE || retour_command_to_string(command),
	             "command %u has no name", command);
	RetourSpan host = retour_host_find(text);
	fuzz_require(host.length == 0 || (host.data >= text.data &&
	                                  host.data + host.length <= text.data + text.length),
	             "the host stands nowhere");
	return 0;
}
