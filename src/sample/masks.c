/* SPDX-License-Identifier: BSD-2-Clause */
#include "sample/masks.h"

#include <retour/codes.h>

#include "address/address.h"
#include "address/mailbox.h"
#include "base/limits.h"
#include "redact/redaction.h"
#include "report/marks.h"

/* A shorter word is no name. Bytes: two characters of Han are six. */
#define WORD_MIN 3
#define DIGITS_MIN 5
/* A shorter subject stands in other words as well. Bytes. */
#define PHRASE_MIN 6
#define PHRASES_MAX 200u

/* Addresses for documentation (RFC 5737): three ranges of which 1 to 254 are hosts. */
#define V4_RANGE 254u

/* Amazon's notices are told by their sender (src/report/data/dialects.conf). */
static const char *const dialect_domains[] = { "sns.amazonaws.com", "amazonaws.com",
	                                       "amazonses.com" };

/* Names that lead nowhere, or to everybody's own host. */
static const char *const common_domains[] = { "localhost", "localhost.localdomain", "localdomain",
	                                      "invalid" };

/* What hosts are called everywhere, with digits behind it or none. */
static const char *const common_labels[] = {
	"mx",      "mail",  "smtp",     "www",        "mta",     "relay", "gw",
	"gateway", "ns",    "imap",     "pop",        "out",     "in",    "mout",
	"webmail", "lists", "mailhost", "postmaster", "support", "go",
};

/* What list managers, forwarders and filters write into a local part. */
static const char *const common_pieces[] = {
	"bounce",      "bounces", "return", "owner",   "request",    "caf",     "srs0",
	"srs1",        "prvs",    "btv1",   "msprvs1", "imceasmtp",  "imceaex", "imceainvalid",
	"imceamailto", "no",      "reply",  "noreply", "donotreply", "abuse",   "fbl",
	"unsubscribe", "confirm", "news",   "list",
};

void
retour_append_filler(RetourSpan text, GString *out)
{
	for (gsize at = 0; at < text.length;) {
		gunichar c = (guchar)text.data[at];
		gsize size = 1;
		if (c >= 0x80) {
			size = retour_character(retour_span_from(text, at), &c);
			c = size ? c : 'x';
			size = size ? size : 1;
		}
		gboolean upper = c < 0x80 ? g_ascii_isupper((char)c) : FALSE;
		if (c < 0x80 ? g_ascii_isdigit((char)c) : g_unichar_isdigit(c))
			g_string_append_c(out, '0');
		else if (upper)
			g_string_append_c(out, 'X');
		else if (c >= 0x80 || g_ascii_isalpha((char)c))
			g_string_append_c(out, 'x');
		else
			g_string_append_c(out, text.data[at]);
		at += size;
	}
}

static char *
lower(RetourSpan text)
{
	g_autofree char *valid = g_utf8_make_valid(text.data, (gssize)text.length);
	return g_utf8_strdown(valid, -1);
}

gboolean
retour_is_host(RetourSpan text)
{
	gsize dot = text.length;
	while (dot > 0 && text.data[dot - 1] != '.')
		dot--;
	if (dot < 2 || text.length - dot < 2 || retour_domain_match(text) != text.length)
		return FALSE;
	gboolean idna = retour_span_has_prefix(retour_span_from(text, dot), "xn--");
	for (gsize at = dot; at < text.length && !idna; at++) {
		if (g_ascii_isdigit(text.data[at]) || strchr("-_", text.data[at]))
			return FALSE;
	}
	return TRUE;
}

/* The names of hosts in what a rule looks at. */
static void
keep_hosts(RetourMasks *masks, const char *text)
{
	while (*text) {
		gsize length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789.-");
		RetourSpan host = retour_span(text, length);
		while (host.length > 0 && strchr(".-", host.data[0]))
			host = retour_span_from(host, 1);
		while (host.length > 0 && strchr(".-", host.data[host.length - 1]))
			host.length--;
		if (retour_is_host(host))
			g_hash_table_add(masks->kept, g_strndup(host.data, host.length));
		text += length + (text[length] != '\0');
	}
}

/* "to contact tosa@rx": the mailbox of a mail system. */
static void
keep_mailboxes(RetourMasks *masks, const char *text)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	for (guint i = 0; words[i]; i++) {
		if (strchr(words[i], '@'))
			g_ptr_array_add(masks->mailboxes, g_strdup(words[i]));
	}
}

