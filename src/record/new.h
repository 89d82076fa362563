/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/record.h>

/* An empty record whose arena is a RetourArena, freed with it. (transfer full) */
RetourRecord *retour_record_new(void);
