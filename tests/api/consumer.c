/* SPDX-License-Identifier: BSD-2-Clause */
#include <retour/retour.h>
#include <stdio.h>
#include <string.h>

/* What a program of somebody else does: read one mail, print its record. */
int
main(void)
{
	static const char mail[] =
	        "From: MAILER-DAEMON@mx.example.net\n"
	        "To: news@list.example\n"
	        "Subject: Undelivered Mail\n"
	        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n"
	        "\n"
	        "--b\n\nThe mail could not be delivered.\n"
	        "--b\nContent-Type: message/delivery-status\n\n"
	        "Reporting-MTA: dns; mx.example.net\n\n"
	        "Final-Recipient: rfc822; user@example.com\n"
	        "Action: failed\n"
	        "Status: 5.1.1\n"
	        "Diagnostic-Code: smtp; 550 5.1.1 User unknown\n\n"
	        "--b--\n";
	RetourSource source = { "consumer", 0, 0, sizeof mail - 1 };
	g_autoptr(RetourRecord) record = retour_record_read(mail, sizeof mail - 1, NULL);
	GString *line = g_string_new(NULL);
	retour_format_append(RETOUR_FORMAT_JSON, &source, record, FALSE, line);
	int ok = record->kind == RETOUR_KIND_BOUNCE &&
	         strstr(line->str, "\"address\":\"user@example.com\"") != NULL;
	if (!ok)
		fprintf(stderr, "libretour %s wrote %s", RETOUR_VERSION_STRING, line->str);
	g_string_free(line, TRUE);
	return ok ? 0 : 1;
}
