#!/bin/sh
# One short line, whatever the mail holds.
. "${0%/*}/lib.sh"

print() {
	"$retour" print "$1" <"$2"
}

is 'fields of a bounce' "$(print kind,class,address,reason,fault,advice,never-reply "$bounce")" \
	'bounce hard nobody-here@local.list.example user-unknown recipient suppress true'
is 'nothing at the end is left off' "$(print kind,class "$ordinary")" other
is 'nothing in the middle is a dash' "$(print class,kind,class,address "$ordinary")" '- other'
is 'nothing alone is an empty line' "$(print address "$ordinary" | od -c | head -n 1)" '0000000  \n'

is 'the envelope that the delivery agent knows' \
	"$("$retour" print --sender '' --recipient u7@list.example kind,recipient <"$bounce")" 'bounce u7@list.example'
is 'nobody answers the null sender' \
	"$(for sender in ada@workshop.example ''; do "$retour" is --sender "$sender" never-reply <"$ordinary"; echo $?; done | tr '\n' ' ')" '1 0 '

# Long values, of which some are not UTF-8 and some would be obeyed by a terminal.
{
	printf 'From: MAILER-DAEMON@mx.example\nSubject: '
	awk 'BEGIN { for (i = 0; i < 3000; i++) printf "\303\244\377\033[2J" }'
	printf '\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n'
	printf 'Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n'
	printf 'Final-Recipient: rfc822; a@b.example\nAction: failed\nDiagnostic-Code: smtp; 550 '
	awk 'BEGIN { for (i = 0; i < 3000; i++) printf "na\303\257ve \r" }'
	printf '\n\n--b--\n'
} >long.eml
all=$("$retour" print --help | sed -n '/Fields:/,/^$/p' | grep '^  ')
all=$(echo $all | tr ' ' ,)
for mail in long.eml "$bounce" "$ordinary" "$fixtures"/damaged/*.eml; do
	for fields in diagnostic subject,diagnostic,subject,diagnostic,subject "$all"; do
		print "$fields" "$mail" >out || echo "$mail: failed"
		[ "$(wc -l <out)" -eq 1 ] && [ "$(wc -c <out)" -lt 2000 ] || echo "$mail: not one short line"
		tr '\000-\011\013-\037\177' '\000\000' <out | tr -d '\000' | iconv -f utf-8 -t utf-8 | cmp -s - out ||
			echo "$mail: no UTF-8, or controls"
	done
done >bad
is 'one line below 2,000 bytes, valid UTF-8, no controls' "$(cat bad)" ''
print subject,diagnostic,subject,diagnostic long.eml >out
[ "$(wc -c <out)" -gt 1900 ]
report 'a long line is cut, not dropped'
finish
