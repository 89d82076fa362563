/* SPDX-License-Identifier: BSD-2-Clause */
#include "codes/tables.h"

#include <stdlib.h>

guint
retour_code_get_count(void)
{
	return retour_codes_n_codes;
}

const RetourCode *
retour_code_get(guint index)
{
	g_return_val_if_fail(index < retour_codes_n_codes, NULL);
	return &retour_codes_codes[index];
}

static int
compare_status(gconstpointer a, gconstpointer b)
{
	const RetourCode *x = a, *y = b;
	return x->subject != y->subject ? (int)x->subject - (int)y->subject
	                                : (int)x->detail - (int)y->detail;
}

static int
compare_reply(gconstpointer a, gconstpointer b)
{
	const RetourCode *x = a, *y = b;
	return (int)x->reply - (int)y->reply;
}

const RetourCode *
retour_code_find_status(RetourStatus status)
{
	RetourCode key = { .subject = status.subject, .detail = status.detail };
	return bsearch(&key, retour_codes_codes, retour_codes_n_statuses, sizeof(RetourCode),
	               compare_status);
}

const RetourCode *
retour_code_find_reply(guint code)
{
	if (code > G_MAXUINT16)
		return NULL;
	RetourCode key = { .reply = (guint16)code };
	return bsearch(&key, retour_codes_codes + retour_codes_n_statuses,
	               retour_codes_n_codes - retour_codes_n_statuses, sizeof(RetourCode),
	               compare_reply);
}

const char *
retour_code_get_name(const RetourCode *code)
{
	return retour_codes_text(code->name);
}

gboolean
retour_code_is_reply(const RetourCode *code)
{
	return code->reply != 0;
}

const char *
retour_code_get_title(const RetourCode *code)
{
	return retour_codes_text(code->title);
}

const char *
retour_code_get_meaning(const RetourCode *code)
{
	return retour_codes_text(code->meaning);
}

const char *
retour_code_get_source(const RetourCode *code)
{
	return retour_codes_text(code->source);
}

const char *
retour_code_get_note(const RetourCode *code)
{
	return retour_codes_text(code->note);
}

static const RetourReason *
reason_at(guint16 index)
{
	return index == RETOUR_CODES_NONE ? NULL : &retour_codes_reasons[index];
}

const RetourReason *
retour_code_get_reason(const RetourCode *code)
{
	return reason_at(code->reason);
}

RetourClass
retour_code_get_class(const RetourCode *code, guint code_class)
{
	return (RetourClass)(code_class == 5 ? code->klass_5 : code->klass_4);
}

const RetourReason *
retour_status_subject_reason(RetourStatus status)
{
	if (!retour_status_is_set(status) || status.subject >= retour_codes_n_subjects)
		return NULL;
	return reason_at(retour_codes_subjects[status.subject]);
}
