/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/* Whether the @error of a record that is unreadable says that its bytes were read, and are no mail.
 * Every other one tells of trouble on the way to them, or over them, that may pass. */
gboolean retour_record_is_no_mail(const char *error);
