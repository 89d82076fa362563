/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <retour/format.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A record made by hand: one recipient of which all is known, to be changed by the test. */
typedef struct {
	RetourSource source;
	RetourRecord record;
	RetourReport report;
	RetourRecipient recipient;
	RetourVerdict verdict;
	RetourBecause because[2];
} Sample;

static inline void
sample_init(Sample *sample)
{
	*sample = (Sample){
		.source = { .name = "new/1690.eml", .index = 0, .offset = 0, .size = 5310 },
		.record = { .kind = RETOUR_KIND_BOUNCE },
		.report = { .kind = RETOUR_KIND_BOUNCE,
		            .never_reply = TRUE,
		            .date = -1,
		            .arrival_date = -1,
		            .original = { .date = -1 },
		            .n_recipients = 1 },
		.recipient = { .address = "user@example.com",
		               .read_by = "dsn",
		               .last_attempt = -1,
		               .will_retry_until = -1,
		               .key = "1f0c" },
		.verdict = { .kind = RETOUR_KIND_BOUNCE,
		             .klass = RETOUR_CLASS_HARD,
		             .reason = retour_reason_find("user-unknown"),
		             .fault = RETOUR_FAULT_RECIPIENT,
		             .advice = RETOUR_ADVICE_SUPPRESS,
		             .confidence = RETOUR_CONFIDENCE_HIGH },
	};
	sample->record.report = &sample->report;
	sample->record.verdicts = &sample->verdict;
	sample->report.recipients = &sample->recipient;
	sample->verdict.because = sample->because;
}

/* What the sample looks like in @format, without the head. (transfer full) */
static inline char *
sample_format(const Sample *sample, RetourFormat format, gboolean explain)
{
	GString *out = g_string_new(NULL);
	retour_format_append(format, &sample->source, &sample->record, explain, out);
	return g_string_free(out, FALSE);
}
