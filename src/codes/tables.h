/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/codes.h>

/*
 * The compiled-in tables, as retour-codes-compile writes them: rows of numbers. Strings are offsets
 * into one pool, whose offset 0 is the empty string; reasons are places in the table of reasons.
 */
#define RETOUR_CODES_NONE 0xffff

/* A class in a table: one of RetourClass, or this. */
#define RETOUR_CODES_BY_DIGIT 3

struct _RetourReason {
	guint32 name, group, meaning;
	guint8 klass_5, klass; /* at code class 5, and at any other */
	guint8 fault, advice;
};

struct _RetourCode {
	guint32 name, title, meaning, note, source;
	guint16 subject, detail; /* of an enhanced code */
	guint16 reply;           /* 0 for an enhanced code */
	guint16 reason;          /* or NONE */
	guint8 klass_5, klass_4;
};

/* In the order in which they count: providers first, then by rank, length of the literal text, and
 * row. */
struct _RetourRule {
	guint32 id, text, source, example;
	guint32 hosts; /* suffixes separated by ',' */
	guint16 reason;
	guint16 line; /* in providers.tsv or phrases.tsv */
	guint16 first_status, n_statuses;
	guint16 first_reply, n_replies;
	guint8 rank;
	guint8 provider;
};

/* One alternative of a condition. */
typedef struct {
	guint16 klass; /* 0 is any */
	guint16 subject, detail_from, detail_to;
} RetourCodesStatus;

typedef struct {
	guint16 from, to;
} RetourCodesReply;

struct RetourProfileRow {
	guint32 name;
	guint16 first, n; /* overrides */
	guint16 by_digit;
};

typedef struct {
	guint16 reason;
	guint16 klass; /* RetourClass or BY_DIGIT */
} RetourCodesOverride;

extern const char retour_codes_pool[];
extern const RetourReason retour_codes_reasons[];
extern const guint retour_codes_n_reasons;
/* Enhanced codes by subject and detail, then replies by number. */
extern const RetourCode retour_codes_codes[];
extern const guint retour_codes_n_statuses, retour_codes_n_codes;
/* Reason of each subject. */
extern const guint16 retour_codes_subjects[];
extern const guint retour_codes_n_subjects;
extern const RetourRule retour_codes_rules[];
extern const guint retour_codes_n_rules;
extern const RetourCodesStatus retour_codes_rule_statuses[];
extern const RetourCodesReply retour_codes_rule_replies[];
/* Rules without text, and the rule of each pattern of the matcher. */
extern const guint16 retour_codes_bare_rules[];
extern const guint retour_codes_n_bare_rules;
extern const guint16 retour_codes_pattern_rules[];
extern const guint16 retour_codes_matcher[];
extern const struct RetourProfileRow retour_codes_profiles[];
extern const guint retour_codes_n_profiles;
extern const RetourCodesOverride retour_codes_overrides[];

static inline const char *
retour_codes_text(guint32 offset)
{
	return retour_codes_pool + offset;
}
