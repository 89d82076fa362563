#!/bin/sh
# Whether a bounce answers mail of the site: the verdict in every form, and its options.
. "${0%/*}/lib.sh"
form='news-bounces+{token}-{local}={domain}@list.example'
"$retour" verp rotate --keys keys
path=$("$retour" verp encode --keys keys --now 2026-11-10 --verp "$form" ada@one.example)
cat >mail <<MAIL
Return-Path: <>
From: MAILER-DAEMON@mx.list.example
To: $path
Subject: Undelivered Mail Returned to Sender
Message-ID: <b1@mx.list.example>
Date: Tue, 10 Nov 2026 10:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

<ada@one.example>: 550 5.1.1 User unknown

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.list.example

Final-Recipient: rfc822; ada@one.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

Final-Recipient: rfc822; bob@one.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--b
Content-Type: text/rfc822-headers

From: news@list.example
Message-ID: <issue-1@list.example>

--b--
MAIL
signed() {
	action=$1
	shift
	"$retour" "$action" --keys keys --verp "$form" --now 2026-11-11 "$@"
}
levels() { grep -o '"authentic":"[a-z]*"' | cut -d'"' -f4 | tr '\n' ' '; }

is 'nothing is known, nothing is said' "$("$retour" read <mail | grep -c authentic)" 0
is 'a level for each recipient' "$(signed read <mail | levels)" 'verified suspicious '
is 'a line for each' "$(signed read --format recipients mail | levels)" 'verified suspicious '
is 'a column' "$(signed read --format tsv mail | awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } NR > 1 { print $at["authentic"] }' | tr '\n' ' ')" \
	'verified suspicious '
is 'only some' "$(signed read --only authentic=suspicious <mail | grep -o '"address":"bob[^"]*"' | head -1)" '"address":"bob@one.example"'
is 'of whom the others are none' "$(signed read --only authentic=suspicious <mail | levels)" 'suspicious '
exits 'none is plausible' 0 sh -c '"$1" read --only authentic=plausible --message-id "*@elsewhere.example" mail' sh "$retour"
is 'and nothing is printed' "$(cat out)" ''
exits 'a word that is none' 64 "$retour" read --only authentic=sure mail
is 'the grounds' "$(signed read <mail | grep -o '"grounds":\[{"ground":"return-path-signed","text":"news-bounces+' | head -1)" \
	'"grounds":[{"ground":"return-path-signed","text":"news-bounces+'
is 'after its time it is no more' "$("$retour" read --keys keys --verp "$form" --now 2027-02-01 <mail | levels)" 'unverified unverified '
is 'print' "$(signed print kind,authentic <mail)" 'bounce verified'
is 'print without knowledge' "$("$retour" print kind,authentic,class <mail)" 'bounce - hard'
exits 'is verified' 0 signed is bounce verified <mail
exits 'is not suspicious' 1 signed is suspicious <mail
exits 'is nothing where nothing is known' 1 "$retour" is verified <mail
is 'filter' "$(signed filter <mail | grep '^X-Retour-Authentic')" 'X-Retour-Authentic: verified'
is 'filter without knowledge' "$(sed '1i X-Retour-Authentic: verified' mail | "$retour" filter | grep -c '^X-Retour-Authentic')" 0

is 'a pattern' "$("$retour" read --message-id '*@list.example' <mail | levels)" 'plausible plausible '
is 'another one' "$("$retour" read --message-id '*@elsewhere.example' <mail | levels)" 'suspicious suspicious '
printf '<issue-1@list.example> bob@one.example\n' >sent
is 'a list of what was sent, with recipients' "$("$retour" read --sent sent <mail | levels)" 'suspicious verified '
is 'own hosts' "$("$retour" read --own-host '*.list.example' <mail | levels)" 'unverified unverified '
is 'and who reports' "$("$retour" read --own-host '*.list.example' <mail | grep -c '"ground":"reporter-plausible","text":"mx.list.example"')" 1
sed '1i Authentication-Results: mx.list.example; dkim=pass header.d=one.example' mail >vouched
is 'who is believed' "$("$retour" read --authserv-id mx.list.example <vouched | levels)" 'plausible plausible '
is 'and who is not' "$("$retour" read --authserv-id mx.other.example <vouched | levels)" 'unverified unverified '

exits 'a pattern of everything' 64 "$retour" read --message-id '*' mail
grep -q 'write as in "\*@lists.example"' err
report 'says what to write'
exits 'no list' 64 "$retour" read --sent missing mail
grep -q missing err
report 'is named'
exits 'a form without a place for the signature' 64 "$retour" read --keys keys --verp 'b+{local}={domain}@x.example' mail
exits 'no keys, for a delivery agent' 75 "$retour" is --keys missing verified <mail
signed read --redact mask <mail >masked
is 'redaction leaves the level' "$(levels <masked)" 'verified suspicious '
is 'and no address' "$(grep -c -e 'ada' -e 'bob@' masked)" 0
signed read mail >all
signed filter <mail >>all
signed read --format csv mail >>all
sed -n 's/^Secret: //p' keys >secrets
[ -s secrets ] && ! grep -qFf secrets all
report 'no key is ever printed'
finish
