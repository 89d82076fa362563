/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/report.h"

#include "report/new.h"
#include "report/reading.h"

G_DEFINE_BOXED_TYPE(RetourReport, retour_report, retour_report_ref, retour_report_unref)

RetourReport *
retour_report_new(void)
{
	RetourReport *report = g_rc_box_new0(RetourReport);
	report->arena = retour_arena_new();
	report->date = report->arrival_date = report->original.date = -1;
	return report;
}

static void
report_clear(gpointer data)
{
	retour_arena_free(((RetourReport *)data)->arena);
}

RetourReport *
retour_report_ref(RetourReport *report)
{
	return g_rc_box_acquire(report);
}

void
retour_report_unref(RetourReport *report)
{
	g_rc_box_release_full(report, report_clear);
}

static gint
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The limits met in the part tree, and our own, in alphabetical order. */
static void
keep_limits(RetourReading *reading)
{
	const RetourPartTree *tree = reading->tree;
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	for (guint i = 0; i < tree->n_limits; i++)
		g_ptr_array_add(names,
		                (gpointer)retour_arena_strdup(reading->arena, tree->limits[i]));
	const struct {
		gboolean met;
		const char *name;
	} own[] = {
		{ reading->recipients_cut, "recipients-cut" },
		{ reading->fields_cut, "fields-cut" },
		{ reading->evidence_cut, "evidence-cut" },
		{ reading->addresses_cut, "address-cut" },
		{ reading->text_cut, "text-cut" },
	};
	for (guint i = 0; i < G_N_ELEMENTS(own); i++)
		if (own[i].met &&
		    !g_ptr_array_find_with_equal_func(names, own[i].name, g_str_equal, NULL))
			g_ptr_array_add(names, (gpointer)own[i].name);
	g_ptr_array_sort(names, compare_names);
	const char **limits = retour_arena_alloc(reading->arena, names->len * sizeof(char *));
	if (names->len > 0)
		memcpy(limits, names->pdata, names->len * sizeof(char *));
	reading->report->limits = limits;
	reading->report->n_limits = names->len;
}

/* One reader for each kind; a delivery report is read by its fields, and by its words where these
 * name nobody. */
static void
read_by_kind(RetourReading *reading)
{
	switch (reading->report->kind) {
	case RETOUR_KIND_COMPLAINT:
	case RETOUR_KIND_UNSUBSCRIBE:
	case RETOUR_KIND_OTHER:
		if (reading->feedback_report)
			retour_read_feedback_report(reading);
		else if (reading->report->kind == RETOUR_KIND_COMPLAINT)
			retour_read_complaint(reading);
		else if (reading->report->kind == RETOUR_KIND_UNSUBSCRIBE)
			retour_read_auto_reply(reading);
		break;
	case RETOUR_KIND_DISPOSITION:
		retour_read_disposition(reading);
		break;
	case RETOUR_KIND_AUTO_REPLY:
	case RETOUR_KIND_CHALLENGE:
		retour_read_auto_reply(reading);
		break;
	default:
		if (!reading->delivery_status && !reading->disposition)
			retour_reading_find_pasted_report(reading);
		if (reading->delivery_status)
			retour_read_delivery_status(reading);
		else if (reading->disposition)
			retour_read_disposition(reading);
		if (reading->dialect)
			retour_read_dialect(reading, reading->dialect);
		if (reading->drafts->len == 0)
			retour_read_generic(reading);
		break;
	}
}

RetourReport *
retour_report_read(const RetourPartTree *tree, const RetourEnvelope *envelope)
{
	RetourReport *report = retour_report_new();
	if (envelope) {
		report->envelope_sender = retour_arena_strdup(report->arena, envelope->sender);
		report->envelope_recipient =
		        retour_arena_strdup(report->arena, envelope->recipient);
	}
	RetourReading reading = {
		.tree = tree,
		.arena = report->arena,
		.report = report,
		.drafts = g_ptr_array_new_with_free_func(retour_draft_free),
		.names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
		.notices = g_array_new(FALSE, FALSE, sizeof(RetourNotice)),
		.statuses = g_ptr_array_new(),
	};
	reading.verp = envelope ? envelope->verp : NULL;
	reading.trace = envelope && envelope->trace;
	for (guint i = 0; envelope && i < RETOUR_DIALECT_SHELVES; i++)
		reading.dialects[i] = envelope->dialects[i];
	retour_reading_find_parts(&reading);
	retour_notices_find(&reading);
	retour_read_original(&reading);
	report->kind = retour_gate(&reading);
	report->never_reply = retour_gate_never_reply(&reading, report->kind);
	read_by_kind(&reading);
	retour_read_identity(&reading);
	if (report->kind == RETOUR_KIND_BOUNCE)
		retour_read_statements(&reading);
	retour_drafts_mark_foreign(&reading);
	retour_drafts_settle(&reading);
	keep_limits(&reading);
	g_ptr_array_free(reading.drafts, TRUE);
	g_hash_table_destroy(reading.names);
	g_clear_pointer(&reading.bystanders, g_hash_table_destroy);
	g_ptr_array_free(reading.statuses, TRUE);
	g_array_free(reading.notices, TRUE);
	return report;
}
