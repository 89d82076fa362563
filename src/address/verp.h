/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "base/span.h"

/*
 * A site's own form of return path, as a template: literal text with {local} and {domain} for the
 * recipient's two halves, in any order, and * for anything, as in
 * "bounces-*-{local}={domain}@lists.example". Everything stands before the '@'; the host is
 * literal, or * for any. Letters match in either case. {token}, behind literal text and before the
 * two, is the place of a signature (retour/return-path.h).
 */
#define RETOUR_VERP_TOKEN "{token}"
#define RETOUR_VERP_TOKEN_LENGTH 12u

/* FALSE with @fault, a static string, where @template is none. */
gboolean retour_verp_check(RetourSpan template, const char **fault);

/* Appends the recipient that @address hides by @template, which is valid. FALSE if it does not fit.
 */
gboolean retour_verp_decode(RetourSpan template, RetourSpan address, GString *out);
