#!/bin/sh
# A complaint removes its reader at once, also where who reports it names nobody: complaint.sh PROGRAMS HELPERS
. "${0%/*}/../automation/lib.sh"
act() { "$programs/retour-act" "$@"; }

maildir "$tmp/mail"
cat >"$tmp/retour.conf" <<CONF
Ledger: $tmp/l.db

Source: $tmp/mail
Return path: news-bounces+{local}={domain}@lists.example

List: news
List-Id: news.lists.example
Manager: file
Target: $tmp/removed
Recipient: issue-*.{local}={domain}@lists.example
Recipient: leave-{local}={domain}@lists.example
Recipient: https://lists.example/u?e={address}
CONF
# complaint NUMBER RETURN-PATH MESSAGE-ID UNSUBSCRIBE
complaint() {
	cat >"$tmp/mail/new/$1" <<MAIL
From: feedback@isp.example
Subject: Report
Message-ID: <report-$1@isp.example>
Date: Tue, 10 Nov 2026 10:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Loop/1
Version: 1

--b
Content-Type: message/rfc822

Return-Path: <$2>
From: news@lists.example
To: [redacted]
Message-ID: <$3>
List-Id: News <news.lists.example>
List-Unsubscribe: $4
Subject: News

news
--b--
MAIL
}
complaint 1 news-bounces+verp=a.example@lists.example 1@lists.example ''
complaint 2 news-bounces@lists.example issue-7.id=a.example@lists.example ''
complaint 3 news-bounces@lists.example 3@lists.example '<https://lists.example/u?x=1>, <mailto:leave-mailto=a.example@lists.example?subject=off>'
complaint 4 news-bounces@lists.example 4@lists.example '<https://lists.example/u?e=url%2Btag%40a.example&k=1>'
# Neither another site's nor what is no address.
complaint 5 news-bounces@lists.example 5@lists.example '<https://lists.example.evil.example/u?e=evil%40a.example>, <https://lists.example/u?e=nobody>'
complaint 6 news-bounces@lists.example issue-8.evil=a.example@elsewhere.example '<https://lists.example/u?e=a%0ab%40a.example>'
"$programs/retour-process" --config "$tmp/retour.conf" --now 2026-11-11 >"$tmp/out" || fail 'process'
act --config "$tmp/retour.conf" --now 2026-11-11 >/dev/null || fail 'act'
sed 's/.*"address": "\([^"]*\)".*/\1/' "$tmp/removed" | sort >"$tmp/addresses"
printf '%s\n' id@a.example mailto@a.example url+tag@a.example verp@a.example | cmp - "$tmp/addresses" || fail "removed: $(cat "$tmp/removed")"
grep -q '"action": "remove".*"reason": "complaint"' "$tmp/removed" || fail "why: $(cat "$tmp/removed")"
[ "$(find "$tmp/mail/new" -type f | wc -l)" -eq 2 ] || fail 'complaints about nobody are filed away'
exit $status
