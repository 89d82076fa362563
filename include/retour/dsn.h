/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/macros.h>

G_BEGIN_DECLS

/**
 * RetourDsnField:
 * @name: in lower case
 * @value: unfolded and trimmed, valid UTF-8 if the input was
 * @offset: where the value begins in the text, bytes
 * @length: bytes of the value as it stands there, folding included
 *
 * One field of a report (RFC 3464 2.1.1).
 */
typedef struct {
	const char *name, *value;
	gsize offset, length;
} RetourDsnField;

/**
 * RetourDsnGroup:
 *
 * The fields of one group, in their order.
 */
typedef struct {
	const RetourDsnField *fields;
	guint n_fields;
} RetourDsnGroup;

/**
 * RetourDsn:
 * @message: the per-message fields
 * @recipients: the groups of per-recipient fields
 * @cut: there were more recipients than are kept
 * @fields_cut: a group had more extension fields than are kept
 * @text_cut: a value was longer than is kept
 *
 * A message/delivery-status or message/global-delivery-status content (RFC 3464, RFC 6533), split
 * into its groups with the tolerance that real mail needs: all groups in one block, empty, repeated
 * and doubled blocks, unfolded continuation lines, blanks before the colon, lines that are no
 * fields, a whole message header behind the last group.
 */
typedef struct {
	RetourDsnGroup message;
	const RetourDsnGroup *recipients;
	guint n_recipients;
	gboolean cut, fields_cut, text_cut;

	gpointer arena; /*< private >*/
} RetourDsn;

/**
 * retour_dsn_parse:
 * @text: the decoded content, valid UTF-8 with LF line ends
 * @length: bytes
 *
 * Returns: (transfer full): the groups; never %NULL
 */
RETOUR_API RetourDsn *retour_dsn_parse(const char *text, gsize length);
RETOUR_API void retour_dsn_free(RetourDsn *dsn);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetourDsn, retour_dsn_free)

/**
 * retour_dsn_group_get:
 * @group: a group
 * @name: field name in lower case
 *
 * Returns: (nullable): the first field of that name
 */
RETOUR_API const RetourDsnField *retour_dsn_group_get(const RetourDsnGroup *group,
                                                      const char *name);

G_END_DECLS