static void
keep_domains(RetourMasks *masks)
{
	static const char *const sheets[] = { "phrases", "providers" };
	for (guint i = 0; i < G_N_ELEMENTS(sheets); i++) {
		const RetourSheet *sheet = retour_sheet_find(sheets[i]);
		for (guint row = 0; row < retour_sheet_get_n_rows(sheet); row++) {
			keep_hosts(masks, retour_sheet_get_text(sheet, row, "text"));
			keep_mailboxes(masks, retour_sheet_get_text(sheet, row, "text"));
			keep_hosts(masks, retour_sheet_get_text(sheet, row, "host"));
		}
	}
	for (guint i = 0; i < G_N_ELEMENTS(dialect_domains); i++)
		g_hash_table_add(masks->kept, g_strdup(dialect_domains[i]));
	for (guint i = 0; i < G_N_ELEMENTS(common_domains); i++)
		g_hash_table_add(masks->kept, g_strdup(common_domains[i]));
}

static void
collect_common_words(GHashTable *words)
{
	for (const char *text = retour_marks_get_texts(); *text; text += strlen(text) + 1) {
		for (const char *at = text, *end; *at; at = *end ? g_utf8_next_char(end) : end) {
			for (end = at; *end && g_unichar_isalpha(g_utf8_get_char(end));)
				end = g_utf8_next_char(end);
			if (end > at)
				g_hash_table_add(words, g_strndup(at, (gsize)(end - at)));
		}
	}
}

RetourMasks *
retour_masks_new(const char *secret)
{
	RetourMasks *masks = g_new0(RetourMasks, 1);
	masks->secret = secret;
	for (guint i = 0; i < RETOUR_MASKS; i++)
		masks->known[i] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	masks->words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	masks->phrases = g_ptr_array_new_with_free_func(g_free);
	masks->kept = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	masks->common = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	masks->mailboxes = g_ptr_array_new_with_free_func(g_free);
	collect_common_words(masks->common);
	keep_domains(masks);
	return masks;
}

void
retour_masks_free(RetourMasks *masks)
{
	for (guint i = 0; i < RETOUR_MASKS; i++)
		g_hash_table_destroy(masks->known[i]);
	g_hash_table_destroy(masks->words);
	g_ptr_array_unref(masks->phrases);
	g_hash_table_destroy(masks->kept);
	g_hash_table_destroy(masks->common);
	g_ptr_array_unref(masks->mailboxes);
	g_free(masks);
}

/* With a secret 32 bits of it, so that whoever knows an address cannot tell its placeholder. */
static guint32
number_of(const RetourMasks *masks, RetourMask mask, const char *key)
{
	if (!masks->secret)
		return g_hash_table_size(masks->known[mask]) + 1;
	g_autofree char *text = g_strdup_printf("retour sample\n%d\n%s", (int)mask, key);
	g_autofree char *digest = g_compute_hmac_for_string(
	        G_CHECKSUM_SHA256, (const guchar *)masks->secret, strlen(masks->secret), text, -1);
	digest[8] = '\0';
	return (guint32)g_ascii_strtoull(digest, NULL, 16);
}

static char *
make(const RetourMasks *masks, RetourMask mask, const char *key)
{
	static const char *const v4[] = { "192.0.2", "198.51.100", "203.0.113" };
	static const char *const forms[RETOUR_MASKS] = {
		[RETOUR_MASK_PERSON] = "person%s", [RETOUR_MASK_SITE] = "site%s.example",
		[RETOUR_MASK_NODE] = "node%s",     [RETOUR_MASK_NAME] = "name%s",
		[RETOUR_MASK_ID] = "id%s",         [RETOUR_MASK_BOUNDARY] = "=_boundary%s",
		[RETOUR_MASK_V6] = "2001:db8::%s",
	};
	guint32 number = number_of(masks, mask, key);
	if (mask == RETOUR_MASK_V4)
		return g_strdup_printf("%s.%u", v4[(number - 1) / V4_RANGE % 3],
		                       (number - 1) % V4_RANGE + 1);
	g_autofree char *digits =
	        masks->secret ? g_strdup_printf("%08x", number) : g_strdup_printf("%u", number);
	if (mask == RETOUR_MASK_V6 && masks->secret)
		return g_strdup_printf("2001:db8::%x:%x", number >> 16, number & 0xffff);
	g_auto(GStrv) halves = g_strsplit(forms[mask], "%s", 2);
	return g_strconcat(halves[0], digits, halves[1], NULL);
}

const char *
retour_masks_find(const RetourMasks *masks, RetourMask mask, RetourSpan text)
{
	g_autofree char *key =
	        mask == RETOUR_MASK_BOUNDARY ? g_strndup(text.data, text.length) : lower(text);
	return g_hash_table_lookup(masks->known[mask], key);
}

