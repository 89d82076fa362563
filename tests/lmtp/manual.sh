#!/bin/sh
# The manual page and the help know the same options: manual.sh PROGRAM MANUAL
set -u
tmp=$(mktemp -d) && trap 'rm -rf "$tmp"' EXIT
options() { grep -o -e '--[a-z][a-z-]*' | grep -v -x -e --help | LC_ALL=C sort -u; }
"$1" --help | options >"$tmp/told"
[ -s "$tmp/told" ] || { echo 'the help names no option' >&2; exit 1; }
sed -n '/^# OPTIONS/,/^# EXIT/p' "$2" | options >"$tmp/written"
diff "$tmp/told" "$tmp/written" >&2
