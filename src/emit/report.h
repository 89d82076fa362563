/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/format.h>

/*
 * A bounce, a delay or a delivery, however it came, as a clean report (RFC 3464 in RFC 6522), for
 * programs that understand nothing else. Where the mail held no status, Status is 5.0.0, 4.0.0
 * or 2.0.0 and "X-Retour-Derived: status" says so. Read again it gives the same class and reason,
 * and no status that was not there. Nothing is appended for any other kind.
 */
void retour_report_append(const RetourRecord *record, GString *out);
