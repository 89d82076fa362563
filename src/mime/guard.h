/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "mime/view.h"

/* Bounds that were met; their names, in this order, stand in the tree's limits. */
typedef enum {
	RETOUR_CUT_ADDRESS = 1 << 0,
	RETOUR_CUT_DEPTH = 1 << 1,
	RETOUR_CUT_HEADER = 1 << 2,
	RETOUR_CUT_MESSAGE = 1 << 3,
	RETOUR_CUT_PARTS = 1 << 4,
	RETOUR_CUT_TEXT = 1 << 5,
} RetourCut;

/* What header blocks and bodies were shown, of a message and of those inside it together. */
typedef struct {
	guint lines; /* that begin a field */
	gsize size;
	gsize bodies;
} RetourGuardBudget;

/*
 * Appends @bytes from @begin on to @view, less what GMime must not see; where they are @headless
 * they begin with a body. GMime has no limits of its own: it recurses once for each group colon of
 * an address header, keeps 500 bytes for each header and copies what stands before the first
 * boundary. The guard is no MIME parser: it bounds whatever could be a header block (the beginning,
 * what follows a line that begins "--", what follows the header of something that is not positively
 * a leaf), and the rest passes. Of a header block that GMime takes for one too it hides the fields
 * that tell nothing of the content, which cost GMime more than all the rest; we read them
 * ourselves. Returns RetourCut flags.
 */
guint retour_guard_scan(RetourSpan bytes, gsize begin, gboolean headless, RetourGuardBudget *budget,
                        RetourView *view);
