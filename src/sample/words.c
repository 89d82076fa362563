/* SPDX-License-Identifier: BSD-2-Clause */
#include "sample/words.h"

#include "address/address.h"
#include "address/mailbox.h"
#include "base/limits.h"

/* Longer words of letters and digits, and longer numbers, are somebody's identifiers. */
#define OPAQUE_MIN 10
#define NUMBER_MIN 6

/* Pieces of a word that are looked up together: "lena.m.meyer". */
#define PIECES_MAX 6
static const char joints[] = ".-_";

/* What becomes of a word that is no name. */
typedef enum {
	STAYS, /* unless it is an identifier */
	STAYS_AS_IT_IS,
	IF_SERVERS_USE_IT,
	IF_TRACES_USE_IT,
	IS_A_NAME,
} Rest;

typedef struct {
	RetourMasks *masks;
	Rest rest;
	GString *out;
	gboolean own; /* of a mail system's name: the words that tell it stay */
} Writer;

/* RFC 5321 4.4 and what servers add in parentheses, days and months. */
static const char *const trace_words[] = {
	"from",          "by",        "with",        "for",       "id",
	"via",           "smtp",      "esmtp",       "esmtps",    "esmtpa",
	"esmtpsa",       "lmtp",      "lmtps",       "utf8smtp",  "http",
	"https",         "tls",       "ssl",         "cipher",    "bits",
	"version",       "verify",    "verified",    "ok",        "no",
	"not",           "client",    "certificate", "requested", "using",
	"helo",          "ehlo",      "unknown",     "may",       "be",
	"forged",        "postfix",   "exim",        "sendmail",  "qmail",
	"network",       "local",     "submission",  "userid",    "uid",
	"envelope",      "sender",    "mail",        "from",      "server",
	"microsoft",     "smtpsvc",   "mapi",        "received",  "received-date",
	"est",           "edt",       "cst",         "cdt",       "mst",
	"mdt",           "pst",       "pdt",         "gmt",       "utc",
	"cet",           "cest",      "jst",         "mon",       "tue",
	"wed",           "thu",       "fri",         "sat",       "sun",
	"jan",           "feb",       "mar",         "apr",       "jun",
	"jul",           "aug",       "sep",         "oct",       "nov",
	"dec",           "localhost", "localdomain", "invoked",   "ipv6",
	"authenticated",
};

static gboolean
is_trace_word(RetourSpan word)
{
	for (guint i = 0; i < G_N_ELEMENTS(trace_words); i++) {
		if (retour_span_equal(word, trace_words[i]))
			return TRUE;
	}
	return FALSE;
}

static gboolean
is_opaque(RetourSpan word)
{
	gsize digits = 0, letters = 0;
	for (gsize at = 0; at < word.length; at++) {
		digits += g_ascii_isdigit(word.data[at]) != 0;
		letters += g_ascii_isalpha(word.data[at]) != 0;
	}
	if (letters == 0)
		return digits >= NUMBER_MIN;
	return digits > 0 && word.length >= OPAQUE_MIN;
}

/* One word of letters and digits that is not known. */
static void
append_rest(const Writer *writer, RetourSpan word)
{
	gboolean fill = FALSE;
	switch (writer->rest) {
	case STAYS_AS_IT_IS:
		break;
	case STAYS:
		fill = is_opaque(word);
		break;
	case IF_SERVERS_USE_IT:
		fill = word.length > 1 && !retour_masks_is_common(writer->masks, word) &&
		       !is_trace_word(word);
		fill = fill && (is_opaque(word) || !g_ascii_isdigit(word.data[0]));
		break;
	case IF_TRACES_USE_IT:
		fill = word.length > 4 || (word.length > 1 && !g_ascii_isdigit(word.data[0]));
		fill = fill && !is_trace_word(word);
		break;
	case IS_A_NAME:
		if (word.length > 1 && !g_ascii_isdigit(word.data[0]) &&
		    !(writer->own && retour_masks_is_common(writer->masks, word))) {
			g_string_append(writer->out,
			                retour_masks_get(writer->masks, RETOUR_MASK_NAME, word));
			return;
		}
		break;
	}
	if (fill)
		retour_append_filler(word, writer->out);
	else
		g_string_append_len(writer->out, word.data, (gssize)word.length);
}

