#!/bin/sh
# Lists of suppressed addresses go out and come in as they were; what a list holds wrong is named:
# exchange.sh PROGRAMS HELPERS
. "${0%/*}/lib.sh"
now=2026-11-24T00:00:00Z

cat >"$tmp/list.json" <<'JSON'
{"address":"a@one.example","code":550,"error":"no such user, it says \"gone\"","created_at":"2026-11-01T10:00:00Z"}
{"address":"B@One.Example","list":"news","created_at":"2026-11-02T10:00:00Z","until":"2027-01-01T00:00:00Z"}
{"address":"b@one.example","created_at":"2026-11-02T10:00:00Z","extra":[]}
JSON
ledger import --ledger "$tmp/l.db" --now $now "$tmp/list.json" 2>"$tmp/errors"
[ $? -eq 65 ] && grep -q 'list.json:3: ' "$tmp/errors" || fail "a nested value: $(cat "$tmp/errors")"
[ -z "$(ledger export --ledger "$tmp/l.db" --now $now)" ] || fail 'something was imported of a faulty list'
sed -i 's/,"extra":\[\]//' "$tmp/list.json"
ledger import --ledger "$tmp/l.db" --now $now "$tmp/list.json" 2>/dev/null || fail 'a good list is not imported'

for format in plain json csv; do
	ledger export --ledger "$tmp/l.db" --now $now --format $format >"$tmp/out.$format" || fail "no export as $format"
	ledger import --ledger "$tmp/$format.db" --now $now "$tmp/out.$format" 2>/dev/null || fail "no import of $format"
	ledger export --ledger "$tmp/$format.db" --now $now --format $format >"$tmp/again.$format"
	cmp "$tmp/out.$format" "$tmp/again.$format" || fail "$format does not come back as it went"
	ledger import --ledger "$tmp/$format.db" --now $now "$tmp/out.$format" 2>"$tmp/errors"
	grep -q ' 0 newly suppressed' "$tmp/errors" || fail "$format imported twice: $(cat "$tmp/errors")"
done
cat >"$tmp/expected.csv" <<'CSV'
address,code,error,created_at
a@one.example,550,"no such user, it says ""gone""","Sun, 01 Nov 2026 10:00:00 UTC"
B@One.Example,,,"Mon, 02 Nov 2026 10:00:00 UTC"
CSV
diff "$tmp/expected.csv" "$tmp/out.csv" >&2 || fail 'the CSV is not what others read'
[ "$(grep -c . "$tmp/out.json")" -eq 3 ] || fail 'JSON does not tell lists apart'
[ "$(ledger export --ledger "$tmp/l.db" --now $now --list other | wc -l)" -eq 2 ] || fail 'what holds for all does not hold for a list'
[ "$(ledger export --ledger "$tmp/l.db" --now 2027-02-01 --format json | wc -l)" -eq 2 ] || fail 'what has run out is exported'

# Mailgun's own, with its order of columns, line ends and a byte order mark.
printf '\357\273\277address,code,error,created_at\r\nc@two.example,550,"line one\nline two","Fri, 21 Oct 2011 11:02:55 UTC"\r\n' >"$tmp/mailgun.csv"
ledger import --ledger "$tmp/m.db" --now $now "$tmp/mailgun.csv" 2>"$tmp/errors" || fail "Mailgun's: $(cat "$tmp/errors")"
ledger list --ledger "$tmp/m.db" --now $now --format json | grep -q '"since":"2011-10-21T11:02:55Z".*"code":550' ||
	fail "Mailgun's: $(ledger list --ledger "$tmp/m.db" --now $now --format json)"
printf '# ours\nd@two.example # left\n\n' | ledger import --ledger "$tmp/m.db" --now $now 2>/dev/null || fail 'comments'
for wrong in 'not an address' 'a@b.example c@d.example' '@b.example'; do
	echo "$wrong" | ledger import --ledger "$tmp/m.db" --now $now 2>/dev/null
	[ $? -eq 65 ] || fail "'$wrong' was taken for an address"
done
ledger import --ledger "$tmp/m.db" "$tmp/nothing" 2>/dev/null
[ $? -eq 66 ] || fail 'a list that is not there'

