#!/bin/sh
# Every row of docs/violations.md names a fixture or a test that shows what it says, and all of these exist.
. "${0%/*}/lib.sh"

grep -n '^| ' docs/violations.md | grep -v ':| seen |' | grep -v '` |$' |
	refuse 'These rows of docs/violations.md name no fixture.'
grep -noE '`[^` ]+\.(eml|c)`' docs/violations.md | tr -d '`' | while IFS=: read -r line path; do
	case $path in
	tests/*) ;;
	*) path=fixtures/$path ;;
	esac
	[ -f "$path" ] || printf 'docs/violations.md:%s: %s\n' "$line" "$path"
done | refuse 'These files do not exist.'
