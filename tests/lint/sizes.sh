#!/bin/sh
# A file has one subject, a function fits a screen.
. "${0%/*}/lib.sh"

c_files | xargs wc -l | awk '$2 != "total" && $1 > 600 { print $2 ": " $1 " lines" }' |
	refuse 'A file has at most 600 lines.'
c_files | while read -r file; do
	awk -v file="$file" '
	/^\{/ { start = NR }
	/^\}/ { if (start && NR - start - 1 > 80) print file ":" start ": " NR - start - 1 " lines"; start = 0 }' "$file"
done | refuse 'A function has at most 80 lines.'
