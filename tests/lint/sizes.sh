#!/bin/sh
# A file has one subject, a function fits a screen.
. "${0%/*}/lib.sh"

c_files | xargs wc -l | awk '$2 != "total" && $1 > ($2 ~ /tests\// ? 700 : 600) { print $2 ": " $1 " lines" }' |
	refuse 'A file has at most 600 lines, one of tests 700.'
# A table inside a function is not counted: its rows are data.
c_files | xargs awk '
	FNR == 1 { start = table = 0 }
	/^\{/ { start = FNR; lines = 0; next }
	/^\}/ { if (start && lines > 80) print FILENAME ":" start ": " lines " lines"; start = 0 }
	start && /= \{$/ { table = 1 }
	start && !table { lines++ }
	/^\t+\};$/ { table = 0 }' |
	refuse 'A function has at most 80 lines.'
