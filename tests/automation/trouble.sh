#!/bin/sh
# Whatever is wrong with the ledger: exit 75, the mail in its place, and a message that says what to do:
# trouble.sh PROGRAMS HELPERS
. "${0%/*}/lib.sh"

setup() {
	rm -rf "$tmp/mail" && maildir "$tmp/mail"
	n=0
	while [ $n -lt 20 ]; do
		n=$((n + 1))
		bounce "$tmp/mail/new/$n.mail" "gone$n@one.example" $n 'Tue, 10 Nov 2026 10:00:00 +0000' 5.1.1 \
			'550 5.1.1 User unknown'
	done
}

# refused NAME LEDGER WORDS: the run must give 75, move nothing, and say WORDS
refused() {
	process --ledger "$2" --wait 1 --now 2026-11-11 "$tmp/mail" >"$tmp/out" 2>"$tmp/errors"
	code=$?
	[ $code -eq 75 ] || fail "$1: exit $code"
	[ "$(find "$tmp/mail/new" -type f | wc -l)" -eq 20 ] || fail "$1: mail was moved"
	[ ! -s "$tmp/out" ] || fail "$1: a decision was told"
	grep -q "$3" "$tmp/errors" || fail "$1: it says: $(cat "$tmp/errors")"
}

setup
printf 'this is no ledger, but a text that lies in its place\n' >"$tmp/text"
refused 'a text' "$tmp/text" 'see that the path is right'
refused 'no folder' "$tmp/nowhere/l.db" 'see that the folder is there'

# Damage in the middle of a ledger that has been used.
process --ledger "$tmp/l.db" --file leave --now 2026-11-11 "$tmp/mail" >/dev/null || fail 'it does not work at all'
cp "$tmp/l.db" "$tmp/damaged.db"
size=$(wc -c <"$tmp/damaged.db")
dd if=/dev/urandom of="$tmp/damaged.db" bs=4096 seek=1 count=$((size / 4096 - 1)) conv=notrunc 2>/dev/null
refused 'damaged' "$tmp/damaged.db" "companions -wal and -shm.*retour ledger backup"
ledger check --ledger "$tmp/damaged.db" >"$tmp/out" 2>&1 && fail 'check does not see the damage'
ledger check --ledger "$tmp/l.db" || fail 'check sees damage where there is none'

# Somebody else writes and does not end.
mkfifo "$tmp/go"
"$helpers/hold" "$tmp/l.db" <"$tmp/go" >"$tmp/held" &
holder=$!
exec 9>"$tmp/go"
while [ ! -s "$tmp/held" ]; do sleep 0.05; done
# Known mails write nothing but must be looked up in a transaction all the same.
refused 'locked' "$tmp/l.db" 'another process holds it'
exec 9>&-
wait $holder

# No room on the disk: a file size limit acts as one, for anybody; a small file system where we may mount one.
(
	trap '' XFSZ
	ulimit -f 16
	process --ledger "$tmp/limit.db" --now 2026-11-11 "$tmp/mail" >"$tmp/out" 2>"$tmp/errors"
	echo $? >"$tmp/code"
)
[ "$(cat "$tmp/code")" -eq 75 ] || fail "a limit of size: exit $(cat "$tmp/code")"
[ "$(find "$tmp/mail/new" -type f | wc -l)" -eq 20 ] || fail 'a limit of size: mail was moved'
grep -q 'nothing was half written' "$tmp/errors" || fail "a limit of size: it says: $(cat "$tmp/errors")"
mkdir "$tmp/small"
if [ "$(id -u)" -eq 0 ] && mount -t tmpfs -o size=64k tmpfs "$tmp/small" 2>/dev/null; then
	refused 'a full disk' "$tmp/small/l.db" 'make room and run again'
	umount "$tmp/small"
fi
process --ledger "$tmp/limit.db" --now 2026-11-11 "$tmp/mail" >/dev/null || fail 'it does not go on when there is room'
[ "$(find "$tmp/mail/cur" -type f | wc -l)" -eq 20 ] || fail 'it did not go on when there was room'

# Output that nobody takes: the ledger has the decisions, and the exit code tells.
setup
process --ledger "$tmp/out.db" --now 2026-11-11 "$tmp/mail" >/dev/full 2>"$tmp/errors"
code=$?
[ $code -eq 75 ] || fail "a full standard output: exit $code"
grep -q 'the ledger has the decisions' "$tmp/errors" || fail "a full standard output: $(cat "$tmp/errors")"

# A mail that cannot be read: whoever runs it must learn of it, and the others are recorded all the same.
setup
bounce "$tmp/mail/new/0.mail" "gone0@one.example" 0 'Tue, 10 Nov 2026 10:00:00 +0000' 5.1.1 '550 5.1.1 User unknown'
chmod 000 "$tmp/mail/new/0.mail"
mkdir "$tmp/theirs"
as=
if [ "$(id -u)" -eq 0 ]; then
	chown -R nobody "$tmp/mail" "$tmp/theirs" && chmod 755 "$tmp"
	as='setpriv --reuid nobody --clear-groups'
fi
$as "$programs/retour-process" --ledger "$tmp/theirs/l.db" --now 2026-11-11 "$tmp/mail" >/dev/null 2>"$tmp/errors"
code=$?
[ $code -eq 75 ] || fail "a mail that cannot be read: exit $code"
grep -q '0.mail cannot be read: Permission denied; it stays where it is' "$tmp/errors" || fail "a mail that cannot be read: $(cat "$tmp/errors")"
[ "$(find "$tmp/mail/cur" -type f | wc -l)" -eq 20 ] || fail 'one mail that cannot be read holds up the others'

# Wrong usage, as everything that is run unattended.
for wrong in --nonsense '--jobs 0' '--batch x' '--now soon' '--config /nowhere' /nowhere; do
	# shellcheck disable=SC2086
	process --ledger "$tmp/l.db" $wrong "$tmp/mail" >/dev/null 2>"$tmp/errors"
	code=$?
	[ $code -eq 75 ] || fail "$wrong: exit $code"
	[ -s "$tmp/errors" ] || fail "$wrong: it says nothing"
done
exit $status
