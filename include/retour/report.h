/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/macros.h>
#include <retour/smtp.h>

G_BEGIN_DECLS

/**
 * RetourKind:
 *
 * What a message is. Of the report it is what the structure tells; the verdict may turn a bounce
 * into a delay or a delivery.
 */
typedef enum {
	RETOUR_KIND_OTHER,
	RETOUR_KIND_BOUNCE,
	RETOUR_KIND_DELAY,
	RETOUR_KIND_DELIVERED,
	RETOUR_KIND_COMPLAINT,
	RETOUR_KIND_UNSUBSCRIBE,
	RETOUR_KIND_CHALLENGE,
	RETOUR_KIND_AUTO_REPLY,
	RETOUR_KIND_DISPOSITION,
	RETOUR_KIND_UNREADABLE,
} RetourKind;

RETOUR_API const char *retour_kind_to_string(RetourKind kind);

/**
 * RetourAction:
 *
 * What happened to a recipient, as the report says (RFC 3464 2.3.3).
 */
typedef enum {
	RETOUR_ACTION_NONE,
	RETOUR_ACTION_FAILED,
	RETOUR_ACTION_DELAYED,
	RETOUR_ACTION_DELIVERED,
	RETOUR_ACTION_RELAYED,
	RETOUR_ACTION_EXPANDED,
} RetourAction;

RETOUR_API const char *retour_action_to_string(RetourAction action); /* NULL for none */

/**
 * RetourEvidenceSource:
 * @RETOUR_EVIDENCE_REPLY: an SMTP reply
 * @RETOUR_EVIDENCE_STATUS_FIELD: the Status field of a report
 * @RETOUR_EVIDENCE_HEADER: a header of the message
 * @RETOUR_EVIDENCE_TEXT: words of the notice or of a field that hold no reply
 * @RETOUR_EVIDENCE_EXIT_CODE: the exit code of a delivery program (x-unix)
 */
typedef enum {
	RETOUR_EVIDENCE_REPLY,
	RETOUR_EVIDENCE_STATUS_FIELD,
	RETOUR_EVIDENCE_HEADER,
	RETOUR_EVIDENCE_TEXT,
	RETOUR_EVIDENCE_EXIT_CODE,
} RetourEvidenceSource;

/**
 * RetourEvidence:
 * @source: what it is
 * @part: section of the part it stands in ("1", "2", "HEADER")
 * @offset: where it stands in the decoded part, bytes
 * @length: bytes
 * @text: those bytes, valid UTF-8
 * @reply: basic code of it; 0 if none
 * @status: enhanced code of it
 * @host: (nullable): the host that said it
 * @command: the command that drew it, if told
 * @depth: 0 the reporting MTA's own words, 1 a server that it quotes, 2 a server quoted by that
 * server …
 * @exit_code: of a delivery program (sysexits); 0 if none
 * @field: the report's own field said so for this recipient; otherwise the notice's text did
 * @shared: it stands in the notice and names no recipient: it is about all of them
 * @foreign: it names another recipient of the report and not this one (nullmailer writes the first
 * refusal under everybody)
 *
 * One fact, with the place where it stands.
 */
typedef struct {
	RetourEvidenceSource source;
	const char *part;
	gsize offset, length;
	const char *text;
	guint reply;
	RetourStatus status;
	const char *host;
	RetourCommand command;
	guint depth;
	guint exit_code;
	gboolean field, shared, foreign;
} RetourEvidence;

/**
 * RetourCandidate:
 * @address: a mailbox that may be meant
 * @from: where it was found: "verp", "batv", "srs", "original-recipient", "final-recipient",
 * "x-failed-recipients", "returned-to", "body" …
 */
typedef struct {
	const char *address;
	const char *from;
} RetourCandidate;

/**
 * RetourField:
 *
 * An extension field, name in lower case.
 */
typedef struct {
	const char *name, *value;
} RetourField;

/**
 * RetourRecipient:
 *
 * One recipient and all that is said of it. Strings are NULL where the mail does not hold them,
 * times -1.
 */
typedef struct {
	const char *address; /* the one to act on */
	const char *final_recipient, *original_recipient;
	const RetourCandidate *candidates;
	guint n_candidates;
	const char *read_by; /* "dsn" "arf" "mdn" "generic" or a dialect's name */
	RetourAction action;
	gboolean action_derived; /* the mail does not say it: the class of its Status does */
	gboolean forwarded;      /* the final address is of another domain than the original */
	gboolean doubled;        /* the report has its fields twice */
	RetourStatus status_field;
	const char *diagnostic, *diagnostic_type;
	const char *localized_diagnostic;
	const char *remote_mta, *final_log_id;
	gint64 last_attempt, will_retry_until; /* seconds since the epoch */
	const RetourField *fields;
	guint n_fields;
	RetourEvidence *evidence;
	guint n_evidence;
	const char *key; /* same failure of the same message to the same address: same key */
} RetourRecipient;

/**
 * RetourOriginal:
 *
 * What is known of the message that came back.
 */
typedef struct {
	const char *message_id, *from, *envelope_from, *subject;
	const char **to; /* NULL-terminated, or NULL */
	gint64 date;     /* -1 if not known */
	const char *list_id, *list_unsubscribe, *list_unsubscribe_post;
	const char **received; /* its Received lines, the earliest hops; NULL-terminated, or NULL:
	                          none, or not asked for */
} RetourOriginal;

/**
 * RetourReport:
 *
 * One message as read: evidence without judgement. Reference-counted; all it points to is its own.
 */
typedef struct {
	RetourKind kind;
	gboolean never_reply;

	const char *message_id, *from, *subject;
	const char **to;
	gint64 date;

	const char *envelope_sender; /* "" is the null sender, NULL not known */
	const char *envelope_recipient;
	const char **authentication_results; /* the topmost ones; likewise */

	const char *type; /* "dsn" "arf" "mdn" or NULL */
	const char *reporting_mta, *received_from_mta, *envelope_id, *feedback_type, *disposition;
	gint64 arrival_date;
	const RetourField *fields;
	guint n_fields;

	RetourOriginal original;
	RetourRecipient *recipients;
	guint n_recipients;

	const char *const *limits; /* of n_limits */
	guint n_limits;

	gpointer arena; /*< private >*/
} RetourReport;

#define RETOUR_TYPE_REPORT (retour_report_get_type())
RETOUR_API GType retour_report_get_type(void);
RETOUR_API RetourReport *retour_report_ref(RetourReport *report);
RETOUR_API void retour_report_unref(RetourReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetourReport, retour_report_unref)

G_END_DECLS
