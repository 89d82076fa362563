#!/bin/sh
# GMime is loaded when a mail needs it, and where it is missing no mail is lost.
. "${0%/*}/lib.sh"
fault=$3 lmtp=$4

# Of a mail that is built as the standards say none of it is read; of one that is not, all.
printf 'From: MAILER-DAEMON@mx.example\nSubject: =?utf-8?Q?Zur=C3=BCck?=\n\n<user@domain.example>:\n550 5.1.1 User unknown\n' >needs
"$retour" read needs >there
mkdir folder
cp needs folder

missing() {
	env LD_PRELOAD="$fault" RETOUR_FAULT=missing "$@"
}

exits 'a mail that needs nothing: is' 0 missing "$retour" is hard <"$bounce"
exits 'read' 0 missing "$retour" read --format json <"$bounce"
"$retour" read --format json <"$bounce" | cmp -s - out
report 'as ever'

while read -r code arguments; do
	# shellcheck disable=SC2086
	exits "a mail that needs it: $arguments" "$code" missing "$retour" $arguments <needs
	is 'nothing is said of the mail' "$(cat out)" ''
	grep -q 'GMime 3.*libmissing' err
	report 'which library is missing is said'
done <<'TABLE'
75 read
75 is hard
75 print kind
75 read needs
75 read --jobs 2 folder
75 rules test
TABLE
exits 'filter' 0 missing "$retour" filter <needs
cmp -s out needs
report 'the mail passes as it came'
exits 'a server does not start' 75 missing "$lmtp" --listen "$PWD/socket" --output records
exits 'with it: filter' 0 "$retour" filter <needs
grep -q '^X-Retour-Class: hard' out
report 'the verdict is there'
"$retour" read --format json <needs | sed 's/"name":"-"/"name":"needs"/' | cmp -s - there
report 'read from a pipe, in the sandbox of a worker, it says the same'
finish
