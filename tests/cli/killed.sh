#!/bin/sh
# Workers killed at random during a batch: the output is byte for byte that of the undisturbed run.
# RETOUR_KILLED_MESSAGES tells how many messages, 10,000 by default.
. "${0%/*}/lib.sh"
[ -r "/proc/$$/task/$$/children" ] || skip 'the kernel does not tell children'
messages=${RETOUR_KILLED_MESSAGES:-10000}
make_maildir maildir "$messages"
"$retour" read --jobs 2 maildir >want

# Kills one of the children of $1, now the one and now the other, until it is gone; prints how many. Two deaths over one
# message would be held against the message: there is time between them for it to be tried once more.
kill_workers() {
	killed=0
	while [ -e "/proc/$1" ]; do
		# shellcheck disable=SC2046
		set -- "$1" $(cat "/proc/$1/task/$1/children" 2>/dev/null)
		[ $# -lt 2 ] || eval "kill -KILL \"\${$((killed % ($# - 1) + 2))}\"" 2>/dev/null && killed=$((killed + 1))
		sleep "0.0$((killed * 7 % 6 + 4))"
		set -- "$1"
	done
	echo "$killed"
}

"$retour" read --jobs 2 maildir >got 2>err &
pid=$!
kill_workers $pid >killed &
wait $pid
is 'it ends well' "$? $(cat err)" '0 '
wait
[ "$(cat killed)" -gt 2 ]
report "workers were killed: $(cat killed)"
cmp -s want got
report "the same bytes for $messages messages"
finish
