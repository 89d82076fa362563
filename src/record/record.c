/* SPDX-License-Identifier: BSD-2-Clause */

/* One message through the rooms: bytes to parts, parts to evidence, evidence to verdicts. */

#include <retour/record.h>
#include <string.h>
#include <time.h>

#include "address/verp.h"
#include "authenticity/judge.h"
#include "base/arena.h"
#include "classify/classify.h"
#include "mime/part.h"
#include "record/new.h"
#include "record/no-mail.h"
#include "record/site.h"
#include "report/report.h"

G_DEFINE_BOXED_TYPE(RetourRecord, retour_record, retour_record_ref, retour_record_unref)

G_DEFINE_QUARK(retour - options - error - quark, retour_options_error)

gboolean
retour_options_check(const RetourOptions *options, GError **error)
{
	const char *fault = NULL;
	if (options->profile && !retour_profile_row_find(options->profile)) {
		g_set_error(error, RETOUR_OPTIONS_ERROR, RETOUR_OPTIONS_ERROR_PROFILE,
		            "there is no profile '%s'", options->profile);
		return FALSE;
	}
	if (options->verp && !retour_verp_check(retour_span_of(options->verp), &fault)) {
		g_set_error(error, RETOUR_OPTIONS_ERROR, RETOUR_OPTIONS_ERROR_VERP,
		            "'%s' is no template of a return path: %s", options->verp, fault);
		return FALSE;
	}
	return TRUE;
}

RetourRecord *
retour_record_new(void)
{
	RetourRecord *record = g_rc_box_new0(RetourRecord);
	record->arena = retour_arena_new();
	return record;
}

static void
record_clear(gpointer data)
{
	RetourRecord *record = data;
	g_clear_pointer(&record->report, retour_report_unref);
	retour_arena_free(record->arena);
}

RetourRecord *
retour_record_ref(RetourRecord *record)
{
	return g_rc_box_acquire(record);
}

void
retour_record_unref(RetourRecord *record)
{
	g_rc_box_release_full(record, record_clear);
}

/* How serious a kind is: what a person must act on goes first. */
static guint
seriousness(RetourKind kind)
{
	static const guint8 order[] = {
		[RETOUR_KIND_BOUNCE] = 9,      [RETOUR_KIND_DELAY] = 8,
		[RETOUR_KIND_COMPLAINT] = 7,   [RETOUR_KIND_UNSUBSCRIBE] = 6,
		[RETOUR_KIND_CHALLENGE] = 5,   [RETOUR_KIND_AUTO_REPLY] = 4,
		[RETOUR_KIND_DISPOSITION] = 3, [RETOUR_KIND_DELIVERED] = 2,
		[RETOUR_KIND_OTHER] = 1,
	};
	return (guint)kind < G_N_ELEMENTS(order) ? order[kind] : 0;
}

gint
retour_record_get_worst(const RetourRecord *record)
{
	gint worst = -1;
	for (guint i = 0; record->report && i < record->report->n_recipients; i++) {
		const RetourVerdict *verdict = &record->verdicts[i];
		const RetourVerdict *known = worst >= 0 ? &record->verdicts[worst] : NULL;
		if (!known || seriousness(verdict->kind) > seriousness(known->kind) ||
		    (verdict->kind == known->kind && verdict->klass > known->klass))
			worst = (gint)i;
	}
	return worst;
}

/* Bytes without a header that hold one control character in this many are no mail in any charset.
 * So many of the first ones are looked at. */
#define GARBAGE_SHARE 16u
#define GARBAGE_LOOK (1024u * 1024)

static gboolean
is_garbage(const RetourPartTree *tree, const char *bytes, gsize length)
{
	if (tree->root->n_headers > 0)
		return FALSE;
	/* All but tab, line ends, form feed and escape. */
	static const guint8 control[256] = {
		[0 ... 0x08] = 1, [0x0b] = 1, [0x0e ... 0x1a] = 1, [0x1c ... 0x1f] = 1
	};
	gsize controls = 0;
	length = MIN(length, GARBAGE_LOOK);
	for (gsize i = 0; i < length; i++)
		controls += control[(guchar)bytes[i]];
	return controls * GARBAGE_SHARE > length;
}

/* Whether it tells of mail that somebody has sent. */
static gboolean
is_answer(RetourKind kind)
{
	return kind == RETOUR_KIND_BOUNCE || kind == RETOUR_KIND_DELAY ||
	       kind == RETOUR_KIND_DELIVERED || kind == RETOUR_KIND_COMPLAINT ||
	       kind == RETOUR_KIND_UNSUBSCRIBE;
}

static void
judge_authenticity(RetourRecord *record, const RetourOptions *options)
{
	if (options->own && !retour_own_mail_is_empty(options->own) && is_answer(record->kind))
		record->authenticity = retour_authenticity_judge(
		        record->report, options->own, options->now ? options->now : time(NULL),
		        record->arena);
}

static const char is_empty[] = "the input is empty";
static const char no_text[] = "neither headers nor text";

gboolean
retour_record_is_no_mail(const char *error)
{
	return strcmp(error, is_empty) == 0 || strcmp(error, no_text) == 0;
}

RetourRecord *
retour_record_read(const char *bytes, gsize length, const RetourOptions *options)
{
	if (length == 0)
		return retour_record_new_unreadable(is_empty);
	RetourRecord *record = retour_record_new();
	const RetourSite *site = options ? options->site : NULL;
	RetourEnvelope envelope = {
		.sender = options ? options->sender : NULL,
		.recipient = options ? options->recipient : NULL,
		.verp = options ? options->verp : NULL,
		.trace = options && options->own,
		.dialects = { site ? site->dialects : NULL, retour_dialects_builtin() },
	};
	const RetourProfileRow *profile =
	        retour_profile_row_find(options && options->profile ? options->profile : "default");
	if (!profile)
		profile = retour_profile_row_find("default");

	g_autoptr(RetourPartTree) tree = retour_part_tree_read(bytes, length);
	if (is_garbage(tree, bytes, length)) {
		retour_record_unref(record);
		return retour_record_new_unreadable(no_text);
	}
	record->report = retour_report_read(tree, &envelope);
	guint n = record->report->n_recipients;
	record->verdicts = retour_arena_alloc(record->arena, n * sizeof(RetourVerdict));
	for (guint i = 0; i < n; i++)
		retour_verdict_make(record->report, &record->report->recipients[i], profile,
		                    site ? site->rules : NULL, record->arena, &record->verdicts[i]);
	gint worst = retour_record_get_worst(record);
	record->kind = worst >= 0 ? record->verdicts[worst].kind : record->report->kind;
	if (options)
		judge_authenticity(record, options);
	return record;
}

RetourRecord *
retour_record_new_unreadable(const char *error)
{
	RetourRecord *record = retour_record_new();
	record->kind = RETOUR_KIND_UNREADABLE;
	record->error = retour_arena_strdup(record->arena, error);
	return record;
}
