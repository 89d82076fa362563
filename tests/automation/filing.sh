#!/bin/sh
# Mail is moved and never written over; a dry run says what a run does, and does nothing: filing.sh PROGRAMS HELPERS
. "${0%/*}/lib.sh"
now=2026-11-11T00:00:00Z
date='Tue, 10 Nov 2026 10:00:00 +0000'

maildir "$tmp/mail"
bounce "$tmp/mail/new/1" a@one.example 1 "$date" 5.1.1 '550 5.1.1 User unknown'
bounce "$tmp/mail/new/2:2,RT" b@one.example 2 "$date" 4.2.2 '452 4.2.2 The mailbox is over quota'
bounce "$tmp/mail/new/3" c@one.example 3 "$date" 5.1.1 '550 5.1.1 User unknown'
printf 'From: a@b.example\nSubject: lunch\n\nAt noon?\n' >"$tmp/mail/new/4"
echo taken >"$tmp/mail/cur/3:2,S"
bounce "$tmp/mail/cur/9:2,S" seen@one.example 9 "$date" 5.1.1 '550 5.1.1 User unknown'

process --ledger "$tmp/l.db" --now $now --dry-run "$tmp/mail" >"$tmp/dry" || fail 'the dry run'
[ ! -e "$tmp/l.db" ] && [ "$(find "$tmp/mail/new" -type f | wc -l)" -eq 4 ] || fail 'the dry run did something'
process --ledger "$tmp/l.db" --now $now --verbose "$tmp/mail" >"$tmp/real" 2>"$tmp/errors"
[ $? -eq 75 ] || fail 'a mail that could not be moved is no trouble'
cmp "$tmp/dry" "$tmp/real" || fail "the dry run says something else: $(diff "$tmp/dry" "$tmp/real")"
grep -q 'cannot be moved.*File exists' "$tmp/errors" || fail "$(cat "$tmp/errors")"
[ "$(cat "$tmp/mail/cur/3:2,S")" = taken ] && [ -f "$tmp/mail/new/3" ] || fail 'a mail was written over'
[ -f "$tmp/mail/cur/1:2,S" ] || fail 'the first is not in cur'
[ -f "$tmp/mail/cur/2:2,RST" ] || fail 'flags are not in order'
[ -f "$tmp/mail/new/4" ] || fail "a letter was taken away"
ledger show --ledger "$tmp/l.db" seen@one.example >/dev/null 2>&1 && fail 'a mail in cur was read'

# What is no mail at all is other mail, and no trouble.
maildir "$tmp/rubbish"
: >"$tmp/rubbish/new/1"
printf '\0\0\0' >"$tmp/rubbish/new/2"
process --ledger "$tmp/l.db" --now $now "$tmp/rubbish" >"$tmp/out" 2>"$tmp/errors" || fail 'rubbish is trouble'
[ ! -s "$tmp/out" ] && [ ! -s "$tmp/errors" ] && [ "$(find "$tmp/rubbish/new" -type f | wc -l)" -eq 2 ] || fail "rubbish: $(cat "$tmp/errors")"
process --ledger "$tmp/l.db" --now $now --other "$tmp/away" "$tmp/rubbish" || fail 'rubbish elsewhere'
[ "$(find "$tmp/away/cur" -type f | wc -l)" -eq 2 ] || fail 'rubbish does not go where other mail goes'

# A dry run over a ledger that is there changes nothing in it.
"$helpers/dump" "$tmp/l.db" >"$tmp/before"
bounce "$tmp/mail/new/5" a@one.example 5 "$date" 5.1.1 '550 5.1.1 User unknown'
process --ledger "$tmp/l.db" --now $now --dry-run "$tmp/mail" >"$tmp/dry" || fail 'the second dry run'
grep -q '"events":1' "$tmp/dry" || fail 'the second dry run says nothing'
"$helpers/dump" "$tmp/l.db" | cmp - "$tmp/before" || fail 'the dry run changed the ledger'