/* Letters and digits of any script, and bytes that are no UTF-8. */
static gsize
word_length(RetourSpan text)
{
	gsize at = 0;
	while (at < text.length) {
		gunichar c = (guchar)text.data[at];
		gsize size = 1;
		if (c >= 0x80) {
			size = retour_character(retour_span_from(text, at), &c);
			if (size > 0 && !g_unichar_isalnum(c) && !g_unichar_ismark(c))
				break;
			size = MAX(size, 1);
		} else if (!g_ascii_isalnum((char)c)) {
			break;
		}
		at += size;
	}
	return at;
}

/* Words with joints between them, which begin and end with a word. */
static gsize
run_length(RetourSpan text)
{
	gsize end = word_length(text), at = end;
	while (at < text.length && strchr(joints, text.data[at]) && text.data[at] != '\0') {
		gsize more = word_length(retour_span_from(text, at + 1));
		if (more == 0 && !strchr("-_", text.data[at]))
			break;
		at += 1 + more;
		end = more > 0 ? at : end;
	}
	return end;
}

static gboolean
is_v4(RetourSpan text)
{
	guint parts = 1, value = 0, digits = 0;
	for (gsize at = 0; at < text.length; at++) {
		char c = text.data[at];
		if (c == '.' && digits > 0) {
			parts++;
			value = digits = 0;
		} else if (!g_ascii_isdigit(c) || ++digits > 3 ||
		           (value = value * 10 + (guint)(c - '0')) > 255) {
			return FALSE;
		}
	}
	return parts == 4 && digits > 0;
}

/* "255.255.255.255", and one more that would make it another number. */
#define V4_MAX 16u

/* Bytes of an IPv4 address at the start of @run, before another word. */
static gsize
v4_length(RetourSpan run)
{
	gsize length = 0;
	while (length < MIN(run.length, V4_MAX) &&
	       (g_ascii_isdigit(run.data[length]) || run.data[length] == '.'))
		length++;
	return is_v4(retour_span_sub(run, 0, length)) ? length : 0;
}

/* No top-level domain is as long, or as long and a word that servers use. */
#define TOP_LEVEL_MAX 18
#define TOP_LEVEL_WORD_MAX 7

/* "sendmail.cf", "and.Then": every label is a word that servers use. "err.nosuchuser": the last one
 * is, or nobody registers below it. */
static gboolean
is_prose(const RetourMasks *masks, RetourSpan host)
{
	gsize dot = host.length;
	while (dot > 0 && host.data[dot - 1] != '.')
		dot--;
	RetourSpan top = retour_span_from(host, dot);
	if (top.length > TOP_LEVEL_MAX ||
	    (top.length > TOP_LEVEL_WORD_MAX && retour_masks_is_common(masks, top)))
		return TRUE;
	while (host.length > 0) {
		gsize length = word_length(host);
		if (length == 0 || !retour_masks_is_common(masks, retour_span_sub(host, 0, length)))
			return FALSE;
		host = retour_span_from(host, length + 1);
	}
	return TRUE;
}

/* The longest run of words from the start of @run that is known together. */
static const char *
find_words(const Writer *writer, RetourSpan run, gsize *length)
{
	const char *found = NULL;
	gsize at = 0;
	for (guint i = 0; i < PIECES_MAX && at < run.length; i++) {
		gsize word = word_length(retour_span_from(run, at));
		const char *placeholder =
		        retour_masks_find_word(writer->masks, retour_span_sub(run, 0, at + word));
		if (placeholder) {
			found = placeholder;
			*length = at + word;
		}
		at += word + 1;
	}
	return found;
}