# An imported suppression outlives what mail says, until it is undone by hand.
maildir "$tmp/mail"
bounce "$tmp/mail/new/1" c@two.example 1 'Tue, 10 Nov 2026 10:00:00 +0000' 4.2.2 '452 4.2.2 The mailbox is over quota'
process --ledger "$tmp/m.db" --now $now "$tmp/mail" >"$tmp/out" || fail 'process after import'
[ ! -s "$tmp/out" ] || fail "an imported suppression was overruled: $(cat "$tmp/out")"
ledger undo --ledger "$tmp/m.db" --now $now --address C@two.example >"$tmp/out" 2>/dev/null || fail 'undo'
ledger list --ledger "$tmp/m.db" --now $now | grep -q 'c@two' && fail 'undone, it stands still'
ledger forget --ledger "$tmp/m.db" c@two.example || fail 'forget'
ledger show --ledger "$tmp/m.db" c@two.example 2>/dev/null
[ $? -eq 1 ] || fail 'forgotten, it is known still'
grep -q 'c@two' "$tmp/m.db" && fail 'forgotten, it stands in the file'

# The outage of a provider: the suppressions that followed from it go, others stay.
maildir "$tmp/outage"
n=0
for day in 02 14 15; do
	for user in x y; do
		n=$((n + 1))
		bounce "$tmp/outage/new/$n" "$user@big.example" $n "$day Dec 2026 10:00:00 +0000" 5.1.1 '550 5.1.1 User unknown'
	done
done
for day in 08 10; do
	bounce "$tmp/outage/new/9$day" x@big.example 9$day "$day Dec 2026 10:00:00 +0000" 5.1.1 '550 5.1.1 User unknown'
done
process --ledger "$tmp/o.db" --now 2026-12-16 "$tmp/outage" >/dev/null || fail 'the outage'
[ "$(ledger export --ledger "$tmp/o.db" --now 2026-12-16 | tr '\n' ' ')" = 'x@big.example y@big.example ' ] || fail 'before undo'
ledger undo --ledger "$tmp/o.db" --now 2026-12-16 --from 2026-12-14 --to 2026-12-16 --provider big.example >"$tmp/out" 2>"$tmp/errors"
grep -q '4 events of 2 addresses undone' "$tmp/errors" || fail "undo: $(cat "$tmp/errors")"
[ "$(ledger export --ledger "$tmp/o.db" --now 2026-12-16)" = x@big.example ] || fail 'after undo'
grep -q '"address":"y@big.example","decision":"keep","was":"suppress"' "$tmp/out" || fail "undo tells: $(cat "$tmp/out")"
for wrong in '' '--reason bogus' '--from 2026-12-16 --to 2026-12-14' '--from soon'; do
	# shellcheck disable=SC2086
	ledger undo --ledger "$tmp/o.db" $wrong >/dev/null 2>"$tmp/errors"
	[ $? -eq 64 ] || fail "undo $wrong"
done
for word in 'show a@b.example' list stats check export 'forget a@b.example'; do
	# shellcheck disable=SC2086
	ledger $word --ledger "$tmp/nowhere.db" >/dev/null 2>"$tmp/errors"
	[ $? -eq 75 ] && grep -q 'nowhere.db: it is not there' "$tmp/errors" || fail "$word without a ledger: $(cat "$tmp/errors")"
done
[ ! -e "$tmp/nowhere.db" ] || fail 'a look makes a ledger'

ledger backup --ledger "$tmp/o.db" "$tmp/copy.db" || fail 'backup'
[ "$(stat -c %a "$tmp/copy.db")" = 600 ] || fail 'others may read the copy'
ledger backup --ledger "$tmp/o.db" "$tmp/nowhere/copy.db" 2>"$tmp/errors" && fail 'a copy in no folder'
grep -q 'nowhere/copy.db: No such file' "$tmp/errors" || fail "a copy in no folder: $(cat "$tmp/errors")"
(
	trap '' XFSZ
	ulimit -f 16
	ledger backup --ledger "$tmp/o.db" "$tmp/half.db" 2>"$tmp/errors"
) && fail 'a copy without room for it'
[ ! -e "$tmp/half.db" ] || fail 'half a copy stays'
"$helpers/dump" "$tmp/o.db" >"$tmp/one" && "$helpers/dump" "$tmp/copy.db" | cmp - "$tmp/one" || fail 'the copy differs'
ledger stats --ledger "$tmp/o.db" --now 2026-12-16 --since '30 days' | grep -q 'big.example' || fail 'stats'
exit $status
