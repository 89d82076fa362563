/* SPDX-License-Identifier: BSD-2-Clause */
#include "sample/sample.h"

#include "address/address.h"
#include "mime/part.h"
#include "sample/rewrite.h"

static const char *
reason_of(const RetourVerdict *verdict)
{
	return verdict->reason ? retour_reason_get_name(verdict->reason) : "none";
}

/* TRUE, or one line that tells what is another. */
static gboolean
is_same(const RetourRecord *one, const RetourRecord *other, GString *fault)
{
	guint n = one->report ? one->report->n_recipients : 0;
	guint m = other->report ? other->report->n_recipients : 0;
	if (one->kind != other->kind || n != m) {
		g_string_printf(
		        fault, "it is read as %s with %u recipients, the original as %s with %u",
		        retour_kind_to_string(other->kind), m, retour_kind_to_string(one->kind), n);
		return FALSE;
	}
	for (guint i = 0; i < n; i++) {
		const RetourVerdict *before = &one->verdicts[i], *after = &other->verdicts[i];
		if (before->klass == after->klass && before->reason == after->reason)
			continue;
		g_string_printf(fault, "recipient %u is %s, %s; in the original %s, %s", i + 1,
		                retour_class_to_string(after->klass), reason_of(after),
		                retour_class_to_string(before->klass), reason_of(before));
		return FALSE;
	}
	return TRUE;
}

/* Filler may look like it. */
static gboolean
is_filler(const char *local)
{
	return local[strspn(local, "xX0.-_")] == '\0';
}

/* The local part that ends before @at is that of a mail system, which stays. */
static gboolean
is_of_daemon(const char *text, const char *at)
{
	const char *begin = at;
	while (begin > text && (g_ascii_isalnum(begin[-1]) || strchr("-._", begin[-1])))
		begin--;
	return retour_address_is_daemon(retour_span(begin, (gsize)(at - begin)));
}

/* The local part of an address of the original that is the one of an address in @text; NULL: none
 * is. */
static const char *
find_local(const RetourMasks *masks, RetourSpan text)
{
	GHashTableIter iterator;
	gpointer local;
	g_autofree char *lower = g_ascii_strdown(text.data, (gssize)text.length);
	g_hash_table_iter_init(&iterator, masks->known[RETOUR_MASK_PERSON]);
	while (g_hash_table_iter_next(&iterator, &local, NULL)) {
		gsize length = strlen(local);
		if (length < 2 || is_filler(local))
			continue;
		for (const char *at = lower; (at = strstr(at, local)); at++) {
			gboolean begins = at == lower || !g_ascii_isalnum(at[-1]);
			if (begins && at[length] == '@' && !is_of_daemon(lower, at + length))
				return local;
		}
	}
	return NULL;
}

/* A last look with the eyes of the reader: every text and header of the sample. */
static gboolean
find_left(const RetourMasks *masks, const GString *sample, GString *fault)
{
	g_autoptr(RetourPartTree) tree = retour_part_tree_read(sample->str, sample->len);
	for (guint i = 0; i < tree->n_parts; i++) {
		const RetourPart *part = tree->parts[i];
		const char *left =
		        part->text ? find_local(masks, retour_span(part->text, part->text_length))
		                   : NULL;
		for (guint k = 0; k < part->n_headers && !left; k++)
			left = find_local(masks, retour_span_of(part->headers[k].value));
		if (!left)
			continue;
		g_string_printf(fault, "the address of %s is left in part %s", left,
		                *part->section ? part->section : "HEADER");
		return TRUE;
	}
	return FALSE;
}

static void
rewrite(RetourMasks *masks, RetourSpan mail, RetourKind kind, gboolean gentle, GString *out)
{
	RetourRewrite one = {
		.style = { .masks = masks,
		           .whole_subject = kind == RETOUR_KIND_BOUNCE ||
		                            kind == RETOUR_KIND_DELAY ||
		                            kind == RETOUR_KIND_DELIVERED,
		           .gentle = gentle },
		.kind = kind,
		.boundaries = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
	};
	g_string_truncate(out, 0);
	retour_rewrite_mail(&one, mail, FALSE, 0, out);
	g_hash_table_destroy(one.boundaries);
}

RetourSampleOutcome
retour_sample_make(RetourSpan mail, const RetourOptions *options, const char *secret, GString *out,
                   gboolean *kept, GString *fault)
{
	g_autoptr(RetourMasks) masks = retour_masks_new(secret);
	g_autoptr(GString) sample = g_string_new(NULL);
	g_autoptr(RetourRecord) original = retour_record_read(mail.data, mail.length, options);
	gboolean same = FALSE;
	for (guint gentle = 0; gentle < 2 && !same; gentle++) {
		*kept = gentle > 0;
		/* Twice: who is named at the end is known at the beginning. */
		rewrite(masks, mail, original->kind, gentle > 0, sample);
		rewrite(masks, mail, original->kind, gentle > 0, sample);
		g_autoptr(RetourRecord) other =
		        retour_record_read(sample->str, sample->len, options);
		same = is_same(original, other, fault);
	}
	g_string_append_len(out, sample->str, (gssize)sample->len);
	if (!same)
		return RETOUR_SAMPLE_CHANGED;
	g_string_truncate(fault, 0);
	return find_left(masks, sample, fault) ? RETOUR_SAMPLE_LEFT : RETOUR_SAMPLE_SAME;
}
