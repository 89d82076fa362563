#!/bin/sh
# Nothing in the repository knows the machine that it was written on.
. "${0%/*}/lib.sh"

# A relative path may end in the same words: what stands before tells.
here="(^|[^A-Za-z0-9_.}])$(printf '%s\n' "$PWD" | sed 's/[][*^$()+?{}|.]/\\&/g')/"
find . -path ./build -prune -o -path ./.git -prune -o -type f -print | xargs grep -nIE "$here" |
	refuse 'These lines name a path of this machine.'
