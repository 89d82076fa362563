/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/codes.h>

/*
 * The durable history of each address in one SQLite file: events, and the decisions that followed
 * from them. An event is recorded once, however often and in whatever form it is reported. Nothing
 * here knows forms of mail, nor how a decision is come by.
 */

#define RETOUR_LEDGER_ERROR (retour_ledger_error_quark())
GQuark retour_ledger_error_quark(void);
typedef enum {
	RETOUR_LEDGER_ERROR_BUSY,    /* another process holds it */
	RETOUR_LEDGER_ERROR_FULL,    /* no room on the disk */
	RETOUR_LEDGER_ERROR_DAMAGED, /* not, or no more, a ledger */
	RETOUR_LEDGER_ERROR_VERSION, /* of a newer version */
	RETOUR_LEDGER_ERROR_FAILED,  /* anything else */
} RetourLedgerError;
/* Every message says what to do. */

typedef struct RetourLedger RetourLedger;

typedef enum {
	RETOUR_LEDGER_READ,   /* it must be there */
	RETOUR_LEDGER_WRITE,  /* it must be there */
	RETOUR_LEDGER_CREATE, /* made where it is not */
	RETOUR_LEDGER_COPY,   /* what it holds now, if it is there: a copy that nobody keeps */
} RetourLedgerMode;

/* @wait_ms: how long to wait for others. (transfer full) */
RetourLedger *retour_ledger_open(const char *path, RetourLedgerMode mode, guint wait_ms,
                                 GError **error);
void retour_ledger_free(RetourLedger *ledger); /* what was begun and not committed is gone */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RetourLedger, retour_ledger_free)

/* What is written between these is durable as a whole or not at all. */
gboolean retour_ledger_begin(RetourLedger *ledger, GError **error);
gboolean retour_ledger_commit(RetourLedger *ledger, GError **error);
void retour_ledger_rollback(RetourLedger *ledger);

/* The numbers are those of the file. */
typedef enum {
	RETOUR_EVENT_DELAY,
	RETOUR_EVENT_DELIVERY,
	RETOUR_EVENT_FAILURE,
	RETOUR_EVENT_COMPLAINT,
	RETOUR_EVENT_UNSUBSCRIBE,
} RetourEventKind;

const char *retour_event_kind_to_string(RetourEventKind kind);

typedef struct {
	const char *key;     /* 32 hexadecimal digits */
	const char *address; /* as it was written */
	RetourEventKind kind;
	RetourClass klass;
	RetourFault fault;
	gboolean permanent;
	const char *reason; /* a word of the taxonomy */
	RetourStatus status;
	guint reply;                   /* 0: none */
	gint64 time;                   /* seconds */
	gint64 first, last;            /* when it was reported; read only */
	const char *list;              /* NULL: of no list that is known */
	const char *provider;          /* NULL: not known */
	const char *original, *source; /* may be NULL */
	const char *diagnostic;        /* may be NULL; its head is kept */
	guint authentic;               /* RetourAuthentic + 1; 0: not judged */
	gboolean doubted;              /* of an outage of the provider; read only */
} RetourLedgerEvent;

/* Of a diagnostic so much is kept; bytes. */
#define RETOUR_LEDGER_DIAGNOSTIC_MAX 128u

typedef enum {
	RETOUR_RECORDED_NEW,
	RETOUR_RECORDED_UPGRADED, /* it was known as something weaker */
	RETOUR_RECORDED_KNOWN,
} RetourRecorded;

gboolean retour_ledger_record(RetourLedger *ledger, const RetourLedgerEvent *event,
                              RetourRecorded *recorded, gint64 *address, GError **error);

/* When a provider is believed to be out of order: on one day (UTC) more than @addresses addresses
 * that had never bounced are called dead, and more than @times as many as on any of the 28 days
 * before it. After @days days in a row that is how things are. */
typedef struct {
	guint addresses; /* 0: never */
	guint times, days;
} RetourLedgerGuard;

typedef struct {
	char *provider; /* owned */
	gint64 day;     /* its first second */
	guint addresses;
	guint before; /* on the worst of the days before */
} RetourLedgerOutage;

/* Looks whether @event, which was just recorded for @address, makes an outage. If it does, @outage
 * has a provider and is the caller's, and the addresses (gint64) to judge anew are appended; an
 * outage is told once in a week, @news. */
gboolean retour_ledger_watch(RetourLedger *ledger, const RetourLedgerGuard *guard,
                             const RetourLedgerEvent *event, gint64 address, GArray *addresses,
                             RetourLedgerOutage *outage, gboolean *news, GError **error);
/* Addresses that were called dead for the first time on that day of @outage, as of now. */
gboolean retour_ledger_count_outage(RetourLedger *ledger, RetourLedgerOutage *outage,
                                    GError **error);

