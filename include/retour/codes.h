/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/macros.h>
#include <retour/smtp.h>

G_BEGIN_DECLS

/**
 * RetourClass:
 * @RETOUR_CLASS_HARD: the address itself is dead: to remove it is right
 * @RETOUR_CLASS_SOFT: it failed or is delayed for any other cause, also when nothing tells why
 * @RETOUR_CLASS_NONE: not a failure
 */
typedef enum {
	RETOUR_CLASS_NONE,
	RETOUR_CLASS_SOFT,
	RETOUR_CLASS_HARD,
} RetourClass;

/**
 * RetourFault:
 *
 * Who can mend it.
 */
typedef enum {
	RETOUR_FAULT_NONE,
	RETOUR_FAULT_RECIPIENT,
	RETOUR_FAULT_SENDER,
	RETOUR_FAULT_CONTENT,
	RETOUR_FAULT_INFRASTRUCTURE,
	RETOUR_FAULT_UNKNOWN,
} RetourFault;

/**
 * RetourAdvice:
 *
 * What to do with the address.
 */
typedef enum {
	RETOUR_ADVICE_NONE,
	RETOUR_ADVICE_SUPPRESS,
	RETOUR_ADVICE_SUPPRESS_AFTER_REPEATS,
	RETOUR_ADVICE_RETRY_LATER,
	RETOUR_ADVICE_FIX_SENDER,
	RETOUR_ADVICE_FIX_CONTENT,
} RetourAdvice;

/* The words of the record ("hard", "recipient", "suppress-after-repeats"); never NULL. */
RETOUR_API const char *retour_class_to_string(RetourClass klass);
RETOUR_API const char *retour_fault_to_string(RetourFault fault);
RETOUR_API const char *retour_advice_to_string(RetourAdvice advice);

/**
 * RetourReason:
 *
 * A row of the taxonomy: one of the words that say why. Constant, never freed; two reasons are the
 * same if the pointers are.
 */
typedef struct _RetourReason RetourReason;

RETOUR_API guint retour_reason_get_count(void);
RETOUR_API const RetourReason *retour_reason_get(guint index);
/* (nullable): NULL for a word that is no reason */
RETOUR_API const RetourReason *retour_reason_find(const char *name);
RETOUR_API const char *retour_reason_get_name(const RetourReason *reason);
RETOUR_API const char *retour_reason_get_group(const RetourReason *reason);
/* The class at a code class: @code_class is 2, 4, 5 or 0 (not known). Only mailbox-disabled
 * differs: hard at 5 alone. */
RETOUR_API RetourClass retour_reason_get_class(const RetourReason *reason, guint code_class);
RETOUR_API RetourFault retour_reason_get_fault(const RetourReason *reason);
RETOUR_API RetourAdvice retour_reason_get_advice(const RetourReason *reason);
/* One sentence: what it means. */
RETOUR_API const char *retour_reason_get_meaning(const RetourReason *reason);
/* One sentence each: what whoever runs the sending server or list should do, and what whoever wrote
 * the message. */
RETOUR_API const char *retour_reason_get_operator_advice(const RetourReason *reason);
RETOUR_API const char *retour_reason_get_sender_advice(const RetourReason *reason);

/**
 * RetourCode:
 *
 * A row of the code database: an enhanced status code ("X.1.1", any class) or an SMTP reply
 * ("550").
 */
typedef struct _RetourCode RetourCode;

RETOUR_API guint retour_code_get_count(void);
RETOUR_API const RetourCode *retour_code_get(guint index);
/* The enumerated enhanced code of that subject and detail (IANA registry), whatever the class.
 * (nullable) */
RETOUR_API const RetourCode *retour_code_find_status(RetourStatus status);
/* (nullable) */
RETOUR_API const RetourCode *retour_code_find_reply(guint code);
RETOUR_API const char *retour_code_get_name(const RetourCode *code);
RETOUR_API gboolean retour_code_is_reply(const RetourCode *code);
RETOUR_API const char *retour_code_get_title(const RetourCode *code);
RETOUR_API const char *retour_code_get_meaning(const RetourCode *code);
RETOUR_API const char *retour_code_get_source(const RetourCode *code);
RETOUR_API const char *retour_code_get_note(const RetourCode *code);
/* (nullable): NULL where a code says nothing about a failure (a 2xx, a 3xx) */
RETOUR_API const RetourReason *retour_code_get_reason(const RetourCode *code);
/* The class where the code stands alone, for code class 4 or 5 (a reply has its own: the argument
 * is then ignored). */
RETOUR_API RetourClass retour_code_get_class(const RetourCode *code, guint code_class);

/* The reason that the subject of an enhanced code that is not enumerated gives (RFC 3463 2: report
 * by subject). (nullable) */
RETOUR_API const RetourReason *retour_status_subject_reason(RetourStatus status);

/**
 * RetourRule:
 *
 * A row of the phrases or of the provider rules: what servers say and what they mean by it.
 */
typedef struct _RetourRule RetourRule;

