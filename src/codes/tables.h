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
	guint32 operator_advice, sender_advice;
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
	guint32 hosts;         /* suffixes separated by ',' */
	guint32 status, reply; /* conditions as they are written */
	guint32 lang;
	guint32 file, line;
	guint16 place; /* in its set */
	guint16 reason;
	guint16 first_status, n_statuses;
	guint16 first_reply, n_replies;
	guint8 rank;
	guint8 provider;
	guint8 shelf; /* 0: built in; else a site's own */
};

/* One alternative of a condition. */
typedef struct {
	guint16 klass; /* 0 is any */
	guint16 subject, detail_from, detail_to;
} RetourCodesStatus;

typedef struct {
	guint16 from, to;
} RetourCodesReply;

/* Rules that have tables in common. */
typedef struct {
	const char *strings;
	const RetourRule *rules;
	const RetourCodesStatus *statuses;
	const RetourCodesReply *replies;
	const guint16 *bare,
	        *patterns;      /* rules without text, and those of the matcher's patterns */
	const guint16 *matcher; /* as retour_matcher_get_numbers() gives it */
	guint n_rules, n_bare;
} RetourRuleSet;

struct RetourProfileRow {
	guint32 name;
	guint16 first, n; /* overrides */
	guint16 by_digit;
};

typedef struct {
	guint16 reason;
	guint16 klass; /* RetourClass or BY_DIGIT */
} RetourCodesOverride;

/* One data file as it is written: cells are strings, row by row. */
struct _RetourSheet {
	guint32 name, title, about;
	guint32 n_columns, n_rows;
	guint32 first_column, first_cell;
};

extern const char retour_codes_pool[];
extern const RetourReason retour_codes_reasons[];
extern const guint retour_codes_n_reasons;
/* Enhanced codes by subject and detail, then replies by number. */
extern const RetourCode retour_codes_codes[];
extern const guint retour_codes_n_statuses, retour_codes_n_codes;
/* Reason of each subject. */
extern const guint16 retour_codes_subjects[];
extern const guint retour_codes_n_subjects;
extern const RetourRuleSet retour_codes_rules;
extern const struct RetourProfileRow retour_codes_profiles[];
extern const guint retour_codes_n_profiles;
extern const RetourCodesOverride retour_codes_overrides[];

extern const RetourSheet retour_codes_sheets[];
extern const guint retour_codes_n_sheets;
extern const guint32 retour_codes_columns[];
extern const guint32 retour_codes_cells[];

static inline const char *
retour_codes_text(guint32 offset)
{
	return retour_codes_pool + offset;
}