static void
append_words(const Writer *writer, RetourSpan run)
{
	while (run.length > 0) {
		gsize length = word_length(run), number = v4_length(run);
		const char *placeholder = find_words(writer, run, &length);
		if (number > 0) {
			length = number;
			placeholder = retour_masks_get(writer->masks, RETOUR_MASK_V4,
			                               retour_span_sub(run, 0, number));
		}
		if (placeholder)
			g_string_append(writer->out, placeholder);
		else
			append_rest(writer, retour_span_sub(run, 0, length));
		if (length < run.length)
			g_string_append_c(writer->out, run.data[length++]);
		run = retour_span_from(run, length);
	}
}

static void
append_run(const Writer *writer, RetourSpan run)
{
	const char *known = retour_masks_find_word(writer->masks, run);
	if (known)
		g_string_append(writer->out, known);
	else if (is_v4(run))
		g_string_append(writer->out, retour_masks_get(writer->masks, RETOUR_MASK_V4, run));
	else if (retour_is_host(run) && !is_prose(writer->masks, run))
		retour_masks_append_domain(writer->masks, run, writer->out);
	else
		append_words(writer, run);
}

/* An IPv6 address has 39 characters; what goes on beyond these is none. */
#define V6_LOOK 48u

/* Bytes of an IPv6 address at the start of @text, 0 if there is none. A time has two colons. */
static gsize
v6_length(RetourSpan text)
{
	gsize at = 0, colons = 0, digits = 0;
	gboolean doubled = FALSE;
	text.length = MIN(text.length, V6_LOOK);
	while (at < text.length && (g_ascii_isxdigit(text.data[at]) || text.data[at] == ':')) {
		gboolean colon = text.data[at] == ':';
		doubled |= colon && at > 0 && text.data[at - 1] == ':';
		colons += colon;
		digits += !colon;
		at++;
	}
	while (at > 0 && text.data[at - 1] == ':' && !(at > 1 && text.data[at - 2] == ':')) {
		at--;
		colons--;
	}
	RetourSpan behind = retour_span_from(text, at);
	gboolean more =
	        behind.length > 0 &&
	        (g_ascii_isalnum(behind.data[0]) ||
	         (behind.data[0] == '.' && behind.length > 1 && g_ascii_isdigit(behind.data[1])));
	return digits > 1 && !more && (doubled ? colons >= 2 : colons >= 5) ? at : 0;
}

/* A phrase that stands at the start of @text, as a whole. */
static gsize
phrase_length(const Writer *writer, RetourSpan text)
{
	for (guint i = 0; i < writer->masks->phrases->len; i++) {
		const char *phrase = g_ptr_array_index(writer->masks->phrases, i);
		gsize length = strlen(phrase);
		if (length > text.length || phrase[0] != text.data[0] ||
		    memcmp(phrase, text.data, length) != 0)
			continue;
		/* Scripts that part words by blanks do so here. */
		if ((guchar)phrase[length - 1] >= 0x80 ||
		    word_length(retour_span_from(text, length)) == 0)
			return length;
	}
	return 0;
}

static gsize
character_length(RetourSpan text)
{
	gunichar c;
	gsize size = retour_character(text, &c);
	return MAX(size, 1);
}

/* Text that holds no address. */
static void
append_gap(const Writer *writer, RetourSpan text)
{
	gboolean inside = FALSE; /* a word goes on */
	while (text.length > 0) {
		gsize phrase =
		        inside || writer->rest == IS_A_NAME ? 0 : phrase_length(writer, text);
		gsize six = inside || phrase ? 0 : v6_length(text);
		gsize run = phrase || six ? 0 : run_length(text);
		gsize length = phrase + six + run;
		if (phrase > 0)
			retour_append_filler(retour_span_sub(text, 0, phrase), writer->out);
		else if (six > 0)
			g_string_append(writer->out,
			                retour_masks_get(writer->masks, RETOUR_MASK_V6,
			                                 retour_span_sub(text, 0, six)));
		else if (run > 0)
			append_run(writer, retour_span_sub(text, 0, run));
		else
			g_string_append_len(writer->out, text.data,
			                    (gssize)(length = character_length(text)));
		inside = run > 0;
		text = retour_span_from(text, length);
	}
}

