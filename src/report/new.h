/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/report.h>

/* An empty report whose arena is a RetourArena, freed with it. (transfer full) */
RetourReport *retour_report_new(void);
