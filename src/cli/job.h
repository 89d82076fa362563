/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "intake/intake.h"

/* An item of the intake as a run of bytes that goes to a worker: the place of a message. Where it
 * came out of a pipe, its bytes go behind these. */
void retour_job_encode(const RetourIntakeItem *item, GString *job);
/* What @item points to is of @job, its bytes a new reference over it (drop with g_bytes_unref). */
void retour_job_decode(const char *job, gsize length, RetourIntakeItem *item);
