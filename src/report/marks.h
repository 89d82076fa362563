/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "base/span.h"

/* What words tell the kind of a message: rows of data/marks.tsv, found in one pass. */

typedef enum {
	RETOUR_MARK_IN_FROM = 1 << 0,
	RETOUR_MARK_IN_SUBJECT = 1 << 1,
	RETOUR_MARK_IN_TEXT = 1 << 2,
} RetourMarkPlace;

typedef enum {
	RETOUR_MARK_DAEMON = 1 << 0,     /* a mail system writes */
	RETOUR_MARK_BOUNCE = 1 << 1,     /* a delivery failed */
	RETOUR_MARK_DELAY = 1 << 2,      /* it is only late */
	RETOUR_MARK_AUTO_REPLY = 1 << 3, /* somebody is away, or a robot answers */
	RETOUR_MARK_PERSON = 1 << 4, /* a person answers or forwards: at the head of a subject */
	RETOUR_MARK_TRANSCRIPT =
	        1 << 5, /* a log or a digest for a postmaster or the owner of a mailbox */
	RETOUR_MARK_CHALLENGE = 1 << 6,  /* "confirm that you are human" */
	RETOUR_MARK_MODERATION = 1 << 7, /* a mailing list holds a post */
	RETOUR_MARK_REFUSED = 1 << 8,    /* a receipt that says that the message was refused */
	RETOUR_MARK_BORDER = 1 << 10,    /* the returned message follows */
	RETOUR_MARK_COMPLAINT = 1 << 9,  /* a reader complained, told without a feedback report */
} RetourMark;

/* One mark as the compiler writes it: places and meaning are RetourMarkPlace and RetourMark. */
typedef struct {
	guint16 place, mark;
} RetourMarkRow;

/* The words of all rows, each row ended by NUL, the last one by two. */
const char *retour_marks_get_texts(void);

/* Every RetourMark whose row of @place is in @text (valid UTF-8; the head of a long one is looked
 * at), up to the first mark of a border. @border (may be NULL) becomes the offset of that one's
 * last byte; it is left alone if there is none. */
guint retour_marks_scan(RetourMarkPlace place, RetourSpan text, gsize *border);
