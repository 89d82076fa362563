#!/bin/sh
# Killed at every call that writes, and run again, the ledger and the Maildir are as without: kill.sh PROGRAMS HELPERS
# In memory: nothing here hangs on what a disk forgets, and each run waits for it.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm
. "${0%/*}/lib.sh"
now=2026-12-01T00:00:00Z

maildir "$tmp/mail"
i=0
while [ $i -lt 36 ]; do
	i=$((i + 1))
	day=$((i % 9 + 10))
	if [ $((i % 3)) -eq 0 ]; then
		bounce "$tmp/mail/new/$(printf %03d $i).mail" "full$((i % 4))@one.example" $i \
			"$day Nov 2026 10:00:00 +0000" 4.2.2 '452 4.2.2 The mailbox is over quota'
	else
		bounce "$tmp/mail/new/$(printf %03d $i).mail" "gone$((i % 5))@two.example" $i \
			"$day Nov 2026 10:00:00 +0000" 5.1.1 '550 5.1.1 User unknown'
	fi
done
# One that the ledger keeps nothing of, and a second report of the first one.
printf 'From: a@b.example\nSubject: hello\n\nhello\n' >"$tmp/mail/new/500.letter"
cp "$tmp/mail/new/001.mail" "$tmp/mail/new/501.copy"

run() { process --ledger "$1/l.db" --batch 3 --jobs 1 --now $now "$1/mail"; }
result() {
	"$helpers/dump" "$1/l.db"
	(cd "$1/mail" && find . -type f | LC_ALL=C sort)
}
fresh() {
	rm -rf "$tmp/run" && mkdir "$tmp/run" && cp -r "$tmp/mail" "$tmp/run/mail"
}

fresh
LD_PRELOAD=$helpers/die.so RETOUR_DIE_COUNT=$tmp/count run "$tmp/run" >"$tmp/decisions" || fail "the first run failed"
result "$tmp/run" >"$tmp/expected" || fail "there is nothing to compare with"
[ -s "$tmp/decisions" ] || fail "nothing was decided"
points=$(cat "$tmp/count")
[ "$points" -ge 200 ] || fail "only $points calls write: the test is too small"
grep -q '^event' "$tmp/expected" && grep -q '^./new/500.letter$' "$tmp/expected" || fail "the first run did not work"

step=${RETOUR_KILL_STEP:-1}
for half in '' 1; do
	at=1
	while [ $at -le "$points" ]; do
		fresh
		if [ -n "$half" ]; then export RETOUR_DIE_HALF=1; else unset RETOUR_DIE_HALF; fi
		LD_PRELOAD=$helpers/die.so RETOUR_DIE_AT=$at run "$tmp/run" >/dev/null 2>&1
		killed=$?
		# The last calls may fall out where workers answer in other bunches.
		[ $killed -eq 137 ] || [ $at -gt $((points - 20)) ] || fail "at $at: exit $killed, not killed"
		run "$tmp/run" >/dev/null 2>"$tmp/errors" || fail "at $at: the second run failed: $(cat "$tmp/errors")"
		result "$tmp/run" >"$tmp/got"
		cmp -s "$tmp/expected" "$tmp/got" ||
			fail "at $at${half:+, in the middle}: $(diff "$tmp/expected" "$tmp/got" | head -5)"
		at=$((at + step))
	done
done
echo "$points calls that write, each killed before and in the middle"
exit $status
