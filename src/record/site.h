/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/site.h>

#include "codes/rulebook.h"
#include "report/dialect.h"

struct _RetourSite {
	RetourRulebook *rules;    /* owned; NULL: there are none */
	RetourDialects *dialects; /* owned; NULL: there are none */
};
