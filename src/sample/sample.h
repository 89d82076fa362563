/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/record.h>

#include "base/span.h"

/*
 * A mail that may be shown to strangers and is read as the original is: same parts, same line ends,
 * same words of servers; placeholders for whoever and whatever it names, filler for what a person
 * wrote. Names are those of address fields and local parts; a person whom only free words name is
 * not known as one.
 */

typedef enum {
	RETOUR_SAMPLE_SAME,    /* the verdict is that of the original */
	RETOUR_SAMPLE_CHANGED, /* it is not; @fault tells */
	RETOUR_SAMPLE_LEFT,    /* an address is left in it; @fault tells in which part of it */
} RetourSampleOutcome;

/* Appends the sample of @mail. @secret: the same names get the same placeholders in every mail;
 * NULL: they are numbered. @kept becomes TRUE where the words of the returned message had to stay,
 * because the verdict hangs on them. @fault receives one line. */
RetourSampleOutcome retour_sample_make(RetourSpan mail, const RetourOptions *options,
                                       const char *secret, GString *out, gboolean *kept,
                                       GString *fault);
