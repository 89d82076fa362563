#!/bin/sh
# Standard input is read to its end, whatever happens: a delivery agent takes a write error for a failure.
. "${0%/*}/lib.sh"

{
	printf 'From: a@b.example\n\n'
	head -c 5000000 /dev/zero | tr '\0' x
} >large.eml
head -c 70000000 /dev/zero >huge.eml

# The writer tells how it fared: a pipe whose reader is gone makes cat fail.
while read -r file arguments; do
	{
		cat "$file" 2>writer
		echo $? >status
	} |
		# shellcheck disable=SC2086
		"$retour" $arguments >out 2>err
	is "retour $arguments, $file: all is read" "$(cat status)" 0
done <<'TABLE'
large.eml read
large.eml read --bogus
large.eml read --format bogus
large.eml print kind
large.eml print bogus
large.eml print
large.eml is bounce
large.eml is bogus
huge.eml print kind
TABLE

"$retour" read <large.eml >out
is 'the size is told' "$(grep -o '"size":[0-9]*' out)" '"size":5000019'
cat "$bounce" | "$retour" read | sed 's/"source":{[^}]*}//' >piped
"$retour" read "$bounce" | sed 's/"source":{[^}]*}//' | cmp -s - piped
report 'a pipe gives the record that the file gives'
is 'the name of standard input' "$("$retour" read <"$bounce" | grep -o '"name":"[^"]*"')" '"name":"-"'

{
	echo 'From MAILER-DAEMON Sat Jan 13 01:05:34 2026'
	cat "$bounce"
	echo
} >with-from
is 'a From_ line first and an empty line last' "$("$retour" print kind,class <with-from)" 'bounce hard'
sed 's/$/\r/' "$bounce" >crlf
is 'CRLF' "$("$retour" print kind,class <crlf)" 'bounce hard'
cat with-from with-from >two
is 'two mails are one on standard input' "$("$retour" read <two | wc -l | tr -d ' ')" 1
is 'with --mbox they are two' "$(cat two | "$retour" read --mbox | wc -l | tr -d ' ')" 2
is 'nothing with --mbox is nothing' "$("$retour" read --mbox </dev/null | wc -l | tr -d ' ')" 0
is '/dev/stdin' "$("$retour" read --format tsv /dev/stdin <"$bounce" | cut -f 1,3 | tail -n 1)" '/dev/stdin	bounce'
is 'the envelope' "$("$retour" read --sender '' --recipient 'ü@list.example' <"$ordinary" |
	grep -o '"envelope":{[^}]*}')" '"envelope":{"sender":"","recipient":"ü@list.example"}'
finish
