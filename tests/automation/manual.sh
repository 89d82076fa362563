#!/bin/sh
# The manual pages and the help know the same options: manual.sh PROGRAMS HELPERS MANUALS
. "${0%/*}/lib.sh"

options() { grep -o -e '--[a-z][a-z-]*' | grep -v -x -e --help | LC_ALL=C sort -u; }
compare() {
	sed -n '/^# OPTIONS/,/^# EXIT/p' "$1" | options >"$tmp/written"
	[ -s "$tmp/told" ] || fail "$1: the help names no option"
	diff "$tmp/told" "$tmp/written" >"$tmp/diff" || fail "$1: <: only in the help, >: only in the manual: $(cat "$tmp/diff")"
}
process --help | options >"$tmp/told"
compare "$3/retour-process.1.scd"
"$programs/retour-act" --help | options >"$tmp/told"
compare "$3/retour-act.1.scd"
words=$(ledger --help | sed -n '/^Words:/,/^$/ s/^  \([a-z]*\) .*/\1/p')
for word in $words; do
	ledger "$word" --help >>"$tmp/help"
	grep -q "^\*$word\*" "$3/retour-ledger.1.scd" || fail "the manual does not tell of $word"
done
options <"$tmp/help" >"$tmp/told"
compare "$3/retour-ledger.1.scd"
exit $status
