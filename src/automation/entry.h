/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/format.h>

#include "ledger/ledger.h"
#include "settings/settings.h"

/* A record on its way from the worker that read the mail to the parent that keeps the ledger. */
typedef struct {
	char *bytes;           /* owned; what the strings point to */
	const char *path;      /* of the mail */
	RetourKind kind;       /* of the message */
	const char *error;     /* why it was unreadable, or "" */
	const char *signature; /* of the return path, or "" where none is asked for */
	GArray *events;        /* of RetourLedgerEvent, owned */
} RetourEntry;

/* Whose events count. */
typedef struct {
	const RetourSettings *settings;
	gboolean signed_only; /* of mail to a return path that is signed, and signed for the
	                         recipient */
} RetourEntryRule;

/* In the worker. */
void retour_entry_write(const RetourEntryRule *rule, const RetourSource *source,
                        const RetourRecord *record, GString *out);
/* In the parent; a worker is not believed. NULL if the bytes are none. Times after @now are @now.
 * (transfer full) */
RetourEntry *retour_entry_read(const char *bytes, gsize length, gint64 now);
void retour_entry_free(RetourEntry *entry);
