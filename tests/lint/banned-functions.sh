#!/bin/sh
# Functions that do not know the length of what they write, that keep hidden state, or that hide an error.
. "${0%/*}/lib.sh"

banned='v?sprintf|strcpy|stpcpy|strcat|strncpy|strncat|strtok|ato[ifl]|atoll|gets|v?f?scanf|(g_)?alloca'
c_files src include | code strings | grep -E "(^|[^A-Za-z0-9_])($banned)[[:space:]]*\(" |
	refuse 'Take g_snprintf, GString, g_ascii_string_to_unsigned, spans, or an array of fixed size.'
