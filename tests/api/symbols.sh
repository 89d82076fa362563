#!/bin/sh
# libretour exports what the public headers declare, nothing less and nothing more: symbols.sh INCLUDE-FOLDER LIBRARY
set -u
tmp=$(mktemp -d) && trap 'rm -rf "$tmp"' EXIT
cat "$1"/retour/*.h | sed -n 's/^RETOUR_API [^(]*[ *]\([a-z][a-z0-9_]*\)(.*/\1/p' | LC_ALL=C sort -u >"$tmp/declared"
# The linker's own marks of a sanitized or covered build are not ours.
nm -D --defined-only "$2" | awk '{ print $3 }' | sed 's/@.*//' | grep -v -e '^_' -e '^mangle_path$' |
	LC_ALL=C sort -u >"$tmp/exported"
[ -s "$tmp/declared" ] || { echo 'no declaration was found' >&2; exit 1; }
if ! diff -U 0 "$tmp/declared" "$tmp/exported" >"$tmp/diff"; then
	sed -n -e 's/^-\([^-]\)/declared, not exported: \1/p' -e 's/^+\([^+]\)/exported, not declared: \1/p' "$tmp/diff" >&2
	exit 1
fi
