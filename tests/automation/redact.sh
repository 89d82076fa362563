#!/bin/sh
# What the commands around the ledger print with --redact: redact.sh PROGRAMS HELPERS
. "${0%/*}/lib.sh"
"$programs/retour" verp rotate --keys "$tmp/keys"
"$programs/retour" verp rotate --keys "$tmp/mine"

hidden() { grep -q -i -e 'ada' "$2" && fail "$1: $(cat "$2")"; }
told() { grep -q -e "$2" "$3" || fail "$1 does not tell $2: $(cat "$3")"; }
hash=$("$programs/retour" read --redact hash --redact-key "$tmp/keys" --format tsv /dev/null >/dev/null
	printf 'To: x@list.example\nSubject: failure notice\n\n<ada@orchard.example>:\n550 User unknown\n' |
	"$programs/retour" print address --redact hash --redact-key "$tmp/keys")

for mode in mask hash drop; do
	case $mode in
	mask) wanted='a\*\*\*@orchard.example' ;;
	hash) wanted=$hash ;;
	drop) wanted='"decision":"suppress"' ;;
	esac
	key=
	[ $mode = hash ] && key="--redact-key $tmp/keys"
	db=$tmp/$mode.db
	maildir "$tmp/$mode"
	bounce "$tmp/$mode/new/ada@orchard.example" ada@orchard.example 1 '10 Nov 2026 10:00:00 +0000' 5.1.1 '550 5.1.1 <ada@orchard.example>: ada is not here'
	cat >"$tmp/conf" <<-CONF
		Ledger: $db
		Policy: mailchimp
	CONF
	# shellcheck disable=SC2086
	process --config "$tmp/conf" --now 2026-11-10T12:00:00Z --verbose --redact $mode $key "$tmp/$mode" >"$tmp/out" || fail "process: $mode"
	hidden "process $mode" "$tmp/out"
	told "process $mode" "$wanted" "$tmp/out"
	told "process $mode" '"events":1' "$tmp/out"
	for format in text json; do
		for word in 'show ada@orchard.example' list 'stats --since 2026-11-01T00:00:00Z' 'undo --dry-run --reason user-unknown'; do
			case $word in undo*) form= ;; *) form="--format $format" ;; esac
			# shellcheck disable=SC2086
			ledger $word $form --ledger "$db" --now 2026-11-11T00:00:00Z --redact $mode $key >"$tmp/out" 2>"$tmp/errors" ||
				fail "$word $mode: $(cat "$tmp/errors")"
			hidden "$word $format $mode" "$tmp/out"
			[ -s "$tmp/out" ] || fail "$word $format $mode prints nothing"
			case $mode-$word in drop-* | *-stats*) ;; *) told "$word $format $mode" "$wanted" "$tmp/out" ;; esac
		done
	done
	# The ledger itself knows whom it is about.
	ledger export --ledger "$db" --now 2026-11-11T00:00:00Z >"$tmp/out"
	told "export $mode" '^ada@orchard.example$' "$tmp/out"
done

ledger list --ledger "$tmp/mask.db" --redact hash --redact-key "$tmp/keys" >"$tmp/one"
ledger list --ledger "$tmp/mask.db" --redact hash --redact-key "$tmp/mine" >"$tmp/two"
cmp -s "$tmp/one" "$tmp/two" && fail 'the key does not count'
ledger list --ledger "$tmp/mask.db" --redact blur >/dev/null 2>"$tmp/errors"
[ $? -eq 64 ] || fail 'an unknown mode is taken'
exit $status