RETOUR_API guint retour_rule_get_count(void);
RETOUR_API const RetourRule *retour_rule_get(guint index);
/* "phrase:user-unknown/017" or "provider:gmail/over-quota"; never NULL */
RETOUR_API const char *retour_rule_get_id(const RetourRule *rule);
RETOUR_API const RetourReason *retour_rule_get_reason(const RetourRule *rule);
RETOUR_API const char *retour_rule_get_text(const RetourRule *rule);
RETOUR_API const char *retour_rule_get_source(const RetourRule *rule);
RETOUR_API const char *retour_rule_get_example(const RetourRule *rule);
RETOUR_API gboolean retour_rule_is_provider(const RetourRule *rule);
/* 1 (counts only if nothing else speaks: the RFC's own phrases) to 9 */
RETOUR_API guint retour_rule_get_rank(const RetourRule *rule);
/* What it asks for beside its text, as it is written: "X.1.1|5.7.606-649", "55x", "acme.example".
 * "" where it asks for nothing. */
RETOUR_API const char *retour_rule_get_status(const RetourRule *rule);
RETOUR_API const char *retour_rule_get_reply(const RetourRule *rule);
RETOUR_API const char *retour_rule_get_hosts(const RetourRule *rule);
/* It asks for an enhanced code, and @status is one that it asks for. */
RETOUR_API gboolean retour_rule_names_status(const RetourRule *rule, RetourStatus status);
/* ISO 639 code of the language of its text */
RETOUR_API const char *retour_rule_get_language(const RetourRule *rule);
/* The file that it stands in ("phrases.tsv" if it is built in, else a path), and its line there. */
RETOUR_API const char *retour_rule_get_file(const RetourRule *rule);
RETOUR_API guint retour_rule_get_line(const RetourRule *rule);
/* It came from a file of the site (retour/site.h). Such a rule lives as long as its #RetourSite. */
RETOUR_API gboolean retour_rule_is_site(const RetourRule *rule);

/**
 * RetourQuestion:
 * @text: folded text (see retour_rules_fold()) to match, may be empty
 * @length: its bytes
 * @reply: basic code that goes with it, 0 if none
 * @status: enhanced code that goes with it
 * @host: (nullable): host that said it
 *
 * What the rules are asked.
 */
typedef struct {
	const char *text;
	gsize length;
	guint reply;
	RetourStatus status;
	const char *host;
} RetourQuestion;

/**
 * RetourAnswer:
 * @rule: the rule
 * @offset: where its text matched, in the folded text
 * @length: bytes; 0 for a provider rule without text
 */
typedef struct {
	const RetourRule *rule;
	gsize offset, length;
} RetourAnswer;

/**
 * retour_rules_fold:
 * @text: what a server said, UTF-8; other bytes are replaced
 * @length: its bytes, or -1 if it ends in NUL
 *
 * The text as rules are matched against it: lower case, any run of white space one space, none at
 * the ends, typographic quotes and dashes as ASCII, invisible characters gone.
 *
 * Returns: (transfer full): the folded text, to be freed with g_free()
 *
 * Since: 0.1
 */
RETOUR_API char *retour_rules_fold(const char *text, gssize length);

/**
 * retour_rules_ask:
 * @question: the question
 * @answers: (out caller-allocates) (array length=n_answers): best first
 * @n_answers: room in @answers
 *
 * Every rule that holds, best first: provider rules before phrases, then by rank, then the longer
 * text, then the earlier row. Allocates nothing, thread-safe.
 *
 * Returns: how many were stored
 */
RETOUR_API guint retour_rules_ask(const RetourQuestion *question, RetourAnswer *answers,
                                  guint n_answers);

/**
 * RetourSheet:
 *
 * A table of the database as its data file has it: rows of text under named columns. "reasons"
 * "digits" "replies" "enhanced" "subjects" "commands" "providers" "phrases" "pages" "aliases"
 * "contradictions" "remedies". Constant, never freed; all calls are thread-safe and allocate
 * nothing. Columns are only ever added, so ask for them by name.
 */
typedef struct _RetourSheet RetourSheet;

RETOUR_API guint retour_sheet_get_count(void);
RETOUR_API const RetourSheet *retour_sheet_get(guint index);
/* (nullable): NULL for a name that no sheet has */
RETOUR_API const RetourSheet *retour_sheet_find(const char *name);
RETOUR_API const char *retour_sheet_get_name(const RetourSheet *sheet);
/* For people: a title, and what it is about. */
RETOUR_API const char *retour_sheet_get_title(const RetourSheet *sheet);
RETOUR_API const char *retour_sheet_get_about(const RetourSheet *sheet);
RETOUR_API guint retour_sheet_get_n_rows(const RetourSheet *sheet);
RETOUR_API guint retour_sheet_get_n_columns(const RetourSheet *sheet);
RETOUR_API const char *retour_sheet_get_column(const RetourSheet *sheet, guint column);
RETOUR_API const char *retour_sheet_get_cell(const RetourSheet *sheet, guint row, guint column);

/**
 * retour_sheet_get_text:
 * @sheet: a sheet
 * @row: a row
 * @column: name of a column
 *
 * Returns: the cell; "" where it is empty or there is no such column
 */
RETOUR_API const char *retour_sheet_get_text(const RetourSheet *sheet, guint row,
                                             const char *column);

/**
 * retour_sheet_find_row:
 * @sheet: a sheet
 * @column: name of a column that holds codes, or one word
 * @code: "550", "5.1.1", "X.1.1", "5xx", "RCPT"
 * @after: the row behind which to look; -1 for the first
 *
 * Finds what is said about a code. A cell may name several codes; "X.1.1" stands for any class, on
 * either side. ASCII case is ignored.
 *
 * Returns: a row whose cell in @column names @code, or -1
 */
RETOUR_API gint retour_sheet_find_row(const RetourSheet *sheet, const char *column,
                                      const char *code, gint after);

G_END_DECLS
