#!/bin/sh
# The repository's .clang-format alone decides how C looks.
. "${0%/*}/lib.sh"

# Another version breaks other lines than the one that formatted the files.
version=14
for program in "clang-format-$version" clang-format; do
	"$program" --version 2>/dev/null | grep -q "version $version\." && break
	program=
done
[ -n "$program" ] || skip "clang-format $version is not installed"
c_files | xargs "$program" --dry-run 2>&1 | sed -n 's/^\([^:]*\):[0-9]*:[0-9]*: warning: code should be.*/\1/p' |
	uniq | refuse "Run $program -i on these files."
