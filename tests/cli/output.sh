#!/bin/sh
# What becomes of standard output: closed, full, shared with nobody.
. "${0%/*}/lib.sh"
mkdir many
i=0
while [ $i -lt 200 ]; do
	cp "$bounce" "many/$i"
	i=$((i + 1))
done

"$retour" read many 2>err | head -n 1 >out
is 'a reader that goes early: it has its line' "$(grep -c '^{"schema"' out)" 1
is 'and nobody complains' "$(cat err)" ''
"$retour" codes 2>err | head -n 1 >out
is 'codes likewise' "$(cat err)" ''

if [ -c /dev/full ]; then
	full() {
		name=$1 code=$2
		shift 2
		"$@" >/dev/full 2>err
		is "$name" "$?" "$code"
		is "$name: it says why" "$(cat err)" 'retour: standard output: No space left on device'
	}
	full 'the version on a full disk' 74 "$retour" --version
	full 'the help on a full disk' 74 "$retour" --help
	full 'read PATH on a full disk' 74 "$retour" read many
	full 'explain on a full disk' 74 "$retour" explain 550
	full 'codes on a full disk' 74 "$retour" codes
	full 'read on a full disk' 75 "$retour" read <"$bounce"
	full 'print on a full disk' 75 "$retour" print kind <"$bounce"
fi
"$retour" read many >&- 2>err
is 'read PATH without an output' $? 74
"$retour" print kind <"$bounce" >&- 2>err
is 'print without an output' $? 75
"$retour" is bounce <"$bounce" >&- 2>&-
is 'is needs none' $? 0

# A reader that has gone is no signal to a delivery agent.
mkfifo pipe
{ exec <pipe; } &
{ "$retour" print kind <"$bounce" >pipe 2>err; echo $? >status; } &
wait
case $(cat status) in 0 | 75) true ;; *) false ;; esac
report 'print into a closed pipe ends with 0 or 75'
is 'and is quiet' "$(cat err)" ''

"$retour" read --format csv many >out
is 'one head for csv' "$(grep -c '^source,' out)" 1
"$retour" read many >out 2>err
is 'no progress where there is no terminal' "$(cat err)" ''
is 'JSON is the default where there is no terminal' "$(cut -c 1-10 out | sort -u)" '{"schema":'
finish
