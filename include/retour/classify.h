/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/codes.h>
#include <retour/report.h>

G_BEGIN_DECLS

/**
 * RetourConfidence:
 * @RETOUR_CONFIDENCE_LOW: a guess from the class alone
 * @RETOUR_CONFIDENCE_MEDIUM: code or text
 * @RETOUR_CONFIDENCE_HIGH: both agree, or an unambiguous text
 */
typedef enum {
	RETOUR_CONFIDENCE_LOW,
	RETOUR_CONFIDENCE_MEDIUM,
	RETOUR_CONFIDENCE_HIGH,
} RetourConfidence;

/**
 * RetourPermanence:
 *
 * What the codes say, whatever the class.
 */
typedef enum {
	RETOUR_PERMANENCE_NONE,
	RETOUR_PERMANENCE_PERMANENT,
	RETOUR_PERMANENCE_TRANSIENT,
	RETOUR_PERMANENCE_SUCCESS,
} RetourPermanence;

RETOUR_API const char *retour_confidence_to_string(RetourConfidence confidence);
RETOUR_API const char *retour_permanence_to_string(RetourPermanence permanence); /* NULL for none */

/**
 * RetourBecause:
 * @rule: name of the rule: "phrase:…", "provider:…", "status:5.1.1", "reply:550", "subject:X.1",
 * "class:5", "action:…", "conflict:…"
 * @part: (nullable): where the bytes that it matched stand
 * @offset: in the decoded part, bytes
 * @text: (nullable): those bytes
 * @deciding: this one decided
 */
typedef struct {
	const char *rule, *part;
	gsize offset;
	const char *text;
	gboolean deciding;
} RetourBecause;

/**
 * RetourVerdict:
 *
 * The judgement over one recipient. Strings are of the report or static, or of the verdict itself.
 */
typedef struct {
	RetourKind kind; /* bounce, delay, delivered, or the report's own kind */
	RetourClass klass;
	const RetourReason *reason;
	RetourFault fault;
	RetourAdvice advice;
	RetourConfidence confidence;
	RetourPermanence permanence;
	RetourStatus status; /* the best one present */
	guint reply;         /* likewise */
	RetourCommand command;
	RetourBecause *because;
	guint n_because;
} RetourVerdict;

G_END_DECLS