const char *
retour_masks_get(RetourMasks *masks, RetourMask mask, RetourSpan text)
{
	g_autofree char *key =
	        mask == RETOUR_MASK_BOUNDARY ? g_strndup(text.data, text.length) : lower(text);
	char *placeholder = g_hash_table_lookup(masks->known[mask], key);
	if (placeholder)
		return placeholder;
	placeholder = make(masks, mask, key);
	g_hash_table_insert(masks->known[mask], g_steal_pointer(&key), placeholder);
	return placeholder;
}

static gboolean
is_common(const RetourMasks *masks, const char *word)
{
	return retour_is_server_word(word) || g_hash_table_contains(masks->common, word);
}

gboolean
retour_masks_is_common(const RetourMasks *masks, RetourSpan word)
{
	g_autofree char *key = lower(word);
	return is_common(masks, key);
}

static gboolean
is_name(const RetourMasks *masks, const char *word)
{
	gsize length = strlen(word), digits = 0, letters = 0;
	for (const char *at = word; *at; at++) {
		digits += g_ascii_isdigit(*at) != 0;
		letters += g_ascii_isalpha(*at) || (guchar)*at >= 0x80;
	}
	return length >= WORD_MIN && (letters > 0 || digits >= DIGITS_MIN) &&
	       !retour_address_is_daemon(retour_span_of(word)) && !is_common(masks, word);
}

void
retour_masks_add_word(RetourMasks *masks, RetourSpan word, const char *placeholder)
{
	g_autofree char *key = lower(word);
	if (is_name(masks, key) && !g_hash_table_contains(masks->words, key))
		g_hash_table_insert(masks->words, g_steal_pointer(&key), g_strdup(placeholder));
}

const char *
retour_masks_find_word(const RetourMasks *masks, RetourSpan word)
{
	if (word.length < WORD_MIN || word.length > RETOUR_LIMIT_ADDRESS)
		return NULL;
	g_autofree char *key = lower(word);
	return g_hash_table_lookup(masks->words, key);
}

static gint
longer_first(gconstpointer a, gconstpointer b)
{
	gsize one = strlen(*(const char *const *)a), other = strlen(*(const char *const *)b);
	return one < other ? 1 : one > other ? -1 : 0;
}

void
retour_masks_add_phrase(RetourMasks *masks, RetourSpan phrase)
{
	g_autofree char *text = NULL;
	phrase = retour_span_trim(phrase);
	if (phrase.length < PHRASE_MIN || masks->phrases->len >= PHRASES_MAX)
		return;
	text = g_strndup(phrase.data, phrase.length);
	if (g_ptr_array_find_with_equal_func(masks->phrases, text, g_str_equal, NULL))
		return;
	g_ptr_array_add(masks->phrases, g_steal_pointer(&text));
	g_ptr_array_sort(masks->phrases, longer_first);
}

static gboolean
is_one_of(RetourSpan word, const char *const *words, guint n)
{
	for (guint i = 0; i < n; i++) {
		if (retour_span_equal(word, words[i]))
			return TRUE;
	}
	return FALSE;
}

/* "mx", "mx1", "mx-2", "smtp-out". */
static gboolean
is_common_label(RetourSpan label)
{
	while (label.length > 0 && (g_ascii_isdigit(label.data[label.length - 1]) ||
	                            label.data[label.length - 1] == '-'))
		label.length--;
	gssize hyphen = retour_span_find_char(label, 0, '-');
	if (hyphen > 0)
		return is_common_label(retour_span_sub(label, 0, (gsize)hyphen)) &&
		       is_common_label(retour_span_from(label, (gsize)hyphen + 1));
	return is_one_of(label, common_labels, G_N_ELEMENTS(common_labels));
}

static void
append_label(RetourMasks *masks, RetourSpan label, GString *out)
{
	if (is_common_label(label))
		g_string_append_len(out, label.data, (gssize)label.length);
	else
		g_string_append(out, retour_masks_get(masks, RETOUR_MASK_NODE, label));
}

/* Where the last @n labels of @domain begin. */
static gsize
last_labels(RetourSpan domain, guint n)
{
	gsize at = domain.length;
	for (guint i = 0; i < n && at > 0; i++) {
		at -= at < domain.length;
		while (at > 0 && domain.data[at - 1] != '.')
			at--;
	}
	return at;
}

