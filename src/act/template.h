/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/*
 * Text with places for values, as in "-a {address}". A value may be anything that a stranger wrote
 * into a mail: it reaches its place as data or, where the form cannot carry it, not at all.
 */

typedef enum {
	RETOUR_VALUE_ADDRESS,
	RETOUR_VALUE_LOCAL,  /* what stands before the last '@' of the address */
	RETOUR_VALUE_DOMAIN, /* and behind it */
	RETOUR_VALUE_LIST,   /* the list's name in the settings */
	RETOUR_VALUE_TARGET, /* what the list manager calls it */
	RETOUR_VALUE_URL,
	RETOUR_VALUE_ID,  /* of the member, as the list manager told it */
	RETOUR_VALUE_KEY, /* of the action */
	RETOUR_VALUE_VERB,
	RETOUR_VALUE_TIME, /* when it was planned */
	RETOUR_VALUE_DECISION,
	RETOUR_VALUE_POLICY,
	RETOUR_VALUE_GROUNDS,
	RETOUR_VALUE_EVENT, /* bounce, complaint … */
	RETOUR_VALUE_CLASS,
	RETOUR_VALUE_REASON,
	RETOUR_VALUE_CODE,
	RETOUR_VALUE_STATUS,
	RETOUR_VALUE_DIAGNOSTIC,
	RETOUR_VALUE_TYPE, /* hard, soft, complaint: in listmonk's words */
	RETOUR_VALUE_DSN,  /* the failure as a delivery status notification (RFC 3464) */
	RETOUR_N_VALUES,
} RetourValueName;

typedef struct {
	const char *values[RETOUR_N_VALUES]; /* NULL is "" */
} RetourValues;

typedef enum {
	RETOUR_FORM_WORD, /* one argument of a program: any bytes */
	RETOUR_FORM_LINE, /* no control characters; no blank in an address */
	RETOUR_FORM_JSON, /* inside the quotes of a string */
	RETOUR_FORM_URL,  /* percent-encoded; before '?' no value may hold '/' or be dots alone */
	RETOUR_FORM_FORM, /* percent-encoded; lines are joined by '&' */
} RetourForm;

#define RETOUR_TEMPLATE_ERROR (retour_template_error_quark())
GQuark retour_template_error_quark(void);
typedef enum {
	RETOUR_TEMPLATE_ERROR_VALUE, /* a value that the form cannot carry */
} RetourTemplateError;

/* Appends @template with its values. FALSE with @error, and @out as it was. */
gboolean retour_template_expand(const char *template, RetourForm form, const RetourValues *values,
                                GString *out, GError **error);
/* FALSE with the name of a place that there is not in @unknown (transfer full). */
gboolean retour_template_check(const char *template, char **unknown);
