#!/bin/sh
# Every command ends with the codes that it promises, and with no other.
. "${0%/*}/lib.sh"
cp "$bounce" mail.eml
: >empty.eml
printf 'From: a@b.example\n\nhello\n' >plain

# expected code, arguments of retour
while read -r code arguments; do
	case $code in '' | '#'*) continue ;; esac
	# shellcheck disable=SC2086
	exits "retour $arguments" "$code" "$retour" $arguments <mail.eml
done <<'TABLE'
64
64 nothing
0 --help
0 --version
0 help
# read PATH
0 read mail.eml
0 read empty.eml
0 read mail.eml plain
0 read .
66 read missing
66 read missing mail.eml
66 read -- --format
64 read --bogus mail.eml
64 read --format bogus mail.eml
0 read --profile strict mail.eml
64 read --profile bogus mail.eml
0 read --verp bounces-{local}={domain}@list.example mail.eml
64 read --verp bogus mail.eml
64 read --format json --jobs 0 mail.eml
64 read --jobs 257 mail.eml
64 read --jobs many mail.eml
64 read --mbox --message mail.eml
64 read mail.eml --format
0 read --help
# read from standard input: what a delivery agent runs
0 read
0 read -
0 read --format csv --sender x@y.example --recipient z@y.example
75 read --bogus
75 read --format bogus
75 read --profile bogus
75 read --verp bogus
75 read --format
75 read --jobs 0
75 read --mbox --message
75 read - --bogus
# print
0 print kind
0 print kind,class,address
75 print
75 print bogus
75 print kind,
75 print kind class
75 print --bogus kind
0 print --help
# is
0 is bounce
0 is hard
0 is bounce hard suppress
0 is user-unknown
0 is never-reply
0 is delay bounce
1 is soft
1 is delay
1 is delay hard
1 is bounce soft
75 is
75 is bogus
75 is none
75 is --bogus hard
0 is --help
# explain and codes
0 explain 5.1.1
0 explain 550
0 explain User unknown
0 explain mail.eml
0 explain .
66 explain missing.eml
66 explain some/where
64 explain
64 explain --bogus 550
0 explain --help
0 codes
0 codes --class hard --replies
64 codes --class bogus
64 codes --reason bogus
64 codes 550
64 codes --bogus
0 codes --help
TABLE

exits 'is: empty input is no bounce' 1 "$retour" is bounce <empty.eml
exits 'is: empty input is unreadable' 0 "$retour" is unreadable <empty.eml
exits 'print: empty input is a message too' 0 "$retour" print kind <empty.eml
is 'print: which is unreadable' "$(cat out)" unreadable
exits 'read: no standard input' 75 "$retour" read <&-
exits 'print: no standard input' 75 "$retour" print kind <&-
exits 'is: no standard input' 75 "$retour" is bounce <&-
exits 'read: a directory as standard input' 75 "$retour" read <.

exits 'read: a missing input is named' 66 "$retour" read missing mail.eml
is 'read: the others are read' "$(wc -l <out | tr -d ' ')" 1
is 'read: once' "$(cat err)" 'retour: missing: No such file or directory'
finish
