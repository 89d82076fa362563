/* SPDX-License-Identifier: BSD-2-Clause */

/* A whole message: bytes to a record, the record in every format. */

#include "fuzz.h"
#include "invariants.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	RetourSpan bytes = retour_span((const char *)data, size);
	g_autoptr(RetourRecord) record = retour_record_read(bytes.data, bytes.length, NULL);
	invariants_check(bytes, record);
	invariants_check_output(bytes, record);
	return 0;
}