/* The '@' as URLs, xtext, HTML and RFC 6533 write it. */
static const char *const at_signs[] = { "%40", "+40", "&#64;", "&#x40;", "\\x{40}" };

/* The text with '@' for each of them, and for each '@' how it is written. */
static void
read_signs(RetourSpan text, GString *plain, GPtrArray *signs)
{
	for (gsize at = 0; at < text.length;) {
		const char *sign = NULL;
		for (guint i = 0; i < G_N_ELEMENTS(at_signs) && at > 0 && !sign; i++) {
			if (retour_span_has_prefix(retour_span_from(text, at), at_signs[i]))
				sign = at_signs[i];
		}
		gsize length = sign ? strlen(sign) : 1;
		if (sign && retour_domain_match(retour_span_from(text, at + length)) == 0)
			sign = NULL;
		if (sign || text.data[at] == '@')
			g_ptr_array_add(signs, (gpointer)(sign ? sign : "@"));
		g_string_append_c(plain, sign ? '@' : text.data[at]);
		at += sign ? length : 1;
	}
}

static guint
count_signs(RetourSpan text)
{
	guint n = 0;
	for (gsize at = 0; at < text.length; at++)
		n += text.data[at] == '@';
	return n;
}

/* A gap with the '@'s that stand in no address as they were written. */
static void
append_gap_with_signs(const Writer *writer, RetourSpan gap, const GPtrArray *signs, guint *sign)
{
	gssize at;
	while ((at = retour_span_find_char(gap, 0, '@')) >= 0) {
		append_gap(writer, retour_span_sub(gap, 0, (gsize)at));
		g_string_append(writer->out, g_ptr_array_index(signs, *sign));
		++*sign;
		gap = retour_span_from(gap, (gsize)at + 1);
	}
	append_gap(writer, gap);
}

static void
append_text(const Writer *writer, RetourSpan text)
{
	g_autoptr(GString) plain = g_string_sized_new(text.length);
	g_autoptr(GPtrArray) signs = g_ptr_array_new();
	read_signs(text, plain, signs);
	RetourSpan rest = retour_span(plain->str, plain->len);
	gsize offset, length;
	guint sign = 0;
	while (retour_address_find(rest, 0, &offset, &length)) {
		RetourSpan address = retour_span_sub(rest, offset, length);
		append_gap_with_signs(writer, retour_span_sub(rest, 0, offset), signs, &sign);
		guint n = count_signs(address);
		retour_masks_append_address(writer->masks, address,
		                            g_ptr_array_index(signs, sign + n - 1), writer->out);
		sign += n;
		rest = retour_span_from(rest, offset + length);
	}
	append_gap_with_signs(writer, rest, signs, &sign);
}

void
retour_words_append(RetourMasks *masks, RetourSpan line, GString *out)
{
	append_text(&(Writer){ masks, STAYS, out, FALSE }, line);
}

void
retour_words_append_few(RetourMasks *masks, RetourSpan line, GString *out)
{
	append_text(&(Writer){ masks, IF_SERVERS_USE_IT, out, FALSE }, line);
}

void
retour_words_append_trace(RetourMasks *masks, RetourSpan line, GString *out)
{
	append_text(&(Writer){ masks, IF_TRACES_USE_IT, out, FALSE }, line);
}

void
retour_words_append_names(RetourMasks *masks, RetourSpan phrase, gboolean own, GString *out)
{
	append_text(&(Writer){ masks, IS_A_NAME, out, own }, phrase);
}

void
retour_words_append_boundary(RetourMasks *masks, RetourSpan boundary, GString *out)
{
	g_autoptr(GString) other = g_string_new(NULL);
	append_text(&(Writer){ masks, STAYS_AS_IT_IS, other, FALSE }, boundary);
	if (retour_span_equal(boundary, other->str))
		g_string_append_len(out, boundary.data, (gssize)boundary.length);
	else
		g_string_append(out, retour_masks_get(masks, RETOUR_MASK_BOUNDARY, boundary));
}
