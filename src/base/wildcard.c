/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/wildcard.h"

gboolean
retour_wildcard_fits(RetourSpan pattern, RetourSpan text)
{
	gsize at = 0, p = 0, star = 0, resume = 0;
	gboolean starred = FALSE;
	while (at < text.length) {
		if (p < pattern.length && pattern.data[p] == '*') {
			starred = TRUE;
			star = ++p;
			resume = at;
		} else if (p < pattern.length &&
		           g_ascii_tolower(pattern.data[p]) == g_ascii_tolower(text.data[at])) {
			p++;
			at++;
		} else if (starred) {
			/* The last star takes one byte more; those before it need not be tried
			 * again.
			 */
			p = star;
			at = ++resume;
		} else {
			return FALSE;
		}
	}
	while (p < pattern.length && pattern.data[p] == '*')
		p++;
	return p == pattern.length;
}