/* The number of an address; -1 if it is not there, -2 with @error. */
gint64 retour_ledger_find_address(RetourLedger *ledger, const char *text, GError **error);
/* As it was first written. (transfer full); NULL with @error */
char *retour_ledger_get_address(RetourLedger *ledger, gint64 address, GError **error);

typedef void (*RetourLedgerEventFunc)(const RetourLedgerEvent *event, gboolean undone,
                                      gpointer data);
/* The events of an address in order of time: of many, complaints, unsubscribe requests and the
 * latest
 * @max others. @undone: those that were undone as well. */
gboolean retour_ledger_each_event(RetourLedger *ledger, gint64 address, guint max, gboolean undone,
                                  RetourLedgerEventFunc func, gpointer data, GError **error);

/* A decision over an address on one list, or ("") on all. */
typedef struct {
	const char *scope;
	int verdict;         /* of RetourDecision: 0 keep, 1 probation, 2 suppress */
	gint64 time;         /* since when */
	gint64 until;        /* 0: does not end by itself */
	const char *policy;  /* RETOUR_LEDGER_IMPORTED: taken over from elsewhere */
	const char *grounds; /* may be NULL */
	guint code;          /* SMTP reply, 0: none */
	gboolean current;
} RetourLedgerDecision;

#define RETOUR_LEDGER_IMPORTED "import"

/* Replaces the present decision of that scope; nothing is written if it is the same. */
gboolean retour_ledger_decide(RetourLedger *ledger, gint64 address,
                              const RetourLedgerDecision *decision, gboolean *changed,
                              GError **error);
typedef void (*RetourLedgerDecisionFunc)(const char *address, const RetourLedgerDecision *decision,
                                         gpointer data);
/* All decisions over one address, old ones too, in their order. */
gboolean retour_ledger_each_decision(RetourLedger *ledger, gint64 address,
                                     RetourLedgerDecisionFunc func, gpointer data, GError **error);
/* The present decisions over all addresses, in order of address. */
gboolean retour_ledger_each_standing(RetourLedger *ledger, RetourLedgerDecisionFunc func,
                                     gpointer data, GError **error);
/* Appends the addresses (gint64) with a present decision that ends at or before @now. */
gboolean retour_ledger_find_due(RetourLedger *ledger, gint64 now, GArray *addresses,
                                GError **error);
/* The number of an address that is added where it is not there; -2 with @error. */
gint64 retour_ledger_add_address(RetourLedger *ledger, const char *text, GError **error);

/* Which events; what is NULL or 0 is no matter. */
typedef struct {
	gint64 from, to;      /* seconds, [from, to) */
	const char *provider; /* of the remote server */
	const char *domain;   /* of the address */
	const char *reason, *list, *address;
} RetourLedgerSelection;

/* Marks the events as undone: they stay, so that they are not recorded anew, and count no more.
 * Decisions taken over from elsewhere are dropped where an address is selected. Appends the
 * addresses (gint64) to judge anew. */
gboolean retour_ledger_undo(RetourLedger *ledger, const RetourLedgerSelection *selection,
                            gint64 now, GArray *addresses, guint *n_events, GError **error);
/* Removes an address with all that is known of it, bytes and all. FALSE without @error if it is
 * not there. */
gboolean retour_ledger_forget(RetourLedger *ledger, const char *text, GError **error);

/* Numbers of one group of events. */
typedef struct {
	const char *provider, *reason, *list;
	char day[11]; /* UTC */
	RetourClass klass;
	RetourFault fault;
	RetourEventKind kind;
	guint64 events, addresses;
	gint64 first, last;
	const char *diagnostic; /* of one of them; may be NULL */
} RetourLedgerCount;
typedef enum {
	RETOUR_COUNT_BY_PROVIDER,
	RETOUR_COUNT_BY_REASON,
	RETOUR_COUNT_BY_DAY,
	RETOUR_COUNT_SENDER_SIDE, /* by provider and reason: what is not the recipient's fault */
	RETOUR_COUNT_NEW,         /* by provider and reason: what was never seen before @from */
} RetourLedgerGrouping;
typedef void (*RetourLedgerCountFunc)(const RetourLedgerCount *count, gpointer data);
gboolean retour_ledger_count(RetourLedger *ledger, RetourLedgerGrouping grouping, gint64 from,
                             gint64 to, RetourLedgerCountFunc func, gpointer data, GError **error);

/* Appends what is wrong with the file, a line each; nothing if it is sound. */
gboolean retour_ledger_check(RetourLedger *ledger, GString *faults, GError **error);
/* A copy of the present state, while others write; @path must not be there. */
gboolean retour_ledger_backup(RetourLedger *ledger, const char *path, GError **error);
