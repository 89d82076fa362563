/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/authenticity.h>
#include <retour/site.h>

#include "automation/books.h"
#include "service/service.h"

/* A source that is served over LMTP: mails come to its address. */
typedef struct {
	const RetourSourceSettings *source;
	RetourOwnMail *knowledge; /* owned */
	gboolean own;             /* we have bound its address; else systemd */
} RetourDoor;

/*
 * The unattended run as a server. A mail is accepted once its events and what was decided are
 * durable, or once it is itself kept where it has none: in any trouble it is deferred. So a mail
 * comes again until that is so, and its events are known by then.
 */
typedef struct {
	RetourBooks *books;
	const RetourSite *site; /* NULL: none */
	RetourService service;
	guint review_s; /* how often it is looked for what has run out */
	gboolean verbose;
	GArray *doors;             /* of RetourDoor, owned */
	struct RetourRound *round; /* that is under way */
} RetourServe;

void retour_serve_init(RetourServe *serve);
/* Takes @own (transfer full): what is known of the mail whose bounces come to the source. */
void retour_serve_add(RetourServe *serve, const RetourSourceSettings *source, RetourOwnMail *own);
/* With the ledger open. Until SIGTERM or SIGINT: TRUE; FALSE where it cannot be done (any more), of
 * which standard error has been told. */
gboolean retour_serve_run(RetourServe *serve);
void retour_serve_clear(RetourServe *serve);
