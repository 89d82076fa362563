#!/bin/sh
# Functions that do not know the length of what they write, that keep hidden state, or that hide an error.
. "${0%/*}/lib.sh"

banned='v?sprintf|strcpy|stpcpy|strcat|strncpy|strncat|strtok|ato[ifl]|atoll|gets|v?f?scanf|sscanf|g?_?alloca|g_alloca'
for file in $(c_files src include); do
	code_of "$file" strings
done | grep -E "(^|[^A-Za-z0-9_])($banned)[[:space:]]*\(" |
	refuse 'Take g_snprintf, GString, g_ascii_string_to_unsigned, spans, or an array of fixed size.'
