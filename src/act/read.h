/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "act/manager.h"

/* As the fields of a block are called. */
extern const char *const retour_call_names[RETOUR_N_CALLS];

/* Takes the fields of @block over into @manager. FALSE with faults. */
gboolean retour_manager_read(RetourManager *manager, const char *file, const RetourBlock *block,
                             GPtrArray *faults);
void retour_call_clear(RetourCall *call);