# It waits for nobody and holds nobody up.
mkfifo "$tmp/go"
"$helpers/hold" "$tmp/l.db" <"$tmp/go" >"$tmp/held" &
holder=$!
exec 3>"$tmp/go"
while [ ! -s "$tmp/held" ] && kill -0 $holder 2>/dev/null; do sleep 0.1; done
process --ledger "$tmp/l.db" --wait 0 --now $now --dry-run "$tmp/mail" >"$tmp/dry.locked" || fail 'a dry run waits for a writer'
cmp "$tmp/dry" "$tmp/dry.locked" || fail 'a dry run beside a writer says something else'
exec 3>&-
wait $holder || fail 'nobody held the ledger'

# Rules of the site hold here as they do for "retour read".
text='550 5.0.0 The pigeonhole of this member is stuffed'
mkdir "$tmp/rules"
printf 'id\treason\ttext\tstatus\treply\thost\trank\tlang\tsource\texample\n%s\t%s\t%s\t\t\t\t7\ten\tour own\t%s\n' \
	user-unknown/pigeonhole user-unknown 'pigeonhole of this member is stuffed' "$text" >"$tmp/rules/phrases.tsv"
bounce "$tmp/rule" rule@one.example rule "$date" 5.0.0 "$text"
process --ledger "$tmp/r.db" --now $now "$tmp/rule" >"$tmp/out" || fail 'without rules'
[ ! -s "$tmp/out" ] || fail "words that nobody knows decide: $(cat "$tmp/out")"
process --ledger "$tmp/r2.db" --now $now --rules "$tmp/rules" "$tmp/rule" >"$tmp/out" || fail 'with rules'
grep -q '"address":"rule@one.example","decision":"probation"' "$tmp/out" || fail "rules of the site: $(cat "$tmp/out")"
printf 'nonsense\n' >"$tmp/rules/phrases.tsv"
process --ledger "$tmp/r3.db" --rules "$tmp/rules" "$tmp/rule" 2>"$tmp/errors"
[ $? -eq 75 ] && grep -q phrases.tsv:1 "$tmp/errors" && [ ! -e "$tmp/r3.db" ] || fail "wrong rules: $(cat "$tmp/errors")"

# Standard input and an mbox.
process --ledger "$tmp/s.db" --now $now - <"$tmp/mail/new/5" >"$tmp/out" || fail 'standard input'
grep -q '"address":"a@one.example","decision":"probation"' "$tmp/out" || fail "standard input: $(cat "$tmp/out")"
for i in 1 2 3; do
	echo 'From MAILER-DAEMON Tue Nov 10 10:00:00 2026'
	bounce "$tmp/one" "m$i@one.example" "m$i" "$date" 5.1.1 '550 5.1.1 User unknown'
	cat "$tmp/one"
	echo
done >"$tmp/mbox"
cp "$tmp/mbox" "$tmp/mbox.copy"
for run in first second; do
	process --ledger "$tmp/s.db" --now $now "$tmp/mbox" >"$tmp/out.$run" || fail "mbox, $run run"
done
[ "$(wc -l <"$tmp/out.first")" -eq 3 ] && [ ! -s "$tmp/out.second" ] || fail 'an mbox read twice counts twice'
cmp "$tmp/mbox" "$tmp/mbox.copy" || fail 'the mbox was changed'

# What has run out is told by the next run, once.
maildir "$tmp/empty"
process --ledger "$tmp/s.db" --now 2026-12-24 "$tmp/empty" >"$tmp/out" || fail 'review'
[ "$(grep -c '"decision":"keep","was":"probation"' "$tmp/out")" -eq 4 ] || fail "review: $(cat "$tmp/out")"
process --ledger "$tmp/s.db" --now 2026-12-24 "$tmp/empty" >"$tmp/out" || fail 'review'
[ ! -s "$tmp/out" ] || fail 'review tells twice'
exit $status
