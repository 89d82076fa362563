/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <glib.h>

/* One row of a list of suppressed addresses, in the forms in which such lists travel. */
typedef enum {
	RETOUR_LIST_PLAIN, /* an address a line; what follows '#' is a comment */
	RETOUR_LIST_JSON,  /* an object a line */
	RETOUR_LIST_CSV,   /* address,code,error,created_at: Mailgun's */
} RetourListForm;

typedef struct {
	char *address; /* owned, as all here */
	char *list;    /* NULL: for all */
	char *error;
	guint code;
	gint64 time;  /* 0: not told */
	gint64 until; /* 0: does not end */
} RetourSuppression;

void retour_suppression_clear(RetourSuppression *row);

gboolean retour_list_form_parse(const char *name, RetourListForm *form);
void retour_suppression_append_head(RetourListForm form, GString *out);
void retour_suppression_append(RetourListForm form, const RetourSuppression *row, GString *out);

/* Reads row after row; what a file is shows in its first line. */
typedef struct {
	const char *at, *end;
	guint line;
	RetourListForm form;
	guint columns[4]; /* of CSV: where address, code, error, created_at stand; G_MAXUINT:
	                     nowhere */
} RetourSuppressionReader;

void retour_suppression_reader_init(RetourSuppressionReader *reader, const char *bytes,
                                    gsize length);
/* 1 a row; 0 the end; -1 a line that is none, *fault says why (static) */
int retour_suppression_read(RetourSuppressionReader *reader, RetourSuppression *row,
                            const char **fault);
