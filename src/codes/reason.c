/* SPDX-License-Identifier: BSD-2-Clause */
#include "codes/tables.h"

#include <string.h>

guint
retour_reason_get_count(void)
{
	return retour_codes_n_reasons;
}

const RetourReason *
retour_reason_get(guint index)
{
	g_return_val_if_fail(index < retour_codes_n_reasons, NULL);
	return &retour_codes_reasons[index];
}

const RetourReason *
retour_reason_find(const char *name)
{
	for (guint i = 0; i < retour_codes_n_reasons; i++) {
		if (strcmp(retour_codes_text(retour_codes_reasons[i].name), name) == 0)
			return &retour_codes_reasons[i];
	}
	return NULL;
}

const char *
retour_reason_get_name(const RetourReason *reason)
{
	return retour_codes_text(reason->name);
}

const char *
retour_reason_get_group(const RetourReason *reason)
{
	return retour_codes_text(reason->group);
}

RetourClass
retour_reason_get_class(const RetourReason *reason, guint code_class)
{
	return (RetourClass)(code_class == 5 ? reason->klass_5 : reason->klass);
}

RetourFault
retour_reason_get_fault(const RetourReason *reason)
{
	return (RetourFault)reason->fault;
}

RetourAdvice
retour_reason_get_advice(const RetourReason *reason)
{
	return (RetourAdvice)reason->advice;
}

const char *
retour_reason_get_meaning(const RetourReason *reason)
{
	return retour_codes_text(reason->meaning);
}

const char *
retour_reason_get_operator_advice(const RetourReason *reason)
{
	return retour_codes_text(reason->operator_advice);
}

const char *
retour_reason_get_sender_advice(const RetourReason *reason)
{
	return retour_codes_text(reason->sender_advice);
}
