#!/bin/sh
# --only, --summary and the line of progress.
. "${0%/*}/lib.sh"

# count FORMAT ARGUMENT...: records or rows
all() {
	"$retour" read --format tsv "$fixtures" 2>/dev/null | tail -n +2
}
all >rows
column() {
	"$retour" read --format tsv "$bounce" | head -n 1 | tr '\t' '\n' | grep -n "^$1\$" | cut -d : -f 1
}
class=$(column class) reason=$(column reason) kind=$(column kind) advice=$(column advice) fault=$(column fault)
only() {
	"$retour" read --format tsv --only "$1" "$fixtures" 2>/dev/null | tail -n +2
}
wanted() {
	awk -F '\t' -v class=$class -v reason=$reason -v kind=$kind -v advice=$advice -v fault=$fault "$1" rows
}
while IFS='|' read -r filter condition; do
	only "$filter" >got
	wanted "$condition" >want
	[ -s want ] && cmp -s got want
	report "$filter"
done <<'ROWS'
class=hard|$class == "hard"
class=hard,soft|$class == "hard" || $class == "soft"
class=hard,class=soft|$class == "hard" || $class == "soft"
class=hard,reason=user-unknown,mailbox-disabled|$class == "hard" && ($reason == "user-unknown" || $reason == "mailbox-disabled")
kind=delay|$kind == "delay"
kind=bounce,fault=sender|$kind == "bounce" && $fault == "sender"
advice=suppress|$advice == "suppress"
kind=auto-reply|$kind == "auto-reply"
ROWS
"$retour" read --format json --only class=hard "$fixtures" 2>/dev/null >out
is 'json: no other recipient' "$(grep -c '"class":"\(soft\|none\)"' out)" 0
is 'json: all of them' "$(grep -o '"class":"hard"' out | wc -l | tr -d ' ')" "$(wanted '$class == "hard"' | wc -l | tr -d ' ')"
exits 'two options add up' 0 "$retour" read --only class=hard --only reason=mailbox-full "$fixtures"
while IFS='|' read -r filter told; do
	exits "refused: $filter" 64 "$retour" read --only "$filter" "$bounce"
	is "with a remedy: $filter" "$(grep -c -e "$told" err)" 1
done <<'ROWS'
class=dead|no class is 'dead'; there are: none soft hard
hard|'hard' is not KEY=VALUE
colour=red|'colour=red' is not KEY=VALUE
class=|no class is ''
reason=user-unknwon|there are: user-unknown
ROWS

"$retour" read --summary "$fixtures" >out 2>err
while read -r title; do
	is "the summary tells $title" "$(grep -c "^$title" err)" 1
done <<'ROWS'
messages
recipients
reasons
faults
remote hosts
unknown texts
ROWS
is 'counts of the summary' "$(sed -n 's/^  hard *//p' err)" "$(wanted '$class == "hard"' | wc -l | tr -d ' ')"
is 'no byte that a terminal obeys' "$(tr -d '\n' <err | LC_ALL=C tr -dc '\000-\037\177' | wc -c | tr -d ' ')" 0

if script -qec true /dev/null </dev/null >/dev/null 2>&1; then # where there are pseudo-terminals
	mkfifo pipe
	{ cat "$bounce"; sleep 1.5; printf '\n\nFrom a@b.example Sat Jan  3 01:05:34 1996\n\nx\n\nFrom a@b.example Sat Jan  3 01:05:34 1996\n\nx\n'; sleep 0.5; } >pipe &
	script -qec "'$retour' read --mbox pipe >out" /dev/null </dev/null >terminal
	wait
	grep -q 'messages, [0-9]* a second' terminal
	report 'a line of progress on a terminal'
	i=0
	while [ $i -lt 100 ]; do echo "$fixtures"; i=$((i + 1)); done >list
	script -qec "timeout 20 xargs -d '\n' -a list '$retour' read --jobs 1 >out" /dev/null </dev/null >terminal
	grep -q 'of about [0-9]* messages, [0-9]* a second, .* left' terminal
	report 'with the total and the time left'
fi
finish
