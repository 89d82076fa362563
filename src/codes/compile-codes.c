/* SPDX-License-Identifier: BSD-2-Clause */

/* Reasons, codes, subjects and profiles. */
#include "codes/compile.h"

#include <string.h>

/* Place of @word in @words, with a fault where it is none. */
static guint8
read_word(Codes *codes, const RetourTable *table, guint line, const char *word,
          const char *(*to_string)(guint), guint n)
{
	g_autoptr(GString) all = g_string_new(NULL);
	for (guint i = 0; i < n; i++) {
		if (strcmp(to_string(i), word) == 0)
			return (guint8)i;
		g_string_append_printf(all, "%s%s", i > 0 ? ", " : "", to_string(i));
	}
	codes_fault(codes, retour_table_get_name(table), line,
	            "\"%s\" is not known: write one of %s", word, all->str);
	return 0;
}

static const char *
fault_word(guint fault)
{
	return retour_fault_to_string((RetourFault)fault);
}

static const char *
advice_word(guint advice)
{
	return retour_advice_to_string((RetourAdvice)advice);
}

static void
read_reason(Codes *codes, const RetourTable *table, const RetourTableRow *row)
{
	const char *file = retour_table_get_name(table), *klass = row->cells[2];
	gboolean at_5 = strcmp(klass, "hard at 5") == 0;
	RetourReason reason = {
		.name = codes_pool(codes, row->cells[0]),
		.group = codes_pool(codes, row->cells[1]),
		.klass_5 = codes_class(codes, file, row->line, at_5 ? "hard" : klass, FALSE),
		.fault = read_word(codes, table, row->line, row->cells[3], fault_word,
		                   RETOUR_FAULT_UNKNOWN + 1),
		.advice = read_word(codes, table, row->line, row->cells[4], advice_word,
		                    RETOUR_ADVICE_FIX_CONTENT + 1),
		.meaning = codes_pool(codes, row->cells[5]),
		.operator_advice = codes_pool(codes, row->cells[6]),
		.sender_advice = codes_pool(codes, row->cells[7]),
	};
	reason.klass = at_5 ? RETOUR_CLASS_SOFT : reason.klass_5;
	for (guint i = 0; i < codes->reasons->len; i++) {
		if (g_array_index(codes->reasons, RetourReason, i).name == reason.name)
			codes_fault(codes, file, row->line, "reason \"%s\" twice: remove one",
			            row->cells[0]);
	}
	g_array_append_val(codes->reasons, reason);
}

void
codes_read_reasons(Codes *codes)
{
	const RetourTable *table = codes_table(codes, "reasons");
	for (guint i = 0; table && i < retour_table_get_size(table); i++)
		read_reason(codes, table, retour_table_get_row(table, i));
}

/* ---- codes ---- */

/* "X.1.1": TRUE with subject and detail. */
static gboolean
read_enhanced_name(const char *name, RetourCode *code)
{
	return retour_take(&name, 'X') && retour_take(&name, '.') &&
	       retour_take_number(&name, &code->subject) && retour_take(&name, '.') &&
	       retour_take_number(&name, &code->detail) && *name == '\0';
}

static gboolean
read_reply_name(const char *name, RetourCode *code)
{
	if (strlen(name) != 3 || strspn(name, "0123456789") != 3)
		return FALSE;
	code->reply = (guint16)g_ascii_strtoull(name, NULL, 10);
	return TRUE;
}

/* Rows must ascend, for they are searched by halving. */
static gboolean
ascends(const Codes *codes, guint first, const RetourCode *code)
{
	if (codes->codes->len == first)
		return TRUE;
	const RetourCode *last = &g_array_index(codes->codes, RetourCode, codes->codes->len - 1);
	if (last->reply != code->reply)
		return last->reply < code->reply;
	if (last->subject != code->subject)
		return last->subject < code->subject;
	return last->detail < code->detail;
}

static void
add_code(Codes *codes, const RetourTable *table, const RetourTableRow *row, guint first,
         RetourCode *code)
{
	const char *file = retour_table_get_name(table), *reason = row->cells[3];
	code->name = codes_pool(codes, row->cells[0]);
	code->title = codes_pool(codes, row->cells[1]);
	code->meaning = codes_pool(codes, row->cells[2]);
	code->reason = *reason ? codes_reason(codes, file, row->line, reason) : RETOUR_CODES_NONE;
	if (!ascends(codes, first, code))
		codes_fault(codes, file, row->line,
		            "code %s is out of order or stands twice: keep the "
		            "rows in ascending order",
		            row->cells[0]);
	g_array_append_vals(codes->codes, code, 1);
}