/* Where what is registered begins: "example.com", "example.co.uk". */
static gsize
site_begin(RetourSpan domain)
{
	static const char *const second[] = { "co",  "com", "net", "org", "ac",  "gov",
		                              "edu", "ne",  "or",  "go",  "gob", "nom" };
	gsize two = last_labels(domain, 2), one = last_labels(domain, 1);
	RetourSpan label = retour_span_sub(domain, two, one > two ? one - two - 1 : 0);
	gboolean short_tld = domain.length - one == 2;
	if (short_tld && two > 0 && is_one_of(label, second, G_N_ELEMENTS(second)))
		return last_labels(domain, 3);
	return two;
}

/* Where the longest end of @domain that a rule looks at begins; its length if there is none. */
static gsize
kept_begin(const RetourMasks *masks, RetourSpan domain)
{
	g_autofree char *key = lower(domain);
	for (const char *at = key; at; at = strchr(at, '.')) {
		at += *at == '.';
		if (g_hash_table_contains(masks->kept, at))
			return domain.length - strlen(at);
	}
	return domain.length;
}

static void
append_labels(RetourMasks *masks, RetourSpan labels, GString *out)
{
	while (labels.length > 0) {
		gssize dot = retour_span_find_char(labels, 0, '.');
		gsize length = dot < 0 ? labels.length : (gsize)dot;
		if (length > 0)
			append_label(masks, retour_span_sub(labels, 0, length), out);
		if (dot >= 0)
			g_string_append_c(out, '.');
		labels = retour_span_from(labels, length + (dot >= 0));
	}
}

static void
append_literal(RetourMasks *masks, RetourSpan literal, GString *out)
{
	gboolean six = retour_span_has_prefix(literal, "[IPv6:");
	RetourSpan inside = retour_span_sub(literal, six ? 6 : 1, literal.length - (six ? 7 : 2));
	gboolean four = inside.length > 0 && strspn(inside.data, "0123456789.") >= inside.length;
	g_string_append(out, six ? "[IPv6:" : "[");
	if (six || four)
		g_string_append(out, retour_masks_get(masks, six ? RETOUR_MASK_V6 : RETOUR_MASK_V4,
		                                      inside));
	else
		retour_append_filler(inside, out);
	g_string_append_c(out, ']');
}

void
retour_masks_append_domain(RetourMasks *masks, RetourSpan domain, GString *out)
{
	if (domain.length > 2 && domain.data[0] == '[') {
		append_literal(masks, domain, out);
		return;
	}
	if (domain.length == 0)
		return;
	gboolean rooted = domain.length > 1 && domain.data[domain.length - 1] == '.';
	domain.length -= rooted;
	gsize kept = kept_begin(masks, domain);
	gsize site = site_begin(domain);
	if (kept < domain.length) {
		append_labels(masks, retour_span_sub(domain, 0, kept), out);
		g_string_append_len(out, domain.data + kept, (gssize)(domain.length - kept));
	} else if (site == 0 && retour_span_find_char(domain, 0, '.') < 0) {
		append_label(masks, domain, out);
	} else {
		RetourSpan name = retour_span_from(domain, site);
		append_labels(masks, retour_span_sub(domain, 0, site), out);
		g_string_append(out, retour_masks_get(masks, RETOUR_MASK_SITE, name));
	}
	if (rooted)
		g_string_append_c(out, '.');
}

static void
append_piece(RetourMasks *masks, RetourSpan piece, GString *out)
{
	const char *word = retour_masks_find(masks, RETOUR_MASK_PERSON, piece);
	gsize digits = 0;
	while (digits < piece.length && g_ascii_isdigit(piece.data[digits]))
		digits++;
	if (is_one_of(piece, common_pieces, G_N_ELEMENTS(common_pieces)) || piece.length == 0)
		g_string_append_len(out, piece.data, (gssize)piece.length);
	else if (word)
		g_string_append(out, word);
	else if (digits > 0)
		retour_append_filler(piece, out);
	else
		g_string_append(out, retour_masks_get(masks, RETOUR_MASK_NAME, piece));
}

/* Piece by piece, as what is parted by '=' and its kin says whom it hides. */
static void
append_disguise(RetourMasks *masks, RetourSpan local, GString *out)
{
	while (local.length > 0) {
		gsize length = 0, inner = 0;
		while (length < local.length && !strchr("=+/#", local.data[length]))
			length++;
		RetourSpan segment = retour_span_sub(local, 0, length);
		if (retour_masks_find(masks, RETOUR_MASK_PERSON, segment)) {
			append_piece(masks, segment, out);
		} else if (retour_is_host(segment)) {
			retour_masks_append_domain(masks, segment, out);
		} else {
			while (inner <= segment.length && segment.length > 0) {
				gsize end = inner;
				while (end < segment.length && !strchr("-._", segment.data[end]))
					end++;
				append_piece(masks, retour_span_sub(segment, inner, end - inner),
				             out);
				if (end < segment.length)
					g_string_append_c(out, segment.data[end]);
				inner = end + 1;
			}
		}
		if (length < local.length)
			g_string_append_c(out, local.data[length++]);
		local = retour_span_from(local, length);
	}
}

