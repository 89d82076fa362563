#!/bin/sh
# retour.conf: every mistake is named with its line; lists suppress for themselves or for all: settings.sh PROGRAMS HELPERS
. "${0%/*}/lib.sh"

maildir "$tmp/mail"
cat >"$tmp/retour.conf" <<CONF
# All of it.
Ledger: $tmp/l.db
Policy: mine
Outage guard: 20 addresses 4 times 3 days
Message-ID: *@list.example
Message-ID: *@old.example
Own host: *.list.example
Authserv-Id: mx.list.example

Source: $tmp/mail
File: $tmp/done
Other: leave
Return path: *-bounces+{local}={domain}@lists.example

List: news
List-Id: news.list.example
Suppression: list
Policy: csa

List: forum
Return path: forum-bounces*@*
Suppression: all

Policy: mine
Like: default
Suppress: 1 hard
CONF
process --config "$tmp/retour.conf" --check >"$tmp/out" 2>"$tmp/errors" || fail "--check: $(cat "$tmp/errors")"
for words in "Ledger $tmp/l.db" 'known by its List-Id news.list.example' 'by policy csa' 'suppress at 1 hard' 'suppresses for all lists' \
	"goes to $tmp/done" 'Your mail is with Message-IDs *@old.example' 'Your mail is sent by hosts *.list.example' \
	'Your mail is authenticated by mx.list.example' 'more than 20 addresses dead' 'counts only what is plausible or better, or where'; do
	grep -qF "$words" "$tmp/out" || fail "--check does not tell: $words"
done
[ ! -e "$tmp/l.db" ] && [ ! -e "$tmp/done" ] || fail '--check made something'

# One hard bounce over the list: its own policy asks for three.
bounce "$tmp/mail/new/1" a@one.example 1 'Tue, 10 Nov 2026 10:00:00 +0000' 5.1.1 '550 5.1.1 User unknown'
bounce "$tmp/mail/new/2" b@one.example 2 'Tue, 10 Nov 2026 10:00:00 +0000' 5.1.1 '550 5.1.1 User unknown'
sed -i -e '/^List-Id:/d' -e 's/^To: .*/To: forum-bounces@list.example/' "$tmp/mail/new/2"
process --config "$tmp/retour.conf" --now 2026-11-11 >"$tmp/out" || fail 'the run'
[ "$(grep -o '"address":"[^"]*"' "$tmp/out")" = '"address":"b@one.example"' ] || fail "decisions: $(cat "$tmp/out")"
[ "$(find "$tmp/done/cur" -type f | wc -l)" -eq 2 ] || fail 'mail did not go to the folder'
ledger show --config "$tmp/retour.conf" a@one.example | grep -q 'list news' || fail 'the list is not known'
for day in 12 14; do
	bounce "$tmp/mail/new/$day" a@one.example $day "$day Nov 2026 10:00:00 +0000" 5.1.1 '550 5.1.1 User unknown'
done
process --config "$tmp/retour.conf" --now 2026-11-15 >"$tmp/out" || fail 'the second run'
grep -q '"address":"a@one.example","list":"news","decision":"suppress"' "$tmp/out" || fail "on the list: $(cat "$tmp/out")"
[ "$(ledger export --config "$tmp/retour.conf" --now 2026-11-15 --list forum)" = b@one.example ] || fail 'for all and for one'

# mistake LINE WORDS: what stands in $tmp/wrong.conf
mistake() {
	process --config "$tmp/wrong.conf" --check >/dev/null 2>"$tmp/errors"
	code=$?
	[ $code -eq 75 ] || fail "$2: exit $code"
	grep -qF "wrong.conf:$1: $2" "$tmp/errors" || fail "line $1, $2: $(cat "$tmp/errors")"
}
while IFS='|' read -r line words text; do
	printf '%b' "$text" >"$tmp/wrong.conf"
	mistake "$line" "$words"
done <<'ROWS'
1|a block cannot begin with "Colour"|Colour: red\n
2|there is no policy "mild"|Ledger: /l.db\nPolicy: mild\n
1|"l.db" is no whole path|Ledger: l.db\n
3|a second Ledger|Ledger: /a\n\nLedger: /b\n
2|"bin" is no place to file mail|Source: /mail\nFile: bin\n
2|a source has no field "Flie"|Source: /mail\nFlie: cur\n
1|nothing tells this list|List: a\n
2|a return path without '@'|List: a\nReturn path: bounces\n
2|more than 4 stars|List: a\nReturn path: *a*b*c*d*e@f\n
1|a list with a policy of its own must suppress for itself|List: a\nDomain: b.example\nPolicy: csa\n
4|there is a list "a" already|List: a\nDomain: b.example\n\nList: a\nDomain: c.example\n
3|"some" does not say for whom|List: a\nDomain: b.example\nSuppression: some\n
2|Domain is empty|List: a\nDomain:\n
2|"hrad" is no word of a policy|Policy: p\nSuppress: 1 hrad\n
1|not a "Field: value" line|nonsense\n
2|"50" is no guard|Ledger: /l.db\nOutage guard: 50\n
2|"0 addresses 4 times 3 days" is no guard|Ledger: /l.db\nOutage guard: 0 addresses 4 times 3 days\n
1|/tmp: policy p requires authentic mail|Source: /tmp\n\nLedger: /l.db\nPolicy: p\n\nPolicy: p\nRequire authentic: plausible\nSuppress: 1 hard\n
2|"sent" is no whole path|Ledger: /l.db\nSent: sent\n
2|Message-ID is empty|Ledger: /l.db\nMessage-ID:\n
2|"*@*" tells nothing|Ledger: /l.db\nMessage-ID: *@*\n\nSource: /tmp\n
2|Failed to open file|Ledger: /l.db\nSent: /nowhere/sent\n\nSource: /tmp\n
1|/nowhere/mail: No such file|Source: /nowhere/mail\n
3|there is a source - already, in line 1|Source: -\n\nSource: -\n
ROWS

# All mistakes at once, in the order of their lines, and each with its remedy.
cat >"$tmp/ten.conf" <<CONF
Ledger: l.db
Policy: mild
Colour: red

nonsense
Source: mail
File: bin
Othr: leave

List: a
Suppression: some

 continued
Policy: p
Suppress: 1 hrad
Stale: seven days
CONF
process --config "$tmp/ten.conf" --check >/dev/null 2>"$tmp/errors" && fail 'ten mistakes'
lines=$(sed -n 's/.*ten\.conf:\([0-9]*\): .*: .*/\1/p' "$tmp/errors" | tr '\n' ' ')
[ "$lines" = '1 2 3 5 6 7 8 10 11 13 15 16 ' ] || fail "ten mistakes, in lines $lines: $(cat "$tmp/errors")"
if [ "$(stat -c %d /dev/shm)" != "$(stat -c %d "$tmp")" ]; then
	printf 'Source: %s\nFile: /dev/shm/nowhere\n' "$tmp/mail" >"$tmp/wrong.conf"
	mistake 1 '/dev/shm/nowhere is on another file system'
fi
exit $status
