#!/bin/sh
# Two at once over one Maildir: every mail is one event, and none is lost: twice.sh PROGRAMS HELPERS
. "${0%/*}/lib.sh"
mails=${RETOUR_TWICE_MAILS:-600}

maildir "$tmp/mail"
bounce "$tmp/one" ADDRESS NUMBER 'Tue, 10 Nov 2026 10:00:00 +0000' 5.1.1 '550 5.1.1 User unknown'
awk -v n="$mails" -v folder="$tmp/mail/new" '
	{ text = text $0 "\n" }
	END {
		for (i = 1; i <= n; i++) {
			mail = text
			gsub(/NUMBER/, i, mail)
			gsub(/ADDRESS/, "user" i % 50 "@one.example", mail)
			file = sprintf("%s/%06d.mail", folder, i)
			printf "%s", mail > file
			close(file)
		}
	}' "$tmp/one"

for who in a b; do
	process --ledger "$tmp/l.db" --batch 20 --jobs 1 --wait 60 --now 2026-11-11 "$tmp/mail" \
		>"$tmp/decisions.$who" 2>"$tmp/errors.$who" &
	eval "$who=\$!"
done
wait "$a" || fail "the first: exit $?: $(cat "$tmp/errors.a")"
wait "$b" || fail "the second: exit $?: $(cat "$tmp/errors.b")"
[ ! -s "$tmp/errors.a" ] && [ ! -s "$tmp/errors.b" ] || fail "they complain: $(cat "$tmp"/errors.*)"
events=$("$helpers/dump" "$tmp/l.db" | grep -c '^event')
[ "$events" -eq "$mails" ] || fail "$mails mails are $events events"
[ "$(find "$tmp/mail/new" -type f | wc -l)" -eq 0 ] || fail "mail stayed in new"
[ "$(find "$tmp/mail/cur" -type f -name '*:2,S' | wc -l)" -eq "$mails" ] || fail "mail is missing in cur"
# 50 addresses, each put on probation once, by one of the two.
decisions=$(cat "$tmp/decisions.a" "$tmp/decisions.b" | grep -c '"decision":"probation"')
[ "$decisions" -eq 50 ] || fail "$decisions decisions were told, not 50"
exit $status
