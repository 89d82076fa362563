/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* Everything of libretour. */
#include <retour/authenticity.h>
#include <retour/classify.h>
#include <retour/codes.h>
#include <retour/format.h>
#include <retour/record.h>
#include <retour/redact.h>
#include <retour/report.h>
#include <retour/return-path.h>
#include <retour/site.h>
#include <retour/smtp.h>
#include <retour/version.h>
