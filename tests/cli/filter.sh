#!/bin/sh
# The filter: the mail passes whatever happens, and the verdict on top can be trusted.
. "${0%/*}/lib.sh"

own() { sed '/^X-Retour-/d' "$1"; }

# One mail in five: each costs several processes, and all take the same way.
sample=$(printf '%s\n' "$fixtures"/*/*.eml | awk 'NR % 5 == 1')
for mail in $sample "$fixtures"/damaged/y-cr-only.eml; do
	"$retour" filter <"$mail" >out 2>err || echo "$mail"
	# What is on top goes off again: the rest is the mail, byte for byte.
	bytes=$(awk '/^X-Retour-/ { n += length($0) + 1; next } { exit } END { print n + 0 }' out)
	tail -c "+$((bytes + 1))" out | cmp -s - "$mail" || head -c 6 "$mail" | grep -q '^>*From ' || [ "${mail##*/}" = y-cr-only.eml ] || echo "$mail"
done >different
is 'every fixture comes out as it went in' "$(cat different)" ''

exits 'a bounce' 0 "$retour" filter <"$bounce"
for line in 'Kind: bounce' 'Class: hard' 'Reason: user-unknown' 'Fault: recipient' 'Advice: suppress' \
	'Recipient: nobody-here@local.list.example' 'Status: 5.1.1' 'Never-Reply: true'; do
	tr -d '\r' <out | grep -qx "X-Retour-$line"
	report "$line"
done

printf 'From someone Mon Nov 23 06:00:00 2026\nX-Retour-Class: hard\n (forged)\nSubject: a\nX-RETOUR-KIND: bounce\nX-Other: b\n\nX-Retour-Class: in the body\n' >forged
exits 'forged headers' 0 "$retour" filter <forged
is 'the From_ line stays on top' "$(head -n 1 out)" 'From someone Mon Nov 23 06:00:00 2026'
is 'forged headers go' "$(grep -ci 'forged\|class: hard\|kind: bounce' out)" 0
is 'the others stay' "$(grep -c '^Subject: a$\|^X-Other: b$\|^X-Retour-Class: in the body$' out)" 3

printf 'Subject: a\r\n\r\nhello\r\n' | "$retour" filter >out
is 'CRLF mail gets CRLF headers' "$(grep -c "$(printf '\r')\$" out)" "$(wc -l <out | tr -d ' ')"

# What Dovecot gives to a program of a mail that is stored with CRLF.
printf 'Subject: a\r\r\nX-Retour-Kind: bounce\r\r\nX-Other: b\r\r\n\r\r\nhello\r\r\n' | "$retour" filter >out
is 'CR CR LF: headers that end a line' "$(grep -c "^X-Retour-Kind: other$(printf '\r')\$" out)" 1
is 'CR CR LF: forged ones go' "$(grep -ac 'X-Retour-Kind: bounce' out)" 0
is 'CR CR LF: the others stay' "$(grep -c '^Subject: a\|^X-Other: b\|^hello' out)" 3

printf 'From: MAILER-DAEMON@x.example\nSubject: Undelivered\n\n<a@x.example>: 550 5.1.1 no\r\n such user\n' |
	"$retour" filter --sender '' --recipient "$(printf 'b@x\nX-Evil: y')" >out
is 'nothing is smuggled in' "$(grep -c '^X-Evil' out)" 0

exits 'a wrong option: it passes' 0 "$retour" filter --bogus <"$bounce"
is 'unchanged' "$(cmp out "$bounce" 2>&1)" ''
exits 'a wrong template: it passes' 0 "$retour" filter --verp x <"$bounce"
is 'likewise unchanged' "$(cmp out "$bounce" 2>&1)" ''
exits 'an argument: it passes' 0 "$retour" filter x <"$bounce"
exits 'an empty mail' 0 "$retour" filter </dev/null
is 'stays empty' "$(wc -c <out | tr -d ' ')" 0

{ cat "$bounce"; head -c 12000000 /dev/zero | tr '\0' 'x'; } >big
exits 'a mail of 12 MB' 0 "$retour" filter <big
own out | cmp -s - big
report 'passes unchanged'
exits 'where the spool cannot be written' 0 env TMPDIR=/proc "$retour" filter <big
cmp -s out big
report 'it passes unchanged as well'
{ printf 'X-Retour-Class: hard\r\n soft\r\n'; cat big; } >forged
exits 'a forged verdict on such a mail' 0 env TMPDIR=/proc "$retour" filter <forged
cmp -s out big
report 'goes all the same'

if [ -w /dev/full ]; then
	"$retour" filter <"$bounce" >/dev/full 2>err
	is 'a full disk at the other end' $? 75
fi

"$retour" read --format shell <"$bounce" >out
eval "$(cat out)"
is 'shell assignments' "$RETOUR_KIND $RETOUR_CLASS $RETOUR_RECIPIENT" 'bounce hard nobody-here@local.list.example'
(cd "$fixtures" && "$retour" read --format shell .) >out
is 'are shorter than LINEBUF' "$(awk 'length > 2000' out)" ''
printf 'From: MAILER-DAEMON@x.example\nSubject: Undelivered\n\n<"$(touch evil)`touch evil`'"'"';touch evil"@x.example>: 550 no such user\n' |
	"$retour" read --format shell >out
eval "$(cat out)"
[ ! -e evil ]
report 'and nothing in them is run'

finish
