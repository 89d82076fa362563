#!/bin/sh
# Nothing in the repository knows the machine that it was written on.
. "${0%/*}/lib.sh"

printf '%s\n' "$PWD/" "$2" >"$2/lint-paths"
find . -path ./build -prune -o -path ./.git -prune -o -type f -print | xargs grep -nIFf "$2/lint-paths" |
	refuse 'These lines name a path of this machine.'
