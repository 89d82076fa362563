/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/authenticity.h>
#include <retour/classify.h>
#include <retour/report.h>
#include <retour/site.h>

G_BEGIN_DECLS

/**
 * RetourOptions:
 * @sender: (nullable): envelope sender as the delivery agent told it; "" is the null sender
 * @recipient: (nullable): envelope recipient, likewise
 * @verp: (nullable): template of the site's own return paths,
 * "bounces-*-{local}={domain}@lists.example"
 * @profile: (nullable): profile of classification; NULL is "default"
 * @site: (nullable): the site's own rules, which must live as long as they are read by
 * @own: (nullable): what the site knows of its own mail, likewise; %NULL: nothing is said of
 * whether a report answers it
 * @now: seconds since the epoch, for signatures; 0: the clock
 *
 * How a message is read.
 */
typedef struct {
	const char *sender, *recipient;
	const char *verp;
	const char *profile;
	const RetourSite *site;
	const RetourOwnMail *own;
	gint64 now;
} RetourOptions;

#define RETOUR_OPTIONS_ERROR (retour_options_error_quark())
RETOUR_API GQuark retour_options_error_quark(void);

/**
 * RetourOptionsError:
 * @RETOUR_OPTIONS_ERROR_PROFILE: there is no profile of that name
 * @RETOUR_OPTIONS_ERROR_VERP: the template is malformed
 */
typedef enum {
	RETOUR_OPTIONS_ERROR_PROFILE,
	RETOUR_OPTIONS_ERROR_VERP,
} RetourOptionsError;

/**
 * retour_options_check:
 * @options: options
 * @error: return location, or %NULL
 *
 * Reading never fails, so that wrong options are passed over there; this says what is wrong with
 * them.
 *
 * Returns: %FALSE with @error set if an option makes no sense
 */
RETOUR_API gboolean retour_options_check(const RetourOptions *options, GError **error);

/**
 * RetourRecord:
 * @kind: what the message is: the most serious recipient decides
 * @report: what was read
 * @verdicts: one for each recipient of @report, in its order
 * @authenticity: (nullable): likewise, whether they answer mail of the site; %NULL where the site
 * knows nothing of its own mail, and for what is no report
 * @error: (nullable): why the input was unreadable
 *
 * One message, read and judged. Reference-counted.
 */
typedef struct {
	RetourKind kind;
	RetourReport *report;
	RetourVerdict *verdicts;
	RetourAuthenticity *authenticity;
	const char *error;

	gpointer arena; /*< private >*/
} RetourRecord;

#define RETOUR_TYPE_RECORD (retour_record_get_type())
RETOUR_API GType retour_record_get_type(void);
RETOUR_API RetourRecord *retour_record_ref(RetourRecord *record);
RETOUR_API void retour_record_unref(RetourRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetourRecord, retour_record_unref)

/**
 * retour_record_read:
 * @bytes: one message, as it stands in a file (LF, CRLF or CR; a leading From_ line is passed over)
 * @length: bytes
 * @options: (nullable): how
 *
 * Reads and judges one message. Whatever the bytes are, there is a record.
 *
 * Returns: (transfer full): the record
 */
RETOUR_API RetourRecord *retour_record_read(const char *bytes, gsize length,
                                            const RetourOptions *options);

/**
 * retour_record_new_unreadable:
 * @error: why
 *
 * Returns: (transfer full): the record of an input that could not be read
 */
RETOUR_API RetourRecord *retour_record_new_unreadable(const char *error);

/**
 * retour_record_get_worst:
 *
 * Returns: index of the most serious recipient (kind, then class hard before soft, then order), -1
 * if there is none
 */
RETOUR_API gint retour_record_get_worst(const RetourRecord *record);

G_END_DECLS