/* Its pieces are names as well: "lena.meyer" is signed with "Lena". */
static void
know_local(RetourMasks *masks, RetourSpan local, const char *placeholder)
{
	retour_masks_add_word(masks, local, placeholder);
	for (gsize at = 0; at < local.length;) {
		gsize end = at;
		while (end < local.length && !strchr("-._", local.data[end]))
			end++;
		RetourSpan piece = retour_span_sub(local, at, end - at);
		if (piece.length > WORD_MIN && piece.length < local.length &&
		    !is_one_of(piece, common_pieces, G_N_ELEMENTS(common_pieces)))
			retour_masks_add_word(masks, piece,
			                      retour_masks_get(masks, RETOUR_MASK_NAME, piece));
		at = end + 1;
	}
}

/* What the address hides is an address as well. */
static gboolean
know_hidden(RetourMasks *masks, RetourSpan address)
{
	g_autoptr(GString) hidden = g_string_new(NULL), nothing = g_string_new(NULL);
	if (retour_address_unveil(address, hidden) == RETOUR_DISGUISE_NONE)
		return FALSE;
	if (hidden->len > 0 && hidden->len < address.length)
		retour_masks_append_address(masks, retour_span(hidden->str, hidden->len), "@",
		                            nothing);
	return TRUE;
}

static void
append_local(RetourMasks *masks, RetourSpan local, gboolean disguised, GString *out)
{
	gboolean quoted =
	        local.length > 1 && local.data[0] == '"' && local.data[local.length - 1] == '"';
	RetourSpan bare = quoted ? retour_span_sub(local, 1, local.length - 2) : local;
	if (retour_address_is_daemon(local)) {
		g_string_append_len(out, local.data, (gssize)local.length);
		return;
	}
	if (quoted)
		g_string_append_c(out, '"');
	if (disguised || retour_span_find_char(bare, 0, '=') >= 0 ||
	    retour_span_find_char(bare, 0, '+') > 0 ||
	    is_one_of(bare, common_pieces, G_N_ELEMENTS(common_pieces))) {
		append_disguise(masks, bare, out);
	} else {
		const char *placeholder = retour_masks_get(masks, RETOUR_MASK_PERSON, bare);
		know_local(masks, bare, placeholder);
		g_string_append(out, placeholder);
	}
	if (quoted)
		g_string_append_c(out, '"');
}

/* Bytes of an address that a rule looks at, up to a label of its host; 0 if none does. */
static gsize
kept_mailbox(const RetourMasks *masks, RetourSpan address)
{
	for (guint i = 0; i < masks->mailboxes->len; i++) {
		const char *mailbox = g_ptr_array_index(masks->mailboxes, i);
		gsize length = strlen(mailbox);
		if (retour_span_has_prefix(address, mailbox) &&
		    (length == address.length || address.data[length] == '.'))
			return length + (length < address.length);
	}
	return 0;
}

void
retour_masks_append_address(RetourMasks *masks, RetourSpan address, const char *sign, GString *out)
{
	RetourSpan domain = retour_address_domain(address);
	RetourSpan local = retour_span_sub(address, 0, address.length - domain.length - 1);
	const char *id = retour_masks_find(masks, RETOUR_MASK_ID, address);
	gsize kept = kept_mailbox(masks, address);
	if (kept > 0) {
		g_string_append_len(out, address.data, (gssize)kept);
		retour_masks_append_domain(masks, retour_span_from(address, kept), out);
		return;
	}
	if (id)
		g_string_append(out, id);
	else
		append_local(masks, local, know_hidden(masks, address), out);
	g_string_append(out, sign);
	retour_masks_append_domain(masks, domain, out);
}

void
retour_masks_append_id(RetourMasks *masks, RetourSpan id, GString *out)
{
	RetourSpan domain = retour_address_domain(id);
	g_string_append(out, retour_masks_get(masks, RETOUR_MASK_ID, id));
	if (domain.length == 0)
		return;
	g_string_append_c(out, '@');
	if (retour_domain_match(domain) == domain.length)
		retour_masks_append_domain(masks, domain, out);
	else
		retour_append_filler(domain, out);
}
