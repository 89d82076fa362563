#!/bin/sh
# 50,000 messages cost no more memory than 50, and give the same bytes to one worker and to two.
. "${0%/*}/lib.sh"
[ -r "/proc/$$/task/$$/children" ] || skip 'the kernel does not tell children'
make_maildir maildir 50000

# peak PID: its largest resident size so far, kB
peak() {
	sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$1/status" 2>/dev/null
}

# Looks at the command and its workers as long as they live; what was seen last is nearly their peak.
watch() {
	parent=0 worker=0
	while value=$(peak "$1") && [ -n "$value" ]; do
		parent=$value
		for child in $(cat "/proc/$1/task/$1/children" 2>/dev/null); do
			value=$(peak "$child")
			[ "${value:-0}" -le "$worker" ] || worker=$value
		done
		sleep 0.1
	done
}

for jobs in 1 2; do
	"$retour" read --jobs $jobs maildir >out$jobs &
	watch $!
	wait
	[ "$parent" -gt 0 ] && [ "$parent" -lt 16384 ]
	report "$jobs workers: the command takes less than 16 MB: $parent kB"
	[ "$worker" -gt 0 ] && [ "$worker" -lt 24576 ]
	report "$jobs workers: a worker takes less than 24 MB: $worker kB"
done
is 'a record for each message' "$(wc -l <out1 | tr -d ' ')" 50000
cmp -s out1 out2
report 'the same bytes'
is 'and the right ones' "$(grep -c '"reason":"user-unknown"' out1)" 50000

# A pipe is read in pieces, an mbox too.
find maildir -name '*[05].M1P1.host' | xargs awk '
	FNR == 1 { if (NR > 1) print ""; print "From MAILER-DAEMON Sat Jan 13 01:05:34 2026" }
	{ print }
	END { print "" }' >mbox
"$retour" read --jobs 1 mbox | sed 's/"source":{[^}]*}//' >out1
is 'an mbox' "$(wc -l <out1 | tr -d ' ')" 10000
"$retour" read --jobs 2 --mbox - <mbox | sed 's/"source":{[^}]*}//' | cmp -s - out1
report 'the same through a pipe'
finish
