/* SPDX-License-Identifier: BSD-2-Clause */
#include "act/dsn.h"

#include <string.h>

/* A boundary that no line of ours begins with. */
#define BOUNDARY "=_retour"

/* What a stranger wrote stays on its line. */
static void
append_line(GString *out, const char *name, const char *text)
{
	g_string_append(out, name);
	for (; *text; text++)
		g_string_append_c(out, g_ascii_iscntrl(*text) ? ' ' : *text);
	g_string_append_c(out, '\n');
}

static const char *
value_of(const RetourValues *values, RetourValueName name)
{
	return values->values[name] ? values->values[name] : "";
}

void
retour_dsn_write(const RetourValues *values, GString *out)
{
	const char *address = value_of(values, RETOUR_VALUE_ADDRESS);
	const char *status = value_of(values, RETOUR_VALUE_STATUS);
	const char *diagnostic = value_of(values, RETOUR_VALUE_DIAGNOSTIC);
	const char *key = value_of(values, RETOUR_VALUE_KEY);
	gboolean hard = strcmp(value_of(values, RETOUR_VALUE_CLASS), "hard") == 0;
	gboolean ascii = g_str_is_ascii(address);
	g_string_append(out, "From: Mail Delivery System <MAILER-DAEMON@retour.invalid>\n"
	                     "Subject: Delivery Status Notification (Failure)\n"
	                     "Auto-Submitted: auto-replied\n");
	g_string_append_printf(out, "Message-ID: <%s@retour.invalid>\n", key);
	g_string_append(out, "MIME-Version: 1.0\nContent-Type: multipart/report; "
	                     "report-type=delivery-status; boundary=\"" BOUNDARY "\"\n\n"
	                     "--" BOUNDARY "\nContent-Type: text/plain; charset=utf-8\n\n");
	append_line(out, "", *diagnostic ? diagnostic : "The message could not be delivered.");
	g_string_append_printf(out, "--" BOUNDARY "\nContent-Type: message/%sdelivery-status\n\n",
	                       ascii ? "" : "global-");
	g_string_append(out, "Reporting-MTA: dns; retour.invalid\n\n");
	append_line(out, ascii ? "Final-Recipient: rfc822; " : "Final-Recipient: utf-8; ", address);
	g_string_append(out, "Action: failed\n");
	append_line(out, "Status: ", *status ? status : hard ? "5.0.0" : "4.0.0");
	if (*diagnostic)
		append_line(out, "Diagnostic-Code: smtp; ", diagnostic);
	g_string_append(out, "\n--" BOUNDARY "--\n");
}
