#!/bin/sh
# The manual and the help know the same commands and options: manual.sh RETOUR MANUAL
set -eu
retour=$1 manual=$2
status=0
tmp=$(mktemp -d) && trap 'rm -rf "$tmp"' EXIT

commands=$("$retour" --help | sed -n '/^Commands:/,/^$/ s/^  \([a-z]*\) .*/\1/p')
[ -n "$commands" ] || { echo 'the help names no command' >&2; exit 1; }
for command in $commands; do
	grep -q "^\*$command\*" "$manual" || { echo "the manual does not tell of the command $command" >&2; status=1; }
	"$retour" "$command" --help
done >"$tmp/help"

options() {
	grep -o -e '--[a-z][a-z-]*' "$1" | grep -v -x -e --help -e --version | LC_ALL=C sort -u
}
options "$tmp/help" >"$tmp/told"
sed -n '/^# OPTIONS/,/^# EXIT/p' "$manual" >"$tmp/section"
options "$tmp/section" >"$tmp/written"
if ! diff "$tmp/told" "$tmp/written" >"$tmp/diff"; then
	sed -n -e 's/^< \(.*\)/the manual lacks \1/p' -e 's/^> \(.*\)/the help lacks \1/p' "$tmp/diff" >&2
	status=1
fi
exit $status