static void
read_enhanced(Codes *codes)
{
	const RetourTable *table = codes_table(codes, "enhanced");
	for (guint i = 0; table && i < retour_table_get_size(table); i++) {
		const RetourTableRow *row = retour_table_get_row(table, i);
		const char *file = retour_table_get_name(table);
		RetourCode code = { 0 };
		if (!read_enhanced_name(row->cells[0], &code)) {
			codes_fault(codes, file, row->line, "\"%s\" is no code: write X.1.1",
			            row->cells[0]);
			continue;
		}
		code.source = codes_pool(codes, codes_cell("enhanced", row, "source"));
		code.klass_5 = codes_class(codes, file, row->line,
		                           codes_cell("enhanced", row, "class_5"), FALSE);
		code.klass_4 = codes_class(codes, file, row->line,
		                           codes_cell("enhanced", row, "class_4"), FALSE);
		code.note = codes_pool(codes, codes_cell("enhanced", row, "note"));
		add_code(codes, table, row, 0, &code);
	}
	codes->n_statuses = codes->codes->len;
}

static void
read_replies(Codes *codes)
{
	const RetourTable *table = codes_table(codes, "replies");
	for (guint i = 0; table && i < retour_table_get_size(table); i++) {
		const RetourTableRow *row = retour_table_get_row(table, i);
		const char *file = retour_table_get_name(table);
		RetourCode code = { 0 };
		if (!read_reply_name(row->cells[0], &code)) {
			codes_fault(codes, file, row->line,
			            "\"%s\" is no reply: write three digits", row->cells[0]);
			continue;
		}
		code.source = codes_pool(codes, codes_cell("replies", row, "source"));
		code.klass_5 = codes_class(codes, file, row->line,
		                           codes_cell("replies", row, "class"), FALSE);
		code.klass_4 = code.klass_5;
		code.note = codes_pool(codes, codes_cell("replies", row, "note"));
		add_code(codes, table, row, codes->n_statuses, &code);
	}
}

static void
read_subjects(Codes *codes)
{
	const RetourTable *table = codes_table(codes, "subjects");
	for (guint i = 0; table && i < retour_table_get_size(table); i++) {
		const RetourTableRow *row = retour_table_get_row(table, i);
		const char *file = retour_table_get_name(table);
		g_autofree char *expected = g_strdup_printf("%u", i);
		if (strcmp(row->cells[0], expected) != 0)
			codes_fault(codes, file, row->line,
			            "subject \"%s\" where %u is due: write one row "
			            "for each subject from 0 on",
			            row->cells[0], i);
		guint16 reason = codes_reason(codes, file, row->line, row->cells[2]);
		g_array_append_val(codes->subjects, reason);
	}
}

void
codes_read_codes(Codes *codes)
{
	read_enhanced(codes);
	read_replies(codes);
	read_subjects(codes);
}

/* ---- profiles ---- */

static void
read_override(Codes *codes, const char *file, const RetourBlockField *field)
{
	g_auto(GStrv) words = g_strsplit(field->value, " ", -1);
	if (g_strv_length(words) != 2) {
		codes_fault(codes, file, field->line,
		            "\"%s\" is no override: write a reason, a space and "
		            "a class",
		            field->value);
		return;
	}
	RetourCodesOverride override = {
		.reason = codes_reason(codes, file, field->line, words[0]),
		.klass = codes_class(codes, file, field->line, words[1], TRUE),
	};
	g_array_append_val(codes->overrides, override);
}

static void
read_profile_field(Codes *codes, const char *file, const RetourBlockField *field,
                   RetourProfileRow *profile)
{
	if (strcmp(field->name, "Profile") == 0 && profile->name == 0 && *field->value)
		profile->name = codes_pool(codes, field->value);
	else if (strcmp(field->name, "Reason") == 0)
		read_override(codes, file, field);
	else if (strcmp(field->name, "Class") == 0 && strcmp(field->value, "by-digit") == 0)
		profile->by_digit = TRUE;
	else
		codes_fault(codes, file, field->line,
		            "\"%s: %s\" is not understood: see the head of the file", field->name,
		            field->value);
}

static void
read_profile(Codes *codes, const char *file, const RetourBlock *block)
{
	RetourProfileRow profile = { .first = (guint16)codes->overrides->len };
	for (guint i = 0; i < block->n_fields; i++)
		read_profile_field(codes, file, &block->fields[i], &profile);
	profile.n = (guint16)(codes->overrides->len - profile.first);
	if (profile.name == 0)
		codes_fault(codes, file, block->line,
		            "a profile without a name: add \"Profile: NAME\"");
	for (guint i = 0; i < codes->profiles->len; i++) {
		if (g_array_index(codes->profiles, RetourProfileRow, i).name == profile.name)
			codes_fault(codes, file, block->line, "profile \"%s\" twice: remove one",
			            codes_text(codes, profile.name));
	}
	g_array_append_val(codes->profiles, profile);
}

void
codes_read_profiles(Codes *codes, const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "profiles.conf", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(RetourBlocks) blocks = retour_blocks_read(path, NULL, &error);
	if (!blocks) {
		codes_fault(codes, path, 0, "%s", error->message);
		return;
	}
	for (guint i = 0; i < retour_blocks_get_size(blocks); i++)
		read_profile(codes, path, retour_blocks_get_block(blocks, i));
	if (codes->profiles->len == 0 ||
	    strcmp(codes_text(codes, g_array_index(codes->profiles, RetourProfileRow, 0).name),
	           "default") != 0)
		codes_fault(codes, path, 1, "the first profile must be \"default\": put it first");
}
