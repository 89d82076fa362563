#!/bin/sh
# A one-click address is asked by explicit request alone, and never inside the own network: one-click.sh PROGRAMS HELPERS
. "${0%/*}/../automation/lib.sh"
act() { "$programs/retour-act" "$@"; }

# mail UNSUBSCRIBE [POST]
mail() {
	cat >"$tmp/mail.eml" <<MAIL
From: feedback@isp.example
Subject: Report
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Loop/1
Version: 1
Original-Rcpt-To: ada@orchard.example

--b
Content-Type: message/rfc822

From: news@list.example
To: ada@orchard.example
Message-ID: <issue@list.example>
List-Unsubscribe: $1
${2-List-Unsubscribe-Post: List-Unsubscribe=One-Click
}Subject: News

news
--b--
MAIL
}
# refused HOST WORDS: nothing is asked
refused() {
	act --one-click "$tmp/mail.eml" --host "$1" >"$tmp/out" 2>"$tmp/errors"
	[ $? -eq 75 ] || fail "$1: not refused: $(cat "$tmp/out")"
	grep -q "$2" "$tmp/out" "$tmp/errors" || fail "$1: $(cat "$tmp/out" "$tmp/errors"), not: $2"
}

mail '<mailto:leave@lists.example>, <https://lists.example/u?e=ada%40orchard.example>'
act --one-click "$tmp/mail.eml" --host lists.example --dry-run >"$tmp/out" || fail "the dry run: $(cat "$tmp/out")"
[ "$(cat "$tmp/out")" = '{"action":"one-click","url":"https://lists.example/u?e=ada%40orchard.example","dry_run":true}' ] || fail "the dry run: $(cat "$tmp/out")"
act --one-click - --host lists.example --dry-run <"$tmp/mail.eml" >"$tmp/out" || fail 'standard input'
act --one-click "$tmp/mail.eml" 2>"$tmp/errors" && fail 'without a host'
grep -q 'go together' "$tmp/errors" || fail "without a host: $(cat "$tmp/errors")"
refused other.example 'no https address at other.example'
mail '<https://lists.example/u>' ''
refused lists.example 'offers no one-click'
mail '<https://lists.example/u>' 'List-Unsubscribe-Post: List-Unsubscribe=Two-Clicks
'
refused lists.example 'offers no one-click'
for url in http://lists.example/u ftp://lists.example/u https://lists.example:8443/u https://user@lists.example/u https://lists.example.evil.example/u \
	https://evil.example/lists.example https://evil.example#@lists.example/ 'https://lists.example@evil.example/'; do
	mail "<$url>"
	refused lists.example 'no https address at lists.example'
done
for host in localhost 127.0.0.1 10.0.0.1 192.168.0.1 169.254.169.254 0.0.0.0; do
	mail "<https://$host/u>"
	refused $host 'none of the public Internet'
done
# The same in other clothes: what the address is, is known when the connection is made.
for host in '[::1]' '[::ffff:127.0.0.1]' '[fd00::1]'; do
	mail "<https://$host/u>"
	refused "$host" 'none of the public Internet\|no route\|unreachable\|Couldn.t connect'
done
for host in 2130706433 0x7f.1 127.1; do
	mail "<https://$host/u>"
	act --one-click "$tmp/mail.eml" --host $host >"$tmp/out" 2>"$tmp/errors" && fail "$host was asked"
	grep -q '"status"' "$tmp/out" && fail "$host answered"
done
exit $status
