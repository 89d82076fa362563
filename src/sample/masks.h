/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "base/span.h"

/*
 * What stands for what in an anonymised mail. The same address, host or name has the same
 * placeholder wherever it stands; with a secret, in every mail. Placeholders are of the ranges for
 * documentation (RFC 2606, 5737, 3849).
 */
typedef enum {
	RETOUR_MASK_PERSON,   /* a local part: "person1" */
	RETOUR_MASK_SITE,     /* what somebody has registered: "site1.example" */
	RETOUR_MASK_NODE,     /* a label before it, or a host's name alone: "node1" */
	RETOUR_MASK_NAME,     /* a word of a person's name: "name1" */
	RETOUR_MASK_ID,       /* left side of a Message-ID: "id1" */
	RETOUR_MASK_BOUNDARY, /* of a multipart: "=_boundary1" */
	RETOUR_MASK_V4,       /* "192.0.2.1" */
	RETOUR_MASK_V6,       /* "2001:db8::1" */
	RETOUR_MASKS,
} RetourMask;

typedef struct {
	const char *secret;              /* NULL: placeholders are numbered as they come */
	GHashTable *known[RETOUR_MASKS]; /* owned; in lower case → placeholder */
	GHashTable *words;    /* owned; what is a name where it stands alone → placeholder */
	GPtrArray *phrases;   /* owned; names and subjects of several words, longest first */
	GHashTable *common;   /* owned; words that tell the kind of a mail, in lower case */
	GPtrArray *mailboxes; /* owned; beginnings of addresses that rules look at */
	GHashTable *kept;     /* owned; domains that rules look at */
} RetourMasks;

RetourMasks *retour_masks_new(const char *secret);
void retour_masks_free(RetourMasks *masks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetourMasks, retour_masks_free)

/* The placeholder of @text, made if there is none yet. Of @masks. */
const char *retour_masks_get(RetourMasks *masks, RetourMask mask, RetourSpan text);
/* NULL if there is none yet. */
const char *retour_masks_find(const RetourMasks *masks, RetourMask mask, RetourSpan text);
/* From now on @word is a name where it stands alone, unless servers say it. */
void retour_masks_add_word(RetourMasks *masks, RetourSpan word, const char *placeholder);
/* A word that servers use: it stays. */
gboolean retour_masks_is_common(const RetourMasks *masks, RetourSpan word);
/* The placeholder of a word that stands alone; NULL: it is no name. */
const char *retour_masks_find_word(const RetourMasks *masks, RetourSpan word);
/* A subject, or a name without a border of words around it: found wherever it stands. */
void retour_masks_add_phrase(RetourMasks *masks, RetourSpan phrase);

/* Appends what stands for an address, with what is written for its '@'. */
void retour_masks_append_address(RetourMasks *masks, RetourSpan address, const char *sign,
                                 GString *out);
/* For a host or a domain. */
void retour_masks_append_domain(RetourMasks *masks, RetourSpan domain, GString *out);
/* For a Message-ID without its brackets. */
void retour_masks_append_id(RetourMasks *masks, RetourSpan id, GString *out);

/* Whether @text as a whole is the name of a host: two labels or more, the last one of letters. */
gboolean retour_is_host(RetourSpan text);
/* Appends letters as "x", digits as "0", all else as it is. */
void retour_append_filler(RetourSpan text, GString *out);
