/* SPDX-License-Identifier: BSD-2-Clause */
#include <retour/classify.h>

static const char *const confidences[] = {
	[RETOUR_CONFIDENCE_LOW] = "low",
	[RETOUR_CONFIDENCE_MEDIUM] = "medium",
	[RETOUR_CONFIDENCE_HIGH] = "high",
};

static const char *const permanences[] = {
	[RETOUR_PERMANENCE_NONE] = NULL,
	[RETOUR_PERMANENCE_PERMANENT] = "permanent",
	[RETOUR_PERMANENCE_TRANSIENT] = "transient",
	[RETOUR_PERMANENCE_SUCCESS] = "success",
};

const char *
retour_confidence_to_string(RetourConfidence confidence)
{
	g_return_val_if_fail((guint)confidence < G_N_ELEMENTS(confidences), NULL);
	return confidences[confidence];
}

const char *
retour_permanence_to_string(RetourPermanence permanence)
{
	g_return_val_if_fail((guint)permanence < G_N_ELEMENTS(permanences), NULL);
	return permanences[permanence];
}
